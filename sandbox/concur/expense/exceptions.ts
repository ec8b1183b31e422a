import { Refused } from '../errors.ts'
import type { Ask, Operation, Sandbox } from '../operation.ts'
import { booleanParam } from '../params.ts'
import { personByLogin } from '../people.ts'
import { jsonObject } from '../read-body.ts'
import type { Report } from '../records.ts'
import type { Reply } from '../reply.ts'
import { changeReport, entriesOf } from '../store.ts'
import { createTable, type Kept } from '../table.ts'
import { textField } from '../write-fields.ts'
import { allocationsOf } from './allocation-data.ts'
import { byPerson, expenseOf, type Finder, longPath, reportOfCompany, shortPath } from './report-in-path.ts'

/**
 * Exceptions of reports, expenses and allocations. Each code has one message here, and blocks nothing.
 * Follows: developer.concur.com, Exceptions v4. Verified: 2026-08
 */
interface Exception {
  readonly code: string
  readonly visibility: string
  readonly expenseId: string | null
  readonly allocationId: string | null
}
interface Exceptions extends Kept {
  readonly list: readonly Exception[]
}
/** By report: whoever writes one writes the report's whole list. */
const exceptions = createTable<Exceptions>('exceptions')

const homeOf = (report: Report) => personByLogin(report.ownerLogin)?.home ?? 'us2'

const seeded = (sandbox: Sandbox, report: Report): readonly Exception[] => {
  if (!report.hasException || report.index === null) return []
  const expenseId = entriesOf(sandbox, report)[0]?.expenseId ?? null
  return [{ code: 'LATESUBM', visibility: 'ALL', expenseId, allocationId: null }]
}

export const exceptionsOf = (sandbox: Sandbox, report: Report): readonly Exception[] =>
  exceptions.find(sandbox, homeOf(report), report.id)?.list ?? seeded(sandbox, report)

const messages: Readonly<Record<string, string>> = {
  LATESUBM: 'The expense is older than the policy allows.',
}

const rowOf = ({ code, visibility, expenseId, allocationId }: Exception) => ({
  exceptionCode: code,
  exceptionVisibility: visibility,
  isBlocking: false,
  message: messages[code] ?? `Exception ${code} was set by an application.`,
  allocationId,
  expenseId,
  parentExpenseId: null,
})

interface Target {
  readonly report: Report
  readonly expenseId: string | null
  readonly allocationId: string | null
}
const target = (sandbox: Sandbox, ask: Ask, find: Finder): Target => {
  const report = find(sandbox, ask)
  if (ask.params['expenseId'] === undefined) return { report, expenseId: null, allocationId: null }
  const entry = expenseOf(sandbox, ask, report)
  const id = ask.params['allocationId']?.toUpperCase()
  if (id === undefined) return { report, expenseId: entry.expenseId, allocationId: null }
  if (!allocationsOf(sandbox, entry).some((each) => each.v4Id === id)) {
    throw new Refused(404, 'The allocation was not found on this expense')
  }
  return { report, expenseId: entry.expenseId, allocationId: id }
}

const isAt = (one: Exception, { expenseId, allocationId }: Target): boolean =>
  one.expenseId === expenseId && one.allocationId === allocationId

/** A report's list holds its expenses' too, unless `excludeExpenses` says otherwise. */
const list =
  (find: Finder) =>
  (sandbox: Sandbox, ask: Ask): Reply => {
    const at = target(sandbox, ask, find)
    const whole = at.expenseId === null && booleanParam(ask.query, 'excludeExpenses') !== true
    const all = exceptionsOf(sandbox, at.report)
    return { status: 200, body: all.filter((one) => whole || isAt(one, at)).map(rowOf) }
  }

const putAll = (sandbox: Sandbox, report: Report, all: readonly Exception[]): void => {
  exceptions.put(sandbox, { id: report.id, home: homeOf(report), list: all })
  changeReport(sandbox, report, { hasException: all.length > 0 })
}

const put = (sandbox: Sandbox, ask: Ask): Reply => {
  const at = target(sandbox, ask, reportOfCompany)
  const body = jsonObject(ask.headers['content-type'], ask.body)
  const code = textField(body, 'exceptionCode', 8) ?? ''
  const visibility = textField(body, 'exceptionVisibility', 20) ?? ''
  if (code === '') throw new Refused(400, 'exceptionCode is required')
  const visibilities = ['ALL', 'APPROVER_PROCESSOR', 'PROCESSOR']
  if (!visibilities.includes(visibility)) {
    throw new Refused(400, `exceptionVisibility: one of ${visibilities.join(', ')}`)
  }
  const { report, ...place } = at
  const rest = exceptionsOf(sandbox, report).filter((one) => !(isAt(one, at) && one.code === code))
  putAll(sandbox, report, [...rest, { code, visibility, ...place }])
  return { status: 200 }
}

const remove = (sandbox: Sandbox, ask: Ask): Reply => {
  const at = target(sandbox, ask, reportOfCompany)
  const all = exceptionsOf(sandbox, at.report)
  const rest = all.filter((one) => !(isAt(one, at) && one.code === ask.params['exceptionCode']))
  if (rest.length === all.length) throw new Refused(404, 'The exception was not found')
  putAll(sandbox, at.report, rest)
  return { status: 204 }
}

const scope = /^(?:expense\.report\.(?:read|readwrite)|EXPRPT)$/
const writeScope = /^(?:expense\.report\.readwrite|EXPRPT)$/
const anybody = byPerson('TRAVELER', 'MANAGER', 'PROCESSOR', 'PROXY')

const operationsAt = (name: string, rest: string): readonly Operation[] => {
  const shared = { family: 'v4', access: 'bearer', follows: 'Exceptions v4' } as const
  const long = `${longPath}/reports/{reportId}${rest}/exceptions`
  const short = `${shortPath}${rest}/exceptions`
  return [
    { ...shared, name: `${name}.list`, method: 'GET', path: long, scope, run: list(anybody) },
    { ...shared, name: `${name}.list-short`, method: 'GET', path: short, scope, run: list(reportOfCompany) },
    { ...shared, name: `${name}.put`, method: 'PUT', path: short, scope: writeScope, run: put },
    {
      ...{ ...shared, name: `${name}.delete`, method: 'DELETE', path: `${short}/{exceptionCode}` },
      ...{ scope: writeScope, run: remove },
    },
  ]
}

export const exceptionOperations: readonly Operation[] = [
  ...operationsAt('report-exceptions', ''),
  ...operationsAt('expense-exceptions', '/expenses/{expenseId}'),
  ...operationsAt('allocation-exceptions', '/expenses/{expenseId}/allocations/{allocationId}'),
]
