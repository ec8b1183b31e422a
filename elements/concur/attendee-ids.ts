import { badInput } from '#src/element/index.ts'

const uuid = /^([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$/i

/**
 * The id of an attendee of v4 (`Resource.translate`), as Attendees v4 writes it. Expense Attendee Associations v4 shows
 * the same 32 digits in capitals and without hyphens in its example: both are taken.
 * Source: SAP Concur, Attendees v4: its ids differ from those of v3 (spec/concur.md 3.3 and 6), compared 2026-08.
 * @throws AppError `bad-request` on any other id: no call leads from an id of v3 to one of v4.
 */
export const toAttendeeId = (_port: unknown, id: string): string => {
  const parts = uuid.exec(id)
  if (parts !== null) return parts.slice(1).join('-').toLowerCase()
  throw badInput(
    `'${id.slice(0, 100)}' is no id of an attendee: it is a UUID of Attendees v4, as attendees show it. SAP Concur documents no way from an id of v3 to one of v4.`,
  )
}

const digits = (id: string): string => id.replaceAll('-', '').toLowerCase()

/** Whether two ids are one attendee's, with hyphens or without. */
export const isSameAttendee = (one: string, other: string): boolean => digits(one) === digits(other)
