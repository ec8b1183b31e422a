import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, type Json, openClient, readLike, rowsIn } from '../test-client.ts'
import { openContract } from '../test-contract.ts'

describe('invoices and their vendors', () => {
  const contract = openContract()
  let client: Client
  let token: string
  beforeAll(async () => {
    client = await openClient({ reports: 5 }, contract)
    token = await client.token()
  })
  afterAll(async () => {
    await client.close()
    process.stdout.write(`contract of invoices: ${JSON.stringify(contract.count())}\n`)
  })
  const get = async (path: string) => (await client.get(path, token)).json
  const digests = '/api/v3.0/invoice/paymentrequestdigests'
  const requests = '/api/v3.0/invoice/paymentrequest'
  const vendors = '/api/v3.1/invoice/vendors'
  const banks = '/api/v3.1/invoice/vendor/banks'
  const groups = '/api/v3.1/invoice/vendor/groups'
  const statusOf = (row: Json | undefined): Json | undefined => rowsIn(row, 'StatusList')[0]

  it('pages through digests and filters them by status, number and date', async () => {
    const seen: unknown[] = []
    for (let next: string | null = `${digests}?limit=30`; next !== null; ) {
      const page: Json = await get(next)
      expect(page['TotalCount']).toBe(80)
      seen.push(...rowsIn(page, 'PaymentRequestDigest').map((row) => row['ID']))
      next = page['NextPage'] as string | null
    }
    expect([seen.length, new Set(seen).size]).toEqual([80, 80])
    const open = rowsIn(await get(`${digests}?approvalStatus=R_NOTF`), 'PaymentRequestDigest')
    expect(open.length).toBe(20)
    expect(new Set(open.map((row) => row['ApprovalStatusCode']))).toEqual(new Set(['R_NOTF']))
    const late = rowsIn(await get(`${digests}?createDateAfter=2026-06-10`), 'PaymentRequestDigest')
    expect(late.length).toBeGreaterThan(2)
    expect(late.every((row) => String(row['CreateDate']) > '2026-06-10')).toBe(true)
    const one = await get(String(open[0]?.['URI']))
    expect(one).toEqual(open[0])
    const request = await get(String(one['PaymentRequestUri']))
    expect(request).toMatchObject({ ID: one['PaymentRequestId'], InvoiceAmount: one['Total'] })
  })

  const body = {
    ...{ Name: 'Inv 7', InvoiceNumber: '7', InvoiceDate: '2021-03-04 00:00:00.0', InvoiceAmount: '37.00' },
    ...{ CountryCode: 'DE', CurrencyCode: 'EUR', LedgerCode: 'MAIN', Custom01: 'blue', Custom2: 'green' },
    VendorRemitToIdentifier: { VendorCode: 'V1', Name: 'Cabs', Address1: 'Ring 1', City: 'Bonn' },
    LineItems: [{ Description: 'Ride', Quantity: 1, Custom03: 'x', Allocations: [{ Percentage: '100' }] }],
  }

  it('creates and changes payment requests; the id of a change stands in the body', async () => {
    const made = await client.post(requests, body, token)
    expect(made.status).toBe(200)
    const uri = String(made.json['URI'])
    const read = await get(uri)
    expect(read).toMatchObject({
      ...{
        Name: 'Inv 7',
        InvoiceAmount: '37.00',
        Custom1: 'blue',
        Custom2: 'green',
        ApprovalStatus: 'R_NOTF',
      },
      VendorRemitAddress: { Name: 'Cabs', Address1: 'Ring 1' },
    })
    const [line] = rowsIn(read['LineItems'] as Json, 'LineItem')
    expect(line).toMatchObject({
      Description: 'Ride',
      Quantity: '1',
      Custom3: 'x',
      LineItemId: expect.any(String),
    })
    const put = await client.put(requests, { RequestID: made.json['ID'], InvoiceAmount: '40.00' }, token)
    expect([put.status, put.json['ID']]).toEqual([200, made.json['ID']])
    expect(await get(uri)).toMatchObject({ InvoiceAmount: '40.00', Name: 'Inv 7' })
    const { VendorRemitToIdentifier: _, ...without } = body
    expect((await client.post(requests, without, token)).text).toContain('VendorRemitToIdentifier')
    expect((await client.post(requests, { ...body, LedgerCode: null }, token)).text).toContain('LedgerCode')
    expect((await client.put(requests, { InvoiceAmount: '1' }, token)).status).toBe(404)
    await client.faults([{ fault: 'ids', value: 'strict' }])
    expect((await client.post(requests, body, token)).text).toContain('VendorCode')
    const known = { ...body, VendorRemitToIdentifier: { VendorCode: 'V1001' } }
    expect((await client.post(requests, known, token)).status).toBe(200)
    await client.faults([])
  })

  it('speaks XML in both directions', async () => {
    const xml = `<PaymentRequest><Name>Xml</Name><InvoiceAmount>5.00</InvoiceAmount><CountryCode>DE</CountryCode>
      <LedgerCode>MAIN</LedgerCode><VendorRemitToIdentifier><VendorCode>V1001</VendorCode></VendorRemitToIdentifier>
      <LineItems><LineItem><Description>One</Description></LineItem><LineItem><Description>Two</Description></LineItem></LineItems>
      </PaymentRequest>`
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/xml' }
    const made = await client.call('POST', requests, { body: xml, headers })
    const read = await get(String(made.json['URI']))
    expect(rowsIn(read['LineItems'] as Json, 'LineItem').map((line) => line['Description'])).toEqual([
      'One',
      'Two',
    ])
    const digest = await get(`${digests}?limit=1`)
    const [row] = rowsIn(digest, 'PaymentRequestDigest')
    const accept = { authorization: `Bearer ${token}`, accept: 'application/xml' }
    const seen = await client.call('GET', String(row?.['URI']), { headers: accept })
    expect(readLike(seen.text, row)).toEqual({ root: 'PaymentRequestDigest', value: row })
  })

  it('finds, sorts, creates, changes and deletes vendors, each record with its status', async () => {
    const page = await get(`${vendors}?limit=7&sortBy=vendorName&sortDirection=descending`)
    const names = rowsIn(page, 'Vendor').map((row) => String(row['VendorName']))
    expect([page['TotalCount'], names]).toEqual([60, [...names].sort().reverse()])
    const begins = await get(`${vendors}?searchType=begins&vendorName=alder&approved=Y`)
    expect(rowsIn(begins, 'Vendor').length).toBeGreaterThan(2)
    const Vendor = {
      VendorCode: 'W1',
      AddressCode: 'A',
      VendorName: 'Weir',
      CountryCode: 'GB',
      CurrencyCode: 'GBP',
    }
    const made = await client.post(vendors, { Vendor: [Vendor, { VendorCode: 'W2' }, Vendor] }, token)
    expect(made.status).toBe(200)
    const statuses = rowsIn(made.json, 'Vendor').map((row) => statusOf(row)?.['Type'])
    expect(statuses).toEqual(['SUCCESS', 'ERROR', 'ERROR'])
    expect(made.json['RequestRunSummary']).toBe('1 of 3 records processed')
    const put = await client.put(
      vendors,
      { Vendor: [{ VendorCode: 'W1', AddressCode: 'A', City: 'Ely' }] },
      token,
    )
    expect(rowsIn(put.json, 'Vendor')[0]).toMatchObject({ City: 'Ely', VendorName: 'Weir' })
    const removed = await client.remove(`${vendors}?vendorCode=W1&addressCode=A`, token)
    expect(statusOf(rowsIn(removed.json, 'Vendor')[0])?.['Type']).toBe('SUCCESS')
    expect((await get(`${vendors}?vendorCode=W1`))['TotalCount']).toBe(0)
    expect((await client.remove(`${vendors}?vendorCode=W1`, token)).status).toBe(400)
  })

  it('answers 200 for banks and groups, with failures inside', async () => {
    const bank = {
      ...{
        VendorCode: 'V1001',
        AddressCode: 'MAIN',
        AccountNumber: '77',
        AccountType: 'CHCK',
        IsActive: 'Y',
      },
      ...{ NameOnAccount: 'Alder', BankName: 'Union' },
    }
    const put = (records: readonly Json[]) => client.put(banks, { VendorBank: records }, token)
    const mixed = await put([bank, { AddressCode: '', BankCode: 'BK1' }])
    expect(mixed.status).toBe(200)
    expect(rowsIn(mixed.json, 'VendorBank').map((row) => statusOf(row)?.['Type'])).toEqual([
      'SUCCESS',
      'ERROR',
    ])
    const where = `${groups}?vendorCode=V1001&addressCode=MAIN`
    expect((await client.put(where, { VendorGroup: [{ Name: 'east' }] }, token)).status).toBe(200)
    const shown = rowsIn(await get(`${vendors}?vendorCode=V1001`), 'Vendor')[0]
    expect([rowsIn(shown, 'VendorBankList')[0]?.['BankName'], shown?.['VendorGroupList']]).toEqual([
      'Union',
      ['north', 'east'],
    ])
    expect((await client.remove(`${where}&groupName=north`, token)).status).toBe(200)
    expect(rowsIn(await get(`${vendors}?vendorCode=V1001`), 'Vendor')[0]?.['VendorGroupList']).toEqual([
      'east',
    ])
    expect((await client.put(banks, bank, token)).status).toBe(400)
    expect((await client.put(groups, { VendorGroup: [{ Name: 'x' }] }, token)).status).toBe(400)
    const nobody = { ...bank, VendorCode: 'nobody' }
    expect(statusOf(rowsIn((await put([nobody])).json, 'VendorBank')[0])?.['Type']).toBe('SUCCESS')
    await client.faults([{ fault: 'ids', value: 'strict' }])
    expect(statusOf(rowsIn((await put([nobody])).json, 'VendorBank')[0])?.['Type']).toBe('ERROR')
    await client.faults([])
  })

  it('answered as the schemas say', () => {
    expect(contract.problems()).toEqual([])
  })
})
