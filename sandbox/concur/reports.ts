import { groupOfPerson } from './config/config-data.ts'
import { Refused } from './errors.ts'
import { newReportId } from './ids.ts'
import type { Ask, Operation, Sandbox } from './operation.ts'
import { creator, isTheirs, whoseRow, whoseRows } from './owner.ts'
import { countParam, nextPageUrl, readOffset, textParam, writeOffset } from './params.ts'
import type { Person } from './people.ts'
import { fieldsOfBody } from './read-body.ts'
import type { Report } from './records.ts'
import type { Reply } from './reply.ts'
import { readReportFilter } from './report-filters.ts'
import { customNames, orgUnitNames, reportRow } from './report-row.ts'
import { changeReport, entriesOf, findReport, type Place, scanReports } from './store.ts'
import {
  type Body,
  dateField,
  refuseReadOnly,
  slotFields,
  slotPlace,
  textField,
  updateReply,
} from './write-fields.ts'

/**
 * Expense reports v3: list, one, create, change; there is no delete.
 * Follows: developer.concur.com, Reports v3. Verified: 2026-08
 */
const path = '/api/v3.0/expense/reports'
const defaultLimit = 25
const mostLimit = 100

const placeOf = (query: URLSearchParams): Place | undefined => {
  const text = textParam(query, 'offset')
  if (text === undefined) return undefined
  const [at, id] = readOffset(text, 'offset', ['number', 'string'])
  return { at: Number(at), id: String(id) }
}

const list = async (sandbox: Sandbox, ask: Ask): Promise<Reply> => {
  const whose = whoseRows(ask)
  const limit = countParam(ask.query, 'limit', defaultLimit, mostLimit)
  const filter = readReportFilter(ask.query)
  const scan = scanReports(sandbox, {
    place: placeOf(ask.query),
    after: filter.modifiedAfter,
    before: filter.modifiedBefore,
    owner: whose.kind === 'person' ? whose.login : undefined,
    home: ask.dataCentre,
  })
  const rows: ReturnType<typeof reportRow>[] = []
  let last: Report | undefined
  let more = false
  for await (const report of scan) {
    if (!filter.header(report)) continue
    const wanted = filter.entries
    if (wanted !== undefined && !wanted(entriesOf(sandbox, report))) continue
    if (rows.length === limit) {
      more = true
      break
    }
    rows.push(reportRow(report, entriesOf(sandbox, report), ask.baseUrl))
    last = report
  }
  const offset = more && last !== undefined ? writeOffset([last.modifiedAt, last.id]) : null
  const next = offset === null ? null : nextPageUrl(ask.baseUrl, path, ask.query, limit, offset)
  return { status: 200, body: { Items: rows, NextPage: next }, xml: { root: 'Reports', item: 'Report' } }
}

/** The report when the caller may see it; else 404, so that ids cannot be tried out. */
const visibleReport = (sandbox: Sandbox, ask: Ask): Report => {
  const whose = whoseRow(ask)
  const report = findReport(sandbox, ask.params['id'] ?? '')
  if (report === undefined || !isTheirs(whose, report.ownerLogin)) {
    throw new Refused(404, `The report was not found; for another person's report send user=LOGIN`)
  }
  return report
}

const get = (sandbox: Sandbox, ask: Ask): Reply => {
  const report = visibleReport(sandbox, ask)
  const row = reportRow(report, entriesOf(sandbox, report), ask.baseUrl)
  return { status: 200, body: row, xml: { root: 'Report' } }
}

const slots = [...orgUnitNames, ...customNames(20)]
const writable = new Set(['Name', 'Purpose', 'Comment', 'PolicyID', 'UserDefinedDate', ...slots])
const readable = new Set([
  ...['ID', 'URI', 'Total', 'TotalClaimedAmount', 'TotalApprovedAmount', 'PersonalAmount'],
  ...['AmountDueEmployee', 'AmountDueCompanyCard', 'CurrencyCode', 'Country', 'CountrySubdivision'],
  ...['LedgerName', 'OwnerLoginID', 'OwnerName', 'ApproverLoginID', 'ApproverName', 'LastComment'],
  ...['ApprovalStatusCode', 'ApprovalStatusName', 'PaymentStatusCode', 'PaymentStatusName'],
  ...['EverSentBack', 'HasException', 'ReceiptsReceived', 'CreateDate', 'SubmitDate', 'PaidDate'],
  ...['ProcessingPaymentDate', 'LastModifiedDate', 'WorkflowActionUrl'],
])

/** What a body changes; PolicyID is checked and then ignored, because the default policy always applies. */
const readChanges = (sandbox: Sandbox, ask: Ask, body: Body, old: Pick<Report, 'fields'>) => {
  refuseReadOnly(body, readable, writable)
  textField(body, 'PolicyID', 64)
  const name = textField(body, 'Name', 250)
  if (name === null || name?.trim() === '') throw new Refused(400, 'Name is required')
  const purpose = textField(body, 'Purpose', 2000)
  const comment = textField(body, 'Comment', 500)
  const userDefinedAt = dateField(body, 'UserDefinedDate')
  const place = slotPlace(sandbox, ask, old.fields)
  return {
    ...(name === undefined ? {} : { name }),
    ...(purpose === undefined ? {} : { purpose }),
    ...(comment === undefined || comment === null ? {} : { lastComment: comment }),
    ...(userDefinedAt === undefined || userDefinedAt === null ? {} : { userDefinedAt }),
    fields: slotFields(body, slots, place),
  }
}

/** What a new report has before its owner writes anything. */
export const blankReport = (owner: Person, now: number): Omit<Report, 'name'> => ({
  id: newReportId(),
  index: null,
  ownerLogin: owner.login,
  purpose: null,
  currency: owner.place.currency,
  country: owner.place.country,
  subdivision: owner.city[1],
  createdAt: now,
  submitAt: null,
  processingAt: null,
  paidAt: null,
  userDefinedAt: Math.floor(now / 86_400_000) * 86_400_000,
  modifiedAt: now,
  approval: 'A_NOTF',
  payment: 'P_NOTP',
  approverLogin: null,
  lastComment: '',
  everSentBack: false,
  receiptsReceived: false,
  hasException: false,
  reimbursementMethod: 'CNQRPAY',
  batchId: null,
  groupConfigId: groupOfPerson(owner).v3Id,
  fields: {},
})

/** Nothing of a report that can be written is a number or true and false. */
const xmlShape = { roots: ['Report', 'ReportPost', 'ReportPut'], kinds: {} }

const create = (sandbox: Sandbox, ask: Ask): Reply => {
  const owner = creator(ask)
  const { name, ...changes } = readChanges(sandbox, ask, fieldsOfBody(ask, xmlShape), { fields: {} })
  if (name === undefined) throw new Refused(400, 'Name is required')
  const report = { ...blankReport(owner, sandbox.clock.now()), name, ...changes }
  sandbox.state.record({ kind: 'report', report })
  const made = { ID: report.id, URI: `${ask.baseUrl}${path}/${report.id}` }
  return { status: 200, body: made, xml: { root: 'CreateResponse' } }
}

const update = (sandbox: Sandbox, ask: Ask): Reply => {
  const report = visibleReport(sandbox, ask)
  const changes = readChanges(sandbox, ask, fieldsOfBody(ask, xmlShape), report)
  changeReport(sandbox, report, { ...changes, fields: { ...report.fields, ...changes.fields } })
  return updateReply(sandbox, ask.operation)
}

const scope = /^EXPRPT$/
const shared = { family: 'v3', access: 'bearer', scope, follows: 'Reports v3' } as const

export const reportOperations: readonly Operation[] = [
  { ...shared, name: 'reports.list', method: 'GET', path, run: list },
  { ...shared, name: 'reports.create', method: 'POST', path, run: create },
  { ...shared, name: 'reports.get', method: 'GET', path: `${path}/{id}`, run: get },
  { ...shared, name: 'reports.update', method: 'PUT', path: `${path}/{id}`, run: update },
]
