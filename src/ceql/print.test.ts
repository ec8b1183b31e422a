import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Expression, Operator, Value } from './expression.ts'
import { parseWhere, printWhere } from './index.ts'
import { parseAll } from './parse.ts'

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

const names = fc.oneof(
  fc.constantFrom(
    'a',
    'Parent.Name',
    'x[0].y',
    'l[*]',
    '$f-1_2',
    'and',
    'OR',
    'not',
    'in',
    'like',
    'Is',
    'null',
    'order',
    'limit',
    'true',
    '1',
    '2fa',
    '-x',
    'a..b',
    '2017-01-01',
    'é',
    '`',
    'a`b``c',
    ' ',
  ),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }),
)
const strings = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom("'", "''", '’', '"', '`', '%', ''),
)
const values: fc.Arbitrary<Value> = fc.oneof(
  strings.map(text),
  fc
    .oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }))
    .map((n) => number(Object.is(n, -0) ? '-0' : String(n))),
  fc.constantFrom('+1', '.5', '1.', '00012', '1E3').map(number),
  fc.boolean().map(boolean),
  fc
    .constantFrom(
      '2017-04-19',
      '2017-04-19T05:01',
      '2017-04-19T05:01:31.463Z',
      '2017-04-19T05:01:31+02:00',
      '2017-04-19 05:01',
    )
    .map(date),
)
const operators = fc.constantFrom<Operator>('=', '!=', '<', '>', '<=', '>=')
const leaves: fc.Arbitrary<Expression> = fc.oneof(
  fc.tuple(names, operators, values).map((parts) => is(...parts)),
  fc
    .tuple(names, fc.array(values, { minLength: 1, maxLength: 3 }))
    .map(([name, list]) => isIn(name, ...list)),
  fc.tuple(names, strings).map((parts) => isLike(...parts)),
  fc.tuple(names, fc.boolean()).map((parts) => isNull(...parts)),
)
const trees = fc.letrec<{ tree: Expression }>((tie) => {
  const terms = fc.array(tie('tree'), { minLength: 2, maxLength: 4 })
  return {
    tree: fc.oneof(
      { depthSize: 'medium' },
      leaves,
      terms.map((list) => and(...list)),
      terms.map((list) => or(...list)),
      tie('tree').map(not),
    ),
  }
}).tree

describe('printWhere', () => {
  it('writes what parseWhere reads back as the same tree', () => {
    fc.assert(
      fc.property(trees, (tree) => {
        expect(unplaced(parseWhere(printWhere(tree)))).toEqual(unplaced(tree))
      }),
      { numRuns: 3_000 },
    )
  })

  it('writes a chain of 10,000 terms', () => {
    const tree = and(...Array.from({ length: 10_000 }, () => is('a', '=', number('1'))))
    expect(unplaced(parseAll(printWhere(tree)))).toEqual(tree)
  })

  it('keeps plain names bare and puts keywords and unusual names in back-ticks', () => {
    expect(printWhere(and(is('order', '=', text("it's")), or(isNull('not'), isIn('a b', number('1')))))).toBe(
      "order = 'it''s' and (`not` is null or `a b` in (1))",
    )
  })
})
