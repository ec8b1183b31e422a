import { setImmediate as breathe } from 'node:timers/promises'
import { sniff } from './sniff.ts'
import { TableDecoder } from './table-decoder.ts'
import type { TableEncoding } from './table-row.ts'

const usualBlockBytes = 65_536
/** Enough for every byte order mark. */
const firstBytes = 8
/** For so long other work of the process may wait. */
const busyMs = 15

/** A window of text that moves over a file, and knows which byte each character was. */
export class TextFeed {
  text = ''
  /** How much of `text` has been read. */
  pos = 0
  /** Whether the file's last character is in `text`. */
  ended = false
  /** Whether `text` may have a NUL or spoiled bytes in it. */
  isOdd = false
  /** Changes with `text`. */
  window = 0
  readonly #chunks: AsyncIterator<Uint8Array>
  /** Bytes that came and are not decoded yet: those from `#from` to `#to`. */
  #held: Buffer = Buffer.alloc(0)
  #from = 0
  #to = 0
  #failure: { readonly error: unknown } | undefined
  #decoder: TableDecoder
  /** A place in `text` and its byte in the file. */
  #known: { pos: number; byte: number }
  #busySince = performance.now()

  readonly #blockBytes: number

  /**
   * @param chunks the bytes from `at` on. @param encoding of these; null: to be found from the first.
   * @param blockBytes as many are decoded at a time, unless a row is longer.
   */
  constructor(
    chunks: AsyncIterable<Uint8Array>,
    at: number,
    encoding: TableEncoding | null,
    blockBytes = usualBlockBytes,
  ) {
    this.#blockBytes = blockBytes
    this.#chunks = chunks[Symbol.asyncIterator]()
    this.#decoder = new TableDecoder(encoding ?? 'ascii')
    this.#known = { pos: 0, byte: at }
    this.#isNew = encoding === null
  }

  #isNew: boolean

  get encoding(): TableEncoding {
    return this.#decoder.encoding
  }

  bytesOf(text: string): number {
    return this.#decoder.bytesOf(text)
  }

  /** The byte of the file that the next unread character begins with. */
  byte(): number {
    const { pos, byte } = this.#known
    this.#known = { pos: this.pos, byte: byte + this.bytesOf(this.text.slice(pos, this.pos)) }
    return this.#known.byte
  }

  /**
   * Drops what was read and adds at least as much as remains, so that reading a long row again and again costs
   * twice its length in all. @throws AppError `bad-request` for a file that is no text; what the source throws.
   */
  async grow(): Promise<void> {
    const rest = this.text.slice(this.pos)
    const byte = this.byte()
    const bytes = await this.#gather(Math.max(this.#isNew ? firstBytes : 1, this.#blockBytes, rest.length))
    const block = this.#isNew ? this.#begin(bytes) : bytes
    const added = this.#decoder.decode(block, this.ended)
    this.#known = { pos: 0, byte: byte + bytes.length - block.length }
    this.isOdd = isOdd(added) || (this.isOdd && isOdd(rest))
    this.text = rest + added
    this.pos = 0
    this.window += 1
    if (performance.now() - this.#busySince < busyMs) return
    await breathe()
    this.#busySince = performance.now()
  }

  async close(): Promise<void> {
    await this.#chunks.return?.()
  }

  #begin(bytes: Buffer): Buffer {
    const { encoding, length } = sniff(bytes)
    this.#decoder = new TableDecoder(encoding)
    this.#isNew = false
    return bytes.subarray(length)
  }

  /** Adds the next bytes; false at the end, or for a failure that waits until what came before it is read. */
  async #add(wanted: number): Promise<boolean> {
    if (this.#failure !== undefined) throw this.#failure.error
    try {
      const { done, value } = await this.#chunks.next()
      if (done !== true) {
        this.#keep(value, wanted)
        return true
      }
      this.ended = true
    } catch (error) {
      if (this.#to === this.#from) throw error
      this.#failure = { error }
    }
    return false
  }

  /** Copies bytes: a chunk that is held until the next comes outlives V8's small collections. */
  #keep(chunk: Uint8Array, wanted: number): void {
    const most = wanted + chunk.length
    const before = this.#held
    const isWrong = before.length < most || before.length > 4 * most
    if (isWrong || this.#to + chunk.length > before.length) {
      if (isWrong) this.#held = Buffer.allocUnsafeSlow(most)
      this.#to = before.copy(this.#held, 0, this.#from, this.#to)
      this.#from = 0
    }
    this.#held.set(chunk, this.#to)
    this.#to += chunk.length
  }

  /** At most so many bytes, good until the next are asked for. */
  async #gather(wanted: number): Promise<Buffer> {
    while (this.#to - this.#from < wanted && (await this.#add(wanted)));
    const from = this.#from
    this.#from = Math.min(this.#to, from + wanted)
    return this.#held.subarray(from, this.#from)
  }
}

const isOdd = (text: string): boolean => text.includes('\0') || !text.isWellFormed()
