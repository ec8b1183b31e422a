import { randomFillSync } from 'node:crypto'

const idBytes = 12
/** Random bytes are drawn for so many ids at once: each draw costs as much as fifty ids. */
const pool = Buffer.allocUnsafe(idBytes * 256)
let used = pool.length

/** A request id: 24 hex digits (spec/contract.md 1.4). */
export const newRequestId = (): string => {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const start = used
  used += idBytes
  return pool.toString('hex', start, used)
}
