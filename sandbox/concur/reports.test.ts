import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adminLogin, personByLogin } from './people.ts'
import type { Entry, Report } from './records.ts'
import { createSeed } from './seed.ts'
import { allItems, type Client, itemsOf, type Json, openClient } from './test-client.ts'

const count = 400
const path = '/api/v3.0/expense/reports'

describe('reports v3 of the sandbox', () => {
  let client: Client
  let token: string
  const seed = createSeed({ reports: count, seed: 4711 })
  const everything = Array.from({ length: count }, (_, index) => {
    const report = seed.reportAt(index)
    return { report, entries: seed.entriesAt(report, index) }
  })

  beforeAll(async () => {
    client = await openClient({ reports: count })
    token = await client.token()
  })
  afterAll(() => client.close())

  it.each([1, 7, 25, 100, 500])(
    'gives every row exactly once, newest change first (limit %i)',
    async (limit) => {
      const from = limit === 1 ? `${path}?limit=1` : `${path}?user=ALL&limit=${String(limit)}`
      const rows = await allItems(client, from, token)
      const ids = rows.map((row) => row['ID'])
      expect(new Set(ids).size).toBe(ids.length)
      expect(ids.length).toBe(limit === 1 ? count / 40 : count)
      const dates = rows.map((row) => Date.parse(`${String(row['LastModifiedDate'])}Z`))
      expect(dates).toEqual([...dates].sort((one, other) => other - one))
    },
  )

  it('clamps the limit to 100, defaults to 25, and gives NextPage on its own host', async () => {
    expect(itemsOf(await client.get(`${path}?user=ALL&limit=999`, token))).toHaveLength(100)
    const page = await client.get(`${path}?user=ALL&approvalStatusCode=A_APPR`, token)
    expect(itemsOf(page)).toHaveLength(25)
    const next = new URL(String(page.json['NextPage']))
    expect(next.origin).toBe(client.url)
    expect(next.searchParams.get('approvalStatusCode')).toBe('A_APPR')
  })

  const some = (test: (entry: Entry) => boolean) => (_: Report, entries: readonly Entry[]) =>
    entries.some(test)
  const after = (get: (report: Report) => number | null, border: string) => (report: Report) =>
    (get(report) ?? Number.NEGATIVE_INFINITY) > Date.parse(`${border}Z`)
  const before = (get: (report: Report) => number | null, border: string) => (report: Report) =>
    (get(report) ?? Number.POSITIVE_INFINITY) < Date.parse(`${border}Z`)
  const border = '2026-06-01T12:00:00.000'
  const dates: Record<string, (report: Report) => number | null> = {
    createDate: (report) => report.createdAt,
    userDefinedDate: (report) => report.userDefinedAt,
    submitDate: (report) => report.submitAt,
    processingPaymentDate: (report) => report.processingAt,
    paidDate: (report) => report.paidAt,
    modifiedDate: (report) => report.modifiedAt,
  }
  type Matches = (report: Report, entries: readonly Entry[]) => boolean
  const filters: readonly (readonly [query: string, matches: Matches])[] = [
    ['user=ALL', () => true],
    ['user=', (report) => report.ownerLogin === adminLogin],
    ['user=Amber.Badger@sandbox.example', (report) => report.ownerLogin === 'amber.badger@sandbox.example'],
    [
      'user=ALL&approvalStatusCode=A_NOTF,%20A_PEND',
      (report) => ['A_NOTF', 'A_PEND'].includes(report.approval),
    ],
    ['user=ALL&paymentStatusCode=P_PAID,P_HOLD', (report) => ['P_PAID', 'P_HOLD'].includes(report.payment)],
    ['user=ALL&currencyCode=EUR', (report) => report.currency === 'EUR'],
    ['user=ALL&countryCode=FR', (report) => report.country === 'FR'],
    ['user=ALL&reimbursementMethod=APCHECK', (report) => report.reimbursementMethod === 'APCHECK'],
    [`user=ALL&approverLoginID=${adminLogin}`, (report) => report.approverLogin === adminLogin],
    [
      'user=ALL&expenseGroupConfigID=gW%24pGroupEurope',
      (report) => report.groupConfigId === 'gW$pGroupEurope',
    ],
    [
      `user=ALL&batchID=${everything.find(({ report }) => report.batchId !== null)?.report.batchId ?? ''}`,
      (report) => report.batchId === everything.find((one) => one.report.batchId !== null)?.report.batchId,
    ],
    ['user=ALL&paymentType=gW%24pPaymentCard', some((entry) => entry.paymentTypeId === 'gW$pPaymentCard')],
    ['user=ALL&expenseTypeCode=TAXIX', some((entry) => entry.typeCode === 'TAXIX')],
    [
      'user=ALL&attendeeTypeCode=EMPLOYEE',
      some((entry) => entry.attendees.some((guest) => guest.typeCode === 'EMPLOYEE')),
    ],
    ['user=ALL&vendorName=City%20Cabs', some((entry) => entry.vendorDescription === 'City Cabs')],
    ['user=ALL&hasVAT=true', some((entry) => entry.hasVat)],
    ['user=ALL&hasVAT=false', some((entry) => !entry.hasVat)],
    ['user=ALL&hasImages=true', some((entry) => entry.hasImage)],
    ['user=ALL&hasAttendees=true', some((entry) => entry.attendees.length > 0)],
    ['user=ALL&hasBillableExpenses=True', some((entry) => entry.billable)],
    ['user=ALL&isTestUser=true', (report) => personByLogin(report.ownerLogin)?.testUser === true],
    [
      'user=ALL&entryTransactionDateAfter=2026-05-01&entryTransactionDateBefore=2026-05-20',
      some(
        (entry) => entry.transactionAt > Date.UTC(2026, 4, 1) && entry.transactionAt < Date.UTC(2026, 4, 20),
      ),
    ],
    ...Object.entries(dates).flatMap(([stem, get]) => [
      [`user=ALL&${stem}After=${border}`, after(get, border)] as const,
      [`user=ALL&${stem}Before=${border}`, before(get, border)] as const,
    ]),
    [
      'user=ALL&currencyCode=EUR&hasVAT=true&modifiedDateAfter=2026-05-15&modifiedDateBefore=2026-06-15',
      (report, entries) =>
        report.currency === 'EUR' &&
        entries.some((entry) => entry.hasVat) &&
        report.modifiedAt > Date.UTC(2026, 4, 15) &&
        report.modifiedAt < Date.UTC(2026, 5, 15),
    ],
  ]

  it.each(filters)('filters by %s exactly as a check of every row does', async (query, matches) => {
    const expected = everything.filter(({ report, entries }) => matches(report, entries))
    const rows = await allItems(client, `${path}?limit=30&${query}`, token)
    expect(rows.map((row) => row['ID'])).toEqual(expected.map(({ report }) => report.id))
    // A filter that finds nothing, or everything, would prove nothing.
    expect(expected.length).toBeGreaterThan(0)
    if (query !== 'user=ALL') expect(expected.length).toBeLessThan(count)
  })

  it('excludes the border of a date', async () => {
    const at = String(itemsOf(await client.get(`${path}?user=ALL&limit=1`, token))[0]?.['LastModifiedDate'])
    expect(itemsOf(await client.get(`${path}?user=ALL&modifiedDateAfter=${at}`, token))).toEqual([])
  })

  it.each([
    'modifiedDateAfter=yesterday',
    'createDateBefore=2026-02-30',
    'paidDateAfter=2026-01-01T00:00:00Z',
  ])('refuses %s with 400 in the v3 shape', async (query) => {
    const reply = await client.get(`${path}?${query}`, token)
    expect(reply.status).toBe(400)
    expect(Object.keys(reply.json['Error'] as Json)).toEqual(['Message', 'Server-Time', 'Id'])
  })

  it.each(['limit=0', 'limit=x', 'hasVAT=maybe', 'offset=nonsense', 'user=nobody'])(
    'refuses %s with 400',
    async (query) => {
      expect((await client.get(`${path}?${query}`, token)).status).toBe(400)
    },
  )

  it('shows other people’s reports to an administrator only, and one only to who names its owner', async () => {
    const other = everything.find(({ report }) => report.ownerLogin !== adminLogin)?.report
    const id = other?.id ?? ''
    const owner = other?.ownerLogin ?? ''
    expect((await client.get(`${path}/${id}`, token)).status).toBe(404)
    expect((await client.get(`${path}/${id}?user=ALL`, token)).status).toBe(400)
    expect((await client.get(`${path}/${id}?user=${owner}`, token)).json['ID']).toBe(id)
    const plain = await client.token('basil.badger@sandbox.example')
    expect((await client.get(`${path}?user=ALL`, plain)).status).toBe(403)
    expect((await client.get(`${path}?user=${adminLogin}`, plain)).status).toBe(403)
    const own = itemsOf(await client.get(path, plain))
    expect(own.every((row) => row['OwnerLoginID'] === 'basil.badger@sandbox.example')).toBe(true)
  })

  it('totals the entries', async () => {
    for (const { report, entries } of everything.slice(0, 50)) {
      const row = (await client.get(`${path}/${report.id}?user=${report.ownerLogin}`, token)).json
      const total = entries.reduce((sum, entry) => sum + Math.round(entry.posted * 100), 0)
      expect(Math.round(Number(row['Total']) * 100)).toBe(total)
    }
  })

  it('creates and changes a report, which moves to the top', async () => {
    const made = await client.post(
      path,
      { Name: 'March trip', Custom3: 'x', OrgUnit1: 'SLS', Total: null },
      token,
    )
    expect(made.status).toBe(200)
    const id = String(made.json['ID'])
    expect(id).toMatch(/^[0-9A-F]{20}$/)
    const row = (await client.get(String(made.json['URI']), token)).json
    expect(row).toMatchObject({
      ...{ Name: 'March trip', Total: 0, ApprovalStatusCode: 'A_NOTF', CurrencyCode: 'USD' },
      Custom3: { Type: 'Text', Value: 'x', Code: null, ListItemID: null },
      OrgUnit1: { Type: 'ConnectedList', Value: 'Sales', Code: 'SLS' },
    })
    expect(Object.keys(row)).toContain('LastModifiedDate')

    const seeded = everything[80]?.report.id ?? ''
    const changed = await client.put(`${path}/${seeded}`, { Name: 'Renamed' }, token)
    expect([changed.status, changed.text]).toEqual([204, ''])
    const rows = await allItems(client, `${path}?user=ALL&limit=50`, token)
    expect(rows).toHaveLength(count + 1)
    expect(new Set(rows.map((one) => one['ID'])).size).toBe(count + 1)
    expect(rows.slice(0, 2).map((one) => one['ID'])).toEqual([seeded, id])
    expect(rows[0]?.['Name']).toBe('Renamed')
  })

  it.each([
    [{}, 'Name'],
    [{ Name: ' ' }, 'Name'],
    [{ Name: 'x', Total: 37 }, 'Total'],
    [{ Name: 'x', Comment: 'y'.repeat(501) }, 'Comment'],
    [{ Name: 'x', UserDefinedDate: 'soon' }, 'UserDefinedDate'],
    [{ Name: 'x', Custom1: { Value: 'y' } }, 'Custom1'],
  ])('refuses to create %j and names the field', async (body, field) => {
    const reply = await client.post(path, body, token)
    expect(reply.status).toBe(400)
    expect(String((reply.json['Error'] as Json)['Message'])).toContain(field)
  })

  it('has no DELETE, refuses bad JSON and other media types, and survives nonsense', async () => {
    const id = everything[0]?.report.id ?? ''
    const removed = await client.remove(`${path}/${id}`, token)
    expect([removed.status, removed.headers.get('allow')]).toEqual([405, 'GET, PUT'])
    const send = (body: string, type: string) =>
      client.call('POST', path, { body, headers: { authorization: `Bearer ${token}`, 'content-type': type } })
    expect((await send('{', 'application/json')).status).toBe(400)
    expect((await send('[]', 'application/json')).status).toBe(400)
    expect((await send('Name=x', 'text/plain')).status).toBe(415)
    expect(
      (await send('x'.repeat(11 * 1024 * 1024), 'application/json').catch(() => ({ status: 413 }))).status,
    ).toBe(413)
    expect((await client.get(`${path}/%E0%A4%A`, token)).status).toBe(404)
    expect((await client.get('/nothing/here', token)).status).toBe(404)
    expect((await client.get(path, token)).status).toBe(200)
  })

  it('keeps ids that lead back to their row, however many rows there are', () => {
    const large = createSeed({ reports: 1_000_000, seed: 4711 })
    for (const index of [0, 1, 65_535, 65_536, 999_999]) {
      expect(large.indexOf(large.idAt(index))).toBe(index)
      const [entry] = large.entriesAt(large.reportAt(index), index)
      if (entry !== undefined) expect(large.entryAt(entry.id)).toEqual({ index, position: 0 })
    }
    expect(large.indexOf('00000000000000000000')).toBeUndefined()
    expect(large.firstAtOrBefore(large.modifiedAt(123_456))).toBe(123_456)
    expect(large.firstAtOrBefore(0)).toBe(1_000_000)
  })
})
