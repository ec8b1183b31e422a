import { type Field, isRecord, type Resource, type VendorPort } from '#src/element/index.ts'
import { toAttendeeId } from '../attendee-ids.ts'
import { rowsIn } from '../lookups.ts'
import { boolean, number, object, required, text } from './fields.ts'
import { equals } from './filters.ts'
import { companyFirst } from './v4-paths.ts'

const read = ['attendee.read', 'ATTEND'] as const
const write = ['attendee.write', 'ATTEND'] as const

/** Read as `{type, value, code, listItemId}`, written as text. */
const custom = (at: number): Field => ({
  ...object(
    'write',
    `Custom field ${at} of the company, read as {type, value, code, listItemId}; for a list the code of its item.`,
  ),
  sendMember: ['code', 'value'],
})

const one = async (port: VendorPort, id: string, userId: string | undefined) => {
  const { body } = await port.ask({
    method: 'GET',
    path: `/v4/attendees/${encodeURIComponent(id)}`,
    query: { userId },
    scopes: read,
  })
  const [first] = [...rowsIn(body, 'items'), ...rowsIn(body, 'Items')]
  return first ?? (isRecord(body) ? body : undefined)
}

/**
 * Attendees, on Attendees v4. Its ids are UUIDs, and no call of Concur leads from those of v3 to them.
 * There is no DELETE. A create is refused where the type's search fields find an attendee already.
 */
export const attendees: Resource = {
  name: 'attendees',
  title: 'Attendees',
  key: 'id',
  keepUnknown: true,
  source: 'SAP Concur, Attendees v4 (spec/concur.md 3.3), compared 2026-08',
  translate: { id: toAttendeeId },
  address: [
    {
      name: 'userId',
      description:
        'UUID of the person whose attendees are meant; absent: the connected one. A company names it on a create.',
    },
  ],
  fields: {
    id: text('read', 'UUID of the attendee.'),
    uri: text('read', 'Address of the attendee at SAP Concur.'),
    attendeeTypeCode: required(
      text(
        'once',
        'Code of the attendee type, at most 8 characters, as attendee-types show it; it stays as created.',
      ),
    ),
    lastName: required(text('write', 'Last name, at most 132 characters.')),
    firstName: text('write', 'First name, at most 50 characters.'),
    middleInitial: text('write', 'Middle initial, one character.'),
    preferredName: text('read', 'The name that the attendee prefers.'),
    suffix: text('write', 'Suffix of the name, at most 32 characters.'),
    title: text('write', 'Title, at most 32 characters.'),
    company: text('write', 'Company of the attendee, at most 150 characters.'),
    externalId: text('write', 'Id in the system that the attendee comes from, at most 48 characters.'),
    currencyCode: text('write', 'Currency of the totals, ISO 4217.'),
    totalAmountYtd: number('write', 'Spent on the attendee in this year, in currencyCode.'),
    totalAmountPrevYear: number('read', 'Spent on the attendee in the year before, in currencyCode.'),
    hasExceptionsYtd: boolean('read', 'Whether there were exceptions in this year.'),
    hasExceptionsPrevYear: boolean('read', 'Whether there were exceptions in the year before.'),
    ownerName: text('read', 'Name of the person whose attendee it is.'),
    ownerUserId: text('read', 'UUID of the person whose attendee it is.'),
    versionNumber: number('read', 'Number of the version, one more with each change.'),
    ...Object.fromEntries(Array.from({ length: 25 }, (_, at) => [`custom${at + 1}`, custom(at + 1)])),
  },
  verbs: {
    search: {
      method: 'GET',
      path: '/v4/attendees',
      rows: ['items', 'Items'],
      scopes: read,
      query: { userId: '{userId}' },
    },
    retrieve: {
      kind: 'coded',
      why: 'The OpenAPI of the vendor shows one attendee as a list of one; no page shows it.',
      method: 'GET',
      path: '/v4/attendees/{id}',
      scopes: read,
      query: { userId: '{userId}' },
      run: (port, { id, given }) => one(port, id, given.userId),
    },
    create: {
      method: 'POST',
      path: '/v4/attendees',
      newId: { kind: 'field', name: 'id' },
      scopes: write,
      query: { userId: '{userId}' },
    },
    // A part of the attendee is enough (its OpenAPI).
    update: { method: 'PUT', path: '/v4/attendees/{id}', scopes: write, query: { userId: '{userId}' } },
  },
  page: { kind: 'next-url', next: 'nextPage', cursorParam: 'offset', sizeParam: 'limit', maxSize: 100 },
  filterStyle: { kind: 'parameters' },
  filters: [
    equals('attendeeTypeCode', 'attendeeTypeCode'),
    { ...equals('externalId', 'externalId'), list: true },
    { param: 'includeDeleted', means: 'equals', type: 'boolean', description: 'true: deleted ones too.' },
  ],
}

/** Attendee types, as an administrator has set them up. */
const currentTypes: Resource = {
  name: 'attendee-types',
  title: 'Attendee types',
  key: 'id',
  keepUnknown: true,
  source: 'SAP Concur, Admin Attendee Types v4 (spec/concur.md 3.3), compared 2026-08',
  fields: {
    id: text('read', 'Id of the attendee type.'),
    code: text('read', 'Code, as attendeeTypeCode of an attendee takes it.'),
    name: text('read', 'Name of the attendee type.'),
    attendeeFormId: text('read', 'Id of the form that its attendees are entered with.'),
    connectorId: text('read', 'Id of the connector that its attendees are searched by.'),
    duplicateSearchFields: object(
      'read',
      'Array: the fields by which a second attendee of the kind is recognised.',
    ),
    allowManuallyEnteredAttendees: boolean('read', 'Whether people may enter attendees of the kind.'),
    allowAttendeeCountEditing: boolean('read', 'Whether one attendee may stand for several people.'),
  },
  verbs: {
    search: {
      method: 'GET',
      path: '/v4/attendeetypes',
      rows: ['items', 'Items'],
      principals: companyFirst,
      scopes: ['attendee.admin.read'],
    },
    retrieve: { kind: 'listed', why: 'Admin Attendee Types v4 has no call for one type.' },
  },
  page: { kind: 'none' },
  filterStyle: { kind: 'parameters' },
  filters: [],
}

const oldTypes = '/api/v3.0/expense/attendeetypes'
const oldTypesCall = { method: 'GET', scopes: ['CONFIG', 'ATTEND'] } as const

/** The deprecated ones (2025-07), whose reply SAP Concur's page shows; to read. */
const olderTypes: Resource = {
  name: 'attendee-types',
  title: 'Attendee types',
  key: 'ID',
  keepUnknown: true,
  source: 'SAP Concur, Attendee Types v3 (spec/concur.md 3.3), compared 2026-08',
  fields: {
    ID: text('read', 'Id of the attendee type.'),
    URI: text('read', 'Address of the attendee type at SAP Concur.'),
    Code: text('read', 'Code, as attendeeTypeCode of an attendee takes it.'),
    Name: text('read', 'Name of the attendee type.'),
    AttendeeFormID: text('read', 'Id of the form that its attendees are entered with.'),
    ConnectorID: text('read', 'Id of the connector that its attendees are searched by.'),
    DuplicateSearchFields: object(
      'read',
      'Array: the fields by which a second attendee of the kind is recognised.',
    ),
    AllowManuallyEnteredAttendees: boolean('read', 'Whether people may enter attendees of the kind.'),
    AllowAttendeeCountEditing: boolean('read', 'Whether one attendee may stand for several people.'),
  },
  verbs: {
    search: { ...oldTypesCall, path: oldTypes, rows: 'Items' },
    retrieve: { ...oldTypesCall, path: `${oldTypes}/{id}` },
  },
  page: { kind: 'next-url', next: 'NextPage', cursorParam: 'offset', sizeParam: 'limit', maxSize: 100 },
  filterStyle: { kind: 'parameters' },
  filters: [],
}

export const attendeeTypes: Resource = { ...currentTypes, generations: { v3: olderTypes } }
