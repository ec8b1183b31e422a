// Reads a CSV file once, when told to, and says what that cost: `csv-process.js READER FILE`.
import { createReadStream } from 'node:fs'
import { parse } from 'csv-parse'
import { readTable } from '#src/lib/table-file/read-table.ts'
import { createUnflattener } from '#src/lib/table-file/unflatten-record.ts'
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

const readByProduct = async (path: string, seen: Seen, isNested: boolean): Promise<void> => {
  const open = (start: number) => createReadStream(path, { start })
  let unflatten: ReturnType<typeof createUnflattener> | undefined
  for await (const { rows, next } of readTable(open, { mostRowBytes, batchRows })) {
    unflatten ??= createUnflattener(next.header ?? [])
    for (const row of rows) {
      if ('problem' in row) throw new Error(`row ${row.row}: ${row.problem}`)
      const made = isNested ? unflatten(row.record) : { record: row.record }
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
  else await readByProduct(path, seen, reader === 'nested records')
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
