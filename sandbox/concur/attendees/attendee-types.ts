import { type AttendeeType, attendeeTypes } from '../config/config-data.ts'
import { Refused } from '../errors.ts'
import type { Ask, Operation, Sandbox } from '../operation.ts'
import { companyOf } from '../owner.ts'
import { openProtected, protectedId } from '../protected-id.ts'
import type { Reply } from '../reply.ts'
import { v3Page } from '../v3-page.ts'

/**
 * Attendee types, for reading: v3, deprecated, and the administrators' of v4. No page or schema shows a
 * readable reply of v4: decided here, v3's fields in camelCase under `items`, as Attendees v4 writes rows.
 * Follows: developer.concur.com, Attendee Types v3 and Admin Attendee Types v4. Verified: 2026-08
 */
const v3Path = '/api/v3.0/expense/attendeetypes'
const v4Path = '/v4/attendeetypes'
const formId = 'gW$pFormAttendee'

const v3Row = (type: AttendeeType, baseUrl: string) => {
  const id = protectedId('attendee-type', type.id)
  return {
    Name: type.name,
    Code: type.code,
    AttendeeFormID: formId,
    DuplicateSearchFields: type.duplicateFields,
    ConnectorID: '',
    AllowManuallyEnteredAttendees: type.manual,
    AllowAttendeeCountEditing: type.countable,
    ID: id,
    URI: `${baseUrl}${v3Path}/${encodeURIComponent(id)}`,
  }
}

const list = (_: Sandbox, ask: Ask): Reply => {
  companyOf(ask)
  const xml = { root: 'AttendeeTypes', item: 'AttendeeType', items: { DuplicateSearchFields: 'Field' } }
  return v3Page(ask, attendeeTypes, (type) => v3Row(type, ask.baseUrl), xml)
}

const get = (_: Sandbox, ask: Ask): Reply => {
  companyOf(ask)
  const id = openProtected('attendee-type', ask.params['id'] ?? '')
  const type = attendeeTypes.find((each) => each.id === id)
  if (type === undefined) throw new Refused(404, 'The attendee type was not found')
  const xml = { root: 'AttendeeType', items: { DuplicateSearchFields: 'Field' } }
  return { status: 200, body: v3Row(type, ask.baseUrl), xml }
}

const listOfAdmin = (_: Sandbox, ask: Ask): Reply => {
  companyOf(ask)
  const items = attendeeTypes.map((type) => ({
    id: type.id,
    code: type.code,
    name: type.name,
    attendeeFormId: formId,
    connectorId: null,
    duplicateSearchFields: type.duplicateFields,
    allowManuallyEnteredAttendees: type.manual,
    allowAttendeeCountEditing: type.countable,
  }))
  return { status: 200, body: { items, nextPage: null } }
}

const v3 = {
  family: 'v3',
  access: 'bearer',
  method: 'GET',
  scope: /^(?:CONFIG|ATTEND)$/,
  follows: 'Attendee Types v3',
  deprecated: {
    warning: 'Deprecated API: use Admin Attendee Types v4, /v4/attendeetypes, instead',
    sunsetAt: Date.UTC(2026, 6, 10),
  },
} as const

export const attendeeTypeOperations: readonly Operation[] = [
  { ...v3, name: 'attendee-types-v3.list', path: v3Path, run: list },
  { ...v3, name: 'attendee-types-v3.get', path: `${v3Path}/{id}`, run: get },
  {
    name: 'attendee-types.list',
    follows: 'Admin Attendee Types v4',
    method: 'GET',
    path: v4Path,
    family: 'v4',
    access: 'bearer',
    scope: /^(?:attendee\.admin\.read|ATTEND)$/,
    run: listOfAdmin,
  },
]
