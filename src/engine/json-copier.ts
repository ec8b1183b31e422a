import {
  backslash,
  comma,
  digitNine,
  digitZero,
  ends,
  escapable,
  hex,
  letterU,
  plainNumber,
  point,
  quote,
  wordFalse,
  wordNull,
  wordTrue,
} from './json-bytes.ts'

/** Thrown where the text is no JSON, or must be parsed to be understood; made once, for its stack tells nothing. */
export const notCopied = new Error('The rows cannot be copied as they stand.')

/** Leaves the text to the parser. */
export const give = (): never => {
  throw notCopied
}

/** Reads JSON text byte by byte and copies what it reads. */
export class JsonCopier {
  protected readonly from: Buffer
  protected readonly into: Buffer
  /** Where reading stands. */
  protected at = 0
  /** Where writing stands. */
  protected end = 0

  /** @param into must be large enough for all that is copied. */
  constructor(from: Buffer, into: Buffer) {
    this.from = from
    this.into = into
  }

  protected skipBlanks(): number {
    const { from } = this
    let unit = from[this.at]
    while (unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09) unit = from[++this.at]
    return unit ?? 0
  }

  protected expect(unit: number): void {
    if (this.skipBlanks() !== unit) give()
    this.at += 1
  }

  protected put(unit: number): void {
    this.into[this.end++] = unit
  }

  /** Copies what follows a backslash. */
  protected copyEscape(): void {
    const { from } = this
    const escaped = from[this.at++] ?? 0
    this.put(escaped)
    if (escapable[escaped] === 1) return
    if (escaped !== letterU) give()
    for (let digit = 0; digit < 4; digit += 1) {
      const unit = from[this.at++] ?? 0
      if (hex[unit] !== 1) give()
      this.put(unit)
    }
  }

  /** Copies a string; whether it has no escape in it. */
  protected copyString(): boolean {
    const { from, into } = this
    if (from[this.at] !== quote) give()
    let at = this.at + 1
    let end = this.end
    into[end++] = quote
    let bare = true
    const { length } = from
    for (;;) {
      if (at >= length) give()
      const unit = from[at++] as number
      if (unit < 0x20) give()
      into[end++] = unit
      if (unit === quote) break
      if (unit !== backslash) continue
      bare = false
      this.at = at
      this.end = end
      this.copyEscape()
      at = this.at
      end = this.end
    }
    this.at = at
    this.end = end
    return bare
  }

  /** Copies a number or one of the three words. */
  protected copyPlain(): void {
    const { from, into } = this
    const { length } = from
    const start = this.at
    let { at, end } = this
    let points = 0
    let others = 0
    while (at < length) {
      const unit = from[at] as number
      if (ends[unit] === 1) break
      if (unit === point) points += 1
      else if (unit < digitZero || unit > digitNine) others += 1
      into[end++] = unit
      at += 1
    }
    this.at = at
    this.end = end
    if (others > 0 || points > 1 || !this.isDecimal(start)) this.checkPlain(start)
  }

  /** Whether digits with at most one point among them are a number as nearly all are: of no leading zero or point. */
  protected isDecimal(start: number): boolean {
    const { from, at } = this
    const first = from[start] ?? 0
    const second = start + 1 < at ? from[start + 1] : point
    return (
      at > start && first !== point && from[at - 1] !== point && (first !== digitZero || second === point)
    )
  }

  protected checkPlain(start: number): void {
    if (this.isWord(start, wordTrue) || this.isWord(start, wordFalse) || this.isWord(start, wordNull)) return
    if (!plainNumber.test(this.from.toString('latin1', start, this.at))) give()
  }

  protected isWord(start: number, word: Uint8Array): boolean {
    const { from, at } = this
    if (at - start !== word.length) return false
    for (let letter = 0; letter < word.length; letter += 1) {
      if (from[start + letter] !== word[letter]) return false
    }
    return true
  }

  /** Whether null stands here, or what begins so. */
  protected isNull(): boolean {
    const { from, at } = this
    if (at + 4 >= from.length || from[at] !== wordNull[0]) return false
    return from[at + 1] === wordNull[1] && from[at + 2] === wordNull[2] && from[at + 3] === wordNull[3]
  }

  /** Enters an array or object; whether there is something in it. */
  protected enter(open: number, close: number): boolean {
    this.expect(open)
    if (this.skipBlanks() !== close) return true
    this.at += 1
    return false
  }

  /** Passes the comma behind an item, or the end; whether another item follows. */
  protected goesOn(close: number): boolean {
    const unit = this.skipBlanks()
    this.at += 1
    if (unit === close) return false
    if (unit !== comma) give()
    return true
  }
}
