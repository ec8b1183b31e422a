import {
  badInput,
  type Given,
  isRecord,
  type JsonObject,
  notFound,
  type VendorPort,
} from '#src/element/index.ts'

/**
 * An expense has two ids: `ID` of v3, a protected text, and `ExpenseID` of v4, 32 hex digits. Rows of Entries v3 carry
 * both. No call leads from the second to the first: the entries of its report are read until one has it.
 * Source: SAP Concur, Entries v3 and Expenses v4 (spec/concur.md 0.7, 3.2, 8.5), compared 2026-08.
 */

const daySeconds = 86_400
const ofV4 = /^[0-9a-f]{32}$/i

/** Both ids of an expense, and its report. */
export interface ExpenseIds {
  readonly reportId: string
  readonly id: string
  readonly expenseId: string
}

const text = (row: JsonObject, name: string): string => {
  const value = row[name]
  return typeof value === 'string' ? value : ''
}

const idsIn = (row: JsonObject): ExpenseIds => ({
  reportId: text(row, 'ReportID'),
  id: text(row, 'ID'),
  expenseId: text(row, 'ExpenseID').toUpperCase(),
})

/** The report that the caller names. */
const reportIn = (given: Given): string | undefined => given.reportId ?? given.reportID ?? given.ReportID

/** A company's grant reaches everybody's expenses, a person's the own ones and, by name, those of others. */
const whose = (port: VendorPort, given: Given): string | undefined => {
  if (given.user !== undefined) return given.user
  const isEverybodys =
    port.principalOf(['company', 'user']) === 'company' || port.configured('concur.report.owner') === 'all'
  return isEverybodys ? 'ALL' : undefined
}

const nextOffset = (next: unknown): string | undefined =>
  typeof next === 'string' && URL.canParse(next)
    ? (new URL(next).searchParams.get('offset') ?? undefined)
    : undefined

/** The entry of a report with that id of v4; undefined: there is none. */
const findOnReport = async (
  port: VendorPort,
  reportId: string,
  expenseId: string,
  given: Given,
): Promise<ExpenseIds | undefined> => {
  let offset: string | undefined
  do {
    const { body } = await port.ask({
      method: 'GET',
      path: '/api/v3.0/expense/entries',
      query: { reportID: reportId, user: whose(port, given), limit: '100', offset },
      principals: ['company', 'user'],
      scopes: ['EXPRPT'],
    })
    const page = isRecord(body) ? body : {}
    const rows = Array.isArray(page.Items) ? page.Items.filter(isRecord).map(idsIn) : []
    const found = rows.find((row) => row.expenseId === expenseId)
    if (found !== undefined) return found
    const next = nextOffset(page.NextPage)
    offset = next === offset ? undefined : next
  } while (offset !== undefined)
  return undefined
}

const byV4 = (port: VendorPort, id: string, given: Given): Promise<ExpenseIds> => {
  const reportId = reportIn(given)
  if (reportId === undefined) {
    throw badInput(
      `'${id}' is an ExpenseID, which SAP Concur finds on a report only. Name the report (reportId), or use the ID of the expense.`,
    )
  }
  const expenseId = id.toUpperCase()
  return port.remember(`expense/${reportId}/${expenseId}`, daySeconds, async () => {
    const found = await findOnReport(port, reportId, expenseId, given)
    if (found !== undefined) return { ...found }
    throw notFound(`No expense found with id ${id} on the report ${reportId}`)
  })
}

const byV3 = (port: VendorPort, id: string, given: Given): Promise<ExpenseIds> =>
  port.remember(`entry/${id}`, daySeconds, async () => {
    const user = whose(port, given)
    const { body } = await port.ask({
      method: 'GET',
      path: `/api/v3.0/expense/entries/${encodeURIComponent(id)}`,
      query: { user: user === 'ALL' ? undefined : user },
      principals: ['company', 'user'],
      scopes: ['EXPRPT'],
    })
    return { ...idsIn(isRecord(body) ? body : {}) }
  })

/**
 * The id that v3 takes (`Resource.translate`); one of v3 stays as it is.
 * @param given names the report of an `ExpenseID`: `reportId`, `reportID` or `ReportID`; `user`: whose it is.
 * @throws AppError `bad-request` on an `ExpenseID` without its report, `provider-not-found`.
 */
export const toV3ExpenseId = async (port: VendorPort, id: string, given: Given): Promise<string> =>
  ofV4.test(id) ? (await byV4(port, id, given)).id : id

/** The id that v4 takes (`Resource.translate`); one of v4 stays as it is. @throws as `toV3ExpenseId`. */
export const toV4ExpenseId = async (port: VendorPort, id: string, given: Given): Promise<string> =>
  ofV4.test(id) ? id : (await byV3(port, id, given)).expenseId
