import { expect } from 'vitest'
import type { Json, JsonObject } from '#src/lib/json.ts'
import type { Answer } from '../support/client.ts'
import {
  adminLogin,
  type Connected,
  companyInstance,
  legacyInstance,
  userInstance,
} from '../support/grants.ts'
import { type Product, startProduct } from '../support/product.ts'
import { controlsOf } from '../support/sandbox.ts'
import type { Who } from './drive.ts'

/** Names in braces and what they stand for. */
export type Known = Record<string, string>

export interface DriveStage {
  readonly product: Product
  readonly instances: Readonly<Record<Who, Connected>>
  /** What is known to all; each instance adds the rows that it made. */
  readonly known: Readonly<Record<Who, Known>>
}

export const ok = async (asked: Promise<Answer>): Promise<Answer> => {
  const reply = await asked
  expect(reply.status, reply.text).toBe(200)
  return reply
}

/** A value with every name in braces replaced. @throws Error for a name that nobody knows. */
export const filled = <Value extends Json>(value: Value, known: Readonly<Known>): Value => {
  if (typeof value === 'string') {
    return value.replace(/\{(\w+)\}/g, (_whole, name: string) => {
      const found = known[name]
      if (found === undefined) throw new Error(`nothing is known as {${name}}`)
      return found
    }) as Value
  }
  if (Array.isArray(value)) return value.map((each: Json) => filled(each, known)) as unknown as Value
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, filled(inner as Json, known)]),
  ) as Value
}

const newReport = async (person: Connected, paymentTypeId: string) => {
  const post = async (path: string, body: JsonObject) =>
    (await ok(person.call(path, { method: 'POST', body }))).json
  const report = await post('/reports', { Name: 'For what is driven' })
  const entry = await post('/expenses', {
    ...{ ReportID: report.ID, ExpenseTypeCode: 'DINNR', PaymentTypeID: paymentTypeId },
    ...{ TransactionDate: '2026-01-01', TransactionAmount: 60, TransactionCurrencyCode: 'EUR' },
  })
  return { reportId: report.ID, entryId: entry.ID, expenseId: entry.ExpenseID }
}

/** A report that waits for somebody: who wrote it, and who approves. */
const pending = async (company: Connected): Promise<{ traveller: string; manager: string }> => {
  const query = { where: `approvalStatusCode = 'A_PEND'`, pageSize: '1' }
  const [row] = (await ok(company.call('/reports', { query }))).json
  return { traveller: row.OwnerLoginID, manager: row.ApproverLoginID }
}

const sharedKnown = async ({ company, person, v3 }: Record<'company' | 'person' | 'v3', Connected>) => {
  const first = async (instance: Connected, path: string, query: Record<string, string> = {}) =>
    (await ok(instance.call(path, { query: { pageSize: '1', ...query } }))).json[0]
  const paymentTypeId = (await first(person, '/payment-types')).PaymentTypeID
  const vendorList = (await ok(v3.call('/lists', { query: { pageSize: '100' } }))).json.find(
    (row: { IsVendorList: boolean }) => row.IsVendorList,
  )
  const sent = await newReport(person, paymentTypeId)
  await ok(person.call(`/reports/${sent.reportId}/submit`, { method: 'POST' }))
  const attendee = { attendeeTypeCode: 'BUSGUEST', lastName: 'Kingfisher', company: 'River' }
  const vendor = {
    VendorCode: 'DRIVEN',
    AddressCode: 'A1',
    VendorName: 'River',
    CountryCode: 'DE',
    CurrencyCode: 'EUR',
  }
  await ok(company.call('/vendors', { method: 'POST', body: vendor }))
  return {
    ...(await newReport(person, paymentTypeId)),
    ...{ paymentTypeId, sentReportId: sent.reportId, vendorCode: vendor.VendorCode },
    first: (await newReport(person, paymentTypeId)).reportId,
    second: (await newReport(person, paymentTypeId)).reportId,
    locationId: (await first(v3, '/locations', { where: `country = 'DE'` })).ID,
    vendorItemId: (await first(v3, '/items', { where: `listId = '${vendorList.ID}'` })).ID,
    attendeeId: (await ok(person.call('/attendees', { method: 'POST', body: attendee }))).json.id,
  }
}

/** What the stage asks of the sandbox all the time: ids of another kind are refused. */
export const stageFaults = [{ fault: 'ids', value: 'strict' }] as const

const stageOn = async (product: Product): Promise<DriveStage> => {
  await controlsOf(product).faults(...stageFaults)
  const { admin } = product
  const company = await companyInstance(product, admin)
  const { traveller, manager } = await pending(company)
  const instances = {
    company,
    person: await userInstance(product, admin, { login: traveller }),
    manager: await userInstance(product, admin, { login: manager }),
    v3: await companyInstance(product, admin, { configuration: { 'concur.api.generation': 'v3' } }),
    legacy: await legacyInstance(product, admin, { login: adminLogin }),
  }
  const known = { traveller, ...(await sharedKnown(instances)) }
  const knownTo = (n: string): Known => ({ ...known, n })
  return {
    ...{ product, instances },
    known: {
      company: knownTo('1'),
      person: knownTo('2'),
      manager: knownTo('3'),
      v3: knownTo('4'),
      legacy: knownTo('5'),
    },
  }
}

/** A product with a tap, its sandbox strict about foreign ids, and everything that the drives name. */
export const openDriveStage = async (): Promise<DriveStage> => {
  const product = await startProduct({ tap: true, sandbox: { reports: 120 } })
  try {
    return await stageOn(product)
  } catch (error) {
    await product.close()
    throw error
  }
}
