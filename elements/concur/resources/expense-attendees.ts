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
import { isSameAttendee, toAttendeeId } from '../attendee-ids.ts'
import { toV4ExpenseId } from '../expense-ids.ts'
import { rowsIn } from '../lookups.ts'
import { boolean, number, object, required, text } from './fields.ts'
import {
  ofExpense,
  ofReport,
  ofUser,
  reading,
  reportAddress,
  reportAddressOfPerson,
  writing,
} from './v4-paths.ts'

/**
 * The attendees of an expense, on Expense Attendee Associations v4. Its POST replaces the whole list, and what there is
 * is to be read and sent again with what is new. So each write here: read, change one, send all. Two writers at once:
 * the later list stands.
 * Source: SAP Concur, Expense Attendee Associations v4 (spec/concur.md 3.1) and its OpenAPI, compared 2026-08.
 */
const path =
  '/expensereports/v4/users/{userId}/context/TRAVELER/reports/{reportId}/expenses/{expenseId}/attendees'
const most = 500

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
    ...reading,
    method: 'GET',
    path: await reportAddress(port, given, below(given)),
  })
  return {
    noShows: (isRecord(body) ? body.noShowAttendeeCount : undefined) ?? 0,
    list: rowsIn(body, 'expenseAttendeeList'),
  }
}

/** An amount is an object when read and a number when written. */
const amountIn = (amount: Json | undefined): Json | undefined => (isRecord(amount) ? amount.value : amount)

const customDataIn = (fields: Json | undefined): Json | undefined =>
  Array.isArray(fields)
    ? fields.filter(isRecord).map(({ id = null, value = null }) => ({ id, value }))
    : fields

/** A row as a write takes it; what is null is left out. */
const sent = (row: JsonObject): JsonObject => {
  const members = {
    attendeeId: row.attendeeId,
    transactionAmount: amountIn(row.transactionAmount),
    isAmountUserEdited: row.isAmountUserEdited,
    isTraveling: row.isTraveling,
    associatedAttendeeCount: row.associatedAttendeeCount,
    // Without it the row would get the attendee's latest version.
    versionNumber: row.versionNumber,
    customData: customDataIn(row.customData),
  }
  return Object.fromEntries(
    Object.entries(members).filter(
      (pair): pair is [string, Json] => pair[1] !== undefined && pair[1] !== null,
    ),
  )
}

const write = async (port: VendorPort, given: Given, { noShows, list }: Guests): Promise<void> => {
  if (list.length > most) throw badInput(`expense-attendees: at most ${most} on an expense.`)
  const address = await reportAddressOfPerson(port, given, below(given))
  if (list.length === 0 && noShows === 0) await port.ask({ ...writing, method: 'DELETE', path: address })
  else
    await port.ask({
      ...writing,
      method: 'POST',
      path: address,
      body: { noShowAttendeeCount: noShows, expenseAttendeeList: list.map(sent) },
    })
}

const isThe =
  (id: string) =>
  (row: JsonObject): boolean =>
    isSameAttendee(String(row.attendeeId), id)

/** @throws AppError `provider-not-found` where the expense has not that attendee. */
const theOne = ({ list }: Guests, id: string): JsonObject => {
  const found = list.find(isThe(id))
  if (found === undefined) throw notFound(`No attendee ${id} on this expense`)
  return found
}

const noShowsIn = (body: JsonObject, before: Json): Json => body.noShowAttendeeCount ?? before

/** What the caller says of a row. An amount that is not told to be somebody's would be worked out anew by the next write. */
const changesIn = (body: JsonObject): JsonObject => {
  if (!Object.hasOwn(body, 'transactionAmount')) return body
  const amount = amountIn(body.transactionAmount) ?? null
  if (amount !== null && typeof amount !== 'number') {
    throw badInput('transactionAmount: a number, in the currency of the expense, or null.')
  }
  return { isAmountUserEdited: amount !== null, ...body, transactionAmount: amount }
}

const shown = (row: JsonObject, noShows: Json): JsonObject => ({ ...row, noShowAttendeeCount: noShows })

const one = async (port: VendorPort, given: Given, id: string): Promise<JsonObject> => {
  const guests = await read(port, given)
  return shown(theOne(guests, id), guests.noShows)
}

const add = async (port: VendorPort, given: Given, body: JsonObject): Promise<string> => {
  const id = toAttendeeId(port, String(body.attendeeId ?? ''))
  const { noShows, list } = await read(port, given)
  const before = list.find(isThe(id))
  const added = { ...before, ...changesIn(body), attendeeId: before?.attendeeId ?? id }
  await write(port, given, {
    noShows: noShowsIn(body, noShows),
    list: before === undefined ? [...list, added] : list.map((row) => (row === before ? added : row)),
  })
  return id
}

const change = async (port: VendorPort, given: Given, id: string, body: JsonObject): Promise<void> => {
  const guests = await read(port, given)
  const before = theOne(guests, id)
  await write(port, given, {
    noShows: noShowsIn(body, guests.noShows),
    list: guests.list.map((row) => (row === before ? { ...row, ...changesIn(body) } : row)),
  })
}

const remove = async (port: VendorPort, given: Given, id: string): Promise<void> => {
  const guests = await read(port, given)
  const gone = theOne(guests, id)
  await write(port, given, { ...guests, list: guests.list.filter((row) => row !== gone) })
}

const all = ['search', 'retrieve', 'create', 'update', 'remove', 'removeAll'] as const
const why = 'One call of the vendor writes the whole list, and reads and writes differ in shape.'
const calls = { kind: 'coded', why, path } as const

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
      'Share of the attendee, read as {value, currencyCode}, written as a number in the currency of the expense; null: SAP Concur works it out.',
    ),
    isAmountUserEdited: boolean(
      'write',
      'Whether somebody set the share; true when absent and a share is written.',
    ),
    isTraveling: boolean('write', 'Whether the attendee was travelling, for fringe benefit tax.'),
    associatedAttendeeCount: number('write', 'For how many people the attendee stands, 1 to start with.'),
    customData: object(
      'write',
      'Array of {id, value, isValid, listItemUrl}: custom1 to custom5 of the association. Of a list, value is the UUID of the item. Written whole, as {id, value}.',
    ),
    noShowAttendeeCount: number(
      'write',
      'People who were expected on the expense and did not come; on each row.',
    ),
    approvedAmount: object(
      'read',
      'Approved of the share, {value, currencyCode} in the currency of the report.',
    ),
    versionNumber: number('write', 'Version of the attendee that was added; null: its latest.'),
  },
  verbs: {
    search: {
      ...calls,
      method: 'GET',
      ...reading,
      run: async (port, { filters }) => {
        const { noShows, list } = await read(port, filters)
        return { rows: list.map((row) => shown(row, noShows)), next: null }
      },
    },
    retrieve: {
      ...calls,
      why: 'The vendor reads the attendees of an expense together, and writes their ids with hyphens or without.',
      method: 'GET',
      ...reading,
      run: (port, { id, given }) => one(port, given, id),
    },
    create: {
      ...calls,
      method: 'POST',
      ...writing,
      run: (port, { body, given }) => add(port, given, body),
    },
    update: {
      ...calls,
      method: 'POST',
      ...writing,
      run: (port, { id, body, given }) => change(port, given, id, body),
    },
    remove: {
      ...calls,
      method: 'DELETE',
      ...writing,
      run: (port, { id, given }) => remove(port, given, id),
    },
    removeAll: { method: 'DELETE', path, ...writing },
  },
  page: { kind: 'none' },
  filterStyle: { kind: 'parameters' },
  filters: [],
}
