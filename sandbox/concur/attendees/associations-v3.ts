import { isOpen } from '../codes.ts'
import { childrenPage } from '../entry-children.ts'
import { Refused } from '../errors.ts'
import type { Ask, Operation, Sandbox } from '../operation.ts'
import { isTheirs, whoseRow } from '../owner.ts'
import { openProtected, protectedId } from '../protected-id.ts'
import { fieldsOfBody } from '../read-body.ts'
import type { CustomField, Entry, Guest } from '../records.ts'
import type { Reply } from '../reply.ts'
import { customNames } from '../report-row.ts'
import { changeEntry, findEntry, findReport } from '../store.ts'
import { v3Created } from '../v3-page.ts'
import { type Body, numberField, refuseReadOnly, textField, updateReply } from '../write-fields.ts'
import { attendees } from './attendee-data.ts'
import { shareOf } from './guests.ts'

/**
 * Attendees of an entry, v3: they are named by the ids of Attendees v3, which is deprecated and not served
 * here; ids of Attendees v4 are refused.
 * Follows: developer.concur.com, Expense Entry Attendee v3. Verified: 2026-08
 */
const path = '/api/v3.0/expense/entryattendeeassociations'
const slots = customNames(5)

/** The entry's id and the attendee's, so that no table of associations is kept. */
const idOf = (entry: Entry, guest: Guest): string =>
  `gWg${entry.id.slice(2)}$a${protectedId('association', guest.id).replace('$p', '').slice(2)}`

const openId = (id: string): { readonly entryId: string; readonly guestId: string } | undefined => {
  const [, entry, guest] = /^gWg(.+)\$a([A-Za-z0-9]{22})$/.exec(id) ?? []
  if (entry === undefined || guest === undefined) return undefined
  const guestId = openProtected('association', `gW${guest.slice(0, 5)}$p${guest.slice(5)}`)
  return guestId === undefined ? undefined : { entryId: `gW${entry}`, guestId }
}

const rowOf = (entry: Entry, guest: Guest, baseUrl: string) => {
  const id = idOf(entry, guest)
  return {
    EntryID: entry.id,
    AttendeeID: protectedId('attendee', guest.id),
    Amount: shareOf(entry, guest),
    AssociatedAttendeeCount: guest.count ?? 1,
    ...Object.fromEntries(slots.map((name) => [name, guest.custom?.[name]?.Value ?? null])),
    ID: id,
    URI: `${baseUrl}${path}/${encodeURIComponent(id)}`,
  }
}

const list = (sandbox: Sandbox, ask: Ask): Promise<Reply> =>
  childrenPage<Guest>(sandbox, ask, {
    of: (entry) => entry.attendees,
    matches: () => true,
    write: (guest, entry) => rowOf(entry, guest, ask.baseUrl),
    xml: { root: 'EntryAttendeeAssociations', item: 'EntryAttendeeAssociation' },
  })

const found = (sandbox: Sandbox, ask: Ask): { readonly entry: Entry; readonly guest: Guest } => {
  const whose = whoseRow(ask)
  const parts = openId(ask.params['id'] ?? '')
  const entry = parts === undefined ? undefined : findEntry(sandbox, parts.entryId)
  const guest = entry?.attendees.find((each) => each.id === parts?.guestId)
  if (entry === undefined || guest === undefined || !isTheirs(whose, entry.ownerLogin)) {
    throw new Refused(404, 'The association was not found; for another person’s entry send user=LOGIN')
  }
  return { entry, guest }
}

const get = (sandbox: Sandbox, ask: Ask): Reply => {
  const { entry, guest } = found(sandbox, ask)
  return { status: 200, body: rowOf(entry, guest, ask.baseUrl), xml: { root: 'EntryAttendeeAssociation' } }
}

const checkOpen = (sandbox: Sandbox, entry: Entry): void => {
  const report = findReport(sandbox, entry.reportId)
  if (report !== undefined && !isOpen(report.approval)) {
    throw new Refused(400, 'The report is in workflow: its attendees cannot be changed')
  }
}

const shape = {
  roots: ['EntryAttendeeAssociation', 'EntryAttendeeAssociationPost', 'EntryAttendeeAssociationPut'],
  kinds: { Amount: 'number', AssociatedAttendeeCount: 'number' },
} as const

const readChanges = (body: Body): Partial<Guest> => {
  const amount = numberField(body, 'Amount')
  const count = numberField(body, 'AssociatedAttendeeCount')
  const custom = Object.fromEntries(
    slots.flatMap((name): [string, CustomField | null][] => {
      const text = textField(body, name, 48)
      if (text === undefined) return []
      return [[name, text ? { Type: 'Text', Value: text, Code: null, ListItemID: null } : null]]
    }),
  )
  return {
    ...(amount === undefined || amount === null ? {} : { amount }),
    ...(count === undefined || count === null ? {} : { count }),
    ...(Object.keys(custom).length === 0 ? {} : { custom }),
  }
}

const create = (sandbox: Sandbox, ask: Ask): Reply => {
  const whose = whoseRow(ask)
  const body = fieldsOfBody(ask, shape)
  refuseReadOnly(body, new Set(['ID', 'URI']), new Set())
  const entry = findEntry(sandbox, textField(body, 'EntryID', 100) ?? '')
  if (entry === undefined || !isTheirs(whose, entry.ownerLogin))
    throw new Refused(400, 'EntryID: no such entry')
  checkOpen(sandbox, entry)
  const sent = textField(body, 'AttendeeID', 100) ?? ''
  const id = openProtected('attendee', sent)
  const attendee = id === undefined ? undefined : attendees.find(sandbox, ask.dataCentre, id)
  if (attendee === undefined) throw new Refused(400, `AttendeeID: '${sent}' is not an attendee of v3`)
  if (entry.attendees.some((guest) => guest.id === attendee.id)) {
    throw new Refused(400, 'AttendeeID: is an attendee of the entry already')
  }
  const guest: Guest = { id: attendee.id, typeCode: attendee.typeCode, ...readChanges(body) }
  changeEntry(sandbox, entry, { attendees: [...entry.attendees, guest] })
  return v3Created(ask, idOf(entry, guest))
}

const update = (sandbox: Sandbox, ask: Ask): Reply => {
  const { entry, guest } = found(sandbox, ask)
  checkOpen(sandbox, entry)
  const body = fieldsOfBody(ask, shape)
  refuseReadOnly(body, new Set(['ID', 'URI', 'EntryID', 'AttendeeID']), new Set())
  const { custom, ...changes } = readChanges(body)
  const changed: Guest = {
    ...guest,
    ...changes,
    ...(custom === undefined ? {} : { custom: { ...guest.custom, ...custom } }),
  }
  changeEntry(sandbox, entry, { attendees: entry.attendees.map((each) => (each === guest ? changed : each)) })
  return updateReply(sandbox, ask.operation)
}

const remove = (sandbox: Sandbox, ask: Ask): Reply => {
  const { entry, guest } = found(sandbox, ask)
  checkOpen(sandbox, entry)
  changeEntry(sandbox, entry, { attendees: entry.attendees.filter((each) => each !== guest) })
  return { status: 200 }
}

const shared = {
  family: 'v3',
  access: 'bearer',
  scope: /^(?:EXPRPT|ATTEND)$/,
  follows: 'Expense Entry Attendee v3',
} as const

export const associationOperations: readonly Operation[] = [
  { ...shared, name: 'associations.list', method: 'GET', path, run: list },
  { ...shared, name: 'associations.get', method: 'GET', path: `${path}/{id}`, run: get },
  { ...shared, name: 'associations.create', method: 'POST', path, run: create },
  { ...shared, name: 'associations.update', method: 'PUT', path: `${path}/{id}`, run: update },
  { ...shared, name: 'associations.delete', method: 'DELETE', path: `${path}/{id}`, run: remove },
]
