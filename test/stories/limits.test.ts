import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, connect, hub } from '../support/client.ts'
import { type Product, startProduct } from '../support/product.ts'

let product: Product
let headers: Record<string, string>

beforeAll(async () => {
  product = await startProduct({ environment: { QUERY_MAX_CALLS: '3', QUERY_MAX_SECONDS: '5' } })
  headers = hub(product.admin, (await connect(product, product.admin)).json.token)
})
afterAll(() => product?.close())

const list = (query: Record<string, string>) => ask(`${product.url}/reports`, { headers, query })

describe('a query that costs more than one call may', () => {
  it.each([
    { where: "user='ALL' and Name = 'none is called so'" },
    { where: "user='ALL'", orderBy: 'Total desc' },
    { where: "user='ALL'", pageSize: '1', returnCount: 'true' },
    { where: "user='ALL'", pageSize: '100', page: '4' },
  ])(
    '%j is refused, naming what the provider filters itself, never answered with a short page',
    async (query) => {
      await ask(`${product.sandbox.url}/sandbox/calls`, { method: 'DELETE' })
      const reply = await list({ pageSize: '50', ...query })
      expect(reply.status).toBe(400)
      expect(reply.json.code).toBe('query-too-broad')
      expect(reply.json.message).toMatch(/modifiedDateAfter/)
      const { json } = await ask(`${product.sandbox.url}/sandbox/calls`)
      expect(json.operations['reports.list']).toBe(3)
    },
  )

  it('is answered when it fits', async () => {
    expect((await list({ where: "user='ALL'", pageSize: '300' })).json).toHaveLength(300)
    const narrow = await list({
      where: "user='ALL' and approvalStatusCode = 'A_RESU'",
      orderBy: 'Total desc',
    })
    expect(narrow.status, narrow.text).toBe(200)
  })

  it('a vendor that hangs is given up at the limit, told as the network’s failure', async () => {
    const fault = { fault: 'slow', operation: 'reports.list', value: 20_000 }
    await ask(`${product.sandbox.url}/sandbox/faults`, { method: 'PUT', body: [fault] })
    const reply = await list({ pageSize: '1' })
    await ask(`${product.sandbox.url}/sandbox/faults`, { method: 'DELETE' })
    expect(reply.status).toBe(504)
    expect(reply.json).toMatchObject({ code: 'provider-timeout', hop: 'network', retryable: true })
  })
})
