import { describe, expect, it } from 'vitest'
import { AppError } from '#src/lib/errors.ts'
import type { JsonObject } from '#src/lib/json.ts'
import { createMatcher, type FieldType, parseWhere } from './index.ts'

const types: Readonly<Record<string, FieldType>> = {
  total: 'number',
  active: 'boolean',
  name: 'text',
  at: 'datetime',
  owner: 'object',
}
const typeOf = (field: string): FieldType => types[field] ?? 'unknown'

const matches = (query: string, row: JsonObject): boolean => {
  const where = parseWhere(query)
  if (where === null) throw new Error('blank query')
  return createMatcher(where, typeOf)(row)
}

const refusal = (query: string): string => {
  try {
    matches(query, {})
  } catch (error) {
    if (error instanceof AppError && error.code === 'bad-query') return error.message
    throw error
  }
  throw new Error(`not refused: ${query}`)
}

describe('createMatcher', () => {
  const row: JsonObject = {
    total: 10,
    active: false,
    name: 'Beta',
    at: '2017-04-19T05:01:31.463',
    owner: { name: 'Ann', level: 3, 'a.b': 1 },
    lines: [
      { id: 1, tags: ['x'] },
      { id: 5, tags: [] },
    ],
    none: [],
    gone: null,
    empty: '',
    code: 7,
    flag: true,
    'a.b': 'whole',
  }

  it.each([
    'total = 10',
    "total = '10.0'",
    'total > 9',
    'total >= 10 and total <= 10',
    "total in ('9', 10)",
    'total != 11',
    "active = 'false'",
    "active = 'FALSE'",
    'active = false',
    'active < true',
    "name = 'Beta'",
    "name > 'Alpha'",
    "name < 'a'",
    "name like 'Be%'",
    "at = '2017-04-19T05:01:31.463Z'",
    'at = 2017-04-19T07:01:31.463+02:00',
    'at = 2017-04-19T05:01:31.463000000',
    'at > 2017-04-19',
    'at < 2017-04-19T05:01:31.463000001',
    "owner.name = 'Ann'",
    "owner.level = '3'",
    'owner.level >= 3',
    'lines[0].id = 1',
    'lines[*].id = 5',
    'lines[*].id != 5',
    "lines[*].tags[*] = 'x'",
    'lines[*].id > 4 and lines[*].id < 2',
    "`a.b` = 'whole'",
    "code = '7'",
    'code = 7.0',
    "flag = 'true'",
    "code like '7%'",
    'gone is null',
    'absent is null',
    'gone = null',
    'gone != 5',
    'absent != 5',
    'owner != 5',
    "empty = ''",
    'empty is not null',
    "name != ''",
    "total != ''",
    'none[*].id is null',
    'lines[9].id is null',
    'lines is not null',
    'not gone = 5',
    "not gone in ('x')",
    "code != 'seven'",
    'owner.toString is null',
    '`__proto__` is null',
    'owner.constructor.name is null',
  ])('finds true: %s', (query) => {
    expect(matches(query, row)).toBe(true)
  })

  it.each([
    'total = 9',
    'total < 9',
    'active = true',
    "name = 'beta'",
    "name like 'be%'",
    "name in ('a', 'b')",
    'at = 2017-04-19',
    'at >= 2017-04-19T05:01:31.463000001',
    'at = 2017-04-19T05:01:31.463+02:00',
    'lines[*].id = 3',
    'lines.id = 1',
    'gone = 5',
    'gone < 5',
    'gone >= 5',
    'gone in (5)',
    "gone = ''",
    "absent = ''",
    "gone like '%'",
    "owner like '%'",
    "owner = 'Ann'",
    "total = ''",
    "active in ('')",
    'gone is not null',
    'gone != null',
    'total is null',
    "code = 'seven'",
    "code > 'seven'",
    'flag = 1',
  ])('finds false: %s', (query) => {
    expect(matches(query, row)).toBe(false)
  })

  it('reads the texts of a row by the type of the field', () => {
    const texts: JsonObject = { total: '12.50', active: 'True', at: '2017-04-19', name: 7 }
    expect(matches("total = 12.5 and active = true and at = 2017-04-19T00:00Z and name = '7'", texts)).toBe(
      true,
    )
    const odd: JsonObject = { total: 'dear', active: 'maybe', at: 1_492_578_091_463, name: ['x'] }
    expect(matches('total < 99999 or active = true or active = false or at > 1970-01-01', odd)).toBe(false)
    expect(matches("total != 1 and active != true and at != 1970-01-01 and name != 'x'", odd)).toBe(true)
  })

  it('compares a bare date by instant where the type is unknown, a quoted one by text', () => {
    const at: JsonObject = { when: '2017-04-19T07:00:00+02:00' }
    expect(matches('when = 2017-04-19T05:00:00Z', at)).toBe(true)
    expect(matches("when = '2017-04-19T05:00:00Z'", at)).toBe(false)
    expect(matches('when = 2017-04-19', { when: 'soon' })).toBe(false)
  })

  it.each([
    ["total = 'ten'", "where: total takes a number, not 'ten'."],
    ['total = true', "where: total takes a number, not 'true'."],
    ["total < ''", "where: total takes a number, not ''."],
    ["active = 'yes'", "where: active takes true or false, not 'yes'."],
    ['active in (true, 1)', "where: active takes true or false, not '1'."],
    ["at > 'soon'", "where: at takes a date such as '2026-01-31' or '2026-01-31T12:00:00Z', not 'soon'."],
    [
      'a = 1 or at = 1492578091463',
      "where: at takes a date such as '2026-01-31' or '2026-01-31T12:00:00Z', not '1492578091463'.",
    ],
  ])('refuses %s and names the field', (query, message) => {
    expect(refusal(query)).toBe(message)
  })

  it('tests rows against 8,000 terms', () => {
    const query = Array.from({ length: 8_000 }, () => 'a=1').join(' or ')
    expect(matches(query.slice(0, 55_000).replace(/ or [^ ]*$/, ''), { a: 1 })).toBe(true)
  })
})
