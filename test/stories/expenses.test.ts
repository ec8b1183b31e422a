import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, ask, connect, hub } from '../support/client.ts'
import { type Product, startProduct } from '../support/product.ts'

let product: Product
let headers: Record<string, string>

beforeAll(async () => {
  product = await startProduct()
  headers = hub(product.admin, (await connect(product, product.admin)).json.token)
})
afterAll(() => product?.close())

const call = (
  path: string,
  options: { method?: string; body?: unknown; query?: Record<string, string> } = {},
): Promise<Answer> => ask(`${product.url}/hubs/expense/${path}`, { headers, ...options })

const expenseBody = {
  ReportID: '4F0A77',
  ReportOwnerID: 'kim@acme.test',
  ExpenseTypeCode: 'TAXIX',
  ExpenseTypeName: 'Taxi',
  SpendCategoryCode: 'G',
  SpendCategoryName: 'Ground',
  PaymentTypeID: 'pt$01',
  PaymentTypeName: 'Card',
  TransactionDate: '2021-03-04T00:00:00',
  TransactionCurrencyCode: 'EUR',
  TransactionAmount: 37,
  ExchangeRate: 1,
  PostedAmount: 37,
  ApprovedAmount: 37,
  VendorDescription: 'City Cabs',
  VendorListItemID: 'vl$9',
  VendorListItemName: 'City Cabs',
  LocationSubdivision: null,
  LocationCountry: null,
  Description: null,
}

describe('14 expenses', () => {
  it('13/2 13/3 14/2 are created with nulls and read-only fields, got, changed, listed and deleted', async () => {
    const made = await call('expenses', { body: expenseBody })
    expect(made.status, made.text).toBe(200)
    expect(made.json).toMatchObject({
      ReportID: '4F0A77',
      TransactionAmount: 37,
      VendorDescription: 'City Cabs',
    })
    expect(made.json.id).toBe(made.json.ID)
    expect(made.json.ID).toContain('$')
    expect(String(made.headers['elements-error'])).toMatch(/^ignored: ReportOwnerID, ExpenseTypeName/)

    const path = `expenses/${encodeURIComponent(made.json.ID)}`
    expect((await call(path)).json).toEqual(made.json)
    expect((await ask(`${product.url}/expenses/${made.json.ID}`, { headers })).json).toEqual(made.json)

    const changed = await call(path, { method: 'PATCH', body: { Description: 'To the airport' } })
    expect(changed.status, changed.text).toBe(200)
    expect(changed.json).toMatchObject({ Description: 'To the airport', TransactionAmount: 37 })
    const ownerOnly = await call(path, { method: 'PATCH', body: { ReportOwnerID: 'kim@acme.test' } })
    expect(ownerOnly.status).toBe(200)

    const found = await call('expenses', { query: { where: "reportID = '4F0A77'" } })
    expect(found.json.map((row: { ID: string }) => row.ID)).toEqual([made.json.ID])

    const removed = await call(path, { method: 'DELETE' })
    expect(removed.status, removed.text).toBe(200)
    expect(removed.text).toBe('')
    expect((await call(path)).status).toBe(404)
    expect((await call(path, { method: 'DELETE' })).status).toBe(404)
  })

  it("14/2 isBillable = 'false' gives booleans that are false, page by page", async () => {
    let page = await call('expenses', {
      query: { where: "isBillable = 'false'", pageSize: '2', nextPage: '' },
    })
    expect(page.headers['elements-query-plan']).toBe(
      "provider: isBillable='false'; local: IsBillable = 'false'",
    )
    for (let round = 0; round < 2; round++) {
      expect(page.json).toHaveLength(2)
      for (const row of page.json) expect(row.IsBillable).toBe(false)
      page = await call('expenses', { query: { nextPage: String(page.headers['elements-next-page-token']) } })
    }
  })

  it('are never created twice', async () => {
    await ask(`${product.sandbox.url}/sandbox/calls`, { method: 'DELETE' })
    const fault = { fault: 'cut-connection', operation: 'entries.create', times: 1, value: 'after' }
    await ask(`${product.sandbox.url}/sandbox/faults`, { method: 'PUT', body: [fault] })
    const reply = await call('expenses', { body: expenseBody })
    await ask(`${product.sandbox.url}/sandbox/faults`, { method: 'DELETE' })
    expect(reply.status).toBe(502)
    const { json } = await ask(`${product.sandbox.url}/sandbox/calls`)
    expect(json.operations['entries.create']).toBe(1)
  })

  it('answer {id, ID} with a notice when only the reading back fails', async () => {
    const fault = { fault: 'server-error', operation: 'entries.get', value: 500 }
    await ask(`${product.sandbox.url}/sandbox/faults`, { method: 'PUT', body: [fault] })
    const reply = await call('expenses', { body: expenseBody })
    await ask(`${product.sandbox.url}/sandbox/faults`, { method: 'DELETE' })
    expect(reply.status).toBe(200)
    expect(reply.json).toEqual({ id: reply.json.ID, ID: reply.json.ID })
    expect(reply.headers['elements-error']).toContain('written, but not read back')
  })
})

describe('generic endpoints', () => {
  it('13/7 ping names the element', async () => {
    for (const path of ['/hubs/expense/ping', '/ping']) {
      const reply = await ask(`${product.url}${path}`, { headers })
      expect(reply.json).toEqual({
        endpoint: 'concur',
        valid: true,
        dateTime: expect.stringMatching(/^\d{4}-.*Z$/),
      })
    }
    expect((await ask(`${product.url}/ping`)).status).toBe(401)
  })

  it('5/1 objects are names, or more for the version Helium', async () => {
    for (const path of ['/hubs/expense/objects', '/objects']) {
      const names = (await ask(`${product.url}${path}`, { headers })).json
      expect(names).toEqual(expect.arrayContaining(['reports', 'expenses', 'users']))
      const helium = (
        await ask(`${product.url}${path}`, { headers: { ...headers, 'elements-version': 'Helium' } })
      ).json
      expect(helium).toContainEqual({ name: 'reports', vendorName: 'reports', type: 'vendor' })
    }
  })

  it('5/2 metadata of an object tells each field', async () => {
    const { json } = await ask(`${product.url}/objects/expenses/metadata`, { headers })
    const field = (name: string) => json.fields.find((one: { path: string }) => one.path === name)
    expect(field('TransactionAmount')).toMatchObject({
      type: 'number',
      vendorPath: 'TransactionAmount',
      createable: true,
      updateable: true,
      vendorReadOnly: false,
      vendorRequired: true,
    })
    expect(field('PostedAmount')).toMatchObject({
      createable: false,
      updateable: false,
      vendorReadOnly: true,
    })
    expect(field('TransactionDate').method).toContainEqual({ name: 'POST', request: true, response: true })
    expect((await ask(`${product.url}/objects/nothing/metadata`, { headers })).status).toBe(404)
  })
})
