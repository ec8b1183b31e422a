import { AppError } from '../errors.ts'
import { readRecord, tooLarge } from './json-record.ts'
import { type JsonPlace, jsonStart, scanJson } from './json-scan.ts'
import type { ReadState, RowReader, TableLimits, TablePosition, TableRow } from './table-row.ts'
import type { TextFeed } from './text-feed.ts'

/** The first character is the opening brace, so the object ends where nothing is open any more. */
const endsObject = (): boolean => true

/** Reads JSON objects that are written over several lines, one after the other. */
export class JsonObjects implements RowReader {
  row: number
  readonly #limits: TableLimits
  /** Set while an object that is too large is passed over. */
  #passing: JsonPlace | undefined

  constructor(row: number, limits: TableLimits) {
    this.row = row
    this.#limits = limits
  }

  get isInside(): boolean {
    return this.#passing !== undefined
  }

  place(): Pick<TablePosition, 'format'> {
    return { format: 'json-objects' }
  }

  read(feed: TextFeed, into: TableRow[], isFull: () => boolean): ReadState {
    while (!isFull()) {
      if (this.#passing === undefined && !this.#findObject(feed)) return feed.ended ? 'ended' : 'more'
      const { text, pos } = feed
      // A row is scanned from its beginning when more text has come; one that is passed over goes on.
      const end = scanJson(text, pos, this.#passing ?? jsonStart(), endsObject)
      if (end === -1) return this.#needMore(feed)
      feed.pos = end + 1
      this.#take(feed, text.slice(pos, end + 1), into)
    }
    return 'full'
  }

  /** Goes on to the next object; false: there is none in the window. */
  #findObject(feed: TextFeed): boolean {
    const gap = /[^ \t\r\n]/g
    gap.lastIndex = feed.pos
    const at = gap.exec(feed.text)?.index
    feed.pos = at ?? feed.text.length
    if (at === undefined || feed.text[at] === '{') return at !== undefined
    const words = `file: after row ${this.row} something stands that is no JSON object. Send objects, or one array of them.`
    throw new AppError('bad-request', words)
  }

  pass(feed: TextFeed): void {
    const place = this.#passing ?? jsonStart()
    if (this.#passing === undefined) scanJson(feed.text, feed.pos, place, endsObject)
    this.#passing = place
    feed.pos = feed.text.length
  }

  #take(feed: TextFeed, object: string, into: TableRow[]): void {
    const isLarge = this.isInside || feed.bytesOf(object) > this.#limits.mostRowBytes
    this.#passing = undefined
    this.row += 1
    into.push(isLarge ? tooLarge(this.row, this.#limits.mostRowBytes) : readRecord(this.row, object))
  }

  #needMore(feed: TextFeed): ReadState {
    if (feed.ended) {
      const words = `file: it ends inside row ${this.row + 1}; its JSON object is not closed. Send the whole file.`
      throw new AppError('bad-request', words)
    }
    return 'more'
  }
}
