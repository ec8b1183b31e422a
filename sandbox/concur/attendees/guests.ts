import type { Entry, Guest } from '../records.ts'
import { roundMoney } from '../seed-entries.ts'

/** An attendee's part of an expense: what was written, or an equal share, in the expense's own currency. */
export const shareOf = (entry: Entry, guest: Guest): number => {
  if (guest.amount !== undefined) return guest.amount
  const written = entry.attendees.reduce((total, each) => total + (each.amount ?? 0), 0)
  const others = entry.attendees.filter((each) => each.amount === undefined).length
  return Math.max(0, roundMoney((entry.amount - written) / others, 2))
}
