import { booleanParam, dateParam, textParam } from './params.ts'
import { personByLogin } from './people.ts'
import type { Entry, Report } from './records.ts'

/**
 * The list filters of reports besides `user`, `offset` and `limit`.
 * Follows: developer.concur.com, Reports v3, query parameters. Verified: 2026-08
 *
 * Decided here, because the page leaves it open: Before and After exclude their border; an empty date
 * never matches; the filters on entries each ask for one entry that matches, and only the pair
 * entryTransactionDateAfter/Before must be met by the same one; codes and names compare exactly.
 */
export interface ReportFilter {
  /** Cheap: looks at the header only. */
  readonly header: (report: Report) => boolean
  /** Looks at the entries; undefined when no filter needs them. */
  readonly entries: ((entries: readonly Entry[]) => boolean) | undefined
  /** Bounds of LastModifiedDate, exclusive, that let a scan start late and end early. */
  readonly modifiedBefore: number | undefined
  readonly modifiedAfter: number | undefined
}

type Test<Row> = (row: Row) => boolean

const codeList = (query: URLSearchParams, name: string, get: (report: Report) => string): Test<Report>[] => {
  const text = textParam(query, name)
  if (text === undefined) return []
  const codes = new Set(text.split(',').map((code) => code.trim()))
  return [(report) => codes.has(get(report))]
}

const equal = (
  query: URLSearchParams,
  name: string,
  get: (report: Report) => string | null,
): Test<Report>[] => {
  const text = textParam(query, name)
  return text === undefined ? [] : [(report) => get(report) === text]
}

const headerDates: readonly (readonly [stem: string, get: (report: Report) => number | null])[] = [
  ['createDate', (report) => report.createdAt],
  ['userDefinedDate', (report) => report.userDefinedAt],
  ['submitDate', (report) => report.submitAt],
  ['processingPaymentDate', (report) => report.processingAt],
  ['paidDate', (report) => report.paidAt],
  ['modifiedDate', (report) => report.modifiedAt],
]

const between = (at: number | null, after: number | undefined, before: number | undefined): boolean =>
  at !== null && (after === undefined || at > after) && (before === undefined || at < before)

const dateTests = (query: URLSearchParams): Test<Report>[] =>
  headerDates.flatMap(([stem, get]) => {
    const after = dateParam(query, `${stem}After`)
    const before = dateParam(query, `${stem}Before`)
    return after === undefined && before === undefined
      ? []
      : [(report: Report) => between(get(report), after, before)]
  })

const testUser = (query: URLSearchParams): Test<Report>[] => {
  const wanted = booleanParam(query, 'isTestUser')
  return wanted === undefined
    ? []
    : [(report) => (personByLogin(report.ownerLogin)?.testUser ?? false) === wanted]
}

const someText = (
  query: URLSearchParams,
  name: string,
  test: (entry: Entry, text: string) => boolean,
): Test<Entry>[] => {
  const text = textParam(query, name)
  return text === undefined ? [] : [(entry) => test(entry, text)]
}

const someFlag = (query: URLSearchParams, name: string, get: (entry: Entry) => boolean): Test<Entry>[] => {
  const wanted = booleanParam(query, name)
  return wanted === undefined ? [] : [(entry) => get(entry) === wanted]
}

const entryTests = (query: URLSearchParams): Test<Entry>[] => {
  const after = dateParam(query, 'entryTransactionDateAfter')
  const before = dateParam(query, 'entryTransactionDateBefore')
  return [
    ...someText(query, 'paymentType', (entry, id) => entry.paymentTypeId === id),
    ...someText(query, 'expenseTypeCode', (entry, code) => entry.typeCode === code),
    ...someText(query, 'attendeeTypeCode', (entry, code) =>
      entry.attendees.some((attendee) => attendee.typeCode === code),
    ),
    ...someText(query, 'vendorName', (entry, name) => entry.vendorDescription === name),
    ...someFlag(query, 'hasVAT', (entry) => entry.hasVat),
    ...someFlag(query, 'hasImages', (entry) => entry.hasImage),
    ...someFlag(query, 'hasAttendees', (entry) => entry.attendees.length > 0),
    ...someFlag(query, 'hasBillableExpenses', (entry) => entry.billable),
    ...(after === undefined && before === undefined
      ? []
      : [(entry: Entry) => between(entry.transactionAt, after, before)]),
  ]
}

/** Reads all filters of a query; throws `Refused` 400 for a bad date or boolean. */
export const readReportFilter = (query: URLSearchParams): ReportFilter => {
  const headers = [
    ...codeList(query, 'approvalStatusCode', (report) => report.approval),
    ...codeList(query, 'paymentStatusCode', (report) => report.payment),
    ...equal(query, 'currencyCode', (report) => report.currency),
    ...equal(query, 'countryCode', (report) => report.country),
    ...equal(query, 'reimbursementMethod', (report) => report.reimbursementMethod),
    ...equal(query, 'approverLoginID', (report) => report.approverLogin),
    ...equal(query, 'expenseGroupConfigID', (report) => report.groupConfigId),
    ...equal(query, 'batchID', (report) => report.batchId),
    ...testUser(query),
    ...dateTests(query),
  ]
  const some = entryTests(query)
  return {
    header: (report) => headers.every((test) => test(report)),
    entries: some.length === 0 ? undefined : (entries) => some.every((test) => entries.some(test)),
    modifiedAfter: dateParam(query, 'modifiedDateAfter'),
    modifiedBefore: dateParam(query, 'modifiedDateBefore'),
  }
}
