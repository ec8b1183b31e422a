import { AppError } from '../errors.ts'
import { readHeader } from './csv-header.ts'
import { CsvRows } from './csv-rows.ts'
import { JsonArray } from './json-array.ts'
import { JsonLines } from './json-lines.ts'
import { JsonObjects } from './json-objects.ts'
import { jsonStart, scanJson } from './json-scan.ts'
import type { RowReader, TableLimits } from './table-row.ts'
import type { TextFeed } from './text-feed.ts'

/**
 * Where a pattern first matches behind the place where the feed stands, counted from there; -1: not in so many
 * characters. What it answers does not depend on how much is in the window.
 */
const findWithin = async (feed: TextFeed, pattern: RegExp, from: number, most: number): Promise<number> => {
  for (;;) {
    const text = feed.text.slice(feed.pos, feed.pos + most)
    pattern.lastIndex = from
    const found = pattern.exec(text)
    if (found !== null) return found.index
    if (feed.ended || text.length === most) return -1
    await feed.grow()
  }
}

/**
 * Whether each line is a row of its own: the first one closes the object that it opens, and opens no other, or it is
 * damaged, for in valid JSON no object goes on behind it with another.
 */
const areLines = (line: string, next: string): boolean => {
  const place = jsonStart()
  const end = scanJson(line, 0, place, () => true)
  if (end !== -1)
    return !line
      .slice(end + 1)
      .trimStart()
      .startsWith('{')
  return place.inText || (next === '{' && !/[[,:]\s*$/.test(line))
}

const openObjects = async (feed: TextFeed, limits: TableLimits): Promise<RowReader> => {
  const most = limits.mostRowBytes + 2
  const found = await findWithin(feed, /\n|\r[\s\S]/g, 0, most)
  const rest = feed.text.length - feed.pos
  // A first line that is too large is not looked through.
  if (found === -1 && rest >= most) return new JsonLines('\n', 0, limits)
  const end = found === -1 ? rest : found
  const next = await findWithin(feed, /\S/g, end, 2 * limits.mostRowBytes)
  const text = feed.text.slice(feed.pos)
  const isBareReturn = text[end] === '\r' && text[end + 1] !== '\n'
  return areLines(text.slice(0, end), next === -1 ? '' : text.charAt(next))
    ? new JsonLines(isBareReturn ? '\r' : '\n', 0, limits)
    : new JsonObjects(0, limits)
}

export interface FormatHints {
  /** `json`: an array, lines or objects, whichever it is. */
  readonly format?: 'csv' | 'json' | undefined
  readonly delimiter?: string | undefined
}

/**
 * Finds out how a file holds its rows, by its first character unless the format is told, and reads what stands before
 * the first row. @throws AppError `bad-request`
 */
export const findFormat = async (
  feed: TextFeed,
  { format, delimiter }: FormatHints,
  limits: TableLimits,
): Promise<RowReader> => {
  await feed.grow()
  if (format !== 'csv') {
    const at = await findWithin(feed, /[^ \t\r\n]/g, 0, limits.mostRowBytes)
    const first = at === -1 ? '' : feed.text.charAt(feed.pos + at)
    if (first === '[' || first === '{') feed.pos += at
    if (first === '[') {
      feed.pos += 1
      return new JsonArray('first', 0, limits)
    }
    if (first === '{') return await openObjects(feed, limits)
    if (format === 'json') {
      throw new AppError('bad-request', 'file: it is not JSON: it begins with neither [ nor {.')
    }
  }
  return new CsvRows(await readHeader(feed, delimiter, limits), 0, limits)
}
