import { badInput } from '#src/element/index.ts'

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i

/**
 * The id of an attendee of v4 (`Resource.translate`).
 * Source: SAP Concur, Attendees v4: its ids differ from those of v3 (spec/concur.md 3.3 and 6), compared 2026-08.
 * @throws AppError `bad-request` on any other id: no call leads from an id of v3 to one of v4.
 */
export const toAttendeeId = (_port: unknown, id: string): string => {
  if (uuid.test(id)) return id
  throw badInput(
    `'${id.slice(0, 100)}' is no id of an attendee: it is a UUID of Attendees v4, as attendees show it. SAP Concur documents no way from an id of v3 to one of v4.`,
  )
}
