import type { Queryable } from '../queryable.ts'

/** An element that an organization posted. */
export interface ElementRow {
  readonly organizationId: number
  readonly elementId: number
  /** Whose it is. */
  readonly accountId: number
  readonly userId: number
  readonly key: string
  /** The key of the catalogue's element whose typed data it is; null: the document says everything. */
  readonly clonedFrom: string | null
  /** The element that the first of its line of clones was made of; its own id where it is no clone. */
  readonly originId: number
  /** As Cloud Elements writes elements, every part with its number. */
  readonly document: unknown
  /** Sealed JSON of the defaults in it that are secrets. */
  readonly secretsSealed: Buffer | null
  readonly active: boolean
  /** Grows with every change. */
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

export type NewElement = Omit<ElementRow, 'version' | 'createdAt' | 'updatedAt'>

/** Resources that an account added to an element that is not its own. */
export interface ExtensionRow {
  readonly elementId: number
  readonly accountId: number
  readonly resources: readonly unknown[]
}

const columns = `organization_id as "organizationId", element_id as "elementId", account_id as "accountId",
  user_id as "userId", key, cloned_from as "clonedFrom", origin_id as "originId", document,
  secrets_sealed as "secretsSealed", active, version, created_at as "createdAt",
  updated_at as "updatedAt"`

/** Elements of organizations, what accounts added to elements, and whom elements are shared with. */
export const elementTable = (db: Queryable) => ({
  /** How many changes an organization's elements have seen. */
  changes: async (organizationId: number): Promise<number> => {
    const [row] = await db.query<{ changes: number }>({
      name: 'element-changes',
      text: 'select changes from element_changes where organization_id = $1',
      values: [organizationId],
    })
    return row?.changes ?? 0
  },
  /** Begins a change: until this transaction ends nobody else changes an element of the organization. */
  beginChange: async (organizationId: number): Promise<void> => {
    await db.query({
      text: `insert into element_changes (organization_id, changes) values ($1, 1)
        on conflict (organization_id) do update set changes = element_changes.changes + 1`,
      values: [organizationId],
    })
  },
  nextId: async (): Promise<number> => {
    const [row] = await db.query<{ id: number }>({ text: `select nextval('element_ids') as id`, values: [] })
    if (row === undefined) throw new Error('nextval returned no row')
    return row.id
  },
  /** Numbers for so many parts of a document. */
  nextItemIds: async (count: number): Promise<number[]> => {
    const rows = await db.query<{ id: number }>({
      text: `select nextval('element_item_ids') as id from generate_series(1, $1::int)`,
      values: [count],
    })
    return rows.map(({ id }) => id)
  },
  list: (organizationId: number): Promise<ElementRow[]> =>
    db.query<ElementRow>({
      name: 'elements-of-organization',
      text: `select ${columns} from elements where organization_id = $1 order by element_id`,
      values: [organizationId],
    }),
  /** By key in any case, or by id. */
  named: async (organizationId: number, keyOrId: string): Promise<ElementRow | undefined> => {
    const id = /^\d{1,15}$/.test(keyOrId) ? Number(keyOrId) : null
    const [row] = await db.query<ElementRow>({
      text: `select ${columns} from elements
        where organization_id = $1 and (lower(key) = lower($2) or element_id = $3)`,
      values: [organizationId, keyOrId, id],
    })
    return row
  },
  /** Undefined: the key is taken in the organization. */
  insert: async (row: NewElement): Promise<ElementRow | undefined> => {
    const [made] = await db.query<ElementRow>({
      text: `insert into elements (organization_id, element_id, account_id, user_id, key, cloned_from, origin_id,
          document, active, secrets_sealed)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        on conflict (organization_id, lower(key)) do nothing returning ${columns}`,
      values: [
        ...[row.organizationId, row.elementId, row.accountId, row.userId, row.key, row.clonedFrom],
        ...[row.originId, JSON.stringify(row.document), row.active, row.secretsSealed],
      ],
    })
    return made
  },
  /** Undefined: there is none. */
  update: async (
    row: Pick<ElementRow, 'organizationId' | 'elementId' | 'document' | 'secretsSealed' | 'active'>,
  ): Promise<ElementRow | undefined> => {
    const [made] = await db.query<ElementRow>({
      text: `update elements set document = $3, active = $4, secrets_sealed = $5, version = version + 1, updated_at = now()
        where organization_id = $1 and element_id = $2 returning ${columns}`,
      values: [
        ...[row.organizationId, row.elementId, JSON.stringify(row.document), row.active],
        row.secretsSealed,
      ],
    })
    return made
  },
  /** Holds the row for whoever connects to it: nobody removes it until this transaction ends. @returns false: it is gone. */
  hold: async (organizationId: number, elementId: number): Promise<boolean> => {
    const rows = await db.query({
      text: 'select 1 from elements where organization_id = $1 and element_id = $2 for key share',
      values: [organizationId, elementId],
    })
    return rows.length > 0
  },
  /** With everything that hangs on it; waits for whoever holds the row. */
  remove: async (organizationId: number, elementId: number): Promise<void> => {
    for (const table of ['elements', 'element_extensions', 'element_shares'])
      await db.query({
        text: `delete from ${table} where organization_id = $1 and element_id = $2`,
        values: [organizationId, elementId],
      })
  },
  /** How many instances of an element an organization has. */
  instances: async (organizationId: number, elementKey: string): Promise<number> => {
    const [row] = await db.query<{ count: number }>({
      text: 'select count(*)::int as count from instances where organization_id = $1 and element_key = $2',
      values: [organizationId, elementKey],
    })
    return row?.count ?? 0
  },
  extensions: (organizationId: number): Promise<ExtensionRow[]> =>
    db.query<ExtensionRow>({
      name: 'element-extensions',
      text: `select element_id as "elementId", account_id as "accountId", resources from element_extensions
        where organization_id = $1`,
      values: [organizationId],
    }),
  /** Overwrites what an account added to an element. */
  extend: async (
    organizationId: number,
    { elementId, accountId, resources }: ExtensionRow,
  ): Promise<void> => {
    await db.query({
      text: `insert into element_extensions (organization_id, element_id, account_id, resources)
        values ($1, $2, $3, $4)
        on conflict (organization_id, element_id, account_id) do update set resources = excluded.resources`,
      values: [organizationId, elementId, accountId, JSON.stringify(resources)],
    })
  },
  shares: (organizationId: number): Promise<{ elementId: number; accountId: number }[]> =>
    db.query<{ elementId: number; accountId: number }>({
      name: 'element-shares',
      text: `select element_id as "elementId", account_id as "accountId" from element_shares
        where organization_id = $1 order by account_id`,
      values: [organizationId],
    }),
  share: async (organizationId: number, elementId: number, accountId: number): Promise<void> => {
    await db.query({
      text: `insert into element_shares (organization_id, element_id, account_id) values ($1, $2, $3)
        on conflict do nothing`,
      values: [organizationId, elementId, accountId],
    })
  },
  /** @returns false when it was not shared with the account. */
  unshare: async (organizationId: number, elementId: number, accountId: number): Promise<boolean> => {
    const rows = await db.query({
      text: `delete from element_shares where organization_id = $1 and element_id = $2 and account_id = $3
        returning 1`,
      values: [organizationId, elementId, accountId],
    })
    return rows.length > 0
  },
})
