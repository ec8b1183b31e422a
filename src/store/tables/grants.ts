import type { Queryable } from '../database.ts'

export type Principal = 'user' | 'company'

/** Which grant. */
export interface GrantKey {
  readonly organizationId: number
  readonly instanceId: number
  readonly principal: Principal
}

/** Why a grant has ended: our sentence, and what the vendor said with it. */
export interface GrantBreak {
  readonly reason: string | null
  readonly providerMessage: string | null
  readonly providerCorrelationId: string | null
}

export interface GrantRow extends GrantKey, GrantBreak {
  readonly sealed: Buffer
  /** By which login it was granted; null: by the element's first. */
  readonly authType: string | null
  readonly expiresAt: Date
  readonly refreshExpiresAt: Date | null
  readonly scopes: readonly string[]
  readonly state: 'ok' | 'needs-reconnect'
  readonly renewedAt: Date
  /** The first use since it was renewed; null: none yet. */
  readonly usedAt: Date | null
  /** When a renewal began that has not ended. */
  readonly renewingSince: Date | null
  readonly version: number
}

/** What is stored of a grant, and when something is to be done about it next. */
export interface NewGrant
  extends GrantKey,
    Pick<GrantRow, 'sealed' | 'expiresAt' | 'refreshExpiresAt' | 'scopes'> {
  readonly authType: string
  readonly applicationHash: string
  /** Null: it is not known who consented. */
  readonly subjectHash: string | null
  readonly dueAt: Date | null
}

const columns = `organization_id as "organizationId", instance_id as "instanceId", principal, sealed,
  auth_type as "authType", expires_at as "expiresAt", refresh_expires_at as "refreshExpiresAt", scopes, state,
  reason, provider_message as "providerMessage", provider_correlation_id as "providerCorrelationId",
  renewed_at as "renewedAt", used_at as "usedAt", renewing_since as "renewingSince", version`

const keyOf = ({ organizationId, instanceId, principal }: GrantKey): readonly unknown[] => [
  organizationId,
  instanceId,
  principal,
]

const contents = (row: NewGrant): readonly unknown[] => [
  ...keyOf(row),
  row.sealed,
  row.authType,
  row.expiresAt,
  row.refreshExpiresAt,
  row.scopes,
  row.dueAt,
  row.applicationHash,
  row.subjectHash,
]

/** Whoever renews or replaces a grant has also ended whatever renewal was on its way. */
const renewed = `state = 'ok', reason = null, provider_message = null, provider_correlation_id = null,
  renewed_at = now(), used_at = null, renewing_since = null, lease_until = null, lease_token = null,
  lease_owner = null, attempts = 0, updated_at = now()`

/** What vendors granted to instances, encrypted. */
export const grantTable = (db: Queryable) => ({
  ofInstance: (organizationId: number, instanceId: number): Promise<GrantRow[]> =>
    db.query<GrantRow>({
      name: 'grants-of-instance',
      text: `select ${columns} from grants where organization_id = $1 and instance_id = $2`,
      values: [organizationId, instanceId],
    }),
  /** The grants of a page of instances. */
  ofInstances: (organizationId: number, instanceIds: readonly number[]): Promise<GrantRow[]> =>
    db.query<GrantRow>({
      text: `select ${columns} from grants where organization_id = $1 and instance_id = any($2::bigint[])`,
      values: [organizationId, instanceIds],
    }),
  find: async (key: GrantKey): Promise<GrantRow | undefined> => {
    const [row] = await db.query<GrantRow>({
      name: 'grant-by-key',
      text: `select ${columns} from grants where organization_id = $1 and instance_id = $2 and principal = $3`,
      values: keyOf(key),
    })
    return row
  },
  /**
   * Puts a new grant in the place of whatever was there. Versions begin with the time, so that one that was removed
   * and comes again is newer than all that processes remember of the one before.
   */
  put: (row: NewGrant) =>
    db.query({
      text: `insert into grants (organization_id, instance_id, principal, sealed, auth_type, expires_at,
          refresh_expires_at, scopes, due_at, application_hash, subject_hash, version)
          values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,
          extract(epoch from now() - timestamptz '2025-01-01')::integer)
        on conflict (organization_id, instance_id, principal) do update set sealed = excluded.sealed,
          auth_type = excluded.auth_type, expires_at = excluded.expires_at,
          refresh_expires_at = excluded.refresh_expires_at, scopes = excluded.scopes, due_at = excluded.due_at,
          application_hash = excluded.application_hash, subject_hash = excluded.subject_hash,
          version = grants.version + 1, ${renewed}`,
      values: contents(row),
    }),
  /** Overwrites a grant only if nobody else has since it was read. @returns the new version, or null. */
  replace: async (row: NewGrant, readVersion: number): Promise<number | null> => {
    const [made] = await db.query<{ version: number }>({
      text: `update grants set sealed = $4, auth_type = $5, expires_at = $6, refresh_expires_at = $7, scopes = $8,
          due_at = $9, application_hash = $10, subject_hash = $11, version = version + 1, ${renewed}
        where organization_id = $1 and instance_id = $2 and principal = $3 and version = $12 returning version`,
      values: [...contents(row), readVersion],
    })
    return made?.version ?? null
  },
  /**
   * Notes that whoever holds this lease asks the vendor now. The mark of an earlier renewal that never ended
   * stays until a renewal is stored.
   * @returns the grant as it is, with the `renewingSince` of such an earlier renewal; undefined
   * when somebody else has taken the lease over.
   */
  beginRenewal: async (key: GrantKey, leaseToken: string): Promise<GrantRow | undefined> => {
    const [row] = await db.query<GrantRow>({
      name: 'grant-begin-renewal',
      // Both parts see the row as it was before the statement.
      text: `with noted as (update grants set renewing_since = coalesce(renewing_since, now()) where organization_id = $1 and instance_id = $2 and principal = $3 and lease_token = $4)
        select ${columns} from grants where organization_id = $1 and instance_id = $2 and principal = $3 and lease_token = $4`,
      values: [...keyOf(key), leaseToken],
    })
    return row
  },
  /**
   * Gives a lease back without a new grant. `hangingSince`: since when an earlier renewal hangs, null for none;
   * undefined when this one hangs too. `dueInSeconds` null leaves the due time.
   */
  endRenewal: (
    key: GrantKey,
    leaseToken: string,
    {
      hangingSince,
      dueInSeconds,
    }: { readonly hangingSince: Date | null | undefined; readonly dueInSeconds: number | null },
  ) =>
    db.query({
      name: 'grant-end-renewal',
      text: `update grants set renewing_since = case when $5 then $7::timestamptz else renewing_since end,
          lease_until = null, lease_token = null, lease_owner = null,
          due_at = case when $6::float8 is null then due_at else now() + make_interval(secs => $6) end
        where organization_id = $1 and instance_id = $2 and principal = $3 and lease_token = $4`,
      values: [...keyOf(key), leaseToken, hangingSince !== undefined, dueInSeconds, hangingSince ?? null],
    }),
  /** Marks a grant as ended, unless it was renewed meanwhile. @returns whether this call did. */
  markBroken: async (key: GrantKey, readVersion: number, broken: GrantBreak): Promise<boolean> => {
    const rows = await db.query({
      text: `update grants set state = 'needs-reconnect', reason = $5, provider_message = $6,
          provider_correlation_id = $7, renewing_since = null, due_at = null, lease_until = null,
          lease_token = null, lease_owner = null, updated_at = now()
        where organization_id = $1 and instance_id = $2 and principal = $3 and version = $4 and state = 'ok' returning 1`,
      values: [
        ...keyOf(key),
        readVersion,
        broken.reason,
        broken.providerMessage,
        broken.providerCorrelationId,
      ],
    })
    return rows.length > 0
  },
  /** Moves the due time, unless somebody works on the grant. */
  postpone: (key: GrantKey, { afterSeconds }: { readonly afterSeconds: number }) =>
    db.query({
      text: `update grants set due_at = now() + make_interval(secs => $4)
        where organization_id = $1 and instance_id = $2 and principal = $3 and lease_token is null and state = 'ok'`,
      values: [...keyOf(key), afterSeconds],
    }),
  /**
   * Whether another instance, of whatever organization, may stand on the same person's consent for an application:
   * a look-up by hashes, as in the directory. Of nameless people any may be the same.
   */
  isShared: async (
    { organizationId, instanceId, principal }: GrantKey,
    applicationHash: string,
    subjectHash: string | null,
  ): Promise<boolean> => {
    const rows = await db.query({
      text: `select 1 from grants where application_hash = $4 and principal = $3 and state = 'ok'
          and ($5::text is null or subject_hash is null or subject_hash = $5)
          and not (organization_id = $1 and instance_id = $2) limit 1`,
      values: [organizationId, instanceId, principal, applicationHash, subjectHash],
    })
    return rows.length > 0
  },
  /** Notes the first use of grants since they were renewed: those go on to be renewed ahead of their end. */
  noteUse: (keys: readonly GrantKey[]) =>
    db.query({
      // A row that somebody changes at the moment is passed over: waiting for several could wait for ever.
      text: `update grants as g set used_at = now() from (
          select organization_id, instance_id, principal from grants
          where (organization_id, instance_id, principal) in (
            select * from unnest($1::bigint[], $2::bigint[], $3::text[])) and used_at is null
          for update skip locked) as u
        where g.organization_id = u.organization_id and g.instance_id = u.instance_id
          and g.principal = u.principal`,
      values: [
        keys.map(({ organizationId }) => organizationId),
        keys.map(({ instanceId }) => instanceId),
        keys.map(({ principal }) => principal),
      ],
    }),
  remove: (key: GrantKey) =>
    db.query({
      text: `delete from grants where organization_id = $1 and instance_id = $2 and principal = $3`,
      values: keyOf(key),
    }),
  removeOf: (organizationId: number, instanceId: number) =>
    db.query({
      text: 'delete from grants where organization_id = $1 and instance_id = $2',
      values: [organizationId, instanceId],
    }),
})
