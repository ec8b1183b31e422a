import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ok } from '../support/answers.ts'
import { type Connected, companyInstance, userInstance } from '../support/grants.ts'
import type { Member, Product } from '../support/product.ts'
import type { Controls } from '../support/sandbox.ts'
import { onProduct } from '../support/stage.ts'

let product: Product
let member: Member
let sandbox: Controls
let company: Connected
let person: Connected
let cash: string

onProduct((stage) => {
  ;({ product, member, sandbox } = stage)
})

interface Expense {
  readonly reportId: string
  readonly id: string
  readonly expenseId: string
}

const traveller = 'amber.badger@sandbox.example'

/** A report of the traveller with one expense. */
const newExpense = async (): Promise<Expense> => {
  const report = await ok(person.call('/reports', { method: 'POST', body: { Name: 'Around it' } }))
  const { json } = await ok(
    person.call('/expenses', {
      method: 'POST',
      body: {
        ReportID: report.json.ID,
        ...{ ExpenseTypeCode: 'DINNR', PaymentTypeID: cash, TransactionCurrencyCode: 'EUR' },
        ...{ TransactionDate: '2026-01-01', TransactionAmount: 30 },
      },
    }),
  )
  return { reportId: report.json.ID, id: json.ID, expenseId: json.ExpenseID }
}

beforeAll(async () => {
  company = await companyInstance(product, member)
  person = await userInstance(product, member, { login: traveller })
  const types = (await person.call('/payment-types')).json
  cash = types.find((row: { id: string }) => row.id === 'CASH').PaymentTypeID
})

beforeEach(() => sandbox.faults({ fault: 'principals', value: 'strict' }, { fault: 'ids', value: 'strict' }))

const grants = [
  ['a company’s grant', () => company, { user: traveller }],
  ['a person’s grant', () => person, {}],
] as const

describe.each(grants)('%s', (_title, of, query) => {
  it('lists policies, their expense types, and payment types with the id that expenses take', async () => {
    const policies = (await ok(of().call('/policies', { query }))).json
    expect(policies.some((row: { isDefault: boolean }) => row.isDefault)).toBe(true)
    expect(policies[0].id).toBe(policies[0].policyId)
    const one = await ok(of().call(`/policies/${policies[0].policyId}`, { query }))
    expect(one.json).toEqual(policies[0])
    const own = (await ok(of().call('/expense-types', { query }))).json
    const named = { ...query, policyId: policies.find((row: { isDefault: boolean }) => row.isDefault).id }
    expect((await ok(of().call('/expense-types', { query: named }))).json).toEqual(own)
    expect(own.length).toBeGreaterThan(10)
    const payments = (await ok(of().call('/payment-types', { query }))).json
    const v3 = (await ok(of().call('/payment-types', { query: { ...query, where: `id = 'CASH'` } }))).json
    expect(v3).toEqual(payments.filter((row: { id: string }) => row.id === 'CASH'))
    const { reportId } = await newExpenseless()
    const made = await ok(
      person.call('/expenses', {
        method: 'POST',
        body: {
          ReportID: reportId,
          ...{ ExpenseTypeCode: 'DINNR', PaymentTypeID: v3[0].PaymentTypeID, TransactionCurrencyCode: 'EUR' },
          ...{ TransactionDate: '2026-01-01', TransactionAmount: 30 },
        },
      }),
    )
    expect(made.json.PaymentTypeID).toBe(v3[0].PaymentTypeID)
  })

  it('comments on a report and on an expense, and changes the latest comment only', async () => {
    const { reportId, id, expenseId } = await newExpense()
    for (const query of [{ reportId }, { reportId, expenseId }, { reportId, expenseId: id }]) {
      const before = (await ok(of().call('/report-comments', { query }))).json.length
      const body = { comment: 'Please look' }
      const made = (await ok(of().call('/report-comments', { method: 'POST', query, body }))).json
      expect(made).toMatchObject({ comment: 'Please look', isLatest: true })
      const changed = await ok(
        of().call(`/report-comments/${made.id}`, { method: 'PATCH', query, body: { comment: 'Look again' } }),
      )
      expect(changed.json).toMatchObject({ ...made, comment: 'Look again' })
      const wrong = await of().call('/report-comments/2020-01-01', { method: 'PATCH', query, body })
      expect(wrong.status).toBe(400)
      expect(wrong.json.message).toContain('latest')
      expect((await ok(of().call('/report-comments', { query }))).json).toHaveLength(before + 1)
      await ok(of().call('/report-comments/latest', { method: 'DELETE', query }))
      expect((await ok(of().call('/report-comments', { query }))).json).toHaveLength(before)
    }
  })

  it('adds, changes and removes attendees of an expense, each by either id of the expense', async () => {
    const { reportId, id, expenseId } = await newExpense()
    const made: string[] = []
    for (const lastName of ['Otter', 'Heron']) {
      const body = { attendeeTypeCode: 'BUSGUEST', lastName: `${lastName}${Date.now()}`, company: 'River' }
      made.push((await ok(person.call('/attendees', { method: 'POST', body }))).json.id)
    }
    const query = { reportId, expenseId }
    const [first, second] = made
    const alone = await ok(
      of().call('/expense-attendees', {
        method: 'POST',
        body: { ...query, attendeeId: first, isTraveling: true },
      }),
    )
    expect(alone.headers['elements-error']).toBeUndefined()
    expect(alone.json).toMatchObject({ transactionAmount: { value: 30 }, versionNumber: 1 })
    await ok(person.call(`/attendees/${first}`, { method: 'PATCH', body: { title: 'Host' } }))
    const added = await ok(
      of().call('/expense-attendees', {
        method: 'POST',
        query: { reportId, expenseId: id },
        body: { attendeeId: second, transactionAmount: 10, noShowAttendeeCount: 2 },
      }),
    )
    expect(added.json).toMatchObject({ id: second, transactionAmount: { value: 10 }, noShowAttendeeCount: 2 })
    const both = (await ok(of().call('/expense-attendees', { query }))).json
    expect(both.map((row: { id: string }) => row.id)).toEqual([first, second])
    expect(both[0]).toMatchObject({
      ...{ transactionAmount: { value: 20 }, isAmountUserEdited: false },
      ...{ isTraveling: true, versionNumber: 1 },
    })
    const changed = await ok(
      of().call(`/expense-attendees/${first}`, {
        method: 'PATCH',
        query,
        body: { associatedAttendeeCount: 3 },
      }),
    )
    expect(changed.json).toMatchObject({ associatedAttendeeCount: 3, noShowAttendeeCount: 2 })
    await ok(of().call(`/expense-attendees/${first}`, { method: 'DELETE', query }))
    expect((await ok(of().call('/expense-attendees', { query }))).json).toEqual([
      { ...added.json, id: second },
    ])
    await ok(of().call('/expense-attendees', { method: 'DELETE', query }))
    expect((await ok(of().call('/expense-attendees', { query }))).json).toEqual([])
    const v3 = await of().call('/expense-attendees', {
      method: 'POST',
      query,
      body: { attendeeId: 'gWqX$pAttendee' },
    })
    expect(v3.status).toBe(400)
    expect(v3.json.message).toContain('no way from an id of v3')
  })

  it('lists form fields, allocations and itemizations of a report', async () => {
    const { reportId, id, expenseId } = await newExpense()
    const fields = (await ok(of().call('/form-fields', { query: { reportId } }))).json
    expect(fields.map((row: { id: string }) => row.id)).toContain('orgUnit1')
    const missing = await of().call('/form-fields')
    expect(missing.status).toBe(400)
    expect(missing.json.message).toContain('reportId')
    const part = await ok(
      person.call('/itemizations', {
        method: 'POST',
        body: {
          ...{ EntryID: expenseId, ReportID: reportId, ExpenseTypeCode: 'DINNR' },
          ...{ TransactionAmount: 12, TransactionDate: '2026-01-01', OrgUnit1: 'RND' },
        },
      }),
    )
    expect(part.json).toMatchObject({ EntryID: id, TransactionAmount: 12, OrgUnit1: { Code: 'RND' } })
    const parts = await ok(
      of().call('/itemizations', { query: { where: `reportID = '${reportId}' and user = '${traveller}'` } }),
    )
    await ok(person.call(`/reports/${reportId}/submit`, { method: 'POST' }))
    expect(parts.json.map((row: { ID: string }) => row.ID)).toEqual([part.json.ID])
    const shares = await ok(
      of().call('/allocations', { query: { where: `entryID = '${id}' and user = '${traveller}'` } }),
    )
    for (const row of shares.json) expect(row.EntryID).toBe(id)
    expect(shares.json.length).toBeGreaterThan(0)
    const share = await ok(of().call(`/allocations/${encodeURIComponent(shares.json[0].ID)}`))
    expect(share.json).toEqual(shares.json[0])
  })
})

const newExpenseless = async (): Promise<{ reportId: string }> => {
  const report = await ok(person.call('/reports', { method: 'POST', body: { Name: 'Paid in cash' } }))
  return { reportId: report.json.ID }
}

describe('attendees', () => {
  it('are created, read, changed whole by a partial change, listed by type, and never by an id of v3', async () => {
    const lastName = `Kingfisher${Date.now()}`
    const body = { attendeeTypeCode: 'BUSGUEST', lastName, firstName: 'Ada', company: 'River', custom1: 'x' }
    const made = (await ok(person.call('/attendees', { method: 'POST', body }))).json
    expect(made).toMatchObject({ lastName, company: 'River', custom1: { value: 'x' } })
    const changed = (
      await ok(person.call(`/attendees/${made.id}`, { method: 'PATCH', body: { title: 'Bird' } }))
    ).json
    expect(changed).toMatchObject({ lastName, firstName: 'Ada', company: 'River', title: 'Bird' })
    expect(changed.custom1.value).toBe('x')
    const listed = await ok(
      person.call('/attendees', { query: { where: `attendeeTypeCode = 'BUSGUEST'`, pageSize: '500' } }),
    )
    expect(listed.json.map((row: { id: string }) => row.id)).toContain(made.id)
    const old = await person.call('/attendees/gWqX$pOld')
    expect(old.status).toBe(400)
    expect(old.json.message).toContain('no way from an id of v3')
    const types = (await ok(company.call('/attendee-types'))).json
    expect(types.map((row: { code: string }) => row.code)).toContain('BUSGUEST')
  })
})

describe('exceptions', () => {
  it('are set, listed and taken away by a company, on a report and on an expense', async () => {
    const { reportId, expenseId } = await newExpense()
    for (const place of [{ reportId }, { reportId, expenseId }]) {
      const body = { exceptionCode: 'CHECKIT', exceptionVisibility: 'ALL' }
      const made = (await ok(company.call('/report-exceptions', { method: 'POST', query: place, body }))).json
      expect(made).toMatchObject({ ...body, isBlocking: false })
      const listed = (await ok(person.call('/report-exceptions', { query: { reportId } }))).json
      expect(listed).toContainEqual(made)
      const path = `/report-exceptions/${encodeURIComponent(made.id)}`
      const changed = await ok(
        company.call(path, {
          method: 'PATCH',
          query: { reportId },
          body: { exceptionVisibility: 'PROCESSOR' },
        }),
      )
      expect(changed.json).toMatchObject({ exceptionVisibility: 'PROCESSOR', exceptionCode: 'CHECKIT' })
      await ok(company.call(path, { method: 'DELETE', query: { reportId } }))
      expect((await ok(company.call('/report-exceptions', { query: { reportId } }))).json).toEqual([])
    }
  })
})
