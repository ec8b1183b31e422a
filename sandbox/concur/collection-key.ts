import type { Faults } from './faults.ts'
import type { Reply } from './reply.ts'

/** Names that lists have besides `Items`. */
const ownNames = ['items', 'PaymentRequestDigest', 'Vendor', 'VendorBank', 'VendorGroup'] as const

/**
 * Lists of attendees and invoices under `Items`, as some examples show them.
 * Follows: developer.concur.com, Attendees v4, examples; invoice schemas. Verified: 2026-08
 */
export const renameCollection = (faults: Faults, operation: string, reply: Reply): Reply => {
  const { body } = reply
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return reply
  const name = ownNames.find((each) => Array.isArray((body as Record<string, unknown>)[each]))
  if (name === undefined || faults.strike('collection-key', operation) === undefined) return reply
  const { [name]: Items, ...rest } = body as Record<string, unknown>
  return { ...reply, body: { Items, ...rest } }
}
