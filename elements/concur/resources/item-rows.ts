import { isRecord, type Json, type JsonObject, type VendorPort, vendorFailed } from '#src/element/index.ts'
import { rowsIn, textOf } from '../lookups.ts'

/** Items of List v4 with the field names of ListItems v3. Field table: spec/concur.md 8.3. */

export const itemsPath = '/list/v4/items'
export const itemScopes = ['spend.listitem.read', 'LIST'] as const

export const levels: readonly number[] = Array.from({ length: 10 }, (_, at) => at + 1)
export const levelName = (level: number): string => `Level${level}Code`

/** Items that are there; deleted ones may be told too. */
export const livingIn = (body: Json | undefined): readonly JsonObject[] =>
  rowsIn(body, 'content').filter((item) => item.isDeleted !== true)

/** How many pages a reply of List v4 has. */
export const pagesOf = (body: Json | undefined): number => {
  const page = isRecord(body) ? body.page : undefined
  return isRecord(page) && typeof page.totalPages === 'number' ? page.totalPages : 1
}

/** The parameter for a page; the first needs none. */
export const pageNumber = (page: number): string | undefined => (page === 1 ? undefined : String(page))

/** The parameter for what is exactly so. */
export const equal = (value: string | undefined): string | undefined =>
  value === undefined ? undefined : `eq:${value}`

export const listIdsOf = (item: JsonObject): readonly string[] =>
  rowsIn(item, 'lists').flatMap((list) => textOf(list, 'id') ?? [])

/** @throws AppError `provider-not-found` where there is none. */
export const readItem = async (port: VendorPort, id: string): Promise<JsonObject> => {
  const path = `${itemsPath}/${encodeURIComponent(id)}`
  const { body } = await port.ask({ method: 'GET', path, scopes: itemScopes })
  if (isRecord(body)) return body
  throw vendorFailed('items: the item came in an unknown shape.')
}

const hourSeconds = 3_600

/** The codes of an item whose long code can be taken apart: it has as many parts as the item has levels. */
const splitCodes = (item: JsonObject): readonly string[] | undefined => {
  const parts = textOf(item, 'code')?.split('-') ?? []
  return parts.length === item.level && parts.at(-1) === item.shortCode ? parts : undefined
}

/**
 * The codes of an item from level 1 down. List v4 gives its own and the long one, all joined by hyphens; where codes
 * hold hyphens themselves, the items above are read. What was read of one above is used again as long as the long code
 * begins with the same.
 */
export const codesOf = async (port: VendorPort, item: JsonObject): Promise<readonly string[]> => {
  const [parentId, own] = [textOf(item, 'parentId'), textOf(item, 'shortCode') ?? '']
  if (parentId === undefined) return [own]
  const split = splitCodes(item)
  if (split !== undefined) return split
  const long = textOf(item, 'code') ?? ''
  const above = long.slice(0, Math.max(0, long.length - own.length - 1))
  const codes = await port.remember(`item-codes/${parentId}/${above}`, hourSeconds, async () =>
    codesOf(port, await readItem(port, parentId)),
  )
  return [...codes, own]
}

/** @param codes from level 1 down to the item's own. */
export const itemRow = (item: JsonObject, listId: string, codes: readonly string[]): JsonObject => {
  const { id, value, parentId, shortCode: _own, ...rest } = item
  return {
    ID: id ?? null,
    ListID: listId,
    Name: value ?? null,
    ParentID: parentId ?? null,
    ...Object.fromEntries(codes.map((code, at) => [levelName(at + 1), code])),
    ...rest,
  }
}
