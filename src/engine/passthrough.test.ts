import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '#src/lib/errors.ts'
import { vendorPathOf } from './passthrough.ts'

describe('the path of a passed call', () => {
  it.each([
    [['api', 'v3.0', 'expense', 'reports'], '/api/v3.0/expense/reports'],
    [['profile', 'identity', 'v4.1', 'Users', '.search'], '/profile/identity/v4.1/Users/.search'],
    [['a', 'gWqX%24p'], '/a/gWqX%24p'],
    [['a', 'gWqX$p'], '/a/gWqX$p'],
    [['a', 'b%2Fc'], '/a/b%2Fc'],
    [['a', 'b\\c'], '/a/b%5Cc'],
    [['a', 'b#c'], '/a/b%23c'],
    [['a', '@evil.example', ':81'], '/a/@evil.example/:81'],
    [['@evil.example'], '/@evil.example'],
    [['evil.example:443'], '/evil.example:443'],
    [['a', 'Zürich 😀'], '/a/Z%C3%BCrich%20%F0%9F%98%80'],
    [['a', '%252e%252e'], '/a/%252e%252e'],
    [['...', '.a', 'a..'], '/.../.a/a..'],
  ])('%j is %s', (segments, path) => {
    expect(vendorPathOf(segments)).toBe(path)
  })

  it.each([
    [[]],
    [['https:', 'evil.example']],
    [['HTTP%3A', 'evil.example']],
    [['a', '..']],
    [['a', '.']],
    [['a', '%2e%2E']],
    [['a', '.%2e', 'b']],
    [['a', 'b%2f..%2f..%2fc']],
    [['a', '..%5cc']],
    [['..\\..\\c']],
  ])('%j is refused', (segments) => {
    expect(() => vendorPathOf(segments)).toThrow(AppError)
  })

  it('whatever the segments, is a path below the base and nothing else', () => {
    const odd = fc.constantFrom(
      '.',
      '..',
      '%2e',
      '%2F',
      '\\',
      '//',
      ':',
      '@',
      'https:',
      '#',
      '?',
      '%',
      ' ',
      'ü',
    )
    const segment = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.array(odd).map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 4 }), (drawn) => {
        // As the shell hands them on: never with a slash, and every % before two hex digits of UTF-8.
        const segments = drawn
          .map((one) => one.replaceAll('/', '').replaceAll('?', ''))
          .filter((one) => one !== '' && URL.canParse(`x:${one}`) && isDecodable(one))
        let path = ''
        try {
          path = vendorPathOf(segments)
        } catch (error) {
          expect(error).toBeInstanceOf(AppError)
          return
        }
        const base = 'https://us2.vendor.example/base'
        const url = new URL(`${base}${path}`)
        expect(url.href).toBe(`${base}${path}`)
        expect(url.pathname.split('/')).toHaveLength(segments.length + 2)
      }),
      { numRuns: 2_000 },
    )
  })
})

const isDecodable = (text: string): boolean => {
  try {
    decodeURIComponent(text)
    return text.isWellFormed()
  } catch {
    return false
  }
}
