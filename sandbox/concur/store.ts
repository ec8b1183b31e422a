import { setImmediate as breathe } from 'node:timers/promises'
import type { DataCentre } from './data-centres.ts'
import type { Sandbox } from './operation.ts'
import { personByLogin } from './people.ts'
import type { Entry, Report } from './records.ts'
import type { Seed } from './seed.ts'
import type { State } from './state.ts'

/** Reads rows: the seed with everything that changed laid over it. */

export const findReport = ({ state, seed }: Sandbox, id: string): Report | undefined => {
  const changed = state.memory.reports.get(id)
  if (changed !== undefined) return changed
  if (state.memory.deletedReports.has(id)) return undefined
  const index = seed.indexOf(id)
  return index === undefined ? undefined : seed.reportAt(index)
}

const overlaid = (state: State, reportId: string): Entry[] =>
  [...(state.memory.touched.get(reportId) ?? [])].flatMap((id) => state.memory.entries.get(id) ?? [])

const byPosition = (one: Entry, other: Entry): number => one.position - other.position

/** A report's entries in their order. */
export const entriesOf = ({ state, seed }: Sandbox, report: Report): readonly Entry[] => {
  const seeded = report.index === null ? [] : seed.entriesAt(report, report.index)
  const touched = state.memory.touched.get(report.id)
  if (touched === undefined) return seeded
  return [...seeded.filter((entry) => !touched.has(entry.id)), ...overlaid(state, report.id)].sort(byPosition)
}

/** Entries whose report does not exist: the `ids` switch is lenient by default. */
export const orphanEntries = (sandbox: Sandbox): readonly Entry[] =>
  [...sandbox.state.memory.touched.keys()]
    .filter((reportId) => findReport(sandbox, reportId) === undefined)
    .flatMap((reportId) => overlaid(sandbox.state, reportId).sort(byPosition))

export const findEntry = (sandbox: Sandbox, id: string): Entry | undefined => {
  const { state, seed } = sandbox
  const changed = state.memory.entries.get(id)
  if (changed !== undefined) return changed
  if (state.memory.deletedEntries.has(id)) return undefined
  const place = seed.entryAt(id)
  if (place === undefined) return undefined
  const report = seed.reportAt(place.index)
  if (state.memory.deletedReports.has(report.id)) return undefined
  return seed.entriesAt(report, place.index)[place.position]
}

/** Writes a changed report, always later than it was, also when the clock stands before the seed's dates. */
export const changeReport = ({ state, clock }: Sandbox, report: Report, changes: Partial<Report>): Report => {
  const modifiedAt = Math.max(clock.now(), report.modifiedAt + 1)
  const changed = { ...report, ...changes, modifiedAt, version: (report.version ?? 0) + 1 }
  state.record({ kind: 'report', report: changed })
  return changed
}

/** Writes a changed entry, always later than it was. */
export const changeEntry = ({ state, clock }: Sandbox, entry: Entry, changes: Partial<Entry>): Entry => {
  const modifiedAt = Math.max(clock.now(), entry.modifiedAt + 1)
  const changed = { ...entry, ...changes, modifiedAt }
  state.record({ kind: 'entry', entry: changed })
  return changed
}

/** A place in the list: the row it stands behind. Lists run from the newest LastModifiedDate to the oldest. */
export interface Place {
  readonly at: number
  readonly id: string
}

const isBehind = (report: Report, place: Place): boolean =>
  report.modifiedAt < place.at || (report.modifiedAt === place.at && report.id > place.id)

interface Sorted {
  readonly version: number
  readonly reports: readonly Report[]
  readonly indexes: ReadonlySet<number>
}
const sortedCopies = new WeakMap<State, Sorted>()

const changedReports = (state: State): Sorted => {
  const known = sortedCopies.get(state)
  if (known?.version === state.memory.reportVersion) return known
  const reports = [...state.memory.reports.values()].sort(
    (one, other) => other.modifiedAt - one.modifiedAt || (one.id < other.id ? -1 : 1),
  )
  const deleted = [...state.memory.deletedReports.values()]
  const indexes = new Set(
    [...reports.map((report) => report.index), ...deleted].flatMap((index) => index ?? []),
  )
  const sorted = { version: state.memory.reportVersion, reports, indexes }
  sortedCopies.set(state, sorted)
  return sorted
}

/** Where in the seed the rows behind a place begin. */
const startOf = (seed: Seed, place: Place | undefined): number => {
  if (place === undefined) return 0
  const index = seed.firstAtOrBefore(place.at)
  const same = index < seed.count && seed.modifiedAt(index) === place.at && seed.idAt(index) <= place.id
  return same ? index + 1 : index
}

export interface Scan {
  readonly place: Place | undefined
  /** Exclusive bounds of LastModifiedDate. */
  readonly after: number | undefined
  readonly before: number | undefined
  /** Only this person's; undefined for everybody's. */
  readonly owner: string | undefined
  /** Only these people's; undefined for everybody's. */
  readonly owners?: ReadonlySet<string>
  /** Whose company; the seeded rows are all of `us2`. */
  readonly home: DataCentre
}

/** A scan holds the machine this many rows long, then lets others run. */
const rowsAtOnce = 5000

const firstPlace = (scan: Scan): Place | undefined => {
  if (scan.before === undefined) return scan.place
  const bound = { at: scan.before - 1, id: '' }
  return scan.place === undefined || scan.place.at > bound.at ? bound : scan.place
}

const isWanted = ({ owner, owners }: Scan, login: () => string): boolean =>
  (owner === undefined || login() === owner) && (owners === undefined || owners.has(login()))

const isAhead = (row: Report, at: number, index: number, seed: Seed): boolean =>
  row.modifiedAt > at || (row.modifiedAt === at && row.id < seed.idAt(index))

/** Seeded rows of the wanted owner that nobody changed, from the newest on. */
async function* seededRows(seed: Seed, changed: Sorted, place: Place | undefined, scan: Scan) {
  const floor = scan.after ?? Number.NEGATIVE_INFINITY
  if (scan.home !== 'us2') return
  for (let index = startOf(seed, place); index < seed.count; index += 1) {
    if (index % rowsAtOnce === rowsAtOnce - 1) await breathe()
    const at = seed.modifiedAt(index)
    if (at <= floor) return
    if (changed.indexes.has(index)) continue
    if (isWanted(scan, () => seed.ownerAt(index).login)) yield { index, at }
  }
}

/** Every report behind the place, newest change first, each exactly once. */
export async function* scanReports({ state, seed }: Sandbox, scan: Scan): AsyncGenerator<Report> {
  const place = firstPlace(scan)
  const floor = scan.after ?? Number.NEGATIVE_INFINITY
  const changed = changedReports(state)
  const own = (login: string) => personByLogin(login)?.home === scan.home && isWanted(scan, () => login)
  const overlay = changed.reports.filter(
    (row) => row.modifiedAt > floor && own(row.ownerLogin) && (place === undefined || isBehind(row, place)),
  )
  let next = 0
  for await (const { index, at } of seededRows(seed, changed, place, scan)) {
    for (let row = overlay[next]; row !== undefined && isAhead(row, at, index, seed); row = overlay[next]) {
      next += 1
      yield row
    }
    yield seed.reportAt(index)
  }
  yield* overlay.slice(next)
}
