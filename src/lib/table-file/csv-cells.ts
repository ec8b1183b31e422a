import { type CsvPlace, type CsvSight, createSight, scanRow } from './csv-scan.ts'
import type { TextFeed } from './text-feed.ts'

/** How the rows of one CSV file are written. */
export interface CsvShape {
  readonly delimiter: string
  readonly newline: '\n' | '\r'
}

/** A row of CSV: its cells up to where it went wrong, and where the next begins. */
export interface CsvCells {
  readonly cells: readonly string[]
  readonly next: number
  readonly problem?: string
}

const quote = '"'
const afterQuote =
  'text follows the closing quote of this cell. Double each " that belongs to it, and put a delimiter after the last one.'
const neverClosed = 'the quote that opens this cell is never closed. Close it, and double each " inside.'
const spaceBeforeQuote = 'a space stands before the opening quote of this cell. Take it away.'

interface GoodCell {
  readonly value: string
  /** Where what comes after it begins. */
  readonly end: number
  readonly problem?: undefined
}

interface BrokenCell {
  readonly problem: string
  /** From here on the row is scanned, not read. */
  readonly end: number
  readonly place: CsvPlace
}

type Cell = GoodCell | BrokenCell

/** Remembers where a character comes next, so that a window is searched once for it. */
class Finder {
  readonly #char: string
  #window = -1
  #found = -1

  constructor(char: string) {
    this.#char = char
  }

  /** The next one from `at` on; the length of the text when there is none. */
  from(feed: TextFeed, at: number): number {
    if (this.#window === feed.window && this.#found >= at) return this.#found
    return this.keep(feed, feed.text.indexOf(this.#char, at))
  }

  /** Remembers what was found elsewhere: the next one behind all that was asked for so far; -1: none. */
  keep(feed: TextFeed, found: number): number {
    this.#window = feed.window
    this.#found = found === -1 ? feed.text.length : found
    return this.#found
  }
}

/** Parts rows into cells (RFC 4180; a quote inside a bare cell is a character as any other). */
export class CsvSplitter {
  readonly #shape: CsvShape
  readonly #quotes = new Finder(quote)
  readonly #delimiters: Finder
  readonly #newlines: Finder
  readonly #sight: CsvSight

  constructor(shape: CsvShape) {
    this.#shape = shape
    this.#delimiters = new Finder(shape.delimiter)
    this.#newlines = new Finder(shape.newline)
    this.#sight = createSight(shape.delimiter, shape.newline)
  }

  /** The row at a place; undefined when its end is not in the window, and more is to come. */
  split(feed: TextFeed, at: number): CsvCells | undefined {
    const { text } = feed
    const end = this.#newlines.from(feed, at)
    const isWhole = end < text.length
    if (this.#quotes.from(feed, at) < end) return this.#splitQuoted(feed, at)
    if (!isWhole && !feed.ended) return undefined
    const cells = this.#splitBare(feed, at, this.#rowEnd(text, at, end))
    return { cells, next: isWhole ? end + 1 : end }
  }

  /** Twice as fast as String.split, measured. */
  #splitBare(feed: TextFeed, from: number, end: number): readonly string[] {
    const { text } = feed
    const char = this.#shape.delimiter
    const cells: string[] = []
    let at = from
    let delimiter = this.#delimiters.from(feed, at)
    while (delimiter !== -1 && delimiter < end) {
      cells.push(text.slice(at, delimiter))
      at = delimiter + 1
      delimiter = text.indexOf(char, at)
    }
    this.#delimiters.keep(feed, delimiter)
    cells.push(text.slice(at, end))
    return cells
  }

  /** Where a bare cell or row ends whose line end stands at `end`. */
  #rowEnd(text: string, at: number, end: number): number {
    return this.#shape.newline === '\n' && end > at && text.charCodeAt(end - 1) === 13 ? end - 1 : end
  }

  #splitQuoted(feed: TextFeed, from: number): CsvCells | undefined {
    const { text } = feed
    const cells: string[] = []
    for (let at = from; ; at += 1) {
      const cell = text[at] === quote ? this.#quoted(feed, at) : this.#bare(feed, at)
      if (cell === undefined) return undefined
      if (cell.problem !== undefined) return this.#broken(feed, cells, cell)
      cells.push(cell.value)
      at = cell.end
      if (text[at] !== this.#shape.delimiter) return this.#ended(feed, cells, at)
    }
  }

  /** What is not a delimiter is the end of the file or the line end, maybe of two characters. */
  #ended({ text, ended }: TextFeed, cells: readonly string[], at: number): CsvCells | undefined {
    if (at >= text.length) return ended ? { cells, next: at } : undefined
    return { cells, next: Math.min(text[at] === this.#shape.newline ? at + 1 : at + 2, text.length) }
  }

  /** The row ends where a scan that keeps nothing would find its end. */
  #broken({ text, ended }: TextFeed, cells: readonly string[], cell: BrokenCell): CsvCells | undefined {
    const { problem, place } = cell
    const { end } = scanRow(text, cell.end, place, this.#sight)
    if (end !== -1) return { cells, problem, next: end + 1 }
    return ended ? { cells, problem, next: text.length } : undefined
  }

  #bare(feed: TextFeed, at: number): Cell | undefined {
    const { text, ended } = feed
    const line = this.#newlines.from(feed, at)
    const delimiter = this.#delimiters.from(feed, at)
    if (!ended && line >= text.length && delimiter >= text.length) return undefined
    const end = delimiter < line ? delimiter : this.#rowEnd(text, at, line)
    const value = text.slice(at, end)
    const isSpaced = value.includes(quote) && value.trimStart().startsWith(quote)
    return isSpaced ? { end, problem: spaceBeforeQuote, place: 'bare' } : { value, end }
  }

  #quoted(feed: TextFeed, at: number): Cell | undefined {
    const { text, ended } = feed
    let value = ''
    let from = at + 1
    for (;;) {
      const close = this.#quotes.from(feed, from)
      if (close >= text.length) {
        return ended ? { end: text.length, problem: neverClosed, place: 'quoted' } : undefined
      }
      if (close + 1 >= text.length && !ended) return undefined
      const isDoubled = text[close + 1] === quote
      value += text.slice(from, isDoubled ? close + 1 : close)
      from = close + 2
      if (!isDoubled) return this.#closed(feed, value, close + 1)
    }
  }

  /** What stands after a closing quote. */
  #closed({ text, ended }: TextFeed, value: string, end: number): Cell | undefined {
    const next = text[end]
    const { delimiter, newline } = this.#shape
    if (next === undefined || next === delimiter || next === newline) return { value, end }
    if (newline === '\n' && next === '\r') {
      if (text[end + 1] === newline || (ended && end + 1 === text.length)) return { value, end }
      if (end + 1 === text.length) return undefined
    }
    return { end, problem: afterQuote, place: 'lost' }
  }
}
