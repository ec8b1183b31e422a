import { beforeAll, describe, expect, it } from 'vitest'
import { ok } from '../support/answers.ts'
import { type Connected, codeFor, companyInstance, connected, post, userInstance } from '../support/grants.ts'
import { configuration } from '../support/instances.ts'
import type { Member, Product } from '../support/product.ts'
import type { Controls } from '../support/sandbox.ts'
import { onProduct } from '../support/stage.ts'

let product: Product
let member: Member
let sandbox: Controls
let company: Connected
let person: Connected
let older: Connected
let cash: string

onProduct((stage) => {
  ;({ product, member, sandbox } = stage)
})

const traveller = 'amber.badger@sandbox.example'

const newExpense = async () => {
  const report = await ok(person.call('/reports', { method: 'POST', body: { Name: 'By the rules' } }))
  const body = {
    ...{ ReportID: report.json.ID, ExpenseTypeCode: 'DINNR', PaymentTypeID: cash },
    ...{ TransactionCurrencyCode: 'EUR', TransactionDate: '2026-01-01', TransactionAmount: 30 },
  }
  const { json } = await ok(person.call('/expenses', { method: 'POST', body }))
  return { reportId: report.json.ID as string, id: json.ID as string, expenseId: json.ExpenseID as string }
}

const newAttendee = async (): Promise<string> => {
  const body = {
    attendeeTypeCode: 'BUSGUEST',
    lastName: `Teal${Date.now()}${Math.random()}`,
    company: 'River',
  }
  return (await ok(person.call('/attendees', { method: 'POST', body }))).json.id
}

/** Every row of a listing, page by page. */
const pagesOf = async (instance: Connected, path: string, query: Record<string, string>) => {
  const ids: string[] = []
  let token: string | undefined
  do {
    const next: Record<string, string> = token === undefined ? {} : { nextPage: token }
    const page = await ok(instance.call(path, { query: { ...query, ...next } }))
    ids.push(...page.json.map((row: { id: string }) => row.id))
    token = page.headers['elements-next-page-token'] as string | undefined
  } while (token !== undefined)
  return ids
}

beforeAll(async () => {
  company = await companyInstance(product, member)
  person = await userInstance(product, member, { login: traveller })
  older = await userInstance(product, member, {
    login: traveller,
    configuration: { 'concur.api.generation': 'v3' },
  })
  const types = (await ok(person.call('/payment-types'))).json
  cash = types.find((row: { id: string }) => row.id === 'CASH').PaymentTypeID
})

describe('the generation v3', () => {
  it('changes and removes itemizations, which today’s has no calls for', async () => {
    const { reportId, id } = await newExpense()
    const body = {
      EntryID: id,
      ExpenseTypeCode: 'DINNR',
      TransactionAmount: 12,
      TransactionDate: '2026-01-01',
    }
    const made = (await ok(person.call('/itemizations', { method: 'POST', body }))).json
    const path = `/itemizations/${encodeURIComponent(made.id)}`
    for (const method of ['PATCH', 'DELETE']) {
      const reply = await person.call(path, { method, ...(method === 'PATCH' ? { body: {} } : {}) })
      expect(reply.status).toBe(405)
    }
    const changed = await ok(older.call(path, { method: 'PATCH', body: { TransactionAmount: 7 } }))
    expect(changed.json).toEqual({
      ...made,
      ...{ TransactionAmount: 7, PostedAmount: changed.json.PostedAmount },
      ...{ ApprovedAmount: changed.json.ApprovedAmount, LastModified: changed.json.LastModified },
    })
    await ok(older.call(path, { method: 'DELETE' }))
    expect((await person.call(path)).status).toBe(404)
    const rest = await ok(person.call('/itemizations', { query: { where: `reportID = '${reportId}'` } }))
    expect(rest.json).toEqual([])
  })

  it('reads attendee types by the fields and ids of v3', async () => {
    const now = (await ok(company.call('/attendee-types'))).json
    const then = (await ok(older.call('/attendee-types'))).json
    expect(then.map((row: { Code: string }) => row.Code)).toEqual(
      now.map((row: { code: string }) => row.code),
    )
    expect(then[0].id).not.toBe(now[0].id)
    expect((await ok(older.call(`/attendee-types/${encodeURIComponent(then[1].ID)}`))).json).toEqual(then[1])
    expect((await ok(company.call(`/attendee-types/${now[1].id}`))).json).toEqual(now[1])
  })
})

describe('pages', () => {
  it('of attendees, itemizations and allocations hold each row once, in the order of the whole', async () => {
    const all = await pagesOf(company, '/attendees', { pageSize: '130' })
    expect(all.length).toBeGreaterThanOrEqual(500)
    expect(new Set(all).size).toBe(all.length)
    expect(await pagesOf(company, '/attendees', { pageSize: '5000' })).toEqual(all)
    const { reportId, id } = await newExpense()
    const parts: string[] = []
    for (const TransactionAmount of [1, 2, 3, 4, 5]) {
      const body = { EntryID: id, ExpenseTypeCode: 'DINNR', TransactionAmount, TransactionDate: '2026-01-01' }
      parts.push((await ok(person.call('/itemizations', { method: 'POST', body }))).json.id)
    }
    const where = `entryID = '${id}' and user = '${traveller}'`
    expect(await pagesOf(company, '/itemizations', { where, pageSize: '2' })).toEqual(parts)
    await ok(person.call(`/reports/${reportId}/submit`, { method: 'POST' }))
    const shares = await pagesOf(person, '/allocations', { pageSize: '7' })
    expect(new Set(shares).size).toBe(shares.length)
    expect(shares.length).toBeGreaterThan(7)
    expect(await pagesOf(person, '/allocations', { pageSize: '5000' })).toEqual(shares)
  })
})

describe('an administrator', () => {
  it('writes for somebody else who is named, and reads back what was written', async () => {
    const { reportId, id } = await newExpense()
    const admin = await userInstance(product, member)
    const query = { user: traveller }
    const body = {
      EntryID: id,
      ExpenseTypeCode: 'DINNR',
      TransactionAmount: 4,
      TransactionDate: '2026-01-01',
    }
    expect((await admin.call('/itemizations', { method: 'POST', body })).status).toBe(400)
    const made = await ok(admin.call('/itemizations', { method: 'POST', query, body }))
    expect(made.headers['elements-error']).toBeUndefined()
    expect(made.json).toMatchObject({ EntryID: id, ReportID: reportId, ReportOwnerID: traveller })
    await ok(person.call(`/reports/${reportId}/submit`, { method: 'POST' }))
    const where = `entryID = '${id}' and user = '${traveller}'`
    const [share] = (await ok(admin.call('/allocations', { query: { where } }))).json
    const path = `/allocations/${encodeURIComponent(share.ID)}`
    expect((await ok(admin.call(path, { query }))).json).toEqual(share)
    expect((await admin.call(path)).status).toBe(404)
  })
})

describe('what the vendor writes in two ways', () => {
  it('ids of attendees without hyphens lead to the attendee and to its place on the expense', async () => {
    const { reportId, expenseId } = await newExpense()
    const [first, second] = [await newAttendee(), await newAttendee()]
    await sandbox.faults({ fault: 'compact-attendee-ids' })
    const query = { reportId, expenseId }
    for (const attendeeId of [first, second])
      await ok(company.call('/expense-attendees', { method: 'POST', body: { ...query, attendeeId } }))
    const rows = (await ok(person.call('/expense-attendees', { query }))).json
    expect(rows.map((row: { id: string }) => row.id)).toEqual(
      [first, second].map((id) => id.replaceAll('-', '').toUpperCase()),
    )
    expect((await ok(person.call(`/attendees/${rows[0].attendeeId}`))).json.id).toBe(first)
    for (const id of [rows[0].id, first])
      expect((await ok(person.call(`/expense-attendees/${id}`, { query }))).json).toEqual(rows[0])
    await ok(person.call(`/expense-attendees/${first}`, { method: 'DELETE', query }))
    const left = (await ok(person.call('/expense-attendees', { query }))).json
    expect(left.map((row: { id: string }) => row.id)).toEqual([rows[1].id])
  })

  it('one attendee that comes as a list of one is the attendee', async () => {
    const id = await newAttendee()
    const alone = (await ok(person.call(`/attendees/${id}`))).json
    await sandbox.faults({ fault: 'one-attendee' })
    expect((await ok(person.call(`/attendees/${id}`))).json).toEqual(alone)
  })

  it('comments of a report are its own, with includeAllComments those on its expenses too', async () => {
    const { reportId, expenseId } = await newExpense()
    for (const query of [{ reportId }, { reportId, expenseId }])
      await ok(person.call('/report-comments', { method: 'POST', query, body: { comment: 'Look' } }))
    const texts = async (query: Record<string, string>) =>
      (await ok(company.call('/report-comments', { query }))).json.map(
        (row: { expenseId?: string }) => row.expenseId ?? 'report',
      )
    expect(await texts({ reportId })).toEqual(['report'])
    expect(await texts({ where: `reportId = '${reportId}' and includeAllComments = true` })).toEqual([
      'report',
      expenseId,
    ])
    await ok(company.call('/report-comments/latest', { method: 'DELETE', query: { reportId } }))
    expect(await texts({ reportId })).toEqual([])
    expect(await texts({ reportId, expenseId })).toEqual([expenseId])
  })
})

describe('the metadata of what needs an address', () => {
  it('describes every field of the rows that come', async () => {
    const { reportId, expenseId } = await newExpense()
    const query = { reportId, expenseId }
    const attendeeId = await newAttendee()
    const exception = { exceptionCode: 'CHECKIT', exceptionVisibility: 'ALL' }
    await ok(person.call('/expense-attendees', { method: 'POST', query, body: { attendeeId } }))
    await ok(person.call('/report-comments', { method: 'POST', query, body: { comment: 'Look' } }))
    await ok(company.call('/report-exceptions', { method: 'POST', query, body: exception }))
    for (const name of ['expense-attendees', 'report-comments', 'report-exceptions', 'form-fields']) {
      const where = name === 'form-fields' ? { reportId } : query
      const rows = (await ok(company.call(`/${name}`, { query: where }))).json
      expect(rows.length, name).toBeGreaterThan(0)
      const { fields } = (await ok(company.call(`/objects/${name}/metadata`))).json
      const known = ['id', ...fields.map((field: { vendorPath: string }) => field.vendorPath)]
      for (const field of rows.flatMap((row: object) => Object.keys(row))) expect(known).toContain(field)
    }
  })
})

describe('refusals', () => {
  it('tell what is not there, what is closed, and what more has to be said', async () => {
    const { reportId, id, expenseId } = await newExpense()
    const none = { reportId: '0123456789ABCDEF0123' }
    for (const path of ['/report-comments', '/report-exceptions', '/form-fields'])
      expect((await company.call(path, { query: none })).status, path).toBe(404)
    for (const path of ['/report-comments', '/report-exceptions', '/form-fields'])
      expect((await company.call(path)).json.message, path).toContain('reportId')
    for (const [named, missing] of [
      [{ reportId }, 'expenseId'],
      [{ expenseId }, 'reportId'],
    ] as const)
      expect((await company.call('/expense-attendees', { query: named })).json.message).toContain(missing)
    const attendeeId = await newAttendee()
    const query = { reportId, expenseId }
    const gone = await person.call(`/expense-attendees/${attendeeId}`, { method: 'DELETE', query })
    expect(gone.status).toBe(404)
    const alone = await company.call('/report-exceptions', { query: { reportId, allocationId: 'gW$pShare' } })
    expect([alone.status, alone.json.message]).toEqual([400, expect.stringContaining('id of v3')])
    const share = { reportId, allocationId: '3BBB494511E1C74DA04469C45B039871' }
    expect((await company.call('/report-exceptions', { query: share })).json.message).toContain('expenseId')
    const amount = { ...query, attendeeId, transactionAmount: 'ten' }
    const wrong = await person.call('/expense-attendees', { method: 'POST', body: amount })
    expect([wrong.status, wrong.json.message]).toEqual([400, expect.stringContaining('transactionAmount')])
    await ok(person.call(`/reports/${reportId}/submit`, { method: 'POST' }))
    const late = await person.call('/expense-attendees', { method: 'POST', body: { ...query, attendeeId } })
    expect([late.status, late.json.providerMessage]).toEqual([400, expect.stringContaining('workflow')])
    const body = {
      EntryID: id,
      ExpenseTypeCode: 'DINNR',
      TransactionAmount: 1,
      TransactionDate: '2026-01-01',
    }
    const closed = await person.call('/itemizations', { method: 'POST', body })
    expect([closed.status, closed.json.providerMessage]).toEqual([400, expect.stringContaining('workflow')])
  })

  it('name the missing scope of a call that is made of several', async () => {
    const { reportId, expenseId } = await newExpense()
    const scope = 'openid user.read EXPRPT'
    const code = await codeFor(product, member, { login: traveller, scope })
    const made = await post(product, member, { configuration, providerData: { code } })
    const narrow = connected(product, member, made)
    await sandbox.faults({ fault: 'refuse-deprecated' })
    const reply = await narrow.call('/attendees')
    expect([reply.status, reply.json.message]).toEqual([403, expect.stringContaining('attendee.read')])
    const types = await narrow.call('/payment-types')
    expect(types.json.message).toContain('expense.config.paymenttypes.restricted.read')
    // What EXPRPT allows besides.
    expect((await narrow.call('/expense-attendees', { query: { reportId, expenseId } })).status).toBe(200)
    await narrow.remove()
  })
})

describe('the id of v3 of a payment type', () => {
  const withIds = async (instance: Connected) => {
    const rows = (await ok(instance.call('/payment-types'))).json
    return rows.filter((row: { PaymentTypeID?: string }) => row.PaymentTypeID !== undefined).length
  }

  it('is missing where the deprecated API is shut, and not because it failed once', async () => {
    const shut = await userInstance(product, member, { login: traveller })
    await sandbox.faults({ fault: 'refuse-deprecated' })
    expect(await withIds(shut)).toBe(0)
    const failing = await userInstance(product, member, { login: traveller })
    await sandbox.faults({ fault: 'server-error', operation: 'groups-v3.list' })
    const reply = await failing.call('/payment-types')
    expect(reply.status).toBe(502)
    await sandbox.faults()
    expect(await withIds(failing)).toBeGreaterThan(0)
  })
})
