import {
  type Element,
  type ReadyMade,
  type ReadyMadeField,
  type ReadyMadeKind,
  readyMadeExpense,
  resourceIn,
  type Template,
} from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { nearestNames } from '#src/lib/nearest.ts'
import type { MappedField, NewDefinition, NewTransformation } from '#src/store/index.ts'
import type { FieldWithoutId } from './fields.ts'

const types: Readonly<Record<ReadyMadeKind, string>> = {
  ...{ text: 'string', money: 'string', number: 'number', boolean: 'boolean', moment: 'date', day: 'date' },
}

const patterns: Partial<Record<ReadyMadeKind, string>> = {
  moment: "yyyy-MM-dd'T'HH:mm:ssXXX",
  day: 'yyyy-MM-dd',
}

const definedField = ({ path, kind, displayName, description, unit }: ReadyMadeField): FieldWithoutId => ({
  ...{ path, type: types[kind], displayName, description },
  ...(unit === undefined ? {} : { unit }),
})

/** A definition whose fields have no numbers yet. */
export interface ReadyMadeDefinition extends Omit<NewDefinition, 'fields'> {
  readonly fields: readonly FieldWithoutId[]
}

const definitionOf = ({ objectName, description, fields }: ReadyMade): ReadyMadeDefinition => ({
  ...{ objectName, description, fields: fields.map(definedField) },
})

/** What an application may be written for whichever vendor stands behind it, as definitions. */
export const readyMadeDefinitions: readonly ReadyMadeDefinition[] = readyMadeExpense.map(definitionOf)

/** How a value of the vendor becomes what the kind says. */
const settingsOf = (kind: ReadyMadeKind, vendorType: string | undefined): MappedField['configuration'] => {
  const pattern = patterns[kind]
  if (pattern !== undefined) return [{ type: 'transformDate', properties: { pattern } }]
  return kind === 'money' && vendorType === 'number' ? [{ type: 'decimalString' }] : []
}

const mappedFields = (element: Element, { objectName, vendorName, fields }: Template): MappedField[] => {
  const vendor = resourceIn(element, vendorName)?.fields ?? {}
  const known = readyMadeExpense.find((one) => one.objectName === objectName)?.fields ?? []
  return known.flatMap(({ path, kind, displayName }) => {
    const vendorPath = fields[path]
    if (vendorPath === undefined) return []
    const type = Object.hasOwn(vendor, vendorPath) ? vendor[vendorPath]?.type : undefined
    return [{ path, type: types[kind], displayName, vendorPath, configuration: settingsOf(kind, type) }]
  })
}

const passNothing = { type: 'passThrough', properties: { fromVendor: false, toVendor: false } }

/** How an element is shown as what is ready-made. */
export const readyMadeOf = (element: Element): readonly NewTransformation[] =>
  (element.templates ?? []).map((template) => ({
    ...{ elementKey: element.key, objectName: template.objectName, vendorName: template.vendorName },
    ...{ displayName: null, isLegacy: false, script: null, fields: mappedFields(element, template) },
    configuration: [passNothing, { type: 'addToDocumentation' }],
  }))

/**
 * Those that are named; all where none is.
 * @throws AppError `not-found` where the element has none, `bad-request` naming one that it has not.
 */
export const readyMadeNamed = (
  element: Element,
  names: readonly string[] | undefined,
): readonly NewTransformation[] => {
  const all = readyMadeOf(element)
  const there = all.map(({ objectName }) => objectName)
  if (all.length === 0)
    throw new AppError('not-found', `${element.title} has no ready-made common resources.`)
  const unknown = names?.find((name) => !there.includes(name))
  if (unknown !== undefined)
    throw new AppError(
      'bad-request',
      `body: ${element.title} has no ready-made '${unknown.slice(0, 64)}'. Did you mean ${nearestNames(unknown, there).join(', ')}?`,
    )
  return names === undefined || names.length === 0
    ? all
    : all.filter(({ objectName }) => names.includes(objectName))
}
