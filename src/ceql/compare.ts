import { AppError } from '#src/lib/errors.ts'
import { parseInstant } from '#src/lib/instant.ts'
import type { Json } from '#src/lib/json.ts'
import type { Value } from './expression.ts'
import { readNumber } from './numbers.ts'

/** How a field's values compare; `object` and `unknown` leave it to each row's value. */
export type FieldType = 'text' | 'number' | 'boolean' | 'datetime' | 'object' | 'unknown'

/** Below 0, 0 or above 0 as the row's value comes before, with or after the literal; undefined: incomparable. */
export type Compare = (value: Json | undefined) => number | undefined

/** Nanoseconds stand apart: a double in milliseconds since 1970 cannot hold nine decimals of a second. */
interface Instant {
  readonly ms: number
  readonly nanos: number
}

const decimals = /\.(\d{1,9})/

const readInstant = (text: string): Instant | null => {
  if (parseInstant(text) === null) return null
  const ms = parseInstant(text.replace(decimals, ''))
  const nanos = Number((decimals.exec(text)?.[1] ?? '').padEnd(9, '0'))
  return ms === null ? null : { ms, nanos }
}

const literalText = (value: Value): string =>
  value.kind === 'number' || value.kind === 'date' ? value.text : String(value.value)

const literalNumber = (value: Value): number | null => {
  if (value.kind === 'number') return value.value
  return value.kind === 'string' ? readNumber(value.value) : null
}

const textBoolean = (text: string): boolean | null => {
  const lower = text.trim().toLowerCase()
  if (lower === 'true') return true
  return lower === 'false' ? false : null
}

const literalBoolean = (value: Value): boolean | null => {
  if (value.kind === 'boolean') return value.value
  return value.kind === 'string' ? textBoolean(value.value) : null
}

const literalInstant = (value: Value): Instant | null => {
  if (value.kind === 'date') return readInstant(value.text)
  return value.kind === 'string' ? readInstant(value.value) : null
}

const rowText = (value: Json | undefined): string | null =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null

const rowNumber = (value: Json | undefined): number | null => {
  if (typeof value === 'number') return value
  return typeof value === 'string' ? readNumber(value) : null
}

const rowBoolean = (value: Json | undefined): boolean | null => {
  if (typeof value === 'boolean') return value
  return typeof value === 'string' ? textBoolean(value) : null
}

const rowInstant = (value: Json | undefined): Instant | null =>
  typeof value === 'string' ? readInstant(value) : null

const order = <T extends string | number | boolean>(left: T, right: T): number =>
  left === right ? 0 : left < right ? -1 : 1

const orderInstants = (left: Instant, right: Instant): number =>
  order(left.ms, right.ms) || order(left.nanos, right.nanos)

const against =
  <T>(
    read: (value: Json | undefined) => T | null,
    compare: (left: T, right: T) => number,
    literal: T,
  ): Compare =>
  (value) => {
    const found = read(value)
    return found === null ? undefined : compare(found, literal)
  }

const orNull = <T>(
  literal: T | null,
  read: (value: Json | undefined) => T | null,
  compare: (left: T, right: T) => number,
): Compare | null => (literal === null ? null : against(read, compare, literal))

const byRowType = (value: Value): Compare => {
  const instant = value.kind === 'date' ? literalInstant(value) : null
  if (instant !== null) return against(rowInstant, orderInstants, instant)
  const text = literalText(value)
  const number = literalNumber(value)
  const boolean = literalBoolean(value)
  return (found) => {
    if (typeof found === 'string') return order(found, text)
    if (typeof found === 'number') return number === null ? undefined : order(found, number)
    if (typeof found === 'boolean') return boolean === null ? undefined : order(found, boolean)
    return undefined
  }
}

const byType = (value: Value, type: FieldType): Compare | null => {
  switch (type) {
    case 'text':
      return against(rowText, order<string>, literalText(value))
    case 'number':
      return orNull(literalNumber(value), rowNumber, order<number>)
    case 'boolean':
      return orNull(literalBoolean(value), rowBoolean, order<boolean>)
    case 'datetime':
      return orNull(literalInstant(value), rowInstant, orderInstants)
    default:
      return byRowType(value)
  }
}

const wanted: Readonly<Record<'number' | 'boolean' | 'datetime', string>> = {
  number: 'a number',
  boolean: 'true or false',
  datetime: "a date such as '2026-01-31' or '2026-01-31T12:00:00Z'",
}

const equalsEmpty: Compare = (value) => (value === '' ? 0 : undefined)

/**
 * How rows compare with one literal of a query; see createMatcher for the rules.
 * @param ordering whether the operator asks for before or after, which an empty text has no answer to.
 * @throws AppError `bad-query` naming the field when the literal cannot be of the field's type.
 */
export const createCompare = (field: string, value: Value, type: FieldType, ordering: boolean): Compare => {
  const compare = byType(value, type)
  if (compare !== null) return compare
  if (!ordering && value.kind === 'string' && value.value === '') return equalsEmpty
  const expected = type === 'number' || type === 'boolean' || type === 'datetime' ? wanted[type] : 'a value'
  const name = field.slice(0, 64)
  throw new AppError(
    'bad-query',
    `where: ${name} takes ${expected}, not '${literalText(value).slice(0, 64)}'.`,
  )
}

/** A row's value as LIKE sees it; null where there is nothing to match. */
export const likeText = rowText
