import type { Queryable } from '../database.ts'

export interface InstanceRow {
  readonly organizationId: number
  readonly instanceId: number
  readonly accountId: number
  readonly userId: number
  readonly elementKey: string
  readonly name: string
  readonly tags: readonly string[]
  /** Values that are no secret. */
  readonly configuration: Readonly<Record<string, string | null>>
  /** Sealed JSON of the values that are. */
  readonly secretsSealed: Buffer | null
  readonly tokenSealed: Buffer
  readonly externalAuthentication: string
  readonly disabled: boolean
  /** Calls are traced until then; null: they are not. */
  readonly traceUntil: Date | null
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly version: number
}

export type NewInstance = Omit<InstanceRow, 'createdAt' | 'updatedAt' | 'version' | 'disabled' | 'traceUntil'>

/** What a change of an instance may write. */
export type InstanceChange = Pick<
  InstanceRow,
  | 'organizationId'
  | 'instanceId'
  | 'elementKey'
  | 'name'
  | 'tags'
  | 'configuration'
  | 'secretsSealed'
  | 'externalAuthentication'
>

const columns = `organization_id as "organizationId", instance_id as "instanceId", account_id as "accountId",
  user_id as "userId", element_key as "elementKey", name, tags, configuration, secrets_sealed as "secretsSealed",
  token_sealed as "tokenSealed", external_authentication as "externalAuthentication", disabled,
  trace_until as "traceUntil", created_at as "createdAt", updated_at as "updatedAt", version`

/** Which instances a listing shows; absent conditions hold for all. */
export interface InstanceFilter {
  readonly userId: number
  readonly tags: readonly string[]
  readonly searchText: string | null
  readonly elementKey: string | null
  readonly afterId: number
  /** Rows to pass over, after `afterId`. */
  readonly skip: number
  readonly limit: number
}

/** Customers' connections. */
export const instanceTable = (db: Queryable) => ({
  nextId: async (): Promise<number> => {
    const [row] = await db.query<{ id: number }>({ text: `select nextval('instance_ids') as id`, values: [] })
    if (row === undefined) throw new Error('nextval returned no row')
    return row.id
  },
  insert: async (row: NewInstance): Promise<InstanceRow> => {
    const [made] = await db.query<InstanceRow>({
      text: `insert into instances (organization_id, instance_id, account_id, user_id, element_key, name, tags,
          configuration, secrets_sealed, token_sealed, external_authentication)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning ${columns}`,
      values: [
        row.organizationId,
        row.instanceId,
        row.accountId,
        row.userId,
        row.elementKey,
        row.name,
        row.tags,
        JSON.stringify(row.configuration),
        row.secretsSealed,
        row.tokenSealed,
        row.externalAuthentication,
      ],
    })
    if (made === undefined) throw new Error('insert returned no row')
    return made
  },
  find: async (organizationId: number, instanceId: number): Promise<InstanceRow | undefined> => {
    const [row] = await db.query<InstanceRow>({
      name: 'instance-by-id',
      text: `select ${columns} from instances where organization_id = $1 and instance_id = $2`,
      values: [organizationId, instanceId],
    })
    return row
  },
  list: (organizationId: number, filter: InstanceFilter): Promise<InstanceRow[]> =>
    db.query<InstanceRow>({
      text: `select ${columns} from instances
        where organization_id = $1 and user_id = $2 and instance_id > $3 and tags @> $4::text[]
          and ($5::text is null or strpos(lower(name), lower($5)) > 0)
          and ($6::text is null or element_key = $6)
        order by instance_id limit $7 offset $8`,
      values: [
        organizationId,
        filter.userId,
        filter.afterId,
        filter.tags,
        filter.searchText,
        filter.elementKey,
        filter.limit,
        filter.skip,
      ],
    }),
  /** How many instances a user has of each element. */
  count: (organizationId: number, userId: number): Promise<{ elementKey: string; count: number }[]> =>
    db.query<{ elementKey: string; count: number }>({
      text: `select element_key as "elementKey", count(*)::int as count from instances
        where organization_id = $1 and user_id = $2 group by element_key order by element_key`,
      values: [organizationId, userId],
    }),
  /** The row, which nobody else changes until this transaction ends. */
  lock: async (organizationId: number, instanceId: number): Promise<InstanceRow | undefined> => {
    const [row] = await db.query<InstanceRow>({
      text: `select ${columns} from instances where organization_id = $1 and instance_id = $2 for update`,
      values: [organizationId, instanceId],
    })
    return row
  },
  /** Overwrites what a change may write; for a row that is locked. */
  update: async (change: InstanceChange): Promise<InstanceRow> => {
    const [row] = await db.query<InstanceRow>({
      text: `update instances set name = $3, tags = $4, configuration = $5, secrets_sealed = $6,
          external_authentication = $7, element_key = $8, version = version + 1, updated_at = now()
        where organization_id = $1 and instance_id = $2 returning ${columns}`,
      values: [
        change.organizationId,
        change.instanceId,
        change.name,
        change.tags,
        JSON.stringify(change.configuration),
        change.secretsSealed,
        change.externalAuthentication,
        change.elementKey,
      ],
    })
    if (row === undefined) throw new Error('update returned no row')
    return row
  },
  setDisabled: (organizationId: number, instanceId: number, disabled: boolean): Promise<InstanceRow[]> =>
    db.query<InstanceRow>({
      text: `update instances set disabled = $3, version = version + 1, updated_at = now()
        where organization_id = $1 and instance_id = $2 returning ${columns}`,
      values: [organizationId, instanceId, disabled],
    }),
  setTraceUntil: (
    organizationId: number,
    instanceId: number,
    traceUntil: Date | null,
  ): Promise<InstanceRow[]> =>
    db.query<InstanceRow>({
      text: `update instances set trace_until = $3, version = version + 1, updated_at = now()
        where organization_id = $1 and instance_id = $2 returning ${columns}`,
      values: [organizationId, instanceId, traceUntil],
    }),
  /** Tells other processes that a row changed; inside a transaction they hear it when it commits. */
  announce: (channel: string, payload: string) =>
    db.query({ name: 'notify', text: 'select pg_notify($1, $2)', values: [channel, payload] }),
  /** @returns false when there was none. */
  remove: async (organizationId: number, instanceId: number): Promise<boolean> => {
    const rows = await db.query({
      text: 'delete from instances where organization_id = $1 and instance_id = $2 returning 1',
      values: [organizationId, instanceId],
    })
    return rows.length > 0
  },
})
