// Reads a CSV file once, when told to, and says what that cost: `csv-process.js READER FILE`.
import { createReadStream } from 'node:fs'
import { parse } from 'csv-parse'
import { catalogueElements } from '#elements/index.ts'
import { readTable } from '#src/lib/table-file/read-table.ts'
import { createUnflattener } from '#src/lib/table-file/unflatten-record.ts'
import { createRowConverter } from '#src/services/bulk/convert.ts'
import type { Reader, Reading } from './order.ts'

const mostRowBytes = 4 * 2 ** 20
const batchRows = 1_000

interface Seen {
  rows: number
  characters: number
}

const lengthOf = (value: unknown): number => (typeof value === 'string' ? value.length : 0)

const readByOracle = async (path: string, seen: Seen): Promise<void> => {
  const rows = createReadStream(path).pipe(parse({ columns: true }))
  for await (const record of rows as AsyncIterable<Record<string, string>>) {
    seen.rows += 1
    seen.characters += lengthOf(record['ID']) + lengthOf(record['Comment'])
  }
}

type Make = ReturnType<typeof createRowConverter>

/** What a record is made of by each reader of ours. */
const makers: Readonly<Record<Exclude<Reader, 'csv-parse'>, (header: readonly string[]) => Make>> = {
  records: () => (record) => ({ record }),
  'nested records': createUnflattener,
  'mapped rows': () => {
    const [reports] = catalogueElements({}).map(({ resources }) => resources['reports'])
    if (reports === undefined) throw new Error('there is no resource to map to')
    return createRowConverter(reports, true)
  },
}

const readByProduct = async (path: string, seen: Seen, reader: keyof typeof makers): Promise<void> => {
  const open = (start: number) => createReadStream(path, { start })
  let make: Make | undefined
  for await (const { rows, next } of readTable(open, { mostRowBytes, batchRows })) {
    make ??= makers[reader](next.header ?? [])
    for (const row of rows) {
      if ('problem' in row) throw new Error(`row ${row.row}: ${row.problem}`)
      const made = make(row.record)
      if ('problem' in made) throw new Error(`row ${row.row}: ${made.problem}`)
      seen.rows += 1
      seen.characters += lengthOf(made.record['ID']) + lengthOf(made.record['Comment'])
    }
  }
}

const readOnce = async (reader: Reader, path: string): Promise<Reading> => {
  const seen: Seen = { rows: 0, characters: 0 }
  const started = performance.now()
  const before = process.cpuUsage()
  if (reader === 'csv-parse') await readByOracle(path, seen)
  else await readByProduct(path, seen, reader)
  const cpu = process.cpuUsage(before)
  return {
    ...seen,
    seconds: (performance.now() - started) / 1_000,
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    peakMb: process.resourceUsage().maxRSS / 1_024,
  }
}

const [reader = 'records', path = ''] = process.argv.slice(2)
process.once('message', () => {
  readOnce(reader as Reader, path).then(
    (reading) => process.send?.(reading),
    (error: unknown) => process.send?.({ failed: String(error) }),
  )
})
process.send?.({})
