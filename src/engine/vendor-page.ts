import type { Pagination, Resource } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'
import type { OutboundReply } from '#src/outbound/index.ts'
import { askVendor, readReply, type VendorRequest } from './call.ts'
import type { Connection, EngineNeed } from './connection.ts'
import { copyRows } from './copy-rows.ts'
import type { Pushed } from './where.ts'

/** One page of the vendor's own listing. */
export interface VendorPage {
  readonly rows: readonly JsonObject[]
  /** The vendor's cursor of the page after; null: this was the last. */
  readonly next: string | null
}

const scimValue = ({ filter, value }: Pushed): string =>
  filter.type === 'boolean' || filter.type === 'number' ? value : JSON.stringify(value)

const scimFilter = (pushed: readonly Pushed[]): string =>
  pushed.map((push) => `${push.filter.param} eq ${scimValue(push)}`).join(' and ')

/** The request for one page, as the resource's filter style and paging have it. */
const requestFor = (
  resource: Resource,
  pushed: readonly Pushed[],
  cursor: string | null,
  limit: number,
): VendorRequest => {
  const { search } = resource.verbs
  if (search === undefined) {
    throw new AppError('wrong-verb', `${resource.name} cannot be listed.`)
  }
  const { page, filterStyle } = resource
  const paging: [string, string][] = [
    [page.sizeParam, String(limit)],
    ...(cursor === null ? [] : ([[page.cursorParam, cursor]] as [string, string][])),
  ]
  if (filterStyle.kind === 'scim' && pushed.length > 0) {
    return {
      method: 'POST',
      path: filterStyle.searchPath,
      principals: search.principals,
      repeatable: true,
      body: {
        schemas: [filterStyle.schema],
        filter: scimFilter(pushed),
        [page.sizeParam]: limit,
        ...(cursor === null ? {} : { [page.cursorParam]: cursor }),
      },
    }
  }
  const params = pushed.map(({ filter, value }): [string, string] => [filter.param, value])
  return {
    method: search.method,
    path: search.path,
    query: [...params, ...paging],
    principals: search.principals,
    repeatable: true,
  }
}

const nextCursor = (page: Pagination, next: Json | undefined): string | null => {
  if (typeof next !== 'string' || next === '') return null
  if (page.kind === 'cursor') return next
  // Only the cursor is taken over: the host of such a URL may be foreign, and the rest is ours to say.
  const url = URL.parse?.(next, 'https://base.invalid') ?? safeUrl(next)
  return url?.searchParams.get(page.cursorParam) ?? null
}

const safeUrl = (text: string): URL | null => {
  try {
    return new URL(text, 'https://base.invalid')
  } catch {
    return null
  }
}

const rowsIn = (resource: Resource, body: Json | undefined): readonly JsonObject[] => {
  const rows = isJsonObject(body) ? body[resource.verbs.search?.rows ?? ''] : undefined
  if (rows === null || rows === undefined) {
    if (isJsonObject(body)) return []
    throw new AppError('provider-failed', `The listing of ${resource.name} came in an unknown shape.`, {
      hop: 'provider',
    })
  }
  const list: readonly Json[] = Array.isArray(rows) ? rows : [rows as Json]
  return list.filter(isJsonObject)
}

/** Asks for one page of the vendor's listing. */
export const askPage = (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  pushed: readonly Pushed[],
  cursor: string | null,
  limit: number,
): Promise<OutboundReply> => askVendor(need, connection, requestFor(resource, pushed, cursor, limit))

/** The cursor that a page names for the next. @throws AppError `provider-failed` when that is the page itself. */
const checkedNext = (resource: Resource, told: Json | undefined, cursor: string | null): string | null => {
  const next = nextCursor(resource.page, told)
  if (next === null || next !== cursor) return next
  throw new AppError('provider-failed', `The next page of ${resource.name} points at itself.`, {
    hop: 'provider',
  })
}

/** The rows of a page, as objects. */
export const readPage = (
  connection: Connection,
  resource: Resource,
  reply: OutboundReply,
  cursor: string | null,
): VendorPage => {
  const body = readReply(connection, reply)
  const rows = rowsIn(resource, body)
  return { rows, next: isJsonObject(body) ? checkedNext(resource, body[resource.page.next], cursor) : null }
}

/** The rows of a page, as the text that the hub shows; null when they have to be read as objects. */
export const copyPage = (
  resource: Resource,
  reply: OutboundReply,
  cursor: string | null,
  keepNulls: boolean,
): { readonly json: Buffer; readonly count: number; readonly next: string | null } | null => {
  const copied = copyRows(reply.body, resource, keepNulls)
  if (copied === null) return null
  const told = copied.others.get(resource.page.next)
  const next = told === undefined ? undefined : (JSON.parse(told) as Json)
  return { json: copied.json, count: copied.count, next: checkedNext(resource, next, cursor) }
}
