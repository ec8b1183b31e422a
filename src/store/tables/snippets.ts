import type { Queryable } from '../queryable.ts'

/** A text to start the script of a transformation from; an organization's, or one account's. */
export interface SnippetRow {
  readonly snippetId: number
  readonly level: 'organization' | 'account'
  /** The number of the organization or account. */
  readonly ownerId: number
  readonly name: string
  readonly body: string
  readonly description: string
}

export type NewSnippet = Omit<SnippetRow, 'snippetId'>

const columns = 'snippet_id as "snippetId", level, owner_id as "ownerId", name, body, description'

/** What an account ($2) of an organization ($1) sees. */
const isSeen = `organization_id = $1 and (level = 'organization' or owner_id = $2)`

/** Texts that scripts start from. */
export const snippetTable = (db: Queryable) => ({
  list: (organizationId: number, accountId: number): Promise<SnippetRow[]> =>
    db.query<SnippetRow>({
      text: `select ${columns} from snippets where ${isSeen} order by snippet_id`,
      values: [organizationId, accountId],
    }),
  find: async (
    organizationId: number,
    accountId: number,
    snippetId: number,
  ): Promise<SnippetRow | undefined> => {
    const [row] = await db.query<SnippetRow>({
      text: `select ${columns} from snippets where ${isSeen} and snippet_id = $3`,
      values: [organizationId, accountId, snippetId],
    })
    return row
  },
  insert: async (organizationId: number, row: NewSnippet): Promise<SnippetRow> => {
    const [made] = await db.query<SnippetRow>({
      text: `insert into snippets (organization_id, level, owner_id, name, body, description)
        values ($1, $2, $3, $4, $5, $6) returning ${columns}`,
      values: [organizationId, row.level, row.ownerId, row.name, row.body, row.description],
    })
    if (made === undefined) throw new Error('insert returned no row')
    return made
  },
  /** Undefined: there is none that the account sees. */
  update: async (
    organizationId: number,
    accountId: number,
    snippetId: number,
    row: NewSnippet,
  ): Promise<SnippetRow | undefined> => {
    const [made] = await db.query<SnippetRow>({
      text: `update snippets set level = $4, owner_id = $5, name = $6, body = $7, description = $8
        where ${isSeen} and snippet_id = $3 returning ${columns}`,
      values: [
        ...[organizationId, accountId, snippetId],
        ...[row.level, row.ownerId, row.name, row.body, row.description],
      ],
    })
    return made
  },
  /** @returns false when there was none that the account sees. */
  remove: async (organizationId: number, accountId: number, snippetId: number): Promise<boolean> => {
    const rows = await db.query({
      text: `delete from snippets where ${isSeen} and snippet_id = $3 returning 1`,
      values: [organizationId, accountId, snippetId],
    })
    return rows.length > 0
  },
})
