import {
  closeArray,
  closeObject,
  colon,
  comma,
  openArray,
  openObject,
  plainNumber,
  quote,
  wholeNumber,
  wordNull,
} from './json-bytes.ts'
import { give, JsonCopier } from './json-copier.ts'

const idName = Buffer.from('"id"')
const deepest = 100

/**
 * Copies a reply's rows as they stand, without making objects of them: blanks and nulls are left out, the key is put
 * in front of each as `id`. Values keep their spelling, so a number such as 10.50 or one of twenty digits arrives as
 * the vendor wrote it. Costs less than JSON.parse and JSON.stringify alone (docs/decisions/0004-rows-as-text.md).
 */
export class RowCopier extends JsonCopier {
  private readonly keepNulls: boolean
  /** The key's name between quotes. */
  private readonly key: Buffer
  /** The key is called `id` already. */
  private readonly hasOwnId: boolean
  /** Where the value of the row's key stands in `from`; -1: not seen. */
  private keyStart = -1
  private keyEnd = -1

  constructor(from: Buffer, into: Buffer, key: Buffer, keepNulls: boolean) {
    super(from, into)
    this.key = key
    this.keepNulls = keepNulls
    this.hasOwnId = key.equals(idName)
  }

  private readValue(depth: number): void {
    const unit = this.from[this.at]
    if (unit === quote) this.readString()
    else if (unit === openObject) this.readObject(depth)
    else if (unit === openArray) this.readArray(depth)
    else this.readPlain()
  }

  private readArray(depth: number): void {
    if (depth >= deepest) give()
    if (!this.enter(openArray, closeArray)) return
    do {
      this.skipBlanks()
      this.readValue(depth + 1)
    } while (this.goesOn(closeArray))
  }

  /** Whether the name that was read from `start` on is the key's. */
  private isKey(start: number): boolean {
    const { key, from, at } = this
    if (at - start !== key.length) return false
    for (let byte = 0; byte < key.length; byte += 1) if (from[start + byte] !== key[byte]) return false
    return true
  }

  private isId(start: number): boolean {
    const { from, at } = this
    return at - start === idName.length && from[start + 1] === idName[1] && from[start + 2] === idName[2]
  }

  /** The name of a row's member; whether it is the key's. */
  private readRowName(): boolean {
    const start = this.at
    const bare = this.readString()
    const isKey = this.isKey(start)
    // Such a name may be the key's in disguise, and a row's own id must win over ours.
    if (!bare || (!isKey && this.isId(start))) give()
    return isKey
  }

  /** One member. @returns whether it is to stay: not when it is null. */
  private readMember(depth: number): boolean {
    const isKey = depth === 0 && this.readRowName()
    if (depth > 0) this.readString()
    this.expect(colon)
    this.skipBlanks()
    const start = this.at
    if (!this.keepNulls && this.isNull()) {
      if (isKey) this.keyStart = -1
      // What only begins as null is found out by whoever looks for the comma.
      this.at += wordNull.length
      return false
    }
    this.readValue(depth + 1)
    if (isKey) {
      this.keyStart = start
      this.keyEnd = this.at
    }
    return true
  }

  private readObject(depth: number): void {
    if (depth >= deepest) give()
    if (!this.enter(openObject, closeObject)) return
    let kept = 0
    /** Where the comma in front of the member stands. */
    let before = -1
    for (;;) {
      this.skipBlanks()
      const { at: start, end, run } = this
      const stays = this.readMember(depth)
      if (stays) kept += 1
      else this.leaveOut(kept > 0 ? before : start, end, run)
      this.skipBlanks()
      const mark = this.at
      if (!this.goesOn(closeObject)) return
      before = mark
      if (!stays && kept === 0) this.run = this.at
    }
  }

  /** Takes back what was copied of a member, and the comma before it, which stands at `to` or is copied already. */
  private leaveOut(to: number, end: number, run: number): void {
    this.end = end
    this.run = run
    if (run <= to) this.copyRun(to)
    else this.end -= 1
    this.run = this.at
  }

  /** A row with its key in front. */
  copyRow(): void {
    if (this.skipBlanks() !== openObject) give()
    const { end: start } = this
    this.run = this.at
    this.keyStart = -1
    this.readObject(0)
    if (this.keyStart === -1) give()
    this.copyRun(this.at)
    const text = this.from.toString('utf8', this.keyStart, this.keyEnd)
    const isText = text.startsWith('"')
    if (!isText && !plainNumber.test(text)) give()
    if (!this.hasOwnId) this.putInFront(start, isText ? text : this.printed(text))
  }

  /** A number as `String` has it; only of those that are written so. */
  private printed(text: string): string {
    return wholeNumber.test(text) ? `"${text}"` : give()
  }

  private putInFront(start: number, id: string): void {
    const { into } = this
    const front = `"id":${id},`
    const length = Buffer.byteLength(front)
    into.copyWithin(start + 1 + length, start + 1, this.end)
    into.write(front, start + 1)
    this.end += length
  }

  /** An array of rows. @returns how many. */
  copyRows(): number {
    let count = 0
    let goesOn = this.leftOut(() => this.enter(openArray, closeArray))
    this.into[this.end++] = openArray
    while (goesOn) {
      if (count > 0) this.into[this.end++] = comma
      this.copyRow()
      count += 1
      goesOn = this.leftOut(() => this.goesOn(closeArray))
    }
    this.into[this.end++] = closeArray
    return count
  }

  /** The names of an object's members; each value must be read before the next name is asked for. */
  *members(): Generator<string> {
    if (!this.leftOut(() => this.enter(openObject, closeObject))) return
    do {
      const name = JSON.parse(this.textOf(() => this.readString())) as string
      this.leftOut(() => this.expect(colon))
      yield name
    } while (this.leftOut(() => this.goesOn(closeObject)))
  }

  /** Reads past a value and gives its text. */
  valueText(): string {
    return this.textOf(() => this.readValue(1))
  }

  private textOf(read: () => void): string {
    return this.leftOut(() => {
      this.skipBlanks()
      const { at } = this
      read()
      return this.from.toString('utf8', at, this.at)
    })
  }

  /** Nothing of what is read is copied. */
  private leftOut<T>(read: () => T): T {
    const { end } = this
    const told = read()
    this.end = end
    this.run = this.at
    return told
  }

  /** Nothing may follow. @returns what was copied. */
  finish(): Buffer {
    const { end } = this
    if (this.skipBlanks() !== 0 || this.at < this.from.length) give()
    return Buffer.from(this.into.subarray(0, end))
  }
}
