import { isBlank, readRecord, tooLarge } from './json-record.ts'
import type { ReadState, RowReader, TableLimits, TablePosition, TableRow } from './table-row.ts'
import type { TextFeed } from './text-feed.ts'

/** Reads JSON lines: a row a line, blank ones passed over. */
export class JsonLines implements RowReader {
  row: number
  isInside = false
  readonly #newline: '\n' | '\r'
  readonly #limits: TableLimits

  constructor(newline: '\n' | '\r', row: number, limits: TableLimits) {
    this.#newline = newline
    this.row = row
    this.#limits = limits
  }

  place(): Pick<TablePosition, 'format' | 'newline'> {
    return { format: 'jsonl', newline: this.#newline }
  }

  read(feed: TextFeed, into: TableRow[], isFull: () => boolean): ReadState {
    while (!isFull()) {
      const { text, pos } = feed
      if (pos >= text.length && feed.ended && !this.isInside) return 'ended'
      const found = text.indexOf(this.#newline, pos)
      if (found === -1 && !feed.ended) return 'more'
      feed.pos = found === -1 ? text.length : found + 1
      this.#take(feed, text.slice(pos, found === -1 ? text.length : found), into)
    }
    return 'full'
  }

  pass(feed: TextFeed): void {
    this.isInside = true
    feed.pos = feed.text.length
  }

  #take(feed: TextFeed, line: string, into: TableRow[]): void {
    const isLarge = this.isInside || feed.bytesOf(line) > this.#limits.mostRowBytes
    this.isInside = false
    if (!isLarge && isBlank(line)) return
    this.row += 1
    into.push(isLarge ? tooLarge(this.row, this.#limits.mostRowBytes) : readRecord(this.row, line))
  }
}
