import { type Goal, table } from '../goal.ts'
import type { BulkFindings } from './bulk.ts'
import type { Part, Phase } from './order.ts'

const parts: readonly Part[] = ['work', 'serve']
const mostMb = 200
/** Between the first tenth of the rows and the end. */
const mostGrowthMb = 25

const growth = ({ peak, tenth }: Phase, part: Part): number => peak[part] - tenth[part]

const highest = (phases: readonly Phase[], of: (phase: Phase) => number): number =>
  Math.max(...phases.map(of))

/** What a run must keep to (issue "Bulk: millions of rows in and out"). */
export const bulkGoals = ({ phases }: BulkFindings): readonly Goal[] => [
  ...parts.map((part) => ({
    what: `bulk, highest resident memory of ${part}`,
    is: highest(phases, ({ peak }) => peak[part]),
    limit: mostMb,
    unit: 'MB',
  })),
  ...parts.map((part) => ({
    what: `bulk, its growth after the first tenth of the rows, ${part}`,
    is: highest(phases, (phase) => growth(phase, part)),
    limit: mostGrowthMb,
    unit: 'MB',
  })),
]

const count = (value: number): string => Math.round(value).toLocaleString('en')

/** The findings as Markdown. */
export const bulkTable = ({ rows, bare, phases }: BulkFindings): string => {
  const lines = phases.map((phase) => [
    phase.what,
    count(phase.rows / phase.seconds),
    ...[phase.cpu.work, phase.cpu.serve, phase.cpu.database].map((micros) => micros.toFixed(1)),
    ...parts.map((part) => `${count(phase.tenth[part])} / ${count(phase.peak[part])}`),
  ])
  const [download] = phases
  const ratio = (download?.cpu.work ?? Number.NaN) / bare.cpu
  return `### Bulk

${count(rows)} reports of the sandbox into a file and out of it, ${count(rows)} rows of a CSV file to a vendor that answers at once;
\`serve\` and \`work\` are processes of their own, with the embedded database, the sandbox and the client on the same cores. The
ids of the files, in their order, are those that a bare loop over the sandbox's pages found; each uploaded row came to the
vendor once. Memory: the highest resident (VmHWM) until a tenth of the rows, and until the end, of each phase.

${table(['', 'rows/s', 'CPU µs/row: work', 'serve', 'database', 'MB: work', 'MB: serve'], lines)}

A bare loop that parses the same pages and writes them as lines of JSON, read ${count(bare.rowsPerSecond)} rows/s at ${bare.cpu.toFixed(1)} µs of CPU a row:
the download takes ${ratio.toFixed(2)} times that.`
}
