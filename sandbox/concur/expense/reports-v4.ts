import { isOpen } from '../codes.ts'
import { groupOfPerson } from '../config/config-data.ts'
import { readDate } from '../dates.ts'
import { Refused } from '../errors.ts'
import type { Ask, Operation, Sandbox } from '../operation.ts'
import { booleanParam, textParam } from '../params.ts'
import { type Person, peopleOf, personByLogin } from '../people.ts'
import { jsonObject } from '../read-body.ts'
import type { Report } from '../records.ts'
import type { Reply } from '../reply.ts'
import { amountsOf, customNames, orgUnitNames } from '../report-row.ts'
import { blankReport } from '../reports.ts'
import { changeReport, entriesOf, scanReports } from '../store.ts'
import { personInPath } from '../v4-person.ts'
import { type Body, booleanField, isStrict, textField } from '../write-fields.ts'
import { noteComment } from './comments.ts'
import { placeOf, readCustomData } from './custom-data.ts'
import { dayOf, reportDetails, reportNumber } from './report-details.ts'
import { contextOf, longPath, reportOfCompany, reportOfPerson, shortPath } from './report-in-path.ts'

/** Reports v4: one, create, change, delete, and those to approve. Follows: developer.concur.com, Reports v4. Verified: 2026-08 */
const slots = [...orgUnitNames, ...customNames(20)]

const get = (sandbox: Sandbox, ask: Ask): Reply => {
  const report = reportOfPerson(sandbox, ask, ['TRAVELER', 'MANAGER', 'PROCESSOR', 'PROXY'])
  return { status: 200, body: reportDetails(sandbox, ask, report, ask.params['contextType'] ?? 'TRAVELER') }
}

const dayField = (body: Body, name: string): number | undefined => {
  const text = textField(body, name, 10)
  if (text === undefined || text === null) return undefined
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? readDate(text) : undefined
  if (at === undefined) throw new Refused(400, `${name}: '${text}' is not a date; use yyyy-MM-dd`)
  return at
}

const given = <Value>(name: keyof Report, value: Value | undefined): Record<string, Value> =>
  value === undefined ? {} : { [name]: value }

/** The fields that are the same in every write. */
const readShared = (sandbox: Sandbox, ask: Ask, body: Body, old: Report) => {
  const name = textField(body, 'name', 40)
  if (name === null || name?.trim() === '') throw new Refused(400, 'name is required')
  return {
    ...given('name', name),
    ...given('purpose', textField(body, 'businessPurpose', 64)),
    ...given('paperReceipts', booleanField(body, 'isPaperReceiptsReceived')),
    fields: { ...old.fields, ...readCustomData(body, slots, placeOf(sandbox, ask, old.fields)) },
  }
}

const readOwners = (sandbox: Sandbox, ask: Ask, body: Body, old: Report): Partial<Report> => ({
  ...readShared(sandbox, ask, body, old),
  ...given('country', textField(body, 'countryCode', 2) ?? undefined),
  ...given('subdivision', textField(body, 'countrySubDivisionCode', 6)),
  ...given('userDefinedAt', dayField(body, 'reportDate')),
  ...given('startAt', dayField(body, 'startDate')),
  ...given('endAt', dayField(body, 'endDate')),
})

/** Writes the changes, and the comment of the body where it has one. */
const save = (sandbox: Sandbox, body: Body, old: Report, changes: Partial<Report>, author: string): void => {
  const comment = textField(body, 'comment', 2000)
  if (typeof comment === 'string' && comment !== '') {
    noteComment(sandbox, old, comment, author)
    changeReport(sandbox, old, { ...changes, lastComment: comment })
  } else changeReport(sandbox, old, changes)
}

const policyOf = (sandbox: Sandbox, ask: Ask, body: Body, owner: Person): string => {
  const id = textField(body, 'policyId', 64)
  if (typeof id !== 'string' || id === '') throw new Refused(400, 'policyId is required')
  const theirs = groupOfPerson(owner).policies.some((policy) => policy.id === id.toUpperCase())
  if (!theirs && isStrict(sandbox, ask)) throw new Refused(400, `policyId: '${id}' is not one of the user’s`)
  return id.toUpperCase()
}

const create = (sandbox: Sandbox, ask: Ask): Reply => {
  const owner = personInPath(ask)
  contextOf(ask, ['TRAVELER', 'PROXY'])
  const body = jsonObject(ask.headers['content-type'], ask.body)
  const blank: Report = { ...blankReport(owner, sandbox.clock.now()), name: '' }
  const changes = readOwners(sandbox, ask, body, blank)
  if (changes.name === undefined) throw new Refused(400, 'name is required')
  const report = { ...blank, ...changes, policyId: policyOf(sandbox, ask, body, owner) }
  sandbox.state.record({ kind: 'report', report })
  if (textField(body, 'comment', 2000)) save(sandbox, body, report, {}, owner.login)
  return { status: 201, body: { uri: `${ask.baseUrl}${ask.path}/${report.id}` } }
}

const sources = ['EA', 'MOB', 'OTHER', 'SE', 'TA', 'TR', 'UI']

const update = (sandbox: Sandbox, ask: Ask): Reply => {
  const report = reportOfPerson(sandbox, ask, ['TRAVELER', 'PROXY'])
  const body = jsonObject(ask.headers['content-type'], ask.body)
  const source = textField(body, 'reportSource', 10)
  if (!sources.includes(source ?? '')) throw new Refused(400, `reportSource: one of ${sources.join(', ')}`)
  if (!isOpen(report.approval))
    throw new Refused(400, 'The report is in workflow: its owner cannot change it')
  save(sandbox, body, report, readOwners(sandbox, ask, body, report), personInPath(ask).login)
  return { status: 204 }
}

const isPaid = (report: Report): boolean => report.payment === 'P_PAID' || report.payment === 'P_PAYC'

const updateByCompany = (sandbox: Sandbox, ask: Ask): Reply => {
  const report = reportOfCompany(sandbox, ask)
  if (isPaid(report)) throw new Refused(400, 'The report has been sent for payment: it cannot be changed')
  const body = jsonObject(ask.headers['content-type'], ask.body)
  save(sandbox, body, report, readShared(sandbox, ask, body, report), report.ownerLogin)
  return { status: 204 }
}

const remove = (sandbox: Sandbox, ask: Ask): Reply => {
  const report = reportOfCompany(sandbox, ask)
  if (!isOpen(report.approval)) throw new Refused(409, 'The report is in workflow: it cannot be deleted')
  sandbox.state.record({ kind: 'report-deleted', id: report.id, index: report.index })
  return { status: 204 }
}

const toApprove = (sandbox: Sandbox, report: Report) => {
  const [owner, approver] = [personByLogin(report.ownerLogin), personByLogin(report.approverLogin ?? '')]
  const sums = amountsOf(entriesOf(sandbox, report))
  const money = (value: number) => ({ value, currencyCode: report.currency })
  const employee = (person: Person | undefined) => ({
    employeeId: person?.employeeNumber ?? null,
    employeeUuid: person?.id ?? null,
  })
  return {
    name: report.name,
    reportDate: dayOf(report.userDefinedAt),
    reportId: report.id,
    reportNumber: reportNumber(report),
    submitDate: dayOf(report.submitAt ?? report.createdAt),
    approver: employee(approver),
    employee: employee(owner),
    employeeFirstName: owner?.given ?? null,
    employeeLastName: owner?.family ?? null,
    amountDueEmployee: money(sums.AmountDueEmployee),
    claimedAmount: money(sums.TotalClaimedAmount),
    totalApprovedAmount: money(sums.TotalApprovedAmount),
    hasExceptions: report.hasException,
    reportType: 'Regular',
  }
}
type ToApprove = ReturnType<typeof toApprove>

const orders: Readonly<Record<string, (row: ToApprove) => string | number>> = {
  reportDate: (row) => row.reportDate,
  submitDate: (row) => row.submitDate,
  name: (row) => row.name.toLowerCase(),
  claimedAmount: (row) => row.claimedAmount.value,
  amountDueEmployee: (row) => row.amountDueEmployee.value,
  employeeFirstName: (row) => row.employeeFirstName ?? '',
  employeeLastName: (row) => row.employeeLastName ?? '',
}

const listToApprove = async (sandbox: Sandbox, ask: Ask): Promise<Reply> => {
  const person = personInPath(ask)
  contextOf(ask, ['MANAGER'])
  if (booleanParam(ask.query, 'includeDelegateApprovals') === undefined) {
    throw new Refused(400, 'includeDelegateApprovals is required')
  }
  const key = orders[textParam(ask.query, 'sort') ?? 'reportDate']
  if (key === undefined) throw new Refused(400, `sort: one of ${Object.keys(orders).join(', ')}`)
  const sign = textParam(ask.query, 'order') === 'asc' ? 1 : -1
  const owners = new Set(
    peopleOf(person.home)
      .filter((each) => each.managerLogin === person.login)
      .map((each) => each.login),
  )
  const rows: ToApprove[] = []
  const scan = { place: undefined, after: undefined, before: undefined, owner: undefined, owners }
  for await (const report of scanReports(sandbox, { ...scan, home: person.home })) {
    const waits = report.approval === 'A_PEND' && report.approverLogin === person.login
    if (waits) rows.push(toApprove(sandbox, report))
  }
  rows.sort((one, other) => (key(one) === key(other) ? 0 : sign * (key(one) < key(other) ? -1 : 1)))
  return { status: 200, body: rows }
}

const shared = { family: 'v4', access: 'bearer', follows: 'Reports v4' } as const
const scope = /^(?:expense\.report\.(?:read|readwrite)|EXPRPT)$/
const writeScope = /^(?:expense\.report\.readwrite|EXPRPT)$/
const onePath = `${longPath}/reports/{reportId}`

export const reportV4Operations: readonly Operation[] = [
  { ...shared, name: 'reports-v4.get', method: 'GET', path: onePath, scope, run: get },
  {
    ...shared,
    name: 'reports-v4.create',
    method: 'POST',
    path: `${longPath}/reports`,
    scope: writeScope,
    run: create,
  },
  { ...shared, name: 'reports-v4.update', method: 'PATCH', path: onePath, scope: writeScope, run: update },
  {
    ...{ ...shared, name: 'reports-v4.update-short', method: 'PATCH', path: shortPath },
    ...{ scope: writeScope, run: updateByCompany },
  },
  { ...shared, name: 'reports-v4.delete', method: 'DELETE', path: shortPath, scope: writeScope, run: remove },
  {
    ...{ ...shared, name: 'reports-v4.to-approve', method: 'GET', path: `${longPath}/reportsToApprove` },
    ...{ scope, run: listToApprove },
  },
]
