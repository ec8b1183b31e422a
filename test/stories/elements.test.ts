import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import {
  AbridgedElementReply,
  DefaultOauthUrlReply,
  ElementConfigurationReply,
  ElementMetadataReply,
  ElementReply,
  ElementResourceReply,
  ExpandedMetadataReply,
  OauthUrlReply,
} from '#src/contract/index.ts'
import { type Answer, ask, callbackUrl, connect, platform } from '../support/client.ts'
import { type Product, startProduct } from '../support/product.ts'

let product: Product
let headers: Record<string, string>

beforeAll(async () => {
  product = await startProduct()
  headers = platform(product.admin)
})
afterAll(() => product?.close())

const call = (path: string, query: Record<string, string> = {}): Promise<Answer> =>
  ask(`${product.url}${path}`, { headers, query })

const get = async (path: string, query: Record<string, string> = {}) => {
  const reply = await call(path, query)
  expect(reply.status, reply.text).toBe(200)
  return reply.json
}

const refused = async (path: string, query: Record<string, string>, message: RegExp, status = 400) => {
  const reply = await call(path, query)
  expect(reply.status, reply.text).toBe(status)
  expect(reply.json).toMatchObject({ requestId: expect.any(String), message: expect.stringMatching(message) })
}

const fits = (schema: z.ZodType, value: unknown) =>
  expect(schema.safeParse(value).error?.issues ?? []).toEqual([])

const everyName = ['concur', 'CONCUR', '4933', '3129']

describe('the list of elements', () => {
  it('4/1 is an array of whole elements, counted in a header, without a token on the last page', async () => {
    const reply = await call('/elements')
    expect(reply.status).toBe(200)
    fits(ElementReply.array(), reply.json)
    expect(reply.json.map(({ key }: { key: string }) => key)).toEqual(['concur', 'hubspotcrm', 'webdav'])
    expect(reply.json[0].resources.length).toBeGreaterThan(4)
    expect(reply.headers['elements-returned-count']).toBe('3')
    expect(reply.headers).not.toHaveProperty('elements-next-page-token')
    expect(reply.text).not.toContain(':null')
  })

  it('4/1 leaves the lists out with abridged=true, as a parameter or inside where', async () => {
    const whole = await get('/elements')
    for (const query of [
      { abridged: 'true' },
      { where: "abridged='true'" },
      { where: "abridged = 'TRUE'" },
    ]) {
      const [short] = await get('/elements', query)
      fits(AbridgedElementReply, short)
      for (const list of ['configuration', 'resources', 'parameters', 'hooks', 'objects'])
        expect(short).not.toHaveProperty(list)
      expect(whole[0]).toMatchObject(short)
    }
    expect(await get('/elements', { abridged: 'false' })).toEqual(whole)
    expect(await get('/elements', { abridged: 'true', where: "abridged='false'" })).toEqual(whole)
  })

  it.each([
    ["private='true' AND abridged='true' AND key in ('concur','b')", 0],
    ["abridged='true' AND key in ('concur','b')", 1],
    ["key in ('a','b')", 0],
    ["extended='true'", 0],
    ["extended = 'false' and hub='expense'", 1],
    ["key='concur' or name like 'S%'", 1],
    ['id = 4933', 1],
    ['', 3],
  ])('4/1 answers where=%s with %d elements', async (where, count) => {
    expect(await get('/elements', { where })).toHaveLength(count)
  })

  it('4/1 pages with page and pageSize from 1, 200 at most', async () => {
    expect(await get('/elements', { page: '1', pageSize: '1' })).toHaveLength(1)
    expect(await get('/elements', { page: '2', pageSize: '1' })).toHaveLength(1)
    expect(await get('/elements', { page: '4', pageSize: '1' })).toEqual([])
    expect(await get('/elements', { pageSize: '200', nextPage: '', page: '' })).toHaveLength(3)
    await refused('/elements', { pageSize: '201' }, /^pageSize: 1 to 200/)
    await refused('/elements', { pageSize: '0' }, /^pageSize: 1 to 200/)
    await refused('/elements', { pageSize: 'x' }, /^pageSize: .*whole number/)
    await refused('/elements', { page: '0' }, /^page: the first is 1/)
  })

  it('4/1 names what is wrong with a filter or a token', async () => {
    await refused('/elements', { where: "kye='concur'" }, /no field 'kye' \(position 1\).*key/)
    await refused('/elements', { where: "key='a' or abridged='true'" }, /abridged at position 12/)
    await refused('/elements', { where: "private='maybe'" }, /private/)
    await refused('/elements', { where: 'key in (' }, /where/)
    await refused('/elements', { nextPage: 'x' }, /^nextPage: it is not a token/)
    await refused('/elements', { nextPage: 'WyIiXQ.AAAA' }, /^nextPage: it is not a token/)
  })

  it('4/1 lists the keys as texts', async () => {
    expect(await get('/elements/keys')).toEqual(['concur', 'hubspotcrm', 'webdav'])
  })

  it('asks who is calling', async () => {
    for (const path of ['/elements', '/elements/concur/resources', '/hubs', '/hubs/expense'])
      expect((await ask(`${product.url}${path}`)).status).toBe(401)
  })
})

describe('one element', () => {
  it('4/3 is the same by key, id and former id, and says what it can do', async () => {
    const all = await Promise.all(everyName.map((name) => get(`/elements/${name}`)))
    fits(ElementReply, all[0])
    for (const one of all) expect(one).toEqual(all[0])
    expect(all[0]).toMatchObject({ key: 'concur', authentication: { type: 'oauth2' }, hub: 'expense' })
    await refused('/elements/-1', {}, /^No element found/, 404)
  })

  it('4/3 is exported without anything of its instances', async () => {
    await connect(product, product.admin)
    for (const name of everyName)
      expect(await get(`/elements/${name}/export`)).toEqual(await get('/elements/concur'))
    const text = JSON.stringify(await get('/elements/concur/export'))
    expect(text).not.toContain('amalgam-sandbox')
    const extended = await get('/elements/concur/export', { extendedOnly: 'true' })
    fits(ElementReply, extended)
    expect(extended.resources).toEqual([])
    await refused('/elements/nothing/export', {}, /^No element found/, 404)
  })

  it('4/5 has its configuration in an object', async () => {
    for (const name of everyName) {
      const reply = await get(`/elements/${name}/configuration`)
      fits(ElementConfigurationReply, reply)
      const keys = reply.configuration.map(({ key }: { key: string }) => key)
      expect(keys).toEqual(expect.arrayContaining(['oauth.api.key', 'filter.response.nulls']))
    }
    await refused('/elements/nothing/configuration', {}, /^No element found/, 404)
  })

  it('4/7 lists its resources with numbers, paths on both sides and parameters', async () => {
    const resources = await get('/elements/concur/resources')
    fits(ElementResourceReply.array(), resources)
    for (const name of everyName) expect(await get(`/elements/${name}/resources`)).toEqual(resources)
    const ids = resources.map(({ id }: { id: number }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const search = resources.find(
      ({ method, path }: { method: string; path: string }) =>
        method === 'GET' && path === '/hubs/expense/reports',
    )
    expect(search).toMatchObject({
      vendorPath: '/api/v3.0/expense/reports',
      vendorMethod: 'GET',
      rootKey: '|Items',
      operationId: 'GET-reports',
      paginationType: 'VENDOR_SUPPORTED',
      object: { name: 'reports', fields: expect.arrayContaining(['ID', 'LastModifiedDate']) },
    })
    const names = search.parameters.map(({ name }: { name: string }) => name)
    expect(names).toEqual(
      expect.arrayContaining(['where', 'pageSize', 'nextPage', 'fields', 'modifiedDateAfter', 'user']),
    )
    expect(new Set(names).size).toBe(names.length)
    expect((await get('/elements/concur')).resources).toEqual(resources)
    expect(await get(`/elements/concur/resources/${search.id}`)).toEqual(search)
    await refused('/elements/concur/resources/-1', {}, /^No resource found with id -1/, 404)
  })
})

describe('metadata of elements', () => {
  it('4/13 is a list that is not empty', async () => {
    const list = await get('/elements/metadata')
    fits(ElementMetadataReply.array().min(1), list)
    expect(await get('/elements/concur/metadata')).toEqual(list[0])
    fits(ExpandedMetadataReply.array().min(1), await get('/elements/metadata', { expand: 'true' }))
  })

  it('4/14 tells the events with what is polled, and refuses an unknown id', async () => {
    for (const name of everyName) {
      const metadata = await get(`/elements/${name}/metadata`)
      fits(ElementMetadataReply, metadata)
      expect(metadata).toMatchObject({
        id: 4933,
        key: 'concur',
        events: { supported: true, methods: ['polling'], polling: { reports: { idField: 'ID' } } },
      })
      expect(metadata).not.toHaveProperty('resources')
    }
    await refused('/elements/999999/metadata', {}, /^No element found/, 404)
    await refused('/elements/999999/metadata', { expand: 'true' }, /^No element found/, 404)
  })

  it('4/15 has a row for each resource with expand=true, yes and no as booleans', async () => {
    const expanded = await get('/elements/4933/metadata', { expand: 'true' })
    fits(ExpandedMetadataReply, expanded)
    const rows = new Map<string, { operations: string[]; events: { supported: boolean } }>(
      expanded.resources.map((row: { canonicalName: string }) => [row.canonicalName, row]),
    )
    expect(rows.get('reports')).toMatchObject({
      operations: expect.arrayContaining(['SEARCH', 'RETRIEVE', 'CREATE', 'UPDATE']),
      events: { supported: true, methods: ['polling'] },
    })
    expect(rows.get('reports')?.operations).not.toContain('DELETE')
    expect(rows.get('users')).toMatchObject({
      operations: ['SEARCH', 'RETRIEVE'],
      events: { supported: true },
    })
    expect(rows.get('items')).toMatchObject({ events: { supported: false } })
    expect(await get('/elements/4933/metadata', { expand: 'no' })).not.toHaveProperty('resources')
  })
})

describe('the consent page', () => {
  const asked = { apiKey: 'mine', apiSecret: 'hidden words', callbackUrl: 'https://app.example/cb' }

  it('3/1 is told by GET, with the key of the element however it was named', async () => {
    for (const name of everyName) {
      const reply = await get(`/elements/${name}/oauth/url`, { ...asked, siteAddress: 'eu2', subdomain: 'x' })
      fits(OauthUrlReply.strict(), reply)
      expect(reply.element).toBe('concur')
      expect(new URL(reply.oauthUrl).searchParams.get('client_id')).toBe('mine')
      expect(reply.oauthUrl).not.toContain('hidden')
    }
  })

  it('3/2 is the same by POST', async () => {
    const posted = await ask(`${product.url}/elements/4933/oauth/url`, {
      headers,
      body: { ...asked, extra: 1 },
    })
    expect(posted.status).toBe(200)
    expect(posted.json).toEqual(await get('/elements/4933/oauth/url', asked))
  })

  it("3/3 is that of the element's default application, with an object of configuration", async () => {
    for (const name of everyName) {
      const reply = await get(`/elements/${name}/oauth/url/default`, {
        callbackUrl,
        state: 'mine',
        'oauth.api.secret': 'hidden words',
        'filter.response.nulls': 'false',
        anything: 'x',
      })
      fits(DefaultOauthUrlReply.strict(), reply)
      const url = new URL(reply.oauthUrl)
      expect(reply.element).toBe('concur')
      expect(url.origin).toBe(product.sandbox.url)
      expect(Object.fromEntries(url.searchParams)).toMatchObject({ redirect_uri: callbackUrl, state: 'mine' })
      expect(reply.configuration).toEqual({
        'oauth.api.key': '********',
        'oauth.api.secret': '********',
        'oauth.callback.url': callbackUrl,
        'filter.response.nulls': 'false',
      })
      expect((await ask(reply.oauthUrl)).status).toBe(200)
    }
  })

  it('3/3 leaves the address to the application when none is sent', async () => {
    const reply = await get('/elements/concur/oauth/url/default')
    expect(new URL(reply.oauthUrl).searchParams.has('redirect_uri')).toBe(false)
    expect(reply.configuration).not.toHaveProperty('oauth.callback.url')
  })
})

describe('an element without a default application', () => {
  it('3/3 says whose key is missing', async () => {
    const bare = await startProduct({ environment: { SANDBOX: 'off' } })
    const reply = await ask(`${bare.url}/elements/concur/oauth/url/default`, {
      headers: platform(bare.admin),
    })
    await bare.close()
    expect(reply.status).toBe(400)
    expect(reply.json.message).toMatch(/^apiKey: SAP Concur has no default application here/)
  })
})
