import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { personByLogin } from '../people.ts'
import { type Client, itemsOf, type Json, openClient, rowsIn } from '../test-client.ts'
import { openContract } from '../test-contract.ts'

describe('attendees', () => {
  const contract = openContract()
  const admin = personByLogin('admin@sandbox.example')?.id ?? ''
  let client: Client
  let token: string
  let company: string
  beforeAll(async () => {
    client = await openClient({ reports: 400 }, contract)
    token = await client.token()
    company = await client.companyToken()
  })
  afterAll(async () => {
    await client.close()
    process.stdout.write(`contract of attendees: ${JSON.stringify(contract.count())}\n`)
  })
  const get = async (path: string, as = token) => (await client.get(path, as)).json

  it('pages through everybody’s for a company, one’s own for a person', async () => {
    const ids: unknown[] = []
    for (let next: string | null = '/v4/attendees?limit=100'; next !== null; ) {
      const page: Json = await get(next, company)
      ids.push(...rowsIn(page, 'items').map((row) => row['id']))
      next = page['nextPage'] as string | null
    }
    expect([ids.length, new Set(ids).size]).toEqual([500, 500])
    const own = rowsIn(await get('/v4/attendees'), 'items')
    expect(own.length).toBeGreaterThan(0)
    expect(own.every((row) => row['ownerUserId'] === admin)).toBe(true)
    const two = `${String(ids[4])},${String(ids[9])}`
    expect(rowsIn(await get(`/v4/attendees?id=${two}`, company), 'items').map((row) => row['id'])).toEqual([
      ids[4],
      ids[9],
    ])
    const byCode = rowsIn(await get('/v4/attendees?attendeeTypeCode=EMPLOYEE', company), 'items')
    expect(new Set(byCode.map((row) => row['attendeeTypeCode']))).toEqual(new Set(['EMPLOYEE']))
    expect((await client.get(`/v4/attendees?id=${Array(11).fill('x').join(',')}`, token)).status).toBe(400)
    const amber = await client.token('amber.badger@sandbox.example')
    expect((await client.get(`/v4/attendees?userId=${admin}`, amber)).status).toBe(403)
  })

  it('creates, changes and finds one, refuses twins and the system’s own types, and has no DELETE', async () => {
    const body = {
      attendeeTypeCode: 'BUSGUEST',
      firstName: 'Reed',
      lastName: 'Sedge',
      company: 'Fen Ltd',
      custom8: 'Ely',
    }
    const made = await client.post('/v4/attendees', body, token)
    expect([made.status, made.json['uri']]).toEqual([
      200,
      `${client.url}/v4/attendees/${String(made.json['id'])}`,
    ])
    const path = String(made.json['uri'])
    expect(await get(path)).toMatchObject({
      ...{ lastName: 'Sedge', versionNumber: 1, ownerUserId: admin },
      custom8: { type: 'Text', value: 'Ely', code: null, listItemId: null },
    })
    expect((await client.post('/v4/attendees', body, token)).status).toBe(400)
    expect((await client.post('/v4/attendees', { ...body, attendeeTypeCode: 'NOSHOWS' }, token)).status).toBe(
      400,
    )
    expect((await client.post('/v4/attendees', { attendeeTypeCode: 'BUSGUEST' }, token)).text).toContain(
      'lastName',
    )
    expect((await client.put(path, { title: 'Ranger', custom8: '' }, token)).status).toBe(204)
    expect(await get(path)).toMatchObject({
      title: 'Ranger',
      company: 'Fen Ltd',
      versionNumber: 2,
      custom8: null,
    })
    expect((await client.remove(path, token)).status).toBe(405)
    expect((await client.post('/v4/attendees', body, company)).text).toContain('userId')
  })

  it('shows the types of v4 and v3, each under its own id', async () => {
    const admins = rowsIn(await get('/v4/attendeetypes'), 'items')
    expect(admins.map((type) => type['code'])).toContain('NOSHOWS')
    const v3 = itemsOf(await client.get('/api/v3.0/expense/attendeetypes', token))
    expect(v3.map((type) => type['Code'])).toEqual(admins.map((type) => type['code']))
    expect(v3[0]?.['ID']).not.toBe(admins[0]?.['id'])
    expect((await client.get(String(v3[1]?.['URI']), token)).json).toEqual(v3[1])
  })

  const openEntry = async (): Promise<Json> => {
    const report = await client.post('/api/v3.0/expense/reports', { Name: 'Lunch' }, token)
    const made = await client.post(
      '/api/v3.0/expense/entries',
      {
        ...{ ReportID: report.json['ID'], ExpenseTypeCode: 'BUSML', PaymentTypeID: 'gW$pPaymentCash' },
        ...{ TransactionAmount: 90, TransactionCurrencyCode: 'USD', TransactionDate: '2026-05-04' },
      },
      token,
    )
    return get(String(made.json['URI']))
  }
  const attendeesOf = (entry: Json, context = 'TRAVELER', user = admin): string =>
    `/expensereports/v4/users/${user}/context/${context}/reports/${String(entry['ReportID'])}/expenses/${String(entry['ExpenseID'])}/attendees`

  it('keeps the attendees of an expense on v4 and shows them on v3 under other ids', async () => {
    const entry = await openEntry()
    const path = attendeesOf(entry)
    const [one, other] = rowsIn(await get('/v4/attendees?limit=2'), 'items')
    const put = (list: readonly Json[]) =>
      client.post(path, { noShowAttendeeCount: 1, expenseAttendeeList: list }, token)
    const made = await put([
      { attendeeId: one?.['id'], transactionAmount: 30 },
      { attendeeId: other?.['id'] },
    ])
    expect([made.status, made.json['uri']]).toEqual([201, `${client.url}${path}`])
    const seen = await get(path)
    expect(seen['noShowAttendeeCount']).toBe(1)
    expect(
      rowsIn(seen, 'expenseAttendeeList').map((row) => (row['transactionAmount'] as Json)['value']),
    ).toEqual([30, 60])
    expect(await get(path.replace(/\/users.*TRAVELER/, ''), company)).toEqual(seen)
    expect((await put([{ attendeeId: 'gW$pNobody' }])).text).toContain('attendeeId')
    const list = `/api/v3.0/expense/entryattendeeassociations?entryID=${encodeURIComponent(String(entry['ID']))}`
    const rows = itemsOf(await client.get(list, token))
    expect(rows.map((row) => row['Amount'])).toEqual([30, 60])
    expect(rows.map((row) => row['AttendeeID'])).not.toContain(one?.['id'])
    expect(await get(String(rows[0]?.['URI']))).toEqual(rows[0])
    expect((await client.remove(path, token)).status).toBe(204)
    expect(itemsOf(await client.get(list, token))).toEqual([])
    const amber = personByLogin('amber.badger@sandbox.example')?.id ?? ''
    expect((await client.get(attendeesOf(entry, 'TRAVELER', amber), company)).status).toBe(404)
    expect((await client.get(attendeesOf(entry, 'CLERK'), token)).status).toBe(400)
  })

  it('writes associations on v3 with ids of v3 only', async () => {
    const entry = await openEntry()
    const path = '/api/v3.0/expense/entryattendeeassociations'
    const seeded = itemsOf(await client.get(`${path}?user=ALL&limit=100`, token))
    expect(seeded.length).toBeGreaterThan(5)
    const AttendeeID = seeded[0]?.['AttendeeID']
    const EntryID = entry['ID']
    const made = await client.post(path, { EntryID, AttendeeID, Amount: 12.5, Custom1: 'host' }, token)
    const uri = String(made.json['URI'])
    expect(await get(uri)).toMatchObject({
      EntryID,
      AttendeeID,
      Amount: 12.5,
      Custom1: 'host',
      Custom2: null,
    })
    expect((await client.put(uri, { AssociatedAttendeeCount: 4 }, token)).status).toBe(204)
    expect(await get(uri)).toMatchObject({ AssociatedAttendeeCount: 4, Amount: 12.5, Custom1: 'host' })
    const [v4] = rowsIn(await get('/v4/attendees?limit=1'), 'items')
    expect((await client.post(path, { EntryID, AttendeeID: v4?.['id'] }, token)).text).toContain('AttendeeID')
    expect((await client.post(path, { EntryID, AttendeeID }, token)).status).toBe(400)
    expect((await client.remove(uri, token)).status).toBe(200)
    expect((await client.get(uri, token)).status).toBe(404)
  })

  it('answered as the schemas say', () => {
    expect(contract.problems()).toEqual([])
  })
})
