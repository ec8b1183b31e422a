import { isRecord, type Json, type JsonObject, type PortPage, type VendorPort } from '#src/element/index.ts'
import { rowsIn, textOf } from '../lookups.ts'

/**
 * Walks the trees of lists: List v4 has no call that gives all items of a list, let alone of all lists (spec/concur.md
 * 8.3). One call of `nextItems` gives one page of the vendor's; the cursor holds the way down to it.
 */

/** A page of the children of an item, or of a list. */
interface Frame {
  /** Null: the list's own. */
  readonly parentId: string | null
  readonly page: number
  /** The row of the page whose children are looked at next; -1: the page was not given yet. */
  readonly at: number
  /** Code of the parent; empty for the list. */
  readonly code: string
}

interface Place {
  readonly listId: string
  /** Where the list stands among all; null: it was named. */
  readonly among: { readonly page: number; readonly at: number } | null
  readonly frames: readonly Frame[]
}

/** What narrows the walk. */
export interface Wanted {
  readonly listId?: string | undefined
  /** Codes by level, from 1. */
  readonly codes: readonly (string | undefined)[]
}

interface Page {
  readonly rows: readonly JsonObject[]
  readonly pages: number
}

const keptSeconds = 60
const root: Frame = { parentId: null, page: 1, at: -1, code: '' }

const pageIn = (body: Json | undefined): Page => {
  const page = isRecord(body) ? body.page : undefined
  return { rows: rowsIn(body, 'content'), pages: isRecord(page) ? Number(page.totalPages ?? 1) : 1 }
}

const ask = async (
  port: VendorPort,
  path: string,
  page: number,
  query: Readonly<Record<string, string | undefined>> = {},
): Promise<Page> => {
  const key = `list-page/${path}/${page}/${JSON.stringify(query)}`
  const body = await port.remember(key, keptSeconds, async () => {
    const reply = await port.ask({
      method: 'GET',
      path,
      query: { ...query, ...(page === 1 ? {} : { page: String(page) }) },
    })
    return reply.body ?? null
  })
  return pageIn(body)
}

const children = (port: VendorPort, place: Place, wanted: Wanted): Promise<Page> => {
  const { listId, frames } = place
  const frame = frames.at(-1) ?? root
  const list = `/list/v4/lists/${encodeURIComponent(listId)}`
  const path =
    frame.parentId === null
      ? `${list}/children`
      : `${list}/items/${encodeURIComponent(frame.parentId)}/children`
  const code = wanted.codes[frames.length]
  return ask(port, path, frame.page, code === undefined ? {} : { shortCode: `eq:${code}` })
}

/** Whether an item has children in the list. */
const hasChildren = (item: JsonObject, listId: string): boolean =>
  rowsIn(item, 'lists').some((list) => textOf(list, 'id') === listId && list.hasChildren === true)

const isThere = (item: JsonObject): boolean => item.isDeleted !== true

const firstFrom = async (
  port: VendorPort,
  among: { readonly page: number; readonly at: number },
): Promise<Place | null> => {
  const lists = await ask(port, '/list/v4/lists', among.page, { isDeleted: 'eq:false' })
  const found = lists.rows[among.at]
  const listId = textOf(found, 'id')
  if (listId !== undefined) return { listId, among, frames: [root] }
  return among.page < lists.pages ? firstFrom(port, { page: among.page + 1, at: 0 }) : null
}

const afterList = async (port: VendorPort, { among }: Place): Promise<Place | null> =>
  among === null ? null : firstFrom(port, { page: among.page, at: among.at + 1 })

/** The next page of items that was not given yet, after one that was. */
const advance = async (port: VendorPort, place: Place, wanted: Wanted): Promise<Place | null> => {
  const frame = place.frames.at(-1)
  if (frame === undefined) return afterList(port, place)
  if (frame.at === -1) return place
  const above = place.frames.slice(0, -1)
  const { rows, pages } = await children(port, place, wanted)
  const next = rows.findIndex(
    (row, index) => index >= frame.at && isThere(row) && hasChildren(row, place.listId),
  )
  const parentId = textOf(rows[next], 'id')
  if (parentId !== undefined) {
    const below: Frame = { parentId, page: 1, at: -1, code: textOf(rows[next], 'shortCode') ?? '' }
    return { ...place, frames: [...above, { ...frame, at: next + 1 }, below] }
  }
  if (frame.page < pages) return { ...place, frames: [...above, { ...frame, page: frame.page + 1, at: -1 }] }
  return advance(port, { ...place, frames: above }, wanted)
}

const codesOf = (item: JsonObject, above: readonly string[]): Record<string, Json> =>
  Object.fromEntries(
    [...above, textOf(item, 'shortCode') ?? ''].map((code, at) => [`Level${at + 1}Code`, code]),
  )

/** An item with the field names of ListItems v3. */
export const itemRow = (item: JsonObject, listId: string, above: readonly string[]): JsonObject => {
  const { id, value, parentId, shortCode: _short, ...rest } = item
  return {
    ID: id ?? null,
    ListID: listId,
    Name: value ?? null,
    ParentID: parentId ?? null,
    ...codesOf(item, above),
    ...rest,
  }
}

const start = (port: VendorPort, { listId }: Wanted): Promise<Place | null> =>
  listId === undefined
    ? firstFrom(port, { page: 1, at: 0 })
    : Promise.resolve({ listId, among: null, frames: [root] })

/** One page of items, of the list that is named or of all lists; an item that lists share comes once for each. */
export const nextItems = async (
  port: VendorPort,
  wanted: Wanted,
  cursor: string | null,
): Promise<PortPage> => {
  const place = cursor === null ? await start(port, wanted) : (JSON.parse(cursor) as Place)
  if (place === null) return { rows: [], next: null }
  const { listId, frames } = place
  const { rows } = await children(port, place, wanted)
  const above = frames.slice(1).map(({ code }) => code)
  const given = { ...(frames.at(-1) ?? root), at: 0 }
  const next = await advance(port, { ...place, frames: [...frames.slice(0, -1), given] }, wanted)
  return {
    rows: rows.filter(isThere).map((item) => itemRow(item, listId, above)),
    next: next === null ? null : JSON.stringify(next),
  }
}
