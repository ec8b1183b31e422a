import type { Resource } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { JsonObject } from '#src/lib/json.ts'
import { hasSetting, type LeveledField, type LeveledScript, type Transformation } from './levels.ts'
import { arraysIn, type MapPath, parseCommonPath, parsePath } from './path.ts'
import {
  checkFieldSettings,
  convertOf,
  type Direction,
  defaultOf,
  isRemoved,
  passesUnmapped,
} from './settings.ts'
import { compileWay } from './way.ts'

/** A field of a common resource with both its paths read. */
export interface FieldPlan {
  readonly field: LeveledField
  readonly common: MapPath
  /** Absent: the field is defined, and mapped to nothing. */
  readonly vendor?: MapPath
}

/** What a resource is seen through: the rows of a common resource are made of a vendor's, and back. */
export interface MappingPlan {
  readonly objectName: string
  /** The vendor's resource, as the element names it. */
  readonly vendorName: string
  readonly transformation: Transformation
  readonly fields: readonly FieldPlan[]
  /** Whether the vendor's fields that are not mapped are shown under their own names. */
  readonly showsUnmapped: boolean
  /** What runs on a row once it is mapped, in either direction. */
  readonly script: LeveledScript | undefined
  /** Whether the script rewrites the values of where clauses, too. */
  readonly scriptsWhere: boolean
  readonly fromVendor: (row: JsonObject) => JsonObject
  readonly toVendor: (body: JsonObject) => JsonObject
  /** The same of a create, with default values. */
  readonly toNew: (body: JsonObject) => JsonObject
}

type Named = Pick<Resource, 'name' | 'fields' | 'aliases'>

/** The vendor's path, with another name of a field replaced by its own. */
const vendorPath = (where: string, text: string, { fields, aliases = {} }: Named): MapPath => {
  const path = parsePath(where, text, (name) => Object.hasOwn(fields, name))
  const [first, ...rest] = path
  if (first?.kind !== 'name' || Object.hasOwn(fields, first.name) || !Object.hasOwn(aliases, first.name))
    return path
  return [{ kind: 'name', name: aliases[first.name] ?? first.name }, ...rest]
}

const checkArrays = (where: string, { common, vendor }: FieldPlan): void => {
  const wanted = arraysIn(common)
  if (vendor === undefined || wanted <= Math.max(arraysIn(vendor), 0)) return
  throw new AppError(
    'bad-request',
    `${where}.vendorPath: it goes through ${arraysIn(vendor)} lists and path through ${wanted}. Write [*] in both, as in lines[*].label and Rows[*].Title.`,
  )
}

/**
 * The fields of a transformation, their paths read and their options checked.
 * @throws AppError `bad-request` naming the field and its fix.
 */
export const planFields = (fields: readonly LeveledField[], resource: Named): readonly FieldPlan[] => {
  const seen = new Set<string>()
  return fields.map((field, at) => {
    const where = `fields.${at}`
    if (seen.has(field.path))
      throw new AppError('bad-request', `${where}.path: '${field.path}' is mapped twice. Leave one out.`)
    seen.add(field.path)
    checkFieldSettings(where, field)
    const common = parseCommonPath(`${where}.path`, field.path)
    const plan: FieldPlan =
      field.vendorPath === undefined
        ? { field, common }
        : { field, common, vendor: vendorPath(`${where}.vendorPath`, field.vendorPath, resource) }
    checkArrays(where, plan)
    return plan
  })
}

/** Whether a write can put something there: how many items there are cannot be set. */
const isWritable = (path: MapPath): boolean => path.at(-1)?.kind !== 'size'

const wayOf = (
  fields: readonly FieldPlan[],
  direction: Direction,
  passes: boolean,
  withDefaults = direction === 'fromVendor',
) => {
  const mapped = fields.flatMap(({ field, common, vendor }) => {
    if (vendor === undefined) return []
    const [source, target] = direction === 'fromVendor' ? [vendor, common] : [common, vendor]
    const otherwise = withDefaults ? defaultOf(field, direction) : undefined
    const removed = isRemoved(field, direction)
    return [{ source, target, convert: convertOf(field, direction), otherwise, removed }]
  })
  return compileWay({
    pairs: mapped.filter(({ removed, target }) => !removed && isWritable(target)),
    removed: mapped
      .filter(({ removed, target }) => removed || !isWritable(target))
      .map(({ source }) => source),
    passes,
    owned: direction === 'fromVendor' ? mapped.map(({ target }) => target) : [],
  })
}

/** Compiles a transformation of a resource, both directions. @throws AppError as `planFields`. */
export const compileMapping = (transformation: Transformation, resource: Named): MappingPlan => {
  const { row, configuration } = transformation
  const fields = planFields(transformation.fields, resource)
  const showsUnmapped = passesUnmapped(configuration, 'fromVendor')
  const sendsUnmapped = passesUnmapped(configuration, 'toVendor')
  const toVendor = wayOf(fields, 'toVendor', sendsUnmapped)
  const hasDefaults = fields.some(({ field }) => defaultOf(field, 'toVendor') !== undefined)
  return {
    objectName: row.objectName,
    vendorName: resource.name,
    transformation,
    fields,
    showsUnmapped,
    script: transformation.script,
    scriptsWhere:
      transformation.script !== undefined && hasSetting(transformation, 'applyJSOnQueryFieldValue'),
    fromVendor: wayOf(fields, 'fromVendor', showsUnmapped),
    toVendor,
    toNew: hasDefaults ? wayOf(fields, 'toVendor', sendsUnmapped, true) : toVendor,
  }
}

/** The same where names that it does not have are the vendor's: of what is configured for both. */
export const takingBoth = (plan: MappingPlan): MappingPlan => ({ ...plan, showsUnmapped: true })
