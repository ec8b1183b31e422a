import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { InstanceReply } from '#src/contract/index.ts'
import { type Answer, ask, hub, platform } from '../support/client.ts'
import { app, configuration, create, newInstance, refreshTokenOf, three } from '../support/instances.ts'
import { type Member, type Product, startProduct } from '../support/product.ts'

let product: Product
let admin: Member
let headers: Record<string, string>

beforeAll(async () => {
  product = await startProduct()
  admin = product.admin
  headers = platform(admin)
})
afterAll(() => product?.close())

const get = (path: string): Promise<Answer> => ask(`${product.url}${path}`, { headers })

describe('creating an instance', () => {
  it('2/1 POST /instances takes key or id and any configuration key, and answers with the token', async () => {
    const made = await create(product, admin, {
      element: { id: 3129 },
      configuration: { ...configuration, username: 'ann', password: 'planted', 'my.own': 7, flag: true },
      somethingElse: { a: 1 },
    })
    expect(made.status, made.text).toBe(200)
    expect(InstanceReply.safeParse(made.json).error?.issues ?? []).toEqual([])
    expect(made.json.configuration).toMatchObject({
      username: 'ann',
      password: '********',
      'my.own': '7',
      flag: 'true',
    })
    const rows = await ask(`${product.url}/reports?pageSize=1`, { headers: hub(admin, made.json.token) })
    expect(rows.json).toHaveLength(1)
  })

  it.each(['concur', '4933', '3129'])(
    '2/1 POST /elements/%s/instances takes the element from the path',
    async (name) => {
      const made = await create(product, admin, { element: undefined }, `/elements/${name}/instances`)
      expect(made.status, made.text).toBe(200)
      expect(made.json.element).toMatchObject({ id: 4933, key: 'concur', hub: 'expense' })
    },
  )

  it('2/1 retrieveObjectsAfterInstantiation adds the objects', async () => {
    const made = await create(product, admin, { retrieveObjectsAfterInstantiation: true })
    expect(made.json.objects).toContainEqual(
      expect.objectContaining({ name: 'reports', vendorName: 'reports', type: expect.any(String) }),
    )
    expect((await get(`/instances/${made.json.id}`)).json).not.toHaveProperty('objects')
  })

  it('2/2 providerData may hold any key, is never echoed, and debug gives a trace of the vendor calls', async () => {
    const body = await newInstance(product, admin)
    const providerData = {
      ...body.providerData,
      state: 'concur',
      apikey: 'planted-apikey',
      access_token: 'planted-access',
      refresh_token: 'planted-refresh',
      expires_in: 3600,
      oauth_token: 'planted-oauth',
      oauth_verifier: 'planted-verifier',
      secret: 'planted-secret',
      realmId: 'planted-realm',
      dataSource: 'planted-source',
      org: 'planted-org',
      token: 'planted-token',
      debug: true,
    }
    const made = await ask(`${product.url}/instances`, { headers, body: { ...body, providerData } })
    expect(made.status, made.text).toBe(200)
    expect(made.text).not.toContain('planted')
    expect((await get(`/instances/${made.json.id}`)).text).not.toContain('planted')
    const traceId = String(made.headers['elements-trace-id'])
    const trace = await get(`/elements/concur/trace/${traceId}`)
    expect(trace.status, trace.text).toBe(200)
    expect(trace.json['POST:/oauth2/v0/token']).toMatchObject({ status: 200, times: 1 })
    expect(trace.text).not.toContain(providerData.code)
    const stranger = await product.addMember('Tracewind', 'admin@tracewind.example')
    const foreign = await ask(`${product.url}/elements/concur/trace/${traceId}`, {
      headers: platform(stranger),
    })
    expect(foreign.status).toBe(404)
    expect((await get('/elements/concur/trace/nothing')).status).toBe(404)
  })

  it('2/2 without debug there is no trace header', async () => {
    expect((await create(product, admin)).headers).not.toHaveProperty('elements-trace-id')
  })

  it('2/3 externalAuthentication initial connects with a refresh token and no code', async () => {
    const refreshToken = await refreshTokenOf(product)
    const made = await ask(`${product.url}/instances`, {
      headers,
      body: {
        name: 'Migrated',
        element: { key: 'concur' },
        externalAuthentication: 'initial',
        configuration: {
          'oauth.user.refresh_token': refreshToken,
          'oauth.api.key': app.key,
          'oauth.api.secret': app.secret,
          'oauth.resource.url': 'https://resource.example',
          'site.address': 'sandbox',
        },
      },
    })
    expect(made.status, made.text).toBe(200)
    expect(made.json).toMatchObject({ externalAuthentication: 'initial', valid: true })
    expect(made.text).not.toContain(refreshToken)
    const rows = await ask(`${product.url}/reports?pageSize=1`, { headers: hub(admin, made.json.token) })
    expect(rows.status).toBe(200)
    const without = await ask(`${product.url}/instances`, {
      headers,
      body: {
        name: 'Nothing',
        element: { key: 'concur' },
        externalAuthentication: 'initial',
        configuration: { 'oauth.api.key': app.key, 'oauth.api.secret': app.secret },
      },
    })
    expect(without.status).toBe(400)
    expect(without.json.message).toContain('oauth.user.refresh_token')
  })

  it('2/4 secrets read as a mask everywhere, the user name in clear', async () => {
    const made = await create(product, admin, {
      configuration: { ...configuration, username: 'ann', password: 'planted-password' },
    })
    const token = three(admin, made.json.token)
    const shown = [
      made.text,
      (await get(`/instances/${made.json.id}`)).text,
      (await get('/instances')).text,
      (await get(`/instances/${made.json.id}/configuration`)).text,
      (await ask(`${product.url}/instances/configuration`, { headers: token })).text,
    ]
    for (const text of shown) {
      expect(text).not.toContain('planted-password')
      expect(text).not.toContain(app.secret)
      expect(text).toContain('********')
      expect(text).toContain('"ann"')
    }
    expect(made.json.configuration).toMatchObject({
      'oauth.api.key': '********',
      'oauth.api.secret': '********',
      password: '********',
      username: 'ann',
    })
  })

  it('2/5 without tags the name without markup is the tag, and finds the instance', async () => {
    const made = await create(product, admin, { name: '<b onclick=x>Tagged & Co</b>' })
    expect(made.json).toMatchObject({ name: 'Tagged & Co', tags: ['Tagged & Co'] })
    const found = await get(`/instances?tags[]=${encodeURIComponent('Tagged & Co')}`)
    expect(found.json.map((one: { id: number }) => one.id)).toEqual([made.json.id])
    const tagged = await create(product, admin, { name: 'Other', tags: ['<i>eu</i>', 'big'] })
    expect(tagged.json.tags).toEqual(['eu', 'big'])
    expect((await create(product, admin, { name: 'Bare', tags: [] })).json.tags).toEqual([])
  })

  it.each([
    ['no name', { name: undefined }, /name/],
    ['markup for a name', { name: '<i></i>' }, /name/],
    ['no element', { element: undefined }, /element/],
    ['a configuration that is a list', { configuration: [] }, /configuration/],
    ['no keys', { configuration: {} }, /oauth\.api\.key.*oauth\.api\.secret/],
    ['a masked key', { configuration: { ...configuration, 'oauth.api.key': '********' } }, /oauth\.api\.key/],
    ['a nested value', { configuration: { ...configuration, some: { deep: 1 } } }, /configuration\.some/],
    ['no code', { providerData: {} }, /providerData\.code/],
    ['the character 0', { name: 'a\u0000b' }, /name/],
    ['half a character', { tags: ['\ud800'] }, /tags/],
    ['the character 0 in a value', { configuration: { ...configuration, x: '\u0000' } }, /body: x holds/],
  ])('0/3 %s is 400 and names the field', async (_title, more, words) => {
    const reply = await create(product, admin, more)
    expect(reply.status, reply.text).toBe(400)
    expect(reply.json.message).toMatch(words)
    expect(reply.json.requestId).toMatch(/^[0-9a-f]{24}$/)
  })
})

describe('reading one instance', () => {
  it('2/6 GET by id, by id below its element, and nothing of others', async () => {
    const { id } = (await create(product, admin)).json
    const byId = await get(`/instances/${id}`)
    expect(Object.keys(byId.json.configuration).length).toBeGreaterThan(0)
    for (const name of ['concur', '4933', '3129'])
      expect((await get(`/elements/${name}/instances/${id}`)).json).toEqual(byId.json)
    expect((await get(`/elements/nothing/instances/${id}`)).status).toBe(404)
    const stranger = await product.addMember('Southwind', 'admin@southwind.example')
    expect((await ask(`${product.url}/instances/${id}`, { headers: platform(stranger) })).status).toBe(404)
  })

  it.each(['-1', '0', '99999999', '1e3', 'x', '99999999999999999999'])(
    '0/4 the id %s is 404, however it is asked for',
    async (id) => {
      for (const method of ['GET', 'PUT', 'PATCH', 'DELETE'])
        expect((await ask(`${product.url}/instances/${id}`, { method, headers })).json, method).toMatchObject(
          {
            code: 'not-found',
          },
        )
      expect((await get(`/instances/${id}/configuration`)).status).toBe(404)
      expect((await get(`/elements/concur/instances/${id}`)).json.message).toMatch(/^No instance found/)
    },
  )

  it('0/1 ids are numbers, and 0/5 a slash at the end is tolerated', async () => {
    const { id } = (await create(product, admin)).json
    const reply = await get(`/instances/${id}/`)
    expect(reply.status).toBe(200)
    expect([reply.json.id, reply.json.elementId, reply.json.user.id].map((one) => typeof one)).toEqual(
      Array(3).fill('number'),
    )
  })
})
