import type { JsonObject } from '../json.ts'
import { type CsvCells, CsvSplitter } from './csv-cells.ts'
import type { CsvHeader } from './csv-header.ts'
import { type CsvPlace, type CsvSight, createSight, scanRow } from './csv-scan.ts'
import type { ReadState, RowProblem, RowReader, TableLimits, TablePosition, TableRow } from './table-row.ts'
import type { TextFeed } from './text-feed.ts'

const spoiled = 'this cell holds bytes that are no text in the encoding of the file, or a NUL. Write it anew.'

const lineEnd = /\r?\n$|\r$/

const isSpoiled = (text: string): boolean => text.includes('\0') || !text.isWellFormed()

/** Reads the rows behind the header. */
export class CsvRows implements RowReader {
  row: number
  readonly #shape: CsvHeader
  readonly #limits: TableLimits
  readonly #splitter: CsvSplitter
  readonly #sight: CsvSight
  /** Set while a row that is too large is passed over. */
  #passing: CsvPlace | undefined

  constructor(shape: CsvHeader, row: number, limits: TableLimits) {
    this.#shape = shape
    this.row = row
    this.#limits = limits
    this.#splitter = new CsvSplitter(shape)
    this.#sight = createSight(shape.delimiter, shape.newline)
  }

  get isInside(): boolean {
    return this.#passing !== undefined
  }

  place(): Pick<TablePosition, 'format' | 'newline' | 'delimiter' | 'header'> {
    return { format: 'csv', ...this.#shape }
  }

  read(feed: TextFeed, into: TableRow[], isFull: () => boolean): ReadState {
    if (this.#passing !== undefined && !this.#endPassing(feed, into)) return 'more'
    while (!isFull()) {
      const from = this.#start(feed)
      if (from >= feed.text.length) return feed.ended ? 'ended' : 'more'
      const cells = this.#splitter.split(feed, from)
      if (cells === undefined) return 'more'
      feed.pos = cells.next
      this.#take(feed, from, cells, into)
    }
    return 'full'
  }

  pass(feed: TextFeed): void {
    if (this.#passing === undefined) feed.pos = this.#start(feed)
    this.#passing = scanRow(feed.text, feed.pos, this.#passing ?? 'start', this.#sight).place
    feed.pos = feed.text.length
  }

  /**
   * Where the next row begins: in a file of bare returns, a line feed after one belongs to it. It is left unread until
   * the row is, so that it is not taken for the second of two.
   */
  #start({ text, pos }: TextFeed): number {
    return this.#shape.newline === '\r' && text[pos] === '\n' ? pos + 1 : pos
  }

  #take(feed: TextFeed, from: number, row: CsvCells, into: TableRow[]): void {
    const { cells } = row
    if (cells.length === 1 && isBlank(feed.text, from, row)) return
    this.row += 1
    const problem = this.#problemOf(feed, from, row)
    into.push(problem ?? { row: this.row, record: this.#recordOf(cells) })
  }

  #recordOf(cells: readonly string[]): JsonObject {
    const { header } = this.#shape
    const record: Record<string, string> = {}
    for (let at = 0; at < cells.length; at += 1) {
      const cell = cells[at] as string
      if (cell !== '') record[header[at] as string] = cell
    }
    return record
  }

  #problemOf(feed: TextFeed, from: number, { cells, next, problem }: CsvCells): RowProblem | undefined {
    const { header } = this.#shape
    if (this.#isLarge(feed, from, next)) return this.#tooLarge()
    if (problem !== undefined) return this.#at(cells.length, problem)
    if (cells.length > header.length) return { row: this.row, problem: surplus(cells.length, header.length) }
    const bad = feed.isOdd ? cells.findIndex(isSpoiled) : -1
    return bad === -1 ? undefined : this.#at(bad, spoiled)
  }

  #at(index: number, problem: string): RowProblem {
    const column = this.#shape.header[index]
    return { row: this.row, problem, ...(column === undefined ? {} : { column }) }
  }

  #isLarge(feed: TextFeed, from: number, to: number): boolean {
    // No character of any encoding has more than three bytes for each of its units.
    if ((to - from) * 3 <= this.#limits.mostRowBytes) return false
    return feed.bytesOf(feed.text.slice(from, to).replace(lineEnd, '')) > this.#limits.mostRowBytes
  }

  #tooLarge(): RowProblem {
    const problem = `the row is larger than ${this.#limits.mostRowBytes} bytes, or a quote in it is never closed.`
    return { row: this.row, problem }
  }

  /** Goes on to the end of a row that is too large; false when that is not in the window. */
  #endPassing(feed: TextFeed, into: TableRow[]): boolean {
    const { place, end } = scanRow(feed.text, feed.pos, this.#passing ?? 'start', this.#sight)
    feed.pos = end === -1 ? feed.text.length : end + 1
    this.#passing = place
    if (end === -1 && !feed.ended) return false
    this.#passing = undefined
    this.row += 1
    into.push(this.#tooLarge())
    return true
  }
}

const surplus = (is: number, most: number): string =>
  `the row has ${is} cells, but the header ${most}. Quote a cell that holds the delimiter, or take the surplus away.`

/** A quoted empty cell is a row, nothing at all is a blank line. */
const isBlank = (text: string, from: number, { cells, problem }: CsvCells): boolean =>
  cells[0] === '' && problem === undefined && text[from] !== '"'
