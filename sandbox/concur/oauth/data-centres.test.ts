import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { companyIds } from '../data-centres.ts'
import { abroadLogin, adminLogin, euAdminLogin, peopleOf } from '../people.ts'
import { allItems, type Client, itemsOf, type Json, openClient } from '../test-client.ts'

const eu = '/dc/eu2'
const reports = '/api/v3.0/expense/reports'
const users = '/profile/identity/v4.1/Users'
const redirect_uri = 'http://localhost:9999/callback'
const app = { client_id: 'amalgam-sandbox', client_secret: 'amalgam-sandbox-secret' }
const other = { client_id: 'other-sandbox', client_secret: 'other-sandbox-secret' }

describe('two data centres behind one port', () => {
  let client: Client
  beforeAll(async () => {
    client = await openClient({ reports: 60 })
  })
  afterAll(() => client.close())
  beforeEach(() => client.faults([]))

  const grant = (place: string, fields: Record<string, string>) =>
    client.form(`${place}/oauth2/v0/token`, { ...app, ...fields })
  const passwordGrant = (place: string, username: string) =>
    grant(place, { grant_type: 'password', username, password: 'sandbox' })
  const codeOf = async (place: string, login: string) => {
    const query = new URLSearchParams({
      ...{ client_id: app.client_id, redirect_uri, response_type: 'code', sandbox_user: login },
    })
    const reply = await client.get(`${place}/oauth2/v0/authorize?${query.toString()}`)
    return new URL(reply.headers.get('location') ?? '').searchParams
  }
  const exchange = (place: string, code: string | null) =>
    grant(place, { grant_type: 'authorization_code', redirect_uri, code: code ?? '' })
  const refresh = (place: string, refreshToken: unknown) =>
    grant(place, { grant_type: 'refresh_token', refresh_token: String(refreshToken) })
  const urlOf = (place: string) => `${client.url}${place}`
  const claimsOf = (token: unknown) =>
    JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString()) as Json

  it.each([
    [adminLogin, '', eu],
    [abroadLogin, eu, ''],
  ])('gives %s a token at home and error 16 elsewhere', async (login, home, away) => {
    const wrong = await passwordGrant(away, login)
    expect([wrong.status, wrong.json['code'], wrong.json['geolocation']]).toEqual([400, 16, urlOf(home)])
    const right = await passwordGrant(home, login)
    expect(right.json['geolocation']).toBe(urlOf(home))
    expect(claimsOf(right.json['access_token'])['iss']).toBe(urlOf(home))
  })

  it('takes a code of anybody at the root, and tells where the person lives', async () => {
    const back = await codeOf('', abroadLogin)
    expect(back.get('geolocation')).toBe(urlOf(eu))
    const tokens = await exchange('', back.get('code'))
    expect(tokens.json['geolocation']).toBe(urlOf(eu))
    const wrong = await refresh('', tokens.json['refresh_token'])
    expect([wrong.json['code'], wrong.json['geolocation']]).toEqual([16, urlOf(eu)])
    expect((await refresh(eu, tokens.json['refresh_token'])).json['geolocation']).toBe(urlOf(eu))
  })

  it('answers 16 to a code at the wrong data centre, and does not use it up', async () => {
    const code = (await codeOf(eu, adminLogin)).get('code')
    const wrong = await exchange(eu, code)
    expect([wrong.json['code'], wrong.json['geolocation']]).toEqual([16, client.url])
    const tokens = await exchange('', code)
    expect(tokens.status).toBe(200)
    const refused = await refresh(eu, tokens.json['refresh_token'])
    expect([refused.json['code'], refused.json['geolocation']]).toEqual([16, client.url])
    expect((await refresh('', tokens.json['refresh_token'])).status).toBe(200)
  })

  it('knows a token only where its principal lives', async () => {
    const here = await client.token()
    const there = String((await passwordGrant(eu, euAdminLogin)).json['access_token'])
    for (const [token, home, away] of [
      [here, '', eu],
      [there, eu, ''],
    ]) {
      expect((await client.get(`${home ?? ''}${reports}?limit=1`, token)).status).toBe(200)
      expect((await client.get(`${away ?? ''}${reports}?limit=1`, token)).status).toBe(403)
      expect((await client.get(`${away ?? ''}${users}?count=1`, token)).status).toBe(401)
    }
    const { json } = await client.grant({ grant_type: 'client_credentials' })
    expect((await client.get(`${eu}${reports}`, String(json['access_token']))).status).toBe(403)
  })

  it('has another company there, with its own people and reports', async () => {
    const admin = String((await passwordGrant(eu, euAdminLogin)).json['access_token'])
    const rows = await allItems(client, `${eu}${reports}?user=ALL&limit=7`, admin)
    expect(rows).toHaveLength(40)
    const logins = new Set(peopleOf('eu2').map((person) => person.login))
    expect(rows.every((row) => logins.has(String(row['OwnerLoginID'])))).toBe(true)
    expect(new Set(rows.map((row) => row['ID'])).size).toBe(40)
    const first = itemsOf(await client.get(`${eu}${reports}?user=ALL&limit=1`, admin))[0]
    expect(String(first?.['URI'])).toContain(`${client.url}${eu}/api/`)
    const entries = await allItems(client, `${eu}/api/v3.0/expense/entries?user=ALL&limit=50`, admin)
    expect(entries.length).toBeGreaterThan(40)
    expect(entries.every((row) => logins.has(String(row['ReportOwnerID'])))).toBe(true)

    const people = await client.get(`${eu}${users}`, admin)
    const list = people.json['Resources'] as Json[]
    expect(list.map((user) => user['userName'])).toEqual([...logins])
    const schema = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
    expect(list[0]?.[schema]).toMatchObject({ companyId: companyIds.eu2 })

    const home = await allItems(client, `${reports}?user=ALL&limit=100`, await client.token())
    expect(home).toHaveLength(60)
    expect(home.some((row) => logins.has(String(row['OwnerLoginID'])))).toBe(false)
  })

  it('keeps the companies apart: no row, person or login of one is found from the other', async () => {
    const here = await client.token()
    const there = String((await passwordGrant(eu, euAdminLogin)).json['access_token'])
    const made = await client.post(`${eu}${reports}?user=${abroadLogin}`, { Name: 'Abroad' }, there)
    const id = String(made.json['ID'])
    expect(made.json['URI']).toBe(`${client.url}${eu}${reports}/${id}`)
    const mine = String(itemsOf(await client.get(`${reports}?limit=1`, here))[0]?.['ID'])
    const entry = { ExpenseTypeCode: 'TAXIX', PaymentTypeID: 'p', TransactionCurrencyCode: 'EUR' }
    const dated = { ...entry, TransactionDate: '2026-01-01', TransactionAmount: 3 }
    const added = await client.post(
      `${eu}/api/v3.0/expense/entries?user=${abroadLogin}`,
      { ...dated, ReportID: id },
      there,
    )
    expect(added.status).toBe(200)
    const where = `${eu}/api/v3.0/expense/entries/${String(added.json['ID'])}?user=${abroadLogin}`
    const expense = String((await client.get(where, there)).json['ExpenseID'])
    expect((await client.remove(`/expensereports/v4/reports/${id}/expenses/${expense}`, here)).status).toBe(
      404,
    )
    const statuses = [
      await client.get(`${reports}/${id}?user=${abroadLogin}`, here),
      await client.get(`${eu}${reports}/${mine}?user=${adminLogin}`, there),
      await client.get(`${eu}${reports}/${mine}`, there),
      await client.post(`${eu}/api/v3.0/expense/entries`, { ...dated, ReportID: mine }, there),
      await client.get(`${users}/${peopleOf('eu2')[0]?.id ?? ''}`, here),
    ].map((reply) => reply.status)
    expect(statuses).toEqual([400, 400, 404, 400, 404])
    expect(
      (await client.remove(`${eu}/expensereports/v4/reports/${id}/expenses/${expense}`, there)).status,
    ).toBe(204)
  })

  it('serves keys, pages that lead back there and nothing of its own control under the prefix', async () => {
    expect((await client.get(`${eu}/oauth2/v0/jwks`)).status).toBe(200)
    const query = new URLSearchParams({ client_id: app.client_id, redirect_uri, response_type: 'code' })
    const page = await client.get(`${eu}/oauth2/v0/authorize?${query.toString()}`)
    expect(page.text).toContain('action="/dc/eu2/oauth2/v0/authorize"')
    for (const path of ['', '/', '/sandbox/calls', '/oauth2/v0/nothing']) {
      expect((await client.get(`${eu}${path}`)).status).toBe(404)
    }
    expect((await client.get('/dc/eu20/oauth2/v0/jwks')).status).toBe(404)
  })

  describe('a request token', () => {
    const make = async (body: Json = {}) => (await client.post('/sandbox/request-token', body)).json
    const authtoken = (place: string, made: Json, more: Record<string, string> = {}) =>
      grant(place, {
        ...{ grant_type: 'password', credtype: 'authtoken' },
        ...{ username: String(made['username']), password: String(made['requestToken']) },
        ...more,
      })

    it.each([
      ['us2', ''],
      ['eu2', eu],
    ] as const)('of the company in %s is exchanged at the root, again and again', async (company, home) => {
      const made = await make({ company })
      expect(made).toMatchObject({ username: companyIds[company], companyId: companyIds[company] })
      for (let round = 0; round < 2; round += 1) {
        const tokens = await authtoken('', made)
        expect(tokens.json['geolocation']).toBe(urlOf(home))
        expect(claimsOf(tokens.json['id_token'])['sub']).toBe(companyIds[company])
        const page = await client.get(`${home}${reports}?limit=1`, String(tokens.json['access_token']))
        expect(itemsOf(page)).toHaveLength(1)
        expect((await refresh(home, tokens.json['refresh_token'])).status).toBe(200)
      }
      const away = company === 'us2' ? eu : ''
      const tokens = await authtoken(home, made)
      expect((await refresh(away, tokens.json['refresh_token'])).json['code']).toBe(16)
    })

    it('is refused with 16 at the other data centre, 136 to another application, 5 after 24 hours', async () => {
      const made = await make()
      expect((await authtoken(eu, made)).json).toMatchObject({ code: 16, geolocation: client.url })
      expect((await authtoken('', made, other)).json['code']).toBe(136)
      expect((await authtoken('', await make({ client: other.client_id }), other)).status).toBe(200)
      expect((await authtoken('', made, { username: companyIds.eu2 })).json['code']).toBe(5)
      expect((await authtoken('', made, { username: 'x' })).json['code']).toBe(100)
      await client.post('/sandbox/clock', { addSeconds: 86_399 })
      expect((await authtoken('', made)).status).toBe(200)
      await client.post('/sandbox/clock', { addSeconds: 2 })
      expect((await authtoken('', made)).json['code']).toBe(5)
    })

    it('of the App Center is a person’s', async () => {
      const made = await make({ login: abroadLogin })
      expect(made['companyId']).toBe(companyIds.eu2)
      const tokens = await authtoken('', made)
      expect(tokens.json['geolocation']).toBe(urlOf(eu))
      expect(claimsOf(tokens.json['access_token'])).toMatchObject({
        sub: made['username'],
        'concur.type': 'user',
      })
    })

    it.each([{ company: 'us3' }, { client: 'nobody' }, { login: 'nobody' }])(
      'is not made for %j',
      async (body) => {
        expect((await client.post('/sandbox/request-token', body)).status).toBe(400)
      },
    )
  })

  it('answers 53, 59, 60, 105 and 107 to applications of which it is true', async () => {
    const limited = { client_id: 'limited-sandbox', client_secret: 'limited-sandbox-secret' }
    const disabled = { client_id: 'disabled-sandbox', client_secret: 'disabled-sandbox-secret' }
    const login = { grant_type: 'password', username: adminLogin, password: 'sandbox' }
    const codes = [
      await grant(eu, { ...login, username: abroadLogin, ...other }),
      await grant('', { ...login, ...disabled }),
      await grant('', { ...login, ...limited }),
      await grant('', {
        ...{ grant_type: 'authorization_code', redirect_uri, ...other },
        code: (await codeOf('', adminLogin)).get('code') ?? '',
      }),
      await grant('', {
        ...{ grant_type: 'refresh_token', ...other },
        refresh_token: String((await passwordGrant('', adminLogin)).json['refresh_token']),
      }),
      await grant('', { grant_type: 'refresh_token', refresh_token: 'x', ...limited }),
    ].map((reply) => reply.json['code'])
    expect(codes).toEqual([53, 59, 60, 105, 105, 107])
  })

  it('takes back a company’s tokens and nobody else’s when told to', async () => {
    const made = (await client.post('/sandbox/request-token', { company: 'eu2' })).json
    const company = await grant('', {
      ...{ grant_type: 'password', credtype: 'authtoken' },
      ...{ username: String(made['username']), password: String(made['requestToken']) },
    })
    const person = await passwordGrant(eu, euAdminLogin)
    const told = await client.post('/sandbox/revoke', { company: 'eu2' })
    expect(told.json).toEqual({ revoked: 'eu2' })
    expect((await refresh(eu, company.json['refresh_token'])).json['code']).toBe(108)
    expect((await refresh(eu, person.json['refresh_token'])).status).toBe(200)
    expect((await client.post('/sandbox/revoke', { company: 'x' })).status).toBe(400)
  })

  it('revokes one principal’s tokens of one application', async () => {
    const mine = await passwordGrant('', adminLogin)
    const foreign = await grant('', {
      ...{ grant_type: 'password', username: adminLogin, password: 'sandbox', ...other },
    })
    const there = await passwordGrant(eu, euAdminLogin)
    const token = String(mine.json['access_token'])
    expect((await client.remove('/app-mgmt/v0/connections', token)).status).toBe(200)
    const alive = async (place: string, reply: { json: Json }) =>
      (await client.get(`${place}${reports}?limit=1`, String(reply.json['access_token']))).status
    expect([await alive('', mine), await alive('', foreign), await alive(eu, there)]).toEqual([403, 200, 200])
    expect((await refresh('', mine.json['refresh_token'])).json['code']).toBe(108)
  })
})
