import {
  badInput,
  type Given,
  isRecord,
  type Json,
  type JsonObject,
  notFound,
  type Resource,
  type VendorPort,
} from '#src/element/index.ts'
import { toAttendeeId } from '../attendee-ids.ts'
import { toV4ExpenseId } from '../expense-ids.ts'
import { rowsIn } from '../lookups.ts'
import { boolean, number, object, required, text } from './fields.ts'
import {
  companyFirst,
  ofExpense,
  ofReport,
  ofUser,
  readReports,
  reportAddress,
  reportAddressOfPerson,
  writeReports,
} from './v4-paths.ts'

/**
 * The attendees of an expense, on Expense Attendee Associations v4. Concur has one call that writes the whole list and
 * does not say whether it replaces or adds; each write here sends the whole list, which is right either way.
 * Source: SAP Concur, Expense Attendee Associations v4 (spec/concur.md 3.1), compared 2026-08.
 */
const path =
  '/expensereports/v4/users/{userId}/context/TRAVELER/reports/{reportId}/expenses/{expenseId}/attendees'

const below = ({ expenseId }: Given): string => {
  if (expenseId === undefined) throw badInput('expenseId: name the expense, as query parameter or in where.')
  return `/expenses/${encodeURIComponent(expenseId)}/attendees`
}

interface Guests {
  readonly noShows: Json
  readonly list: readonly JsonObject[]
}

const read = async (port: VendorPort, given: Given): Promise<Guests> => {
  const { body } = await port.ask({
    method: 'GET',
    path: await reportAddress(port, given, below(given)),
    principals: companyFirst,
  })
  return {
    noShows: (isRecord(body) ? body.noShowAttendeeCount : undefined) ?? 0,
    list: rowsIn(body, 'expenseAttendeeList'),
  }
}

/** A row as a write takes it: the amount is an object when read and a number when written. */
const sent = (row: JsonObject): JsonObject => {
  const { transactionAmount, isAmountUserEdited } = row
  const read = isRecord(transactionAmount)
  // An amount that the vendor worked out is left to the vendor.
  const amount = read
    ? isAmountUserEdited === true
      ? transactionAmount.value
      : undefined
    : transactionAmount
  const members = {
    attendeeId: row.attendeeId,
    transactionAmount: amount,
    associatedAttendeeCount: row.associatedAttendeeCount,
    customData: row.customData,
  }
  return Object.fromEntries(
    Object.entries(members).filter(
      (pair): pair is [string, Json] => pair[1] !== undefined && pair[1] !== null,
    ),
  )
}

const write = async (port: VendorPort, given: Given, { noShows, list }: Guests): Promise<void> => {
  const address = await reportAddressOfPerson(port, given, below(given))
  // An empty list is no list to add to: what there is goes as a whole.
  if (list.length === 0) await port.ask({ method: 'DELETE', path: address, principals: companyFirst })
  else
    await port.ask({
      method: 'POST',
      path: address,
      principals: companyFirst,
      body: { noShowAttendeeCount: noShows, expenseAttendeeList: list.map(sent) },
      // The same whole list twice is the same list.
      repeatable: true,
    })
}

const isThe =
  (id: string) =>
  (row: JsonObject): boolean =>
    String(row.attendeeId).toLowerCase() === id.toLowerCase()

const noShowsIn = (body: JsonObject, before: Json): Json => body.noShowAttendeeCount ?? before

const add = async (port: VendorPort, given: Given, body: JsonObject): Promise<string> => {
  const id = toAttendeeId(port, String(body.attendeeId ?? ''))
  const { noShows, list } = await read(port, given)
  const others = list.filter((row) => !isThe(id)(row))
  await write(port, given, {
    noShows: noShowsIn(body, noShows),
    list: [...others, { ...body, attendeeId: id }],
  })
  return id
}

const change = async (port: VendorPort, given: Given, id: string, body: JsonObject): Promise<void> => {
  const { noShows, list } = await read(port, given)
  if (!list.some(isThe(id))) throw notFound(`No attendee ${id} on this expense`)
  await write(port, given, {
    noShows: noShowsIn(body, noShows),
    list: list.map((row) => (isThe(id)(row) ? { ...row, ...body } : row)),
  })
}

const remove = async (port: VendorPort, given: Given, id: string): Promise<void> => {
  const { noShows, list } = await read(port, given)
  if (!list.some(isThe(id))) throw notFound(`No attendee ${id} on this expense`)
  const address = await reportAddressOfPerson(port, given, below(given))
  // Taken away whole first: should a write only add, nobody is left who was to go.
  await port.ask({ method: 'DELETE', path: address, principals: companyFirst })
  const rest = list.filter((row) => !isThe(id)(row))
  if (rest.length > 0) await write(port, given, { noShows, list: rest })
}

const all = ['search', 'retrieve', 'create', 'update', 'remove', 'removeAll'] as const
const why = 'One call of the vendor writes the whole list, and reads and writes differ in shape.'
const calls = { kind: 'coded', why, path, principals: companyFirst } as const

export const expenseAttendees: Resource = {
  name: 'expense-attendees',
  title: 'Attendees of an expense',
  key: 'attendeeId',
  keepUnknown: true,
  source: 'SAP Concur, Expense Attendee Associations v4 (spec/concur.md 3.1), compared 2026-08',
  address: [ofReport([...all]), ofExpense([...all]), ...ofUser],
  translate: { id: toAttendeeId, expenseId: toV4ExpenseId },
  fields: {
    attendeeId: required(text('once', 'UUID of the attendee, as attendees show it.')),
    transactionAmount: object(
      'write',
      'Share of the attendee, read as {value, currencyCode}, written as a number in the currency of the expense.',
    ),
    associatedAttendeeCount: number('write', 'For how many people the attendee stands, 1 to start with.'),
    customData: object('write', 'Array of {id, value}: custom1 to custom5 of the association.'),
    noShowAttendeeCount: number(
      'write',
      'People who were expected on the expense and did not come; on each row.',
    ),
    approvedAmount: object(
      'read',
      'Approved of the share, {value, currencyCode} in the currency of the report.',
    ),
    isAmountUserEdited: boolean('read', 'Whether somebody set the share.'),
    isTraveling: boolean('read', 'Whether the attendee is travelling.'),
    versionNumber: number('read', 'Version of the attendee that was added.'),
  },
  verbs: {
    search: {
      ...calls,
      method: 'GET',
      scopes: readReports,
      run: async (port, { filters }) => {
        const { noShows, list } = await read(port, filters)
        return { rows: list.map((row) => ({ ...row, noShowAttendeeCount: noShows })), next: null }
      },
    },
    retrieve: { kind: 'listed', why: 'The vendor reads the attendees of an expense together.' },
    create: {
      ...calls,
      method: 'POST',
      scopes: writeReports,
      run: (port, { body, given }) => add(port, given, body),
    },
    update: {
      ...calls,
      method: 'POST',
      scopes: writeReports,
      run: (port, { id, body, given }) => change(port, given, id, body),
    },
    remove: {
      ...calls,
      method: 'DELETE',
      scopes: writeReports,
      run: (port, { id, given }) => remove(port, given, id),
    },
    removeAll: { method: 'DELETE', path, principals: companyFirst, scopes: writeReports },
  },
  page: { kind: 'none' },
  filterStyle: { kind: 'parameters' },
  filters: [],
}
