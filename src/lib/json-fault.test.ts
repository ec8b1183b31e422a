import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findJsonFault } from './json-fault.ts'

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

test.each([
  ['', 0],
  ['   ', 3],
  ['{"a":1,}', 7],
  ['{"a" 1}', 5],
  ['[1 2]', 3],
  ['[1,]', 3],
  ['{"a":tru}', 5],
  ['{"a":1', 6],
  ['{"a":"x', 7],
  ['"a\nb"', 2],
  ['"\\x"', 1],
  ['01', 1],
  ['[1}', 2],
  ["{'a':1}", 1],
  ['1 2', 2],
  ['{a:1}', 1],
])('in %j the fault is at %i', (text, at) => {
  expect(findJsonFault(text)).toBe(at)
})

test('JSON that parses has no fault, and text that does not parse has one inside it', () => {
  const mutated = fc
    .tuple(
      fc.json(),
      fc.nat(),
      fc.constantFrom('', ',', '}', ']', '"', ':', '0', '-', '\\', '\n', 'x', '{', '['),
      fc.nat(2),
    )
    .map(([text, place, put, cut]) => {
      const at = place % (text.length + 1)
      return text.slice(0, at) + put + text.slice(at + cut)
    })
  fc.assert(
    fc.property(fc.oneof(fc.json(), mutated, fc.string()), (text) => {
      const at = findJsonFault(text)
      expect(at === undefined).toBe(isJson(text))
      expect(at ?? 0).toBeLessThanOrEqual(text.length)
    }),
    { numRuns: 3_000 },
  )
})

test('a very deep or very long text is scanned without exhausting the stack', () => {
  expect(findJsonFault('['.repeat(500_000))).toBe(500_000)
  expect(findJsonFault(`["${'a'.repeat(2_000_000)}`)).toBe(2_000_002)
})
