import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { personByLogin } from '../people.ts'
import { type Client, itemsOf, type Json, openClient } from '../test-client.ts'
import { openContract } from '../test-contract.ts'

const traveler = 'amber.badger@sandbox.example'

describe('the workflow of reports', () => {
  const contract = openContract()
  const uuid = (login: string) => personByLogin(login)?.id ?? ''
  const manager = personByLogin(traveler)?.managerLogin ?? ''
  const user = `/expensereports/v4/users/${uuid(traveler)}`
  const boss = `/expensereports/v4/users/${uuid(manager)}/context/MANAGER`
  let client: Client
  let token: string
  let managers: string
  let company: string
  beforeAll(async () => {
    client = await openClient({ reports: 300 }, contract)
    token = await client.token(traveler)
    managers = await client.token(manager)
    company = await client.companyToken()
  })
  afterAll(async () => {
    await client.close()
    process.stdout.write(`contract of workflow: ${JSON.stringify(contract.count())}\n`)
  })
  const v3 = '/api/v3.0/expense'

  const draft = async (): Promise<string> => {
    const report = await client.post(`${v3}/reports`, { Name: 'Weir' }, token)
    const ReportID = report.json['ID']
    const body = {
      ...{ ReportID, ExpenseTypeCode: 'TAXIX', PaymentTypeID: 'gW$pPaymentCash', TransactionAmount: 20 },
      ...{ TransactionCurrencyCode: 'USD', TransactionDate: '2026-05-04' },
    }
    expect((await client.post(`${v3}/entries`, body, token)).status).toBe(200)
    return String(ReportID)
  }
  const submit = (id: string, as = token) =>
    client.call('PATCH', `${user}/reports/${id}/submit`, { headers: { authorization: `Bearer ${as}` } })
  const row = async (id: string) => (await client.get(`${v3}/reports/${id}`, token)).json
  const states = async (id: string) => {
    const report = await row(id)
    return [report['ApprovalStatusCode'], report['PaymentStatusCode']]
  }

  it('goes from a draft to paid, and v3 shows every step with its date', async () => {
    const id = await draft()
    const before = await row(id)
    expect(before['WorkflowActionUrl']).toBe('')
    expect((await submit(id)).status).toBe(204)
    const sent = await row(id)
    expect(sent).toMatchObject({ ApprovalStatusCode: 'A_PEND', ApproverLoginID: manager })
    expect(sent['SubmitDate']).not.toBeNull()
    expect(String(sent['LastModifiedDate']) > String(before['LastModifiedDate'])).toBe(true)
    expect(itemsOf(await client.get(`${v3}/allocations?reportID=${id}`, token))).toHaveLength(1)
    const waiting = await client.get(`${boss}/reportsToApprove?includeDelegateApprovals=false`, managers)
    const ids = (waiting.json as unknown as Json[]).map((each) => each['reportId'])
    expect(ids).toContain(id)
    expect((await client.patch(`${boss}/reports/${id}/approve`, { comment: 'Fine' }, managers)).status).toBe(
      204,
    )
    expect(await states(id)).toEqual(['A_ACCO', 'P_NOTP'])
    expect((await row(id))['LastComment']).toBe('Fine')
    expect((await client.patch(`/expensereports/v4/reports/${id}/approve`, {}, company)).status).toBe(204)
    expect(await states(id)).toEqual(['A_APPR', 'P_PROC'])
    expect((await row(id))['ProcessingPaymentDate']).not.toBeNull()
    expect((await client.post(`/sandbox/reports/${id}/pay`, {})).json['payment']).toBe('P_PAID')
    const paid = await row(id)
    expect([paid['PaymentStatusCode'], paid['PaidDate'] === null]).toEqual(['P_PAID', false])
    const [entry] = itemsOf(await client.get(`${v3}/entries?reportID=${id}`, token))
    expect(entry?.['IsPaidByExpensePay']).toBe(true)
    expect((await client.post(`/sandbox/reports/${id}/pay`, { payment: 'P_PAYC' })).status).toBe(200)
    expect(await states(id)).toEqual(['A_APPR', 'P_PAYC'])
  })

  it('sends back with a reason, lets it be submitted again, and lets its owner recall it', async () => {
    const id = await draft()
    await submit(id)
    const back = (body: Json) => client.patch(`${boss}/reports/${id}/sendBack`, body, managers)
    expect((await back({})).text).toContain('comment')
    expect((await back({ comment: 'Which weir?' })).status).toBe(204)
    expect(await row(id)).toMatchObject({
      ...{ ApprovalStatusCode: 'A_RESU', EverSentBack: true, LastComment: 'Which weir?', SubmitDate: null },
    })
    expect((await submit(id)).status).toBe(204)
    expect((await submit(id)).status).toBe(409)
    const recall = () => client.patch(`${user}/context/TRAVELER/reports/${id}/recall`, {}, token)
    expect([(await recall()).status, (await recall()).status]).toEqual([204, 400])
    expect((await states(id))[0]).toBe('A_RESU')
  })

  it('asks for a reason when an expense is rejected', async () => {
    const id = await draft()
    await submit(id)
    const [entry] = itemsOf(await client.get(`${v3}/entries?reportID=${id}`, token))
    const expense = `/expensereports/v4/reports/${id}/expenses/${String(entry?.['ExpenseID'])}`
    const reject = { expenseSource: 'OTHER', isExpenseRejected: true }
    expect((await client.patch(expense, reject, company)).status).toBe(204)
    const approve = (body: Json) => client.patch(`${boss}/reports/${id}/approve`, body, managers)
    expect((await approve({})).text).toContain('expenseRejectedComment')
    expect((await approve({ expenseRejectedComment: 'Private' })).status).toBe(204)
  })

  it('knows who may: owner, manager, company, and nobody else', async () => {
    const id = await draft()
    expect((await submit(id, managers)).status).toBe(403)
    expect((await submit(id, company)).status).toBe(204)
    const approve = (path: string, as: string) => client.patch(`${path}/reports/${id}/approve`, {}, as)
    expect((await approve(`${user}/context/MANAGER`, token)).status).toBe(404)
    expect((await approve(boss, token)).status).toBe(403)
    expect((await approve(boss, company)).status).toBe(403)
    expect((await approve('/expensereports/v4', token)).status).toBe(403)
    expect((await approve(`${user}/context/TRAVELER`, token)).status).toBe(400)
    expect((await approve('/expensereports/v4', company)).status).toBe(204)
    expect((await client.post(`/sandbox/reports/${id}/pay`, { payment: 'x' })).status).toBe(400)
    const empty = await client.post(`${v3}/reports`, { Name: 'Empty' }, token)
    expect((await submit(String(empty.json['ID']))).status).toBe(409)
    expect((await client.post(`/sandbox/reports/${String(empty.json['ID'])}/pay`, {})).status).toBe(409)
  })

  it('answered as the schemas say', () => {
    expect(contract.problems()).toEqual([])
  })
})
