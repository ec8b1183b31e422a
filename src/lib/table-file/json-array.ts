import { AppError } from '../errors.ts'
import { isBlank, readRecord, tooLarge } from './json-record.ts'
import { type JsonPlace, jsonStart, scanJson } from './json-scan.ts'
import type { ReadState, RowReader, TableLimits, TablePosition, TableRow } from './table-row.ts'
import type { TextFeed } from './text-feed.ts'

const comma = 44

/** The end of an element: a comma, or the bracket that closes the array. */
const endsElement = (code: number, depth: number): boolean => code === comma || depth < 0

/** Reads the elements of one JSON array; the feed stands behind its opening bracket at first. */
export class JsonArray implements RowReader {
  row: number
  #array: 'first' | 'later' | 'ended'
  readonly #limits: TableLimits
  /** Set while an element that is too large is passed over. */
  #passing: JsonPlace | undefined

  constructor(array: 'first' | 'later' | 'ended', row: number, limits: TableLimits) {
    this.#array = array
    this.row = row
    this.#limits = limits
  }

  get isInside(): boolean {
    return this.#passing !== undefined
  }

  place(): Pick<TablePosition, 'format' | 'array'> {
    return { format: 'json', array: this.#array }
  }

  read(feed: TextFeed, into: TableRow[], isFull: () => boolean): ReadState {
    while (!isFull()) {
      if (this.#array === 'ended') return this.#readEnd(feed)
      const { text, pos } = feed
      // A row is scanned from its beginning when more text has come; one that is passed over goes on.
      const end = scanJson(text, pos, this.#passing ?? jsonStart(), endsElement)
      if (end === -1) return this.#needMore(feed)
      feed.pos = end + 1
      this.#take(feed, text.slice(pos, end), text.charCodeAt(end) !== comma, into)
    }
    return 'full'
  }

  pass(feed: TextFeed): void {
    const place = this.#passing ?? jsonStart()
    if (this.#passing === undefined) scanJson(feed.text, feed.pos, place, endsElement)
    this.#passing = place
    feed.pos = feed.text.length
  }

  #take(feed: TextFeed, element: string, isLast: boolean, into: TableRow[]): void {
    const isLarge = this.isInside || feed.bytesOf(element) > this.#limits.mostRowBytes
    const isEmptyArray = isLast && this.#array === 'first' && !isLarge && isBlank(element)
    this.#passing = undefined
    this.#array = isLast ? 'ended' : 'later'
    if (isEmptyArray) return
    this.row += 1
    into.push(isLarge ? tooLarge(this.row, this.#limits.mostRowBytes) : readRecord(this.row, element))
  }

  #needMore(feed: TextFeed): ReadState {
    if (feed.ended) {
      const words = `file: it ends inside row ${this.row + 1}; its JSON array is not closed. Send the whole file.`
      throw new AppError('bad-request', words)
    }
    return 'more'
  }

  #readEnd(feed: TextFeed): ReadState {
    if (!isBlank(feed.text.slice(feed.pos))) {
      const words = `file: after row ${this.row} its JSON array is closed, but text follows. Send one array.`
      throw new AppError('bad-request', words)
    }
    feed.pos = feed.text.length
    return feed.ended ? 'ended' : 'more'
  }
}
