import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '#src/store/index.ts'
import { type Answer, ask, hub, platform } from '../support/client.ts'
import { configuration, create, freshCode, refreshTokenOf, three } from '../support/instances.ts'
import { type Member, type Product, startProduct } from '../support/product.ts'

let product: Product
let admin: Member
let headers: Record<string, string>
let id: number
let token: string

beforeAll(async () => {
  product = await startProduct()
  admin = product.admin
  headers = platform(admin)
})
afterAll(() => product?.close())
beforeEach(async () => {
  await ask(`${product.sandbox.url}/sandbox/faults`, { method: 'DELETE' })
  const made = await create(product, admin, {
    name: 'Before',
    tags: ['one', 'two'],
    configuration: { ...configuration, password: 'planted-password', 'my.own': 'kept' },
  })
  id = made.json.id
  token = made.json.token
})

const read = async () => (await ask(`${product.url}/instances/${id}`, { headers })).json

type Way = readonly [title: string, path: () => string, headers: () => Record<string, string>]

const byId: Way = ['by id', () => `/instances/${id}`, () => headers]
const byToken: Way = ['by token', () => '/instances', () => three(admin, token)]
const byElement: Way = ['below its element', () => `/elements/concur/instances/${id}`, () => headers]
const all = [byId, byToken, byElement]

const send = (method: string, [, path, secrets]: Way, body?: unknown, query = ''): Promise<Answer> =>
  ask(`${product.url}${path()}${query}`, {
    method,
    headers: secrets(),
    ...(body === undefined ? {} : { body }),
  })

const reports = () => ask(`${product.url}/reports?pageSize=1`, { headers: hub(admin, token) })

const withoutDates = ({ updatedDate: _, ...rest }: Record<string, unknown>) => rest

describe.each(all)('PUT %s', (...way) => {
  it('2/9 takes a whole fetched instance back and changes nothing', async () => {
    const before = await read()
    const reply = await send('PUT', way, before)
    expect(reply.status, reply.text).toBe(200)
    expect(withoutDates(reply.json)).toEqual(withoutDates(before))
    expect(withoutDates(await read())).toEqual(withoutDates(before))
    await ask(`${product.sandbox.url}/sandbox/clock`, { body: { addSeconds: 3700 } })
    expect((await reports()).status).toBe(200)
  })

  it('2/9 changes what is sent and keeps the rest', async () => {
    const reply = await send('PUT', way, { name: 'After', tags: ['three'] })
    expect(reply.json).toMatchObject({ id, token, name: 'After', tags: ['three'] })
    expect((await read()).configuration).toMatchObject({ 'my.own': 'kept', password: '********' })
    expect((await send('PUT', way, { tags: [] })).json).toMatchObject({ name: 'After', tags: [] })
  })

  it('2/9 with a new code it connects again: same id, and the token keeps working', async () => {
    await ask(`${product.sandbox.url}/sandbox/revoke`, { body: {} })
    expect((await reports()).status).toBe(401)
    expect((await read()).valid).toBe(false)
    const reply = await send('PUT', way, { providerData: { code: await freshCode(product, admin) } })
    expect(reply.status, reply.text).toBe(200)
    expect(reply.json).toMatchObject({ id, token, name: 'Before', tags: ['one', 'two'], valid: true })
    expect(reply.json).not.toHaveProperty('providerData')
    expect((await reports()).status).toBe(200)
  })
})

describe.each(all)('PATCH %s', (...way) => {
  it('2/10 changes a subset and merges the configuration', async () => {
    const poller = { reports: { url: '/a', pageSize: 100, dates: { zone: 'GMT' } } }
    await send('PATCH', way, { configuration: { 'event.poller.configuration': poller } })
    const reply = await send('PATCH', way, {
      configuration: {
        username: 'ann',
        'event.poller.configuration': { reports: { pageSize: 50, dates: { field: 'ID' } }, users: {} },
      },
    })
    expect(reply.status, reply.text).toBe(200)
    expect(reply.json).toMatchObject({ name: 'Before', tags: ['one', 'two'] })
    expect(reply.json.configuration).toMatchObject({
      username: 'ann',
      'my.own': 'kept',
      password: '********',
    })
    expect(JSON.parse(reply.json.configuration['event.poller.configuration'])).toEqual({
      reports: { url: '/a', pageSize: 50, dates: { zone: 'GMT', field: 'ID' } },
      users: {},
    })
  })

  it('2/10 takes effect at once on calls', async () => {
    const nulls = async () => Object.values((await reports()).json[0]).some((value) => value === null)
    expect(await nulls()).toBe(false)
    await send('PATCH', way, { configuration: { 'filter.response.nulls': 'false' } })
    expect(await nulls()).toBe(true)
  })

  it('2/10 connects again with a code, and with reAuthenticate says which is missing', async () => {
    await ask(`${product.sandbox.url}/sandbox/revoke`, { body: {} })
    const reply = await send('PATCH', way, {
      providerData: { code: await freshCode(product, admin), debug: true },
    })
    expect(reply.json).toMatchObject({ id, token, valid: true })
    const trace = await ask(
      `${product.url}/elements/concur/trace/${reply.headers['elements-trace-id'] ?? ''}`,
      { headers },
    )
    expect(Object.keys(trace.json)).toContain('POST:/oauth2/v0/token')
    expect((await reports()).status).toBe(200)
    const missing = await send('PUT', way, {}, '?reAuthenticate=true')
    expect(missing.status).toBe(400)
    expect(missing.json.message).toContain('providerData.code')
  })
})

describe('PATCH element', () => {
  it('2/10 takes the element that it has, by any name, and no other', async () => {
    for (const element of [{ id: 4933 }, { id: 3129 }, { key: 'concur' }, { id: '4933' }])
      expect((await send('PATCH', byId, { element })).json.element).toMatchObject({ id: 4933 })
    for (const element of [{ id: 7 }, { key: 'other' }]) {
      const reply = await send('PATCH', byId, { element })
      expect(reply.status).toBe(400)
      expect(reply.json.message).toMatch(/^element: /)
    }
  })
})

describe('re-authentication by a refresh token', () => {
  it('2/3 a new one in the configuration connects again and is not kept', async () => {
    await ask(`${product.sandbox.url}/sandbox/revoke`, { body: {} })
    const refreshToken = await refreshTokenOf(product)
    const reply = await send('PATCH', byId, {
      configuration: { 'oauth.user.refresh_token': refreshToken },
    })
    expect(reply.json).toMatchObject({ valid: true, externalAuthentication: 'initial' })
    expect(reply.text).not.toContain(refreshToken)
    expect((await reports()).status).toBe(200)
  })
})

describe('sanitising', () => {
  it.each(['PUT', 'PATCH'])(
    '0/6 %s removes markup from name and tags, by id and by token',
    async (method) => {
      for (const way of all) {
        const reply = await send(method, way, {
          name: '<b onclick=x>Acme</b>',
          tags: ['<script>x</script>', 'a < b', '<i></i>'],
        })
        expect(reply.json).toMatchObject({ name: 'Acme', tags: ['x', 'a < b'] })
        expect((await send(method, way, { name: '<b></b>' })).status).toBe(400)
      }
      expect(await read()).toMatchObject({ name: 'Acme', tags: ['x', 'a < b'] })
    },
  )

  it('0/6 POST removes it, derived tags too', async () => {
    const made = await create(product, admin, { name: '<b onclick=x>Acme</b>' })
    expect(made.json).toMatchObject({ name: 'Acme', tags: ['Acme'] })
  })

  it('0/5 unknown keys, nulls and an empty body are tolerated', async () => {
    const before = await read()
    const bodies = [
      { anything: { at: 'all' } },
      { name: null, tags: null, configuration: null },
      {},
      undefined,
    ]
    for (const body of bodies) {
      const reply = await send('PATCH', byId, body)
      expect(reply.status, reply.text).toBe(200)
      expect(withoutDates(reply.json)).toEqual(withoutDates(before))
    }
  })
})

describe('what is refused leaves all as it was', () => {
  it.each([
    ['a spent code', async () => ({ name: 'New', providerData: { code: await spentCode() } })],
    ['an empty code', async () => ({ name: 'New', providerData: { code: '' } })],
    ['a nested value', async () => ({ name: 'New', configuration: { a: { b: 1 } } })],
    ['no application any more', async () => ({ name: 'New', configuration: { 'oauth.api.key': '' } })],
    [
      'another data centre',
      async () => ({ configuration: { 'oauth.api.key': 'mine', 'site.address': 'eu2' } }),
    ],
    ['the character 0', async () => ({ tags: ['x'], configuration: { a: '\u0000' } })],
    ['tags that are numbers', async () => ({ name: 'New', tags: [1] })],
  ])('2/9 %s: 400', async (_title, body) => {
    const before = await read()
    for (const method of ['PUT', 'PATCH']) {
      const reply = await send(method, byId, await body())
      expect(reply.status, reply.text).toBe(400)
      expect(reply.text).not.toContain('planted')
    }
    expect(await read()).toEqual(before)
    expect((await reports()).status).toBe(200)
  })

  const spentCode = async (): Promise<string> => {
    const code = await freshCode(product, admin)
    await create(product, admin, { providerData: { code } })
    return code
  }

  it('2/9 a change that is cut off after the vendor answered leaves row and grant', async () => {
    const before = await read()
    const db = await openDatabase(
      { connectionString: product.config.databaseUrl ?? '' },
      { maxConnections: 1, connectTimeoutMs: 5000 },
    )
    const run = (text: string) => db.query({ text, values: [] })
    try {
      await run(`create function cut() returns trigger language plpgsql as $$ begin raise 'cut'; end $$;
        create trigger cut before update on instances for each row execute function cut()`)
      const code = await freshCode(product, admin)
      const reply = await send('PUT', byId, { name: 'New', tags: [], providerData: { code } })
      expect(reply.status).toBe(500)
    } finally {
      await run('drop trigger cut on instances; drop function cut()')
      await db.close()
    }
    expect(await read()).toEqual(before)
    expect((await reports()).status).toBe(200)
  })

  it('2/10 changes at the same time do not lose each other', async () => {
    const keys = Array.from({ length: 20 }, (_, at) => `key.${at}`)
    const replies = await Promise.all(
      keys.map((key, at) => send(at % 2 ? 'PUT' : 'PATCH', byId, { configuration: { [key]: key } })),
    )
    expect(replies.map((reply) => reply.status)).toEqual(Array(20).fill(200))
    expect((await read()).configuration).toMatchObject(Object.fromEntries(keys.map((key) => [key, key])))
  })
})

describe('who may change it', () => {
  it('0/3 only its user: others get 404, and a token without its secrets 401', async () => {
    const stranger = await product.addMember(`Wind ${id}`, `admin@wind-${id}.example`)
    const made = await product.context.accounts.addUser(2, `other-${id}@northwind.example`, 'other other')
    const colleague = { ...admin, user: made.userSecret, organization: made.organizationSecret }
    for (const secrets of [platform(stranger), platform(colleague)])
      for (const path of ['', '/configuration', '/enabled', '/trace-logging'])
        for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
          const reply = await ask(`${product.url}/instances/${id}${path}`, { method, headers: secrets })
          expect([404, 405], `${method} ${path}`).toContain(reply.status)
        }
    expect((await send('PATCH', ['', () => '/instances', () => three(colleague, token)], {})).status).toBe(
      404,
    )
    expect((await send('PATCH', ['', () => '/instances', () => three(stranger, token)], {})).status).toBe(401)
    expect((await send('PATCH', ['', () => '/instances', () => headers], {})).status).toBe(401)
    expect((await send('DELETE', ['', () => '/instances', () => hub(admin, token)])).status).toBe(401)
    expect((await read()).disabled).toBe(false)
  })
})

describe('DELETE', () => {
  it.each(all)('2/11 %s: the token is 401 from then on', async (...way) => {
    expect((await reports()).status).toBe(200)
    const reply = await send('DELETE', way)
    expect([reply.status, reply.text]).toEqual([200, ''])
    expect((await reports()).status).toBe(401)
    expect((await send('PATCH', byToken, {})).status).toBe(401)
    expect((await send('GET', byId)).status).toBe(404)
    expect((await send('DELETE', byId)).status).toBe(404)
  })

  it('2/11 meets changes at the same time without a failure', async () => {
    const code = await freshCode(product, admin)
    const replies = await Promise.all([
      send('PUT', byId, { providerData: { code } }),
      ...Array.from({ length: 8 }, () => send('PATCH', byId, { tags: ['x'] })),
      send('DELETE', byId),
      send('DELETE', byId),
    ])
    for (const reply of replies) expect([200, 404], reply.text).toContain(reply.status)
    expect((await send('GET', byId)).status).toBe(404)
    expect((await reports()).status).toBe(401)
  })
})
