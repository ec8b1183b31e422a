import type { Passthrough } from '#src/element/index.ts'

/**
 * What of a caller's own request reaches SAP Concur: what is asked for, the correlation id, the schema of a receipt
 * (`link`, Receipts v4), the owner of a report that is submitted (`x-userid`, Submit v1.1), and the key of a create
 * that may be repeated (`idempotency-id`, Reports v4). What comes back: links to a receipt's state, the wait of a rate
 * limit, what caches need, and what is told of deprecation.
 * Source: SAP Concur, each API's page (spec/concur.md 2.4, 3.1, 3.4), compared 2026-08.
 */
export const passthrough: Passthrough = {
  requestHeaders: ['accept', 'accept-language', 'concur-correlationid', 'idempotency-id', 'link', 'x-userid'],
  replyHeaders: ['etag', 'last-modified', 'link', 'retry-after', 'sunset', 'x-api-warn'],
  mostBytes: 64 * 1024 * 1024,
}
