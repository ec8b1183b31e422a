import { isAscii, isUtf8 } from 'node:buffer'
import type { TableEncoding } from './table-row.ts'
import { bytesOfSpoiled, decodeSpoiled, openEnd, sequenceLength, validSequence } from './utf8.ts'

/** Where Windows-1252 differs from Latin-1: bytes 0x80 to 0x9f; five of them stand for nothing and stay controls. */
const windowsChars = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'

const decodeWindows = (bytes: Buffer): string =>
  bytes.toString('latin1').replace(/[\u0080-\u009f]/g, (one) => windowsChars.charAt(one.charCodeAt(0) - 0x80))

const firstBeyondAscii = (bytes: Buffer): number => bytes.findIndex((byte) => byte >= 0x80)

/** Turns blocks of bytes into text. Characters may be cut anywhere between blocks. */
export class TableDecoder {
  encoding: TableEncoding
  #held: Buffer = Buffer.alloc(0)

  constructor(encoding: TableEncoding) {
    this.encoding = encoding
  }

  /** @param last whether these are the last bytes: then nothing is held back. */
  decode(block: Buffer, last: boolean): string {
    const bytes = this.#held.length === 0 ? block : Buffer.concat([this.#held, block])
    this.#held = Buffer.alloc(0)
    switch (this.encoding) {
      case 'ascii':
        return this.#undecided(bytes, last)
      case 'utf-8':
        return this.#utf8(bytes, last)
      case 'windows-1252':
        return decodeWindows(bytes)
      default:
        return this.#utf16(bytes, last)
    }
  }

  /** The number of bytes that a text took which came from here. */
  bytesOf(text: string): number {
    switch (this.encoding) {
      case 'ascii':
      case 'windows-1252':
        return text.length
      case 'utf-8':
        return text.isWellFormed() ? Buffer.byteLength(text) : bytesOfSpoiled(text)
      default:
        return 2 * text.length
    }
  }

  #hold(bytes: Buffer, count: number): Buffer {
    if (count === 0) return bytes
    const kept = bytes.length - count
    this.#held = Buffer.from(bytes.subarray(kept))
    return bytes.subarray(0, kept)
  }

  /** The first sequence beyond ASCII decides, wherever the blocks are cut. */
  #undecided(bytes: Buffer, last: boolean): string {
    if (isAscii(bytes)) return bytes.toString('latin1')
    const at = firstBeyondAscii(bytes)
    const isCut = sequenceLength(bytes[at] ?? 0) > bytes.length - at
    if (isCut && !last) return this.#hold(bytes, bytes.length - at).toString('latin1')
    this.encoding = validSequence(bytes, at) > 0 ? 'utf-8' : 'windows-1252'
    return this.encoding === 'utf-8' ? this.#utf8(bytes, last) : decodeWindows(bytes)
  }

  #utf8(bytes: Buffer, last: boolean): string {
    const whole = last ? bytes : this.#hold(bytes, openEnd(bytes))
    if (isAscii(whole)) return whole.toString('latin1')
    return isUtf8(whole) ? whole.toString('utf8') : decodeSpoiled(whole)
  }

  #utf16(bytes: Buffer, last: boolean): string {
    const odd = bytes.length % 2
    const whole = odd === 0 ? bytes : this.#hold(bytes, 1)
    const text = (this.encoding === 'utf-16be' ? Buffer.from(whole).swap16() : whole).toString('utf16le')
    // Half a unit at the end spoils the row that it is in.
    return last && odd === 1 ? `${text}\udc00` : text
  }
}
