import { isOpen } from './codes.ts'
import { Refused } from './errors.ts'
import type { Ask, Operation, Sandbox } from './operation.ts'
import { isTheirs, whoseRow } from './owner.ts'
import { checkCompanyOrAdmin } from './principals.ts'
import type { Entry } from './records.ts'
import type { Reply } from './reply.ts'
import { entriesOf, findEntry, findReport, orphanEntries } from './store.ts'

/** The two addresses that delete an entry: the deprecated one of v3, and the one of v4. */

/** The entry when the caller may see it; else 404, so that ids cannot be tried out. */
export const visibleEntry = (sandbox: Sandbox, ask: Ask): Entry => {
  const whose = whoseRow(ask)
  const entry = findEntry(sandbox, ask.params['id'] ?? '')
  if (entry === undefined || !isTheirs(whose, entry.ownerLogin)) {
    throw new Refused(404, `The entry was not found; for another person's entry send user=LOGIN`)
  }
  return entry
}

/**
 * Deprecated on 2025-06-26, unsupported a year later, and still answering: 200 without content. An entry
 * of a report in workflow is refused with 400, as creating one there is (decided here: the page is silent).
 * Follows: developer.concur.com, Expense Entry v3, delete, and its schema. Verified: 2026-08
 */
const removeOnV3 = (sandbox: Sandbox, ask: Ask): Reply => {
  const entry = visibleEntry(sandbox, ask)
  const report = findReport(sandbox, entry.reportId)
  if (report !== undefined && !isOpen(report.approval)) {
    throw new Refused(400, 'The report is in workflow: its entries cannot be deleted')
  }
  sandbox.state.record({ kind: 'entry-deleted', id: entry.id, reportId: entry.reportId })
  return { status: 200 }
}

/**
 * Follows: developer.concur.com, Expenses v4, delete: 204, 404, and 409 once
 * the report is in workflow. Verified: 2026-08
 */
const removeOnV4 = (sandbox: Sandbox, ask: Ask): Reply => {
  checkCompanyOrAdmin(sandbox, ask)
  const { reportId = '', expenseId = '' } = ask.params
  const report = findReport(sandbox, reportId)
  const entries =
    report === undefined
      ? orphanEntries(sandbox).filter((entry) => entry.reportId === reportId)
      : entriesOf(sandbox, report)
  const entry = entries.find((other) => other.expenseId === expenseId.toUpperCase())
  if (entry === undefined || !isTheirs({ kind: 'everybody', home: ask.dataCentre }, entry.ownerLogin)) {
    throw new Refused(404, 'The expense was not found on this report')
  }
  if (report !== undefined && !isOpen(report.approval)) {
    throw new Refused(409, 'The report is in workflow: its expenses cannot be deleted')
  }
  sandbox.state.record({ kind: 'entry-deleted', id: entry.id, reportId })
  return { status: 204 }
}

export const entryDeletions: readonly Operation[] = [
  {
    name: 'entries.delete',
    follows: 'Expense Entry v3, Delete',
    method: 'DELETE',
    path: '/api/v3.0/expense/entries/{id}',
    family: 'v3',
    access: 'bearer',
    scope: /^EXPRPT$/,
    deprecated: {
      warning:
        'Deprecated API: use DELETE /expensereports/v4/reports/{reportId}/expenses/{expenseId} instead',
      sunsetAt: Date.UTC(2026, 5, 26),
    },
    run: removeOnV3,
  },
  {
    name: 'expenses.delete',
    follows: 'Expenses v4, Delete',
    method: 'DELETE',
    path: '/expensereports/v4/reports/{reportId}/expenses/{expenseId}',
    family: 'v4',
    access: 'bearer',
    scope: /^(?:expense\.report\.readwrite|EXPRPT)$/,
    run: removeOnV4,
  },
]
