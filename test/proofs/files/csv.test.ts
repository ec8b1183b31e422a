import { isDeepStrictEqual } from 'node:util'
import { parse } from 'csv-parse/sync'
import { test } from 'vitest'
import type { TableRow } from '#src/lib/table-file/table-row.ts'
import type { Random } from '../support/random.ts'
import { proofRun } from '../support/run.ts'
import { type Document, debrisRows, randomDocument } from './documents.ts'
import { type PlainRow, readPlainly } from './plain-reader.ts'
import { encoded, encodings, readInParts, runCases, withoutWords } from './reading.ts'

const run = proofRun('files')
const fullCount = 200_000

/** What rows of cells must become. */
const expectedRows = (header: readonly string[], rows: readonly PlainRow[]): readonly unknown[] =>
  rows.map((cells, index) => {
    if (cells === null || cells.length > header.length) return { row: index + 1, problem: true }
    const record = Object.fromEntries(
      cells.map((cell, at) => [header[at], cell]).filter(([, cell]) => cell !== ''),
    )
    return { row: index + 1, record }
  })

const parsedByOracle = ({ text, delimiter, newlines }: Document): readonly string[][] => {
  const after = newlines.includes('\r') ? ['\r\n', '\r'] : ['\r\n', '\n']
  return parse(text, {
    delimiter,
    record_delimiter: after,
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
  })
}

const faultOfDocument = async (random: Random): Promise<string | undefined> => {
  const document = randomDocument(random)
  const bytes = encoded(document.text, random.pick(encodings))
  const [header = [], ...rows] = parsedByOracle(document)
  const how = { delimiter: document.delimiter }
  const found = await readInParts(bytes, random, how)
  const expected = expectedRows(header, rows)
  if (isDeepStrictEqual(withoutWords(found), expected)) return undefined
  return `${JSON.stringify(document)} is read as ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`
}

const faultOfDebris = async (random: Random): Promise<string | undefined> => {
  const newline = random.once(4) ? '\r' : '\n'
  const text = debrisRows(random)
  // The header would end with a line feed too.
  const rows = newline === '\r' ? text.replace(/^\n+/, '') : text
  const bytes = encoded(`a,b,c${newline}${rows}`, random.pick(encodings))
  const expected = expectedRows(['a', 'b', 'c'], readPlainly(rows, ',', newline))
  const found = await readInParts(bytes, random, {})
  if (!isDeepStrictEqual(withoutWords(found), expected)) {
    return `${JSON.stringify(rows)} is read as ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`
  }
  // A row that is passed over ends where it would have ended.
  const passed = await readInParts(bytes, random, { mostRowBytes: 14 })
  const isWrong = (row: TableRow, at: number): boolean =>
    !isDeepStrictEqual(row, found[at]) && !('problem' in row && row.problem.includes('larger than'))
  if (passed.length === found.length && !passed.some(isWrong)) return undefined
  return `${JSON.stringify(rows)} with small rows alone is read as ${JSON.stringify(passed)}`
}

test(
  'a CSV document is read as csv-parse reads it, in any encoding, chunks, batches, and from any place on',
  () => runCases(run, 'documents', run.share(fullCount), faultOfDocument),
  run.timeoutMs,
)

test(
  'damaged rows are told, and the rows around them are read as a reader of single characters reads them',
  () => runCases(run, 'damaged files', run.share(fullCount), faultOfDebris),
  run.timeoutMs,
)
