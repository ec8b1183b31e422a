import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, type Json, openClient } from './test-client.ts'

let client: Client
beforeAll(async () => {
  client = await openClient({ mostFound: 40 })
})
afterAll(() => client?.close())

interface Row {
  readonly id: string
  readonly properties: Readonly<Record<string, string | null>>
}

const rowsOf = ({ json }: { readonly json: Json }) => json['results'] as readonly Row[]
const contacts = '/crm/v3/objects/contacts'

/** All contacts, by the listing. */
const all = async (properties: string): Promise<readonly Row[]> => {
  const rows: Row[] = []
  for (let after: string | undefined = '0'; after !== undefined; ) {
    const page = await client.send('GET', `${contacts}?limit=25&after=${after}&properties=${properties}`)
    rows.push(...rowsOf(page))
    after = (page.json['paging'] as { next: { after: string } } | undefined)?.next.after
  }
  return rows
}

const found = async (filters: readonly Json[], more: Json = {}): Promise<readonly string[]> => {
  const reply = await client.search('contacts', { filterGroups: [{ filters }], limit: 40, ...more })
  expect(reply.status, reply.text).toBe(200)
  return rowsOf(reply).map(({ id }) => id)
}

describe('the OAuth of the sandbox', () => {
  it('trades a code once, for the redirect address that asked for it', async () => {
    const code = await client.code()
    const wrong = await client.grant({
      grant_type: 'authorization_code',
      code,
      redirect_uri: 'https://x.example',
    })
    expect([wrong.status, wrong.json['status']]).toEqual([400, 'BAD_REDIRECT_URI'])
    const good = await client.grant({ grant_type: 'authorization_code', code })
    expect(good.json).toMatchObject({ token_type: 'bearer', expires_in: 1_800 })
    const again = await client.grant({ grant_type: 'authorization_code', code })
    expect([again.status, again.json['status']]).toEqual([400, 'BAD_AUTH_CODE'])
  })

  it.each([
    [{ client_secret: 'x' }, 'BAD_CLIENT_SECRET'],
    [{ client_id: 'x' }, 'BAD_CLIENT_ID'],
    [{ refresh_token: 'x' }, 'BAD_REFRESH_TOKEN'],
    [{ grant_type: 'password' }, 'BAD_GRANT_TYPE'],
  ])('refuses %j', async (fields, status) => {
    const reply = await client.grant({ grant_type: 'refresh_token', refresh_token: 'any', ...fields })
    expect([reply.status, reply.json['status'], typeof reply.json['correlationId']]).toEqual([
      400,
      status,
      'string',
    ])
  })

  it('keeps the refresh token, and ends an access token after its time', async () => {
    const first = await client.tokens()
    const refreshed = await client.grant({
      grant_type: 'refresh_token',
      refresh_token: String(first['refresh_token']),
    })
    expect(refreshed.json['refresh_token']).toBe(first['refresh_token'])
    expect(refreshed.json['access_token']).not.toBe(first['access_token'])
    await client.send('POST', '/sandbox/clock', { addSeconds: 1_801 })
    const ended = await client.send('GET', contacts)
    expect([ended.status, ended.json['category']]).toEqual([401, 'EXPIRED_AUTHENTICATION'])
    client.use(String((await client.tokens())['access_token']))
  })

  it('gives no more than the scopes', async () => {
    const refused = await client.send('POST', '/crm/v3/objects/companies', { properties: { name: 'x' } })
    expect([refused.status, refused.json['category']]).toEqual([403, 'MISSING_SCOPES'])
  })
})

describe('the search of the sandbox', () => {
  it('looks at texts without case, at choices with it, at numbers by size', async () => {
    const rows = await all('city,lifecyclestage,nps_score')
    const ids = (wanted: (properties: Row['properties']) => boolean) =>
      rows.filter(({ properties }) => wanted(properties)).map(({ id }) => id)
    const berlin = ids(({ city }) => city?.toLowerCase() === 'berlin')
    expect(berlin.length).toBeGreaterThan(1)
    expect(await found([{ propertyName: 'city', operator: 'EQ', value: 'BERLIN' }])).toEqual(berlin)
    expect(await found([{ propertyName: 'city', operator: 'IN', values: ['berlin'] }])).toEqual(berlin)
    expect(await found([{ propertyName: 'city', operator: 'IN', values: ['Berlin'] }])).toEqual([])
    expect(await found([{ propertyName: 'lifecyclestage', operator: 'EQ', value: 'LEAD' }])).toEqual([])
    expect(await found([{ propertyName: 'nps_score', operator: 'GTE', value: '9' }])).toEqual(
      ids(({ nps_score }) => nps_score !== null && Number(nps_score) >= 9),
    )
    expect(await found([{ propertyName: 'city', operator: 'CONTAINS_TOKEN', value: 'pau*' }])).toEqual(
      ids(({ city }) => city === 'São Paulo'),
    )
  })

  it('finds what has no value by NOT_HAS_PROPERTY alone', async () => {
    const none = await found([{ propertyName: 'city', operator: 'NOT_HAS_PROPERTY' }])
    const not = await found([{ propertyName: 'city', operator: 'NEQ', value: 'nowhere' }], { limit: 40 })
    expect(none.length).toBeGreaterThan(3)
    expect(none.filter((id) => not.includes(id))).toEqual([])
  })

  it.each<[string, object]>([
    [
      'too many groups',
      { filterGroups: Array(6).fill({ filters: [{ propertyName: 'city', operator: 'HAS_PROPERTY' }] }) },
    ],
    [
      'too many filters',
      { filterGroups: [{ filters: Array(7).fill({ propertyName: 'city', operator: 'HAS_PROPERTY' }) }] },
    ],
    [
      'an unknown property',
      { filterGroups: [{ filters: [{ propertyName: 'x', operator: 'HAS_PROPERTY' }] }] },
    ],
    [
      'an unknown operator',
      { filterGroups: [{ filters: [{ propertyName: 'city', operator: 'LIKE', value: 'x' }] }] },
    ],
    ['a page that is too large', { limit: 201 }],
    ['results beyond the most', { limit: 20, after: '30' }],
    ['a long request', { properties: ['x'.repeat(3_000)] }],
  ])('refuses %s', async (_what, body) => {
    const reply = await client.search('contacts', body)
    expect([reply.status, reply.json['category']], reply.text).toEqual([400, 'VALIDATION_ERROR'])
  })

  it('may know later of what was written', async () => {
    await client.send('PUT', '/sandbox/faults', [{ fault: 'search-lag', value: 5 }])
    const made = await client.send('POST', contacts, { properties: { lastname: 'Late' } })
    const late = [{ propertyName: 'lastname', operator: 'EQ', value: 'late' }]
    expect(await found(late)).toEqual([])
    await client.send('POST', '/sandbox/clock', { addSeconds: 6 })
    expect(await found(late)).toEqual([made.json['id']])
    await client.send('DELETE', '/sandbox/faults')
  })
})

it('a record is archived once and again, and its id never given anew', async () => {
  const made = await client.send('POST', contacts, { properties: { lastname: 'Short', city: '' } })
  expect(made.status).toBe(201)
  const id = String(made.json['id'])
  for (const _time of [1, 2]) expect((await client.send('DELETE', `${contacts}/${id}`)).status).toBe(204)
  expect((await client.send('GET', `${contacts}/${id}`)).status).toBe(404)
  const next = await client.send('POST', contacts, { properties: { lastname: 'Next' } })
  expect(Number(next.json['id'])).toBeGreaterThan(Number(id))
})

it('what was told survives the end of the program', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'crm-sandbox-'))
  const stateFile = join(folder, 'state.jsonl')
  const first = await openClient({ stateFile })
  const token = String((await first.tokens())['access_token'])
  const made = await first.send('POST', contacts, { properties: { lastname: 'Lasting' } })
  await first.send('DELETE', `${contacts}/51`)
  await first.close()
  const second = await openClient({ stateFile })
  second.use(token)
  const got = await second.send('GET', `${contacts}/${String(made.json['id'])}`)
  expect((got.json as unknown as Row).properties['lastname']).toBe('Lasting')
  expect((await second.send('GET', `${contacts}/51`)).status).toBe(404)
  await second.close()
  await rm(folder, { recursive: true, force: true })
})
