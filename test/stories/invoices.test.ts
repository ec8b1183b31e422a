import { beforeAll, describe, expect, it } from 'vitest'
import { ok } from '../support/answers.ts'
import type { Answer } from '../support/client.ts'
import { type Connected, companyInstance } from '../support/grants.ts'
import type { Member, Product } from '../support/product.ts'
import type { Controls } from '../support/sandbox.ts'
import { onProduct } from '../support/stage.ts'

let product: Product
let member: Member
let sandbox: Controls
let company: Connected

onProduct((stage) => {
  ;({ product, member, sandbox } = stage)
})

beforeAll(async () => {
  company = await companyInstance(product, member)
})

/** As an old client sends it: a City that writes do not know, no PostalCode. */
const invoice = {
  ...{ Name: 'Inv 7', InvoiceNumber: '7', InvoiceDate: '2021-03-04 00:00:00.0', InvoiceAmount: '37.00' },
  ...{ AmountWithoutVat: '30', CountryCode: 'DE', CurrencyCode: 'EUR', ExternalPolicyId: 'STD' },
  LedgerCode: 'MAIN',
  VendorRemitToIdentifier: { VendorCode: 'V1', Name: 'Cabs', Address1: 'Ring 1', City: 'Bonn' },
}
const pathOf = (resource: string, id: string) => `/${resource}/${encodeURIComponent(id)}`
const noticeOf = ({ headers }: Answer) => String(headers['elements-error'] ?? '')

describe('payments', () => {
  it('are created, read, and changed by the same full body, as old clients do', async () => {
    const created = await ok(company.call('/payments', { method: 'POST', body: invoice }))
    const made = created.json
    expect(made).toMatchObject({
      Name: 'Inv 7',
      InvoiceAmount: '37.00',
      VendorRemitAddress: { Name: 'Cabs' },
    })
    expect(noticeOf(created)).toBe('ignored: VendorRemitToIdentifier.City')
    const path = pathOf('payments', made.ID)
    expect((await ok(company.call(path))).json).toEqual(made)
    const again = await ok(company.call(path, { method: 'PATCH', body: { ...invoice, Name: 'Inv 8' } }))
    expect(again.json).toMatchObject({ ID: made.ID, Name: 'Inv 8', InvoiceNumber: '7' })
    for (const name of ['LedgerCode', 'ExternalPolicyId', 'City']) expect(noticeOf(again)).toContain(name)
    const list = await company.call('/payments')
    expect([list.status, list.headers.allow]).toEqual([405, 'POST, OPTIONS'])
  })

  it('take a part, numbers, nulls, lines as they are read, and custom fields under either name', async () => {
    const lines = { LineItem: [{ Description: 'Ride', Quantity: 2, UnitPrice: 15, Custom1: 'x', Odd: 1 }] }
    const body = {
      ...invoice,
      InvoiceAmount: 37.5,
      LineItems: lines,
      Custom1: 'one',
      Custom02: 'two',
      Description: null,
    }
    const created = await ok(company.call('/payments', { method: 'POST', body }))
    const made = created.json
    expect(made).toMatchObject({ InvoiceAmount: '37.5', Custom1: 'one', Custom2: 'two' })
    expect(made.LineItems.LineItem).toMatchObject([
      { Description: 'Ride', Quantity: '2', UnitPrice: '15', Custom1: 'x' },
    ])
    expect(noticeOf(created)).toContain('LineItems.LineItem.Odd')
    const path = pathOf('payments', made.ID)
    const kept = await ok(company.call(path, { method: 'PATCH', body: { LineItems: made.LineItems } }))
    expect(kept.json.LineItems).toEqual(made.LineItems)
    const part = { InvoiceAmount: 40, AmountWithoutVat: null, Odd: 1 }
    const changed = await ok(company.call(path, { method: 'PATCH', body: part }))
    expect(changed.json).toMatchObject({ InvoiceAmount: '40', Name: 'Inv 7', Custom2: 'two' })
    expect(noticeOf(changed)).toBe('ignored: Odd')
    const bare = [{ Description: 'Other', Allocations: [{ Percentage: 100 }] }]
    const other = await ok(company.call(path, { method: 'PATCH', body: { LineItems: bare } }))
    expect(other.json.LineItems.LineItem).toMatchObject([
      { Description: 'Other', Allocations: { Allocation: [{ Percentage: '100' }] } },
    ])
  })

  it('tell in SAP Concur’s words what is missing, whether it refuses with 400 or inside a 200', async () => {
    const { Name: _name, ...body } = invoice
    const refused = await company.call('/payments', { method: 'POST', body })
    expect([refused.status, refused.json.providerMessage]).toEqual([400, 'Name is required'])
    const made = (await ok(company.call('/payments', { method: 'POST', body: invoice }))).json
    await sandbox.faults({ fault: 'failure-in-200' }, { fault: 'ids', value: 'strict' })
    const inside = await company.call('/payments', { method: 'POST', body })
    expect([inside.status, inside.json.providerMessage, inside.json.hop]).toEqual([
      ...[400, 'Name is required', 'provider'],
    ])
    expect(inside.json.message).toContain('field Name')
    expect(inside.json.message).toContain('1001')
    const path = pathOf('payments', made.ID)
    const changed = await company.call(path, { method: 'PATCH', body: { ...invoice, Name: 'Lost' } })
    expect([changed.status, changed.json.providerMessage]).toEqual([400, expect.stringContaining('V1')])
    expect((await ok(company.call(path))).json).toEqual(made)
  })

  it('that are not there are 404, read or changed', async () => {
    const path = pathOf('payments', 'gWno$pSuch/one')
    expect((await company.call(path)).status).toBe(404)
    expect((await company.call(path, { method: 'PATCH', body: { Name: 'x' } })).status).toBe(404)
  })
})

describe('digests of payments', () => {
  it.each(['payments-digests', 'payments-digest'])(
    '%s are listed by status and read one by one',
    async (name) => {
      const query = { where: `approvalStatus='R_NOTF'` }
      const rows = (await ok(company.call(`/${name}`, { query }))).json
      expect(rows.length).toBeGreaterThan(0)
      for (const row of rows) expect(row.ApprovalStatusCode).toBe('R_NOTF')
      const one = await ok(company.call(pathOf(name, rows[0].ID)))
      expect(one.json).toEqual(rows[0])
      expect((await company.call(pathOf(name, 'nobody'))).status).toBe(404)
    },
  )

  const listed = async (where = '', more: Record<string, string> = {}) =>
    (await ok(company.call('/payments-digests', { query: { pageSize: '5000', where, ...more } }))).json

  it('are found under either name of the collection, page by page', async () => {
    const all = await listed()
    expect(all.length).toBeGreaterThan(40)
    await sandbox.faults({ fault: 'collection-key', value: 1 })
    expect(await listed()).toEqual(all)
    const seen: unknown[] = []
    for (let nextPage: string | undefined = ''; nextPage !== undefined; ) {
      const query = { pageSize: '30', nextPage }
      const page: Answer = await ok(company.call('/payments-digests', { query }))
      seen.push(...page.json)
      nextPage = page.headers['elements-next-page-token']?.toString()
    }
    expect(seen).toEqual(all)
  })

  it.each([
    ['createDate', 'CreateDate'],
    ['userDefinedDate', 'UserDefinedDate'],
    ['paidDate', 'PaidDate'],
    ['lastModifiedDate', 'LastModifiedDate'],
    ['extractedDate', 'ExtractedDate'],
  ])('are bounded by %s, borders included, and SAP Concur narrows', async (stem, field) => {
    const all: Record<string, string>[] = await listed()
    const dates = all.map((row) => row[field] ?? '').filter((date) => date !== '')
    const at = [...dates].sort()[Math.floor(dates.length / 2)] ?? ''
    const dated = all.filter((row) => (row[field] ?? '') !== '')
    const late = dated.filter((row) => String(row[field]) >= at)
    const early = dated.filter((row) => String(row[field]) <= at)
    const { requests } = await sandbox.during(async () => {
      expect(await listed(`${stem}After = '${at}'`)).toEqual(late)
      expect(await listed(`${stem}Before = '${at}'`)).toEqual(early)
      expect(await listed(`${field} >= '${at}' and ${field} <= '${at}'`)).toEqual(
        late.filter((row) => early.includes(row)),
      )
    })
    expect(late.length).toBeLessThan(all.length)
    expect(requests.map(({ path }) => path.includes(stem))).toEqual([true, true, true])
  })

  it('are found by what SAP Concur alone filters', async () => {
    const [row] = await listed("paymentStatus = 'R_NOTP'")
    expect(row.PaymentStatusCode).toBe('R_NOTP')
    const found = await listed(`vendorInvoiceNumber = '${row.InvoiceNumber}'`)
    expect(found.map(({ ID }: { ID: string }) => ID)).toContain(row.ID)
    const all = await listed()
    const submitted = await listed("submitDateAfter = '2020-01-01'")
    expect(submitted.length).toBeGreaterThan(0)
    expect(submitted.length).toBeLessThan(all.length)
    const refused = await company.call('/payments-digests', { query: { where: "payMethodType > 'x'" } })
    expect([refused.status, refused.json.message]).toEqual([400, expect.stringContaining('payMethodType')])
  })
})
