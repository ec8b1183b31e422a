import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, connect, hub, platform } from '../support/client.ts'
import { type Product, startProduct } from '../support/product.ts'

let product: Product
let headers: Record<string, string>

beforeAll(async () => {
  product = await startProduct()
  headers = hub(product.admin, (await connect(product, product.admin)).json.token)
})
afterAll(() => product?.close())

const nul = '%00'

describe('texts that no database takes', () => {
  it.each([
    ['GET', `/reports?where=%60Custom1.${nul}%60%20is%20null`],
    ['GET', `/reports?fields=ID,${nul}`],
    ['GET', `/instances?searchText=${nul}`],
    ['GET', `/instances?tags[]=a${nul}`],
    ['GET', `/usage/a?x=${nul}`],
  ])('%s %s is 400, and the log of others goes on', async (method, path) => {
    const auth = path.startsWith('/reports') ? headers : platform(product.admin)
    const reply = await ask(`${product.url}${path}`, { method, headers: auth })
    expect(reply.status).toBe(400)
    const next = await ask(`${product.url}/elements`, { headers: platform(product.admin) })
    const requestId = String(next.headers['elements-request-id'])
    const find = () => ask(`${product.url}/usage/${requestId}`, { headers: platform(product.admin) })
    await expect.poll(async () => (await find()).status, { timeout: 10_000 }).toBe(200)
  })

  it.each(['"a\\u0000@x"', '"\\ud800"', '{"a":"\\u0000"}', '{"\\u0000":1}'])(
    'a body with %s is 400',
    async (text) => {
      const reply = await ask(`${product.url}/authentication`, {
        body: `{"username":${text},"password":"x"}`,
      })
      expect(reply.status).toBe(400)
      expect(reply.json.code).toBe('bad-json')
    },
  )

  it('one row that cannot be stored does not keep the others from the log', async () => {
    const { requestLog } = product.context
    const row = (requestId: string, plan: string) => ({
      requestId,
      method: 'GET',
      path: '/x',
      status: 200,
      ms: 1,
      remoteAddress: '127.0.0.1',
      startedAt: new Date(),
      errorCode: undefined,
      trace: { organizationId: 2, plan, vendorCalls: [] },
    })
    for (let at = 0; at < 9; at++) requestLog.add(row(`a${at}`, `plan ${at} \u0000 \ud800`))
    requestLog.add({ ...row('bad', ''), status: 2 ** 40 })
    requestLog.add(row('last', 'plan'))
    await requestLog.flush()
    for (const id of ['a0', 'a8', 'last']) expect(await requestLog.find(2, id), id).toBeDefined()
    expect(await requestLog.find(2, 'bad')).toBeUndefined()
  })
})

describe('ids that are no ids', () => {
  it.each(["ID = '..'", "ID = '.'", "id = '..' and Total > 1"])(
    'where %s calls no other address of the vendor',
    async (where) => {
      await ask(`${product.sandbox.url}/sandbox/calls`, { method: 'DELETE' })
      const reply = await ask(`${product.url}/reports`, { headers, query: { where } })
      expect(reply.json).toEqual([])
      const { json } = await ask(`${product.sandbox.url}/sandbox/calls`)
      expect(json.requests).toEqual([])
    },
  )
})

describe('what clients send by habit', () => {
  it('a login takes any Authorization header, and empty parameters count as absent', async () => {
    const { email, password } = product.admin
    const login = await ask(`${product.url}/authentication`, {
      headers: { authorization: 'Basic abc' },
      body: { username: email, password },
    })
    expect(login.status).toBe(200)
    const url = await ask(`${product.url}/elements/concur/oauth/url`, {
      headers: platform(product.admin),
      query: {
        apiKey: 'k',
        apiSecret: '',
        callbackUrl: 'https://app.example/cb',
        siteAddress: '',
        scope: '',
        state: '',
      },
    })
    expect(url.status).toBe(200)
    expect(url.json.oauthUrl).toContain('state=concur')
  })

  it.each(['constructor', '__proto__', 'toString'])(
    'siteAddress=%s is no data centre',
    async (siteAddress) => {
      const reply = await ask(`${product.url}/elements/concur/oauth/url`, {
        headers: platform(product.admin),
        query: { apiKey: 'k', callbackUrl: 'https://app.example/cb', siteAddress },
      })
      expect(reply.status).toBe(400)
      expect(reply.json.message).toContain('us2')
    },
  )

  it('thousands of unknown keys are tolerated, and the answer stays readable', async () => {
    const [row] = (await ask(`${product.url}/reports`, { headers, query: { pageSize: '1' } })).json
    const many = Object.fromEntries(Array.from({ length: 3000 }, (_, at) => [`Unknown${at}`, at]))
    const reply = await ask(`${product.url}/reports/${row.ID}`, {
      method: 'PATCH',
      headers,
      body: { ...many, Name: 'Still there' },
    })
    expect(reply.status).toBe(200)
    expect(reply.json.Name).toBe('Still there')
    expect(String(reply.headers['elements-error']).length).toBeLessThan(4_000)
    expect(reply.headers['elements-error']).toMatch(/and 2960 more$/)
  })
})
