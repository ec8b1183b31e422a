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
  readonly show: (rows: readonly JsonObject[]) => Later<readonly JsonObject[]>
}

/** @throws AppError `bad-query`, `bad-request` naming a field that there is not, or no more. */
export const viewOf = (
  { objects }: Pick<BulkNeed, 'objects'>,
  call: HubCall,
  resource: Resource,
  { fields, orderBy }: Pick<DownloadCriteria, 'fields' | 'orderBy'>,
): View => {
  const common = commonView(resource, fields)
  if (common !== undefined)
    return {
      fields: common.vendor,
      show: (rows) =>
        andThen(objects.shown(call, resource, rows), (shown) =>
          shown.filter((row) => row !== null).map(common.project),
        ),
    }
  if (orderBy === '') return { fields, show: (rows) => rows }
  const project = objects.projection(resource, fields)
  return { fields, show: (rows) => rows.map(project) }
}
