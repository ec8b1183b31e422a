import { parseOrderBy, readNumber } from '#src/ceql/index.ts'
import { type FieldType, type Resource, readPath } from '#src/element/index.ts'
import { parseInstant } from '#src/lib/instant.ts'
import type { Json } from '#src/lib/json.ts'
import { checkedName } from './names.ts'
import type { HubRow } from './rows.ts'
import { typeOfField } from './where.ts'

type Key = number | string | boolean | null

const keyOf = (value: Json | undefined, type: FieldType | 'unknown'): Key => {
  if (value === null || value === undefined) return null
  if (type === 'datetime' && typeof value === 'string') return parseInstant(value) ?? value
  // A number that a row holds as text, as a query compares it.
  if (type === 'number' && typeof value === 'string') return readNumber(value) ?? value
  if (typeof value === 'object') return JSON.stringify(value)
  return value
}

/** Absent values stand after all others, as PostgreSQL has them; unlike types by their text. */
const compareKeys = (one: Key, two: Key): number => {
  if (one === two) return 0
  if (one === null) return 1
  if (two === null) return -1
  if (typeof one !== typeof two) return String(one) < String(two) ? -1 : 1
  return one < two ? -1 : 1
}

/** An order of rows: what of a row it looks at, and how two of those compare. */
export interface RowOrder {
  readonly keysOf: (row: HubRow) => readonly Key[]
  /** Below 0: the first stands before. */
  readonly compare: (one: readonly Key[], two: readonly Key[]) => number
}

/** The order of `orderBy` (`Name asc, Total desc`). @throws AppError `bad-query` on an unknown field or a wrong word. */
export const createOrder = (resource: Resource, orderBy: string): RowOrder => {
  const types = typeOfField(resource)
  const terms = parseOrderBy(orderBy).map(({ field, direction }) => {
    const name = checkedName(resource, field, 'orderBy')
    const path = name.split('.')
    return { path, type: types(name), sign: direction === 'desc' ? -1 : 1 }
  })
  return {
    keysOf: (row) => terms.map(({ path, type }) => keyOf(readPath(row, path), type)),
    compare: (one, two) => {
      for (const [at, { sign }] of terms.entries()) {
        const order = compareKeys(one[at] ?? null, two[at] ?? null)
        if (order !== 0) return sign * order
      }
      return 0
    },
  }
}

/**
 * Sorts rows by `orderBy`; rows that are equal in it keep the vendor's order.
 * @throws AppError `bad-query` on an unknown field or a wrong word.
 */
export const createSorter = (
  resource: Resource,
  orderBy: string,
): ((rows: readonly HubRow[]) => HubRow[]) => {
  const { keysOf, compare } = createOrder(resource, orderBy)
  return (rows) => {
    const keyed = rows.map((row) => ({ row, keys: keysOf(row) }))
    keyed.sort((one, two) => compare(one.keys, two.keys))
    return keyed.map(({ row }) => row)
  }
}
