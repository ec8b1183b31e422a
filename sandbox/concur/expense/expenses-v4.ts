import { entrySlots } from '../entry-row.ts'
import { Refused } from '../errors.ts'
import type { Ask, Operation, Sandbox } from '../operation.ts'
import { booleanParam } from '../params.ts'
import { jsonObject } from '../read-body.ts'
import type { Reply } from '../reply.ts'
import { changeEntry, entriesOf } from '../store.ts'
import { booleanField, textField } from '../write-fields.ts'
import { placeOf, readCustomData } from './custom-data.ts'
import { expenseDetail, expenseRow, itemizationRow } from './expense-row.ts'
import { itemizationsOf } from './itemization-data.ts'
import { byPerson, expenseOf, longPath, reportOfCompany, shortPath } from './report-in-path.ts'

/** Expenses v4: those of a report, one, its itemizations, and the company's changes. Follows: developer.concur.com, Expenses v4. Verified: 2026-08 */
const long = `${longPath}/reports/{reportId}/expenses`

const list = (sandbox: Sandbox, ask: Ask): Reply => {
  const report = byPerson('TRAVELER', 'PROXY')(sandbox, ask)
  const parts = booleanParam(ask.query, 'includeItemizations') ?? false
  const body = entriesOf(sandbox, report).flatMap((entry) => [
    expenseRow(sandbox, ask, report, entry),
    ...(parts
      ? itemizationsOf(sandbox, entry).map((part) => itemizationRow(sandbox, ask, report, entry, part))
      : []),
  ])
  return { status: 200, body }
}

const get = (sandbox: Sandbox, ask: Ask): Reply => {
  const report = byPerson('TRAVELER', 'PROXY', 'MANAGER')(sandbox, ask)
  return { status: 200, body: expenseDetail(sandbox, ask, report, expenseOf(sandbox, ask, report)) }
}

const itemizations = (sandbox: Sandbox, ask: Ask): Reply => {
  const report = byPerson('TRAVELER', 'PROXY', 'MANAGER')(sandbox, ask)
  const entry = expenseOf(sandbox, ask, report)
  const rows = itemizationsOf(sandbox, entry).map((part) => itemizationRow(sandbox, ask, report, entry, part))
  return { status: 200, body: rows }
}

const sources = ['EA', 'MOB', 'OTHER', 'SE', 'TA', 'TR', 'UI']

const patch = (sandbox: Sandbox, ask: Ask): Reply => {
  const report = reportOfCompany(sandbox, ask)
  const entry = expenseOf(sandbox, ask, report)
  if (report.payment === 'P_PAID' || report.payment === 'P_PAYC') {
    throw new Refused(409, 'The report has been sent for payment: its expenses cannot be changed')
  }
  const body = jsonObject(ask.headers['content-type'], ask.body)
  const source = textField(body, 'expenseSource', 10)
  if (!sources.includes(source ?? '')) throw new Refused(400, `expenseSource: one of ${sources.join(', ')}`)
  const purpose = textField(body, 'businessPurpose', 64)
  const rejected = booleanField(body, 'isExpenseRejected')
  const paper = booleanField(body, 'isPaperReceiptReceived')
  const custom = readCustomData(body, entrySlots, placeOf(sandbox, ask, entry.fields))
  changeEntry(sandbox, entry, {
    ...(purpose === undefined ? {} : { description: purpose }),
    ...(rejected === undefined ? {} : { rejected, approved: rejected || entry.personal ? 0 : entry.posted }),
    ...(paper === undefined ? {} : { paperReceipt: paper }),
    fields: { ...entry.fields, ...custom },
  })
  return { status: 204 }
}

const shared = { family: 'v4', access: 'bearer', follows: 'Expenses v4' } as const
const read = { ...shared, method: 'GET', scope: /^(?:expense\.report\.(?:read|readwrite)|EXPRPT)$/ } as const

export const expenseOperations: readonly Operation[] = [
  { ...read, name: 'expenses.list', path: long, run: list },
  { ...read, name: 'expenses.get', path: `${long}/{expenseId}`, run: get },
  { ...read, name: 'expenses.itemizations', path: `${long}/{expenseId}/itemizations`, run: itemizations },
  {
    ...{ ...shared, name: 'expenses.update', method: 'PATCH', path: `${shortPath}/expenses/{expenseId}` },
    ...{ scope: /^(?:expense\.report\.readwrite|EXPRPT)$/, run: patch },
  },
]
