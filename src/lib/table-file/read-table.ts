import { AppError } from '../errors.ts'
import { CsvRows } from './csv-rows.ts'
import { type FormatHints, findFormat } from './find-format.ts'
import { JsonArray } from './json-array.ts'
import { JsonLines } from './json-lines.ts'
import { JsonObjects } from './json-objects.ts'
import type { RowReader, TableBatch, TableLimits, TablePosition, TableRow } from './table-row.ts'
import { TextFeed } from './text-feed.ts'

export interface HowToRead extends FormatHints, TableLimits {
  /** Rows of a batch; it ends earlier once its rows together are larger than the largest row may be. */
  readonly batchRows: number
  /** Bytes decoded at a time, 64 KB unless told. */
  readonly blockBytes?: number | undefined
  /** Where an earlier reader of the same file stopped; format and delimiter are known from it. */
  readonly position?: TablePosition | undefined
}

const readerAt = (position: TablePosition, limits: TableLimits): RowReader => {
  const { format, row, newline = '\n', delimiter = ',', header = [], array = 'later' } = position
  switch (format) {
    case 'csv':
      return new CsvRows({ delimiter, newline, header }, row, limits)
    case 'json':
      return new JsonArray(array, row, limits)
    case 'jsonl':
      return new JsonLines(newline, row, limits)
    case 'json-objects':
      return new JsonObjects(row, limits)
  }
}

const refuseDelimiter = (delimiter: string | undefined): void => {
  if (delimiter === undefined || (delimiter.length === 1 && !'"\r\n\0'.includes(delimiter))) return
  throw new AppError('bad-request', 'delimiter: one character, but neither a quote nor a line end.')
}

/** Half of a line end, in whichever encoding, may be in sight already; it is none of the row. */
const lineEndBytes = 4

/** One reading of a file, from a place on. */
class Reading {
  readonly #feed: TextFeed
  readonly #rows: RowReader
  readonly #how: HowToRead
  #position: TablePosition

  constructor(feed: TextFeed, rows: RowReader, how: HowToRead) {
    this.#feed = feed
    this.#rows = rows
    this.#how = how
    this.#position = this.#here()
  }

  /** Where the feed stands; inside a row, where it began. */
  #here(): TablePosition {
    const { row } = this.#rows
    // New names first: after a spread, V8 of Node 20 makes a hidden class for each object.
    return { encoding: this.#feed.encoding, at: this.#feed.byte(), row, ...this.#rows.place() }
  }

  /** @throws AppError `bad-request`, after the rows before were given. */
  async *batches(): AsyncGenerator<TableBatch> {
    for (;;) {
      const rows: TableRow[] = []
      const end = await this.#fill(rows)
      if (rows.length > 0) yield { rows, next: this.#position }
      if (end === undefined) continue
      if ('failed' in end) throw end.failed
      return
    }
  }

  /** A row whose end is not in sight, and that is too large already, is not kept. */
  #passWhenLarge(): void {
    const { text, pos } = this.#feed
    const seen = this.#feed.bytesOf(text.slice(pos))
    if (this.#rows.isInside || seen > this.#how.mostRowBytes + lineEndBytes) this.#rows.pass(this.#feed)
  }

  async #fill(
    rows: TableRow[],
  ): Promise<undefined | { readonly failed: unknown } | { readonly ended: true }> {
    const { batchRows, mostRowBytes } = this.#how
    let before = 0
    const isFull = (): boolean =>
      rows.length >= batchRows || (rows.length > 0 && before + this.#feed.pos > mostRowBytes)
    before -= this.#feed.pos
    try {
      for (;;) {
        const state = this.#rows.read(this.#feed, rows, isFull)
        if (!this.#rows.isInside) this.#position = this.#here()
        if (state !== 'more') return state === 'ended' ? { ended: true } : undefined
        this.#passWhenLarge()
        before += this.#feed.pos
        await this.#feed.grow()
      }
    } catch (failed) {
      if (!this.#rows.isInside) this.#position = this.#here()
      return { failed }
    }
  }
}

/**
 * Reads the rows of a table file: CSV (RFC 4180; comma, semicolon, tab or bar, by the header), a JSON array of objects,
 * JSON lines, JSON objects. UTF-8, UTF-16 by its byte order mark, or else Windows-1252 (see `TableEncoding`). Memory
 * stays flat whatever the file has, time is linear, and other work of the process is let in between.
 *
 * Rows come as they are written: cells are not trimmed, and neither `=` nor anything else at their start is changed. Texts
 * of a record may hold on to the block of the file they were in (64 KB and more): copy what is kept for long.
 *
 * @param open gives the bytes of the decompressed file from that one on; called once.
 * @throws AppError `bad-request`: the file, or the rest of it, cannot be read; after the batch before it. What `open`
 * throws comes through.
 */
export async function* readTable(
  open: (from: number) => AsyncIterable<Uint8Array>,
  how: HowToRead,
): AsyncGenerator<TableBatch> {
  const { position } = how
  refuseDelimiter(how.delimiter)
  const at = position?.at ?? 0
  const feed = new TextFeed(open(at), at, position?.encoding ?? null, how.blockBytes)
  try {
    const rows = position === undefined ? await findFormat(feed, how, how) : readerAt(position, how)
    yield* new Reading(feed, rows, how).batches()
  } finally {
    await feed.close()
  }
}
