import { describe, expect, it } from 'vitest'
import type { OutboundRequest } from './call.ts'
import { maskOf } from './secrets.ts'

const request = (more: Partial<OutboundRequest>): OutboundRequest => ({
  method: 'POST',
  url: 'https://api.example/token',
  timeoutMs: 1_000,
  purpose: 'vendor',
  ...more,
})
const form = { 'Content-Type': 'application/x-www-form-urlencoded' }
const secret = 'planted/secret+1'

describe('what a request carried', () => {
  it.each<[string, Partial<OutboundRequest>]>([
    ['a bearer token', { headers: { authorization: `Bearer ${secret}` } }],
    ['a token of an older scheme', { headers: { Authorization: `OAuth ${secret}` } }],
    ['a password', { headers: { authorization: `Basic ${Buffer.from(`me:${secret}`).toString('base64')}` } }],
    ['a header of its own', { headers: { 'X-Api-Key': secret } }],
    ['a cookie', { headers: { cookie: `a=1; session=${secret}` } }],
    ['a field of a form', { headers: form, body: new URLSearchParams({ refresh_token: secret }).toString() }],
    ['a code', { headers: form, body: new URLSearchParams({ code: secret }).toString() }],
    ['a parameter', { url: `https://api.example/t?client_secret=${encodeURIComponent(secret)}` }],
    [
      'a value in JSON',
      {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ a: [{ password: secret }] }),
      },
    ],
  ])('as %s is taken out of the words of its reply', (_title, more) => {
    const mask = maskOf(request(more))
    expect(mask(`bad ${secret}, ${encodeURIComponent(secret)}!`)).toBe('bad ***, ***!')
    expect(mask('a plain sentence about tokens')).toBe('a plain sentence about tokens')
  })

  it('as no secret stays, so that errors can name it', () => {
    const body = JSON.stringify({ Name: 'Boston', Code: 'MEALS', CurrencyCode: 'USD' })
    const mask = maskOf(request({ headers: { 'content-type': 'application/json' }, body }))
    expect(mask('Boston: MEALS and USD are unknown')).toBe('Boston: MEALS and USD are unknown')
    expect(
      maskOf(request({ headers: form, body: 'grant_type=refresh_token&scope=user.read' }))(
        'grant_type refresh_token, scope user.read',
      ),
    ).toBe('grant_type refresh_token, scope user.read')
  })
})
