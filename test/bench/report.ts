import { execFileSync } from 'node:child_process'
import { availableParallelism, cpus, totalmem } from 'node:os'
import type { BulkFindings } from './bulk/bulk.ts'
import { bulkGoals, bulkTable } from './bulk/bulk-report.ts'
import type { PerCall } from './count.ts'
import type { CsvFindings } from './csv/csv.ts'
import { csvGoals, csvTable } from './csv/csv-report.ts'
import type { EventFindings } from './events/events.ts'
import { eventGoals, eventTables } from './events/events-report.ts'
import { type Goal, isKept, table } from './goal.ts'
import type { Pace, Result } from './measure.ts'
import { pinned } from './processes.ts'
import { type ScriptFindings, scriptGoals, scriptTable } from './scripts.ts'
import type { StartUp } from './start-up.ts'
import type { Field, PathName } from './targets.ts'

/** Everything that a run found; a part that was not asked for is absent. */
export interface Findings {
  readonly command: string
  readonly pace: Pace
  readonly vendor?: Field['vendor']
  readonly paths: readonly { readonly path: PathName; readonly results: readonly Result[] }[]
  readonly counts: readonly PerCall[]
  /** Resident memory of the product before and after all load, MB. */
  readonly memory?: { readonly beforeMb: number; readonly afterMb: number }
  readonly scripts?: ScriptFindings
  readonly startUp?: StartUp
  readonly events?: EventFindings
  readonly csv?: CsvFindings
  readonly bulk?: BulkFindings
}

const cpuOf = (results: readonly Result[], name: Result['target']): number =>
  results.find(({ target }) => target === name)?.cpuMicros ?? Number.NaN

const resultTable = (results: readonly Result[]): string => {
  const bare = cpuOf(results, 'bare Node')
  const floor = cpuOf(results, 'honest floor')
  return table(
    ['', 'CPU µs/request', 'x bare Node', 'x honest floor', 'requests/s', 'p50 ms', 'p99 ms', 'bytes'],
    [...results]
      .sort((one, two) => one.cpuMicros - two.cpuMicros)
      .map((result) => [
        result.target,
        result.cpuMicros.toFixed(0),
        Number.isNaN(bare) ? '' : (result.cpuMicros / bare).toFixed(2),
        (result.cpuMicros / floor).toFixed(2),
        result.perSecond.toFixed(0),
        result.p50Ms.toFixed(2),
        result.p99Ms.toFixed(2),
        result.replyBytes.toFixed(0),
      ]),
  )
}

const titles: Readonly<Record<PathName, string>> = {
  one: 'One record by its id (about 1 KB)',
  page: 'A page of 100 records without a mapping (about 74 KB, a quarter of the values null)',
  mapped: 'The same page mapped to a common resource: 20 fields renamed, the others passed',
  scripted: 'The mapped page through a script that names the fields it uses',
  'scripted-whole': 'The mapped page through a script that is given whole objects',
}

/** Of the honest floor's speed (design, section 5). */
const speeds: Readonly<Partial<Record<PathName, number>>> = {
  mapped: 0.8,
  scripted: 0.12,
  'scripted-whole': 0.12,
}

const goalsOfPath = (path: PathName, results: readonly Result[]): Goal => {
  const own = cpuOf(results, 'Amalgam')
  const speed = speeds[path]
  if (speed !== undefined) {
    const is = cpuOf(results, 'honest floor') / own
    return { what: `${path} page of 100, speed`, is, limit: speed, lowest: true, unit: 'x honest floor' }
  }
  return path === 'one'
    ? { what: 'one record, CPU', is: own / cpuOf(results, 'bare Node'), limit: 2.5, unit: 'x bare Node' }
    : {
        what: 'page of 100, CPU',
        is: own / cpuOf(results, 'honest floor'),
        limit: 1,
        unit: 'x honest floor',
      }
}

/** What the run must keep to (issue "A first page, a benchmark, and proofs"). */
export const goalsOf = ({
  paths,
  counts,
  scripts,
  startUp,
  events,
  csv,
  bulk,
}: Findings): readonly Goal[] => [
  ...paths.map(({ path, results }) => goalsOfPath(path, results)),
  ...counts.map(({ path, statements, logWrites }) => ({
    what: `SQL statements of warm calls (${path}) but the batched log`,
    is: statements - logWrites,
    limit: 0,
    unit: '',
  })),
  ...counts.map(({ path, calls, vendorCalls }) => ({
    what: `vendor calls a hub call (${path})`,
    is: vendorCalls / calls,
    limit: 1,
    unit: '',
  })),
  ...(scripts === undefined ? [] : scriptGoals(scripts)),
  ...(startUp === undefined
    ? []
    : [{ what: 'second start to first answered call', is: startUp.secondSeconds, limit: 2, unit: 's' }]),
  ...(events === undefined ? [] : eventGoals(events)),
  ...(csv === undefined ? [] : csvGoals(csv)),
  ...(bulk === undefined ? [] : bulkGoals(bulk)),
]

const countTable = (counts: readonly PerCall[]): string =>
  table(
    ['', 'hub calls', 'SQL statements', 'of these request log batches', 'vendor calls'],
    counts.map(({ path, calls, statements, logWrites, vendorCalls }) =>
      [path, calls, statements, logWrites, vendorCalls].map(String),
    ),
  )

const startTable = ({ firstSeconds, secondSeconds, secondRuns, idleMb }: StartUp): string =>
  table(
    ['`npm start` to the first answered hub call', ''],
    [
      ['first start, empty data folder', `${firstSeconds.toFixed(2)} s`],
      [`later starts, median of ${secondRuns}`, `${secondSeconds.toFixed(2)} s`],
      ['resident memory of the API, idle', `${idleMb.toFixed(0)} MB`],
    ],
  )

const goalTable = (goals: readonly Goal[]): string =>
  table(
    ['', 'is', 'limit', ''],
    goals.map((goal) => [
      goal.what,
      `${goal.is.toFixed(2)} ${goal.unit}`.trim(),
      `at ${goal.lowest === true ? 'least' : 'most'} ${goal.limit}`,
      isKept(goal) ? 'kept' : 'MISSED',
    ]),
  )

const revision = (): string => {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim()
  } catch {
    return 'unknown'
  }
}

const machine = (): string => {
  const [cpu] = cpus()
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`
  return `${availableParallelism()} x ${cpu?.model.trim() ?? 'unknown'}, ${memory}, ${process.platform}, Node ${process.version}`
}

/** The findings as Markdown, from the date to the goals. */
export const printFindings = (found: Findings): string => {
  const { pace, paths, counts, memory, scripts, startUp, events, csv, bulk, vendor } = found
  const how = `${pace.rounds} rounds of ${pace.seconds} s, 16 connections, ${
    pinned ? 'measured programs on core 0, load and vendor on core 1' : 'no pinning to cores'
  }`
  const head = [
    `${new Date().toISOString().slice(0, 10)}, \`${found.command}\` at ${revision()}: ${machine()}.`,
    vendor === undefined ? '' : `${how}; vendor: ${vendor}.`,
  ].filter((line) => line !== '')
  return [
    head.join('\n'),
    ...paths.map(({ path, results }) => `### ${titles[path]}\n\n${resultTable(results)}`),
    ...(counts.length === 0 ? [] : [`### What warm calls cost\n\n${countTable(counts)}`]),
    ...(memory === undefined
      ? []
      : [
          `Resident memory of the API: ${memory.beforeMb.toFixed(0)} MB before the load, ${memory.afterMb.toFixed(0)} MB after it.`,
        ]),
    ...(scripts === undefined ? [] : [scriptTable(scripts)]),
    ...(startUp === undefined ? [] : [`### Start\n\n${startTable(startUp)}`]),
    ...(events === undefined ? [] : eventTables(events)),
    ...(csv === undefined ? [] : [csvTable(csv)]),
    ...(bulk === undefined ? [] : [bulkTable(bulk)]),
    `### Limits\n\n${goalTable(goalsOf(found))}`,
  ].join('\n\n')
}
