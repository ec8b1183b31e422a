import { describe, expect, it } from 'vitest'
import { parseWhere } from '#src/ceql/index.ts'
import { converters } from './converters.ts'

const made = (converter: string, where: string): unknown => {
  const expression = parseWhere(where)
  if (expression === null) throw new Error('nothing is asked')
  return converters[converter]?.(expression)
}

const whole = "name = 'O''Neil' and (age >= 3 or city in ('Bonn','Oslo')) and not (note is null)"

describe('the converter of where', () => {
  it('toQueryParameters gives the comparisons by = that must all hold', () => {
    expect(made('toQueryParameters', whole)).toEqual({ name: "O'Neil" })
    expect(made('toQueryParameters', "a = 1 and (b = true and c = '2026-01-31')")).toEqual({
      a: '1',
      b: 'true',
      c: '2026-01-31',
    })
    expect(made('toQueryParameters', 'a = 1 or b = 2')).toEqual({})
  })

  it.each([
    [
      'toODataFilter',
      "name eq 'O''Neil' and (age ge 3 or (city eq 'Bonn' or city eq 'Oslo')) and not (note eq null)",
    ],
    ['toWiql', "[name] = 'O''Neil' AND ([age] >= 3 OR [city] IN ('Bonn', 'Oslo')) AND NOT ([note] = '')"],
    [
      'toQuickbase',
      "{'name'.EX.'O\\'Neil'}AND({'age'.GTE.'3'}OR({'city'.EX.'Bonn'}OR{'city'.EX.'Oslo'}))AND NOT({'note'.EX.''})",
    ],
  ])('%s writes the whole query', (converter, text) => {
    expect(made(converter, whole)).toBe(
      text.replace('AND NOT', converter === 'toQuickbase' ? 'ANDNOT' : 'AND NOT'),
    )
  })

  it.each([
    ['toODataFilter', "startswith(name,'A') and endswith(name,'b') and contains(name,'c') and name eq 'd'"],
    [
      'toODataV3Filter',
      "startswith(name,'A') and endswith(name,'b') and substringof('c',name) and name eq 'd'",
    ],
  ])('%s has patterns', (converter, text) => {
    expect(made(converter, "name like 'A%' and name like '%b' and name like '%c%' and name like 'd'")).toBe(
      text,
    )
  })

  it('toODataV3Filter prefixes dates', () => {
    expect(made('toODataV3Filter', 'since > 2026-01-31')).toBe("since gt datetime'2026-01-31'")
    expect(made('toODataFilter', 'since > 2026-01-31')).toBe('since gt 2026-01-31')
  })

  it('toSFDCReportFilter lists what must hold', () => {
    expect(
      JSON.parse(String(made('toSFDCReportFilter', "NAME = 'a' and AGE > 3 and CITY like 'B%'"))),
    ).toEqual([
      { column: 'NAME', operator: 'equals', value: 'a' },
      { column: 'AGE', operator: 'greaterThan', value: '3' },
      { column: 'CITY', operator: 'startsWith', value: 'B' },
    ])
  })
})
