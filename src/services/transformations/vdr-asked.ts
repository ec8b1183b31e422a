import { AppError } from '#src/lib/errors.ts'
import type { LevelOwner } from '#src/store/index.ts'
import type { Caller } from '../accounts/index.ts'
import { parseCommonPath } from '../mapping/index.ts'
import { checkedField, type FieldInput, type FieldWithoutId, twicePath } from './fields.ts'
import { byOwner, type TransformationsNeed } from './owner.ts'
import { createPlaces, type PlaceAsked } from './places.ts'
import type { Vdr, VdrField } from './vdr.ts'
import type { LevelFields, PathChange } from './vdr-store.ts'

/** A field of a common resource with the level that it is of. */
export interface VdrFieldInput extends FieldInput, PlaceAsked {
  readonly id: number | undefined
}

export interface PathChangeInput extends PlaceAsked {
  readonly path: string
  readonly oldPath: string
}

/** What a body says of a common resource. */
export interface VdrInput {
  readonly description: string | undefined
  /** Undefined: they stay as they are. */
  readonly fields: readonly VdrFieldInput[] | undefined
  readonly changedFields: readonly PathChangeInput[]
  readonly instanceIds: readonly number[]
}

/** What a body asks for, by level, and the paths of what the caller may not write. */
export interface VdrAsked {
  readonly levels: readonly LevelFields[]
  readonly changes: readonly PathChange[]
  readonly ignored: readonly string[]
}

/** A field that says nothing of its level is of that which it has. */
const placeOf = (field: VdrFieldInput, stored: Vdr | undefined): PlaceAsked => {
  const known = field.level === undefined ? stored?.fields.find(({ id }) => id === field.id) : undefined
  return known === undefined ? field : { level: known.level, associatedId: known.associatedId }
}

/** What was read may be sent back: it changes nothing, so that nothing of it is ignored. */
const isEcho = (field: VdrFieldInput, stored: Vdr | undefined): boolean => {
  const isSameField = (one: VdrField): boolean =>
    one.level === field.level &&
    one.associatedId === field.associatedId &&
    one.path === field.path &&
    one.type === (field.type ?? 'string')
  return stored?.fields.some(isSameField) ?? false
}

interface PlacedField {
  readonly owner: LevelOwner
  readonly at: number
  readonly field: FieldWithoutId
}

/** @throws AppError `bad-request` where a level has a path or number twice. */
const levelFields = (owner: LevelOwner, parts: readonly PlacedField[]): LevelFields => {
  const [paths, ids] = [new Set<string>(), new Set<number>()]
  for (const { at, field } of parts) {
    if (paths.has(field.path)) throw twicePath(at, field.path)
    paths.add(field.path)
    if (field.id === undefined) continue
    if (ids.has(field.id))
      throw new AppError('bad-request', `fields.${at}.id: ${field.id} is there twice. Leave one out.`)
    ids.add(field.id)
  }
  return { owner, fields: parts.map(({ field }) => field) }
}

/**
 * Sorts what a body says by the levels that it names.
 * @param stored the common resource as it is.
 * @throws AppError `bad-request` naming the field.
 */
export const askedOf = async (
  need: TransformationsNeed,
  caller: Caller,
  input: VdrInput,
  stored: Vdr | undefined,
): Promise<VdrAsked> => {
  const place = createPlaces(need, caller, input.instanceIds)
  const placed: PlacedField[] = []
  const changes: PathChange[] = []
  const ignored: string[] = []
  for (const [at, field] of (input.fields ?? []).entries()) {
    const { id, path } = field
    const checked = checkedField(field, at)
    const owner = await place(`fields.${at}`, placeOf(field, stored))
    if (owner !== undefined)
      placed.push({ owner, at, field: id === undefined ? checked : { id, ...checked } })
    else if (!isEcho(field, stored)) ignored.push(path)
  }
  for (const [at, change] of input.changedFields.entries()) {
    const { path, oldPath } = change
    parseCommonPath(`changedFields.${at}.path`, path)
    const owner = await place(`changedFields.${at}`, change)
    if (owner === undefined) ignored.push(path)
    else if (path !== oldPath) changes.push({ owner, path, oldPath })
  }
  return { levels: byOwner(placed).map(({ owner, parts }) => levelFields(owner, parts)), changes, ignored }
}
