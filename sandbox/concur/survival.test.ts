import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sha256 } from './ids.ts'
import { abroadLogin, adminLogin, euAdminLogin } from './people.ts'
import { type Answer, allItems, type Client, type Json, openClient } from './test-client.ts'

const eu = '/dc/eu2'
const app = { client_id: 'amalgam-sandbox', client_secret: 'amalgam-sandbox-secret' }
const old = { client_id: 'amalgam-sandbox-legacy', client_secret: 'amalgam-sandbox-legacy-secret' }
const reports = '/api/v3.0/expense/reports'
const redirect_uri = 'http://localhost:9999/'

describe('what the vendor gave out survives a restart', () => {
  let folder: string
  let client: Client
  let closed: boolean
  const open = async () => {
    client = await openClient({ reports: 50, stateFile: join(folder, 'state') })
    closed = false
  }
  const close = async () => {
    await client.close()
    closed = true
  }
  const restart = async () => {
    await close()
    await open()
  }
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'concur-survival-'))
    await open()
  })
  afterEach(async () => {
    if (!closed) await client.close()
    rmSync(folder, { recursive: true })
  })

  const post = (path: string, fields: Record<string, string>) => client.form(path, { ...app, ...fields })
  const token = (place: string, fields: Record<string, string>) => post(`${place}/oauth2/v0/token`, fields)
  const query = (fields: Record<string, string>) => new URLSearchParams({ ...old, ...fields }).toString()
  const legacyCode = async () => {
    const page = await client.get(
      `/net2/oauth2/login.aspx?${query({ redirect_uri, sandbox_user: adminLogin })}`,
    )
    return new URL(page.headers.get('location') ?? '').searchParams.get('code') ?? ''
  }
  const legacyToken = (fields: Record<string, string>, bearer = '') =>
    client.call('GET', `/net2/oauth2/getaccesstoken.ashx?${query(fields)}`, {
      headers: { accept: 'application/json', authorization: `OAuth ${bearer}` },
    })
  const text = ({ json }: Answer, name: string) => String(json[name])

  it('request tokens, company grants, codes and tokens of the old framework, one-time passwords', async () => {
    const made = (await client.post('/sandbox/request-token', { company: 'eu2' })).json
    const company = {
      ...{ grant_type: 'password', credtype: 'authtoken' },
      ...{ username: String(made['username']), password: String(made['requestToken']) },
    }
    const first = await token('', company)
    const code = await legacyCode()
    const legacy = await legacyToken({ code: await legacyCode() })
    const to = { channel_type: 'email', channel_handle: adminLogin }
    await post('/oauth2/v0/otp', to)
    const [letter] = JSON.parse((await client.get('/sandbox/mail')).text) as Json[]
    await restart()

    expect((await token('', company)).status).toBe(200)
    const refresh_token = text(first, 'refresh_token')
    expect((await token(eu, { grant_type: 'refresh_token', refresh_token })).status).toBe(200)
    expect((await client.get(`${eu}${reports}`, text(first, 'access_token'))).status).toBe(200)
    expect((await legacyToken({ code })).status).toBe(200)
    const again = await legacyToken({ refresh_token: text(legacy, 'Refresh_Token') }, text(legacy, 'Token'))
    expect(again.json['Token']).toBe(legacy.json['Token'])
    expect((await token('', { grant_type: 'otp', otp: String(letter?.['otp']), ...to })).status).toBe(200)

    const kept = readFileSync(join(folder, 'state'), 'utf8')
    for (const secret of [made['requestToken'], refresh_token, code, legacy.json['Token'], letter?.['otp']]) {
      expect(kept).not.toContain(String(secret))
    }
  })

  it('what was used, revoked or dropped stays so', async () => {
    const code = await legacyCode()
    const legacy = await legacyToken({ code })
    const made = await token('', { grant_type: 'password', username: adminLogin, password: 'sandbox' })
    await client.remove('/app-mgmt/v0/connections', text(made, 'access_token'))
    const path = `/net2/oauth2/revoketoken.ashx?${query({ token: text(legacy, 'Token') })}`
    await client.call('POST', path, { headers: { authorization: `OAuth ${text(legacy, 'Token')}` } })
    await restart()
    expect((await legacyToken({ code })).status).toBe(403)
    const refreshed = { refresh_token: text(legacy, 'Refresh_Token') }
    expect((await legacyToken(refreshed, text(legacy, 'Token'))).status).toBe(403)
    const fields = { grant_type: 'refresh_token', refresh_token: text(made, 'refresh_token') }
    expect((await token('', fields)).json['code']).toBe(108)
  })

  it('the second company’s reports, and what was changed in them', async () => {
    const admin = async () =>
      text(
        await token(eu, { grant_type: 'password', username: euAdminLogin, password: 'sandbox' }),
        'access_token',
      )
    // Without the address, whose port changes.
    const list = async () => {
      const rows = await allItems(client, `${eu}${reports}?user=ALL`, await admin())
      return rows.map(({ URI: _, ...row }): Json => row)
    }
    const before = await list()
    const open = before.find((row) => row['ApprovalStatusCode'] === 'A_NOTF') ?? before[0]
    const where = `${eu}${reports}/${String(open?.['ID'])}?user=${String(open?.['OwnerLoginID'])}`
    await client.put(where, { Name: 'Changed' }, await admin())
    await client.post(`${eu}${reports}?user=${abroadLogin}`, { Name: 'New' }, await admin())
    const after = await list()
    await restart()
    expect(await list()).toEqual(after)
    expect(after).toHaveLength(before.length + 1)
    expect(after.map((row) => row['Name'])).toEqual(expect.arrayContaining(['Changed', 'New']))
  })

  it('also records of the first version, which named neither application nor company', async () => {
    await close()
    const expiresAt = Date.now() + 3_600_000
    const principal = { kind: 'company' }
    const kept = { principal, scope: 'EXPRPT', issuedAt: Date.now(), expiresAt }
    const lines = [
      { kind: 'request-token', hash: sha256('at-old'), expiresAt },
      { kind: 'refresh', hash: sha256('refresh-old'), token: kept },
      { kind: 'access', hash: sha256('access-old'), token: kept },
    ]
    writeFileSync(join(folder, 'state'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    await open()
    const { json } = await client.post('/sandbox/request-token', {})
    const username = String(json['username'])
    const fields = { grant_type: 'password', credtype: 'authtoken', username, password: 'at-old' }
    expect((await token('', fields)).status).toBe(200)
    const refresh = { grant_type: 'refresh_token', refresh_token: 'refresh-old' }
    expect((await token('', refresh)).status).toBe(200)
    expect((await client.get(`${reports}?limit=1`, 'access-old')).status).toBe(200)
    expect((await client.remove('/app-mgmt/v0/connections', 'access-old')).status).toBe(200)
    expect((await token('', refresh)).json['code']).toBe(108)
  })
})
