import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLike } from './like.ts'

/** By definition: at a `%` take none or one more character. */
const byDefinition = (pattern: string, text: string): boolean => {
  if (pattern === '') return text === ''
  if (!pattern.startsWith('%')) return text[0] === pattern[0] && byDefinition(pattern.slice(1), text.slice(1))
  return byDefinition(pattern.slice(1), text) || (text !== '' && byDefinition(pattern, text.slice(1)))
}

describe('createLike', () => {
  it.each([
    ['abc%', 'abcd', true],
    ['abc%', 'abc', true],
    ['abc%', 'ABCD', false],
    ['%c', 'abc', true],
    ['a%a', 'a', false],
    ['a%a', 'aa', true],
    ['a_c', 'abc', false],
    ['a_c', 'a_c', true],
    ['a.c', 'abc', false],
    ['%', '', true],
    ['', '', true],
    ['', 'a', false],
    ['%b%b%', 'abcb', true],
    ['%bb%b', 'abb', false],
  ])('says of the pattern %j and the text %j: %j', (pattern, text, expected) => {
    expect(createLike(pattern)(text)).toBe(expected)
  })

  it('agrees with the definition of % on generated patterns and texts', () => {
    const letters = fc.constantFrom('a', 'b')
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'b', '%'), maxLength: 8 }),
        fc.string({ unit: letters, maxLength: 12 }),
        (pattern, text) => createLike(pattern)(text) === byDefinition(pattern, text),
      ),
      { numRuns: 5_000 },
    )
  })

  it('finishes on the inputs that make backtracking and plain searching quadratic', () => {
    const text = 'a'.repeat(1_000_000)
    expect(createLike(`%${'a'.repeat(30_000)}b%`)(text)).toBe(false)
    expect(createLike(`${'%a'.repeat(30_000)}%b`)(text)).toBe(false)
  })
})
