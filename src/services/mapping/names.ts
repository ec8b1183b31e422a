import {
  type Expression,
  parseOrderBy,
  parseWhere,
  printName,
  printWhere,
  type Value,
} from '#src/ceql/index.ts'
import type { Resource } from '#src/element/index.ts'
import { inexactWords, numberOfDecimal, printDecimal } from '#src/lib/decimal.ts'
import { AppError } from '#src/lib/errors.ts'
import type { JsonObject } from '#src/lib/json.ts'
import { nearestNames } from '#src/lib/nearest.ts'
import { type Draft, move, segmentsOf } from './move.ts'
import { parsePath, printPath } from './path.ts'
import type { FieldPlan, MappingPlan } from './plan.ts'
import { dateMask, isDecimal, isoOfMasked, isRemoved } from './settings.ts'

type Named = Pick<Resource, 'name' | 'fields' | 'filters' | 'address' | 'aliases' | 'key'>

/** What a common name stands for at the vendor. */
interface Meant {
  readonly name: string
  readonly plan?: FieldPlan
}

const isShown = ({ field, vendor }: FieldPlan): boolean =>
  vendor !== undefined && !isRemoved(field, 'fromVendor')

const shownFields = ({ fields }: MappingPlan): readonly FieldPlan[] => fields.filter(isShown)

/** The rest of a name behind a field's path; null where it is of another field. */
const restBehind = (name: string, path: string): string | null => {
  if (name === path) return ''
  return name.startsWith(`${path}.`) || name.startsWith(`${path}[`) ? name.slice(path.length) : null
}

/** Names that ask the vendor for something that no row shows, such as search names. */
const isSearchName = ({ filters, address = [], fields }: Named, name: string): boolean =>
  !Object.hasOwn(fields, name) &&
  (filters.some(({ param, hidden }) => param === name && hidden !== true) ||
    address.some((one) => one.name === name))

const unknown = (plan: MappingPlan, parameter: string, name: string): AppError => {
  const near = nearestNames(
    name,
    shownFields(plan).map(({ field }) => field.path),
  )
  const hint = near.length === 0 ? 'It has none that are mapped.' : `Did you mean ${near.join(', ')}?`
  return new AppError(
    'bad-query',
    `${parameter}: ${plan.objectName} has no field '${name.slice(0, 64)}'. ${hint}`,
  )
}

/** The query language writes names, indexes and [*], and nothing else of a path. */
const isAskable = ({ vendor = [] }: FieldPlan): boolean =>
  vendor.every(({ kind }) => kind === 'name' || kind === 'each' || kind === 'index')

const notAskable = (plan: MappingPlan, parameter: string, name: string, fix: string): AppError =>
  new AppError(
    'bad-query',
    `${parameter}: ${plan.objectName} cannot be asked by '${name.slice(0, 64)}': ${fix}`,
  )

const meantBy = (plan: MappingPlan, resource: Named, parameter: string, name: string): Meant => {
  const found = shownFields(plan)
    .map((one) => ({ one, rest: restBehind(name, one.field.path) }))
    .filter(({ rest }) => rest !== null)
    .sort((left, right) => (left.rest ?? '').length - (right.rest ?? '').length)
    .at(0)
  if (found === undefined) {
    if (plan.showsUnmapped || isSearchName(resource, name)) return { name }
    throw unknown(plan, parameter, name)
  }
  const { one, rest } = found
  if (!isAskable(one))
    throw notAskable(plan, parameter, name, `it is mapped to ${one.field.vendorPath}. Ask by another field.`)
  return { name: `${printPath(one.vendor ?? [])}${rest ?? ''}`, plan: one }
}

/** @throws AppError `bad-query` for one that would ask for another number. */
const decimalAsked = (value: Value, name: string): Value => {
  if (value.kind !== 'string' && value.kind !== 'number') return value
  const text = value.kind === 'string' ? value.value : value.text
  const number = numberOfDecimal(text)
  if (number === 'inexact') throw new AppError('bad-query', `where: ${name}: ${inexactWords(text)}`)
  return number === undefined ? value : { kind: 'number', value: number, text: printDecimal(number) }
}

/** A date in the pattern of a masked field, or a number that is shown as text, as the vendor's rows have it. */
const unmasked = (value: Value, plan: FieldPlan | undefined): Value => {
  if (plan !== undefined && isDecimal(plan.field)) return decimalAsked(value, plan.field.path)
  const pattern = plan === undefined ? undefined : dateMask(plan.field)
  if (pattern === undefined || value.kind === 'number' || value.kind === 'boolean') return value
  const iso = isoOfMasked(value.kind === 'date' ? value.text : value.value, pattern)
  return iso === undefined ? value : { kind: 'string', value: iso }
}

const renamed = (expression: Expression, meant: (name: string) => Meant): Expression => {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return { ...expression, terms: expression.terms.map((term) => renamed(term, meant)) }
    case 'not':
      return { ...expression, term: renamed(expression.term, meant) }
    case 'comparison': {
      const { name, plan } = meant(expression.field)
      return { ...expression, field: name, value: unmasked(expression.value, plan) }
    }
    case 'in': {
      const { name, plan } = meant(expression.field)
      return { ...expression, field: name, values: expression.values.map((value) => unmasked(value, plan)) }
    }
    default:
      return { ...expression, field: meant(expression.field).name }
  }
}

/** A query in common names, in the vendor's. @throws AppError `bad-query`, with position where it is no query. */
export const vendorWhere = (plan: MappingPlan, resource: Named, where: string): string => {
  const asked = parseWhere(where)
  if (asked === null) return ''
  return printWhere(renamed(asked, (name) => meantBy(plan, resource, 'where', name)))
}

/** An order in common names, in the vendor's. @throws AppError `bad-query`. */
export const vendorOrder = (plan: MappingPlan, resource: Named, orderBy: string): string =>
  orderBy.trim() === ''
    ? ''
    : parseOrderBy(orderBy)
        .map(({ field, direction }) => {
          const { name, plan: one } = meantBy(plan, resource, 'orderBy', field)
          if (one?.vendor?.some(({ kind }) => kind !== 'name') === true)
            throw notAskable(
              plan,
              'orderBy',
              field,
              'rows are ordered by single values. Order by another field.',
            )
          return `${printName(name)} ${direction}`
        })
        .join(', ')

/**
 * The vendor's name of a single value that a common name stands for.
 * @param parameter what names it, for errors.
 * @throws AppError `bad-query` where there is none.
 */
export const vendorField = (plan: MappingPlan, resource: Named, parameter: string, name: string): string => {
  const meant = meantBy(plan, resource, parameter, name)
  if (meant.plan?.vendor?.every(({ kind }) => kind === 'name') !== false) return meant.name
  throw notAskable(
    plan,
    parameter,
    name,
    `it is mapped to ${meant.plan.field.vendorPath}, which is no single value.`,
  )
}

/** The fields that a caller names, and what has to be read of the vendor for them. */
export interface FieldsAsked {
  /** A comma list in the vendor's names; empty: whole rows. */
  readonly vendor: string
  /** Takes the fields that were named out of a row that is mapped. */
  readonly project: (row: JsonObject) => JsonObject
}

const everything: FieldsAsked = { vendor: '', project: (row) => row }

/** The vendor's fields that a common name, or a part or a group of them, is made of. */
const headsFor = (plan: MappingPlan, name: string): readonly string[] => {
  const of = shownFields(plan).filter(
    ({ field }) => restBehind(name, field.path) !== null || restBehind(field.path, name) !== null,
  )
  if (of.length > 0)
    return of.flatMap(({ vendor = [] }) => (vendor[0]?.kind === 'name' ? [vendor[0].name] : []))
  if (plan.showsUnmapped) return [name]
  // It may be the script's own.
  if (plan.script !== undefined) return []
  throw unknown(plan, 'fields', name)
}

/**
 * The fields of a comma list of common names.
 * @throws AppError `bad-query` naming one that there is not.
 */
export const fieldsAsked = (plan: MappingPlan, resource: Named, list: string): FieldsAsked => {
  const names = list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  if (names.length === 0) return everything
  const heads = [...new Set(names.flatMap((name) => headsFor(plan, name)))]
  // A field that the element does not name is shown with whole rows only.
  const mapped = new Set(
    plan.fields.flatMap(({ vendor = [] }) => (vendor[0]?.kind === 'name' ? [vendor[0].name] : [])),
  )
  const isHidden = heads.some(
    (head) => mapped.has(head) && head !== 'id' && !Object.hasOwn(resource.fields, head),
  )
  const { aliases = {}, fields } = resource
  const paths = names.map((name) => {
    const own = !mapped.has(name) && Object.hasOwn(aliases, name) ? (aliases[name] ?? name) : name
    return segmentsOf(parsePath('fields', own, (one) => Object.hasOwn(fields, one)))
  })
  return {
    // A script may make any field of any other.
    vendor: isHidden || plan.script !== undefined ? '' : heads.join(','),
    project: (row) => {
      const kept: Draft = {}
      for (const path of paths) move(row, path, kept, path)
      return kept
    },
  }
}
