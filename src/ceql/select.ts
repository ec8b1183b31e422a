import {
  type Cursor,
  expectSymbol,
  fail,
  isSymbol,
  isWord,
  openCursor,
  peek,
  takeName,
  takeSymbol,
  takeWord,
} from './cursor.ts'
import type { Expression } from './expression.ts'
import { parseExpression } from './parse.ts'
import { checkSize } from './tokens.ts'

/** One step of an order: the first of a list decides, the next breaks its ties. */
export interface OrderTerm {
  readonly field: string
  readonly direction: 'asc' | 'desc'
}

/** A bulk query: which fields of which object, in what order, at most how many rows. */
export interface Select {
  readonly fields: '*' | readonly string[]
  readonly from: string
  readonly where: Expression | null
  readonly orderBy: readonly OrderTerm[]
  readonly limit?: number
}

/** What may follow the object's name: each once, in any order. */
interface Clauses {
  where?: Expression
  orderBy?: readonly OrderTerm[]
  limit?: number
}

const nameList = (cursor: Cursor): readonly string[] => {
  const names = [takeName(cursor, 'a field name or *')]
  while (takeSymbol(cursor, ',')) names.push(takeName(cursor, 'a field name'))
  return names
}

const orderTerm = (cursor: Cursor): OrderTerm => {
  const field = takeName(cursor, 'a field name to order by')
  if (takeWord(cursor, 'desc')) return { field, direction: 'desc' }
  takeWord(cursor, 'asc')
  return { field, direction: 'asc' }
}

const orderTerms = (cursor: Cursor): readonly OrderTerm[] => {
  const terms = [orderTerm(cursor)]
  while (takeSymbol(cursor, ',')) terms.push(orderTerm(cursor))
  return terms
}

const rowCount = (cursor: Cursor): number => {
  const token = peek(cursor)
  const count = token.kind === 'number' && /^\d+$/.test(token.text) ? Number(token.text) : Number.NaN
  if (!Number.isSafeInteger(count)) fail(cursor, 'a whole number of rows after LIMIT')
  cursor.at += 1
  return count
}

const takeClause = (cursor: Cursor, clauses: Clauses): boolean => {
  if (clauses.where === undefined && takeWord(cursor, 'where')) {
    clauses.where = parseExpression(cursor)
    return true
  }
  if (clauses.limit === undefined && takeWord(cursor, 'limit')) {
    clauses.limit = rowCount(cursor)
    return true
  }
  if (clauses.orderBy === undefined && isWord(peek(cursor), 'order') && isWord(peek(cursor, 1), 'by')) {
    cursor.at += 2
    clauses.orderBy = orderTerms(cursor)
    return true
  }
  return false
}

const missing = (clauses: Clauses): string => {
  const names = [
    ...(clauses.where === undefined ? ['WHERE'] : ['AND', 'OR']),
    ...(clauses.orderBy === undefined ? ['ORDER BY'] : []),
    ...(clauses.limit === undefined ? ['LIMIT'] : []),
  ]
  return [...names, 'the end'].join(', ')
}

/**
 * Reads the `q` of a bulk query: `select *|f1,Parent.Name from Obj [where ...] [order by f [asc|desc], ...] [limit n]`,
 * keywords in any case, the clauses after the object in any order. At most 64 KB.
 * Source: spec, contract section 4.
 * @throws AppError `bad-query` with the position (from 1), what was expected there and what was found.
 * @public bulk downloads, which come with their own issue, are asked for in it
 */
export const parseSelect = (text: string): Select => {
  checkSize('q', text)
  const cursor = openCursor('q', text)
  if (!takeWord(cursor, 'select')) fail(cursor, 'SELECT')
  const all = isSymbol(peek(cursor), '*')
  if (all) expectSymbol(cursor, '*')
  const fields = all ? '*' : nameList(cursor)
  if (!takeWord(cursor, 'from')) fail(cursor, all ? 'FROM' : 'a comma or FROM')
  const from = takeName(cursor, 'the name of an object')
  const clauses: Clauses = {}
  while (takeClause(cursor, clauses));
  if (peek(cursor).kind !== 'end') fail(cursor, missing(clauses))
  const { where = null, orderBy = [], limit } = clauses
  return { fields, from, where, orderBy, ...(limit === undefined ? {} : { limit }) }
}

/**
 * Reads an `orderBy` parameter: `Name asc, Total desc`; ascending where nothing is said, empty when blank.
 * @throws AppError `bad-query` with the position (from 1), what was expected there and what was found.
 */
export const parseOrderBy = (text: string): readonly OrderTerm[] => {
  checkSize('orderBy', text)
  const cursor = openCursor('orderBy', text)
  if (peek(cursor).kind === 'end') return []
  const terms = orderTerms(cursor)
  return peek(cursor).kind === 'end' ? terms : fail(cursor, 'ASC, DESC, a comma or the end')
}
