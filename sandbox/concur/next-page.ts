import type { Faults } from './faults.ts'
import type { Reply } from './reply.ts'

const nextPageOf = (body: unknown): string | undefined => {
  if (typeof body !== 'object' || body === null || !('NextPage' in body)) return undefined
  return typeof body.NextPage === 'string' ? body.NextPage : undefined
}

/**
 * NextPage with another host, or with `http:`, as the vendor's own examples show it.
 * Follows: developer.concur.com, v3 examples. Verified: 2026-08
 */
export const rewriteNextPage = (faults: Faults, operation: string, reply: Reply): Reply => {
  const next = nextPageOf(reply.body)
  if (next === undefined) return reply
  const url = new URL(next)
  const foreign = faults.strike('foreign-next-page', operation)
  if (foreign !== undefined) {
    url.protocol = 'https:'
    url.port = ''
    url.host = String(foreign.value ?? 'www.concursolutions.com')
  }
  const plain = faults.strike('http-next-page', operation)
  if (plain !== undefined) {
    url.protocol = 'http:'
    if (plain.value !== undefined) {
      url.port = ''
      url.host = String(plain.value)
    }
  }
  return { ...reply, body: { ...(reply.body as object), NextPage: url.href } }
}
