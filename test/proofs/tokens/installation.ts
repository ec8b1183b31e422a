import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createVault, parseEncryptionKeys, type Vault } from '#src/lib/secret.ts'
import { dueChannel } from '#src/queue/wake.ts'
import { sealContext } from '#src/services/instances/index.ts'
import { ask, hub } from '../../support/client.ts'
import { type Connected, openInstallation, type Running } from '../support/installation.ts'
import type { Login } from '../support/vendor.ts'

/** A grant as the database has it. */
export interface StoredGrant {
  readonly version: number
  readonly state: 'ok' | 'needs-reconnect'
  readonly reason: string | null
  /** As the sandbox notes what it issued. */
  readonly refreshHash: string
}

const principalOf = (login: Login) => (login === 'company' ? 'company' : 'user')

const vaultOf = async (environment: Readonly<Record<string, string>>): Promise<Vault> => {
  const text = await readFile(join(environment['DATA_DIR'] ?? '', 'encryption.key'), 'utf8')
  return createVault(parseEncryptionKeys(text.trim()))
}

export type TokenInstallation = Awaited<ReturnType<typeof openTokenInstallation>>

/** An installation, and what its database has of grants. @param extra environment of every process. */
export const openTokenInstallation = async (extra: Readonly<Record<string, string>> = {}) => {
  const installation = await openInstallation(extra)
  const { db, admin, environment } = installation
  const vault = await vaultOf(environment)
  return {
    ...installation,
    /** One hub call on an instance. */
    read: (at: Running, { token }: Pick<Connected, 'token'>) =>
      ask(`${at.url}/hubs/expense/reports`, { headers: hub(admin, token), query: { pageSize: '1' } }),
    stored: async ({ id, login }: Connected): Promise<StoredGrant> => {
      const [row] = await db.query<{
        organization: number
        sealed: Buffer
        version: number
        state: StoredGrant['state']
        reason: string | null
      }>({
        text: `select organization_id as organization, sealed, version, state, reason from grants
          where instance_id = $1 and principal = $2`,
        values: [id, principalOf(login)],
      })
      if (row === undefined) throw new Error(`instance ${id} has no grant`)
      const context = sealContext(`grant-${principalOf(login)}`, row.organization, id)
      const { refreshToken } = JSON.parse(vault.open(row.sealed, context)) as { refreshToken: string }
      const { version, state, reason } = row
      const refreshHash = createHash('sha256').update(refreshToken).digest('hex').slice(0, 16)
      return { version, state, reason, refreshHash }
    },
    /** The row looks as it does an hour later: ended, used since, due. */
    anHourPassesFor: (id: number) =>
      db.query({
        text: `update grants set expires_at = now() - interval '1 minute', due_at = now() - interval '1 minute',
            renewed_at = now() - interval '61 minutes', used_at = now() - interval '30 minutes'
          where instance_id = $1`,
        values: [id],
      }),
    /** Says that grants are due. */
    wakeWorkers: () => db.query({ text: 'select pg_notify($1, $2)', values: [dueChannel, 'grants'] }),
  }
}
