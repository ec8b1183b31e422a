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
})
