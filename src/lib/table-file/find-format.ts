import { AppError } from '../errors.ts'
import { readHeader } from './csv-header.ts'
import { CsvRows } from './csv-rows.ts'
import { JsonArray } from './json-array.ts'
import { JsonLines } from './json-lines.ts'
import { JsonObjects } from './json-objects.ts'
import { jsonStart, scanJson } from './json-scan.ts'
import type { RowReader, TableLimits } from './table-row.ts'
import type { TextFeed } from './text-feed.ts'

/** Moves on to the first character that is no space. */
const skipSpace = async (feed: TextFeed): Promise<string> => {
  for (;;) {
    const at = feed.text.slice(feed.pos).search(/[^ \t\r\n]/)
    if (at !== -1) {
      feed.pos += at
      return feed.text.charAt(feed.pos)
    }
    if (feed.ended) return ''
    feed.pos = feed.text.length
    await feed.grow()
  }
}

/** The first line; as much of it as a row may have. */
const firstLine = async (feed: TextFeed, limits: TableLimits) => {
  for (;;) {
    const line = /^[^\r\n]*(?=\r?\n|\r[^\n])/.exec(feed.text.slice(feed.pos))?.[0]
    const isLong = feed.bytesOf(feed.text.slice(feed.pos)) > limits.mostRowBytes
    if (line !== undefined || feed.ended || isLong) return line ?? feed.text.slice(feed.pos)
    await feed.grow()
  }
}

/**
 * Whether each line is a row of its own: the first one closes the object that it opens, and opens no other, or it is
 * damaged, for in valid JSON no object goes on behind it with another.
 */
const areLines = (line: string, after: string): boolean => {
  const place = jsonStart()
  const end = scanJson(line, 0, place, () => true)
  if (end !== -1)
    return !line
      .slice(end + 1)
      .trimStart()
      .startsWith('{')
  return place.inText || (/^\s*\{/.test(after) && !/[[,:]\s*$/.test(line))
}

const openObjects = async (feed: TextFeed, limits: TableLimits): Promise<RowReader> => {
  const line = await firstLine(feed, limits)
  const after = feed.text.slice(feed.pos + line.length)
  const newline = after.startsWith('\r') && after[1] !== '\n' && after.length > 1 ? '\r' : '\n'
  return areLines(line, after) ? new JsonLines(newline, 0, limits) : new JsonObjects(0, limits)
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
    const { pos } = feed
    const first = await skipSpace(feed)
    if (first === '[') {
      feed.pos += 1
      return new JsonArray('first', 0, limits)
    }
    if (first === '{') return await openObjects(feed, limits)
    if (format === 'json') {
      throw new AppError('bad-request', 'file: it is not JSON: it begins with neither [ nor {.')
    }
    feed.pos = Math.min(pos, feed.pos)
  }
  return new CsvRows(await readHeader(feed, delimiter, limits), 0, limits)
}
