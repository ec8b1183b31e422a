import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { AppError } from '../errors.ts'

/** What may come out of compressed bytes. */
export interface InflateLimits {
  /** Bytes in all, of files that are not compressed too. */
  readonly mostBytes: number
  /**
   * Bytes out for each byte in, once more than 16 MB came out; 200 unless told otherwise. Tables shrink to a tenth or a
   * thirtieth; gzip can make a thousand bytes of one.
   */
  readonly mostRatio?: number
}

const ratioFrom = 16 * 2 ** 20
const usualRatio = 200

const refused = (why: string, cause?: unknown): AppError =>
  new AppError('bad-request', `file: ${why}`, {}, { cause })

const isGzip = (first: Uint8Array): boolean => first[0] === 0x1f && first[1] === 0x8b

/** The first two bytes or more, when there are so many, and then the rest. */
async function* withWholeStart(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let first: Buffer | undefined = Buffer.alloc(0)
  for await (const chunk of source) {
    if (first === undefined) yield chunk
    else {
      first = first.length === 0 ? Buffer.from(chunk) : Buffer.concat([first, chunk])
      if (first.length < 2) continue
      yield first
      first = undefined
    }
  }
  if (first !== undefined && first.length > 0) yield first
}

/** Told apart from what the source throws, which is no fault of the file. */
class Broken extends Error {}

const isZlibError = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')

/** How many bytes went in. */
interface Tally {
  read: number
}

async function* gunzip(source: AsyncIterable<Uint8Array>, tally: Tally): AsyncGenerator<Uint8Array> {
  const inflating = createGunzip()
  const counted = async function* () {
    for await (const chunk of source) {
      tally.read += chunk.length
      yield chunk
    }
  }
  let failure: unknown
  const fed = pipeline(Readable.from(counted()), inflating).catch((error: unknown) => {
    failure ??= error
  })
  try {
    for await (const chunk of inflating) yield chunk as Buffer
  } catch (error) {
    await fed
    if (isZlibError(error)) throw new Broken('gzip', { cause: error })
    throw failure ?? error
  } finally {
    inflating.destroy()
    await fed
  }
}

async function* bounded(
  made: AsyncIterable<Uint8Array>,
  tally: Tally | null,
  { mostBytes, mostRatio = usualRatio }: InflateLimits,
): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const chunk of made) {
    bytes += chunk.length
    if (bytes > mostBytes) {
      const when = tally === null ? '' : ' when decompressed'
      throw refused(`it is larger than ${mostBytes} bytes${when}. Send it in parts.`)
    }
    if (tally !== null && bytes > ratioFrom && bytes > tally.read * mostRatio) {
      throw refused(`a byte of it decompresses to more than ${mostRatio}. Send it without compression.`)
    }
    yield chunk
  }
}

async function* startingWith(first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first
  yield* rest
}

/**
 * The bytes of a table file, decompressed when they are gzip (by their first two), and otherwise as they are.
 * @throws AppError `bad-request` for more bytes than allowed and for gzip that is damaged or cut off. What the source
 * throws comes through.
 */
export async function* inflateTable(
  source: AsyncIterable<Uint8Array>,
  limits: InflateLimits,
): AsyncGenerator<Uint8Array> {
  const chunks = withWholeStart(source)
  try {
    const first = await chunks.next()
    if (first.done === true) return
    const whole = startingWith(first.value, chunks)
    const tally = isGzip(first.value) ? { read: 0 } : null
    yield* bounded(tally === null ? whole : gunzip(whole, tally), tally, limits)
  } catch (error) {
    if (!(error instanceof Broken)) throw error
    throw refused('its gzip is damaged or cut off. Compress and send it again.', error.cause)
  } finally {
    // A reader that stops at the first bytes has not come to the rest.
    await chunks.return(undefined)
  }
}
