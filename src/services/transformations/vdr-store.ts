import { AppError } from '#src/lib/errors.ts'
import type { DefinitionRow, LevelOwner, Tables, TransformationRow } from '#src/store/index.ts'
import { type FieldWithoutId, numbered } from './fields.ts'
import { byOwner, isSame, levelsAt, printLevel, twice } from './owner.ts'

/** Fields of one level, as they shall be. */
export interface LevelFields {
  readonly owner: LevelOwner
  readonly fields: readonly FieldWithoutId[]
}

/** At a level, a field that has another path from now on. */
export interface PathChange {
  readonly owner: LevelOwner
  readonly oldPath: string
  readonly path: string
}

const has = ({ fields }: DefinitionRow, path: string): boolean => fields.some((field) => field.path === path)

const doublePath = (fields: readonly { readonly path: string }[]): string | undefined =>
  fields.find(({ path }, at) => fields.findIndex((one) => one.path === path) < at)?.path

/** Paths that changed under numbers that stayed. */
const movedPaths = (row: DefinitionRow, fields: readonly FieldWithoutId[]): readonly PathChange[] =>
  row.fields.flatMap(({ id, path: oldPath }) => {
    const now = fields.find((field) => field.id === id)
    return now === undefined || now.path === oldPath ? [] : [{ owner: row, oldPath, path: now.path }]
  })

/** A number counts at its own level; a field whose path changed brings the number of the old one. */
const withKnownIds = (
  row: DefinitionRow,
  fields: readonly FieldWithoutId[],
  changes: readonly PathChange[],
): readonly FieldWithoutId[] =>
  fields.map(({ id, ...field }) => {
    const own = row.fields.find((one) => one.id === id)
    const oldPath = changes.find(({ owner, path }) => isSame(owner, row) && path === field.path)?.oldPath
    const renamed = row.fields.find(({ path }) => path === oldPath)
    const known = own ?? renamed
    return known === undefined ? field : { id: known.id, ...field }
  })

/** Whether a level between a change and a transformation defines the old path itself: then the change is not about it. */
const isHidden = async (
  inside: Tables,
  rows: readonly DefinitionRow[],
  at: LevelOwner,
  { owner, oldPath }: PathChange,
): Promise<boolean> => {
  const levels = await levelsAt(inside, at)
  const below = levels.slice(levels.findIndex((level) => isSame(level, owner)) + 1)
  return below.some((level) => rows.some((row) => isSame(row, level) && has(row, oldPath)))
}

/** @throws AppError `conflict` where two fields have one path. */
const rewrittenFields = (row: TransformationRow, paths: ReadonlyMap<string, string>) => {
  const fields = row.fields.map((field) => ({ ...field, path: paths.get(field.path) ?? field.path }))
  const double = doublePath(fields)
  if (double === undefined) return fields
  throw new AppError(
    'conflict',
    `'${double}' is mapped already by the transformation of ${row.elementKey} at ${printLevel(row)}. Remove it there first.`,
  )
}

/**
 * Gives the fields of transformations the new paths of what they are mapped to, at the level of a change and below.
 * @param rows the definitions as they were.
 * @throws AppError `conflict` where a transformation maps the new path already.
 */
const rewriteTransformations = async (
  inside: Tables,
  objectName: string,
  rows: readonly DefinitionRow[],
  changes: readonly PathChange[],
): Promise<void> => {
  for (const { owner, parts } of byOwner(changes))
    for (const row of await inside.transformations.using(owner, objectName)) {
      const paths = new Map<string, string>()
      for (const change of parts)
        if (!(await isHidden(inside, rows, row, change))) paths.set(change.oldPath, change.path)
      if (row.fields.some(({ path }) => paths.has(path)))
        await inside.transformations.update(row, { ...row, fields: rewrittenFields(row, paths) })
    }
}

/** What shall stand at the levels that it names; the others stay as they are. */
export interface VdrContent {
  readonly objectName: string
  readonly description: string | undefined
  readonly levels: readonly LevelFields[]
  readonly changes: readonly PathChange[]
}

const storeLevel = async (
  inside: Tables,
  objectName: string,
  { owner, fields }: LevelFields,
  row: DefinitionRow | undefined,
): Promise<void> => {
  const stored = await numbered(inside, fields, row?.fields ?? [])
  if (row !== undefined) await inside.objectDefinitions.update(row, { ...row, fields: stored })
  else await inside.objectDefinitions.insert(owner, { objectName, description: null, fields: stored })
}

/** A level whose paths change, and of which nothing else is said. @throws AppError `conflict` where it has a new path. */
const renamedFields = (row: DefinitionRow, changes: readonly PathChange[]): LevelFields => {
  const fields = row.fields.map((field) => ({
    ...field,
    path: changes.find(({ oldPath }) => oldPath === field.path)?.path ?? field.path,
  }))
  const double = fields.find(({ path }, at) => fields.findIndex((one) => one.path === path) < at)
  if (double === undefined) return { owner: row, fields }
  throw new AppError(
    'conflict',
    `'${double.path}' is a field of ${printLevel(row)} already. Remove it first.`,
  )
}

/**
 * Stores the fields of levels, and takes along the transformations of those whose path changed. A common resource that
 * there was not, and that no level is named for, is the organization's. For a transaction that holds the lock.
 * @throws AppError `conflict` where a transformation maps a new path already.
 */
export const storeVdr = async (
  inside: Tables,
  organizationId: number,
  { objectName, description, levels, changes }: VdrContent,
): Promise<void> => {
  const rows = await inside.objectDefinitions.everywhere(organizationId, { objectName })
  const organization: LevelOwner = { organizationId, level: 'organization', ownerId: organizationId }
  const only = levels.length === 0 && rows.length === 0 ? [{ owner: organization, fields: [] }] : levels
  const wanted = [
    ...only,
    ...rows
      .filter((row) => !levels.some(({ owner }) => isSame(owner, row)))
      .map((row) => ({ row, own: changes.filter(({ owner }) => isSame(owner, row)) }))
      .flatMap(({ row, own }) => (own.length === 0 ? [] : [renamedFields(row, own)])),
  ]
  const moved: PathChange[] = [...changes]
  for (const { owner, fields } of wanted) {
    const row = rows.find((one) => isSame(one, owner))
    const known = row === undefined ? fields : withKnownIds(row, fields, changes)
    if (row !== undefined) moved.push(...movedPaths(row, known))
    await storeLevel(inside, objectName, { owner, fields: known }, row)
  }
  await rewriteTransformations(inside, objectName, rows, moved)
  if (description === undefined) return
  const [top] = await inside.objectDefinitions.everywhere(organizationId, { objectName })
  if (top !== undefined) await inside.objectDefinitions.update(top, { ...top, description })
}

/** @throws AppError `conflict` where a level has the new name. */
export const renameVdr = async (
  inside: Tables,
  organizationId: number,
  objectName: string,
  newName: string,
): Promise<void> => {
  if (newName === objectName) return
  const [defined] = await inside.objectDefinitions.everywhere(organizationId, { objectName: newName })
  if (defined !== undefined) throw twice('definition', newName, defined.level)
  await inside.objectDefinitions.renameEverywhere(organizationId, objectName, newName)
  await inside.transformations.renameEverywhere(organizationId, objectName, newName)
}
