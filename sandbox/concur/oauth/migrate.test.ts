import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { companyIds } from '../data-centres.ts'
import { abroadLogin, adminLogin, personByLogin } from '../people.ts'
import { type Answer, type Client, type Json, openClient } from '../test-client.ts'

const key = 'amalgam-sandbox-legacy'
const old = { client_id: key, client_secret: 'amalgam-sandbox-legacy-secret' }
const secret = 'amalgam-sandbox-secret'
const somebody = 'amber.badger@sandbox.example'
const redirect_uri = 'http://localhost:9999/callback'
const pathOf = (consumerKey = key) => `/appmgmt/v0/legacyApps/${consumerKey}/exchangeRefreshToken/me`

describe('moving from the old framework to the current one', () => {
  let client: Client
  let appToken: string
  beforeAll(async () => {
    client = await openClient({ reports: 60 })
    appToken = String((await client.grant({ grant_type: 'client_credentials' })).json['access_token'])
  })
  afterAll(() => client.close())

  const query = (fields: Record<string, string>) => new URLSearchParams({ ...old, ...fields }).toString()
  const legacy = async (sandbox_user: string, more: Record<string, string> = {}) => {
    const page = await client.get(`/net2/oauth2/login.aspx?${query({ redirect_uri, sandbox_user, ...more })}`)
    const code = new URL(page.headers.get('location') ?? '').searchParams.get('code') ?? ''
    const path = `/net2/oauth2/getaccesstoken.ashx?${query({ code })}`
    const { json } = await client.call('GET', path, { headers: { accept: 'application/json' } })
    return { token: String(json['Token']), refreshToken: String(json['Refresh_Token']) }
  }
  const migrate = (token: string, more: { path?: string; bearer?: string; secret?: string } = {}) =>
    client.post(more.path ?? pathOf(), { token, secret: more.secret ?? secret }, more.bearer ?? appToken)
  const refresh = (reply: Answer, place = '') =>
    client.form(`${place}/oauth2/v0/token`, {
      ...{ client_id: 'amalgam-sandbox', client_secret: secret },
      ...{ grant_type: 'refresh_token', refresh_token: String(reply.json['token']) },
    })
  const context = (reply: Answer) => JSON.parse(String(reply.json['context'])) as Json

  it.each(['token', 'refreshToken'] as const)('turns an old %s into a refresh token', async (name) => {
    const tokens = await legacy(somebody, { scope: 'EXPRPT,LIST' })
    const reply = await migrate(tokens[name])
    expect(reply.status).toBe(200)
    expect(Object.keys(reply.json)).toEqual(['token', 'created', 'expired', 'scopes', 'context'])
    expect(reply.json['scopes']).toEqual(['EXPRPT', 'LIST'])
    const life = Number(reply.json['expired']) - Number(reply.json['created'])
    expect(life / 86_400_000).toBe(182)
    const { id } = personByLogin(somebody) ?? {}
    expect(context(reply)).toMatchObject({ userid: id, cid: companyIds.us2, ptype: 'user' })
    const next = await refresh(reply)
    expect(next.json['scope']).toBe('EXPRPT LIST')
    const reports = '/api/v3.0/expense/reports?limit=1'
    expect((await client.get(reports, String(next.json['access_token']))).status).toBe(200)
    const before = { headers: { authorization: `OAuth ${tokens.token}` } }
    expect((await client.call('GET', reports, before)).status).toBe(200)
  })

  it('gives a company’s for an administrator’s only', async () => {
    const path = `${pathOf()}?returnType=companyToken`
    const refused = await migrate((await legacy(somebody)).token, { path })
    expect([refused.status, refused.json['code']]).toEqual([400, 'UNAUTHORIZED'])
    const reply = await migrate((await legacy(adminLogin)).refreshToken, { path })
    expect(context(reply)['ptype']).toBe('company')
    const access = String((await refresh(reply)).json['access_token'])
    const page = await client.get('/api/v3.0/expense/reports?limit=100', access)
    const owners = (page.json['Items'] as Json[]).map((row) => row['OwnerLoginID'])
    expect(new Set(owners).size).toBeGreaterThan(5)
  })

  it('gives a token that is refreshed where the person lives', async () => {
    const reply = await migrate((await legacy(abroadLogin)).token)
    expect((await refresh(reply)).json).toMatchObject({ code: 16, geolocation: `${client.url}/dc/eu2` })
    expect((await refresh(reply, '/dc/eu2')).status).toBe(200)
  })

  it('takes the old refresh token years later, and the old access token for its year', async () => {
    const { token, refreshToken } = await legacy(somebody)
    await client.post('/sandbox/clock', { addSeconds: 366 * 86_400 })
    appToken = String((await client.grant({ grant_type: 'client_credentials' })).json['access_token'])
    expect((await migrate(token)).json['code']).toBe('INVALIDTOKEN')
    expect((await migrate(refreshToken)).status).toBe(200)
  })

  it('answers each documented code', async () => {
    const { token } = await legacy(somebody)
    const wide = await legacy(somebody, { scope: 'EXPRPT,TWS' })
    const foreign = await client.grant({
      ...{ client_id: 'other-sandbox', client_secret: 'other-sandbox-secret' },
      grant_type: 'client_credentials',
    })
    const replies = [
      await migrate(token, { path: pathOf('unknown') }),
      await migrate(token, { bearer: String(foreign.json['access_token']), secret: 'other-sandbox-secret' }),
      await migrate(token, { secret: 'wrong' }),
      await migrate(token, { bearer: await client.token() }),
      await migrate('1_none$x'),
      await migrate(wide.token),
    ].map(({ status, json }) => [status, json['code']])
    expect(replies).toEqual([
      [404, 'INVALIDAPP'],
      [404, 'INVALIDAPP'],
      [400, 'UNAUTHORIZED'],
      [400, 'UNAUTHORIZED'],
      [400, 'INVALIDTOKEN'],
      [400, 'INVALIDSCOPES'],
    ])
    expect((await migrate(token, { bearer: 'x' })).status).toBe(401)
  })
})
