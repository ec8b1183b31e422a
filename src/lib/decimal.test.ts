import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { numberOfDecimal, printDecimal } from './decimal.ts'

describe('decimal text of numbers', () => {
  it.each([
    [0, '0'],
    [12.5, '12.5'],
    [-0.01, '-0.01'],
    [1e21, '1000000000000000000000'],
    [-1.25e22, '-12500000000000000000000'],
    [1e-7, '0.0000001'],
    [1.5e-9, '0.0000000015'],
    [492479.07, '492479.07'],
  ])('%d is %s and back', (value, text) => {
    expect(printDecimal(value)).toBe(text)
    expect(numberOfDecimal(text)).toBe(value)
  })

  it.each(['', 'x', '1,5', '1e5', '12 EUR', '.'])('%j is none', (text) => {
    expect(numberOfDecimal(text)).toBeUndefined()
  })

  it.each([
    ['0.00', 0],
    ['-0', -0],
    ['+007.50', 7.5],
    ['.5', 0.5],
    ['5.', 5],
    [' 12.5 ', 12.5],
    ['999999999999.99', 999_999_999_999.99],
    [`1${'0'.repeat(300)}`, 1e300],
    [`1.${'0'.repeat(400)}`, 1],
    ['9007199254740992', 9_007_199_254_740_992],
  ])('%s is %d', (text, value) => {
    expect(numberOfDecimal(text)).toBe(value)
  })

  it.each([
    '9'.repeat(400),
    `-${'9'.repeat(400)}.5`,
    '12345678901234567.89',
    '9007199254740993',
    '999999999999999.12',
    '0.10000000000000001',
    `0.${'0'.repeat(400)}1`,
  ])('%s loses digits as a number', (text) => {
    expect(numberOfDecimal(text)).toBe('inexact')
  })

  it('every number comes back from its text, and every text of 15 digits from its number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(numberOfDecimal(printDecimal(value))).toBe(value === 0 ? 0 : value)
      }),
    )
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 999_999_999_999_999 }),
        fc.integer({ min: 0, max: 15 }),
        (all, at) => {
          const digits = String(all).padStart(16, '0')
          expect(numberOfDecimal(`${digits.slice(0, -at || undefined)}.${digits.slice(16 - at)}`)).toEqual(
            expect.any(Number),
          )
        },
      ),
    )
  })

  it('reads a text of a million zeros at once', () => {
    const start = process.cpuUsage().user
    expect(numberOfDecimal(`0.${'0'.repeat(1_000_000)}1`)).toBe('inexact')
    expect(process.cpuUsage(undefined).user - start).toBeLessThan(1_000_000)
  })
})
