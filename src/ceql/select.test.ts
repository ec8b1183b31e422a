import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '#src/lib/errors.ts'
import { parseOrderBy, parseSelect, type Select } from './index.ts'

const refusal = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    if (error instanceof AppError && error.code === 'bad-query') return error.message
    throw error
  }
  throw new Error('not refused')
}

const a1 = (position: number): Select['where'] => ({
  kind: 'comparison',
  field: 'a',
  operator: '=',
  value: { kind: 'number', value: 1, text: '1' },
  position,
})
const bare: Select = { fields: '*', from: 'Obj', where: null, orderBy: [] }

describe('parseSelect', () => {
  const samples: readonly (readonly [query: string, select: Select])[] = [
    ['select * from Obj', bare],
    ['SELECT*FROM Obj', bare],
    [' Select f1,Parent.Name\nFrom Obj ', { ...bare, fields: ['f1', 'Parent.Name'] }],
    ['select * from Obj where a=1', { ...bare, where: a1(25) }],
    ['select * from Obj limit 10', { ...bare, limit: 10 }],
    ['select * from Obj limit 0', { ...bare, limit: 0 }],
    ['select * from Obj limit 10 where a=1', { ...bare, where: a1(34), limit: 10 }],
    ['select * from Obj WHERE a=1 LIMIT 10', { ...bare, where: a1(25), limit: 10 }],
    [
      'select * from Obj where a=1 order by f, g DESC, h asc limit 3',
      {
        ...bare,
        where: a1(25),
        orderBy: [
          { field: 'f', direction: 'asc' },
          { field: 'g', direction: 'desc' },
          { field: 'h', direction: 'asc' },
        ],
        limit: 3,
      },
    ],
    [
      'select from, order, limit from from limit 1 order by desc desc, order',
      {
        fields: ['from', 'order', 'limit'],
        from: 'from',
        where: null,
        orderBy: [
          { field: 'desc', direction: 'desc' },
          { field: 'order', direction: 'asc' },
        ],
        limit: 1,
      },
    ],
    ['select `a b` from `My Obj`', { ...bare, fields: ['a b'], from: 'My Obj' }],
  ]
  it.each(samples)('reads %s', (query, select) => {
    expect(parseSelect(query)).toEqual(select)
  })

  it('knows a field named limit or order from the clause behind the comparison', () => {
    const found = parseSelect('select * from o where limit = 5 and order > 1 order by order limit 5')
    expect(found.where?.kind === 'and' && found.where.terms.length).toBe(2)
    expect(found.limit).toBe(5)
  })

  const ticks = '(back-ticks keep an unusual name whole)'
  it.each([
    ['', 'q, position 1: expected SELECT, found the end.'],
    ['from Obj', 'q, position 1: expected SELECT, found from.'],
    ['select', `q, position 7: expected a field name or * ${ticks}, found the end.`],
    ['select *, a from Obj', 'q, position 9: expected FROM, found ,.'],
    ['select a b from Obj', 'q, position 10: expected a comma or FROM, found b.'],
    ['select a, from', 'q, position 15: expected a comma or FROM, found the end.'],
    ['select * from', `q, position 14: expected the name of an object ${ticks}, found the end.`],
    ['select * from Obj x', 'q, position 19: expected WHERE, ORDER BY, LIMIT, the end, found x.'],
    ['select * from Obj where a=1 b', 'q, position 29: expected AND, OR, ORDER BY, LIMIT, the end, found b.'],
    ['select * from Obj limit 1 limit 2', 'q, position 27: expected WHERE, ORDER BY, the end, found limit.'],
    ['select * from Obj limit -1', 'q, position 25: expected a whole number of rows after LIMIT, found -1.'],
    [
      'select * from Obj limit 1.5',
      'q, position 25: expected a whole number of rows after LIMIT, found 1.5.',
    ],
    [
      'select * from Obj limit',
      'q, position 24: expected a whole number of rows after LIMIT, found the end.',
    ],
    ['select * from Obj order f', 'q, position 19: expected WHERE, ORDER BY, LIMIT, the end, found order.'],
    [
      "select * from Obj where a='x",
      'q, position 27: expected a closing quote (double a quote inside the text), found none.',
    ],
  ])('refuses %j with position, expectation and finding', (query, message) => {
    expect(refusal(() => parseSelect(query))).toBe(message)
  })

  it('refuses more than 64 KB', () => {
    expect(refusal(() => parseSelect(`select ${'a,'.repeat(40_000)}b from o`))).toContain('longer than 64 KB')
  })

  it('never throws anything but a bad-query on random text', () => {
    const pieces = [
      'select ',
      '* ',
      'from ',
      'o ',
      'where ',
      'a=1 ',
      'order ',
      'by ',
      'limit ',
      '5 ',
      ', ',
      'desc ',
      "'",
    ]
    const soup = fc.array(fc.constantFrom(...pieces), { maxLength: 20 }).map((parts) => parts.join(''))
    fc.assert(
      fc.property(
        fc.oneof(
          soup,
          soup.map((rest) => `select * from o ${rest}`),
          fc.string(),
        ),
        (query) => {
          try {
            return parseSelect(query).from !== ''
          } catch (error) {
            return error instanceof AppError && error.code === 'bad-query'
          }
        },
      ),
      { numRuns: 5_000 },
    )
  })
})

describe('parseOrderBy', () => {
  it.each([
    ['', []],
    ['  ', []],
    ['Name', [{ field: 'Name', direction: 'asc' }]],
    [
      'Name asc, Total DESC',
      [
        { field: 'Name', direction: 'asc' },
        { field: 'Total', direction: 'desc' },
      ],
    ],
    [
      '`a b`desc,Parent.Name',
      [
        { field: 'a b', direction: 'desc' },
        { field: 'Parent.Name', direction: 'asc' },
      ],
    ],
    ['asc', [{ field: 'asc', direction: 'asc' }]],
  ])('reads %j', (text, terms) => {
    expect(parseOrderBy(text)).toEqual(terms)
  })

  it.each([
    ['Name up', 'orderBy, position 6: expected ASC, DESC, a comma or the end, found up.'],
    [
      'Name,',
      'orderBy, position 6: expected a field name to order by (back-ticks keep an unusual name whole), found the end.',
    ],
    [
      '5',
      'orderBy, position 1: expected a field name to order by (back-ticks keep an unusual name whole), found 5.',
    ],
  ])('refuses %j with position, expectation and finding', (text, message) => {
    expect(refusal(() => parseOrderBy(text))).toBe(message)
  })
})
