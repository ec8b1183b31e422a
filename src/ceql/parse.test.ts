import { describe, expect, it } from 'vitest'
import { AppError } from '#src/lib/errors.ts'
import type { Expression, Operator, Value } from './expression.ts'
import { fieldsOf, parseWhere } from './index.ts'

const text = (value: string): Value => ({ kind: 'string', value })
const number = (written: string): Value => ({ kind: 'number', value: Number(written), text: written })
const boolean = (value: boolean): Value => ({ kind: 'boolean', value })
const date = (written: string): Value => ({ kind: 'date', text: written })
const is = (field: string, operator: Operator, value: Value): Expression => ({
  kind: 'comparison',
  field,
  operator,
  value,
  position: 0,
})
const isIn = (field: string, ...values: Value[]): Expression => ({ kind: 'in', field, values, position: 0 })
const isLike = (field: string, pattern: string): Expression => ({ kind: 'like', field, pattern, position: 0 })
const isNull = (field: string, negated = false): Expression => ({ kind: 'null', field, negated, position: 0 })
const and = (...terms: Expression[]): Expression => ({ kind: 'and', terms })
const or = (...terms: Expression[]): Expression => ({ kind: 'or', terms })
const not = (term: Expression): Expression => ({ kind: 'not', term })

const unplaced = (expression: Expression | null): unknown =>
  JSON.parse(JSON.stringify(expression, (key, value: unknown) => (key === 'position' ? 0 : value)))

const failure = (run: () => unknown): unknown => {
  try {
    run()
  } catch (error) {
    return error
  }
  return undefined
}

const refusal = (query: string): string => {
  const error = failure(() => parseWhere(query))
  if (!(error instanceof AppError)) throw new Error(`not refused: ${query}`, { cause: error })
  expect(error.code).toBe('bad-query')
  return error.message
}

const a1 = is('a', '=', number('1'))
const b2 = is('b', '=', number('2'))
const c3 = is('c', '=', number('3'))

const samples: readonly (readonly [query: string, tree: Expression])[] = [
  [
    "private='true' AND abridged='true' AND key in ('a','b')",
    and(
      is('private', '=', text('true')),
      is('abridged', '=', text('true')),
      isIn('key', text('a'), text('b')),
    ),
  ],
  ["extended='true'", is('extended', '=', text('true'))],
  ['defaultAccount=true', is('defaultAccount', '=', boolean(true))],
  ["name='north'", is('name', '=', text('north'))],
  [
    "channel='webhook' and status='queued' and config.url='https://a.example/x?y=1'",
    and(
      is('channel', '=', text('webhook')),
      is('status', '=', text('queued')),
      is('config.url', '=', text('https://a.example/x?y=1')),
    ),
  ],
  [
    "modifiedDateAfter='2017-04-19T05:01:31.463'",
    is('modifiedDateAfter', '=', text('2017-04-19T05:01:31.463')),
  ],
  ["isBillable = 'false'", is('isBillable', '=', text('false'))],
  ["active = 'true'", is('active', '=', text('true'))],
  ["name='...'", is('name', '=', text('...'))],
  ["approvalStatus='R_NOTF'", is('approvalStatus', '=', text('R_NOTF'))],
  ["objectName in ('a')", isIn('objectName', text('a'))],
  ["a='1' AND b>='2'", and(is('a', '=', text('1')), is('b', '>=', text('2')))],
  ["name LIKE 'abc%'", isLike('name', 'abc%')],
  ['a is not null', isNull('a', true)],
  ['a IS NULL', isNull('a')],
  ['a=null', isNull('a')],
  ['a != NULL', isNull('a', true)],
  ['a <> null', isNull('a', true)],
  ["a='b'", is('a', '=', text('b'))],
  ["a=='b'", is('a', '=', text('b'))],
  ["a<>'b'", is('a', '!=', text('b'))],
  ['a<1', is('a', '<', number('1'))],
  ['a>1', is('a', '>', number('1'))],
  ['a<=1', is('a', '<=', number('1'))],
  ['a>=-1', is('a', '>=', number('-1'))],
  ['a = -12.50', is('a', '=', number('-12.50'))],
  ['a = 1.5E+10', is('a', '=', number('1.5E+10'))],
  ['a = .5', is('a', '=', number('.5'))],
  ['a = 9007199254740993', is('a', '=', number('9007199254740993'))],
  ['a = TRUE or a = False', or(is('a', '=', boolean(true)), is('a', '=', boolean(false)))],
  ['a = 2017-04-19', is('a', '=', date('2017-04-19'))],
  ['a>2017-04-19T05:01:31', is('a', '>', date('2017-04-19T05:01:31'))],
  ['a>2017-04-19T05:01:31.4631Z', is('a', '>', date('2017-04-19T05:01:31.4631Z'))],
  ['a>2017-04-19T05:01:31+02:00 and b=2', and(is('a', '>', date('2017-04-19T05:01:31+02:00')), b2)],
  ['a>2017-04-19T05:01:31-0200', is('a', '>', date('2017-04-19T05:01:31-0200'))],
  ['`a`>`2017-04-19 05:01:31`', is('a', '>', date('2017-04-19 05:01:31'))],
  ['`a.b` = 1', is('a.b', '=', number('1'))],
  ['`two words, a ``tick``` = 1', is('two words, a `tick`', '=', number('1'))],
  ["a = 'O''Neil'", is('a', '=', text("O'Neil"))],
  ["a = ''", is('a', '=', text(''))],
  ["a = ''''", is('a', '=', text("'"))],
  ['a = ‘curly’', is('a', '=', text('curly'))],
  ['a = ’curly’', is('a', '=', text('curly'))],
  ['a = ‘O’’Neil’', is('a', '=', text('O’Neil'))],
  ["a = 'O’Neil'", is('a', '=', text('O’Neil'))],
  ['a = "double ""d"" it\'s"', is('a', '=', text('double "d" it\'s'))],
  ['a = “curly”', is('a', '=', text('curly'))],
  ['Parent.Name = 1', is('Parent.Name', '=', number('1'))],
  ['lines[0].$amount_x-1 = 1', is('lines[0].$amount_x-1', '=', number('1'))],
  ['lines[*].id in(1,2)', isIn('lines[*].id', number('1'), number('2'))],
  ['größe=1', is('größe', '=', number('1'))],
  ['2fa = true', is('2fa', '=', boolean(true))],
  ['  a\t=\n1\u00a0 ', a1],
  ["a='1'AND(b=2)oR`c`=3", or(and(is('a', '=', text('1')), b2), c3)],
  ['a=1 or b=2 and c=3', or(a1, and(b2, c3))],
  ['(a=1 or b=2) and c=3', and(or(a1, b2), c3)],
  ['(a=1 and b=2) and c=3', and(and(a1, b2), c3)],
  ['((a=1))', a1],
  ['not a=1 and b=2', and(not(a1), b2)],
  ['NOT(a=1 and b=2)', not(and(a1, b2))],
  ['not not a=1', not(not(a1))],
  ["a not in ('x')", not(isIn('a', text('x')))],
  ["a NOT LIKE '%x'", not(isLike('a', '%x'))],
  [
    'order = 1 and value = 1 and from = 1',
    and(is('order', '=', number('1')), is('value', '=', number('1')), is('from', '=', number('1'))),
  ],
  [
    "in in (1) and like like 'x' and is is null",
    and(isIn('in', number('1')), isLike('like', 'x'), isNull('is')),
  ],
  [
    'select=1 and where=1 and limit=1',
    and(is('select', '=', number('1')), is('where', '=', number('1')), is('limit', '=', number('1'))),
  ],
  [
    'and = 1 and or = 1 or null is null',
    or(and(is('and', '=', number('1')), is('or', '=', number('1'))), isNull('null')),
  ],
  [
    "not = 1 and not in (1) and not like 'x' and not is null and not is not null",
    and(
      is('not', '=', number('1')),
      isIn('not', number('1')),
      isLike('not', 'x'),
      isNull('not'),
      isNull('not', true),
    ),
  ],
  ['not in = 1 and not not = 1', and(not(is('in', '=', number('1'))), not(is('not', '=', number('1'))))],
  ['true = true', is('true', '=', boolean(true))],
]

const value = '(a number, true, false, a date, or text in single quotes)'
const operator = '(= != < > <= >= LIKE IN or IS NULL)'
const ticks = '(back-ticks keep an unusual name whole)'

const refusals: readonly (readonly [query: string, message: string])[] = [
  ['a', `where, position 2: expected an operator ${operator}, found the end.`],
  ['a =', `where, position 4: expected a value ${value}, found the end.`],
  ['a = foo', `where, position 5: expected a value ${value}, found foo.`],
  ['a = `foo`', `where, position 5: expected a value ${value}, found \`foo\`.`],
  ['a = 2017-02-30', `where, position 5: expected a value ${value}, found 2017-02-30.`],
  ['a = 1e999', `where, position 5: expected a value ${value}, found 1e999.`],
  ['a = 1x', `where, position 5: expected a value ${value}, found 1x.`],
  ['a < null', 'where, position 5: expected a value after <, found null.'],
  ['a = 1 b = 2', 'where, position 7: expected AND, OR or the end, found b.'],
  ['a = 1)', 'where, position 6: expected AND, OR or the end, found ).'],
  ['(a = 1', 'where, position 7: expected AND, OR or ), found the end.'],
  ['()', `where, position 2: expected a field name ${ticks}, found ).`],
  ['a = 1 and', `where, position 10: expected a field name ${ticks}, found the end.`],
  ["'a' = 1", `where, position 1: expected a field name ${ticks}, found 'a'.`],
  ['5 = 1', `where, position 1: expected a field name ${ticks}, found 5.`],
  ['a..b = 1', `where, position 1: expected a field name ${ticks}, found a..b.`],
  ['`` = 1', `where, position 1: expected a field name ${ticks}, found \`\`.`],
  ["a = 'x", 'where, position 5: expected a closing quote (double a quote inside the text), found none.'],
  [
    'a = 1 and `x',
    'where, position 11: expected a closing quote (double a quote inside the text), found none.',
  ],
  ['a ; 1', 'where, position 3: expected a field name, a value or an operator, found ;.'],
  ['a[x] = 1', 'where, position 2: expected a field name, a value or an operator, found [.'],
  ['a 😀 1', 'where, position 3: expected a field name, a value or an operator, found 😀.'],
  ['a in 1', 'where, position 6: expected ( after IN, found 1.'],
  ['a in ()', `where, position 7: expected a value ${value}, found ).`],
  ['a in (1 2)', 'where, position 9: expected a comma or ), found 2.'],
  ['a like 5', "where, position 8: expected a pattern in quotes after LIKE, such as 'abc%', found 5."],
  ['a is 5', 'where, position 6: expected NULL or NOT NULL, found 5.'],
  ['a is not 5', 'where, position 10: expected NULL, found 5.'],
  ['a not = 5', 'where, position 7: expected IN or LIKE after NOT, found =.'],
  [`a ${'x'.repeat(40)}`, `where, position 3: expected an operator ${operator}, found ${'x'.repeat(32)}....`],
]

describe('parseWhere', () => {
  it.each(samples)('reads %s', (query, tree) => {
    expect(unplaced(parseWhere(query))).toEqual(tree)
  })

  it.each(['', ' \t\n'])('finds no query in the blank text %j', (query) => {
    expect(parseWhere(query)).toBeNull()
  })

  it.each(refusals)('refuses %s with position, expectation and finding', (query, message) => {
    expect(refusal(query)).toBe(message)
  })

  it('says where each field stands, counted from 1', () => {
    expect(fieldsOf(parseWhere("  a=1 and (`b c` in (2) or not a like 'x')") ?? a1)).toEqual([
      { field: 'a', position: 3 },
      { field: 'b c', position: 12 },
      { field: 'a', position: 32 },
    ])
  })
})
