import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSecretName, maskSecrets, maskShapes } from './mask.ts'
import { newSecret } from './secret.ts'

const secret = 'pl/nt+d "söcret" <&> 1=\\'

describe('maskSecrets', () => {
  it.each([
    ['as it is', secret],
    ['in a URL', encodeURIComponent(secret)],
    ['in a URL, lower case', encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase())],
    ['in a form', new URLSearchParams({ x: secret }).toString().slice(2)],
    ['in JSON', JSON.stringify(secret).slice(1, -1)],
    ['in JSON with escaped slashes', JSON.stringify(secret).slice(1, -1).replaceAll('/', '\\/')],
    [
      'in HTML',
      secret
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;')
        .replaceAll('"', '&quot;'),
    ],
  ])('finds a secret %s', (_title, spelling) => {
    expect(maskSecrets(`before ${spelling}, ${spelling} after`, [secret])).toBe('before ***, *** after')
  })

  it('leaves what is no secret, and takes the longer of two first', () => {
    expect(maskSecrets('a plain text', ['other', '', 'a'])).toBe('a plain text')
    expect(maskSecrets('x abcdefgh y abcd', ['abcd', 'abcdefgh'])).toBe('x *** y ***')
  })

  it('never leaves one, whatever is around it', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 4 }), fc.string(), (before, word, after) => {
        const text = maskSecrets(`${before}${word}${after}`, [word])
        // A word such as **** comes back out of the mask itself.
        fc.pre(!word.includes('*'))
        expect(text).not.toContain(word)
      }),
    )
  })

  it('finds in a plain text, such as an id, what stands in it, and nothing that is longer', () => {
    expect(maskSecrets('id-abcd_1234.x', ['abcd_1234', 'ab cd', 'abcd%20'])).toBe('id-***.x')
    expect(maskSecrets('abcd', ['abcde'])).toBe('abcd')
    expect(maskSecrets('a%26bc', ['a&bc', 'a&bcdef'])).toBe('***')
  })

  it('takes every spelling out of whatever text', () => {
    const spelled = (word: string): readonly string[] => [
      word,
      encodeURIComponent(word),
      new URLSearchParams([['', word]]).toString().slice(1),
      JSON.stringify(word).slice(1, -1),
    ]
    const word = fc.string({ minLength: 4, unit: fc.constantFrom(...'abAB01_.-+/ &"%é') })
    fc.assert(
      fc.property(word, fc.nat(3), (secret, at) => {
        expect(maskSecrets(`x${spelled(secret)[at]}y`, [secret])).toContain('***')
      }),
    )
  })

  it('knows the names of what is secret from those of what is not', () => {
    const secrets = [
      'client_secret',
      'refresh_token',
      'password',
      'code',
      'Authorization',
      'Cookie',
      'apiKey',
    ]
    expect(secrets.filter((name) => !isSecretName(name))).toEqual([])
    const plain = ['grant_type', 'redirect_uri', 'scope', 'CurrencyCode', 'client_id', 'accept', 'limit']
    expect(plain.filter(isSecretName)).toEqual([])
  })
})

describe('maskShapes', () => {
  it('finds our own secrets anywhere, as they are and percent-encoded', () => {
    for (let round = 0; round < 200; round++) {
      const one = newSecret()
      expect(maskShapes(`/instances/${one}/x`)).toMatch(/^\/instances\/\*\*\*\/x$/)
      expect(maskShapes(`/instances/${encodeURIComponent(one)}/x`)).toBe('/instances/***/x')
      expect(maskShapes(`No path found: GET /${encodeURIComponent(one).toLowerCase()}`)).toBe(
        'No path found: GET /***',
      )
    }
  })

  it('finds tokens that are JSON inside base64, and leaves ids and paths alone', () => {
    expect(maskShapes('/x/eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl')).toBe('/x/***')
    for (const path of [
      '/elements/api-v2/hubs/expense/reports/EAABE8570851C22D66D8',
      '/api/v3.0/expense/entries/gWuT$pBxqYB6Z8c3vPh0ZzLxkCmF$plL9wQw',
      '/profile/identity/v4.1/Users/898db46a-7e8c-4a23-ad7f-5c1ecc4710aa',
      '/elements/anything/resources/expense-group-configurations',
    ]) {
      expect(maskShapes(path)).toBe(path)
    }
  })

  it('takes time that grows no faster than the text', () => {
    const timeMs = (length: number): number => {
      const start = performance.now()
      maskShapes('/a'.repeat(length))
      maskShapes('eyJ'.repeat(length))
      return performance.now() - start
    }
    timeMs(1_000)
    expect(timeMs(100_000)).toBeLessThan(2_000)
  })
})
