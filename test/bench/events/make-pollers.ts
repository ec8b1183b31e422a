import type { Vault } from '#src/lib/secret.ts'
import { createVault } from '#src/lib/secret.ts'
import type { Context } from '#src/main/context.ts'
import { loadKeys } from '#src/main/keys.ts'
import { sealContext } from '#src/services/instances/index.ts'
import type { Made } from './order.ts'

const atOnce = 2_000

interface Template {
  readonly organizationId: number
  readonly configuration: unknown
  readonly secrets: Buffer | null
  readonly token: Buffer
  readonly grant: Buffer
}

type Part = Parameters<typeof sealContext>[0]

/** Instances like one that is there, each with a grant and a poller of reports, as if it had been connected itself. */
export const createPollers = (context: Context, templateId: number) => {
  const { store, config } = context

  const query = <R>(text: string, values: readonly unknown[]): Promise<R[]> =>
    store.transaction(({ tx }) => tx.query<R>({ text, values }))

  const template = async (): Promise<Template> => {
    const [row] = await query<Template>(
      `select i.organization_id as "organizationId", i.configuration, i.secrets_sealed as secrets,
          i.token_sealed as token, g.sealed as grant
        from instances i join grants g using (organization_id, instance_id) where i.instance_id = $1`,
      [templateId],
    )
    if (row === undefined) throw new Error('no instance to copy')
    return row
  }

  const copier = (vault: Vault, { organizationId, secrets, token, grant }: Template) => {
    const copy = (part: Part, sealed: Buffer, id: number): Buffer =>
      vault.seal(
        vault.open(sealed, sealContext(part, organizationId, templateId)),
        sealContext(part, organizationId, id),
      )
    return (id: number) => ({
      id,
      secrets: secrets === null ? null : copy('secrets', secrets, id),
      token: copy('token', token, id),
      grant: copy('grant-user', grant, id),
    })
  }

  const insert = async (from: Template, copies: readonly ReturnType<ReturnType<typeof copier>>[]) => {
    const ids = copies.map(({ id }) => id)
    await query(
      `insert into instances (organization_id, instance_id, account_id, user_id, element_key, name, tags,
          configuration, secrets_sealed, token_sealed)
        select t.organization_id, c.id, t.account_id, t.user_id, t.element_key, t.name, t.tags, t.configuration,
          c.secrets, c.token
        from instances t, unnest($2::bigint[], $3::bytea[], $4::bytea[]) as c(id, secrets, token)
        where t.organization_id = $5 and t.instance_id = $1`,
      [
        templateId,
        ids,
        copies.map(({ secrets }) => secrets),
        copies.map(({ token }) => token),
        from.organizationId,
      ],
    )
    await query(
      `insert into grants (organization_id, instance_id, principal, sealed, auth_type, expires_at, scopes,
          application_hash, subject_hash)
        select t.organization_id, c.id, t.principal, c.sealed, t.auth_type, now() + interval '1 day', t.scopes,
          t.application_hash, t.subject_hash
        from grants t, unnest($2::bigint[], $3::bytea[]) as c(id, sealed)
        where t.organization_id = $4 and t.instance_id = $1`,
      [templateId, ids, copies.map(({ grant }) => grant), from.organizationId],
    )
  }

  const idOf = (at: number): number => 1_000_000 + at

  return {
    make: async (count: number, everySeconds: number): Promise<Made> => {
      const beganMs = performance.now()
      const vault = createVault(await loadKeys(config, store))
      const from = await template()
      const copy = copier(vault, from)
      for (let at = 0; at < count; at += atOnce) {
        const length = Math.min(atOnce, count - at)
        await insert(
          from,
          Array.from({ length }, (_none, more) => copy(idOf(at + more))),
        )
      }
      // The entry of an instance that was really configured.
      await query(
        `insert into pollers (organization_id, instance_id, object_type, entry, interval_seconds, due_at)
          select organization_id, copies.id, object_type, entry, $3::integer,
            now() + make_interval(secs => 3 + random() * $3::integer)
          from pollers, generate_series($2::bigint, $2::bigint + $4::bigint - 1) as copies(id)
          where pollers.instance_id = $1`,
        [templateId, idOf(0), everySeconds, count],
      )
      return { seconds: (performance.now() - beganMs) / 1_000 }
    },
    failing: async (): Promise<number> => {
      const [row] = await query<{ count: number }>(
        'select count(*) as count from pollers where failures > 0',
        [],
      )
      return row?.count ?? 0
    },
  }
}
