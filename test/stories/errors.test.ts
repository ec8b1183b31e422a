import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Answer, ask, connect, hub, platform } from '../support/client.ts'
import { type Product, startProduct } from '../support/product.ts'

let product: Product
let headers: Record<string, string>

/** A fresh instance, whose calls no earlier story has slowed. */
const freshInstance = async (): Promise<void> => {
  headers = hub(product.admin, (await connect(product, product.admin)).json.token)
}

beforeAll(async () => {
  // What the vendor refuses for good is given up soon.
  product = await startProduct({ environment: { QUERY_MAX_SECONDS: '6' } })
  await freshInstance()
})
afterAll(() => product?.close())
beforeEach(() => ask(`${product.sandbox.url}/sandbox/faults`, { method: 'DELETE' }))

const list = (query: Record<string, string> = {}): Promise<Answer> =>
  ask(`${product.url}/hubs/expense/reports`, { headers, query })
const fault = (list: readonly object[]) =>
  ask(`${product.sandbox.url}/sandbox/faults`, { method: 'PUT', body: list })

const expectShape = (reply: Answer): void => {
  expect(reply.json.requestId).toMatch(/^[0-9a-f]{24}$/)
  expect(reply.headers['elements-request-id']).toBe(reply.json.requestId)
  expect(typeof reply.json.message).toBe('string')
  expect(['amalgam', 'provider', 'network']).toContain(reply.json.hop)
  expect(typeof reply.json.retryable).toBe('boolean')
  expect(reply.headers['content-type']).toBe('application/json;charset=UTF-8')
}

describe('bad input', () => {
  it.each([
    ["Stats = 'A'", /no field 'Stats'/],
    ['Total >', /position/],
    ["Total = 'many'", /Total/],
    ['('.repeat(300), /where/],
    ["modifiedDateAfter = 'soon'", /modifiedDateAfter needs a date/],
  ])('where=%s is 400 and says why', async (where, words) => {
    const reply = await list({ where })
    expect(reply.status).toBe(400)
    expect(reply.json.code).toBe('bad-query')
    expect(reply.json.message).toMatch(words)
    expectShape(reply)
  })

  it.each([
    [{ pageSize: '0' }, /pageSize/],
    [{ pageSize: '5001' }, /pageSize/],
    [{ pageSize: 'ten' }, /pageSize/],
    [{ nextPage: 'bm90LW91cnM' }, /nextPage/],
    [{ nextPage: 'eyJsaW1pdCI6MSwicGFnZSI6Mn0.AAAA' }, /nextPage/],
    [{ fields: 'ID,Nmae' }, /Name/],
    [{ orderBy: 'Nmae asc' }, /orderBy.*Name/],
    [{ orderBy: 'Name sideways' }, /orderBy/],
    [{ page: '0' }, /page/],
  ])('%j is 400 and names the parameter', async (query, words) => {
    const reply = await list(query as Record<string, string>)
    expect(reply.status).toBe(400)
    expect(reply.json.message).toMatch(words)
    expectShape(reply)
  })

  it('refuses a page token of another instance or query', async () => {
    const first = await list({ pageSize: '2' })
    const nextPage = String(first.headers['elements-next-page-token'])
    expect((await list({ nextPage })).status).toBe(200)
    expect((await list({ nextPage, where: "CurrencyCode='EUR'" })).status).toBe(400)
    const other = hub(product.admin, (await connect(product, product.admin, { name: 'Other' })).json.token)
    expect((await ask(`${product.url}/reports`, { headers: other, query: { nextPage } })).status).toBe(400)
  })

  it.each([
    ['/reprts', 404, 'not-found', /Did you mean reports/],
    ['/hubs/expense/nothing', 404, 'not-found', /no resource 'nothing'/],
    ['/formulas', 404, 'not-here', /Formulas/],
    ['/organizations/branding', 404, 'not-here', /Branding/],
    ['/audit-logs', 404, 'not-here', /Audit logs/],
    ['/catalog-properties', 404, 'not-here', /Publishing/],
    ['/hubs/db/tables', 404, 'not-here', /db hub/],
    ['/usage/analytics/times', 404, 'not-here', /Usage analytics/],
    ['/elements/nothing', 404, 'not-found', /No element found/],
    ['/instances/abc', 404, 'not-found', /No instance found/],
  ])('%s is %s', async (path, status, code, words) => {
    const { user, organization } = product.admin
    const authorization =
      path.startsWith('/elements') || path.startsWith('/instances')
        ? `User ${user}, Organization ${organization}`
        : String(headers.authorization)
    const reply = await ask(`${product.url}${path}`, { headers: { authorization } })
    expect(reply.status).toBe(status)
    expect(reply.json.code).toBe(code)
    expect(reply.json.message).toMatch(words)
    expectShape(reply)
  })

  it('names the missing fields of a new instance', async () => {
    const post = (body: unknown) =>
      ask(`${product.url}/instances`, { headers: platform(product.admin), body })
    expect((await post({ element: { key: 'concur' } })).json.message).toMatch(/^name: missing/)
    expect((await post({ name: 'x', element: {} })).json.message).toMatch(/^element: needs a key or an id/)
    expect((await post({ name: 'x', element: { id: 99 } })).status).toBe(404)
    expect((await post({ name: 'x', element: { id: 3129 } })).json.message).toMatch(
      /oauth\.api\.key.*oauth\.api\.secret.*oauth\.callback\.url/,
    )
    const configuration = {
      'oauth.api.key': 'k',
      'oauth.api.secret': 's',
      'oauth.callback.url': 'https://a.example',
    }
    expect((await post({ name: 'x', element: { key: 'concur' }, configuration })).json.message).toMatch(
      /^providerData\.code: missing/,
    )
    const wrong = { ...configuration, 'site.address': 'mars' }
    expect(
      (
        await post({
          name: 'x',
          element: { key: 'concur' },
          configuration: wrong,
          providerData: { code: 'c' },
        })
      ).json.message,
    ).toMatch(/siteAddress.*us2/)
    const crossed = { ...configuration, 'site.address': 'sandbox' }
    expect(
      (
        await post({
          name: 'x',
          element: { key: 'concur' },
          configuration: crossed,
          providerData: { code: 'c' },
        })
      ).json.message,
    ).toMatch(/only its own application/)
  })
})

describe('a vendor that fails', () => {
  beforeEach(freshInstance)

  it.each([
    [
      '500 again and again',
      [{ fault: 'server-error', operation: 'reports.list', value: 503 }],
      502,
      'provider-failed',
      'provider',
      true,
    ],
    [
      'a rate limit',
      [{ fault: 'rate-limit', operation: 'reports.list', value: 300 }],
      429,
      'provider-rate-limited',
      'provider',
      true,
    ],
    [
      'a rate limit told as 400',
      [{ fault: 'rate-limit-400', operation: 'reports.list' }],
      429,
      'provider-rate-limited',
      'provider',
      true,
    ],
    [
      'a cut body',
      [{ fault: 'cut-body', operation: 'reports.list' }],
      502,
      'provider-unreachable',
      'network',
      true,
    ],
    [
      'a cut connection',
      [{ fault: 'cut-connection', operation: 'reports.list' }],
      502,
      'provider-unreachable',
      'network',
      true,
    ],
  ])('%s is told with its hop', async (_title, list_, status, code, hop, retryable) => {
    await fault(list_)
    const reply = await list({ pageSize: '1' })
    expect(reply.status, reply.text).toBe(status)
    expect(reply.json).toMatchObject({ code, hop, retryable })
    expectShape(reply)
    if (status !== 429) return
    expect(reply.json.retryAfter).toBeGreaterThan(0)
    expect(reply.headers['retry-after']).toBe(String(reply.json.retryAfter))
  })

  it.each([
    ['one 500', { fault: 'server-error', operation: 'reports.list', times: 1, value: 500 }],
    ['one rate limit', { fault: 'rate-limit', operation: 'reports.list', times: 1, value: 0 }],
    ['one cut connection', { fault: 'cut-connection', operation: 'reports.list', times: 1 }],
    ['a slow reply', { fault: 'slow', operation: 'reports.list', times: 1, value: 300 }],
  ])('%s is ridden out', async (_title, one) => {
    await fault([one])
    const reply = await list({ pageSize: '1' })
    expect(reply.status, reply.text).toBe(200)
    expect(reply.json).toHaveLength(1)
  })

  it('never sends a create twice', async () => {
    await ask(`${product.sandbox.url}/sandbox/calls`, { method: 'DELETE' })
    await fault([{ fault: 'server-error', operation: 'reports.create', times: 1, value: 500 }])
    const reply = await ask(`${product.url}/reports`, { headers, body: { Name: 'Once' } })
    expect(reply.status).toBe(502)
    expect(reply.json.providerMessage).toBeTruthy()
    const { json } = await ask(`${product.sandbox.url}/sandbox/calls`)
    expect(json.operations['reports.create']).toBe(1)
  })

  it('follows no foreign host of a NextPage', async () => {
    await fault([{ fault: 'foreign-next-page', value: 'evil.example' }])
    const first = await list({ pageSize: '3' })
    const second = await list({ nextPage: String(first.headers['elements-next-page-token']) })
    expect(second.status).toBe(200)
    expect(second.json).toHaveLength(3)
    expect(second.json[0].ID).not.toBe(first.json[0].ID)
  })

  it('connects nothing to a hostile geolocation', async () => {
    await fault([{ fault: 'hostile-geolocation', value: 'https://evil.example' }])
    const made = await connect(product, product.admin, { name: 'Hostile' })
    expect(made.status).toBe(400)
    expect(made.json.message).toContain('not its own')
  })
})

describe('a cross-origin page', () => {
  it('may read the headers and sends no credentials', async () => {
    const reply = await ask(`${product.url}/reports`, { headers: { origin: 'https://app.example' } })
    expect(reply.status).toBe(401)
    expect(reply.headers['access-control-allow-origin']).toBe('*')
    expect(reply.headers['access-control-allow-credentials']).toBeUndefined()
    expect(reply.headers['access-control-expose-headers']).toBe(
      'Elements-Returned-Count, Elements-Total-Count, Elements-Request-Id, Elements-Next-Page-Token, Elements-Trace-Id, Elements-Error, Content-Disposition',
    )
  })
})
