import { createMatcher } from '#src/ceql/index.ts'
import type { Resource, Shows } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { OutboundReply } from '#src/outbound/index.ts'
import type { Connection, EngineNeed, Limits } from './connection.ts'
import { type HubRow, toHubRow } from './rows.ts'
import { askPage, readPage, type VendorPage } from './vendor-page.ts'
import { typeOfField, type WherePlan } from './where.ts'

/** A position between rows of the vendor's listing. */
export interface Place {
  /** The vendor's cursor of the page to read; null: its first page. */
  readonly cursor: string | null
  /** Rows of that page that were already handled. */
  readonly skip: number
}

/** The rows of one vendor page that the query wants. */
export interface FoundPage {
  readonly rows: readonly HubRow[]
  /** Where the row of that number in `rows` stands. */
  readonly at: (index: number) => Place
  /** Where the walk goes on after it; null: nowhere. */
  readonly after: (index: number) => Place | null
  /** Where the vendor's next page begins; null: there is none. */
  readonly next: Place | null
}

/** What a walk needs to know, and what it has spent. */
export interface Walk {
  readonly need: EngineNeed
  readonly connection: Connection
  readonly resource: Resource
  readonly plan: WherePlan
  /** Rows asked of the vendor at once. */
  readonly limit: number
  readonly shows: Shows
  /** Members that the vendor is asked for (`Resource.chosen`). */
  readonly chosen: readonly string[]
  /** As `PageAsked.proven`. */
  readonly proven?: boolean | undefined
  /** Owners of rows are not remembered. */
  readonly unnoted?: boolean
  /** Vendor pages read so far, over all walks of one hub call, and whether one of them was the one row and no list. */
  readonly spent: { pages: number; isSingle?: boolean }
}

/** A query that costs more than one hub call may. */
const tooBroad = (
  resource: Resource,
  { maxCalls, maxSeconds }: Pick<Limits, 'maxCalls' | 'maxSeconds'>,
): AppError => {
  const names = resource.filters
    .filter((filter) => filter.hidden !== true)
    .map((filter) => filter.param)
    .join(', ')
  return new AppError(
    'query-too-broad',
    `where: more than ${maxCalls} calls or ${maxSeconds} s would be needed. Narrow it by what the provider filters itself${names === '' ? '' : `: ${names}`}.`,
  )
}

export const foundOn = (
  resource: Resource,
  page: VendorPage,
  { cursor, skip }: Place,
  wants: ((row: HubRow) => boolean) | null,
): FoundPage => {
  const rows: HubRow[] = []
  /** Places of `rows` on the vendor's page. */
  const places: number[] = []
  for (let place = skip; place < page.rows.length; place += 1) {
    const row = toHubRow(resource, page.rows[place] ?? {})
    if (wants !== null && !wants(row)) continue
    rows.push(row)
    places.push(place)
  }
  const next = page.next === null ? null : { cursor: page.next, skip: 0 }
  const placeOf = (index: number): number => places[index] ?? page.rows.length
  return {
    rows,
    at: (index) => ({ cursor, skip: placeOf(index) }),
    next,
    after: (index) => (placeOf(index) + 1 < page.rows.length ? { cursor, skip: placeOf(index) + 1 } : next),
  }
}

/** Whether a row is wanted; null: each is. */
const wantsOf = ({ need, connection, resource, plan, unnoted }: Walk): ((row: HubRow) => boolean) | null => {
  const matches = plan.rest === null ? null : createMatcher(plan.rest, typeOfField(resource))
  const others = plan.pushed.some((push) => push.filter.param === resource.owner?.param)
  if (!others || unnoted === true) return matches
  return (row) => {
    need.owners.note(connection.scope, resource, row)
    return matches === null || matches(row)
  }
}

/** Asks for the page at a place. @throws AppError `query-too-broad` when the hub call's limits are spent. */
export const askAt = (walk: Walk, place: Place): Promise<OutboundReply | VendorPage> => {
  const { need, connection, resource, spent } = walk
  const limits = connection.ownLimits ?? need.limits
  if (spent.pages >= limits.maxCalls || Date.now() >= connection.deadlineMs) throw tooBroad(resource, limits)
  spent.pages += 1
  return askPage(need, connection, resource, walk, place.cursor)
}

/**
 * Walks the vendor's listing from a place, for as long as pages are asked for.
 * @throws AppError `query-too-broad` when the hub call's limits are spent.
 */
export async function* walkPages(walk: Walk, start: Place): AsyncGenerator<FoundPage> {
  const { connection, resource } = walk
  const wants = wantsOf(walk)
  let place = start
  for (;;) {
    const asked = await askAt(walk, place)
    const page = 'rows' in asked ? asked : readPage(connection, resource, asked, place.cursor, walk)
    if (page.isSingle === true) walk.spent.isSingle = true
    yield foundOn(resource, page, place, wants)
    if (page.next === null) return
    place = { cursor: page.next, skip: 0 }
  }
}
