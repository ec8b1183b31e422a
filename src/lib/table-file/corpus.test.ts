import { describe, expect, test } from 'vitest'
import { csvCases } from '../../../test/support/table-corpus/csv-cases.ts'
import { encodingCases } from '../../../test/support/table-corpus/encoding-cases.ts'
import { jsonCases } from '../../../test/support/table-corpus/json-cases.ts'
import { sizeCases } from '../../../test/support/table-corpus/size-cases.ts'
import type { TableCase } from '../../../test/support/table-corpus/table-case.ts'
import { chunksOf, mostRowBytes, readRows } from '../../../test/support/table-file.ts'
import { AppError } from '../errors.ts'
import { readTable } from './read-table.ts'
import type { TableBatch, TableRow } from './table-row.ts'

interface Found {
  readonly batches: readonly TableBatch[]
  readonly refused?: string
}

/** What came of a file. @throws whatever is no refusal. */
const readCase = async ({ bytes, how }: TableCase, chunk: number, batchRows: number): Promise<Found> => {
  const batches: TableBatch[] = []
  try {
    const reading = readTable(chunksOf(bytes(), chunk), { mostRowBytes, batchRows, ...how })
    for await (const batch of reading) batches.push(batch)
    return { batches }
  } catch (error) {
    if (error instanceof AppError && error.code === 'bad-request') return { batches, refused: error.message }
    throw error
  }
}

const rowsOf = ({ batches }: Found): readonly TableRow[] => batches.flatMap(({ rows }) => rows)

const expectedOf = ({ rows = [] }: TableCase): readonly unknown[] =>
  rows.map((expected, index) =>
    expected['problem'] instanceof RegExp
      ? { row: index + 1, ...expected, problem: expect.stringMatching(expected['problem']) }
      : { row: index + 1, record: expected },
  )

const expectCase = (found: Found, nasty: TableCase): void => {
  expect(rowsOf(found)).toEqual(expectedOf(nasty))
  if (nasty.refused === undefined) expect(found.refused).toBeUndefined()
  else expect(found.refused).toMatch(nasty.refused)
}

const sets = { csv: csvCases, encodings: encodingCases, json: jsonCases, sizes: sizeCases }
/** A large file is not read byte by byte. */
const chunkSizes = (size: number): readonly number[] => (size > 20_000 ? [65_536, 9_973] : [65_536, 7, 1])
const inChunks = ({ how, ...nasty }: TableCase, chunk: number): TableCase => ({
  ...nasty,
  how: { ...how, blockBytes: chunk },
})

test('the corpus has at least 60 files, each with a name of its own', () => {
  const names = Object.values(sets).flatMap((cases) => cases.map(({ name }) => name))
  expect(new Set(names).size).toBe(names.length)
  expect(names.length).toBeGreaterThanOrEqual(60)
})

describe.each(Object.entries(sets))('%s', (_, cases) => {
  test.each(cases.map((nasty) => [nasty.name, nasty] as const))('%s', async (_name, nasty) => {
    for (const chunk of chunkSizes(nasty.bytes().length))
      expectCase(await readCase(inChunks(nasty, chunk), chunk, 1_000), nasty)
  })

  test.each(cases.filter(({ rows }) => (rows ?? []).length > 0).map((nasty) => [nasty.name, nasty] as const))(
    '%s: reading goes on after each row',
    async (_name, nasty) => {
      const whole = await readCase(inChunks(nasty, 97), 9_973, 1)
      for (const [index, { next }] of whole.batches.entries()) {
        const position = JSON.parse(JSON.stringify(next))
        const rest = await readCase({ ...nasty, how: { ...nasty.how, position } }, 65_536, 1_000)
        expect({ ...rest, batches: rowsOf(rest) }).toEqual({
          ...whole,
          batches: rowsOf(whole).slice(index + 1),
        })
      }
    },
  )
})

test('a file that is read in Windows-1252 says so in each position', async () => {
  const nasty = encodingCases.find(({ name }) => name === 'Windows-1252')
  if (nasty === undefined) throw new Error('the case is gone')
  const { batches } = await readCase(nasty, 7, 1)
  expect(batches.map(({ next }) => next.encoding)).toEqual(['windows-1252', 'windows-1252'])
  expect(await readRows(nasty.bytes())).toHaveLength(2)
})
