import type { Queryable } from '../queryable.ts'
import { holdsForInstance, isOwners, type LevelOwner, ownerKey } from './level-owner.ts'

/** One field of a common resource, as its level tells it. */
export interface DefinedField {
  readonly path: string
  readonly type: string
  readonly displayName?: string
}

/** What a common resource consists of, at one level. */
export interface DefinitionRow extends LevelOwner {
  readonly objectName: string
  readonly description: string | null
  readonly fields: readonly DefinedField[]
  readonly createdAt: Date
}

export type NewDefinition = Pick<DefinitionRow, 'objectName' | 'description' | 'fields'>

const columns = `organization_id as "organizationId", level, owner_id as "ownerId", object_name as "objectName",
  description, fields, created_at as "createdAt"`

/** Definitions of common resources. */
export const objectDefinitionTable = (db: Queryable) => ({
  /** Of one level, by name. */
  list: (owner: LevelOwner): Promise<DefinitionRow[]> =>
    db.query<DefinitionRow>({
      text: `select ${columns} from object_definitions where ${isOwners} order by object_name`,
      values: ownerKey(owner),
    }),
  /** Names that hold for an instance: its own, its account's, its organization's. */
  namesFor: async (
    organizationId: number,
    { accountId, instanceId }: { readonly accountId: number; readonly instanceId: number },
  ): Promise<readonly string[]> => {
    const rows = await db.query<{ name: string }>({
      text: `select distinct object_name as name from object_definitions where ${holdsForInstance} order by 1`,
      values: [organizationId, accountId, instanceId],
    })
    return rows.map(({ name }) => name)
  },
  find: async (owner: LevelOwner, objectName: string): Promise<DefinitionRow | undefined> => {
    const [row] = await db.query<DefinitionRow>({
      text: `select ${columns} from object_definitions where ${isOwners} and object_name = $4`,
      values: [...ownerKey(owner), objectName],
    })
    return row
  },
  /** Undefined: the level has one of that name already. */
  insert: async (owner: LevelOwner, row: NewDefinition): Promise<DefinitionRow | undefined> => {
    const [made] = await db.query<DefinitionRow>({
      text: `insert into object_definitions (organization_id, level, owner_id, object_name, description, fields)
        values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning ${columns}`,
      values: [...ownerKey(owner), row.objectName, row.description, JSON.stringify(row.fields)],
    })
    return made
  },
  /** Undefined: there is none of that name. */
  update: async (owner: LevelOwner, row: NewDefinition): Promise<DefinitionRow | undefined> => {
    const [made] = await db.query<DefinitionRow>({
      text: `update object_definitions set description = $5, fields = $6 where ${isOwners} and object_name = $4
        returning ${columns}`,
      values: [...ownerKey(owner), row.objectName, row.description, JSON.stringify(row.fields)],
    })
    return made
  },
  /** @returns the names that were removed; without a name all of the level. */
  remove: async (owner: LevelOwner, objectName?: string): Promise<readonly string[]> => {
    const rows = await db.query<{ name: string }>({
      text: `delete from object_definitions where ${isOwners} and ($4::text is null or object_name = $4)
        returning object_name as name`,
      values: [...ownerKey(owner), objectName ?? null],
    })
    return rows.map(({ name }) => name)
  },
  rename: (owner: LevelOwner, objectName: string, newName: string) =>
    db.query({
      text: `update object_definitions set object_name = $5 where ${isOwners} and object_name = $4`,
      values: [...ownerKey(owner), objectName, newName],
    }),
})
