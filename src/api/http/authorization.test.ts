import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '#src/lib/errors.ts'
import { type Credentials, parseAuthorization } from './authorization.ts'

const refusal = (header: string): AppError => {
  try {
    parseAuthorization(header)
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('not refused')
}

describe('parseAuthorization', () => {
  const samples: readonly (readonly [header: string | undefined, credentials: Credentials])[] = [
    [undefined, {}],
    ['', {}],
    [' \t', {}],
    ['User u/+=, Organization o==', { user: 'u/+=', organization: 'o==' }],
    ['User u, Organization o, Element t', { user: 'u', organization: 'o', element: 't' }],
    ['Element t, User u', { user: 'u', element: 't' }],
    ['User u, Organization o Element t', { user: 'u', organization: 'o', element: 't' }],
    ['User u,Organization o,Element t', { user: 'u', organization: 'o', element: 't' }],
    ['  uSER \t u ,\tORGANIZATION  o  ,, element t , ', { user: 'u', organization: 'o', element: 't' }],
    ['User u, Token t', { user: 'u', element: 't' }],
    ['Bearer abc.def-ghi_', { bearer: 'abc.def-ghi_' }],
    ['User UserX/y=, Element ElementUser=', { user: 'UserX/y=', element: 'ElementUser=' }],
    ['User xUser, Organization =Organization', { user: 'xUser', organization: '=Organization' }],
    ['Element User, User Element', { element: 'User', user: 'Element' }],
    ['User u, User u, Token t, Element t', { user: 'u', element: 't' }],
  ]
  it.each(samples)('reads %j', (header, credentials) => {
    expect(parseAuthorization(header)).toEqual(credentials)
  })

  it.each([
    ['User', 'no secret'],
    ['User ', 'no secret'],
    ['User , Organization o', 'no secret'],
    ['User Organization o', 'no secret'],
    ['User u, Organization', 'no secret'],
    ['User u, User v', 'two different secrets'],
    ['Element s, Token v', 'two different secrets'],
    ['Bearer b, User u', 'Bearer stands beside'],
    ['Element t Bearer b', 'Bearer stands beside'],
    ['Basic dTpw', 'not known'],
    ['u', 'not known'],
    ['User u v', 'not known'],
    ['User=u', 'not known'],
    ['Org o', 'not known'],
    ['constructor x', 'not known'],
    ['User u\u0000', 'cannot have'],
    ['User ü', 'cannot have'],
  ])('refuses %j: %s', (header, reason) => {
    const error = refusal(header)
    expect(error.code).toBe('bad-credentials')
    expect(error.message).toContain(reason)
  })

  const secret = fc.string({
    unit: fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/='),
    minLength: 1,
    maxLength: 60,
  })
  const tricky = fc
    .tuple(fc.constantFrom('User', 'Organization', 'Element', 'Token', 'Bearer', 'user='), secret)
    .map(([word, rest]) => word + rest)
  const schemeWords = /^(user|organization|element|token|bearer)$/i
  const anySecret = fc.oneof(secret, tricky).filter((text) => !schemeWords.test(text))
  const cased = (word: string) =>
    fc
      .array(fc.boolean(), { minLength: word.length, maxLength: word.length })
      .map((upper) => [...word].map((c, at) => (upper[at] ? c.toUpperCase() : c.toLowerCase())).join(''))
  const blank = fc.string({ unit: fc.constantFrom(' ', '\t'), minLength: 1, maxLength: 3 })
  const gap = fc.oneof(
    blank,
    fc
      .tuple(fc.constantFrom('', ' ', '\t'), fc.constantFrom('', ' ', '  '))
      .map(([before, after]) => `${before},${after}`),
  )
  const pair = (slot: keyof Credentials, word: string) =>
    fc.record({ slot: fc.constant(slot), word: cased(word), blank, gap, secret: anySecret })
  const pairs = fc
    .tuple(
      pair('user', 'User'),
      pair('organization', 'Organization'),
      fc.oneof(pair('element', 'Element'), pair('element', 'Token')),
    )
    .chain((all) => fc.shuffledSubarray(all, { minLength: 1 }))

  it('reads generated secrets in every order, case, spacing and comma form', () => {
    fc.assert(
      fc.property(pairs, (list) => {
        const header = list
          .map((each, at) => `${at === 0 ? '' : each.gap}${each.word}${each.blank}${each.secret}`)
          .join('')
        expect(parseAuthorization(header)).toEqual(
          Object.fromEntries(list.map((each) => [each.slot, each.secret])),
        )
      }),
      { numRuns: 5_000 },
    )
  })

  it('never throws anything but bad-credentials, and never says what the header held', () => {
    const marker = 'S3cr3tMarker'
    const pieces = fc.constantFrom(
      'User',
      'Organization',
      'Bearer',
      ',',
      ' ',
      '\t',
      marker,
      `${marker}=`,
      '\u0000',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')),
          fc.string(),
        ),
        (header) => {
          try {
            parseAuthorization(header)
            return true
          } catch (error) {
            return (
              error instanceof AppError && error.code === 'bad-credentials' && !error.message.includes(marker)
            )
          }
        },
      ),
      { numRuns: 10_000 },
    )
  })

  it('reads a header of a megabyte of either kind', () => {
    expect(parseAuthorization('User u,'.repeat(150_000))).toEqual({ user: 'u' })
    expect(parseAuthorization(`User${' '.repeat(1_000_000)}u`)).toEqual({ user: 'u' })
  })
})
