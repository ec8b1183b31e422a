import { createMatcher, type Expression, parseOrderBy, parseWhere } from '#src/ceql/index.ts'
import type { Given, Resource } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { checkAddress, checkResumed, withAddress } from './address.ts'
import { chosenOf } from './chosen.ts'
import type { Connection, EngineNeed } from './connection.ts'
import { checkedName, fieldNames, namesIn } from './names.ts'
import { createSorter } from './order.ts'
import { forOwners } from './owner-scope.ts'
import { type PagePosition, parsePageToken, printPageToken } from './page-token.ts'
import { retrieveRow } from './records.ts'
import { createProjection, type HubRow } from './rows.ts'
import { showsOf } from './shows.ts'
import { translateWhere } from './translate.ts'
import { type FoundPage, type Place, type Walk, walkPages } from './walk.ts'
import { planShape, planWhere, printPlan, typeOfField, valuesPushed, type WherePlan } from './where.ts'

/** A listing as it is asked for; absent or empty: not said. */
export interface SearchInput {
  /** CEQL. */
  readonly where?: string | undefined
  /** What is said besides it (`Resource.address`). */
  readonly given?: Given | undefined
  /** Names of the fields to show, a comma list. */
  readonly fields?: string | undefined
  /** `Name asc, Total desc`. */
  readonly orderBy?: string | undefined
  /** 1 to 5,000; 200 when not said. */
  readonly pageSize?: number | undefined
  /** From 1; ignored beside `nextPage`. */
  readonly page?: number | undefined
  readonly nextPage?: string | undefined
  /** Whether to count all rows of the query. */
  readonly total?: boolean | undefined
  /** A reply that does not show its rows, or how many pages there are, is a failure rather than the end. */
  readonly proven?: boolean | undefined
}

export interface SearchResult {
  readonly rows: readonly HubRow[]
  /** Absent on the last page. */
  readonly nextPage?: string
  /** Rows of the whole query, where that was asked. */
  readonly total?: number
}

const usualPageSize = 200
const largestPageSize = 5000
/** With a local filter, rows that it drops are made up for; then full vendor pages cost the fewest calls. */
const filteredLimit = 100

const pageScope = (connection: Connection, resource: Resource): string =>
  `${connection.scope}/${resource.name}`

const checkedSize = (size: number): number => {
  if (Number.isInteger(size) && size >= 1 && size <= largestPageSize) return size
  throw new AppError('bad-request', `pageSize: a whole number from 1 to ${largestPageSize}.`)
}

const checkedPage = (page: number | undefined): number => {
  if (page === undefined || (Number.isInteger(page) && page >= 1)) return page ?? 1
  throw new AppError('bad-request', 'page: a whole number from 1.')
}

const carried = ['where', 'fields', 'orderBy'] as const

const resume = (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  input: SearchInput,
): PagePosition => {
  const position = parsePageToken(need.pageTokenKeys, pageScope(connection, resource), input.nextPage ?? '')
  for (const name of carried) {
    if (input[name] && input[name] !== position[name]) {
      throw new AppError(
        'bad-request',
        `${name}: it differs from the one that nextPage carries. Leave it out.`,
      )
    }
  }
  checkResumed(position, input.given ?? {})
  return input.pageSize === undefined ? position : { ...position, pageSize: checkedSize(input.pageSize) }
}

const startOf = (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  input: SearchInput,
): PagePosition => {
  if (input.nextPage) return resume(need, connection, resource, input)
  const { where = '', fields = '', orderBy = '' } = input
  const pageSize = checkedSize(input.pageSize ?? usualPageSize)
  return { where, fields, orderBy, pageSize, cursor: null, skip: 0, limit: 0, given: input.given ?? {} }
}

const limitFor = (resource: Resource, position: PagePosition, { rest, groups }: WherePlan): number => {
  if (position.limit > 0) return position.limit
  const { filterStyle, page } = resource
  // What the vendor has narrowed is read in its largest pages: few of those rows are dropped here.
  if (groups.length > 0 && filterStyle.kind === 'groups') return filterStyle.maxSize
  const wanted = rest === null && position.orderBy === '' ? position.pageSize : filteredLimit
  return Math.min('maxSize' in page ? page.maxSize : filteredLimit, wanted)
}

export const firstPlace: Place = { cursor: null, skip: 0 }

const collect = async (walk: Walk): Promise<HubRow[]> => {
  const rows: HubRow[] = []
  for await (const page of walkPages(walk, firstPlace)) rows.push(...page.rows)
  return rows
}

/** One page of a sorted listing: all rows are read, so each page costs as much as the whole. */
const sortedPage = async (walk: Walk, start: PagePosition, skipped: number): Promise<PageOf> => {
  const sort = createSorter(walk.resource, start.orderBy)
  const all = sort(await collect(walk))
  const from = start.skip + skipped
  const to = from + start.pageSize
  return {
    rows: all.slice(from, to),
    next: to < all.length ? { cursor: null, skip: to } : null,
    total: all.length,
  }
}

interface PageOf {
  readonly rows: readonly HubRow[]
  readonly next: Place | null
  /** Known as far as it was counted on the way. */
  readonly total: number | null
}

/** A page of ours as it fills. */
interface Filling {
  readonly rows: HubRow[]
  readonly size: number
  /** Matches to pass over first. */
  readonly skipped: number
  seen: number
  next: Place | null
}

/** Takes over what a vendor page adds. @returns whether a match beyond the page was seen: then `next` is it. */
const fill = (filling: Filling, found: FoundPage): boolean => {
  const first = Math.max(0, filling.skipped - filling.seen)
  const free = filling.size - filling.rows.length
  filling.seen += found.rows.length
  if (first >= found.rows.length) return false
  filling.rows.push(...found.rows.slice(first, first + free))
  if (first + free >= found.rows.length) return false
  filling.next ??= found.at(first + free)
  return true
}

/**
 * One page in the vendor's order, looking one match ahead where a local filter makes the end uncertain.
 * Counting walks on to the end.
 */
const plainPage = async (
  walk: Walk,
  start: PagePosition,
  skipped: number,
  count: boolean,
): Promise<PageOf> => {
  const certain = walk.plan.rest === null && !count
  const filling: Filling = { rows: [], size: start.pageSize, skipped, seen: 0, next: null }
  for await (const found of walkPages(walk, start)) {
    const before = filling.rows.length
    const beyond = fill(filling, found)
    const { rows, size, next } = filling
    if (beyond && !count) return { rows, next, total: null }
    if (certain && rows.length === size && rows.length > before) {
      return { rows, next: found.after(found.rows.length - 1), total: null }
    }
  }
  return { rows: filling.rows, next: filling.next, total: filling.seen }
}

const isStart = ({ cursor, skip }: Place): boolean => cursor === null && skip === 0

const countAll = async (walk: Walk): Promise<number> => {
  let count = 0
  for await (const page of walkPages(walk, firstPlace)) count += page.rows.length
  return count
}

/** The fields that a listing names. */
const namedIn = (
  resource: Resource,
  { fields, orderBy }: PagePosition,
  rest: Expression | null,
): readonly string[] => [
  ...namesIn(fields).map((name) => checkedName(resource, name, 'fields')),
  ...(orderBy === '' ? [] : parseOrderBy(orderBy)).map(({ field }) =>
    checkedName(resource, field, 'orderBy'),
  ),
  ...(rest === null ? [] : fieldNames(rest)),
]

/** A listing that was checked, ready to be read. */
export interface Prepared {
  readonly start: PagePosition
  readonly walk: Walk
  /** Matches before the first that is wanted. */
  readonly skipped: number
  readonly project: (row: HubRow) => HubRow
}

/**
 * Checks a listing and plans it.
 * @throws AppError `bad-query` (with position), `bad-request` (page size or token).
 */
export const prepareSearch = async (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  input: SearchInput,
): Promise<Prepared> => {
  const start = startOf(need, connection, resource, input)
  const project = createProjection(resource, namesIn(start.fields))
  if (start.orderBy !== '') createSorter(resource, start.orderBy)
  const asked = withAddress(parseWhere(start.where), start.given)
  const where = await translateWhere(need, connection, resource, asked)
  const plan = forOwners(connection, resource, planWhere(resource, where))
  if (resource.address !== undefined) checkAddress(resource, 'search', valuesPushed(plan.pushed))
  connection.notes.planned(printPlan(resource, plan), planShape(resource, plan))
  const limit = limitFor(resource, start, plan)
  const named = namedIn(resource, start, plan.rest)
  const shows = showsOf(resource, named, start.fields === '')
  const chosen = chosenOf(resource, named, start.fields === '')
  const { proven } = input
  const walk: Walk = { need, connection, resource, plan, limit, shows, chosen, proven, spent: { pages: 0 } }
  const skipped = input.nextPage ? 0 : (checkedPage(input.page) - 1) * start.pageSize
  return { start, walk, skipped, project }
}

/** The token of the page that begins at a place; undefined for nowhere. */
export const tokenAt = ({ start, walk }: Prepared, next: Place | null): string | undefined => {
  if (next === null) return undefined
  const { need, connection, resource, limit } = walk
  return printPageToken(need.pageTokenKeys, pageScope(connection, resource), { ...start, ...next, limit })
}

const listPage = async (prepared: Prepared, input: SearchInput): Promise<SearchResult> => {
  const { start, walk, skipped } = prepared
  const wantsTotal = input.total === true
  const made =
    start.orderBy === ''
      ? await plainPage(walk, start, skipped, wantsTotal && isStart(start))
      : await sortedPage(walk, start, skipped)
  const total = wantsTotal
    ? made.total !== null && isStartOrSorted(start)
      ? made.total
      : await countAll(walk)
    : null
  const nextPage = tokenAt(prepared, made.next)
  return {
    rows: made.rows,
    ...(nextPage === undefined ? {} : { nextPage }),
    ...(total === null ? {} : { total }),
  }
}

const isStartOrSorted = (start: PagePosition): boolean => start.orderBy !== '' || isStart(start)

/** The row of that key, where there is one that the query wants. */
export const oneRow = async (
  { need, connection, resource, plan, shows, chosen }: Walk,
  key: string,
): Promise<readonly HubRow[]> => {
  const owner = plan.pushed.find((push) => push.filter.param === resource.owner?.param)?.value
  const row = await retrieveRow(need, connection, resource, { id: key, owner, chosen }, shows).catch(
    (error: unknown) => {
      if (error instanceof AppError && error.code === 'provider-not-found') return null
      throw error
    },
  )
  const kept = row !== null && (plan.rest === null || createMatcher(plan.rest, typeOfField(resource))(row))
  return kept ? [row] : []
}

const keyPage = async ({ walk }: Prepared, input: SearchInput): Promise<SearchResult> => {
  const rows = await oneRow(walk, walk.plan.key ?? '')
  const total = input.total === true ? { total: rows.length } : {}
  return { rows: checkedPage(input.page) === 1 ? rows : [], ...total }
}

/**
 * One page of a resource's rows, as objects.
 * @throws AppError `query-too-broad`, or what the vendor's refusal means.
 */
export const runSearch = async (prepared: Prepared, input: SearchInput): Promise<SearchResult> => {
  const { walk, project } = prepared
  const result = walk.plan.key === null ? await listPage(prepared, input) : await keyPage(prepared, input)
  return { ...result, rows: result.rows.map(project) }
}
