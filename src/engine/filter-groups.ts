import type { Expression, Value } from '#src/ceql/index.ts'
import type { FieldType, FilterGroups, Resource } from '#src/element/index.ts'
import { parseInstant } from '#src/lib/instant.ts'
import { valueText } from './value-text.ts'

/** One filter as it is sent. */
export interface GroupFilter {
  readonly propertyName: string
  readonly operator: string
  readonly value?: string
  readonly values?: readonly string[]
}

/** One group must hold whole. No groups: everything. */
export type Groups = readonly (readonly GroupFilter[])[]

type Predicate = Exclude<Expression, { kind: 'and' | 'or' | 'not' }>
type Comparison = Extract<Expression, { kind: 'comparison' }>

/** What narrows nothing: a group without filters. */
const everything: Groups = [[]]

/** Whether the vendor tells times apart to the millisecond is not known; what a second more selects is looked at again. */
const widenMs = 1_000

/** How one field is searched. */
interface Searched {
  readonly name: string
  readonly type: FieldType
  readonly isChoice: boolean
  readonly style: FilterGroups
}

const plainNumber = /^-?\d{1,15}(\.\d{1,10})?$/

/** A value as the vendor takes it where it is to equal one; undefined: it cannot be said there. */
const wordOf = ({ type }: Searched, value: Value): string | undefined => {
  const text = valueText(value).trim()
  if (type === 'number') return plainNumber.test(text) ? text : undefined
  if (type === 'boolean') return /^(true|false)$/i.test(text) ? text.toLowerCase() : undefined
  if (type !== 'text' || text === '') return undefined
  return valueText(value)
}

/** Whether the vendor finds the same values equal as we do, so that what it excludes is excluded here too. */
const isExact = ({ type, isChoice }: Searched): boolean => type === 'number' || isChoice

const one = (name: string, operator: string, value?: string): Groups => [
  [value === undefined ? { propertyName: name, operator } : { propertyName: name, operator, value }],
]

/** Rows without a value are none of the vendor's "not"; of ours they are. */
const orNone = (name: string, groups: Groups): Groups => [...groups, ...one(name, 'NOT_HAS_PROPERTY')]

const opposite = { '=': '!=', '!=': '=', '<': '>=', '>=': '<', '>': '<=', '<=': '>' } as const
const bounds = { '<': 'LT', '<=': 'LTE', '>': 'GT', '>=': 'GTE' } as const

const boundOf = (
  { name, type }: Searched,
  operator: keyof typeof bounds,
  value: Value,
): Groups | undefined => {
  if (type === 'number') {
    const text = valueText(value).trim()
    return plainNumber.test(text) ? one(name, bounds[operator], text) : undefined
  }
  const instant = type === 'datetime' ? parseInstant(valueText(value)) : null
  if (instant === null) return undefined
  return operator.startsWith('>')
    ? one(name, 'GTE', String(Math.floor(instant - widenMs)))
    : one(name, 'LTE', String(Math.ceil(instant + widenMs)))
}

const equalTo = (searched: Searched, value: Value): Groups | undefined => {
  if (searched.type !== 'datetime') {
    const word = wordOf(searched, value)
    return word === undefined ? undefined : one(searched.name, 'EQ', word)
  }
  const from = boundOf(searched, '>=', value)
  const to = boundOf(searched, '<=', value)
  return from === undefined || to === undefined ? undefined : [[...from.flat(), ...to.flat()]]
}

/** A comparison; where it is denied, the opposite, and rows without a value besides. */
const compared = (searched: Searched, term: Comparison, denied: boolean): Groups | undefined => {
  const operator = denied ? opposite[term.operator] : term.operator
  const { name } = searched
  if (operator === '=') return equalTo(searched, term.value)
  if (operator === '!=') {
    const word = isExact(searched) ? wordOf(searched, term.value) : undefined
    return word === undefined ? undefined : orNone(name, one(name, 'NEQ', word))
  }
  const bound = boundOf(searched, operator, term.value)
  return bound === undefined || !denied ? bound : orNone(name, bound)
}

const among = (searched: Searched, given: readonly Value[], denied: boolean): Groups | undefined => {
  const { name, style } = searched
  const words = given.map((value) => wordOf(searched, value))
  const known = words.filter((word) => word !== undefined)
  if (known.length < words.length || known.length > style.mostValues) return undefined
  // Where case does not count, the vendor compares with what is written in lower case.
  const values = isExact(searched) ? known : known.map((word) => word.toLowerCase())
  if (!denied) return [[{ propertyName: name, operator: 'IN', values }]]
  return isExact(searched) ? orNone(name, [[{ propertyName: name, operator: 'NOT_IN', values }]]) : undefined
}

/** Letters alone, or digits alone, stand within one word, however the vendor cuts texts into words. */
const oneWord = /^([a-z]{2,40}|\d{2,40})$/i

const like = ({ name, type, isChoice }: Searched, pattern: string): Groups | undefined => {
  const word =
    type === 'text' && !isChoice ? pattern.split('%').find((part) => oneWord.test(part)) : undefined
  return word === undefined ? undefined : one(name, 'CONTAINS_TOKEN', `*${word}*`)
}

/**
 * What of one condition the vendor can look at, never less than the condition selects; undefined: nothing.
 * That a field has a value is not asked for: vendors differ in whether an empty text is one.
 */
const searchFor = (searched: Searched, term: Predicate, denied: boolean): Groups | undefined => {
  switch (term.kind) {
    case 'comparison':
      return compared(searched, term, denied)
    case 'in':
      return among(searched, term.values, denied)
    case 'like':
      return denied ? undefined : like(searched, term.pattern)
    case 'null':
      return term.negated === denied ? one(searched.name, 'NOT_HAS_PROPERTY') : undefined
  }
}

const fits = (groups: Groups, style: FilterGroups): boolean =>
  groups.length <= style.mostGroups &&
  groups.every((group) => group.length <= style.mostFilters) &&
  groups.flat().length <= style.mostInAll &&
  JSON.stringify(groups).length <= style.mostCharacters

const isEverything = (groups: Groups): boolean => groups.some((group) => group.length === 0)

/** All must hold: each group of one with each of the other, as far as the vendor takes so many; cheap ones first. */
const allOf = (parts: readonly Groups[], style: FilterGroups): Groups =>
  [...parts]
    .sort((left, right) => left.length - right.length)
    .reduce((sofar, part) => {
      const joined = sofar.flatMap((group) => part.map((other) => [...group, ...other]))
      return fits(joined, style) ? joined : sofar
    }, everything)

const anyOf = (parts: readonly Groups[], style: FilterGroups): Groups => {
  const joined = parts.flat()
  return isEverything(joined) || !fits(joined, style) ? everything : joined
}

const within = (resource: Resource, style: FilterGroups, expression: Expression, denied: boolean): Groups => {
  switch (expression.kind) {
    case 'not':
      return within(resource, style, expression.term, !denied)
    case 'and':
    case 'or': {
      const parts = expression.terms.map((term) => within(resource, style, term, denied))
      return (expression.kind === 'and') === denied ? anyOf(parts, style) : allOf(parts, style)
    }
    default: {
      const { field } = expression
      const name = Object.hasOwn(style.names, field) ? style.names[field] : undefined
      const type = resource.fields[field]?.type
      if (name === undefined || type === undefined) return everything
      const searched = { name, type, isChoice: style.choices.includes(field), style }
      return searchFor(searched, expression, denied) ?? everything
    }
  }
}

/** The style without the one filter that each page after the first adds to each group. */
const withoutKey = (style: FilterGroups): FilterGroups => ({
  ...style,
  mostFilters: style.mostFilters - 1,
  mostInAll: style.mostInAll - style.mostGroups,
})

/** What the vendor is asked for of a query, never less than the query selects; none: everything. */
export const filterGroupsOf = (resource: Resource, where: Expression | null): Groups => {
  const { filterStyle } = resource
  if (filterStyle.kind !== 'groups' || where === null) return []
  const style = withoutKey(filterStyle)
  const groups = within(resource, style, where, false)
  return isEverything(groups) || !fits(groups, style) ? [] : groups
}

const shown = ({ propertyName, operator, value, values }: GroupFilter): string =>
  `${propertyName} ${operator}${value === undefined ? '' : ` '${value}'`}${values === undefined ? '' : ` (${values.join(', ')})`}`

/** Groups in words. */
export const printGroups = (groups: Groups): string =>
  groups.map((group) => group.map(shown).join(' and ')).join(' or ')

/** The fields that groups look at, each once, by the vendor's names. */
export const namesInGroups = (groups: Groups): readonly string[] => [
  ...new Set(groups.flatMap((group) => group.map(({ propertyName }) => propertyName))),
]

/** The groups of the page after a key, in the order of keys. */
export const groupsAfter = (groups: Groups, { key }: FilterGroups, cursor: string | null): Groups =>
  cursor === null
    ? groups
    : groups.map((group) => [...group, { propertyName: key, operator: 'GT', value: cursor }])
