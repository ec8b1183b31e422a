import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultPolicy } from '../config/config-data.ts'
import { projectId } from '../lists/list-data.ts'
import { personByLogin } from '../people.ts'
import { allItems, type Client, itemsOf, type Json, openClient, readLike } from '../test-client.ts'
import { openContract } from '../test-contract.ts'

describe('expenses and what hangs on them', () => {
  const contract = openContract()
  const admin = personByLogin('admin@sandbox.example')?.id ?? ''
  const own = `/expensereports/v4/users/${admin}/context/TRAVELER`
  const short = '/expensereports/v4/reports'
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
    process.stdout.write(`contract of expenses: ${JSON.stringify(contract.count())}\n`)
  })
  const get = async (path: string, as = token) => (await client.get(path, as)).json
  const rows = async (path: string, as = token) => (await get(path, as)) as unknown as Json[]
  const v3 = '/api/v3.0/expense'

  const newReport = async (more: Json = {}): Promise<string> => {
    const made = await client.post(
      `${own}/reports`,
      { name: 'Fen trip', policyId: defaultPolicy.id, ...more },
      token,
    )
    expect(made.status).toBe(201)
    return String(made.json['uri']).split('/').at(-1) ?? ''
  }
  const newEntry = async (reportId: string, more: Json = {}): Promise<Json> => {
    const made = await client.post(
      `${v3}/entries`,
      {
        ...{ ReportID: reportId, ExpenseTypeCode: 'LODNG', PaymentTypeID: 'gW$pPaymentCash' },
        ...{ TransactionAmount: 200, TransactionCurrencyCode: 'USD', TransactionDate: '2026-05-04', ...more },
      },
      token,
    )
    return get(String(made.json['URI']))
  }

  it('creates, reads, changes and deletes a report on v4 that v3 knows by the same id', async () => {
    const project = projectId('us2', 'P-200')
    const id = await newReport({
      ...{ businessPurpose: 'Birds', comment: 'First words', startDate: '2026-05-01', endDate: '2026-05-03' },
      customData: [
        { id: 'custom1', value: project },
        { id: 'custom2', value: 'Order 7' },
      ],
    })
    const report = await get(`${own}/reports/${id}`)
    expect(report).toMatchObject({
      ...{ reportId: id, name: 'Fen trip', businessPurpose: 'Birds', startDate: '2026-05-01', userId: admin },
      ...{ approvalStatusId: 'A_NOTF', isSubmitted: false, canAddExpense: true, policyId: defaultPolicy.id },
    })
    expect(report['customData']).toContainEqual({
      ...{ id: 'custom1', value: project, isValid: true },
      listItemUrl: `${client.url}/list/v4/items/${project}`,
    })
    expect(await get(`${v3}/reports/${id}`)).toMatchObject({
      ...{ Name: 'Fen trip', LastComment: 'First words' },
      ...{ Custom1: { Type: 'List', Value: 'Orchard', Code: 'P-200' }, Custom2: { Value: 'Order 7' } },
    })
    const patch = (body: Json) => client.patch(`${own}/reports/${id}`, body, token)
    expect((await patch({ name: 'x' })).text).toContain('reportSource')
    expect((await patch({ reportSource: 'OTHER', name: 'Wicken', countryCode: 'GB' })).status).toBe(204)
    const before = await get(`${own}/reports/${id}`)
    expect(before).toMatchObject({ name: 'Wicken', countryCode: 'GB', businessPurpose: 'Birds' })
    const bad = [{ id: 'custom1', value: '11111111-1111-4111-a111-111111111111' }]
    expect((await patch({ reportSource: 'UI', customData: bad })).status).toBe(400)
    expect((await client.patch(`${short}/${id}`, { isPaperReceiptsReceived: true }, company)).status).toBe(
      204,
    )
    expect((await get(`${own}/reports/${id}`))['isPaperReceiptsReceived']).toBe(true)
    await newEntry(id)
    expect((await client.remove(`${short}/${id}`, company)).status).toBe(204)
    expect((await client.get(`${own}/reports/${id}`, token)).status).toBe(404)
    expect((await client.get(`${v3}/reports/${id}`, token)).status).toBe(404)
    expect(itemsOf(await client.get(`${v3}/entries?reportID=${id}`, token))).toEqual([])
    expect((await client.post(`${own}/reports`, { name: 'x' }, token)).text).toContain('policyId')
  })

  it('deletes seeded reports too, each once, and none in workflow', async () => {
    const all = await allItems(client, `${v3}/reports?user=ALL&limit=100`, token)
    const [open, closed] = ['A_NOTF', 'A_PEND'].map((code) =>
      all.find((row) => row['ApprovalStatusCode'] === code),
    )
    expect((await client.remove(`${short}/${String(closed?.['ID'])}`, company)).status).toBe(409)
    const id = String(open?.['ID'])
    expect((await client.remove(`${short}/${id}`, company)).status).toBe(204)
    expect((await client.remove(`${short}/${id}`, company)).status).toBe(404)
    const left = await allItems(client, `${v3}/reports?user=ALL&limit=100`, token)
    expect(left.map((row) => row['ID'])).toEqual(all.map((row) => row['ID']).filter((each) => each !== id))
    expect(itemsOf(await client.get(`${v3}/entries?user=ALL&reportID=${id}`, token))).toEqual([])
  })

  it('itemizes an entry on v3, and shows the parts on v4', async () => {
    const id = await newReport()
    const entry = await newEntry(id)
    const body = { EntryID: entry['ID'], ExpenseTypeCode: 'HTLRM', TransactionAmount: 180, Custom4: 'CC1003' }
    const made = await client.post(`${v3}/itemizations`, body, token)
    const uri = String(made.json['URI'])
    expect(await get(uri)).toMatchObject({
      ...{ EntryID: entry['ID'], ReportID: id, TransactionAmount: 180, PostedAmount: 180 },
      ...{
        ExpenseTypeName: 'Room Rate',
        Custom4: { Code: 'CC1003' },
        TransactionDate: '2026-05-04T00:00:00',
      },
    })
    expect((await get(String(entry['URI'])))['HasItemizations']).toBe(true)
    const put = await client.put(uri, { TransactionAmount: 150, IsBillable: true }, token)
    expect([put.status, put.headers.get('x-api-warn')]).toEqual([204, expect.stringContaining('Deprecated')])
    const [part] = await rows(`${own}/reports/${id}/expenses/${String(entry['ExpenseID'])}/itemizations`)
    expect(part).toMatchObject({ parentExpenseId: entry['ExpenseID'], transactionAmount: { value: 150 } })
    expect(await rows(`${own}/reports/${id}/expenses?includeItemizations=true`)).toHaveLength(2)
    expect((await client.remove(uri, token)).status).toBe(200)
    expect((await client.get(uri, token)).status).toBe(404)
    expect((await client.post(`${v3}/itemizations`, { ...body, EntryID: 'x' }, token)).text).toContain(
      'EntryID',
    )
  })

  it('lists itemizations and allocations of everybody, each once, on pages of any size', async () => {
    for (const what of ['itemizations', 'allocations', 'entryattendeeassociations']) {
      const whole = await allItems(client, `${v3}/${what}?user=ALL&limit=100`, token)
      const small = await allItems(client, `${v3}/${what}?user=ALL&limit=7`, token)
      expect(whole.length).toBeGreaterThan(20)
      expect(small).toEqual(whole)
      expect(new Set(whole.map((row) => row['ID'])).size).toBe(whole.length)
      const one = whole[5]
      const owner = await get(`${v3}/entries/${encodeURIComponent(String(one?.['EntryID']))}?user=ALL`)
      expect(owner).toHaveProperty('Error')
      const entries = await allItems(client, `${v3}/entries?user=ALL&limit=100`, token)
      const entry = entries.find((row) => row['ID'] === one?.['EntryID'])
      const user = `user=${encodeURIComponent(String(entry?.['ReportOwnerID']))}`
      expect(await get(`${String(one?.['URI'])}?${user}`)).toEqual(one)
      const filtered = `${v3}/${what}?user=ALL&entryID=${encodeURIComponent(String(one?.['EntryID']))}`
      const expected = whole.filter((row) => row['EntryID'] === one?.['EntryID'])
      expect(itemsOf(await client.get(filtered, token))).toEqual(expected)
    }
  })

  it('allocates every part of what was submitted, and lets v4 change the fields', async () => {
    const entries = await allItems(client, `${v3}/entries?limit=100`, token)
    const entry = entries.find((row) => row['AllocationType'] === 'F' && row['HasItemizations'] === true)
    const id = encodeURIComponent(String(entry?.['ID']))
    const all = itemsOf(await client.get(`${v3}/allocations?entryID=${id}`, token))
    const parts = itemsOf(await client.get(`${v3}/itemizations?entryID=${id}`, token))
    expect([all.length, parts.length]).toEqual([2, 2])
    const part = encodeURIComponent(String(parts[1]?.['ID']))
    expect(itemsOf(await client.get(`${v3}/allocations?itemizationID=${part}`, token))).toEqual([all[1]])
    expect(all[0]).toMatchObject({
      Percentage: '100.00000000',
      Custom1: { Type: 'List', Label: 'Department' },
    })
    const plain = entries.find((row) => row['AllocationType'] === 'F' && row['HasItemizations'] === false)
    const report = `${own}/reports/${String(plain?.['ReportID'])}`
    const expenseId = String(plain?.['ExpenseID'])
    const [one] = await rows(`${report}/expenses/${expenseId}/allocations`)
    const path = `${report}/allocations/${String(one?.['allocationId'])}`
    expect(await get(path)).toEqual(one)
    const allocation = { customData: [{ id: 'custom3', value: 'Site B' }] }
    expect((await client.patch(path, { allocation, expenseIds: [] }, token)).status).toBe(400)
    expect((await client.patch(path, { allocation, expenseIds: [expenseId] }, token)).status).toBe(204)
    expect((await get(path))['customData']).toContainEqual(
      expect.objectContaining({ id: 'custom3', value: 'Site B' }),
    )
    const headers = { authorization: `Bearer ${token}`, accept: 'text/xml' }
    const xml = await client.call('GET', `${v3}/allocations?entryID=${id}`, { headers })
    expect(readLike(xml.text, { Items: all, NextPage: null }).value).toEqual({ Items: all, NextPage: null })
  })

  it('reads expenses of v4 with their amounts, types and places, and lets the company change some', async () => {
    const entries = await allItems(client, `${v3}/entries?limit=100`, token)
    const entry = entries.find((row) => row['LocationName'] !== null && row['VendorListItemID'] !== null)
    const report = String(entry?.['ReportID'])
    const listed = await rows(`${own}/reports/${report}/expenses`)
    expect(listed.map((row) => row['expenseId'])).toContain(entry?.['ExpenseID'])
    const one = await get(`${own}/reports/${report}/expenses/${String(entry?.['ExpenseID'])}`)
    expect(one).toMatchObject({
      transactionAmount: {
        value: entry?.['TransactionAmount'],
        currencyCode: entry?.['TransactionCurrencyCode'],
      },
      postedAmount: { value: entry?.['PostedAmount'] },
      expenseType: { id: entry?.['ExpenseTypeCode'] },
      location: { name: entry?.['LocationName'], countryCode: entry?.['LocationCountry'] },
      vendor: { name: entry?.['VendorListItemName'] },
    })
    const path = `${short}/${report}/expenses/${String(entry?.['ExpenseID'])}`
    const open = await newReport()
    const fresh = await newEntry(open)
    const mine = `${short}/${open}/expenses/${String(fresh['ExpenseID'])}`
    expect((await client.patch(path, {}, company)).status).toBeGreaterThanOrEqual(400)
    expect((await client.patch(mine, { businessPurpose: 'x' }, company)).text).toContain('expenseSource')
    const change = { expenseSource: 'OTHER', businessPurpose: 'Reeds', isExpenseRejected: true }
    expect((await client.patch(mine, change, company)).status).toBe(204)
    expect(await get(String(fresh['URI']))).toMatchObject({ Description: 'Reeds', ApprovedAmount: 0 })
    expect((await client.remove(mine, company)).status).toBe(204)
  })

  it('adds, changes and takes away comments, the last one on top', async () => {
    const id = await newReport()
    const path = `${own}/reports/${id}/comments`
    const say = (comment: string) => client.post(path, { comment }, token)
    expect([(await say('One')).status, (await say('Two')).json['uri']]).toEqual([201, `${client.url}${path}`])
    expect((await rows(path)).map((row) => [row['comment'], row['isLatest']])).toEqual([
      ['One', false],
      ['Two', true],
    ])
    expect((await client.put(`${short}/${id}/comments`, { comment: 'Two!' }, company)).status).toBe(200)
    expect((await get(`${v3}/reports/${id}`))['LastComment']).toBe('Two!')
    expect((await client.remove(path, token)).status).toBe(204)
    expect((await rows(path)).map((row) => row['comment'])).toEqual(['One'])
    const entry = await newEntry(id)
    const onExpense = `${own}/reports/${id}/expenses/${String(entry['ExpenseID'])}/comments`
    expect((await client.post(onExpense, { comment: 'Lost receipt' }, token)).status).toBe(201)
    expect((await rows(onExpense))[0]).toMatchObject({
      expenseId: entry['ExpenseID'],
      comment: 'Lost receipt',
    })
    const comments = async (query: string) => (await rows(`${path}${query}`)).map((row) => row['comment'])
    expect(await comments('')).toEqual(['One'])
    expect(await comments('?includeAllComments=true')).toEqual(['One', 'Lost receipt'])
    expect((await say('')).status).toBe(400)
  })

  it('sets exceptions of the report, of an expense, and clears them', async () => {
    const id = await newReport()
    const entry = await newEntry(id)
    const expense = `${short}/${id}/expenses/${String(entry['ExpenseID'])}/exceptions`
    const body = { exceptionCode: 'NOVISA', exceptionVisibility: 'ALL' }
    expect((await client.put(expense, body, company)).status).toBe(200)
    expect(
      (await client.put(`${short}/${id}/exceptions`, { ...body, exceptionCode: 'BUDGET' }, company)).status,
    ).toBe(200)
    expect(await rows(`${own}/reports/${id}/exceptions`)).toHaveLength(2)
    expect(await rows(`${own}/reports/${id}/exceptions?excludeExpenses=true`)).toHaveLength(1)
    expect((await get(`${v3}/reports/${id}`))['HasException']).toBe(true)
    expect((await get(String(entry['URI'])))['HasExceptions']).toBe(true)
    expect((await client.put(expense, { exceptionCode: 'X' }, company)).text).toContain('exceptionVisibility')
    expect((await client.remove(`${expense}/NOVISA`, company)).status).toBe(204)
    expect((await client.remove(`${expense}/NOVISA`, company)).status).toBe(404)
    expect(await rows(`${short}/${id}/exceptions`, company)).toHaveLength(1)
  })

  it('answered as the schemas say', () => {
    expect(contract.problems()).toEqual([])
  })
})
