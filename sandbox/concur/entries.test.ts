import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { protectedId } from './protected-id.ts'
import type { Entry } from './records.ts'
import { createSeed } from './seed.ts'
import { allItems, type Client, itemsOf, type Json, openClient } from './test-client.ts'

const count = 60
const path = '/api/v3.0/expense/entries'

describe('entries v3 of the sandbox', () => {
  let client: Client
  let token: string
  const seed = createSeed({ reports: count, seed: 4711 })
  const reports = Array.from({ length: count }, (_, index) => seed.reportAt(index))
  const entries: readonly Entry[] = reports.flatMap((report, index) => seed.entriesAt(report, index))

  beforeAll(async () => {
    client = await openClient({ reports: count })
    token = await client.token()
  })
  afterAll(() => client.close())
  beforeEach(() => client.faults([]))

  const body = {
    ...{
      ReportID: '4F0A77',
      ExpenseTypeCode: 'TAXIX',
      PaymentTypeID: 'pt$01',
      TransactionCurrencyCode: 'EUR',
    },
    ...{ TransactionDate: '2026-03-04T00:00:00', TransactionAmount: 37, ExchangeRate: 1.5 },
  }

  const guest = entries.find((entry) => entry.attendees.length > 0)?.attendees[0]?.id ?? ''
  const guestOnV3 = encodeURIComponent(protectedId('attendee', guest))
  it.each<[string, (entry: Entry) => boolean]>([
    ['', () => true],
    ['paymentTypeID=gW%24pPaymentCard', (entry) => entry.paymentTypeId === 'gW$pPaymentCard'],
    ['isBillable=false', (entry) => !entry.billable],
    ['hasAttendees=true', (entry) => entry.attendees.length > 0],
    ['hasVAT=true', (entry) => entry.hasVat],
    ['expenseTypeCode=LODNG', (entry) => entry.typeCode === 'LODNG'],
    ['attendeeTypeCode=BUSGUEST', (entry) => entry.attendees.some((one) => one.typeCode === 'BUSGUEST')],
    [`attendeeID=${guestOnV3}`, (entry) => entry.attendees.some((one) => one.id === guest)],
    [
      `batchID=${reports.find((one) => one.batchId !== null)?.batchId ?? ''}`,
      (entry) => entry.batchId === reports.find((one) => one.batchId !== null)?.batchId,
    ],
    [`reportID=${reports[3]?.id ?? ''}`, (entry) => entry.reportId === reports[3]?.id],
  ])('lists by "%s" exactly as a check of every row does, each once', async (query, matches) => {
    const expected = entries.filter(matches).map((entry) => entry.id)
    const rows = await allItems(client, `${path}?user=ALL&limit=7&${query}`, token)
    expect(rows.map((row) => row['ID'])).toEqual(expected)
    expect(expected.length).toBeGreaterThan(0)
  })

  it('takes an entry of an unknown report, finds, changes and deletes it', async () => {
    const made = await client.post(path, body, token)
    expect(made.status).toBe(200)
    const id = String(made.json['ID'])
    expect(id).toContain('$')
    const uri = String(made.json['URI'])
    expect(uri).toContain('%24')
    const row = (await client.get(uri, token)).json
    expect(row).toMatchObject({
      ID: id,
      ReportID: '4F0A77',
      PostedAmount: 55.5,
      IsBillable: false,
      Custom40: null,
    })

    const rows = await allItems(client, `${path}?user=ALL&limit=20`, token)
    expect(rows).toHaveLength(entries.length + 1)
    expect(rows[0]?.['ID']).toBe(id)
    const changed = await client.put(`${path}/${encodeURIComponent(id)}`, { TransactionAmount: 10 }, token)
    expect(changed.status).toBe(204)
    expect((await client.get(uri, token)).json['PostedAmount']).toBe(15)

    const expense = `/expensereports/v4/reports/4F0A77/expenses/${String(row['ExpenseID'])}`
    expect((await client.remove(expense, await client.token('basil.badger@sandbox.example'))).status).toBe(
      403,
    )
    expect((await client.remove(expense, token)).status).toBe(204)
    const again = await client.remove(expense, token)
    expect(again.status).toBe(404)
    expect(again.json).toMatchObject({ httpStatus: '404 - Not Found', validationErrors: [] })
    expect((await client.get(uri, token)).status).toBe(404)
  })

  it('deletes on the deprecated address of v3, and says on every reply that its days are over', async () => {
    const remove = (id: string, bearer = token) => client.remove(`${path}/${encodeURIComponent(id)}`, bearer)
    const make = async () => String((await client.post(path, body, token)).json['ID'])
    const warned = (headers: Headers) => [headers.get('sunset'), headers.get('x-api-warn')]
    const warning = ['Fri, 26 Jun 2026 00:00:00 GMT', expect.stringContaining('/expensereports/v4/')]
    const id = await make()
    const others = await remove(id, await client.token('basil.badger@sandbox.example'))
    expect([others.status, ...warned(others.headers)]).toEqual([404, ...warning])
    await client.faults([{ fault: 'refuse-deprecated' }])
    const closed = await remove(id)
    expect([closed.status, ...warned(closed.headers)]).toEqual([403, ...warning])
    expect((await client.get(`${path}/${encodeURIComponent(id)}`, token)).status).toBe(200)
    await client.faults([])
    const removed = await remove(id)
    expect([removed.status, removed.text, ...warned(removed.headers)]).toEqual([200, '', ...warning])
    expect((await remove(id)).status).toBe(404)
    const list = await client.get(`${path}?limit=1`, token)
    expect(warned(list.headers)).toEqual([null, null])
  })

  it('deletes no entry of a report in workflow on v3', async () => {
    const paid = reports.find((report) => report.approval === 'A_APPR')
    const locked = entries.find((entry) => entry.reportId === paid?.id)
    const url = `${path}/${encodeURIComponent(locked?.id ?? '')}?user=${paid?.ownerLogin ?? ''}`
    expect((await client.remove(url, token)).status).toBe(400)
    expect((await client.get(url, token)).status).toBe(200)
  })

  it('changes the total of an open report and refuses those in workflow', async () => {
    const open = reports.find((report) => report.approval === 'A_NOTF')
    const paid = reports.find((report) => report.approval === 'A_APPR')
    const url = `/api/v3.0/expense/reports/${open?.id ?? ''}?user=${open?.ownerLogin ?? ''}`
    const before = Number((await client.get(url, token)).json['Total'])
    const send = (report: typeof open, more: Json = {}) =>
      client.post(
        `${path}?user=${report?.ownerLogin ?? ''}`,
        { ...body, ReportID: report?.id, ...more },
        token,
      )
    expect((await send(open)).status).toBe(200)
    expect(Number((await client.get(url, token)).json['Total'])).toBeCloseTo(before + 55.5, 2)
    const listed = itemsOf(await client.get(`${path}?user=ALL&reportID=${open?.id ?? ''}`, token))
    expect(listed.at(-1)?.['TransactionAmount']).toBe(37)
    expect((await send(paid)).status).toBe(400)

    const locked = entries.find((entry) => entry.reportId === paid?.id)
    const expense = `/expensereports/v4/reports/${paid?.id ?? ''}/expenses/${locked?.expenseId ?? ''}`
    expect((await client.remove(expense, token)).status).toBe(409)
  })

  it('refuses unknown ids when told to be strict', async () => {
    await client.faults([{ fault: 'ids', value: 'strict' }])
    expect((await client.post(path, body, token)).status).toBe(400)
  })

  it.each([
    'ReportID',
    'ExpenseTypeCode',
    'PaymentTypeID',
    'TransactionDate',
    'TransactionCurrencyCode',
    'TransactionAmount',
  ])('demands %s on create', async (field) => {
    const reply = await client.post(path, { ...body, [field]: undefined }, token)
    expect(reply.status).toBe(400)
    expect(String((reply.json['Error'] as Json)['Message'])).toContain(field)
  })

  it('takes a journey in place of an amount, and no field that is only read', async () => {
    const Journey = { StartLocation: 'A', EndLocation: 'B', UnitOfMeasure: 'K', BusinessDistance: 12 }
    const mileage = { ...body, ExpenseTypeCode: 'PCARMILE', TransactionAmount: undefined, Journey }
    const made = await client.post(path, mileage, token)
    expect((await client.get(String(made.json['URI']), token)).json['Journey']).toMatchObject(Journey)
    expect((await client.post(path, { ...body, PostedAmount: 37 }, token)).status).toBe(400)
  })
})
