import { createHash, createPublicKey, type JsonWebKey, verify } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Client, hiddenFields, openClient } from '../test-client.ts'

const redirectUri = 'http://localhost:9999/callback?from=concur'
const authorizePath = (more: Record<string, string> = {}): string =>
  `/oauth2/v0/authorize?${new URLSearchParams({
    ...{ client_id: 'amalgam-sandbox', redirect_uri: redirectUri, response_type: 'code', state: 's 1&"<' },
    ...more,
  }).toString()}`

describe('the sandbox’s OAuth', () => {
  let client: Client
  beforeAll(async () => {
    client = await openClient({ reports: 50 })
  })
  afterAll(() => client.close())
  beforeEach(() => client.faults([]))

  const codeFor = async (more: Record<string, string> = {}): Promise<string> => {
    const reply = await client.get(authorizePath({ sandbox_user: 'admin@sandbox.example', ...more }))
    return new URL(reply.headers.get('location') ?? '').searchParams.get('code') ?? ''
  }
  const exchange = (code: string, more: Record<string, string> = {}) =>
    client.grant({ grant_type: 'authorization_code', code, redirect_uri: redirectUri, ...more })
  const passwordGrant = (more: Record<string, string>) =>
    client.grant({ grant_type: 'password', username: 'admin@sandbox.example', password: 'sandbox', ...more })

  it('walks login, consent and exchange with plain forms', async () => {
    const page = await client.get(authorizePath())
    expect(page.status).toBe(200)
    for (const id of ['UserNameTxt', 'PasswordTxt', 'LoginBtn']) expect(page.text).toContain(`id="${id}"`)

    const wrong = await client.form('/oauth2/v0/authorize', {
      ...hiddenFields(page.text),
      ...{ username: '"><b>x', password: 'no' },
    })
    expect(wrong.text).toContain('role="alert"')
    expect(wrong.text).toContain('id="LoginBtn"')
    expect(wrong.text).not.toContain('<b>x')

    const consent = await client.form('/oauth2/v0/authorize', {
      ...hiddenFields(wrong.text),
      ...{ username: 'admin@sandbox.example', password: 'sandbox' },
    })
    expect(consent.text).toContain('id="AllowBtn"')

    const ticket = hiddenFields(consent.text)
    const back = await client.form('/oauth2/v0/authorize/consent', { ...ticket, decision: 'allow' })
    expect(back.status).toBe(302)
    const location = new URL(back.headers.get('location') ?? '')
    expect(location.origin).toBe('http://localhost:9999')
    expect(location.searchParams.get('from')).toBe('concur')
    expect(location.searchParams.get('geolocation')).toBe(client.url)
    expect(location.searchParams.get('state')).toBe('s 1&"<')

    const tokens = await exchange(location.searchParams.get('code') ?? '')
    expect(tokens.status).toBe(200)
    expect(tokens.json).toMatchObject({ expires_in: '3600', token_type: 'Bearer', geolocation: client.url })
    expect(tokens.json['refresh_expires_in']).toBeGreaterThan(Date.now() / 1000 + 150 * 86_400)
    expect(
      (await client.get('/api/v3.0/expense/reports?limit=1', String(tokens.json['access_token']))).status,
    ).toBe(200)

    const again = await client.form('/oauth2/v0/authorize/consent', { ...ticket, decision: 'allow' })
    expect(again.status).toBe(400)
  })

  it('tells the application when a person denies', async () => {
    const page = await client.get(authorizePath())
    const consent = await client.form('/oauth2/v0/authorize', {
      ...hiddenFields(page.text),
      ...{ username: 'admin@sandbox.example', password: 'sandbox' },
    })
    const back = await client.form('/oauth2/v0/authorize/consent', {
      ...hiddenFields(consent.text),
      decision: 'deny',
    })
    const location = new URL(back.headers.get('location') ?? '')
    expect(location.searchParams.get('error_code')).toBe('access_denied')
    expect(location.searchParams.get('code')).toBeNull()
  })

  it.each([
    ['an unknown client', { client_id: 'other' }],
    ['plain http elsewhere', { redirect_uri: 'http://example.com/cb' }],
    ['another scheme', { redirect_uri: 'javascript:alert(1)' }],
    ['a fragment', { redirect_uri: 'https://example.com/cb#x' }],
  ])('shows an error page and never redirects for %s', async (_, more) => {
    const reply = await client.get(authorizePath(more))
    expect(reply.status).toBe(400)
    expect(reply.headers.get('location')).toBeNull()
  })

  it.each([
    ['response_type', { response_type: 'token' }, 'unsupported_response_type'],
    ['an unregistered scope', { scope: 'EXPRPT nonsense' }, '54'],
    ['a plain challenge', { code_challenge: 'x', code_challenge_method: 'plain' }, 'invalid_request'],
    ['an unknown sandbox_user', { sandbox_user: 'nobody@sandbox.example' }, '100'],
    ['a locked sandbox_user', { sandbox_user: 'locked@sandbox.example' }, '14'],
  ])('redirects with error_code for %s', async (_, more, code) => {
    const reply = await client.get(authorizePath(more))
    expect(reply.status).toBe(302)
    expect(new URL(reply.headers.get('location') ?? '').searchParams.get('error_code')).toBe(code)
  })

  it('takes a code once, only with its verifier, only within 15 minutes', async () => {
    const verifier = 'v'.repeat(50)
    const code_challenge = createHash('sha256').update(verifier).digest('base64url')
    const challenge = { code_challenge, code_challenge_method: 'S256' }
    expect((await exchange(await codeFor(challenge), { code_verifier: 'w'.repeat(50) })).json['code']).toBe(
      103,
    )
    const code = await codeFor(challenge)
    expect((await exchange(code, { code_verifier: verifier })).status).toBe(200)
    expect((await exchange(code, { code_verifier: verifier })).json['code']).toBe(103)
    const late = await codeFor()
    await client.post('/sandbox/clock', { addSeconds: 901 })
    expect((await exchange(late)).json['code']).toBe(103)
  })

  it('signs access tokens with the key it publishes', async () => {
    const token = await client.token('amber.badger@sandbox.example')
    const [head = '', claims = '', signature = ''] = token.split('.')
    const keys = (await client.get('/oauth2/v0/jwks')).json['keys'] as (JsonWebKey & { kid: string })[]
    const header = JSON.parse(Buffer.from(head, 'base64url').toString()) as { kid: string; alg: string }
    const key = keys.find((one) => one.kid === header.kid)
    expect(header.alg).toBe('RS256')
    expect(
      verify(
        'RSA-SHA256',
        Buffer.from(`${head}.${claims}`),
        createPublicKey({ key: key ?? {}, format: 'jwk' }),
        Buffer.from(signature, 'base64url'),
      ),
    ).toBe(true)
    const content = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>
    expect(content).toMatchObject({ iss: client.url, 'concur.type': 'user', 'concur.version': 2 })
    expect(Number(content['exp']) - Number(content['iat'])).toBe(3600)
  })

  const person = { username: 'admin@sandbox.example', password: 'sandbox' }
  it.each([
    [65, { grant_type: '' }],
    [62, { client_id: '', grant_type: 'password' }],
    [63, { client_secret: '', grant_type: 'password' }],
    [61, { client_id: 'other', grant_type: 'password' }],
    [64, { client_secret: 'wrong', grant_type: 'password' }],
    [60, { grant_type: 'nonsense' }],
    [56, { grant_type: 'otp' }],
    [101, { grant_type: 'authorization_code' }],
    [102, { grant_type: 'authorization_code', code: 'x' }],
    [103, { grant_type: 'authorization_code', code: 'x', redirect_uri: redirectUri }],
    [106, { grant_type: 'refresh_token' }],
    [108, { grant_type: 'refresh_token', refresh_token: 'x' }],
    [120, { grant_type: 'password', ...person, credtype: 'x' }],
    [51, { grant_type: 'password' }],
    [52, { grant_type: 'password', username: 'x' }],
    [54, { grant_type: 'password', ...person, scope: 'nonsense' }],
    [100, { grant_type: 'password', username: 'nobody', password: 'x' }],
    [5, { grant_type: 'password', ...person, password: 'x' }],
    [10, { grant_type: 'password', ...person, username: 'elder.badger@sandbox.example' }],
    [14, { grant_type: 'password', ...person, username: 'locked@sandbox.example' }],
    [16, { grant_type: 'password', ...person, username: 'abroad@sandbox.example' }],
    [20, { grant_type: 'password', ...person, username: 'blocked@sandbox.example' }],
    [21, { grant_type: 'password', ...person, username: 'sso@sandbox.example' }],
    [139, { grant_type: 'password', ...person, username: 'renew@sandbox.example' }],
  ])('answers error code %i', async (code, fields) => {
    const reply = await client.grant(fields as Record<string, string>)
    expect(reply.status).toBe(code === 61 || code === 64 ? 401 : 400)
    expect(Object.keys(reply.json)).toEqual(['code', 'error', 'error_description', 'geolocation'])
    expect(reply.json['code']).toBe(code)
    expect(reply.json['geolocation']).toBe(code === 16 ? `${client.url}/dc/eu2` : client.url)
  })

  it('answers 104 for another redirect address and 135 for a JSON body', async () => {
    const other = await exchange(await codeFor(), { redirect_uri: 'https://example.com/' })
    expect(other.json['code']).toBe(104)
    expect((await client.post('/oauth2/v0/token', { grant_type: 'password' })).json['code']).toBe(135)
  })

  it('gives every error code of the table on request', async () => {
    const codes = [
      5, 10, 11, 12, 13, 14, 16, 19, 20, 21, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64,
    ]
    const more = [65, 80, 81, 82, 83, 84, 85, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 115, 117, 118]
    for (const code of [...codes, ...more, 119, 120, 121, 122, 123, 124, 134, 135, 136, 139]) {
      await client.faults([{ fault: 'oauth-error', value: code }])
      const { json } = await passwordGrant({})
      expect([json['code'], json['error_description'] === 'unknown error']).toEqual([code, false])
    }
  })

  it.each([
    ['absent', 'undefined'],
    ['string', 'string'],
    ['number', 'number'],
  ])('writes refresh_expires_in as told: %s', async (value, type) => {
    await client.faults([{ fault: 'refresh-expires-in', value }])
    const { json } = await passwordGrant({})
    expect(typeof json['refresh_expires_in']).toBe(type)
    if (type === 'string') expect(json['refresh_expires_in']).toMatch(/^\d{10}$/)
  })

  it('refreshes again and again with one token, narrows but never widens, and extends its life', async () => {
    const first = await passwordGrant({ scope: 'EXPRPT openid' })
    const refresh_token = String(first.json['refresh_token'])
    const refresh = (scope?: string) =>
      client.grant({ grant_type: 'refresh_token', refresh_token, ...(scope === undefined ? {} : { scope }) })
    const second = await refresh()
    expect(second.json).toMatchObject({ refresh_token, scope: 'EXPRPT openid' })
    expect(second.json['access_token']).not.toBe(first.json['access_token'])
    expect((await refresh('EXPRPT')).json['scope']).toBe('EXPRPT')
    expect((await refresh('EXPRPT LIST')).json['code']).toBe(54)
    await client.post('/sandbox/clock', { addSeconds: 150 * 86_400 })
    expect((await refresh()).status).toBe(200)
    await client.post('/sandbox/clock', { addSeconds: 150 * 86_400 })
    expect((await refresh()).status).toBe(200)
    await client.post('/sandbox/clock', { addSeconds: 190 * 86_400 })
    expect((await refresh()).json['code']).toBe(108)
  })

  it.each([
    ['kill-old', 108],
    ['keep-old', undefined],
  ])('rotates refresh tokens when told to (%s)', async (value, code) => {
    const old = String((await passwordGrant({})).json['refresh_token'])
    await client.faults([{ fault: 'rotate-refresh', value }])
    const next = await client.grant({ grant_type: 'refresh_token', refresh_token: old })
    expect(next.json['refresh_token']).not.toBe(old)
    expect((await client.grant({ grant_type: 'refresh_token', refresh_token: old })).json['code']).toBe(code)
  })

  it('gives an application neither refresh nor id token, and no reports', async () => {
    const reply = await client.grant({ grant_type: 'client_credentials' })
    expect(reply.json['refresh_token']).toBeUndefined()
    expect(reply.json['id_token']).toBeUndefined()
    const list = await client.get('/api/v3.0/expense/reports', String(reply.json['access_token']))
    expect(list.status).toBe(403)
  })

  it('exchanges a company request token for a company’s access token', async () => {
    const { json } = await client.call('POST', '/sandbox/request-token')
    const reply = await passwordGrant({
      ...{
        credtype: 'authtoken',
        username: String(json['username']),
        password: String(json['requestToken']),
      },
    })
    expect(reply.status).toBe(200)
    await client.faults([{ fault: 'principals', value: 'strict' }])
    const users = '/profile/identity/v4.1/Users?count=1'
    expect((await client.get(users, String(reply.json['access_token']))).status).toBe(200)
    expect((await client.get(users, await client.token())).status).toBe(403)
  })

  it('revokes every token of a person, and of nobody else', async () => {
    const mine = await passwordGrant({})
    const other = await client.token('amber.badger@sandbox.example')
    const token = String(mine.json['access_token'])
    expect((await client.remove('/app-mgmt/v0/connections', token)).status).toBe(200)
    const reports = '/api/v3.0/expense/reports?limit=1'
    expect((await client.get(reports, token)).status).toBe(403)
    expect((await client.get('/profile/identity/v4.1/Users', token)).status).toBe(401)
    const refresh_token = String(mine.json['refresh_token'])
    expect((await client.grant({ grant_type: 'refresh_token', refresh_token })).json['code']).toBe(108)
    expect((await client.get(reports, other)).status).toBe(200)
    await client.post('/sandbox/revoke', {})
    expect((await client.get(reports, other)).status).toBe(403)
  })

  it('lies about geolocation and the form of expires_in only when asked', async () => {
    await client.faults([{ fault: 'hostile-geolocation', value: 'http://169.254.169.254', times: 1 }])
    expect((await passwordGrant({})).json['geolocation']).toBe('http://169.254.169.254')
    expect((await passwordGrant({})).json['geolocation']).toBe(client.url)
    await client.faults([
      { fault: 'wrong-geolocation', value: 'https://eu2.example' },
      { fault: 'expires-in-number' },
    ])
    expect((await passwordGrant({})).json).toMatchObject({ code: 16, geolocation: 'https://eu2.example' })
    await client.faults([{ fault: 'expires-in-number' }])
    expect((await passwordGrant({})).json['expires_in']).toBe(3600)
  })
})
