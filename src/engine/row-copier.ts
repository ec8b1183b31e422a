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
  /** Where the key of the row stands in `into`; -1: not seen. */
  private keyStart = -1
  private keyEnd = -1

  constructor(from: Buffer, into: Buffer, key: Buffer, keepNulls: boolean) {
    super(from, into)
    this.key = key
    this.keepNulls = keepNulls
    this.hasOwnId = key.equals(idName)
  }

  private copyValue(depth: number): void {
    const unit = this.from[this.at]
    if (unit === quote) this.copyString()
    else if (unit === openObject) this.copyObject(depth)
    else if (unit === openArray) this.copyArray(depth)
    else this.copyPlain()
  }

  private copyArray(depth: number): void {
    if (depth >= deepest) give()
    const filled = this.enter(openArray, closeArray)
    this.put(openArray)
    if (filled) {
      this.copyItem(depth)
      while (this.goesOn(closeArray)) {
        this.put(comma)
        this.copyItem(depth)
      }
    }
    this.put(closeArray)
  }

  private copyItem(depth: number): void {
    this.skipBlanks()
    this.copyValue(depth + 1)
  }

  /** Whether the string that was copied from `start` on is the name of the key. */
  private isKey(start: number): boolean {
    const { key, into, end } = this
    if (end - start !== key.length) return false
    for (let at = 0; at < key.length; at += 1) if (into[start + at] !== key[at]) return false
    return true
  }

  /** One member; nothing of it stays when it is null. @returns whether it stayed. */
  private copyMember(depth: number): boolean {
    const start = this.end
    const bare = this.copyString()
    const ofRow = depth === 0
    const isKey = ofRow && this.isKey(start)
    // Such a name may be the key's in disguise, and a row's own id must win over ours.
    if (ofRow && (!bare || (!isKey && this.isId(start)))) give()
    this.expect(colon)
    this.put(colon)
    this.skipBlanks()
    if (!this.keepNulls && this.isNull()) {
      if (isKey) this.keyStart = -1
      // What is no null is found out by whoever looks for the comma.
      this.at += wordNull.length
      this.end = start
      return false
    }
    const valueStart = this.end
    this.copyValue(depth + 1)
    if (isKey) {
      this.keyStart = valueStart
      this.keyEnd = this.end
    }
    return true
  }

  private isId(start: number): boolean {
    const { into, end } = this
    return end - start === 4 && into[start + 1] === 0x69 && into[start + 2] === 0x64
  }

  private copyObject(depth: number): void {
    if (depth >= deepest) give()
    const filled = this.enter(openObject, closeObject)
    this.put(openObject)
    if (filled) this.copyMembers(depth)
    this.put(closeObject)
  }

  private copyMembers(depth: number): void {
    let kept = 0
    do {
      if (kept > 0) this.put(comma)
      this.skipBlanks()
      if (this.copyMember(depth)) kept += 1
      else if (kept > 0) this.end -= 1
    } while (this.goesOn(closeObject))
  }

  /** A row with its key in front. */
  copyRow(): void {
    const start = this.end
    this.keyStart = -1
    if (this.skipBlanks() !== openObject) give()
    this.copyObject(0)
    if (this.keyStart === -1) give()
    const text = this.into.toString('utf8', this.keyStart, this.keyEnd)
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

  /** Rows of an array, joined by commas, without its brackets. @returns how many. */
  copyRows(): number {
    if (!this.enter(openArray, closeArray)) return 0
    let count = 1
    this.copyRow()
    while (this.goesOn(closeArray)) {
      this.put(comma)
      this.copyRow()
      count += 1
    }
    return count
  }

  /** The names of an object's members; each value must be read before the next name is asked for. */
  *members(): Generator<string> {
    if (!this.enter(openObject, closeObject)) return
    do {
      const name = JSON.parse(this.readText(() => this.copyString())) as string
      this.expect(colon)
      yield name
    } while (this.goesOn(closeObject))
  }

  /** Reads past a value and gives its text. */
  readValue(): string {
    return this.readText(() => this.copyValue(1))
  }

  private readText(copy: () => void): string {
    this.skipBlanks()
    const start = this.end
    copy()
    const text = this.into.toString('utf8', start, this.end)
    this.end = start
    return text
  }

  /** Nothing may follow. @returns what was copied. */
  finish(): Buffer {
    if (this.skipBlanks() !== 0 || this.at < this.from.length) give()
    return Buffer.from(this.into.subarray(0, this.end))
  }
}
