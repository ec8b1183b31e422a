import type { Queryable } from '../database.ts'

export interface ConnectRow {
  readonly organizationId: number
  readonly connectId: number
  readonly accountId: number
  readonly userId: number
  readonly elementKey: string
  /** Null once it has ended. */
  readonly sealed: Buffer | null
  /** Of the secret that the browser must bring back; null: any may. */
  readonly bindingHash: string | null
  readonly state: 'waiting' | 'connected' | 'failed'
  /** The instance that it is about: the one to connect again, or the one it made. */
  readonly instanceId: number | null
  readonly error: unknown
  readonly expiresAt: Date
}

export type NewConnect = Omit<ConnectRow, 'state' | 'error'>

const columns = `organization_id as "organizationId", connect_id as "connectId", account_id as "accountId",
  user_id as "userId", element_key as "elementKey", sealed, binding_hash as "bindingHash", state,
  instance_id as "instanceId", error, expires_at as "expiresAt"`

/** Connections on their way through a vendor's consent page. */
export const connectTable = (db: Queryable) => ({
  nextId: async (): Promise<number> => {
    const [row] = await db.query<{ id: number }>({ text: `select nextval('connect_ids') as id`, values: [] })
    if (row === undefined) throw new Error('nextval returned no row')
    return row.id
  },
  insert: (row: NewConnect) =>
    db.query({
      text: `insert into connects (organization_id, connect_id, account_id, user_id, element_key, sealed,
          binding_hash, instance_id, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      values: [
        row.organizationId,
        row.connectId,
        row.accountId,
        row.userId,
        row.elementKey,
        row.sealed,
        row.bindingHash,
        row.instanceId,
        row.expiresAt,
      ],
    }),
  find: async (organizationId: number, connectId: number): Promise<ConnectRow | undefined> => {
    const [row] = await db.query<ConnectRow>({
      text: `select ${columns} from connects where organization_id = $1 and connect_id = $2`,
      values: [organizationId, connectId],
    })
    return row
  },
  /** Ends one that waits; what it was to be made of is forgotten. */
  end: (
    organizationId: number,
    connectId: number,
    ending: { readonly instanceId: number } | { readonly error: object },
  ) =>
    db.query({
      text: `update connects set sealed = null, state = $3, instance_id = coalesce($4, instance_id), error = $5
        where organization_id = $1 and connect_id = $2 and state = 'waiting'`,
      values: [
        organizationId,
        connectId,
        'instanceId' in ending ? 'connected' : 'failed',
        'instanceId' in ending ? ending.instanceId : null,
        'error' in ending ? JSON.stringify(ending.error) : null,
      ],
    }),
  /** Removes those of all organizations that ended a day ago. */
  prune: () =>
    db.query({ text: `delete from connects where expires_at < now() - interval '1 day'`, values: [] }),
})
