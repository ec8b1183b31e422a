import { isOpen } from '../codes.ts'
import { Refused } from '../errors.ts'
import {
  byPerson,
  expenseOf,
  type Finder,
  longPath,
  reportOfCompany,
  shortPath,
} from '../expense/report-in-path.ts'
import type { Ask, Operation, Sandbox } from '../operation.ts'
import { jsonObject } from '../read-body.ts'
import type { CustomField, Entry, Guest } from '../records.ts'
import type { Reply } from '../reply.ts'
import { roundMoney } from '../seed-entries.ts'
import { changeEntry } from '../store.ts'
import { type Body, booleanField, numberField, textField } from '../write-fields.ts'
import { attendees } from './attendee-data.ts'
import { shareOf } from './guests.ts'

/**
 * Attendees of an expense, v4. A POST replaces the whole list, as the schema's words say. Decided here, because nothing
 * says it: amounts are not held against the expense's, and one that nobody edited is worked out anew.
 * Follows: developer.concur.com, Expense Attendee Associations v4. Verified: 2026-08
 */
const rest = '/expenses/{expenseId}/attendees'
const long = `${longPath}/reports/{reportId}${rest}`

const customData = (custom: Guest['custom']) =>
  custom === undefined
    ? null
    : Object.entries(custom).map(([name, field]) => ({
        id: name.toLowerCase(),
        value: field?.Value ?? null,
        isValid: true,
      }))

/** As the page's example writes an id; the schema says a UUID. */
const shownId = (sandbox: Sandbox, ask: Ask, id: string): string =>
  sandbox.faults.strike('compact-attendee-ids', ask.operation) === undefined
    ? id
    : id.replaceAll('-', '').toUpperCase()

const rowOf = (sandbox: Sandbox, ask: Ask, entry: Entry, guest: Guest) => {
  const share = shareOf(entry, guest)
  const money = (value: number, currencyCode: string) => ({ value, currencyCode })
  return {
    attendeeId: shownId(sandbox, ask, guest.id),
    customData: customData(guest.custom),
    isAmountUserEdited: guest.amount !== undefined,
    isTraveling: guest.traveling ?? null,
    associatedAttendeeCount: guest.count ?? 1,
    versionNumber: guest.version ?? attendees.find(sandbox, ask.dataCentre, guest.id)?.version ?? 1,
    transactionAmount: money(share, entry.currency),
    approvedAmount: money(entry.personal ? 0 : roundMoney(share * entry.exchangeRate, 2), entry.currency),
  }
}

const get =
  (find: Finder) =>
  (sandbox: Sandbox, ask: Ask): Reply => {
    const entry = expenseOf(sandbox, ask, find(sandbox, ask))
    const expenseAttendeeList = entry.attendees.map((guest) => rowOf(sandbox, ask, entry, guest))
    return { status: 200, body: { noShowAttendeeCount: entry.noShows ?? 0, expenseAttendeeList } }
  }

const listOf = (body: Body, name: string): readonly Body[] => {
  const value = body[name] ?? []
  if (!Array.isArray(value) || !value.every((row) => typeof row === 'object' && row !== null)) {
    throw new Refused(400, `${name} must be a list of objects`)
  }
  return value as Body[]
}

const readCustom = (row: Body): Record<string, CustomField> =>
  Object.fromEntries(
    listOf(row, 'customData').map((slot) => {
      const id = textField(slot, 'id', 20) ?? ''
      if (!/^custom[1-5]$/i.test(id)) throw new Refused(400, 'customData: custom1 to custom5')
      const Value = textField(slot, 'value', 48) ?? ''
      return [`Custom${id.slice(6)}`, { Type: 'Text', Value, Code: null, ListItemID: null }]
    }),
  )

const hyphenated = (id: string): string =>
  id
    .toLowerCase()
    .replace(/^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/, '$1-$2-$3-$4-$5')

const attendeeOf = (sandbox: Sandbox, ask: Ask, row: Body) => {
  const id = textField(row, 'attendeeId', 100) ?? ''
  const known = attendees.find(sandbox, ask.dataCentre, hyphenated(id))
  if (known === undefined || known.deleted) throw new Refused(400, `attendeeId: '${id}' is not an attendee`)
  return known
}

/**
 * What is somebody's amount. Also what the schema says: `transactionAmount` is a number here, an amount with a currency
 * when read.
 */
const amountIn = (row: Body): number | undefined => {
  const money = row['transactionAmount']
  const amount = numberField(
    typeof money === 'object' && money !== null ? { transactionAmount: (money as Body)['value'] } : row,
    'transactionAmount',
  )
  return booleanField(row, 'isAmountUserEdited') === false ? undefined : (amount ?? undefined)
}

const versionIn = (row: Body, latest: number): number => {
  const version = numberField(row, 'versionNumber') ?? latest
  if (version <= latest) return version
  throw new Refused(400, `versionNumber: the attendee has no version ${String(version)}`)
}

const readGuest = (sandbox: Sandbox, ask: Ask, row: Body): Guest => {
  const known = attendeeOf(sandbox, ask, row)
  const amount = amountIn(row)
  const count = numberField(row, 'associatedAttendeeCount')
  const traveling = booleanField(row, 'isTraveling')
  const custom = row['customData'] === undefined || row['customData'] === null ? undefined : readCustom(row)
  return {
    id: known.id,
    typeCode: known.typeCode,
    version: versionIn(row, known.version),
    ...(amount === undefined ? {} : { amount }),
    ...(count === undefined || count === null ? {} : { count }),
    ...(typeof traveling === 'boolean' ? { traveling } : {}),
    ...(custom === undefined ? {} : { custom }),
  }
}

const ofOpenReport = (sandbox: Sandbox, ask: Ask): Entry => {
  const report = byPerson('TRAVELER', 'PROXY')(sandbox, ask)
  if (!isOpen(report.approval)) throw new Refused(400, 'The report is in workflow: it cannot be changed')
  return expenseOf(sandbox, ask, report)
}

const write = (sandbox: Sandbox, ask: Ask): Reply => {
  const entry = ofOpenReport(sandbox, ask)
  const body = jsonObject(ask.headers['content-type'], ask.body)
  const guests = listOf(body, 'expenseAttendeeList').map((row) => readGuest(sandbox, ask, row))
  if (new Set(guests.map(({ id }) => id)).size < guests.length) {
    throw new Refused(400, 'expenseAttendeeList: an attendee stands twice')
  }
  const noShows = numberField(body, 'noShowAttendeeCount') ?? 0
  changeEntry(sandbox, entry, { attendees: guests, noShows })
  return { status: 201, body: { uri: `${ask.baseUrl}${ask.path}` } }
}

const remove = (sandbox: Sandbox, ask: Ask): Reply => {
  const entry = ofOpenReport(sandbox, ask)
  changeEntry(sandbox, entry, { attendees: [], noShows: 0 })
  return { status: 204 }
}

const shared = { family: 'v4', access: 'bearer', follows: 'Expense Attendee Associations v4' } as const
const scope = /^(?:expense\.report\.(?:read|readwrite)|EXPRPT)$/
const writeScope = /^(?:expense\.report\.readwrite|EXPRPT)$/

export const expenseAttendeeOperations: readonly Operation[] = [
  {
    ...{ ...shared, name: 'expense-attendees.get', method: 'GET', path: long, scope },
    run: get(byPerson('TRAVELER', 'MANAGER', 'PROCESSOR', 'PROXY')),
  },
  {
    ...{ ...shared, name: 'expense-attendees.get-short', method: 'GET', path: `${shortPath}${rest}`, scope },
    run: get(reportOfCompany),
  },
  {
    ...{ ...shared, name: 'expense-attendees.put', method: 'POST', path: long },
    ...{ scope: writeScope, run: write },
  },
  {
    ...{ ...shared, name: 'expense-attendees.delete', method: 'DELETE', path: long },
    ...{ scope: writeScope, run: remove },
  },
]
