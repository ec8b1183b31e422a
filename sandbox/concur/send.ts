import type { ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { type Faults, numberOf } from './faults.ts'
import type { Files } from './images/files.ts'
import { lengthOf, type Segment } from './images/pdf.ts'
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

/** A file, or its first half when a fault cuts it; slow faults wait before it. */
const sendFile = async (
  response: ServerResponse,
  reply: Rendered,
  segments: readonly Segment[],
  faults: Faults | null,
  operation: string,
  files: Files,
): Promise<void> => {
  const length = segments.reduce((total, segment) => total + lengthOf(segment), 0)
  response.writeHead(reply.status, { ...reply.headers, 'content-length': String(length) })
  const slow = faults?.strike('slow-body', operation)
  if (slow !== undefined) await pause(numberOf(slow, 1000))
  let left = faults?.strike('cut-body', operation) === undefined ? length : Math.floor(length / 2)
  const whole = left === length
  async function* pieces(): AsyncGenerator<Buffer> {
    for (const segment of segments) {
      const stream = Buffer.isBuffer(segment)
        ? [segment]
        : files.read(segment.name, segment.start, segment.length)
      for await (const piece of stream as AsyncIterable<Buffer>) {
        if (left <= 0) return
        yield piece.subarray(0, left)
        left -= piece.length
      }
    }
  }
  await pipeline(pieces, response, { end: whole })
  if (!whole) response.destroy()
}

/** Writes the reply, or half of it, or in pieces, as the faults say. */
export const send = async (
  response: ServerResponse,
  reply: Rendered,
  /** Null for pages and control calls: faults never strike those. */
  faults: Faults | null,
  operation: string,
  files: Files,
): Promise<void> => {
  if (reply.segments !== undefined) {
    await sendFile(response, reply, reply.segments, faults, operation, files)
    return
  }
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
