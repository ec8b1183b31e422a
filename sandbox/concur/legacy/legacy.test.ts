import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { abroadLogin, adminLogin, euAdminLogin } from '../people.ts'
import { type Answer, type Client, hiddenFields, type Json, openClient } from '../test-client.ts'
import { readXml } from '../xml-read.ts'

const eu = '/dc/eu2'
const key = 'amalgam-sandbox-legacy'
const secret = 'amalgam-sandbox-legacy-secret'
const somebody = 'amber.badger@sandbox.example'
const redirect_uri = 'http://localhost:9999/callback?from=old'
const login = '/net2/oauth2/Login.aspx'
const reports = '/api/v3.0/expense/reports?limit=1'

/** The elements of a flat XML reply by name. */
const fieldsOf = (answer: Answer): Record<string, string> =>
  Object.fromEntries(readXml(answer.text).children.map(({ name, text }) => [name, text]))

describe('the old login framework', () => {
  let client: Client
  beforeAll(async () => {
    client = await openClient({ reports: 60 })
  })
  afterAll(() => client.close())
  beforeEach(() => client.faults([]))

  const loginUrl = (more: Record<string, string> = {}) =>
    `${login}?${new URLSearchParams({
      ...{ client_id: key, redirect_uri, scope: 'EXPRPT,LIST,USER', state: 's&1', response_type: 'code' },
      ...more,
    }).toString()}`
  const back = (reply: Answer) => new URL(reply.headers.get('location') ?? '').searchParams
  const codeOf = async (sandbox_user: string, more: Record<string, string> = {}) =>
    back(await client.get(loginUrl({ sandbox_user, ...more }))).get('code') ?? ''
  const tokenUrl = (fields: Record<string, string>, place = '') =>
    `${place}/net2/oauth2/GetAccessToken.ashx?${new URLSearchParams({
      ...{ client_id: key, client_secret: secret },
      ...fields,
    }).toString()}`
  const exchange = (code: string, place = '') => client.get(tokenUrl({ code }, place))
  const call = (method: string, path: string, authorization?: string, more: Record<string, string> = {}) =>
    client.call(method, path, {
      headers: { ...(authorization === undefined ? {} : { authorization }), ...more },
    })
  const use = (token: string | undefined, path = reports) => call('GET', path, `OAuth ${token ?? ''}`)
  const fresh = async (who = adminLogin, more: Record<string, string> = {}) =>
    fieldsOf(await exchange(await codeOf(who, more)))
  const refresh = (given: Record<string, string>, header = given['Token'], place = '') =>
    call(
      'GET',
      tokenUrl({ refresh_token: given['Refresh_Token'] ?? '' }, place),
      header === undefined ? undefined : `OAuth ${header}`,
    )
  const clock = (addSeconds: number) => client.post('/sandbox/clock', { addSeconds })

  it('walks login, consent and exchange with plain forms, and its tokens open v3', async () => {
    const page = await client.get(loginUrl())
    for (const id of ['UserNameTxt', 'PasswordTxt', 'LoginBtn']) expect(page.text).toContain(`id="${id}"`)
    const fields = { ...hiddenFields(page.text), username: adminLogin }
    const wrong = await client.form(login, { ...fields, password: 'no' })
    expect(wrong.text).toContain('role="alert"')
    const consent = await client.form(login, { ...fields, password: 'sandbox' })
    expect(consent.text).toContain('id="AllowBtn"')
    const ticket = hiddenFields(consent.text)
    const elsewhere = await client.form('/oauth2/v0/authorize/consent', { ...ticket, decision: 'allow' })
    expect(elsewhere.status).toBe(400)
    const allowed = await client.form('/net2/oauth2/Consent.aspx', { ...ticket, decision: 'allow' })
    expect([...back(allowed).keys()]).toEqual(['from', 'code', 'state'])
    expect(back(allowed).get('state')).toBe('s&1')

    const code = back(allowed).get('code') ?? ''
    const reply = await exchange(code)
    expect(reply.headers.get('content-type')).toBe('application/xml; charset=utf-8')
    expect(readXml(reply.text).name).toBe('Access_Token')
    const tokens = fieldsOf(reply)
    expect(Object.keys(tokens)).toEqual(['Instance_Url', 'Token', 'Expiration_date', 'Refresh_Token'])
    expect(tokens['Instance_Url']).toBe(`${client.url}/`)
    expect(tokens['Token']).toMatch(/^1_\w+\$\w+$/)
    expect(tokens['Expiration_date']).toMatch(/^\d{1,2}\/\d{1,2}\/\d{4} \d{1,2}:\d\d:\d\d [AP]M$/)
    const year = Date.parse(`${tokens['Expiration_date'] ?? ''} UTC`) - Date.now()
    expect(year / 86_400_000).toBeCloseTo(365, 1)
    expect((await use(tokens['Token'])).status).toBe(200)
    expect((await exchange(code)).status).toBe(403)
  })

  it('tells the application of a denial as documented', async () => {
    const page = await client.get(loginUrl())
    const fields = { ...hiddenFields(page.text), username: adminLogin, password: 'sandbox' }
    const ticket = hiddenFields((await client.form(login, fields)).text)
    const denied = await client.form('/net2/oauth2/Consent.aspx', { ...ticket, decision: 'deny' })
    expect(denied.headers.get('location')).toBe(
      `${redirect_uri}&error=access_denied&error_description=User+denied+access&state=s%261`,
    )
  })

  it.each([
    ['a consumer key of the current framework', { client_id: 'amalgam-sandbox' }, 400, null],
    ['plain http elsewhere', { redirect_uri: 'http://example.com/' }, 400, null],
    ['a scope of the current framework', { scope: 'EXPRPT,openid' }, 302, 'invalid_scope'],
    ['a locked person', { sandbox_user: 'locked@sandbox.example' }, 302, 'access_denied'],
    ['nobody', { sandbox_user: 'nobody' }, 302, 'access_denied'],
  ])('refuses a login with %s', async (_, more, status, error) => {
    const reply = await client.get(loginUrl(more))
    expect(reply.status).toBe(status)
    if (error !== null) expect(back(reply).get('error')).toBe(error)
  })

  it.each(['getaccesstoken.ashx', 'GETACCESSTOKEN.ASHX', 'GetAccessToken.ashx'])(
    'matches %s without regard to case',
    async (name) => {
      const path = tokenUrl({ code: await codeOf(adminLogin) })
      expect((await client.get(path.replace('GetAccessToken.ashx', name))).status).toBe(200)
    },
  )

  it.each([
    ['application/json', 'json'],
    ['application/xml', 'xml'],
    ['*/*', 'xml'],
    ['text/html, application/json;q=0.5', 'json'],
  ])('answers Accept %s in %s', async (accept, kind) => {
    const reply = await call('GET', tokenUrl({ code: await codeOf(adminLogin) }), undefined, { accept })
    expect(reply.headers.get('content-type')).toContain(kind)
    if (kind === 'json') {
      expect(Object.keys(reply.json)).toEqual(['Instance_Url', 'Token', 'Expiration_date', 'Refresh_Token'])
    }
    const wrong = await call('GET', tokenUrl({ code: 'x' }), undefined, { accept })
    expect(wrong.status).toBe(403)
    if (kind === 'xml') expect(Object.keys(fieldsOf(wrong))).toEqual(['Message', 'Server-Time', 'Id'])
    else expect(wrong.json['Error']).toHaveProperty('Message')
  })

  it.each([
    ['no code', { code: '' }, 400],
    ['no client', { code: 'x', client_id: '' }, 400],
    ['another client', { code: 'x', client_id: 'amalgam-sandbox' }, 403],
    ['a wrong secret', { code: 'x', client_secret: 'amalgam-sandbox-secret' }, 403],
  ])('refuses an exchange with %s', async (_, fields, status) => {
    expect((await client.get(tokenUrl(fields as Record<string, string>))).status).toBe(status)
  })

  it('takes a request token for 15 minutes', async () => {
    const code = await codeOf(adminLogin)
    await clock(901)
    expect((await exchange(code)).status).toBe(403)
  })

  it('gives a token for login and password, and says what is missing', async () => {
    const path = '/net2/oauth2/accesstoken.ashx'
    const basic = (name: string, password = 'sandbox') =>
      `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`
    const native = (authorization?: string, more: Record<string, string> = { 'x-consumerkey': key }) =>
      call('GET', path, authorization, more)
    const tokens = fieldsOf(await native(basic(somebody)))
    expect((await use(tokens['Token'])).status).toBe(200)
    expect(fieldsOf(await native(basic(abroadLogin)))['Instance_Url']).toBe(`${client.url}${eu}/`)
    const statuses = [
      await native(),
      await native('Basic x'),
      await native(basic(somebody, 'no')),
      await native(basic('locked@sandbox.example')),
      await native(basic(somebody), {}),
      await native(basic(somebody), { 'x-consumerkey': 'amalgam-sandbox' }),
      await call('GET', `${eu}${path}`, basic(somebody), { 'x-consumerkey': key }),
    ].map((reply) => reply.status)
    expect(statuses).toEqual([401, 401, 401, 401, 400, 403, 401])
  })

  it('refreshes with the old token in the header, a year ahead, however long it was unused', async () => {
    const tokens = await fresh()
    await clock(400 * 86_400)
    expect((await use(tokens['Token'])).status).toBe(403)
    const again = fieldsOf(await refresh(tokens))
    expect([again['Token'], again['Refresh_Token']]).toEqual([tokens['Token'], tokens['Refresh_Token']])
    const later = Date.parse(again['Expiration_date'] ?? '') - Date.parse(tokens['Expiration_date'] ?? '')
    expect(later / 86_400_000).toBeCloseTo(400, 1)
    expect((await use(again['Token'])).status).toBe(200)
  })

  it('refuses a refresh without the token, with another, or with another refresh token', async () => {
    const [mine, other] = [await fresh(), await fresh()]
    const statuses = [
      await call('GET', tokenUrl({ refresh_token: mine['Refresh_Token'] ?? '' })),
      await refresh(mine, other['Token']),
      await refresh(mine, 'x'),
      await refresh({ ...mine, Refresh_Token: 'x' }),
      await call(
        'GET',
        tokenUrl({ refresh_token: mine['Refresh_Token'] ?? '' }),
        `Bearer ${mine['Token'] ?? ''}`,
      ),
      await client.get(tokenUrl({ refresh_token: mine['Refresh_Token'] ?? '', client_secret: 'x' })),
    ].map((reply) => reply.status)
    expect(statuses).toEqual([401, 403, 403, 403, 403, 403])
    expect((await refresh(mine)).status).toBe(200)
  })

  it.each([
    ['kill-old', 403],
    ['keep-old', 200],
  ])('gives a new token at refresh when told to (%s)', async (value, status) => {
    const old = await fresh()
    await client.faults([{ fault: 'legacy-new-token', value, times: 1 }])
    const next = fieldsOf(await refresh(old))
    expect(next['Token']).not.toBe(old['Token'])
    expect((await use(next['Token'])).status).toBe(200)
    expect((await use(old['Token'])).status).toBe(status)
    expect((await refresh(next)).status).toBe(200)
  })

  it('writes other names and leaves elements out when told to', async () => {
    await client.faults([{ fault: 'legacy-names', times: 1 }])
    expect(Object.keys(await fresh())).toEqual(['Instance_URL', 'Token', 'Expiration_Date', 'Refresh_Token'])
    await client.faults([{ fault: 'legacy-no-instance' }, { fault: 'legacy-no-refresh' }])
    expect(Object.keys(await fresh())).toEqual(['Token', 'Expiration_date'])
    await client.faults([{ fault: 'hostile-geolocation', value: 'http://169.254.169.254/' }])
    expect((await fresh())['Instance_Url']).toBe('http://169.254.169.254/')
  })

  it('keeps the frameworks’ tokens apart, and opens only v1 to v3', async () => {
    const old = (await fresh())['Token'] ?? ''
    const current = await client.token()
    const identity = '/profile/identity/v4.1/Users?count=1'
    const statuses = [
      await use(old, identity),
      await client.remove('/app-mgmt/v0/connections', old),
      await call('DELETE', '/expensereports/v4/reports/x/expenses/y', `OAuth ${old}`),
      await client.get(reports, old),
      await use(current),
      await call('POST', '/net2/oauth2/revoketoken.ashx?token=x', `Bearer ${current}`),
    ].map((reply) => reply.status)
    expect(statuses).toEqual([401, 401, 401, 403, 403, 403])
    const narrow = (await fresh(adminLogin, { scope: 'LIST' }))['Token']
    expect((await use(narrow)).status).toBe(403)
  })

  it('tells the instance where the person lives, where alone the token is known and refreshed', async () => {
    const tokens = await fresh(abroadLogin)
    expect(tokens['Instance_Url']).toBe(`${client.url}${eu}/`)
    expect((await use(tokens['Token'])).status).toBe(403)
    expect((await use(tokens['Token'], `${eu}${reports}`)).status).toBe(200)
    expect((await refresh(tokens)).status).toBe(403)
    expect((await refresh(tokens, tokens['Token'], eu)).status).toBe(200)
    const code = await codeOf(adminLogin)
    expect((await exchange(code, eu)).status).toBe(403)
    expect((await exchange(code)).status).toBe(200)
  })

  it('revokes one’s own token, others’ and all of a person for an administrator', async () => {
    const path = '/net2/oauth2/revoketoken.ashx'
    const revoke = (query: Record<string, string>, token: string | undefined, place = '') =>
      call('POST', `${place}${path}?${new URLSearchParams(query).toString()}`, `OAuth ${token ?? ''}`)
    const admin = (await fresh())['Token']
    const [first, second, third] = [await fresh(somebody), await fresh(somebody), await fresh(somebody)]
    const basil = (await fresh('basil.badger@sandbox.example'))['Token']
    expect((await revoke({ token: first['Token'] ?? '' }, basil)).status).toBe(403)
    const own = await revoke({ token: first['Token'] ?? '' }, first['Token'])
    expect([own.status, own.text]).toEqual([200, ''])
    expect((await use(first['Token'])).status).toBe(403)
    expect((await refresh(first)).status).toBe(403)
    expect((await revoke({ token: second['Token'] ?? '' }, admin)).status).toBe(200)
    expect((await use(second['Token'])).status).toBe(403)

    const all = { consumerKey: key, user: somebody }
    const euAdmin = (await fresh(euAdminLogin))['Token']
    const statuses = [
      await revoke(all, basil),
      await revoke({ ...all, consumerKey: 'x' }, admin),
      await revoke({ ...all, user: 'x' }, admin),
      await revoke({ consumerKey: key }, admin),
      await revoke(all, euAdmin, eu),
      await revoke({ token: 'x' }, admin),
      await call('POST', `${path}?token=x`),
    ].map((reply) => reply.status)
    expect(statuses).toEqual([403, 403, 404, 400, 404, 404, 401])
    expect((await use(third['Token'])).status).toBe(200)
    expect((await revoke(all, admin)).status).toBe(200)
    expect([(await use(third['Token'])).status, (await use(basil)).status]).toEqual([403, 200])
  })

  it('counts its grants, and masks its secrets', async () => {
    await client.call('DELETE', '/sandbox/calls')
    await refresh(await fresh())
    const calls = (await client.get('/sandbox/calls')).json
    expect(calls['grants']).toEqual({ legacy_code: 1, legacy_refresh: 1 })
    const [, code, again] = calls['requests'] as Json[]
    expect(code?.['issued']).toBe(again?.['issued'])
    expect(JSON.stringify(calls)).not.toContain(secret)
  })
})
