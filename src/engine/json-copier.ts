import {
  backslash,
  blanks,
  comma,
  digitNine,
  digitZero,
  ends,
  escapable,
  hex,
  inString,
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

const shortRun = 48

/** Leaves the text to the parser. */
export const give = (): never => {
  throw notCopied
}

/**
 * Reads JSON text byte by byte. What is to be copied is a run of bytes that were read; it is copied when it ends,
 * which is at blanks and at whatever is left out.
 */
export class JsonCopier {
  protected readonly from: Buffer
  protected readonly into: Buffer
  /** Where reading stands. */
  protected at = 0
  /** Where writing stands. */
  protected end = 0
  /** Where the run begins that is to be copied next. */
  protected run = 0

  /** @param into must be large enough for all that is copied. */
  constructor(from: Buffer, into: Buffer) {
    this.from = from
    this.into = into
  }

  /** Copies the run up to `to`; the next begins there. */
  protected copyRun(to: number): void {
    const { from, into, run } = this
    const bytes = to - run
    if (bytes > shortRun) from.copy(into, this.end, run, to)
    else for (let at = 0; at < bytes; at += 1) into[this.end + at] = from[run + at] as number
    this.end += bytes
    this.run = to
  }

  /** Passes over blanks. @returns what stands behind them, 0 at the end. */
  protected skipBlanks(): number {
    const unit = this.from[this.at] ?? 0
    return blanks[unit] === 1 ? this.leaveBlanksOut() : unit
  }

  private leaveBlanksOut(): number {
    const { from } = this
    this.copyRun(this.at)
    let unit = from[this.at] ?? 0
    while (blanks[unit] === 1) {
      this.at += 1
      unit = from[this.at] ?? 0
    }
    this.run = this.at
    return unit
  }

  protected expect(unit: number): void {
    if (this.skipBlanks() !== unit) give()
    this.at += 1
  }

  /** Reads what follows a backslash. */
  private readEscape(at: number): number {
    const { from } = this
    const escaped = from[at] ?? 0
    if (escapable[escaped] === 1) return at + 1
    if (escaped !== letterU) give()
    for (let digit = 1; digit <= 4; digit += 1) if (hex[from[at + digit] ?? 0] !== 1) give()
    return at + 5
  }

  /** Reads a string; whether it has no escape in it. */
  protected readString(): boolean {
    const { from } = this
    const { length } = from
    if (from[this.at] !== quote) give()
    let at = this.at + 1
    let bare = true
    for (;;) {
      while (at < length && inString[from[at] as number] === 0) at += 1
      const unit = from[at] ?? 0
      at += 1
      if (unit === quote) break
      if (unit !== backslash) give()
      bare = false
      at = this.readEscape(at)
    }
    this.at = at
    return bare
  }

  /** Reads a number or one of the three words. */
  protected readPlain(): void {
    const { from } = this
    const { length } = from
    const start = this.at
    let { at } = this
    let points = 0
    let others = 0
    while (at < length) {
      const unit = from[at] as number
      if (ends[unit] === 1) break
      if (unit === point) points += 1
      else if (unit < digitZero || unit > digitNine) others += 1
      at += 1
    }
    this.at = at
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
