import { AppError } from '#src/lib/errors.ts'
import { parseInstant } from '#src/lib/instant.ts'
import {
  type Cursor,
  expectSymbol,
  fail,
  isSymbol,
  isWord,
  openCursor,
  peek,
  take,
  takeName,
  takeSymbol,
  takeWord,
} from './cursor.ts'
import type { Expression, Operator, Value } from './expression.ts'
import { readNumber } from './numbers.ts'
import { checkSize, type Meter, type Token } from './tokens.ts'

/** Parentheses and NOTs inside one another that a query may have. */
const maxDepth = 200

const operators: ReadonlySet<string> = new Set<Operator>(['=', '!=', '<', '>', '<=', '>='])
const isOperator = (token: Token): boolean => token.kind === 'symbol' && operators.has(token.text)

const wordValue = (token: Token): Value | null => {
  if (isWord(token, 'true')) return { kind: 'boolean', value: true }
  return isWord(token, 'false') ? { kind: 'boolean', value: false } : null
}

const tokenValue = (token: Token): Value | null => {
  switch (token.kind) {
    case 'text':
      return { kind: 'string', value: token.text }
    case 'number': {
      const value = readNumber(token.text)
      return value === null ? null : { kind: 'number', value, text: token.text }
    }
    case 'date':
      return { kind: 'date', text: token.text }
    case 'name':
      return parseInstant(token.text) === null ? null : { kind: 'date', text: token.text.trim() }
    default:
      return wordValue(token)
  }
}

const takeValue = (cursor: Cursor): Value => {
  const value = tokenValue(peek(cursor))
  if (value === null) return fail(cursor, 'a value (a number, true, false, a date, or text in single quotes)')
  cursor.at += 1
  return value
}

const comparison = (cursor: Cursor, field: string, position: number): Expression => {
  const symbol = take(cursor).text
  if (isWord(peek(cursor), 'null')) {
    if (symbol !== '=' && symbol !== '!=') fail(cursor, `a value after ${symbol}`)
    cursor.at += 1
    return { kind: 'null', field, negated: symbol === '!=', position }
  }
  return { kind: 'comparison', field, operator: symbol as Operator, value: takeValue(cursor), position }
}

const inList = (cursor: Cursor, field: string, position: number): Expression => {
  expectSymbol(cursor, '(', '( after IN')
  const values = [takeValue(cursor)]
  while (takeSymbol(cursor, ',')) values.push(takeValue(cursor))
  expectSymbol(cursor, ')', 'a comma or )')
  return { kind: 'in', field, values, position }
}

const like = (cursor: Cursor, field: string, position: number): Expression => {
  const token = peek(cursor)
  if (token.kind !== 'text') fail(cursor, "a pattern in quotes after LIKE, such as 'abc%'")
  cursor.at += 1
  return { kind: 'like', field, pattern: token.text, position }
}

const isNull = (cursor: Cursor, field: string, position: number): Expression => {
  const negated = takeWord(cursor, 'not')
  if (!takeWord(cursor, 'null')) fail(cursor, negated ? 'NULL' : 'NULL or NOT NULL')
  return { kind: 'null', field, negated, position }
}

const predicate = (cursor: Cursor): Expression => {
  const position = peek(cursor).at + 1
  const field = takeName(cursor, 'a field name')
  if (isOperator(peek(cursor))) return comparison(cursor, field, position)
  if (takeWord(cursor, 'in')) return inList(cursor, field, position)
  if (takeWord(cursor, 'like')) return like(cursor, field, position)
  if (takeWord(cursor, 'is')) return isNull(cursor, field, position)
  if (!takeWord(cursor, 'not')) return fail(cursor, 'an operator (= != < > <= >= LIKE IN or IS NULL)')
  if (takeWord(cursor, 'in')) return { kind: 'not', term: inList(cursor, field, position) }
  if (takeWord(cursor, 'like')) return { kind: 'not', term: like(cursor, field, position) }
  return fail(cursor, 'IN or LIKE after NOT')
}

/** Whether the word `not` that stands here is a field's name, because a comparison goes on behind it. */
const notIsName = (cursor: Cursor): boolean => {
  const next = peek(cursor, 1)
  const after = peek(cursor, 2)
  if (isOperator(next)) return true
  if (isWord(next, 'in')) return isSymbol(after, '(')
  if (isWord(next, 'like')) return after.kind === 'text'
  if (!isWord(next, 'is')) return false
  return isWord(after, 'null') || (isWord(after, 'not') && isWord(peek(cursor, 3), 'null'))
}

const deeper = (cursor: Cursor, parse: (cursor: Cursor) => Expression): Expression => {
  if (cursor.depth >= maxDepth) fail(cursor, `at most ${maxDepth} levels of parentheses and NOT`)
  cursor.depth += 1
  cursor.at += 1
  const inner = parse(cursor)
  cursor.depth -= 1
  return inner
}

const primary = (cursor: Cursor): Expression => {
  const token = peek(cursor)
  if (isSymbol(token, '(')) {
    const inner = deeper(cursor, parseExpression)
    expectSymbol(cursor, ')', 'AND, OR or )')
    return inner
  }
  if (isWord(token, 'not') && !notIsName(cursor)) return { kind: 'not', term: deeper(cursor, primary) }
  return predicate(cursor)
}

const chain = (cursor: Cursor, kind: 'and' | 'or', parse: (cursor: Cursor) => Expression): Expression => {
  const first = parse(cursor)
  if (!isWord(peek(cursor), kind)) return first
  const terms = [first]
  while (takeWord(cursor, kind)) terms.push(parse(cursor))
  return { kind, terms }
}

const conjunction = (cursor: Cursor): Expression => chain(cursor, 'and', primary)

/**
 * Takes one whole expression and leaves the cursor behind it.
 * @throws AppError `bad-query`.
 */
export const parseExpression = (cursor: Cursor): Expression => chain(cursor, 'or', conjunction)

/**
 * The expression in a text of any length; parseWhere adds the limit.
 * @throws AppError `bad-query`.
 * @internal
 */
export const parseAll = (text: string, meter: Meter = { steps: 0 }): Expression | null => {
  const cursor = openCursor('where', text, meter)
  if (peek(cursor).kind === 'end') return null
  const expression = parseExpression(cursor)
  return peek(cursor).kind === 'end' ? expression : fail(cursor, 'AND, OR or the end')
}

/**
 * Reads a CEQL `where` of at most 64 KB; null when it is blank. AND binds closer than OR, NOT closer than AND.
 * Keywords go in any case, and name fields wherever no keyword can stand. Text goes in single or double quotes,
 * straight or curly, where a doubled quote is a quote; a bare or back-ticked ISO date is a date; `= null` and
 * `!= null` read as IS [NOT] NULL. Source: spec, contract section 4.
 * @throws AppError `bad-query` with the position (from 1), what was expected there and what was found; also over
 * 64 KB or 200 levels of nesting.
 */
export const parseWhere = (text: string): Expression | null => {
  checkSize('where', text)
  return parseAll(text)
}

/**
 * How many characters and tokens a text made the parser look at, valid or not.
 * @internal
 */
export const parseSteps = (text: string): number => {
  const meter = { steps: 0 }
  try {
    parseAll(text, meter)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
  }
  return meter.steps
}
