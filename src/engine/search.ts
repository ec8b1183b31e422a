import { createMatcher, type Expression, parseWhere } from '#src/ceql/index.ts'
import type { Resource } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { Connection, EngineNeed } from './connection.ts'
import { type PagePosition, parsePageToken, printPageToken } from './page-token.ts'
import { retrieveRow } from './records.ts'
import { type HubRow, toHubRow } from './rows.ts'
import { readVendorPage, type VendorPage } from './vendor-page.ts'
import { planShape, planWhere, printPlan, typeOfField, type WherePlan } from './where.ts'

export interface SearchInput {
  /** CEQL; empty: everything. */
  readonly where: string | undefined
  /** 1 to 5,000. */
  readonly pageSize: number | undefined
  readonly nextPage: string | undefined
}

export interface SearchResult {
  readonly rows: readonly HubRow[]
  /** Absent on the last page. */
  readonly nextPage?: string
}

const defaultPageSize = 200
const largestPageSize = 5000

const pageScope = (connection: Connection, resource: Resource): string =>
  `${connection.scope}/${resource.name}`

const checkedSize = (size: number): number => {
  if (Number.isInteger(size) && size >= 1 && size <= largestPageSize) return size
  throw new AppError('bad-request', `pageSize: a whole number from 1 to ${largestPageSize}.`)
}

const startOf = (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  input: SearchInput,
): PagePosition => {
  if (input.nextPage === undefined || input.nextPage === '') {
    const pageSize = checkedSize(input.pageSize ?? defaultPageSize)
    return { where: input.where ?? '', pageSize, cursor: null, skip: 0, limit: 0 }
  }
  const position = parsePageToken(need.pageTokenKey, pageScope(connection, resource), input.nextPage)
  if (input.where !== undefined && input.where !== '' && input.where !== position.where) {
    throw new AppError('bad-request', 'where: it differs from the one that nextPage carries. Leave it out.')
  }
  return input.pageSize === undefined ? position : { ...position, pageSize: checkedSize(input.pageSize) }
}

/**
 * Rows that a local filter removes are made up for from the vendor's next rows, so then full pages are
 * asked for; without one, just what fits.
 */
const limitFor = (resource: Resource, position: PagePosition, rest: Expression | null): number => {
  if (position.limit > 0) return position.limit
  return rest === null
    ? Math.min(resource.page.maxSize, position.pageSize)
    : Math.min(resource.page.maxSize, 100)
}

const tooBroad = (resource: Resource, need: EngineNeed): AppError => {
  const names = resource.filters
    .filter((filter) => filter.hidden !== true)
    .map((filter) => filter.param)
    .join(', ')
  return new AppError(
    'query-too-broad',
    `where: to fill this page more than ${need.limits.maxCalls} calls or ${need.limits.maxSeconds} s are needed. Narrow it by what the provider filters itself${names === '' ? '' : `: ${names}`}.`,
  )
}

/** A position between rows of the vendor's listing. */
interface Place {
  readonly cursor: string | null
  readonly skip: number
}

/** A row that the query wants, where it stands, and where the walk goes on; null: nowhere. */
interface Found {
  readonly row: HubRow
  readonly at: Place
  readonly after: Place | null
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

/** Walks the vendor's listing from a place, page by page, for as long as rows are asked for. */
async function* walkRows(
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  plan: WherePlan,
  start: Place,
  limit: number,
): AsyncGenerator<Found> {
  const matches = plan.rest === null ? () => true : createMatcher(plan.rest, typeOfField(resource))
  const others = plan.pushed.some((push) => push.filter.param === resource.owner?.param)
  const wants = (row: HubRow): boolean => {
    if (others) need.owners.note(connection.scope, resource, row)
    return matches(row)
  }
  let place = start
  for (let calls = 1; ; calls++) {
    const page = await readVendorPage(need, connection, resource, plan.pushed, place.cursor, limit)
    yield* foundOn(resource, page, place, wants)
    if (page.next === null) return
    if (calls >= need.limits.maxCalls || Date.now() >= connection.deadlineMs) throw tooBroad(resource, need)
    place = { cursor: page.next, skip: 0 }
  }
}

/** Fills one page, looking one match ahead where a local filter makes the end uncertain. */
const fillPage = async (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  plan: WherePlan,
  start: PagePosition,
): Promise<SearchResult> => {
  const limit = limitFor(resource, start, plan.rest)
  const rows: HubRow[] = []
  const full = (place: Place | null): SearchResult => {
    if (place === null) return { rows }
    const position = { ...start, ...place, limit }
    return { rows, nextPage: printPageToken(need.pageTokenKey, pageScope(connection, resource), position) }
  }
  for await (const { row, at, after } of walkRows(need, connection, resource, plan, start, limit)) {
    if (rows.length === start.pageSize) return full(at)
    rows.push(row)
    if (rows.length === start.pageSize && plan.rest === null) return full(after)
  }
  return { rows }
}

const oneRow = async (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  plan: WherePlan,
  key: string,
): Promise<SearchResult> => {
  const owner = plan.pushed.find((push) => push.filter.param === resource.owner?.param)?.value
  const row = await retrieveRow(need, connection, resource, { id: key, owner }).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'provider-not-found') return null
    throw error
  })
  const kept = row !== null && (plan.rest === null || createMatcher(plan.rest, typeOfField(resource))(row))
  return { rows: kept ? [row] : [] }
}

/**
 * One page of a resource's rows.
 * @throws AppError `bad-query` (with position), `bad-request` (page size or token), `query-too-broad`,
 * or what the vendor's refusal means.
 */
export const searchRows = async (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  input: SearchInput,
): Promise<SearchResult> => {
  const start = startOf(need, connection, resource, input)
  const plan = planWhere(resource, parseWhere(start.where))
  connection.notes.planned(printPlan(resource, plan), planShape(resource, plan))
  if (plan.key !== null) return oneRow(need, connection, resource, plan, plan.key)
  return fillPage(need, connection, resource, plan, start)
}
