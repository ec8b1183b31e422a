import type { Queryable } from '../queryable.ts'
import { fromTheTop, holdsForInstance, isOwners, type LevelOwner, ownerKey } from './level-owner.ts'

/** An option of a transformation or of one of its fields. */
export interface MappingSetting {
  readonly type: string
  readonly properties?: Readonly<Record<string, unknown>>
}

/** How one field of a common resource stands in the vendor's; without `vendorPath` nothing is moved. */
export interface MappedField {
  readonly path: string
  readonly type: string
  readonly vendorPath?: string
  readonly vendorType?: string
  readonly displayName?: string
  readonly configuration: readonly MappingSetting[]
}

/** What runs on each row besides what is mapped. */
export interface StoredScript {
  readonly body: string
  readonly mimeType: string
  /** Whether rows for which it answers nothing are left out of a listing. */
  readonly filterEmptyResponse: boolean
}

/** How a resource of an element is mapped to a common resource, at one level. */
export interface TransformationRow extends LevelOwner {
  readonly elementKey: string
  readonly objectName: string
  readonly vendorName: string
  readonly displayName: string | null
  readonly isLegacy: boolean
  readonly fields: readonly MappedField[]
  readonly configuration: readonly MappingSetting[]
  readonly script: StoredScript | null
  readonly createdAt: Date
}

export type NewTransformation = Omit<TransformationRow, keyof LevelOwner | 'createdAt'>

const columns = `organization_id as "organizationId", level, owner_id as "ownerId", element_key as "elementKey",
  object_name as "objectName", vendor_name as "vendorName", display_name as "displayName",
  is_legacy as "isLegacy", fields, configuration, script, created_at as "createdAt"`

/** The rows of a level and of everything below it. */
const isBelow = `organization_id = $1 and ($2 = 'organization' or (level = $2 and owner_id = $3)
  or ($2 = 'account' and level = 'instance' and owner_id in
    (select instance_id from instances where organization_id = $1 and account_id = $3)))`

const valuesOf = (owner: LevelOwner, row: NewTransformation) => [
  ...ownerKey(owner),
  row.elementKey,
  row.objectName,
  row.vendorName,
  row.displayName,
  row.isLegacy,
  JSON.stringify(row.fields),
  JSON.stringify(row.configuration),
  row.script === null ? null : JSON.stringify(row.script),
]

/** Transformations of vendors' resources to common ones. */
export const transformationTable = (db: Queryable) => ({
  /** Of one level and element, by name. */
  list: (owner: LevelOwner, elementKey: string): Promise<TransformationRow[]> =>
    db.query<TransformationRow>({
      text: `select ${columns} from transformations where ${isOwners} and element_key = $4 order by object_name`,
      values: [...ownerKey(owner), elementKey],
    }),
  /** Everything that an instance may answer by: its own, its account's, its organization's. */
  ofInstance: (
    organizationId: number,
    { accountId, instanceId }: { readonly accountId: number; readonly instanceId: number },
    elementKey: string,
  ): Promise<TransformationRow[]> =>
    db.query<TransformationRow>({
      name: 'transformations-of-instance',
      text: `select ${columns} from transformations where ${holdsForInstance} and element_key = $4`,
      values: [organizationId, accountId, instanceId, elementKey],
    }),
  /** Of every level of an organization; of one name, or of all. */
  everywhere: (organizationId: number, objectName?: string): Promise<TransformationRow[]> =>
    db.query<TransformationRow>({
      text: `select ${columns} from transformations where organization_id = $1
          and ($2::text is null or object_name = $2)
        order by object_name, element_key, ${fromTheTop}`,
      values: [organizationId, objectName ?? null],
    }),
  renameEverywhere: (organizationId: number, objectName: string, newName: string) =>
    db.query({
      text: 'update transformations set object_name = $3 where organization_id = $1 and object_name = $2',
      values: [organizationId, objectName, newName],
    }),
  removeEverywhere: (organizationId: number, objectName: string) =>
    db.query({
      text: 'delete from transformations where organization_id = $1 and object_name = $2',
      values: [organizationId, objectName],
    }),
  /** Of a name, at a level and below it; without a name, all that are mapped to a definition of that level. */
  using: (owner: LevelOwner, objectName?: string): Promise<TransformationRow[]> =>
    db.query<TransformationRow>({
      text: `select ${columns} from transformations where ${isBelow} and (object_name = $4 or ($4::text is null
          and object_name in (select object_name from object_definitions where ${isOwners})))
        order by level, owner_id, element_key, object_name`,
      values: [...ownerKey(owner), objectName ?? null],
    }),
  /** Undefined: the level has one of that name already. */
  insert: async (owner: LevelOwner, row: NewTransformation): Promise<TransformationRow | undefined> => {
    const [made] = await db.query<TransformationRow>({
      text: `insert into transformations (organization_id, level, owner_id, element_key, object_name, vendor_name,
          display_name, is_legacy, fields, configuration, script)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing returning ${columns}`,
      values: valuesOf(owner, row),
    })
    return made
  },
  /** Undefined: there is none of that name. */
  update: async (owner: LevelOwner, row: NewTransformation): Promise<TransformationRow | undefined> => {
    const [made] = await db.query<TransformationRow>({
      text: `update transformations set vendor_name = $6, display_name = $7, is_legacy = $8, fields = $9,
          configuration = $10, script = $11
        where ${isOwners} and element_key = $4 and object_name = $5 returning ${columns}`,
      values: valuesOf(owner, row),
    })
    return made
  },
  /** @returns how many were removed; without a name all of the level and element. */
  remove: async (owner: LevelOwner, elementKey: string, objectName?: string): Promise<number> => {
    const rows = await db.query({
      text: `delete from transformations where ${isOwners} and element_key = $4
        and ($5::text is null or object_name = $5) returning 1`,
      values: [...ownerKey(owner), elementKey, objectName ?? null],
    })
    return rows.length
  },
  /** Of one element at every level of an organization. */
  removeElement: async (organizationId: number, elementKey: string): Promise<void> => {
    await db.query({
      text: 'delete from transformations where organization_id = $1 and element_key = $2',
      values: [organizationId, elementKey],
    })
  },
  /** An instance's own, where it is of another element from now on. */
  moveInstance: async (
    organizationId: number,
    instanceId: number,
    from: string,
    to: string,
  ): Promise<void> => {
    await db.query({
      text: `update transformations set element_key = $4
        where organization_id = $1 and level = 'instance' and owner_id = $2 and element_key = $3`,
      values: [organizationId, instanceId, from, to],
    })
  },
  /** Of one level, for every element. */
  rename: (owner: LevelOwner, objectName: string, newName: string) =>
    db.query({
      text: `update transformations set object_name = $5 where ${isOwners} and object_name = $4`,
      values: [...ownerKey(owner), objectName, newName],
    }),
  /** An instance that is removed leaves nothing at its level. */
  removeOf: async (organizationId: number, instanceId: number): Promise<void> => {
    for (const table of ['transformations', 'object_definitions'])
      await db.query({
        text: `delete from ${table} where organization_id = $1 and level = 'instance' and owner_id = $2`,
        values: [organizationId, instanceId],
      })
  },
})
