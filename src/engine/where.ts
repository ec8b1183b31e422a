import { type Expression, printWhere, type Value } from '#src/ceql/index.ts'
import type { FieldType, Filter, Given, Resource } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { parseInstant, printInstant } from '#src/lib/instant.ts'
import { filterGroupsOf, type Groups, namesInGroups, printGroups } from './filter-groups.ts'
import { filtersOf } from './filters.ts'
import { checkedName, fieldNames, resolveField } from './names.ts'
import { valueText } from './value-text.ts'

/** A filter that the vendor applies, with the value as it is sent. */
export interface Pushed {
  readonly filter: Filter
  readonly value: string
}

/** What the vendor is asked for, by the callers' names. */
export const valuesPushed = (pushed: readonly Pushed[]): Given =>
  Object.fromEntries(pushed.map(({ filter, value }) => [filter.param, value]))

/**
 * Which part of a query the vendor answers and which we do. What is pushed never selects less than the
 * query asks; what may select more is checked again by `rest`.
 */
export interface WherePlan {
  /** The row's id, where the query names exactly one row. */
  readonly key: string | null
  readonly pushed: readonly Pushed[]
  readonly rest: Expression | null
  /** What the vendor applies of `rest`, where it takes groups of filters. */
  readonly groups: Groups
  /** `rest` as it is asked, for a search that hands it on itself (`Resource.openFields`). */
  readonly asked: Expression | null
}

type Comparison = Extract<Expression, { kind: 'comparison' }>
type InList = Extract<Expression, { kind: 'in' }>

/** What one term of the AND spine becomes. */
interface Step {
  readonly push?: Pushed
  readonly rest?: Expression
}

const refuse = (message: string): never => {
  throw new AppError('bad-query', message)
}

const vendorDate = (filter: Filter, value: Value, towards: -1 | 1): string => {
  const text = valueText(value)
  const instant = parseInstant(text)
  if (instant === null) {
    return refuse(
      `where: ${filter.param} needs a date such as '2026-01-31' or '2026-01-31T12:00:00.000', not '${text.slice(0, 64)}'.`,
    )
  }
  if (filter.widenSeconds === undefined) return text
  return printInstant(instant + towards * filter.widenSeconds * 1000)
}

const equalsText = (filter: Filter, value: Value): string => {
  const text = valueText(value)
  if (filter.type !== 'boolean') return text
  const lower = text.toLowerCase()
  if (lower === 'true' || lower === 'false') return lower
  return refuse(`where: ${filter.param} is true or false, not '${text.slice(0, 64)}'.`)
}

const boundOperators = { after: ['=', '>', '>='], before: ['=', '<', '<='] } as const

const onField = (filter: Filter, expression: Expression): { rest?: Expression } =>
  filter.field === undefined ? {} : { rest: expression }

/** A comparison that names the vendor's parameter itself: it must reach the vendor, whole. */
const byParam = (filter: Filter, term: Comparison): Step => {
  const field = filter.field ?? filter.param
  if (filter.means === 'equals') {
    if (term.operator !== '=') refuse(`where: ${filter.param} takes = only.`)
    const text = equalsText(filter, term.value)
    if (text === '') refuse(`where: ${filter.param} needs a value.`)
    const rest: Expression = filter.list
      ? {
          kind: 'in',
          field,
          values: text.split(',').map((value) => ({ kind: 'string', value: value.trim() })),
          position: term.position,
        }
      : { ...term, field }
    return { push: { filter, value: text }, ...onField(filter, rest) }
  }
  const allowed: readonly string[] = boundOperators[filter.means]
  if (!allowed.includes(term.operator)) {
    refuse(
      `where: ${filter.param} takes ${allowed.join(', ')} and means ${filter.means === 'after' ? '>=' : '<='}.`,
    )
  }
  const towards = filter.means === 'after' ? -1 : 1
  const operator = filter.means === 'after' ? '>=' : '<='
  return {
    push: { filter, value: vendorDate(filter, term.value, towards) },
    ...onField(filter, { ...term, field, operator }),
  }
}

const fitting: Readonly<Record<Filter['means'], readonly string[]>> = {
  equals: ['='],
  after: ['>', '>='],
  before: ['<', '<='],
}

const pushable = (filter: Filter, term: Comparison): Pushed | undefined => {
  if (filter.means !== 'equals') {
    const text = valueText(term.value)
    if (parseInstant(text) === null) return undefined
    return { filter, value: vendorDate(filter, term.value, filter.means === 'after' ? -1 : 1) }
  }
  const text = valueText(term.value)
  if (text === '' || (filter.list && text.includes(','))) return undefined
  return { filter, value: equalsText(filter, term.value) }
}

/** A comparison on a field of the row: the vendor narrows where it can, the row is checked in any case. */
const byField = (resource: Resource, term: Comparison): Step => {
  const filter = filtersOf(resource).find(
    (candidate) => candidate.field === term.field && fitting[candidate.means].includes(term.operator),
  )
  const push = filter === undefined ? undefined : pushable(filter, term)
  return push === undefined ? { rest: term } : { push, rest: term }
}

const byList = (resource: Resource, term: InList): Step => {
  const filter = filtersOf(resource).find((candidate) => candidate.field === term.field && candidate.list)
  const texts = term.values.map(valueText)
  if (filter === undefined || texts.some((text) => text === '' || text.includes(','))) return { rest: term }
  return { push: { filter, value: texts.join(',') }, rest: term }
}

const paramNamed = (resource: Resource, name: string): Filter | undefined =>
  filtersOf(resource).find((filter) => filter.param === name && filter.hidden !== true)

/** Renames aliases to fields and refuses unknown names, and parameters where only fields can stand. */
const settle = (resource: Resource, expression: Expression): Expression => {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return { ...expression, terms: expression.terms.map((term) => settle(resource, term)) }
    case 'not':
      return { ...expression, term: settle(resource, expression.term) }
    default: {
      if (paramNamed(resource, expression.field) !== undefined) {
        return refuse(
          `where: ${expression.field} is a search parameter of the provider; it can only be compared once, joined by AND, outside OR, NOT, IN, LIKE and IS.`,
        )
      }
      return { ...expression, field: checkedName(resource, expression.field, 'where') }
    }
  }
}

const stepFor = (resource: Resource, term: Expression): Step => {
  if (term.kind === 'comparison') {
    const filter = paramNamed(resource, term.field)
    if (filter !== undefined) return byParam(filter, term)
    const settled = { ...term, field: checkedName(resource, term.field, 'where') }
    return byField(resource, settled)
  }
  const settled = settle(resource, term)
  return settled.kind === 'in' ? byList(resource, settled) : { rest: settled }
}

const addPush = (pushed: Map<string, Pushed>, push: Pushed): void => {
  const before = pushed.get(push.filter.param)
  if (before === undefined) {
    pushed.set(push.filter.param, push)
    return
  }
  if (push.filter.field === undefined && before.value !== push.value) {
    refuse(`where: ${push.filter.param} can only be given once.`)
  }
}

const keyIn = (resource: Resource, rest: readonly Expression[]): string | null => {
  if (resource.verbs.retrieve === undefined) return null
  const found = rest.find(
    (term) => term.kind === 'comparison' && term.operator === '=' && term.field === resource.key,
  )
  const text = found?.kind === 'comparison' ? valueText(found.value) : ''
  return text === '' ? null : text
}

/** One owner's login goes with a get as it does with a listing; "everybody" does not. */
const namesOwner = (resource: Resource, { filter, value }: Pushed): boolean =>
  filter.param === resource.owner?.param && value !== resource.owner.everybody

/** The terms that must all hold, whatever brackets stand around some of them. */
export const spineOf = (expression: Expression): readonly Expression[] =>
  expression.kind === 'and' ? expression.terms.flatMap(spineOf) : [expression]

/**
 * Splits a query between the vendor and us.
 * @throws AppError `bad-query` on an unknown field (naming the nearest) or an operator that a search
 * parameter does not take.
 */
export const planWhere = (resource: Resource, where: Expression | null): WherePlan => {
  if (where === null) return { key: null, pushed: [], rest: null, groups: [], asked: null }
  const spine = spineOf(where)
  const pushed = new Map<string, Pushed>()
  const rest: Expression[] = []
  for (const term of spine) {
    const step = stepFor(resource, term)
    if (step.push !== undefined) addPush(pushed, step.push)
    if (step.rest !== undefined) rest.push(step.rest)
  }
  const pushes = [...pushed.values()]
  const unseen = pushes.filter((push) => push.filter.field === undefined)
  const key = unseen.every((push) => namesOwner(resource, push)) ? keyIn(resource, rest) : null
  const left = allOf(rest.map((term) => believed(resource, term)))
  return {
    key,
    pushed: key === null ? pushes : unseen,
    rest: left,
    groups: key === null ? filterGroupsOf(resource, left) : [],
    asked: allOf(rest),
  }
}

/** Terms that must all hold as one; null: none. */
const allOf = (terms: readonly Expression[]): Expression | null => {
  const [only] = terms
  return only === undefined ? null : terms.length === 1 ? only : { kind: 'and', terms }
}

const handsOn = ({ openFields }: Resource, term: Expression): boolean => {
  switch (openFields?.asks) {
    case undefined:
      return false
    case 'equals':
      return term.kind === 'comparison' && term.operator === '='
    case 'spine':
      return term.kind === 'comparison' || term.kind === 'in' || term.kind === 'like'
    case 'whole':
      return true
  }
}

/** A term as rows are checked by it: of what the vendor was asked, a field that nobody knows and a row lacks is believed. */
const believed = (resource: Resource, term: Expression): Expression => {
  if (!handsOn(resource, term)) return term
  const loosened = (inner: Expression): Expression => {
    if ('terms' in inner) return { ...inner, terms: inner.terms.map(loosened) }
    if (inner.kind === 'not' || inner.kind === 'null') return inner
    const { field, position } = inner
    if (Object.hasOwn(resource.fields, field)) return inner
    return { kind: 'or', terms: [inner, { kind: 'null', field, negated: false, position }] }
  }
  return loosened(term)
}

/** The types by which rows are compared; objects and what lies inside them by what each row holds. */
export const typeOfField =
  (resource: Resource) =>
  (name: string): FieldType | 'unknown' => {
    const type = resolveField(resource, name)?.type
    return type === undefined || type === 'object' ? 'unknown' : type
  }

const ascii = (text: string): string => text.replace(/[^\x20-\x7e]/g, (found) => encodeURIComponent(found))

/** The plan in words, for the header `Elements-Query-Plan`: printable ASCII, at most 2,000 characters. */
export const printPlan = (resource: Resource, plan: WherePlan): string => {
  const vendor =
    plan.key !== null
      ? `get ${resource.key}`
      : [
          ...plan.pushed.map(({ filter, value }) => `${filter.param}='${value}'`),
          ...(plan.groups.length === 0 ? [] : [printGroups(plan.groups)]),
        ].join(', ') || 'everything'
  const local = plan.rest === null ? 'nothing' : printWhere(plan.rest)
  return ascii(`provider: ${vendor}; local: ${local}`).slice(0, 2000)
}

/** The plan without values, for the request log. */
export const planShape = (resource: Resource, plan: WherePlan): string => {
  const vendor =
    plan.key !== null
      ? [`get ${resource.key}`]
      : [...plan.pushed.map(({ filter }) => filter.param), ...namesInGroups(plan.groups)]
  const local = plan.rest === null ? [] : fieldNames(plan.rest)
  return `provider(${vendor.join(', ')}) local(${local.join(', ')})`
}
