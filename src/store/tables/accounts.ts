import type { Queryable } from '../database.ts'

export interface UserRow {
  readonly organizationId: number
  readonly userId: number
  readonly accountId: number
  readonly email: string
  readonly firstName: string
  readonly lastName: string
  readonly passwordHash: string | null
  readonly secretSealed: Buffer | null
  readonly active: boolean
  /** `yyyy-MM-dd` */
  readonly lastLoginDate: string | null
  readonly secretsSeenAt: Date | null
  readonly firstCallAt: Date | null
  readonly createdAt: Date
}

export interface OrganizationRow {
  readonly organizationId: number
  readonly name: string
  readonly secretSealed: Buffer | null
  readonly createdAt: Date
}

export type VdrVersion = 'v1' | 'v2'

export interface AccountRow {
  readonly organizationId: number
  readonly accountId: number
}

const userColumns = `organization_id as "organizationId", user_id as "userId", account_id as "accountId", email,
  first_name as "firstName", last_name as "lastName", password_hash as "passwordHash",
  secret_sealed as "secretSealed", active, to_char(last_login_date, 'YYYY-MM-DD') as "lastLoginDate",
  secrets_seen_at as "secretsSeenAt", first_call_at as "firstCallAt",
  created_at as "createdAt"`

/** Organizations, their accounts and users. */
export const accountTables = (db: Queryable) => ({
  nextIds: async (): Promise<{ organizationId: number; accountId: number; userId: number }> => {
    const [row] = await db.query<{ organizationId: number; accountId: number; userId: number }>({
      text: `select nextval('organization_ids') as "organizationId", nextval('account_ids') as "accountId",
        nextval('user_ids') as "userId"`,
      values: [],
    })
    if (row === undefined) throw new Error('nextval returned no row')
    return row
  },
  insertOrganization: (row: { organizationId: number; name: string; secretSealed: Buffer }) =>
    db.query({
      text: 'insert into organizations (organization_id, name, secret_sealed) values ($1, $2, $3)',
      values: [row.organizationId, row.name, row.secretSealed],
    }),
  insertAccount: (row: { organizationId: number; accountId: number; name: string; externalId: string }) =>
    db.query({
      text: `insert into accounts (organization_id, account_id, name, external_id, default_account)
        values ($1, $2, $3, $4, true)`,
      values: [row.organizationId, row.accountId, row.name, row.externalId],
    }),
  insertUser: (row: {
    organizationId: number
    userId: number
    accountId: number
    email: string
    firstName: string
    lastName: string
    passwordHash: string
    secretSealed: Buffer
  }) =>
    db.query({
      text: `insert into users (organization_id, user_id, account_id, email, first_name, last_name, password_hash,
        secret_sealed) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      values: [
        row.organizationId,
        row.userId,
        row.accountId,
        row.email,
        row.firstName,
        row.lastName,
        row.passwordHash,
        row.secretSealed,
      ],
    }),
  organization: async (organizationId: number): Promise<OrganizationRow | undefined> => {
    const [row] = await db.query<OrganizationRow>({
      text: `select organization_id as "organizationId", name, secret_sealed as "secretSealed",
        created_at as "createdAt" from organizations where organization_id = $1`,
      values: [organizationId],
    })
    return row
  },
  /** Whether replies tell the numbers of common resources: `v2`. */
  vdrVersion: async (organizationId: number): Promise<VdrVersion | undefined> => {
    const [row] = await db.query<{ version: VdrVersion }>({
      text: 'select vdr_version as version from organizations where organization_id = $1',
      values: [organizationId],
    })
    return row?.version
  },
  setVdrVersion: (organizationId: number, version: VdrVersion) =>
    db.query({
      text: 'update organizations set vdr_version = $2 where organization_id = $1',
      values: [organizationId, version],
    }),
  defaultAccount: async (organizationId: number): Promise<AccountRow | undefined> => {
    const [row] = await db.query<AccountRow>({
      text: `select organization_id as "organizationId", account_id as "accountId" from accounts
        where organization_id = $1 and default_account`,
      values: [organizationId],
    })
    return row
  },
  isAccount: async (organizationId: number, accountId: number): Promise<boolean> => {
    const rows = await db.query({
      text: 'select 1 from accounts where organization_id = $1 and account_id = $2',
      values: [organizationId, accountId],
    })
    return rows.length > 0
  },
  user: async (organizationId: number, userId: number): Promise<UserRow | undefined> => {
    const [row] = await db.query<UserRow>({
      name: 'user-by-id',
      text: `select ${userColumns} from users where organization_id = $1 and user_id = $2`,
      values: [organizationId, userId],
    })
    return row
  },
  users: (organizationId: number): Promise<UserRow[]> =>
    db.query<UserRow>({
      text: `select ${userColumns} from users where organization_id = $1 order by user_id`,
      values: [organizationId],
    }),
  setPassword: (organizationId: number, userId: number, passwordHash: string) =>
    db.query({
      text: 'update users set password_hash = $3 where organization_id = $1 and user_id = $2',
      values: [organizationId, userId, passwordHash],
    }),
  setUserSecret: (organizationId: number, userId: number, secretSealed: Buffer) =>
    db.query({
      text: 'update users set secret_sealed = $3 where organization_id = $1 and user_id = $2',
      values: [organizationId, userId, secretSealed],
    }),
  setOrganizationSecret: (organizationId: number, secretSealed: Buffer) =>
    db.query({
      text: 'update organizations set secret_sealed = $2 where organization_id = $1',
      values: [organizationId, secretSealed],
    }),
  setSecretsSeen: (organizationId: number, userId: number) =>
    db.query({
      text: `update users set secrets_seen_at = now()
        where organization_id = $1 and user_id = $2 and secrets_seen_at is null`,
      values: [organizationId, userId],
    }),
  setFirstCall: (organizationId: number, userId: number) =>
    db.query({
      text: `update users set first_call_at = now()
        where organization_id = $1 and user_id = $2 and first_call_at is null`,
      values: [organizationId, userId],
    }),
  setLastLogin: (organizationId: number, userId: number) =>
    db.query({
      text: `update users set last_login_date = (now() at time zone 'UTC')::date
        where organization_id = $1 and user_id = $2
          and last_login_date is distinct from (now() at time zone 'UTC')::date`,
      values: [organizationId, userId],
    }),
  /** Whether any organization but the system tenant exists. */
  hasAny: async (): Promise<boolean> => {
    const rows = await db.query({
      text: 'select 1 from organizations where organization_id > 1 limit 1',
      values: [],
    })
    return rows.length > 0
  },
})
