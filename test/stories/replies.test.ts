import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import {
  ElementMetadataReply,
  ElementReply,
  InstanceReply,
  LoginReply,
  OauthUrlReply,
  OrganizationReply,
  SecretsReply,
  UsageReply,
  UserReply,
} from '#src/contract/index.ts'
import { ask, connect, platform } from '../support/client.ts'
import { type Product, startProduct } from '../support/product.ts'

let product: Product
let headers: Record<string, string>
let id: number

beforeAll(async () => {
  product = await startProduct()
  headers = platform(product.admin)
  id = (await connect(product, product.admin)).json.id
})
afterAll(() => product?.close())

const get = async (path: string) => {
  const reply = await ask(`${product.url}${path}`, { headers })
  expect(reply.status, reply.text).toBe(200)
  return reply.json
}

describe('replies of the platform', () => {
  it.each<[string, z.ZodType]>([
    ['/elements', ElementReply.array()],
    ['/elements/concur', ElementReply],
    ['/elements/4933', ElementReply],
    ['/elements/3129', ElementReply],
    ['/elements/metadata', ElementMetadataReply.array()],
    ['/elements/concur/metadata', ElementMetadataReply],
    ['/organizations', OrganizationReply.array()],
    ['/organizations/me', OrganizationReply],
    ['/users', UserReply.array()],
    ['/instances', InstanceReply.array()],
    ['/elements/concur/oauth/url?apiKey=k&apiSecret=s&callbackUrl=https://app.example/cb', OauthUrlReply],
  ])('%s is what the contract says', async (path, schema) => {
    const json = await get(path)
    expect(schema.safeParse(json).error?.issues ?? []).toEqual([])
    if (Array.isArray(json)) expect(json.length).toBeGreaterThan(0)
  })

  it('fit the contract for login, secrets, an instance and a call in the log', async () => {
    const { admin, url } = product
    const login = await ask(`${url}/authentication`, {
      body: { username: admin.email, password: admin.password, extra: 1 },
    })
    expect(LoginReply.strict().safeParse(login.json).success).toBe(true)
    const secrets = await ask(`${url}/authentication/secrets`, {
      headers: { authorization: `Bearer ${login.json.token}` },
    })
    expect(SecretsReply.strict().safeParse(secrets.json).success).toBe(true)
    const instance = await ask(`${url}/instances/${id}`, { headers })
    expect(InstanceReply.strict().safeParse(instance.json).error?.issues ?? []).toEqual([])
    const requestId = String(instance.headers['elements-request-id'])
    await expect
      .poll(async () => (await ask(`${url}/usage/${requestId}`, { headers })).status, { timeout: 10_000 })
      .toBe(200)
    expect(UsageReply.safeParse(await get(`/usage/${requestId}`)).error?.issues ?? []).toEqual([])
  })

  it('tell what the element can do, on every way of naming it', async () => {
    const [byKey, byId, byOldId] = await Promise.all(
      ['concur', '4933', '3129'].map((name) => get(`/elements/${name}`)),
    )
    expect(byId).toEqual(byKey)
    expect(byOldId).toEqual(byKey)
    expect(byKey).toMatchObject({
      id: 4933,
      hub: 'expense',
      transformationsEnabled: true,
      bulkDownloadEnabled: true,
      events: { supported: true, methods: ['polling'] },
      apiDocumentationUrl: 'https://developer.concur.com/api-reference/',
    })
    expect(byKey.authenticationFrameworks).toHaveLength(2)
    expect(await get('/elements/keys')).toEqual(['concur', 'hubspotcrm', 'webdav'])
    expect(JSON.stringify(byKey)).not.toContain(':null')
  })
})

describe('the consent page', () => {
  const oauthUrl = async (query: Record<string, string>) =>
    ask(`${product.url}/elements/concur/oauth/url`, {
      headers,
      query: { apiKey: 'mine', apiSecret: 's', callbackUrl: 'https://app.example/cb?x=1', ...query },
    })

  it('is on the data centre that was named, us2 else, with state and scope as asked', async () => {
    const plain = new URL((await oauthUrl({})).json.oauthUrl)
    expect(plain.origin + plain.pathname).toBe('https://www-us2.api.concursolutions.com/oauth2/v0/authorize')
    expect(Object.fromEntries(plain.searchParams)).toMatchObject({
      client_id: 'mine',
      redirect_uri: 'https://app.example/cb?x=1',
      response_type: 'code',
      state: 'concur',
    })
    expect(plain.searchParams.get('scope')).toContain('EXPRPT')
    const asked = new URL(
      (await oauthUrl({ siteAddress: 'eu2', state: 'mine too', scope: 'EXPRPT LIST' })).json.oauthUrl,
    )
    expect(asked.host).toBe('www-eu2.api.concursolutions.com')
    expect(asked.searchParams.get('state')).toBe('mine too')
    expect(asked.searchParams.get('scope')).toBe('EXPRPT LIST')
    expect(plain.href).not.toContain('apiSecret')
  })

  it('is the same by POST, tolerates other keys, and names what is missing', async () => {
    const body = {
      apiKey: 'mine',
      apiSecret: 's',
      callbackUrl: 'https://app.example/cb',
      'site.address': 'apj1',
      subdomain: 'x',
    }
    const posted = await ask(`${product.url}/elements/concur/oauth/url`, { headers, body })
    expect(posted.json).toEqual({
      element: 'concur',
      oauthUrl: expect.stringContaining('https://www-apj1.api.concursolutions.com/'),
    })
    expect((await oauthUrl({ callbackUrl: 'nowhere' })).json.message).toMatch(
      /^callbackUrl: must be a full URL/,
    )
    const missing = await ask(`${product.url}/elements/concur/oauth/url`, { headers })
    expect(missing.status).toBe(400)
    expect(missing.json.message).toMatch(/apiKey.*callbackUrl/)
    expect((await oauthUrl({ siteAddress: 'evil.example' })).json.message).toMatch(/siteAddress/)
  })
})
