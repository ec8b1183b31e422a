import type { JsonObject } from '../json.ts'
import type { TextFeed } from './text-feed.ts'

/**
 * How a file holds its rows: CSV, one JSON array of objects, JSON lines (a row a line), or JSON objects that are
 * written over several lines, one or more of them.
 */
export type TableFormat = 'csv' | 'json' | 'jsonl' | 'json-objects'

/**
 * `ascii`: nothing but ASCII so far; the first other byte decides for UTF-8 or Windows-1252. Whoever reads
 * `windows-1252` may want to tell that it is a guess: bytes that are not UTF-8 were read as what Excel writes on
 * Windows in western Europe and America.
 */
export type TableEncoding = 'ascii' | 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'

/** Where a reader goes on: JSON-serialisable, small. Only `readTable` makes one. */
export interface TablePosition {
  readonly format: TableFormat
  readonly encoding: TableEncoding
  /** The byte of the decompressed file where the next row begins. */
  readonly at: number
  /** Rows read so far, problems among them. */
  readonly row: number
  /** CSV and JSON lines: what ends a row. After `\n` means after `\r\n` too. */
  readonly newline?: '\n' | '\r'
  /** CSV: one character. */
  readonly delimiter?: string
  /** CSV: the names of the columns, as written. */
  readonly header?: readonly string[]
  /** JSON array: whether the next element is the first, a later one, or the array has ended. */
  readonly array?: 'first' | 'later' | 'ended'
}

/** A row that was read. A CSV record has texts by column name; an empty or missing cell is absent. */
export interface ReadRow {
  /** From 1; the header and blank lines are not counted. */
  readonly row: number
  readonly record: JsonObject
}

/** A row that cannot be read: a sentence that says why and how to mend it. */
export interface RowProblem {
  readonly row: number
  readonly problem: string
  readonly column?: string
}

export type TableRow = ReadRow | RowProblem

export interface TableBatch {
  readonly rows: readonly TableRow[]
  /** Reading from here gives exactly the rows after this batch. */
  readonly next: TablePosition
}

/** Why rows could not be read further. */
export interface TableLimits {
  /** A longer row is a problem; it is passed over without being kept. */
  readonly mostRowBytes: number
}

/** What a reader of rows says when it stops: the batch is full, it needs more text, or the file has ended. */
export type ReadState = 'full' | 'more' | 'ended'

/** What `readTable` needs of a reader of one format. */
export interface RowReader {
  /** Rows read so far. */
  readonly row: number
  /** Whether the feed stands inside a row, from where nobody could go on. */
  readonly isInside: boolean
  /** Takes rows from the feed until `isFull`. @throws AppError `bad-request` when nothing after here can be read. */
  readonly read: (feed: TextFeed, into: TableRow[], isFull: () => boolean) => ReadState
  /** Begins to pass over the row that the feed stands at, which is too large to be kept. */
  readonly pass: (feed: TextFeed) => void
  /** What of a position is this reader's own. */
  readonly place: () => Pick<TablePosition, 'format' | 'newline' | 'delimiter' | 'header' | 'array'>
}
