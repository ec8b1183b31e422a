import { beforeAll, describe, expect, it } from 'vitest'
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

const ok = async (asked: Promise<Answer>): Promise<Answer> => {
  const reply = await asked
  expect(reply.status, reply.text).toBe(200)
  return reply
}

/** As an old client sends it: numbers as text, a City that writes do not know. */
const invoice = {
  ...{ Name: 'Inv 7', InvoiceNumber: '7', InvoiceDate: '2021-03-04 00:00:00.0', InvoiceAmount: '37.00' },
  ...{ AmountWithoutVat: '30', CountryCode: 'DE', CurrencyCode: 'EUR', ExternalPolicyId: 'STD' },
  LedgerCode: 'MAIN',
  VendorRemitToIdentifier: {
    ...{ VendorCode: 'V1', Name: 'Cabs', Address1: 'Ring 1', City: 'Bonn', PostalCode: '53111' },
  },
}

describe('payments', () => {
  it('are created, read, and changed by the same full body, as old clients do', async () => {
    const made = (await ok(company.call('/payments', { method: 'POST', body: invoice }))).json
    expect(made).toMatchObject({
      Name: 'Inv 7',
      InvoiceAmount: '37.00',
      VendorRemitAddress: { Name: 'Cabs' },
    })
    const path = `/payments/${encodeURIComponent(made.ID)}`
    expect((await ok(company.call(path))).json).toEqual(made)
    const again = await ok(company.call(path, { method: 'PATCH', body: { ...invoice, Name: 'Inv 8' } }))
    expect(again.json).toMatchObject({ ID: made.ID, Name: 'Inv 8', InvoiceNumber: '7' })
    expect(String(again.headers['elements-error'])).toContain('LedgerCode')
    const list = await company.call('/payments')
    expect([list.status, list.headers.allow]).toEqual([405, 'POST, OPTIONS'])
  })

  it('take numbers, lines as they are read, and custom fields under either name', async () => {
    const lines = { LineItem: [{ Description: 'Ride', Quantity: 2, UnitPrice: 15, Custom1: 'x' }] }
    const body = { ...invoice, InvoiceAmount: 37.5, LineItems: lines, Custom1: 'one', Custom02: 'two' }
    const made = (await ok(company.call('/payments', { method: 'POST', body }))).json
    expect(made).toMatchObject({ InvoiceAmount: '37.5', Custom1: 'one', Custom2: 'two' })
    expect(made.LineItems.LineItem).toMatchObject([
      { Description: 'Ride', Quantity: '2', UnitPrice: '15', Custom1: 'x' },
    ])
    const path = `/payments/${encodeURIComponent(made.ID)}`
    const kept = await ok(company.call(path, { method: 'PATCH', body: { LineItems: made.LineItems } }))
    expect(kept.json.LineItems).toEqual(made.LineItems)
  })

  it('tell in SAP Concur’s words what is missing', async () => {
    const { Name: _name, ...body } = invoice
    const refused = await company.call('/payments', { method: 'POST', body })
    expect(refused.status).toBe(400)
    expect(refused.json.providerMessage).toContain('Name is required')
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
      const one = await ok(company.call(`/${name}/${encodeURIComponent(rows[0].ID)}`))
      expect(one.json).toEqual(rows[0])
    },
  )

  it('are found under either name of the collection, and by dates', async () => {
    const all = (await ok(company.call('/payments-digests', { query: { pageSize: '5000' } }))).json
    await sandbox.faults({ fault: 'collection-key', value: 1 })
    expect((await ok(company.call('/payments-digests', { query: { pageSize: '5000' } }))).json).toEqual(all)
    const at = all[Math.floor(all.length / 2)].LastModifiedDate
    const newer = await ok(
      company.call('/payments-digests', {
        query: { pageSize: '5000', where: `lastModifiedDateAfter = '${at}'` },
      }),
    )
    expect(newer.json).toEqual(all.filter((row: { LastModifiedDate: string }) => row.LastModifiedDate >= at))
  })
})

const vendor = {
  ...{ VendorCode: 'RIV~1', AddressCode: 'A 1', VendorName: 'River & Sons', CountryCode: 'DE' },
  ...{ CurrencyCode: 'EUR', City: 'Bonn', Custom3: 'c' },
}

describe('vendors', () => {
  it('are created, found, changed and removed by both of their codes', async () => {
    const made = (await ok(company.call('/vendors', { method: 'POST', body: vendor }))).json
    expect(made).toMatchObject(vendor)
    const path = `/vendors/${encodeURIComponent(made.id)}`
    expect((await ok(company.call(path))).json).toEqual(made)
    const changed = await ok(company.call(path, { method: 'PATCH', body: { City: 'Cologne' } }))
    expect(changed.json).toMatchObject({ ...vendor, City: 'Cologne' })
    const found = await ok(
      company.call('/vendors', { query: { where: `vendorName = 'river' and searchType = 'begins'` } }),
    )
    expect(found.json).toEqual([changed.json])
    const twice = await company.call('/vendors', { method: 'POST', body: vendor })
    expect(twice.status).toBe(400)
    expect(twice.json.providerMessage).toContain('exists already')
    await ok(company.call(path, { method: 'DELETE' }))
    expect((await company.call(path)).status).toBe(404)
    const gone = await company.call(path, { method: 'DELETE' })
    expect(gone.json.providerMessage).toContain('not found')
  })

  it('get banks and groups on the collection, in the shapes of old clients', async () => {
    const bank = {
      ...{ AddressCode: '', BankCode: 'BK1', BankName: 'Union', BranchCode: '001' },
      ...{ BranchLocation: 'Bonn', CountryCode: 'DE' },
    }
    const answered = (await ok(company.call('/vendor-banks', { method: 'PATCH', body: bank }))).json
    expect(answered).toMatchObject({ BankCode: 'BK1', StatusList: [{ Type: 'ERROR' }] })
    await ok(company.call('/vendors', { method: 'POST', body: { ...vendor, VendorCode: 'V9' } }))
    const whole = {
      ...{ ...bank, VendorCode: 'V9', AddressCode: 'A 1', AccountNumber: '12', AccountType: 'CHCK' },
      ...{ IsActive: 'Y', NameOnAccount: 'River' },
    }
    const taken = await ok(company.call('/vendor-banks', { method: 'PATCH', body: { VendorBank: [whole] } }))
    expect(taken.json.VendorBank).toMatchObject([{ AccountNumber: '12', StatusList: [{ Type: 'SUCCESS' }] }])
    const query = { vendorCode: 'V9', addressCode: 'A 1' }
    const body = { ID: 'grp1', Name: 'north' }
    const group = await ok(company.call('/vendor-groups', { method: 'PATCH', query, body }))
    expect(group.json).toMatchObject({ Name: 'north' })
    const shown = (await ok(company.call('/vendors/V9~A%201'))).json
    expect(shown).toMatchObject({ VendorGroupList: ['north'], VendorBankList: [{ BankCode: 'BK1' }] })
    const left = { ...query, groupName: 'north' }
    await ok(company.call('/vendor-groups', { method: 'DELETE', query: left }))
    expect((await ok(company.call('/vendors/V9~A%201'))).json.VendorGroupList).toEqual([])
    const unnamed = await company.call('/vendor-groups', { method: 'DELETE', query })
    expect(unnamed.status).toBe(400)
    expect(unnamed.json.message).toContain('groupName')
    expect((await company.call('/vendor-banks')).status).toBe(405)
  })
})
