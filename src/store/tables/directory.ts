import type { Queryable } from '../database.ts'

/**
 * What a directory key is: a hash of a secret or session token, an e-mail in lower case, the id of an instance, or how
 * a vendor's call names one.
 */
export type DirectoryKind =
  | 'user'
  | 'organization'
  | 'element'
  | 'email'
  | 'session'
  | 'connect'
  | 'instance'
  | 'finder'

export interface DirectoryRow {
  readonly organizationId: number
  readonly subjectId: number
  readonly expiresAt: Date | null
}

/** From a secret's hash or an e-mail to whom it belongs; the only look-up across organizations. */
export const directoryTable = (db: Queryable) => ({
  find: async (kind: DirectoryKind, key: string): Promise<DirectoryRow | undefined> => {
    const [row] = await db.query<DirectoryRow>({
      name: 'directory-find',
      text: `select organization_id as "organizationId", subject_id as "subjectId",
          expires_at as "expiresAt" from directory
        where kind = $1 and key = $2 and (expires_at is null or expires_at > now())`,
      values: [kind, key],
    })
    return row
  },
  /** Those whose key begins so. */
  beginningWith: (kind: DirectoryKind, start: string) =>
    db.query<{ key: string; organizationId: number; subjectId: number }>({
      text: `select key, organization_id as "organizationId", subject_id as "subjectId" from directory
        where kind = $1 and starts_with(key, $2)`,
      values: [kind, start],
    }),
  /** @returns false when the key is taken. */
  add: async (
    kind: DirectoryKind,
    key: string,
    organizationId: number,
    subjectId: number,
    expiresAt: Date | null = null,
  ): Promise<boolean> => {
    const rows = await db.query({
      text: `insert into directory (kind, key, organization_id, subject_id, expires_at)
        values ($1, $2, $3, $4, $5) on conflict (kind, key) do nothing returning 1`,
      values: [kind, key, organizationId, subjectId, expiresAt],
    })
    return rows.length > 0
  },
  /** Removes a key that works once. @returns false when somebody else has. */
  take: async (kind: DirectoryKind, key: string): Promise<boolean> => {
    const rows = await db.query({
      text: 'delete from directory where kind = $1 and key = $2 returning 1',
      values: [kind, key],
    })
    return rows.length > 0
  },
  setExpiry: (kind: DirectoryKind, key: string, expiresAt: Date) =>
    db.query({
      text: 'update directory set expires_at = $3 where kind = $1 and key = $2',
      values: [kind, key, expiresAt],
    }),
  remove: (kind: DirectoryKind, key: string) =>
    db.query({ text: 'delete from directory where kind = $1 and key = $2', values: [kind, key] }),
  removeSubject: (kind: DirectoryKind, organizationId: number, subjectId: number) =>
    db.query({
      text: 'delete from directory where organization_id = $1 and kind = $2 and subject_id = $3',
      values: [organizationId, kind, subjectId],
    }),
  prune: () => db.query({ text: 'delete from directory where expires_at < now()', values: [] }),
})

/** Wrong logins by e-mail, known or not, in windows of a minute. */
export const loginFailureTable = (db: Queryable) => ({
  /** Failures of the running window and the seconds left of it. */
  read: async (emailKey: string): Promise<{ failures: number; secondsLeft: number } | undefined> => {
    const [row] = await db.query<{ failures: number; secondsLeft: number }>({
      text: `select failures, ceil(extract(epoch from started_at + interval '1 minute' - now()))::int as "secondsLeft"
        from login_failures where email_key = $1 and started_at > now() - interval '1 minute'`,
      values: [emailKey],
    })
    return row
  },
  add: (emailKey: string) =>
    db.query({
      text: `insert into login_failures as old (email_key, started_at, failures) values ($1, now(), 1)
        on conflict (email_key) do update set
          failures = case when old.started_at > now() - interval '1 minute' then old.failures + 1 else 1 end,
          started_at = case when old.started_at > now() - interval '1 minute' then old.started_at else now() end`,
      values: [emailKey],
    }),
  clear: (emailKey: string) =>
    db.query({ text: 'delete from login_failures where email_key = $1', values: [emailKey] }),
  prune: () =>
    db.query({
      text: `delete from login_failures where started_at < now() - interval '1 minute'`,
      values: [],
    }),
})
