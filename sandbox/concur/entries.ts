import { isOpen } from './codes.ts'
import { visibleEntry } from './entry-delete.ts'
import { entryRow } from './entry-row.ts'
import { type Mark, type Spot, walkEntries } from './entry-walk.ts'
import { entryKinds, newEntry, readEntryChanges, withAmounts } from './entry-write.ts'
import { Refused } from './errors.ts'
import { hangingOn } from './expense/hanging.ts'
import type { Ask, Operation, Sandbox } from './operation.ts'
import { creator, isTheirs, type Whose, whoseRow, whoseRows } from './owner.ts'
import { booleanParam, countParam, nextPageUrl, readOffset, textParam, writeOffset } from './params.ts'
import { protectedId } from './protected-id.ts'
import { fieldsOfBody } from './read-body.ts'
import type { Entry } from './records.ts'
import type { Reply } from './reply.ts'
import { entriesOf, findReport, orphanEntries } from './store.ts'
import { isStrict, slotPlace, updateReply } from './write-fields.ts'

/**
 * Expense entries v3: list, one, create, change.
 * Follows: developer.concur.com, Expense Entry v3. Verified: 2026-08
 */
const path = '/api/v3.0/expense/entries'
const defaultLimit = 25
const mostLimit = 100

const readEntryFilter = (query: URLSearchParams): ((entry: Entry) => boolean) => {
  const equals: readonly (readonly [string | undefined, (entry: Entry) => string | null])[] = [
    [textParam(query, 'paymentTypeID'), (entry) => entry.paymentTypeId],
    [textParam(query, 'batchID'), (entry) => entry.batchId],
    [textParam(query, 'expenseTypeCode'), (entry) => entry.typeCode],
  ]
  const flags: readonly (readonly [boolean | undefined, (entry: Entry) => boolean])[] = [
    [booleanParam(query, 'isBillable'), (entry) => entry.billable],
    [booleanParam(query, 'hasAttendees'), (entry) => entry.attendees.length > 0],
    [booleanParam(query, 'hasVAT'), (entry) => entry.hasVat],
  ]
  const code = textParam(query, 'attendeeTypeCode')
  const attendee = textParam(query, 'attendeeID')
  return (entry) =>
    equals.every(([wanted, read]) => wanted === undefined || read(entry) === wanted) &&
    flags.every(([wanted, read]) => wanted === undefined || read(entry) === wanted) &&
    (code === undefined || entry.attendees.some((guest) => guest.typeCode === code)) &&
    (attendee === undefined ||
      entry.attendees.some((guest) => protectedId('attendee', guest.id) === attendee))
}

const readMark = (query: URLSearchParams): Mark | undefined => {
  const text = textParam(query, 'offset')
  if (text === undefined) return undefined
  const [at, reportId, position, id] = readOffset(text, 'offset', ['number', 'string', 'number', 'string'])
  return { at: Number(at), reportId: String(reportId), position: Number(position), id: String(id) }
}

const spotsOf = (sandbox: Sandbox, ask: Ask, whose: Whose): AsyncGenerator<Spot> =>
  walkEntries(sandbox, {
    ...{ whose, home: ask.dataCentre, mark: readMark(ask.query), keepMarked: false },
    reportId: textParam(ask.query, 'reportID'),
  })

const list = async (sandbox: Sandbox, ask: Ask): Promise<Reply> => {
  const whose = whoseRows(ask)
  const limit = countParam(ask.query, 'limit', defaultLimit, mostLimit)
  const matches = readEntryFilter(ask.query)
  const page: Spot[] = []
  let more = false
  for await (const spot of spotsOf(sandbox, ask, whose)) {
    if (!isTheirs(whose, spot.entry.ownerLogin) || !matches(spot.entry)) continue
    if (page.length === limit) {
      more = true
      break
    }
    page.push(spot)
  }
  const last = page.at(-1)
  const offset =
    more && last !== undefined
      ? writeOffset([last.at, last.reportId, last.entry.position, last.entry.id])
      : undefined
  return {
    status: 200,
    body: {
      Items: page.map(({ entry }) => entryRow(entry, ask.baseUrl, hangingOn(sandbox, entry))),
      NextPage: offset === undefined ? null : nextPageUrl(ask.baseUrl, path, ask.query, limit, offset),
    },
    xml: { root: 'Entries', item: 'Entry' },
  }
}

const get = (sandbox: Sandbox, ask: Ask): Reply => {
  const entry = visibleEntry(sandbox, ask)
  const body = entryRow(entry, ask.baseUrl, hangingOn(sandbox, entry))
  return { status: 200, body, xml: { root: 'Entry' } }
}

/** The report an entry goes to. An unknown one is taken unless `ids` is strict. */
const targetOf = (sandbox: Sandbox, ask: Ask, reportId: string, strict: boolean) => {
  const person = creator(ask)
  const report = findReport(sandbox, reportId)
  if (report === undefined) {
    if (strict) throw new Refused(400, `ReportID: '${reportId}' is not a report`)
    return { ownerLogin: person.login, position: orphanEntries(sandbox).length + 1000 }
  }
  if (!isTheirs(whoseRow(ask), report.ownerLogin))
    throw new Refused(400, `ReportID: '${reportId}' is not the owner's`)
  if (!isOpen(report.approval)) throw new Refused(400, 'The report is in workflow: no entry can be added')
  const last = entriesOf(sandbox, report).at(-1)?.position ?? 0
  return { ownerLogin: report.ownerLogin, position: Math.max(1000, last + 1) }
}

const xmlShape = { roots: ['Entry', 'EntryPost', 'EntryPut'], kinds: entryKinds }

const create = (sandbox: Sandbox, ask: Ask): Reply => {
  const body = fieldsOfBody(ask, xmlShape)
  const strict = isStrict(sandbox, ask)
  const changes = readEntryChanges(body, slotPlace(sandbox, ask, {}))
  const reportId = body['ReportID']
  if (typeof reportId !== 'string' || !/^[\w$.-]{1,100}$/.test(reportId)) {
    throw new Refused(400, 'ReportID is required')
  }
  const where = { reportId, now: sandbox.clock.now(), ...targetOf(sandbox, ask, reportId, strict) }
  const entry = newEntry(changes, where)
  sandbox.state.record({ kind: 'entry', entry })
  const made = { ID: entry.id, URI: `${ask.baseUrl}${path}/${encodeURIComponent(entry.id)}` }
  return { status: 200, body: made, xml: { root: 'CreateResponse' } }
}

const update = (sandbox: Sandbox, ask: Ask): Reply => {
  const entry = visibleEntry(sandbox, ask)
  const body = fieldsOfBody(ask, xmlShape)
  if ((body['ReportID'] ?? entry.reportId) !== entry.reportId) {
    throw new Refused(400, 'ReportID: an entry cannot move to another report')
  }
  const place = slotPlace(sandbox, ask, entry.fields)
  const changes = readEntryChanges(body, place)
  const changed: Entry = {
    ...entry,
    ...changes,
    fields: { ...entry.fields, ...changes.fields },
    modifiedAt: Math.max(sandbox.clock.now(), entry.modifiedAt + 1),
  }
  const moneyMoved =
    changes.amount !== undefined || changes.exchangeRate !== undefined || changes.personal !== undefined
  sandbox.state.record({ kind: 'entry', entry: moneyMoved ? withAmounts(changed) : changed })
  return updateReply(sandbox, ask.operation)
}

const shared = { family: 'v3', access: 'bearer', scope: /^EXPRPT$/, follows: 'Expense Entry v3' } as const

export const entryOperations: readonly Operation[] = [
  { ...shared, name: 'entries.list', method: 'GET', path, run: list },
  { ...shared, name: 'entries.create', method: 'POST', path, run: create },
  { ...shared, name: 'entries.get', method: 'GET', path: `${path}/{id}`, run: get },
  { ...shared, name: 'entries.update', method: 'PUT', path: `${path}/{id}`, run: update },
]
