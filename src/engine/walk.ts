import { createMatcher } from '#src/ceql/index.ts'
import type { Resource } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { Connection, EngineNeed } from './connection.ts'
import { type HubRow, toHubRow } from './rows.ts'
import { readVendorPage, type VendorPage } from './vendor-page.ts'
import { typeOfField, type WherePlan } from './where.ts'

/** A position between rows of the vendor's listing. */
export interface Place {
  /** The vendor's cursor of the page to read; null: its first page. */
  readonly cursor: string | null
  /** Rows of that page that were already handled. */
  readonly skip: number
}

/** A row that the query wants, where it stands, and where the walk goes on; null: nowhere. */
export interface Found {
  readonly row: HubRow
  readonly at: Place
  readonly after: Place | null
}

/** What a walk needs to know, and what it has spent. */
export interface Walk {
  readonly need: EngineNeed
  readonly connection: Connection
  readonly resource: Resource
  readonly plan: WherePlan
  /** Rows asked of the vendor at once. */
  readonly limit: number
  /** Vendor pages read so far, over all walks of one hub call. */
  readonly spent: { pages: number }
}

/** A query that costs more than one hub call may. */
const tooBroad = (resource: Resource, need: EngineNeed): AppError => {
  const names = resource.filters
    .filter((filter) => filter.hidden !== true)
    .map((filter) => filter.param)
    .join(', ')
  return new AppError(
    'query-too-broad',
    `where: more than ${need.limits.maxCalls} calls or ${need.limits.maxSeconds} s would be needed. Narrow it by what the provider filters itself${names === '' ? '' : `: ${names}`}.`,
  )
}

/** The rows of one vendor page that the query wants. */
const foundOn = (
  resource: Resource,
  page: VendorPage,
  place: Place,
  wants: (row: HubRow) => boolean,
): readonly Found[] => {
  const { cursor, skip } = place
  const next = page.next === null ? null : { cursor: page.next, skip: 0 }
  return page.rows.slice(skip).flatMap((vendorRow, offset) => {
    const at = skip + offset
    const row = toHubRow(resource, vendorRow)
    const after = at + 1 < page.rows.length ? { cursor, skip: at + 1 } : next
    return wants(row) ? [{ row, at: { cursor, skip: at }, after }] : []
  })
}

/**
 * Walks the vendor's listing from a place, page by page, for as long as rows are asked for.
 * @throws AppError `query-too-broad` when the hub call's limits are spent.
 */
export async function* walkRows(walk: Walk, start: Place): AsyncGenerator<Found> {
  const { need, connection, resource, plan, limit, spent } = walk
  const matches = plan.rest === null ? () => true : createMatcher(plan.rest, typeOfField(resource))
  const others = plan.pushed.some((push) => push.filter.param === resource.owner?.param)
  const wants = (row: HubRow): boolean => {
    if (others) need.owners.note(connection.scope, resource, row)
    return matches(row)
  }
  let place = start
  for (;;) {
    if (spent.pages >= need.limits.maxCalls || Date.now() >= connection.deadlineMs)
      throw tooBroad(resource, need)
    spent.pages += 1
    const page = await readVendorPage(need, connection, resource, plan.pushed, place.cursor, limit)
    yield* foundOn(resource, page, place, wants)
    if (page.next === null) return
    place = { cursor: page.next, skip: 0 }
  }
}
