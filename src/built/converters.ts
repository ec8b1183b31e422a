import type { Expression, Operator, Value } from '#src/ceql/index.ts'
import { spineTerms } from './spine.ts'

type Term = Exclude<Expression, { kind: 'and' | 'or' | 'not' }>

const textOf = (value: Value): string => ('value' in value ? String(value.value) : value.text)

/** How a dialect writes a query as one text. */
interface Dialect {
  readonly and: string
  readonly or: string
  readonly not: (inner: string) => string
  readonly group: (inner: string) => string
  readonly term: (term: Term) => string
}

const written = (expression: Expression, dialect: Dialect): string => {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return expression.terms
        .map((term) => {
          const inner = written(term, dialect)
          return term.kind === 'and' || term.kind === 'or' ? dialect.group(inner) : inner
        })
        .join(dialect[expression.kind])
    case 'not':
      return dialect.not(written(expression.term, dialect))
    default:
      return dialect.term(expression)
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

const odataOperators: Readonly<Record<Operator, string>> = {
  '=': 'eq',
  '!=': 'ne',
  '<': 'lt',
  '>': 'gt',
  '<=': 'le',
  '>=': 'ge',
}

/** The text of a pattern without its wildcards, and where they stand. */
const likeOf = (
  pattern: string,
): { readonly text: string; readonly kind: 'starts' | 'ends' | 'holds' | 'is' } => {
  const starts = pattern.startsWith('%')
  const ends = pattern.length > 1 && pattern.endsWith('%')
  const text = pattern.slice(starts ? 1 : 0, ends ? -1 : undefined)
  return { text, kind: starts ? (ends ? 'holds' : 'ends') : ends ? 'starts' : 'is' }
}

/** OData 4.01 part 2, 5.1.1; version 3 writes dates with a prefix and has `substringof`. */
const odata = (version: 3 | 4): Dialect => {
  const value = (one: Value): string => {
    if (one.kind === 'string') return quoted(one.value)
    if (one.kind !== 'date') return textOf(one)
    return version === 3 ? `datetime${quoted(one.text)}` : one.text
  }
  const like = (field: string, pattern: string): string => {
    const { text, kind } = likeOf(pattern)
    if (kind === 'starts') return `startswith(${field},${quoted(text)})`
    if (kind === 'ends') return `endswith(${field},${quoted(text)})`
    if (kind === 'is') return `${field} eq ${quoted(text)}`
    return version === 3 ? `substringof(${quoted(text)},${field})` : `contains(${field},${quoted(text)})`
  }
  return {
    and: ' and ',
    or: ' or ',
    not: (inner) => `not (${inner})`,
    group: (inner) => `(${inner})`,
    term: (term) => {
      if (term.kind === 'comparison')
        return `${term.field} ${odataOperators[term.operator]} ${value(term.value)}`
      if (term.kind === 'in')
        return `(${term.values.map((one) => `${term.field} eq ${value(one)}`).join(' or ')})`
      if (term.kind === 'like') return like(term.field, term.pattern)
      return `${term.field} ${term.negated ? 'ne' : 'eq'} null`
    },
  }
}

/** Conditions of a work item query (learn.microsoft.com, "WIQL syntax reference"). */
const wiql: Dialect = {
  and: ' AND ',
  or: ' OR ',
  not: (inner) => `NOT (${inner})`,
  group: (inner) => `(${inner})`,
  term: (term) => {
    const field = `[${term.field}]`
    const value = (one: Value) => (one.kind === 'number' ? one.text : quoted(textOf(one)))
    if (term.kind === 'comparison')
      return `${field} ${term.operator === '!=' ? '<>' : term.operator} ${value(term.value)}`
    if (term.kind === 'in') return `${field} IN (${term.values.map(value).join(', ')})`
    if (term.kind === 'like') return `${field} CONTAINS ${quoted(likeOf(term.pattern).text)}`
    return `${field} ${term.negated ? '<>' : '='} ''`
  },
}

const quickbaseOperators: Readonly<Record<Operator, string>> = {
  '=': 'EX',
  '!=': 'XEX',
  '<': 'LT',
  '>': 'GT',
  '<=': 'LTE',
  '>=': 'GTE',
}

/** A query of fields by number, `{6.EX.'x'}AND{7.GT.'3'}` (help.quickbase.com, "Components of a query"). */
const quickbase: Dialect = {
  and: 'AND',
  or: 'OR',
  not: (inner) => `NOT(${inner})`,
  group: (inner) => `(${inner})`,
  term: (term) => {
    const one = (operator: string, text: string) =>
      `{'${term.field}'.${operator}.'${text.replaceAll("'", "\\'")}'}`
    if (term.kind === 'comparison') return one(quickbaseOperators[term.operator], textOf(term.value))
    if (term.kind === 'in') return `(${term.values.map((value) => one('EX', textOf(value))).join('OR')})`
    if (term.kind === 'like') {
      const { text, kind } = likeOf(term.pattern)
      return one(kind === 'starts' ? 'SW' : 'CT', text)
    }
    return one(term.negated ? 'XEX' : 'EX', '')
  },
}

const reportOperators: Readonly<Record<Operator, string>> = {
  '=': 'equals',
  '!=': 'notEqual',
  '<': 'lessThan',
  '>': 'greaterThan',
  '<=': 'lessOrEqual',
  '>=': 'greaterOrEqual',
}

/** `reportFilters` of a report's metadata: a list of which all must hold, so only such queries are handed on. */
const reportFilters = (where: Expression): string =>
  JSON.stringify(
    spineTerms(where).flatMap((term) => {
      if (term.kind === 'comparison')
        return [{ column: term.field, operator: reportOperators[term.operator], value: textOf(term.value) }]
      if (term.kind === 'in')
        return [{ column: term.field, operator: 'equals', value: term.values.map(textOf).join(',') }]
      if (term.kind !== 'like') return []
      const { text, kind } = likeOf(term.pattern)
      return [{ column: term.field, operator: kind === 'starts' ? 'startsWith' : 'contains', value: text }]
    }),
  )

/** The comparisons by `=` that must all hold, each as a parameter of its own. */
const queryParameters = (where: Expression): Readonly<Record<string, string>> =>
  Object.fromEntries(
    spineTerms(where).flatMap((term): [string, string][] =>
      term.kind === 'comparison' && term.operator === '=' ? [[term.field, textOf(term.value)]] : [],
    ),
  )

/** A query as several parameters of the vendor, or as the text of one. */
type Converter = (where: Expression) => Readonly<Record<string, string>> | string

/** Converters of `where` by name (spec/contract.md 2.1). */
export const converters: Readonly<Record<string, Converter>> = {
  toQueryParameters: queryParameters,
  toODataFilter: (where) => written(where, odata(4)),
  toODataV3Filter: (where) => written(where, odata(3)),
  toWiql: (where) => written(where, wiql),
  toQuickbase: (where) => written(where, quickbase),
  toSFDCReportFilter: reportFilters,
}

/** Which part of a query a converter hands on: what it does not is looked at here alone. */
export type Reach = 'equals' | 'whole' | 'spine'

export const reachOf = (converter: string): Reach => {
  if (converter === 'toQueryParameters') return 'equals'
  return converter === 'toSFDCReportFilter' ? 'spine' : 'whole'
}
