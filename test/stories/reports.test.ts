import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, ask, connect, hub } from '../support/client.ts'
import { type Product, startProduct } from '../support/product.ts'

let product: Product
let headers: Record<string, string>

beforeAll(async () => {
  product = await startProduct()
  const made = await connect(product, product.admin)
  headers = hub(product.admin, made.json.token)
})
afterAll(() => product?.close())

const list = (query: Record<string, string>, resource = 'reports'): Promise<Answer> =>
  ask(`${product.url}/hubs/expense/${resource}`, { headers, query })

const walk = async (
  query: Record<string, string>,
  resource = 'reports',
): Promise<Record<string, unknown>[]> => {
  const rows: Record<string, unknown>[] = []
  let page = await list({ ...query, nextPage: '' }, resource)
  for (;;) {
    expect(page.status, page.text).toBe(200)
    rows.push(...page.json)
    const token = page.headers['elements-next-page-token']
    if (token === undefined) return rows
    expect(page.json).toHaveLength(Number(query.pageSize))
    page = await ask(`${product.url}/hubs/expense/${resource}`, {
      headers,
      query: { nextPage: String(token) },
    })
  }
}

describe('reading reports', () => {
  it('walks every row exactly once, page by page of exact size', async () => {
    const all = await walk({ pageSize: '500', where: "user='ALL'" })
    expect(all).toHaveLength(400)
    for (const pageSize of ['7', '100', '399']) {
      const again = await walk({ pageSize, where: "user='ALL'" })
      expect(again.map((row) => row.ID)).toEqual(all.map((row) => row.ID))
    }
  })

  it('fills pages exactly when we filter what Concur cannot, and the last page has no token', async () => {
    const where = "user = 'ALL' and Total > 900 and Name like '%a%'"
    const all = await walk({ pageSize: '5000', where: "user='ALL'" })
    const wanted = all.filter((row) => Number(row.Total) > 900 && String(row.Name).includes('a'))
    expect(wanted.length).toBeGreaterThan(5)
    const found = await walk({ pageSize: '3', where })
    expect(found.map((row) => row.ID)).toEqual(wanted.map((row) => row.ID))
  })

  it('says which part Concur filtered', async () => {
    const reply = await list({
      where: "LastModifiedDate >= '2026-05-01T00:00:00' AND Total > 100 AND CurrencyCode = 'EUR'",
    })
    expect(reply.headers['elements-query-plan']).toBe(
      "provider: modifiedDateAfter='2026-04-30T23:59:59.000', currencyCode='EUR'; local: LastModifiedDate >= '2026-05-01T00:00:00' and Total > 100 and CurrencyCode = 'EUR'",
    )
    for (const row of reply.json) {
      expect(row.CurrencyCode).toBe('EUR')
      expect(row.Total).toBeGreaterThan(100)
      expect(row.LastModifiedDate >= '2026-05-01T00:00:00').toBe(true)
    }
  })

  it('14/7 13/6 takes the old pseudo-field, and every row satisfies it as text', async () => {
    const value = '2026-04-03T04:05:06.007'
    const reply = await list({ where: `user='ALL' and modifiedDateAfter='${value}'`, pageSize: '5000' })
    expect(reply.json.length).toBeGreaterThan(0)
    for (const row of reply.json) expect(row.LastModifiedDate >= value).toBe(true)
    const all = await walk({ pageSize: '5000', where: "user='ALL'" })
    expect(reply.json).toHaveLength(all.filter((row) => String(row.LastModifiedDate) >= value).length)
  })

  it('shows nulls only when asked', async () => {
    const made = await connect(product, product.admin, {
      configuration: { 'filter.response.nulls': 'false' },
      name: 'Nulls',
    })
    const reply = await ask(`${product.url}/reports`, {
      headers: hub(product.admin, made.json.token),
      query: { pageSize: '1' },
    })
    expect(Object.values(reply.json[0])).toContain(null)
  })

  it('gets one row, by path and by query, and 404 in Concur words for a stranger', async () => {
    const [row] = (await list({ pageSize: '1' })).json
    expect((await ask(`${product.url}/hubs/expense/reports/${row.ID}`, { headers })).json).toEqual(row)
    const byQuery = await list({ where: `id = '${row.ID}'` })
    expect(byQuery.headers['elements-query-plan']).toContain('provider: get ID')
    expect(byQuery.json).toEqual([row])
    expect((await list({ where: "ID = 'FFFFFFFFFFFFFFFFFFFF'" })).json).toEqual([])
    const missing = await ask(`${product.url}/reports/FFFFFFFFFFFFFFFFFFFF`, { headers })
    expect(missing.status).toBe(404)
    expect(missing.json).toMatchObject({ code: 'provider-not-found', hop: 'provider', retryable: false })
    expect(missing.json.providerMessage).toBeTruthy()
    expect(missing.json.providerCorrelationId).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('writing reports', () => {
  it('14/7 13/2 creates, reads back, changes and says what it left out', async () => {
    const created = await ask(`${product.url}/hubs/expense/reports`, {
      headers,
      body: { Name: 'March trip', Total: 37, CurrencyCode: 'EUR' },
    })
    expect(created.status).toBe(200)
    expect(created.json.id).toBe(created.json.ID)
    expect(created.json.Name).toBe('March trip')
    expect(created.json.LastModifiedDate).toMatch(/^\d{4}-\d{2}-\d{2}T/)
    expect(created.headers['elements-error']).toBe('ignored: Total, CurrencyCode')

    const path = `${product.url}/hubs/expense/reports/${created.json.ID}`
    const changed = await ask(path, { method: 'PATCH', headers, body: { Name: 'April trip' } })
    expect(changed.status).toBe(200)
    expect(changed.json.Name).toBe('April trip')
    expect((await ask(path, { headers })).json.Name).toBe('April trip')

    const whole = await ask(path, { method: 'PATCH', headers, body: { ...changed.json, Name: 'May trip' } })
    expect(whole.status, whole.text).toBe(200)
    expect(whole.json.Name).toBe('May trip')
  })

  it('refuses what cannot be', async () => {
    const empty = await ask(`${product.url}/reports`, { method: 'POST', headers, body: {} })
    expect(empty.status).toBe(400)
    const nothing = await ask(`${product.url}/reports`, { method: 'POST', headers })
    expect(nothing.status).toBe(400)
    const gone = await ask(`${product.url}/reports/X`, { method: 'DELETE', headers })
    expect(gone.status).toBe(405)
    expect(gone.headers.allow).toBe('GET, HEAD, PATCH, OPTIONS')
  })
})

describe('people', () => {
  it('14/8 are listed with the old names; active is asked of Concur and true for every row', async () => {
    const all = await walk({ pageSize: '50' }, 'users')
    const active = await walk({ pageSize: '50', where: "active = 'true'" }, 'users')
    expect(active.length).toBeGreaterThan(100)
    expect(active.length).toBeLessThan(all.length)
    for (const row of active) {
      expect(row.Active).toBe(true)
      expect(typeof row.LoginID).toBe('string')
    }
    expect(active.map((row) => row.ID).sort()).toEqual(
      all
        .filter((row) => row.Active === true)
        .map((row) => row.ID)
        .sort(),
    )
    const plan = (await list({ where: "active = 'true'" }, 'users')).headers['elements-query-plan']
    expect(plan).toBe("provider: active='true'; local: Active = 'true'")
  })
})
