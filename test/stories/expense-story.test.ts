import { randomBytes } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '#src/lib/json.ts'
import { type Answer, ask, hub } from '../support/client.ts'
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

// Wrong ids and grants that no page documents are refused: whatever passes would pass at the vendor.
beforeEach(() => sandbox.faults({ fault: 'ids', value: 'strict' }, { fault: 'principals', value: 'strict' }))

const good = async (reply: Promise<Answer>): Promise<Answer['json']> => {
  const { status, text, json } = await reply
  expect(status, text).toBe(200)
  return json
}

/** A file that begins as a PDF does. */
const newReceipt = (): Buffer => Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(40_000)])

/** A hub call with a file in it, or coming of it. */
const file = async (instance: Connected, path: string, body?: Uint8Array): Promise<Buffer> => {
  const reply = await fetch(`${product.url}/hubs/expense${path}`, {
    ...(body === undefined ? {} : { method: 'POST', body }),
    headers: {
      ...hub(member, instance.token),
      ...(body === undefined ? {} : { 'content-type': 'application/pdf' }),
    },
  })
  const bytes = Buffer.from(await reply.arrayBuffer())
  expect(reply.status, bytes.toString('utf8', 0, 300)).toBe(200)
  return bytes
}

/** Who plays: a traveller whose reports wait for somebody, and that somebody. */
const people = async (): Promise<{ readonly traveller: string; readonly manager: string }> => {
  const company = await companyInstance(product, member)
  const query = { where: `approvalStatusCode = 'A_PEND'`, pageSize: '1' }
  const [row] = await good(company.call('/reports', { query }))
  return { traveller: row.OwnerLoginID, manager: row.ApproverLoginID }
}

/** Through which instance each part is played, and how the owner is named where that is not the connected person. */
interface Cast {
  readonly owner: Connected
  readonly approver: Connected
  readonly user: Readonly<Record<string, string>>
  /** Approvals until the report can be paid, by whoever may. */
  readonly approvals: number
}

const casts: readonly (readonly [title: string, make: () => Promise<Cast>])[] = [
  [
    'a company’s token',
    async () => {
      const { traveller } = await people()
      const company = await companyInstance(product, member)
      return { owner: company, approver: company, user: { user: traveller }, approvals: 2 }
    },
  ],
  [
    'a person’s token, and the manager’s for the approval',
    async () => {
      const { traveller, manager } = await people()
      const [owner, approver] = await Promise.all(
        [traveller, manager].map((login) => userInstance(product, member, { login })),
      )
      if (owner === undefined || approver === undefined) throw new Error('nobody plays')
      return { owner, approver, user: {}, approvals: 1 }
    },
  ],
]

describe.each(casts)('the life of a report, on %s', (_title, make) => {
  it('is made, filled, submitted, approved, paid, and read back whole', async () => {
    const { owner, approver, user, approvals } = await make()
    const get = (path: string, query: Record<string, string> = {}) =>
      good(owner.call(path, { query: { ...user, ...query } }))
    const add = (path: string, body: JsonObject, query: Record<string, string> = {}) =>
      good(owner.call(path, { method: 'POST', query: { ...user, ...query }, body }))

    /** A company names whose attendee it is by UUID. */
    const ownerId = async (): Promise<Record<string, string>> => {
      if (user.user === undefined) return {}
      const [person] = await good(owner.call('/users', { query: { where: `LoginID = '${user.user}'` } }))
      return { userId: person.ID }
    }

    // Where a writer takes the ids from.
    const policies = await get('/policies')
    const policyId = policies.find((policy: { isDefault: boolean }) => policy.isDefault).id
    const types = await get('/expense-types', { policyId })
    const ExpenseTypeCode =
      types.find((type: { expenseTypeId: string }) => type.expenseTypeId === 'DINNR')?.id ?? types[0].id
    const payments = await get('/payment-types')
    const { PaymentTypeID } = payments.find((one: { id: string }) => one.id === 'CASH')

    const report = await add('/reports', { Name: 'Lyon visit', OrgUnit1: 'SLS', Comment: 'Two days' })
    if (user.user !== undefined) expect(report.OwnerLoginID).toBe(user.user)
    const expense = await add('/expenses', {
      ...{ ReportID: report.ID, ExpenseTypeCode, PaymentTypeID, TransactionDate: '2026-02-03' },
      ...{ TransactionCurrencyCode: report.CurrencyCode, TransactionAmount: 84.5, Custom4: 'CC1007' },
    })
    expect(expense).toMatchObject({ ReportID: report.ID, ReportOwnerID: report.OwnerLoginID })
    const attendee = await add(
      '/attendees',
      {
        ...{ attendeeTypeCode: 'BUSGUEST', lastName: `Moreau ${report.ID}`, firstName: 'Elise' },
        ...{ company: 'Atelier Moreau' },
      },
      await ownerId(),
    )
    const guest = await add('/expense-attendees', {
      ...{ reportId: report.ID, expenseId: expense.ID },
      ...{ attendeeId: attendee.id, transactionAmount: 40 },
    })
    expect(guest).toMatchObject({ attendeeId: attendee.id, transactionAmount: { value: 40 } })

    const imagePath = (id: string): string =>
      `/expenses/${encodeURIComponent(id)}/image?${new URLSearchParams({ ...user, reportId: report.ID })}`
    const receipt = newReceipt()
    await file(owner, imagePath(expense.ExpenseID), receipt)

    const submitted = await good(owner.call(`/reports/${report.ID}/submit`, { method: 'POST', query: user }))
    expect(submitted).toMatchObject({ ID: report.ID, ApprovalStatusCode: 'A_PEND' })
    for (let step = 0; step < approvals; step += 1) {
      const body = { comment: `Approved, step ${step + 1}` }
      await good(approver.call(`/reports/${report.ID}/approve`, { method: 'POST', body }))
    }
    const paid = await ask(`${product.sandbox.url}/sandbox/reports/${report.ID}/pay`, { body: {} })
    expect(paid.status, paid.text).toBe(200)

    expect(await get(`/reports/${report.ID}`)).toMatchObject({
      ...{ ID: report.ID, Name: 'Lyon visit', Total: 84.5, OrgUnit1: { Code: 'SLS' } },
      ...{ ApprovalStatusCode: 'A_APPR', PaymentStatusCode: 'P_PAID' },
    })
    // Each id of the expense reaches all that hangs on it.
    for (const id of [expense.ID, expense.ExpenseID]) {
      const row = await get(`/expenses/${encodeURIComponent(id)}`, { reportId: report.ID })
      expect(row).toMatchObject({
        ...{ ID: expense.ID, ExpenseID: expense.ExpenseID, TransactionAmount: 84.5 },
        ...{ HasAttendees: true, HasImage: true, AllocationType: 'F', IsPaidByExpensePay: true },
        Custom4: { Code: 'CC1007' },
      })
      expect((await file(owner, imagePath(id))).equals(receipt)).toBe(true)
      const guests = await get('/expense-attendees', { reportId: report.ID, expenseId: id })
      expect(guests.map((one: { attendeeId: string }) => one.attendeeId)).toContain(attendee.id)
      const where = `entryID = '${id}' and reportID = '${report.ID}'`
      expect(await get('/allocations', { where })).toMatchObject([
        { EntryID: expense.ID, Percentage: expect.stringMatching(/^100(\.0+)?$/), Custom1: { Type: 'List' } },
      ])
    }
    const comments = await get('/report-comments', { reportId: report.ID })
    const said = comments.map((one: { comment: string }) => one.comment)
    expect(said).toEqual(expect.arrayContaining(['Approved, step 1']))
    const found = await get('/reports', {
      where: `paymentStatusCode = 'P_PAID' and Name = 'Lyon visit'`,
      pageSize: '5',
    })
    expect(found.map((row: { ID: string }) => row.ID)).toContain(report.ID)
  })
})
