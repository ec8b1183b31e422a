import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { median } from '../measure.ts'
import { nextMessage, startNode } from '../processes.ts'
import { makeTable } from './make-table.ts'
import type { Reader, Reading } from './order.ts'

export interface CsvPace {
  readonly rows: number
  readonly rounds: number
}

export interface CsvFindings extends CsvPace {
  readonly fileMb: number
  /** Medians over the rounds; of memory the highest. */
  readonly readings: readonly (Reading & { readonly reader: Reader })[]
}

const readers: readonly Reader[] = ['csv-parse', 'records', 'nested records', 'mapped rows']
const withinMs = 600_000

const readIn = async (reader: Reader, path: string): Promise<Reading> => {
  const started = await startNode('measured', 'csv/csv-process.js', [reader, path])
  try {
    const told = nextMessage<Reading>(started.child, withinMs)
    started.child.send('read')
    return await told
  } finally {
    await started.stop()
  }
}

const summed = (reader: Reader, readings: readonly Reading[]): Reading & { readonly reader: Reader } => ({
  reader,
  rows: readings[0]?.rows ?? 0,
  characters: readings[0]?.characters ?? 0,
  seconds: median(readings.map(({ seconds }) => seconds)),
  cpuSeconds: median(readings.map(({ cpuSeconds }) => cpuSeconds)),
  peakMb: Math.max(...readings.map(({ peakMb }) => peakMb)),
})

/** Rounds that interleave the readers, each in a process of its own, every other round in the opposite order. */
const runRounds = async (path: string, rounds: number): Promise<CsvFindings['readings']> => {
  const found = new Map<Reader, Reading[]>(readers.map((reader) => [reader, []]))
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? readers : [...readers].reverse()
    for (const reader of order) found.get(reader)?.push(await readIn(reader, path))
  }
  return readers.map((reader) => summed(reader, found.get(reader) ?? []))
}

/** @throws Error when the readers did not read the same: then nothing was measured. */
const refuseDifferent = (readings: CsvFindings['readings'], rows: number): void => {
  const [first] = readings
  for (const reading of readings) {
    if (reading.rows === rows && reading.characters === first?.characters) continue
    throw new Error(`${reading.reader} read ${reading.rows} rows, ${reading.characters} characters`)
  }
}

/** Reads a large CSV file by this product and by csv-parse. */
export const measureCsv = async (pace: CsvPace, say: (text: string) => void): Promise<CsvFindings> => {
  const folder = await mkdtemp(join(tmpdir(), 'amalgam-bench-'))
  try {
    const path = join(folder, 'table.csv')
    say(`Measuring csv: ${pace.rounds} rounds of ${pace.rows} rows by ${readers.length} readers`)
    await makeTable(path, pace.rows)
    const readings = await runRounds(path, pace.rounds)
    refuseDifferent(readings, pace.rows)
    return { ...pace, fileMb: (await stat(path)).size / 1e6, readings }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
