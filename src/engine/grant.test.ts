import { describe, expect, it } from 'vitest'
import type { OauthCode } from '#src/element/index.ts'
import type { JsonObject } from '#src/lib/json.ts'
import { grantFrom } from './grant.ts'

const auth: OauthCode = {
  kind: 'oauth2-code',
  type: 'oauth2',
  title: 'A person',
  about: 'A person consents',
  who: 'anybody',
  principal: 'user',
  scheme: 'Bearer',
  steps: [],
  tokenPath: '/token',
  authorizePath: '/authorize',
  scopes: [],
  scopeSeparator: ' ',
  refusals: [],
  refreshExpiresField: 'ends',
  refreshIdleDays: 10,
}

const before = { refreshToken: 'old', scopes: ['a'], subject: 'somebody' }
const grant = (reply: JsonObject) =>
  grantFrom(auth, { access_token: 't', ...reply }, before, { baseUrl: 'https://x' })
const days = 86_400

/** Rounded, for time passes. */
const secondsTo = (date: Date | null): number | null =>
  date === null ? null : 10 * Math.round((date.getTime() - Date.now()) / 10_000)

const jwt = (claims: unknown): string => `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.y`

describe('the life of what a token reply grants', () => {
  it.each([
    [3600, 3600],
    ['3600', 3600],
    [undefined, 600],
    [null, 600],
    ['', 600],
    ['soon', 600],
    [0, 600],
    [-5, 600],
    [1e300, 600],
    [{ at: 1 }, 600],
  ] as const)('is expires_in %j: %i s', (value, seconds) => {
    expect(secondsTo(grant(value === undefined ? {} : { expires_in: value }).expiresAt)).toBe(seconds)
  })

  it.each([
    ['epoch seconds', () => Math.round(Date.now() / 1000) + 40 * days, 40 * days],
    ['epoch seconds as a text', () => String(Math.round(Date.now() / 1000) + 40 * days), 40 * days],
    ['a duration', () => 40 * days, 40 * days],
    ['milliseconds', () => Date.now() + 40 * days * 1000, 10 * days],
    ['nonsense', () => 'later', 10 * days],
    ['nothing', () => null, 10 * days],
  ])('of its refresh token is read from %s', (_title, value, seconds) => {
    expect(secondsTo(grant({ ends: value() }).refreshExpiresAt)).toBe(seconds)
  })

  it('of a refresh token that no field and no rule tells is not known', () => {
    const { refreshExpiresField: _, refreshIdleDays: _days, ...silent } = auth
    expect(
      grantFrom(silent, { access_token: 't' }, before, { baseUrl: 'https://x' }).refreshExpiresAt,
    ).toBeNull()
  })
})

describe('what a token reply leaves out', () => {
  it.each([
    ['refresh token', { refresh_token: 'new' }, { refreshToken: 'new' }],
    ['no refresh token', {}, { refreshToken: 'old' }],
    ['an empty refresh token', { refresh_token: '' }, { refreshToken: 'old' }],
    ['scopes with spaces', { scope: 'b  c' }, { scopes: ['b', 'c'] }],
    ['scopes with commas', { scope: 'b,c' }, { scopes: ['b', 'c'] }],
    ['no scopes', {}, { scopes: ['a'] }],
    ['empty scopes', { scope: ' ' }, { scopes: ['a'] }],
    ['who granted', { id_token: jwt({ sub: 'other' }) }, { subject: 'other' }],
    ['nobody', { id_token: jwt({}) }, { subject: 'somebody' }],
    ['a number', { id_token: jwt({ sub: 1 }) }, { subject: 'somebody' }],
    ['no claims', { id_token: jwt('x') }, { subject: 'somebody' }],
    ['no token', { id_token: 'x' }, { subject: 'somebody' }],
  ])('stays as it was: %s', (_title, reply, part) => {
    expect(grant(reply)).toMatchObject(part)
  })
})
