import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, ask, connect, hub } from '../support/client.ts'
import { type Product, startProduct } from '../support/product.ts'

let product: Product
let headers: Record<string, string>
let all: Record<string, unknown>[]

beforeAll(async () => {
  product = await startProduct()
  headers = hub(product.admin, (await connect(product, product.admin)).json.token)
  all = (await list({ where: "user='ALL'", pageSize: '5000' })).json
})
afterAll(() => product?.close())

const list = (query: Record<string, string>): Promise<Answer> =>
  ask(`${product.url}/hubs/expense/reports`, { headers, query })

const ids = (rows: readonly Record<string, unknown>[]): unknown[] => rows.map((row) => row.ID)

describe('a listing', () => {
  it('13/1 is a bare JSON array, also when it is empty', async () => {
    expect(Array.isArray(all)).toBe(true)
    const none = await list({ where: "Name = 'no such report'" })
    expect(none.status).toBe(200)
    expect(none.json).toEqual([])
    expect(none.headers['elements-returned-count']).toBe('0')
    expect(none.headers['elements-next-page-token']).toBeUndefined()
  })

  it('13/4 pages: page p and p+1 of size n are page p at size 2n', async () => {
    const query = { where: "user='ALL'" }
    for (const size of [1, 7, 50]) {
      const [one, two, both] = await Promise.all([
        list({ ...query, page: '3', pageSize: String(size) }),
        list({ ...query, page: '4', pageSize: String(size) }),
        list({ ...query, page: '2', pageSize: String(2 * size) }),
      ])
      expect([...one.json, ...two.json]).toEqual(both.json)
      expect(both.json).toHaveLength(2 * size)
    }
    expect((await list({ ...query, page: '9', pageSize: '50' })).json).toEqual([])
  })

  it('13/5 nextPage: one row a page while rows remain, and the token may be sent alone', async () => {
    const where = "user='ALL' and CurrencyCode='EUR' and Total > 400"
    const wanted = all.filter((row) => row.CurrencyCode === 'EUR' && Number(row.Total) > 400)
    expect(wanted.length).toBeGreaterThan(2)
    let page = await list({ where, pageSize: '1', nextPage: '' })
    const seen = [...page.json]
    while (page.headers['elements-next-page-token'] !== undefined) {
      page = await list({ nextPage: String(page.headers['elements-next-page-token']) })
      expect(page.json).toHaveLength(1)
      seen.push(...page.json)
    }
    expect(ids(seen)).toEqual(ids(wanted))
  })

  it('takes pageSize beside a token from there on, and ignores page', async () => {
    const first = await list({ where: "user='ALL'", pageSize: '3' })
    const nextPage = String(first.headers['elements-next-page-token'])
    const second = await list({ nextPage, pageSize: '10', page: '40' })
    expect(ids(second.json)).toEqual(ids(all).slice(3, 13))
    const third = await list({ nextPage: String(second.headers['elements-next-page-token']) })
    expect(third.json).toHaveLength(10)
  })

  it('13/6 sorts by orderBy, absent values last, and pages through what it sorted', async () => {
    const query = { where: "user='ALL'", orderBy: 'Total desc', pageSize: '30' }
    const wanted = [...all].sort((one, two) => Number(two.Total) - Number(one.Total))
    const first = await list(query)
    expect(first.json.map((row: { Total: number }) => row.Total)).toEqual(
      wanted.slice(0, 30).map((row) => row.Total),
    )
    const second = await list({ nextPage: String(first.headers['elements-next-page-token']) })
    expect(second.json.map((row: { Total: number }) => row.Total)).toEqual(
      wanted.slice(30, 60).map((row) => row.Total),
    )
    const dates = (await list({ where: "user='ALL'", orderBy: 'SubmitDate asc, ID asc', pageSize: '5000' }))
      .json
    const submitted = dates.filter((row: { SubmitDate?: string }) => row.SubmitDate !== undefined)
    expect(submitted.length).toBeGreaterThan(10)
    expect(dates.slice(0, submitted.length)).toEqual(submitted)
    expect(dates).toHaveLength(all.length)
  })

  it('13/6 counts the whole query when asked, on whatever page', async () => {
    for (const name of ['returnCount', 'returnTotalCount']) {
      const first = await list({ where: "user='ALL' and Total > 400", pageSize: '4', [name]: 'True' })
      const total = String(all.filter((row) => Number(row.Total) > 400).length)
      expect(first.headers['elements-total-count']).toBe(total)
      expect(first.json).toHaveLength(4)
      const second = await list({
        nextPage: String(first.headers['elements-next-page-token']),
        [name]: 'true',
      })
      expect(second.headers['elements-total-count']).toBe(total)
      expect(second.json).toHaveLength(4)
    }
    expect((await list({ pageSize: '4' })).headers['elements-total-count']).toBeUndefined()
  })

  it('13/6 shows only the named fields', async () => {
    const [row] = (await list({ fields: 'id, Name,OrgUnit1.Code', pageSize: '1' })).json
    expect(Object.keys(row).sort()).toEqual(['Name', 'OrgUnit1', 'id'])
    expect(Object.keys(row.OrgUnit1)).toEqual(['Code'])
    const one = await ask(`${product.url}/reports/${row.id}`, { headers, query: { fields: 'Total' } })
    expect(Object.keys(one.json)).toEqual(['Total'])
  })

  it("reads a stranger's report when the owner is named, or was seen in a list", async () => {
    const other = all.find((row) => row.OwnerLoginID !== 'admin@sandbox.example')
    const path = `${product.url}/reports/${other?.ID}`
    expect((await ask(path, { headers })).json.ID).toBe(other?.ID)
    const fresh = hub(product.admin, (await connect(product, product.admin, { name: 'Fresh' })).json.token)
    expect((await ask(path, { headers: fresh })).status).toBe(404)
    expect((await ask(path, { headers: fresh, query: { user: String(other?.OwnerLoginID) } })).json.ID).toBe(
      other?.ID,
    )
    const found = await ask(`${product.url}/reports`, {
      headers: fresh,
      query: { where: `ID = '${other?.ID}' and user = '${other?.OwnerLoginID}'` },
    })
    expect(ids(found.json)).toEqual([other?.ID])
  })
})
