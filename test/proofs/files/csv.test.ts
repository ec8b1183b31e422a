import { setImmediate } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import type { HowToRead } from '#src/lib/table-file/read-table.ts'
import type { TableRow } from '#src/lib/table-file/table-row.ts'
import { readBatches, readRows } from '../../support/table-file.ts'
import { type Random, randomOf } from '../support/random.ts'
import { createTally, proofRun } from '../support/run.ts'
import { type Document, debrisRows, randomDocument } from './documents.ts'
import { type PlainRow, readPlainly } from './plain-reader.ts'

const run = proofRun('files')
const fullCount = 200_000
const casesBetweenBreaths = 500

type Encoding = 'utf8' | 'utf8 with mark' | 'utf16le' | 'utf16be'

const encoded = (text: string, encoding: Encoding): Buffer => {
  switch (encoding) {
    case 'utf8':
      return Buffer.from(text)
    case 'utf8 with mark':
      return Buffer.from(`\ufeff${text}`)
    case 'utf16le':
      return Buffer.from(`\ufeff${text}`, 'utf16le')
    case 'utf16be':
      return Buffer.from(`\ufeff${text}`, 'utf16le').swap16()
  }
}

const encodings: readonly Encoding[] = ['utf8', 'utf8', 'utf8 with mark', 'utf16le', 'utf16be']

/** What rows of cells must become. */
const expectedRows = (header: readonly string[], rows: readonly PlainRow[]): readonly unknown[] =>
  rows.map((cells, index) => {
    if (cells === null || cells.length > header.length) return { row: index + 1, problem: true }
    const record = Object.fromEntries(
      cells.map((cell, at) => [header[at], cell]).filter(([, cell]) => cell !== ''),
    )
    return { row: index + 1, record }
  })

const withoutWords = (rows: readonly TableRow[]): readonly unknown[] =>
  rows.map((row) => ('record' in row ? row : { row: row.row, problem: true }))

/** The rows, read in two parts: up to a batch, and from where that one says. */
const readInParts = async (bytes: Buffer, random: Random, more: Partial<HowToRead>) => {
  const chunk = 1 + random.int(random.once(2) ? 8 : 200)
  const how = { ...more, blockBytes: 1 + random.int(random.once(2) ? 8 : 200) }
  const batchRows = 1 + random.int(4)
  const batches = await readBatches(bytes, { ...how, batchRows }, chunk)
  if (batches.length === 0) return []
  const kept = random.int(batches.length)
  const position = JSON.parse(JSON.stringify(batches[kept]?.next))
  const first = batches.slice(0, kept + 1).flatMap(({ rows }) => rows)
  return [...first, ...(await readRows(bytes, { ...how, position, batchRows }, chunk))]
}

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

const runCases = async (
  name: string,
  count: number,
  faultOf: (random: Random) => Promise<string | undefined>,
): Promise<void> => {
  const failures: string[] = []
  const outcomes = createTally()
  for (let number = 0; number < count && failures.length < 20; number += 1) {
    try {
      const fault = await faultOf(randomOf(run.seed, name, number))
      outcomes.add(fault === undefined ? 'as expected' : 'not as expected')
      if (fault !== undefined) failures.push(`case ${number}: ${fault.slice(0, 1_500)}`)
    } catch (error) {
      failures.push(`case ${number} threw ${String(error)}`)
    }
    // Long loops without a pause make the test runner believe that its worker is gone.
    if (number % casesBetweenBreaths === 0) await setImmediate()
  }
  run.say(`${count.toLocaleString('en')} ${name}: ${outcomes.text()}`)
  if (failures.length > 0) throw run.failure(failures)
  expect(outcomes.of('as expected')).toBe(count)
}

test(
  'a CSV document is read as csv-parse reads it, in any encoding, chunks, batches, and from any place on',
  () => runCases('documents', run.share(fullCount), faultOfDocument),
  run.timeoutMs,
)

test(
  'damaged rows are told, and the rows around them are read as a reader of single characters reads them',
  () => runCases('damaged files', run.share(fullCount), faultOfDebris),
  run.timeoutMs,
)
