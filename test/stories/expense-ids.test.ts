import { describe, expect, it } from 'vitest'
import { type Connected, companyInstance, userInstance } from '../support/grants.ts'
import type { Member, Product } from '../support/product.ts'
import type { Controls } from '../support/sandbox.ts'
import { onProduct } from '../support/stage.ts'

let product: Product
let member: Member
let sandbox: Controls

onProduct((stage) => {
  ;({ product, member, sandbox } = stage)
})

interface Expense {
  readonly ID: string
  readonly ExpenseID: string
  readonly ReportID: string
}

/** A new report with two new expenses; the second is answered. */
const newExpense = async (instance: Connected): Promise<Expense> => {
  const report = await instance.call('/reports', { method: 'POST', body: { Name: 'Two ids' } })
  expect(report.status, report.text).toBe(200)
  const add = () =>
    instance.call('/expenses', {
      method: 'POST',
      body: {
        ReportID: report.json.ID,
        ...{ ExpenseTypeCode: 'TAXIX', PaymentTypeID: 'p', TransactionCurrencyCode: 'EUR' },
        ...{ TransactionDate: '2026-01-01', TransactionAmount: 3 },
      },
    })
  await add()
  const made = await add()
  expect(made.status, made.text).toBe(200)
  expect(made.json.ExpenseID).toMatch(/^[0-9A-F]{32}$/)
  expect(made.json.ID).not.toBe(made.json.ExpenseID)
  return made.json
}

const ways: readonly [title: string, make: () => Promise<Connected>][] = [
  ['a person', () => userInstance(product, member)],
  ['a company', () => companyInstance(product, member)],
]

describe.each(ways)('the two ids of an expense, for %s', (_title, make) => {
  it.each(['reportId', 'reportID'])(
    'are one beside %s: got, changed and deleted by the second',
    async (name) => {
      const instance = await make()
      const { ID, ExpenseID, ReportID } = await newExpense(instance)
      const query = { [name]: ReportID }
      for (const id of [ExpenseID, ExpenseID.toLowerCase()]) {
        const got = await instance.call(`/expenses/${id}`, { query })
        expect(got.status, got.text).toBe(200)
        expect(got.json).toMatchObject({ id: ID, ID, ExpenseID, ReportID })
      }
      const body = { Description: 'By its second id' }
      const changed = await instance.call(`/expenses/${ExpenseID}`, { method: 'PATCH', query, body })
      expect(changed.json).toMatchObject({ ID, ...body })
      const gone = await instance.call(`/expenses/${ExpenseID}`, { method: 'DELETE', query })
      expect(gone.status, gone.text).toBe(200)
      expect((await instance.call(`/expenses/${encodeURIComponent(ID)}`)).status).toBe(404)
    },
  )

  it('find the report in the body of a change, and in where of a list', async () => {
    const instance = await make()
    const { ID, ExpenseID, ReportID } = await newExpense(instance)
    const body = { ReportID, Description: 'Named in the body' }
    const changed = await instance.call(`/expenses/${ExpenseID}`, { method: 'PATCH', body })
    expect(changed.json, changed.text).toMatchObject({ ID, Description: 'Named in the body' })
    for (const where of [
      `id = '${ExpenseID}' and reportID = '${ReportID}'`,
      `ID = '${ExpenseID}' and (reportId = '${ReportID}')`,
      `ReportID = '${ReportID}' and ExpenseID = '${ExpenseID}'`,
    ]) {
      const found = await instance.call('/expenses', { query: { where } })
      expect(
        found.json.map((row: Expense) => row.ID),
        where,
      ).toEqual([ID])
    }
    const listed = await instance.call('/expenses', { query: { reportId: ReportID } })
    expect(listed.json).toHaveLength(2)
  })

  it('ask for the report where a second id comes alone, and call nobody', async () => {
    const instance = await make()
    const { ExpenseID } = await newExpense(instance)
    const { requests } = await sandbox.during(async () => {
      for (const method of ['GET', 'PATCH', 'DELETE']) {
        const body = method === 'PATCH' ? { body: { Description: 'x' } } : {}
        const reply = await instance.call(`/expenses/${ExpenseID}`, { method, ...body })
        expect([reply.status, reply.json.code], reply.text).toEqual([400, 'bad-request'])
        expect(reply.json.message).toContain('reportId')
      }
    })
    expect(requests).toEqual([])
  })

  it('answer 404 for one that is on no such report', async () => {
    const instance = await make()
    const { ReportID } = await newExpense(instance)
    const reply = await instance.call(`/expenses/${'0'.repeat(32)}`, { query: { reportId: ReportID } })
    expect([reply.status, reply.json.code], reply.text).toEqual([404, 'provider-not-found'])
  })
})
