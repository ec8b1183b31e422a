import type { DataCentre } from './data-centres.ts'
import type { Sandbox } from './operation.ts'
import type { Whose } from './owner.ts'
import type { Entry } from './records.ts'
import { entriesOf, findReport, orphanEntries, scanReports } from './store.ts'

/** Walks entries in the order of lists: for what lists them, and for what lists things that hang on them. */

/** The last entry of a page: its report's date and id (0 and '' for entries without a report), its own id and position. */
export interface Mark {
  readonly at: number
  readonly reportId: string
  readonly position: number
  readonly id: string
}
export interface Spot {
  readonly entry: Entry
  readonly at: number
  readonly reportId: string
}

const isLeft = (entry: Entry, mark: Mark, keepMarked: boolean): boolean =>
  entry.position > mark.position ||
  (entry.position === mark.position && (entry.id > mark.id || (keepMarked && entry.id === mark.id)))

const orphanOrder = (one: Entry, other: Entry): number =>
  one.position - other.position || (one.id < other.id ? -1 : 1)

/** What is left of the part in which the mark stands: entries without a report, or one report's. */
const rest = (sandbox: Sandbox, mark: Mark | undefined): readonly Entry[] => {
  const inReport = mark !== undefined && mark.reportId !== ''
  const report = inReport ? findReport(sandbox, mark.reportId) : undefined
  if (report !== undefined) return entriesOf(sandbox, report)
  return inReport ? [] : [...orphanEntries(sandbox)].sort(orphanOrder)
}

/** Entries without a report first, then report by report in the order of the report list. */
async function* allSpots(sandbox: Sandbox, { whose, home, mark, keepMarked }: Walk): AsyncGenerator<Spot> {
  const left =
    mark === undefined
      ? rest(sandbox, mark)
      : rest(sandbox, mark).filter((entry) => isLeft(entry, mark, keepMarked))
  for (const entry of left) yield { entry, at: mark?.at ?? 0, reportId: mark?.reportId ?? '' }
  const place = mark === undefined || mark.reportId === '' ? undefined : { at: mark.at, id: mark.reportId }
  const owner = whose.kind === 'person' ? whose.login : undefined
  const scan = { place, after: undefined, before: undefined, owner, home }
  for await (const report of scanReports(sandbox, scan)) {
    for (const entry of entriesOf(sandbox, report)) {
      yield { entry, at: report.modifiedAt, reportId: report.id }
    }
  }
}

async function* reportSpots(
  sandbox: Sandbox,
  reportId: string,
  { mark, keepMarked }: Walk,
): AsyncGenerator<Spot> {
  const report = findReport(sandbox, reportId)
  const entries =
    report === undefined
      ? orphanEntries(sandbox).filter((entry) => entry.reportId === reportId)
      : entriesOf(sandbox, report)
  const left = mark === undefined ? entries : entries.filter((entry) => isLeft(entry, mark, keepMarked))
  for (const entry of left) yield { entry, at: report?.modifiedAt ?? 0, reportId: report?.id ?? '' }
}

export interface Walk {
  readonly whose: Whose
  readonly home: DataCentre
  readonly mark: Mark | undefined
  /** Begins with the marked entry itself, not behind it. */
  readonly keepMarked: boolean
  /** One report's entries only. */
  readonly reportId: string | undefined
}

/** Whoever walks checks each entry's owner: only whole reports are left out here. */
export const walkEntries = (sandbox: Sandbox, walk: Walk): AsyncGenerator<Spot> =>
  walk.reportId === undefined ? allSpots(sandbox, walk) : reportSpots(sandbox, walk.reportId, walk)
