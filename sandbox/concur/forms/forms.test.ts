import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, itemsOf, type Json, openClient, rowsIn } from '../test-client.ts'
import { openContract } from '../test-contract.ts'

describe('forms and their fields', () => {
  const contract = openContract()
  let client: Client
  let token: string
  beforeAll(async () => {
    client = await openClient({ reports: 60 }, contract)
    token = await client.token()
  })
  afterAll(async () => {
    await client.close()
    process.stdout.write(`contract of forms: ${JSON.stringify(contract.count())}\n`)
  })
  const path = '/api/expense/expensereport/v1.1/report/Forms'

  it('leads from kinds to forms to fields, in XML unless asked for JSON', async () => {
    const headers = { authorization: `Bearer ${token}`, accept: 'application/json' }
    const get = async (rest: string) => (await client.call('GET', `${path}/${rest}`, { headers })).json
    expect(rowsIn(await get(''), 'FormType').map((kind) => kind['FormCode'])).toContain('RPTINFO')
    const [form] = rowsIn(await get('RPTINFO'), 'FormData')
    const rest = `${encodeURIComponent(String(form?.['FormId']))}/Fields`
    const fields = rowsIn(await get(rest), 'FormField')
    expect(fields.find((field) => field['Id'] === 'Name')).toMatchObject({
      Required: 'Y',
      Access: 'RW',
      Custom: 'N',
    })
    expect(fields.find((field) => field['Id'] === 'OrgUnit1')).toMatchObject({
      DataType: 'MLIST',
      Custom: 'Y',
    })
    const xml = await client.get(`${path}/${rest}`, token)
    expect(xml.headers.get('content-type')).toContain('application/xml')
    expect(xml.text).toMatch(/<FormFieldsList xmlns="[^"]+" [^>]+><FormField><Id>Name<\/Id>/)
    expect((await client.get(`${path}/NONE`, token)).status).toBe(404)
  })

  it('shows the fields of a report on v4 with the ids of their lists', async () => {
    const reports = itemsOf(await client.get('/api/v3.0/expense/reports?user=ALL', token))
    const where = `/expensereports/v4/reports/${String(reports[0]?.['ID'])}/formFields`
    const fields = JSON.parse((await client.get(where, token)).text) as Json[]
    const department = fields.find((field) => field['id'] === 'orgUnit1')
    const list = await client.get(`/list/v4/lists/${String(department?.['listId'])}`, token)
    expect(list.json['value']).toBe('Departments')
    expect(department).toMatchObject({ fieldAccess: 'RW', isRequired: false, dataType: 'MLIST' })
    const amber = await client.token('amber.badger@sandbox.example')
    const foreign = reports.find(
      (row) =>
        row['OwnerLoginID'] !== 'amber.badger@sandbox.example' &&
        row['ApproverLoginID'] !== 'amber.badger@sandbox.example',
    )
    expect(
      (await client.get(`/expensereports/v4/reports/${String(foreign?.['ID'])}/formFields`, amber)).status,
    ).toBe(404)
  })

  it('answered as the schemas say', () => {
    expect(contract.problems()).toEqual([])
  })
})
