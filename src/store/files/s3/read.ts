import type { AskS3 } from './calls.ts'
import { isAbsent } from './failure.ts'

/**
 * Whoever reads a file reads its head first, and often little more: so pieces grow. Each is an answer of its own, so
 * that a reader that takes its time keeps no connection.
 */
const firstBytes = 65_536
const mostBytes = 4 * 2 ** 20
const growth = 8
const notThere = 416

/** The whole length, as `bytes 0-9/120` tells it. */
const lengthIn = (range: string | undefined): number => Number(/\/(\d+)$/.exec(range ?? '')?.[1])

/** The bytes of an object from that one on. @throws Error where there is no such object. */
export async function* readObject(ask: AskS3, key: string, from: number): AsyncGenerator<Uint8Array> {
  let size = firstBytes
  for (let at = from; ; size = Math.min(mostBytes, size * growth)) {
    const range = `bytes=${at}-${at + size - 1}`
    const reply = await ask({ method: 'GET', key, headers: { range }, takes: [notThere] }).catch(
      (error: unknown) => {
        throw isAbsent(error) ? new Error(`There is no file ${key} in the store of bulk files.`) : error
      },
    )
    if (reply.status === notThere) return
    if (reply.status !== 206) throw new Error('S3 answered a range with something else.')
    const { body } = reply
    if (body.length > 0) yield body
    at += body.length
    if (body.length === 0 || at >= lengthIn(reply.headers['content-range'])) return
  }
}
