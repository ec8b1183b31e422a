import type { Hanging } from '../entry-row.ts'
import type { Sandbox } from '../operation.ts'
import type { Entry } from '../records.ts'
import { findReport } from '../store.ts'
import { exceptionsOf } from './exceptions.ts'
import { itemizationsOf } from './itemization-data.ts'

/** What an entry's v3 row tells of what hangs on it. */
export const hangingOn = (sandbox: Sandbox, entry: Entry): Hanging => {
  const report = findReport(sandbox, entry.reportId)
  const exceptions = report === undefined || !report.hasException ? [] : exceptionsOf(sandbox, report)
  return {
    itemized: itemizationsOf(sandbox, entry).length > 0,
    allocated: report !== undefined && report.submitAt !== null,
    hasException: exceptions.some((one) => one.expenseId === entry.expenseId),
  }
}
