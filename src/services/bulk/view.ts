import type { Resource } from '#src/element/index.ts'
import type { JsonObject } from '#src/lib/json.ts'
import { andThen, type Later } from '#src/lib/later.ts'
import { commonView, type HubCall } from '../objects/index.ts'
import type { DownloadCriteria } from './criteria.ts'
import type { BulkNeed } from './need.ts'

/** What of a download's rows goes into its file. */
export interface View {
  /** What is read: a comma list in the vendor's names; empty: whole rows. */
  readonly fields: string
  /** Without the rows that a script leaves out. */
  readonly show: (rows: readonly JsonObject[]) => Later<readonly JsonObject[]>
  /** What the script did wrong so far; null: nothing. */
  readonly scriptError: () => string | null
}

const soAreOthers = '; so are some after them'

/** What a script did wrong the first time, for what it does on a million rows is too much to tell. */
const joined = (before: string | null, words: string | undefined): string | null => {
  if (before === null || words === undefined) return before ?? words ?? null
  return before.endsWith(soAreOthers) ? before : `${before}${soAreOthers}`
}

/**
 * @param scriptError what the script did wrong before.
 * @throws AppError `bad-query`, `bad-request` naming a field that there is not, or no more.
 */
export const viewOf = (
  { objects }: Pick<BulkNeed, 'objects'>,
  call: HubCall,
  resource: Resource,
  { fields, orderBy }: Pick<DownloadCriteria, 'fields' | 'orderBy'>,
  scriptError: string | null = null,
): View => {
  let told = scriptError
  const toldOf = (): string | null => told
  const common = commonView(resource, fields)
  if (common !== undefined)
    return {
      fields: common.vendor,
      show: (rows) => {
        const trace: HubCall['trace'] = { vendorCalls: [] }
        return andThen(objects.shown({ ...call, trace }, resource, rows), (shown) => {
          told = joined(told, trace.scriptError)
          return shown.filter((row) => row !== null).map(common.project)
        })
      },
      scriptError: toldOf,
    }
  if (orderBy === '') return { fields, show: (rows) => rows, scriptError: toldOf }
  const project = objects.projection(resource, fields)
  return { fields, show: (rows) => rows.map(project), scriptError: toldOf }
}
