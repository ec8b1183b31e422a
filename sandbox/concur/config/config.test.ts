import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { companyIds } from '../data-centres.ts'
import { personByLogin } from '../people.ts'
import { type Client, itemsOf, type Json, openClient, readLike, rowsIn } from '../test-client.ts'
import { openContract } from '../test-contract.ts'

describe('the configuration of expenses', () => {
  const contract = openContract()
  let client: Client
  let token: string
  let company: string
  const admin = personByLogin('admin@sandbox.example')?.id ?? ''
  const german = personByLogin('admin@eu2.sandbox.example')
  const path = `/expenseconfig/v4/users/${admin}`
  beforeAll(async () => {
    client = await openClient({ reports: 60 }, contract)
    token = await client.token()
    company = await client.companyToken()
  })
  afterAll(async () => {
    await client.close()
    process.stdout.write(`contract of configuration: ${JSON.stringify(contract.count())}\n`)
  })
  const rows = async (where: string, as = token): Promise<Json[]> =>
    JSON.parse((await client.get(where, as)).text) as Json[]

  it('gives a person policies, their expense types, payment types and attendee types', async () => {
    const [policy] = await rows(`${path}/policies`)
    expect(policy).toMatchObject({ policyName: 'General Expense Policy', isDefault: true })
    expect(policy?.['policyId']).toMatch(/^[0-9A-F]{32}$/)
    const types = await rows(`${path}/policies/${String(policy?.['policyId'])}/expensetypes`)
    expect(types.find((type) => type['expenseTypeId'] === 'AIRFR')).toEqual({
      ...{ expenseTypeId: 'AIRFR', expenseTypeName: 'Airfare', isCategory: false },
      ...{ spendCategoryCode: 'AIRFR', spendCategoryName: 'Airfare' },
      ...{ parentExpenseTypeId: 'TRVLH', parentName: 'Travel' },
    })
    expect(types.filter((type) => type['isCategory'])).toHaveLength(3)
    expect((await rows(`${path}/paymenttypes`)).map((type) => type['paymentTypeId'])).toEqual([
      'CASH',
      'CPAID',
    ])
    const codes = (await rows(`${path}/attendeetypes`)).map((type) => type['attendeeTypeCode'])
    expect(codes).toEqual(['BUSGUEST', 'EMPLOYEE', 'SPOUSE'])
    const group = (await client.get(`${path}/groupconfigs`, token)).json
    expect(group).toMatchObject({ groupName: 'World', policies: [policy] })
  })

  it('gives a company all groups, and one with the lists that are asked for', async () => {
    const groups = `/expenseconfig/v4/companies/${companyIds.us2}/groupconfigs`
    const all = await rows(groups, company)
    expect(all.map((group) => group['groupName'])).toEqual(['Europe', 'World'])
    expect(all[0]).not.toHaveProperty('policies')
    const one = `${groups}/${String(all[0]?.['hierarchyNodeId'])}`
    const full = (await client.get(`${one}?applicableConfigs=policies,paymentTypes`, company)).json
    expect(full['policies']).toHaveLength(2)
    expect(full).not.toHaveProperty('attendeeTypes')
    expect((await client.get(`${one}?applicableConfigs=x`, company)).status).toBe(400)
    expect(
      (await client.get(`/expenseconfig/v4/companies/${companyIds.eu2}/groupconfigs`, company)).status,
    ).toBe(403)
  })

  it('lets a person’s token name that person only, and a company’s anybody of the company', async () => {
    const other = personByLogin('amber.badger@sandbox.example')?.id ?? ''
    expect((await client.get(`/expenseconfig/v4/users/${other}/policies`, token)).status).toBe(403)
    expect((await client.get(`/expenseconfig/v4/users/${other}/policies`, company)).status).toBe(200)
    expect((await client.get(`/expenseconfig/v4/users/${german?.id ?? ''}/policies`, company)).status).toBe(
      404,
    )
    await client.faults([{ fault: 'principals', value: 'strict' }])
    const groups = `/expenseconfig/v4/companies/${companyIds.us2}/groupconfigs`
    expect((await client.get(groups, token)).status).toBe(403)
    await client.faults([])
  })

  it('has the v3 form with the ids that seeded entries use, in JSON and XML', async () => {
    const v3 = '/api/v3.0/expense/expensegroupconfigurations'
    const own = await client.get(v3, token)
    expect(own.headers.get('sunset')).toContain('2026')
    const [group] = itemsOf(own)
    expect([itemsOf(own).length, group?.['Name']]).toEqual([1, 'World'])
    const all = itemsOf(await client.get(`${v3}?user=ALL`, token))
    expect(all.map((each) => each['ID'])).toEqual(['gW$pGroupEurope', 'gW$pGroupWorld'])
    const entries = itemsOf(await client.get('/api/v3.0/expense/entries?user=ALL&limit=100', token))
    const payments = rowsIn(group, 'PaymentTypes').map((type) => type['ID'])
    const policy = rowsIn(group, 'Policies')[0]
    const types = rowsIn(policy, 'ExpenseTypes').map((type) => type['Code'])
    for (const entry of entries) {
      expect(payments).toContain(entry['PaymentTypeID'])
      expect(types).toContain(entry['ExpenseTypeCode'])
    }
    const one = await client.get(String(group?.['URI']), token)
    expect(one.json).toEqual(group)
    const headers = { authorization: `Bearer ${token}`, accept: 'application/xml' }
    const xml = await client.call('GET', String(group?.['URI']), { headers })
    expect(readLike(xml.text, group)).toEqual({ root: 'ExpenseGroupConfiguration', value: group })
    expect(xml.text).toContain('<Policies><Policy>')
    expect((await client.get(`${v3}/gW%24pGroupEurope`, token)).status).toBe(404)
  })

  it('refuses types that are not configured once ids are strict', async () => {
    await client.faults([{ fault: 'ids', value: 'strict' }])
    const reports = itemsOf(await client.get('/api/v3.0/expense/reports?approvalStatusCode=A_NOTF', token))
    const body = {
      ...{ ReportID: reports[0]?.['ID'], TransactionAmount: 1, TransactionCurrencyCode: 'USD' },
      ...{ TransactionDate: '2026-01-01', ExpenseTypeCode: 'TAXIX', PaymentTypeID: 'gW$pPaymentCash' },
    }
    const post = (more: Json) => client.post('/api/v3.0/expense/entries', { ...body, ...more }, token)
    expect((await post({})).status).toBe(200)
    expect((await post({ PaymentTypeID: 'CASH' })).text).toContain('PaymentTypeID')
    expect((await post({ ExpenseTypeCode: 'TRVLH' })).text).toContain('ExpenseTypeCode')
    await client.faults([])
  })

  it('answered as the schemas say', () => {
    expect(contract.problems()).toEqual([])
  })
})
