import { AppError } from '../errors.ts'
import { type CsvCells, type CsvShape, CsvSplitter } from './csv-cells.ts'
import { type CsvPlace, createSight, scanRow } from './csv-scan.ts'
import type { TableLimits } from './table-row.ts'
import type { TextFeed } from './text-feed.ts'

export interface CsvHeader extends CsvShape {
  readonly header: readonly string[]
}

const candidates = ',;\t|'
/** The first line by which Excel is told the delimiter. */
const separatorLine = /^"?sep=(.)"?$/i

const refused = (why: string): AppError => new AppError('bad-request', `file: ${why}`)

/** The most frequent candidate; the earlier in the list when two are as frequent. */
const mostFrequent = (counts: ReadonlyMap<string, number>): string =>
  [...candidates].reduce((best, one) => ((counts.get(one) ?? 0) > (counts.get(best) ?? 0) ? one : best))

interface Line {
  /** Without its end. */
  readonly length: number
  readonly newline: '\n' | '\r'
  readonly counts: ReadonlyMap<string, number>
}

const newlineAt = (text: string, end: number): '\n' | '\r' =>
  text[end] === '\r' && text[end + 1] !== '\n' ? '\r' : '\n'

/** The first line, quotes respected; text is added until it is whole. */
const findLine = async (feed: TextFeed, delimiters: string, limits: TableLimits): Promise<Line> => {
  const counts = new Map<string, number>()
  const count = (char: string): void => {
    counts.set(char, (counts.get(char) ?? 0) + 1)
  }
  const sight = createSight(delimiters, '\r\n')
  let place: CsvPlace = 'start'
  let from = feed.pos
  for (;;) {
    const scan = scanRow(feed.text, from, place, sight, count)
    const end = scan.end === -1 ? feed.text.length : scan.end
    if (feed.bytesOf(feed.text.slice(feed.pos, end)) > limits.mostRowBytes) {
      throw refused(`its first row, the header, is larger than ${limits.mostRowBytes} bytes.`)
    }
    // Whether a line feed follows a carriage return must be in the window.
    if (feed.ended || end + 1 < feed.text.length) {
      return { length: end - feed.pos, newline: newlineAt(feed.text, end), counts }
    }
    place = scan.place
    from = end - feed.pos
    await feed.grow()
  }
}

const skipBlankLines = async (feed: TextFeed): Promise<void> => {
  for (;;) {
    while (feed.text[feed.pos] === '\r' || feed.text[feed.pos] === '\n') feed.pos += 1
    if (feed.pos < feed.text.length) return
    if (feed.ended) throw refused('it has blank lines only. Send a header and rows.')
    await feed.grow()
  }
}

/** Line ends and tabs may stand in a quoted name; what else has controls is no text. */
const isText = (name: string): boolean =>
  name.isWellFormed() && ![...name].some((char) => char < ' ' && !'\t\r\n'.includes(char))

const refuseNames = (header: readonly string[]): void => {
  const seen = new Map<string, number>()
  for (const [index, name] of header.entries()) {
    const place = `column ${index + 1} of the header`
    if (name.trim() === '') throw refused(`${place} has no name. Name each column, or take this one away.`)
    if (!isText(name)) {
      throw refused(`${place} holds what is no text: is it a table? Save it as CSV UTF-8.`)
    }
    if (name.split('.').includes('__proto__')) throw refused(`${place} cannot be called ${name}.`)
    const other = seen.get(name)
    if (other !== undefined) {
      throw refused(`columns ${other} and ${index + 1} of the header are both called ${name}. Rename one.`)
    }
    seen.set(name, index + 1)
  }
}

const splitHeader = (feed: TextFeed, shape: CsvShape): CsvCells => {
  const row = new CsvSplitter(shape).split(feed, feed.pos)
  if (row === undefined) throw refused('its first row, the header, cannot be read.')
  if (row.problem !== undefined) {
    throw refused(`column ${row.cells.length + 1} of the header cannot be read: ${row.problem}`)
  }
  return row
}

/**
 * Reads the header and finds the delimiter and the line end by it; the feed stands behind it then.
 * @param delimiter when it is known. @throws AppError `bad-request`: there is no header that could be used.
 */
export const readHeader = async (
  feed: TextFeed,
  delimiter: string | undefined,
  limits: TableLimits,
): Promise<CsvHeader> => {
  await skipBlankLines(feed)
  const first = await findLine(feed, delimiter ?? candidates, limits)
  const told = separatorLine.exec(feed.text.slice(feed.pos, feed.pos + first.length))?.[1]
  if (told !== undefined) {
    feed.pos += first.length
    return await readHeader(feed, delimiter ?? told, limits)
  }
  const chosen = delimiter ?? mostFrequent(first.counts)
  // A quote behind another candidate opens no cell, so the line may end elsewhere.
  const { newline } = await findLine(feed, chosen, limits)
  const shape: CsvShape = { delimiter: chosen, newline }
  const row = splitHeader(feed, shape)
  feed.pos = row.next
  refuseNames(row.cells)
  return { ...shape, header: row.cells }
}
