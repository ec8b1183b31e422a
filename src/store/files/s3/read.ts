import type { AskS3 } from './calls.ts'
import { isAbsent } from './failure.ts'

/**
 * Whoever reads a file reads its head first, and often little more: so pieces grow. Each is an answer of its own, so
 * that a reader that takes its time keeps no connection. A sort reads all parts of a download at once.
 */
const firstBytes = 65_536
const mostBytes = 2 ** 20
const growth = 4
const notThere = 416

/** The whole length, as `bytes 0-9/120` tells it. */
const lengthIn = (range: string | undefined): number => Number(/\/(\d+)$/.exec(range ?? '')?.[1])

/** Takes the bytes of one piece after the other into the same memory. */
const createSink = (size: number) => {
  const held = Buffer.allocUnsafeSlow(size)
  let length = 0
  return {
    size,
    bytes: (): Buffer => held.subarray(0, length),
    clear: async (): Promise<void> => {
      length = 0
    },
    writeNow: (chunk: Uint8Array): void => {
      // More than was asked for is no answer to a range; its status says so, too.
      held.set(chunk.subarray(0, size - length), length)
      length = Math.min(size, length + chunk.length)
    },
  }
}

/** The bytes of an object from that one on. @throws Error where there is no such object. */
export async function* readObject(ask: AskS3, key: string, from: number): AsyncGenerator<Uint8Array> {
  let sink = createSink(firstBytes)
  for (let at = from; ; ) {
    const range = `bytes=${at}-${at + sink.size - 1}`
    const call = { method: 'GET', key, headers: { range }, into: sink, takes: [notThere] } as const
    const { status, headers } = await ask(call).catch((error: unknown) => {
      throw isAbsent(error) ? new Error(`There is no file ${key} in the store of bulk files.`) : error
    })
    if (status === notThere) return
    if (status !== 206) throw new Error('S3 answered a range with something else.')
    const bytes = sink.bytes()
    at += bytes.length
    if (bytes.length > 0) yield bytes
    if (bytes.length === 0 || at >= lengthIn(headers['content-range'])) return
    if (sink.size < mostBytes) sink = createSink(Math.min(mostBytes, sink.size * growth))
  }
}
