import type { Queryable } from '../queryable.ts'
import { fromTheTop, holdsForInstance, isOwners, type LevelOwner, ownerKey } from './level-owner.ts'

/** One field of a common resource, as its level tells it. */
export interface DefinedField {
  /** Stays what it is when the path changes. */
  readonly id: number
  readonly path: string
  readonly type: string
  readonly displayName?: string
  readonly description?: string
  /** Of a number, of money, of a date. */
  readonly unit?: string
}

/** What a common resource consists of, at one level. */
export interface DefinitionRow extends LevelOwner {
  /** The number of the common resource: one for every level of the organization that defines its name. */
  readonly vdrId: number
  readonly objectName: string
  readonly description: string | null
  readonly fields: readonly DefinedField[]
  readonly createdAt: Date
}

export type NewDefinition = Pick<DefinitionRow, 'objectName' | 'description' | 'fields'>

const columns = `organization_id as "organizationId", level, owner_id as "ownerId", vdr_id as "vdrId",
  object_name as "objectName", description, fields, created_at as "createdAt"`

/** Definitions of common resources. */
export const objectDefinitionTable = (db: Queryable) => ({
  /** Whoever changes an organization's definitions or transformations waits here for the one before. */
  lock: (organizationId: number) =>
    db.query({
      text: 'select 1 from organizations where organization_id = $1 for no key update',
      values: [organizationId],
    }),
  /** Numbers that nothing has yet. */
  newIds: async (count: number): Promise<readonly number[]> => {
    const rows = await db.query<{ id: number }>({
      text: `select nextval('definition_ids') as id from generate_series(1, $1::int)`,
      values: [count],
    })
    return rows.map(({ id }) => id)
  },
  /** Of every level of an organization; of one number or name, or of all. */
  everywhere: (
    organizationId: number,
    which: { readonly vdrId?: number; readonly objectName?: string } = {},
  ): Promise<DefinitionRow[]> =>
    db.query<DefinitionRow>({
      text: `select ${columns} from object_definitions
        where organization_id = $1 and ($2::bigint is null or vdr_id = $2) and ($3::text is null or object_name = $3)
        order by object_name, ${fromTheTop}`,
      values: [organizationId, which.vdrId ?? null, which.objectName ?? null],
    }),
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
  /** Takes the number of the other levels of its name. Undefined: the level has one of that name already. */
  insert: async (owner: LevelOwner, row: NewDefinition): Promise<DefinitionRow | undefined> => {
    const [made] = await db.query<DefinitionRow>({
      text: `insert into object_definitions (organization_id, level, owner_id, object_name, description, fields, vdr_id)
        values ($1, $2, $3, $4, $5, $6, coalesce(
          (select vdr_id from object_definitions where organization_id = $1 and object_name = $4 limit 1),
          nextval('definition_ids'))) on conflict do nothing returning ${columns}`,
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
  /** Every level of an organization. */
  renameEverywhere: (organizationId: number, objectName: string, newName: string) =>
    db.query({
      text: 'update object_definitions set object_name = $3 where organization_id = $1 and object_name = $2',
      values: [organizationId, objectName, newName],
    }),
  removeEverywhere: (organizationId: number, objectName: string) =>
    db.query({
      text: 'delete from object_definitions where organization_id = $1 and object_name = $2',
      values: [organizationId, objectName],
    }),
  /** One level: with others left behind it is another common resource from then on, or that of the new name. */
  rename: async (
    owner: LevelOwner,
    objectName: string,
    newName: string,
  ): Promise<DefinitionRow | undefined> => {
    const [row] = await db.query<DefinitionRow>({
      text: `update object_definitions set object_name = $5, vdr_id = coalesce(
          (select vdr_id from object_definitions where organization_id = $1 and object_name = $5 limit 1),
          case when (select count(*) from object_definitions where organization_id = $1 and object_name = $4) > 1
            then nextval('definition_ids') else vdr_id end)
        where ${isOwners} and object_name = $4 returning ${columns}`,
      values: [...ownerKey(owner), objectName, newName],
    })
    return row
  },
})
