import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adminLogin } from '../people.ts'
import { type Client, itemsOf, openClient } from '../test-client.ts'

/** The v3 addresses that an application of the old framework cannot do without. */
describe('v3 with a token of the old framework', () => {
  let client: Client
  let authorization: string
  beforeAll(async () => {
    client = await openClient({ reports: 60 })
    const { json } = await client.call('GET', '/net2/oauth2/accesstoken.ashx', {
      headers: {
        accept: 'application/json',
        authorization: `Basic ${Buffer.from(`${adminLogin}:sandbox`).toString('base64')}`,
        'x-consumerkey': 'amalgam-sandbox-legacy',
      },
    })
    authorization = `OAuth ${String(json['Token'])}`
  })
  afterAll(() => client.close())
  const call = (method: string, path: string, body?: object) =>
    client.call(method, path, {
      headers: { authorization, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })

  it('lists people', async () => {
    const page = await call('GET', '/api/v3.0/common/users?active=true&limit=3')
    expect(itemsOf(page)).toHaveLength(3)
    expect(page.headers.get('x-api-warn')).not.toBeNull()
  })

  it('makes a report and an entry, reads everybody’s, and deletes the entry', async () => {
    const report = await call('POST', '/api/v3.0/expense/reports', { Name: 'Old ways' })
    const entry = await call('POST', '/api/v3.0/expense/entries', {
      ...{ ReportID: report.json['ID'], ExpenseTypeCode: 'TAXIX', PaymentTypeID: 'p' },
      ...{ TransactionCurrencyCode: 'EUR', TransactionDate: '2026-01-01', TransactionAmount: 3 },
    })
    const path = `/api/v3.0/expense/entries/${String(entry.json['ID'])}`
    expect((await call('GET', path)).status).toBe(200)
    const gone = await call('DELETE', path)
    expect([gone.status, gone.headers.get('x-api-warn') === null]).toEqual([200, false])
    expect((await call('GET', path)).status).toBe(404)
    expect(itemsOf(await call('GET', '/api/v3.0/expense/reports?user=ALL'))).toHaveLength(25)
  })
})
