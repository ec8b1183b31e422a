import { parse } from 'csv-parse/sync'
import { linesOf } from '../../support/bulk.ts'
import type { Random } from '../support/random.ts'
import type { Lane } from './lane.ts'
import type { VendorReport } from './vendor-reports.ts'

const dayMs = 86_400_000

/** A job that runs while its worker is killed. */
export interface KilledJob {
  readonly what: string
  readonly id: string
  readonly bulk: Lane['downloads']['bulk']
  /** @param kills how many there were. @throws Error that says what is wrong. @returns rows, and those in doubt. */
  readonly judge: (
    ended: Readonly<Record<string, unknown>>,
    kills: number,
  ) => Promise<{ readonly rows: number; readonly inDoubt: number }>
}

const shown = (rows: readonly unknown[], at: number): string => JSON.stringify(rows[at] ?? null).slice(0, 200)

/** @throws Error that names the first place where two lists differ. */
const mustEqual = (got: readonly unknown[], wanted: readonly unknown[], where: string): void => {
  const at = wanted.findIndex((row, index) => JSON.stringify(row) !== JSON.stringify(got[index]))
  if (at < 0 && got.length === wanted.length) return
  const place = at < 0 ? wanted.length : at
  throw new Error(
    `${where}: ${got.length} rows, not ${wanted.length}; row ${place + 1} is ${shown(got, place)}, not ${shown(wanted, place)}`,
  )
}

const millisecondsOf = ({ LastModifiedDate }: VendorReport): number => Date.parse(`${LastModifiedDate}Z`)

const largestFirst = (one: VendorReport, two: VendorReport): number =>
  two.Total - one.Total || (one.ID < two.ID ? -1 : 1)

/** Starts a download of reports that no upload changes: a span of time, a filter of ours, sometimes sorted or cut. */
export const startDownload = async (lane: Lane, random: Random): Promise<KilledJob> => {
  const { seeded, downloads } = lane
  const newestMs = millisecondsOf(seeded[0] as VendorReport)
  const toMs = newestMs - random.int(300) * dayMs
  const fromMs = toMs - (300 + random.int(500)) * dayMs
  const least = random.pick([0, 50, 400])
  const isSorted = random.once(3)
  const limit = random.once(4) ? 500 + random.int(2_000) : undefined
  const [from, to] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()]
  const q = [
    `select ID, Name, Total from reports where user = 'ALL' and Total >= ${least}`,
    `and LastModifiedDate >= '${from}' and LastModifiedDate < '${to}'`,
    ...(isSorted ? ['order by Total desc, ID'] : []),
    ...(limit === undefined ? [] : [`limit ${limit}`]),
  ].join(' ')
  const found = seeded.filter((row) => {
    const at = millisecondsOf(row)
    return row.Total >= least && at >= fromMs && at < toMs
  })
  const ordered = isSorted ? found.toSorted(largestFirst) : found
  const wanted = ordered.slice(0, limit).map(({ ID, Name, Total }) => [ID, Name, Total])
  const id = await downloads.bulk.query(q)
  return {
    what: isSorted ? 'sorted download' : 'download',
    id,
    bulk: downloads.bulk,
    judge: async ({ status, recordsCount, recordsFailedCount }) => {
      if (status !== 'COMPLETED' || recordsCount !== wanted.length || recordsFailedCount !== 0)
        throw new Error(`${status} with ${recordsCount} rows, ${recordsFailedCount} failed: ${q}`)
      const json = await downloads.bulk.file(id, 'reports', 'application/json')
      const rows = linesOf(json.text).map(({ ID, Name, Total }) => [ID, Name, Total])
      mustEqual(rows, wanted, `JSON of ${q}`)
      const csv = await downloads.bulk.file(id, 'reports', 'text/csv')
      const cells = parse(csv.text) as string[][]
      const texts = wanted.map((row) => row.map(String))
      mustEqual(cells, [['ID', 'Name', 'Total'], ...texts], `CSV of ${q}`)
      return { rows: wanted.length, inDoubt: 0 }
    },
  }
}
