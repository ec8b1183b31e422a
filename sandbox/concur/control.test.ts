import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { knownFaults } from './fault-list.ts'
import { operations } from './operations.ts'
import { personByLogin } from './people.ts'
import { type Client, itemsOf, type Json, openClient } from './test-client.ts'

const path = '/api/v3.0/expense/reports?limit=2&user=ALL'

describe('the sandbox’s control addresses and faults', () => {
  let client: Client
  let token: string
  beforeAll(async () => {
    client = await openClient({ reports: 20 })
    token = await client.token()
  })
  afterAll(() => client.close())
  beforeEach(async () => {
    await client.call('DELETE', '/sandbox/faults')
  })
  const list = () => client.get(path, token)
  const cut = () =>
    list().then(
      () => 'answered',
      () => 'cut',
    )

  it('shows a page that names every operation, control address and fault', async () => {
    const page = await client.get('/')
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    for (const name of [...Object.keys(knownFaults), 'reports.list', 'oauth.token', '/sandbox/clock']) {
      expect(page.text).toContain(name)
    }
    expect(page.text).not.toMatch(/(?:src|href)=/)
  })

  it('names the page that each operation follows, and has no address twice', () => {
    const seen = operations.map(
      ({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, '{}').toLowerCase()}`,
    )
    expect(new Set(seen).size).toBe(seen.length)
    expect(new Set(operations.map(({ name }) => name)).size).toBe(seen.length)
    expect(operations.filter(({ follows }) => follows === null || follows === '')).toEqual([])
  })

  it('garbles bodies, renames lists, and serves the addresses of public code when told to', async () => {
    const fetchText = async () =>
      (await fetch(`${client.url}${path}`, { headers: { authorization: `Bearer ${token}` } })).text()
    await client.faults([{ fault: 'malformed-body', operation: 'reports.list', times: 1 }])
    const broken = await fetchText()
    expect(() => JSON.parse(broken) as unknown).toThrow()
    expect(JSON.parse(await fetchText())).toHaveProperty('Items')
    await client.faults([{ fault: 'collection-key', times: 2 }])
    expect((await client.get('/v4/attendees', token)).json).toHaveProperty('Items')
    const digests = '/api/v3.0/invoice/paymentrequestdigests?limit=1'
    expect((await client.get(digests, token)).json).toHaveProperty('Items')
    expect((await client.get(digests, token)).json).toHaveProperty('PaymentRequestDigest')
    const own = personByLogin('admin@sandbox.example')?.id ?? ''
    const reports = `/expensereports/v4/users/${own}/context/TRAVELER/reports`
    expect((await client.get(reports, token)).status).toBe(404)
    await client.faults([{ fault: 'wild' }])
    const list = JSON.parse((await client.get(`${reports}?start=0&limit=2`, token)).text) as Json[]
    expect(list.map((row) => row['userId'])).toContain(own)
    const made = await client.post('/api/v3.0/expense/reports', { Name: 'Wild' }, token)
    const body = {
      ...{ expenseType: { id: 'TAXIX' }, transactionDate: '2026-05-05' },
      transactionAmount: { value: 4, currencyCode: 'USD' },
    }
    const expense = await client.post(`${reports}/${String(made.json['ID'])}/expenses`, body, token)
    expect(expense.status).toBe(201)
    expect((await client.get(String(expense.json['uri']), token)).json).toMatchObject({
      transactionDate: '2026-05-05',
    })
  })

  it('answers the list it was given and forgets it on DELETE', async () => {
    const faults = [
      { fault: 'rate-limit', operation: 'reports.list', times: 2, value: 7 },
      { fault: 'slow', value: 1 },
    ]
    expect(JSON.parse((await client.faults(faults)).text)).toEqual(faults)
    expect(JSON.parse((await client.get('/sandbox/faults')).text)).toEqual(faults)
    expect(JSON.parse((await client.call('DELETE', '/sandbox/faults')).text)).toEqual([])
  })

  it.each([
    [[{ fault: 'nonsense' }], 'expire-tokens'],
    [[{ fault: 'slow', operation: 'nonsense' }], 'reports.list'],
    [[{ fault: 'slow', rate: 2 }], 'rate'],
    [[{ fault: 'slow', seed: 2 }], 'seed'],
    [[{ fault: 'slow', rate: 0.5, seed: 'a' }], 'seed'],
    [[{ fault: 'slow', times: 0 }], 'times'],
    [[{ fault: 'denied-status', value: 500 }], '401'],
    [[{ fault: 'server-error', value: 200 }], '500'],
    [{ fault: 'slow' }, 'list'],
  ])('refuses %j and says what is allowed', async (faults, word) => {
    const reply = await client.put('/sandbox/faults', faults)
    expect(reply.status).toBe(400)
    expect(reply.json['message']).toContain(word)
  })

  it('limits the rate as often as told, with Retry-After when told', async () => {
    await client.faults([{ fault: 'rate-limit', operation: 'reports.list', times: 2, value: 7 }])
    const first = await list()
    expect([first.status, first.headers.get('retry-after')]).toEqual([429, '7'])
    expect((await client.get('/profile/identity/v4.1/Users?count=1', token)).status).toBe(200)
    expect([(await list()).status, (await list()).status]).toEqual([429, 200])
    await client.faults([{ fault: 'rate-limit' }])
    expect((await list()).headers.get('retry-after')).toBeNull()
    await client.faults([{ fault: 'rate-limit-400' }])
    expect((await list()).status).toBe(400)
  })

  it('strikes at a rate evenly', async () => {
    await client.faults([{ fault: 'server-error', rate: 0.25, value: 503 }])
    const statuses: number[] = []
    for (let call = 0; call < 8; call += 1) statuses.push((await list()).status)
    expect(statuses.filter((status) => status === 503)).toHaveLength(2)
  })

  it('cuts bodies and connections, before or after the work', async () => {
    await client.faults([{ fault: 'cut-body', times: 1 }])
    expect(await cut()).toBe('cut')
    await client.faults([{ fault: 'cut-connection', times: 1 }])
    expect([await cut(), await cut()]).toEqual(['cut', 'answered'])
    const create = () =>
      client.post('/api/v3.0/expense/reports', { Name: 'cut' }, token).then(
        () => 'answered',
        () => 'cut',
      )
    await client.faults([{ fault: 'cut-connection', value: 'after', operation: 'reports.create', times: 1 }])
    expect(await create()).toBe('cut')
    expect(itemsOf(await list())[0]?.['Name']).toBe('cut')
  })

  it('slows the replies of one operation while others pass, and leaves slow bodies whole', async () => {
    await client.faults([{ fault: 'slow', operation: 'reports.list', value: 300, times: 1 }])
    const order: string[] = []
    const slow = list().then(() => order.push('slow'))
    await client.get('/profile/identity/v4.1/Users?count=1', token).then(() => order.push('quick'))
    await slow
    expect(order).toEqual(['quick', 'slow'])
    await client.faults([{ fault: 'slow-body', value: 10, times: 1 }])
    expect(itemsOf(await list())).toHaveLength(2)
  })

  it('gives NextPage another host or protocol', async () => {
    await client.faults([{ fault: 'foreign-next-page', value: 'evil.example' }])
    expect(new URL(String((await list()).json['NextPage'])).origin).toBe('https://evil.example')
    await client.faults([{ fault: 'http-next-page', value: 'us2.api.concursolutions.com' }])
    expect(new URL(String((await list()).json['NextPage'])).origin).toBe('http://us2.api.concursolutions.com')
  })

  it('lets tokens expire by the clock, by their life and at once', async () => {
    expect((await client.get('/api/v3.0/expense/reports')).status).toBe(401)
    await client.faults([{ fault: 'expire-tokens', value: 0, times: 1 }])
    expect([(await list()).status, (await list()).status]).toEqual([403, 200])
    await client.faults([
      { fault: 'denied-status', value: 401 },
      { fault: 'expire-tokens', value: 0, times: 1 },
    ])
    expect((await list()).status).toBe(401)

    await client.faults([{ fault: 'expire-tokens', value: 60 }])
    const grant = { grant_type: 'password', username: 'admin@sandbox.example', password: 'sandbox' }
    expect((await client.grant(grant)).json['expires_in']).toBe('60')
    await client.faults([])
    await client.post('/sandbox/clock', { addSeconds: 3300 })
    expect((await list()).status).toBe(200)
    await client.post('/sandbox/clock', { addSeconds: 600 })
    expect((await list()).status).toBe(403)
    expect((await client.get('/profile/identity/v4.1/Users', token)).status).toBe(401)
    token = await client.token()
    expect((await list()).status).toBe(200)
    expect((await client.post('/sandbox/clock', { addSeconds: 'x' })).status).toBe(400)
  })

  it('writes v3 errors bare or leaves them out when told to, and other errors as ever', async () => {
    const wrong = '/api/v3.0/expense/reports?limit=0'
    await client.faults([{ fault: 'error-shape', value: 'bare' }])
    expect(Object.keys((await client.get(wrong, token)).json)).toEqual(['Message'])
    await client.faults([{ fault: 'error-shape', value: 'void' }])
    const empty = await client.get(wrong, token)
    expect([empty.status, empty.text, empty.headers.get('content-type')]).toEqual([400, '', null])
    expect((await client.get('/api/v3.0/expense/reports/none', token)).json).toHaveProperty('Error')
    const user = await client.get('/profile/identity/v4.1/Users?count=-1', token)
    expect(user.json['scimType']).toBe('invalidValue')
    expect((await client.faults([{ fault: 'error-shape', value: 'other' }])).status).toBe(400)
  })

  it('answers updates with 200 or 204 as told, without content', async () => {
    const id = String(itemsOf(await client.get('/api/v3.0/expense/reports?limit=1', token))[0]?.['ID'])
    const put = () => client.put(`/api/v3.0/expense/reports/${id}`, { Name: 'June trip' }, token)
    await client.faults([{ fault: 'update-status', value: 200, times: 1 }])
    const replies = [await put(), await put()]
    expect(replies.map(({ status, text }) => [status, text])).toEqual([
      [200, ''],
      [204, ''],
    ])
  })

  it('counts calls by operation and grant and masks secrets', async () => {
    await client.call('DELETE', '/sandbox/calls')
    await client.token()
    await list()
    await client.get('/oauth2/v0/authorize?code=SECRET&client_secret=SECRET&client_id=x')
    const calls = (await client.get('/sandbox/calls')).json
    expect(calls['operations']).toEqual({ 'oauth.token': 1, 'reports.list': 1, 'oauth.authorize': 1 })
    expect(calls['grants']).toEqual({ password: 1 })
    expect(JSON.stringify(calls)).not.toContain('SECRET')
    expect((calls['requests'] as Json[]).map((call) => call['status'])).toEqual([200, 200, 400])
  })

  it('tells of each call whether the whole reply was sent, and counts grants without an end', async () => {
    await client.call('DELETE', '/sandbox/calls')
    const grant = (username: string) =>
      client.grant({ grant_type: 'password', username, password: 'sandbox' }).catch(() => undefined)
    await client.faults([
      { fault: 'cut-connection', operation: 'oauth.token', value: 'after', times: 1 },
      { fault: 'cut-body', operation: 'oauth.token', times: 1 },
    ])
    for (let round = 0; round < 3; round += 1) await grant('admin@sandbox.example')
    await grant('locked@sandbox.example')
    const list = async () => (await client.get('/sandbox/calls')).json
    const requests = (await list())['requests'] as Json[]
    const told = requests.map((call) => [call['grant'], call['status'], call['sent']])
    expect(told).toEqual([
      ['password', 0, false],
      ['password', 200, false],
      ['password', 200, true],
      ['password', 400, true],
    ])
    // Also of a reply that never left: the work was done before the cut.
    expect(requests.map((call) => typeof call['issued'])).toEqual(['string', 'string', 'string', 'object'])
    for (let call = 0; call < 1005; call += 1) await client.get('/oauth2/v0/jwks')
    const { total, requests: kept } = await list()
    expect(kept).toHaveLength(1000)
    expect(total).toEqual({
      ...{ requests: 1009, sent: 1007 },
      statuses: { 'oauth.token': { 0: 1, 200: 2, 400: 1 }, 'oauth.jwks': { 200: 1005 } },
      grants: { password: { asked: 4, granted: 2, sent: 1 } },
    })
  })

  it('does not say sent of a reply whose caller had gone', async () => {
    await client.call('DELETE', '/sandbox/calls')
    await client.faults([{ fault: 'slow', operation: 'oauth.token', value: 200, times: 1 }])
    const body = new URLSearchParams({
      ...{ grant_type: 'password', username: 'admin@sandbox.example', password: 'sandbox' },
      ...{ client_id: 'amalgam-sandbox', client_secret: 'amalgam-sandbox-secret' },
    })
    const gone = client.call('POST', '/oauth2/v0/token', { body, signal: AbortSignal.timeout(50) })
    await expect(gone).rejects.toThrow()
    const requests = async () => (await client.get('/sandbox/calls')).json['requests'] as Json[]
    await expect.poll(async () => (await requests()).length).toBe(1)
    expect((await requests())[0]).toMatchObject({ grant: 'password', status: 200, sent: false })
  })

  it('echoes the correlation id, or makes one', async () => {
    const headers = { 'concur-correlationid': 'abc-1' }
    const reply = await client.call('GET', '/nothing', { headers })
    expect(reply.headers.get('concur-correlationid')).toBe('abc-1')
    expect((await list()).headers.get('concur-correlationid')).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('refuses chunked requests, as the vendor does', async () => {
    const body = new ReadableStream({
      start: (controller) => {
        controller.enqueue(new TextEncoder().encode('{"Name":"x"}'))
        controller.close()
      },
    })
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const init = { body, headers, duplex: 'half' } as unknown as RequestInit
    expect((await client.call('POST', '/api/v3.0/expense/reports', init)).status).toBe(400)
  })
})
