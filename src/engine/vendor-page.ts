import {
  type FilterGroups,
  type Given,
  type Pagination,
  type Resource,
  readPath,
  type SearchCall,
  type Shows,
} from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'
import type { OutboundReply } from '#src/outbound/index.ts'
import { askVendor, readReply, type VendorRequest } from './call.ts'
import { chosenQuery } from './chosen.ts'
import type { Connection, EngineNeed } from './connection.ts'
import { copyRows } from './copy-rows.ts'
import { pathOf, requestOf } from './fill.ts'
import { groupsAfter } from './filter-groups.ts'
import { createPort } from './port.ts'
import { checkProof } from './proof.ts'
import { type Pushed, valuesPushed, type WherePlan } from './where.ts'

/** One page of the vendor's own listing. */
export interface VendorPage {
  readonly rows: readonly JsonObject[]
  /** The vendor's cursor of the page after; null: this was the last. */
  readonly next: string | null
  /** The vendor answers the one row, and no list. */
  readonly isSingle?: true
}

const scimValue = ({ filter, value }: Pushed): string =>
  filter.type === 'boolean' || filter.type === 'number' ? value : JSON.stringify(value)

const scimFilter = (pushed: readonly Pushed[]): string =>
  pushed.map((push) => `${push.filter.param} eq ${scimValue(push)}`).join(' and ')

/** The value of a filter as the vendor wants it. */
const sentValue = ({ filter, value }: Pushed): string =>
  filter.prefix === undefined ? value : `${filter.prefix}${value}`

const pagingOf = (page: Pagination, cursor: string | null, limit: number): [string, string][] => {
  if (page.kind === 'none' || page.kind === 'coded') return []
  const from: [string, string][] = cursor === null ? [] : [[page.cursorParam, cursor]]
  return page.kind === 'page-number' ? from : [[page.sizeParam, String(limit)], ...from]
}

/** A search whose filters go as a body: it changes nothing. */
const postedSearch = ({ headers, principals, scopes }: SearchCall, path: string) =>
  ({ method: 'POST', path, headers, principals, scopes, repeatable: true }) as const

const scimRequest = (
  resource: Resource,
  search: SearchCall,
  pushed: readonly Pushed[],
  paging: readonly (readonly [string, string])[],
  style: Extract<Resource['filterStyle'], { kind: 'scim' }>,
): VendorRequest => ({
  ...postedSearch(search, style.searchPath),
  body: {
    schemas: [style.schema],
    filter: scimFilter(pushed),
    ...Object.fromEntries(
      paging.map(([name, value]) => [name, isSize(resource.page, name) ? Number(value) : value]),
    ),
  },
})

const isSize = (page: Pagination, name: string): boolean => 'sizeParam' in page && page.sizeParam === name

const groupsRequest = (
  { chosen }: Resource,
  search: SearchCall,
  style: FilterGroups,
  { plan, limit, chosen: members }: PageAsked,
  cursor: string | null,
): VendorRequest => ({
  ...postedSearch(search, style.searchPath),
  body: {
    filterGroups: groupsAfter(plan.groups, style, cursor).map((filters) => ({ filters })) as unknown as Json,
    sorts: [{ propertyName: style.key, direction: 'ASCENDING' }],
    limit,
    ...(chosen === undefined || members.length === 0 ? {} : { [chosen.param]: members }),
  },
})

/** What is asked of every page of a walk. */
export interface PageAsked {
  readonly plan: WherePlan
  /** Rows at once. */
  readonly limit: number
  readonly shows: Shows
  /** Members that the vendor is asked for (`Resource.chosen`). */
  readonly chosen: readonly string[]
  /** A page that does not show that it is one is a failure, rather than an empty or the last one. */
  readonly proven?: boolean | undefined
}

/** The request for one page, as the resource's filter style and paging have it. */
const requestFor = async (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  search: SearchCall,
  asked: PageAsked,
  cursor: string | null,
): Promise<VendorRequest> => {
  const {
    plan: { pushed, groups },
    limit,
  } = asked
  if (resource.filterStyle.kind === 'groups' && groups.length > 0)
    return groupsRequest(resource, search, resource.filterStyle, asked, cursor)
  const paging = pagingOf(resource.page, cursor, limit)
  const { filterStyle } = resource
  // What only finds a place is no parameter of the vendor's.
  const filters = pushed.filter(({ filter }) => resource.filters.includes(filter))
  if (filterStyle.kind === 'scim' && filters.length > 0)
    return scimRequest(resource, search, filters, paging, filterStyle)
  const request = await requestOf(need, connection, resource, search, valuesPushed(pushed))
  const placed = placedIn(connection, search)
  // What stands in the path already narrows by its place.
  const params = filters
    .filter(({ filter }) => !placed.includes(`{${filter.param}}`))
    .map((push): [string, string] => [push.filter.sentAs ?? push.filter.param, sentValue(push)])
  const chosen = chosenQuery(resource, asked.chosen)
  return { ...request, query: [...params, ...request.query, ...chosen, ...paging], repeatable: true }
}

/** The text of a call where names in braces are replaced. */
const placedIn = (connection: Connection, search: SearchCall): string =>
  [pathOf(connection, search), ...Object.values(search.query ?? {})].join(' ')

/**
 * Only the cursor is taken over: the host of such a URL may be foreign, and the rest is ours to say.
 * @throws AppError `provider-failed` where it has none: the rows after would be lost without a word.
 */
const cursorInUrl = (next: string, param: string): string => {
  const url = URL.parse?.(next, 'https://base.invalid') ?? safeUrl(next)
  const cursor = url?.searchParams.get(param) ?? ''
  if (cursor !== '') return cursor
  throw new AppError('provider-failed', `The address of the next page names no ${param}.`, {
    hop: 'provider',
  })
}

const nextNumber = (count: number, cursor: string | null): string | null => {
  const current = cursor === null ? 1 : Number(cursor)
  return current < count ? String(current + 1) : null
}

/** The cursor of the page after, from what the reply tells of it. */
const nextCursor = (page: Pagination, next: Json | undefined, cursor: string | null): string | null => {
  switch (page.kind) {
    case 'none':
    case 'coded':
      return null
    case 'page-number':
      return nextNumber(isJsonObject(next) ? Number(next[page.count] ?? 0) : 0, cursor)
    case 'cursor':
      return typeof next === 'string' && next !== '' ? next : null
    case 'next-url':
      return typeof next === 'string' && next !== '' ? cursorInUrl(next, page.cursorParam) : null
  }
}

const safeUrl = (text: string): URL | null => {
  try {
    return new URL(text, 'https://base.invalid')
  } catch {
    return null
  }
}

/** The names under which a reply may hold the rows; none: it is the rows. @internal */
export const rowsNames = (resource: Resource): readonly string[] => {
  const { search } = resource.verbs
  if (search === undefined || 'run' in search || search.rows === null) return []
  return typeof search.rows === 'string' ? [search.rows] : search.rows
}

const rowsIn = (resource: Resource, body: Json | undefined): readonly JsonObject[] => {
  const names = rowsNames(resource)
  const rows = names.length === 0 ? body : isJsonObject(body) ? firstOf(body, names) : undefined
  if (rows === null || rows === undefined) {
    if (isJsonObject(body)) return []
    throw new AppError('provider-failed', `The listing of ${resource.name} came in an unknown shape.`, {
      hop: 'provider',
    })
  }
  const list: readonly Json[] = Array.isArray(rows) ? rows : [rows as Json]
  return list.filter(isJsonObject)
}

const firstOf = (body: JsonObject, names: readonly string[]): Json | undefined =>
  names.map((name) => body[name]).find((value) => value !== undefined && value !== null)

/**
 * Asks for one page of the vendor's listing.
 * @returns the reply, or the page itself where the element's own function made it.
 */
export const askPage = async (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  asked: PageAsked,
  cursor: string | null,
): Promise<OutboundReply | VendorPage> => {
  const { search } = resource.verbs
  const { plan, limit, shows } = asked
  if (search === undefined) throw new AppError('wrong-verb', `${resource.name} cannot be listed.`)
  if ('run' in search) {
    const filters: Given = valuesPushed(plan.pushed)
    const { asked: where } = plan
    const page = await search.run(createPort(need, connection), { filters, cursor, limit, shows, where })
    return { ...page, next: checkedProgress(resource, page.next, cursor) }
  }
  return askVendor(need, connection, await requestFor(need, connection, resource, search, asked, cursor))
}

/** @throws AppError `provider-failed` when the next page is the page itself. */
const checkedProgress = (resource: Resource, next: string | null, cursor: string | null): string | null => {
  if (next === null || next !== cursor) return next
  throw new AppError('provider-failed', `The next page of ${resource.name} points at itself.`, {
    hop: 'provider',
  })
}

/** The names under which a reply tells of the next page, from the outside in. */
const nextNames = (page: Pagination): readonly string[] =>
  'next' in page ? (typeof page.next === 'string' ? [page.next] : page.next) : []

/** What lies below the outermost of those names. */
const nextWithin = (page: Pagination, outer: Json | undefined): Json | undefined =>
  readPath(outer, nextNames(page).slice(1))

/** The cursor that a page names for the next. @throws AppError as `checkedProgress`. */
const checkedNext = (resource: Resource, outer: Json | undefined, cursor: string | null): string | null =>
  checkedProgress(resource, nextCursor(resource.page, nextWithin(resource.page, outer), cursor), cursor)

/** The key after which the next page of a search by groups begins; null: the vendor tells of no next page. */
const nextKey = (
  resource: Resource,
  outer: Json | undefined,
  rows: readonly JsonObject[],
  cursor: string | null,
): string | null => {
  const last = rows.at(-1)?.[resource.key]
  if (last === undefined || nextWithin(resource.page, outer) === undefined) return null
  return checkedProgress(resource, String(last), cursor)
}

/** The rows of a page, as objects. @throws AppError `provider-failed` where it is none. */
export const readPage = (
  connection: Connection,
  resource: Resource,
  reply: OutboundReply,
  cursor: string | null,
  { plan: { groups }, proven }: Pick<PageAsked, 'plan' | 'proven'>,
): VendorPage => {
  // No content (RFC 9110 15.3.5): no rows.
  const body = reply.status === 204 ? undefined : readReply(connection, reply)
  if (proven === true) checkProof(resource, body, rowsNames(resource), nextNames(resource.page))
  if (reply.status === 204) return { rows: [], next: null }
  const rows = rowsIn(resource, body)
  if (!isJsonObject(body)) return { rows, next: null }
  const outer = body[nextNames(resource.page)[0] ?? '']
  return {
    rows,
    next: groups.length > 0 ? nextKey(resource, outer, rows, cursor) : checkedNext(resource, outer, cursor),
  }
}

/** The rows of a page, as the text that the hub shows; null when they have to be read as objects. */
export const copyPage = (
  resource: Resource,
  reply: OutboundReply,
  cursor: string | null,
  keepNulls: boolean,
): { readonly json: Buffer; readonly count: number; readonly next: string | null } | null => {
  const copied = copyRows(reply.body, resource, rowsNames(resource), keepNulls)
  if (copied === null) return null
  const told = copied.others.get(nextNames(resource.page)[0] ?? '')
  const next = told === undefined ? undefined : (JSON.parse(told) as Json)
  return { json: copied.json, count: copied.count, next: checkedNext(resource, next, cursor) }
}
