import type { ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { type Faults, numberOf } from './faults.ts'
import type { Rendered } from './reply.ts'

/** Waits without keeping the process alive. */
export const pause = (ms: number): Promise<void> => wait(ms, undefined, { ref: false })

const pieces = 5

const sendSlowly = async (response: ServerResponse, bytes: Buffer, ms: number): Promise<void> => {
  const size = Math.max(1, Math.ceil(bytes.length / pieces))
  for (let from = 0; from < bytes.length; from += size) {
    response.write(bytes.subarray(from, from + size))
    await pause(ms / pieces)
    if (response.destroyed) return
  }
  response.end()
}

/** Writes the reply, or half of it, or in pieces, as the faults say. */
export const send = async (
  response: ServerResponse,
  reply: Rendered,
  /** Null for pages and control calls: faults never strike those. */
  faults: Faults | null,
  operation: string,
): Promise<void> => {
  response.writeHead(reply.status, {
    ...reply.headers,
    ...(reply.status === 204 ? {} : { 'content-length': String(reply.bytes.length) }),
  })
  if (faults?.strike('cut-body', operation) !== undefined) {
    response.write(reply.bytes.subarray(0, Math.floor(reply.bytes.length / 2)), () => response.destroy())
    return
  }
  const slow = faults?.strike('slow-body', operation)
  if (slow === undefined) response.end(reply.bytes)
  else await sendSlowly(response, reply.bytes, numberOf(slow, 1000))
}
