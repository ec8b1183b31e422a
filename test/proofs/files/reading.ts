import { setImmediate } from 'node:timers/promises'
import { expect } from 'vitest'
import type { HowToRead } from '#src/lib/table-file/read-table.ts'
import type { TableRow } from '#src/lib/table-file/table-row.ts'
import { readBatches, readRows } from '../../support/table-file.ts'
import { type Random, randomOf } from '../support/random.ts'
import { createTally, type ProofRun } from '../support/run.ts'

const casesBetweenBreaths = 500

type Encoding = 'utf8' | 'utf8 with mark' | 'utf16le' | 'utf16be'

export const encoded = (text: string, encoding: Encoding): Buffer => {
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

export const encodings: readonly Encoding[] = ['utf8', 'utf8', 'utf8 with mark', 'utf16le', 'utf16be']

export const withoutWords = (rows: readonly TableRow[]): readonly unknown[] =>
  rows.map((row) => ('record' in row ? row : { row: row.row, problem: true }))

/** The rows, read in two parts: up to a batch, and from where that one says. */
export const readInParts = async (bytes: Buffer, random: Random, more: Partial<HowToRead>) => {
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

/** Runs the cases of one part; a case says its fault, or nothing. */
export const runCases = async (
  run: ProofRun,
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
