import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPlaces } from './place.ts'

const origins = [
  'http://127.0.0.1:8081',
  'https://example.com',
  'https://example.com:8443',
  'http://[::1]:80',
]

const wanted = (text: string) => {
  const { origin, host, hostname, protocol, pathname, search } = new URL(text)
  return { origin, host, hostname, protocol, pathname, path: `${pathname}${search}` }
}

describe('where a call goes', () => {
  it.each([
    '/a/b?c=d',
    '',
    '/',
    '?',
    '/?',
    '/a?',
    '/a?b?c',
    '/a/../b',
    '/a/.',
    '/a/%2e%2e/b',
    '/a/%2E/b',
    '/a b',
    "/a?where=name='Zürich'",
    '/a#b',
    '/a\\b',
    '//other.example/x',
    '/a;b=c,d@e:f!$()*',
  ])('reads %j as URL does, the second time too', (rest) => {
    const placeOf = createPlaces()
    for (const origin of origins) {
      const text = `${origin}${rest}`
      for (let round = 0; round < 3; round += 1) expect(placeOf(text)).toEqual(wanted(text))
    }
  })

  it('reads whatever comes after a known origin as URL does', () => {
    const placeOf = createPlaces()
    const pieces = fc.constantFrom(
      '/',
      '.',
      '..',
      '%2e',
      '?',
      '#',
      'a',
      '=',
      '&',
      '%',
      "'",
      ' ',
      '\\',
      'ü',
      '\t',
    )
    fc.assert(
      fc.property(fc.constantFrom(...origins), fc.array(pieces, { maxLength: 12 }), (origin, parts) => {
        const text = `${origin}/${parts.join('')}`
        expect(placeOf(text)).toEqual(wanted(text))
      }),
      { numRuns: 2_000 },
    )
  })

  it.each([
    ['no url', /no valid URL/],
    ['ftp://example.com/', /must begin with https/],
    ['https://me:secret@example.com/', /must not hold a user name/],
    ['https://example.com@evil.example/', /must not hold a user name/],
  ])('refuses %s', (text, words) => {
    const placeOf = createPlaces()
    placeOf('https://example.com/')
    expect(() => placeOf(text)).toThrow(words)
  })
})
