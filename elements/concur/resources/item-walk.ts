import { type Given, isRecord, type Json, type PortPage, type VendorPort } from '#src/element/index.ts'
import { ifStillThere, rowsIn, textOf } from '../lookups.ts'
import { equal, itemRow, itemScopes, levels, livingIn, pageNumber, pagesOf } from './item-rows.ts'

/**
 * Walks the trees of lists: List v4 gives the children of one item at a time, and no items across lists. Of each list,
 * and of each item in it that has children, first the children that are wanted are read, then those that have children
 * themselves; so a name or a code narrows what SAP Concur sends, whatever stands between.
 * Source: SAP Concur, Lists v4 and List Item v4 (spec/concur.md 3.5 and 8.3), compared 2026-08.
 */

interface Wanted {
  readonly name: string | undefined
  /** The code on level N, at N. */
  readonly codes: readonly (string | undefined)[]
  /** Items above this level have not all the codes. */
  readonly from: number
}

/** An item with children, and where it stands among those beside it that have some. */
interface Branch {
  readonly id: string
  readonly code: string
  readonly page: number
  readonly at: number
}

/** Where a walk stands. */
interface Place {
  /** Names the walk: what it read of the way keeps until it ends. */
  readonly walk: string
  readonly listId: string
  /** Which of all lists it is; null: the walk is of this one alone. */
  readonly nth: number | null
  /** From level 1 down to the item whose children are looked at. */
  readonly branches: readonly Branch[]
  readonly page: number
  /** Which of the children with children is next; null: the children themselves are read, page by page. */
  readonly at: number | null
}

const keptSeconds = 600
const listPath = '/list/v4/lists'
const listScopes = ['spend.list.read', 'LIST'] as const

const childrenPath = ({ listId, branches }: Place): string => {
  const item = branches.at(-1)
  const below = item === undefined ? '' : `/items/${encodeURIComponent(item.id)}`
  return `${listPath}/${encodeURIComponent(listId)}${below}/children`
}

const levelOf = ({ branches }: Place): number => branches.length + 1

/** How many levels a list tells to have; the most that there can be, where it tells nothing. */
const levelsOf = (list: Json | undefined): number =>
  isRecord(list) && typeof list.levelCount === 'number' ? list.levelCount : levels.length

/** All lists as the walk found them at its start, each with how many levels it has. */
const listsIn = (port: VendorPort, walk: string): Promise<readonly (readonly [string, number])[]> =>
  port.remember(`items/${walk}`, keptSeconds, async () => {
    const found: [string, number][] = []
    for (let page = 1, pages = 1; page <= pages; page += 1) {
      const query = { isDeleted: 'eq:false', page: pageNumber(page) }
      const { body } = await port.ask({ method: 'GET', path: listPath, query, scopes: listScopes })
      pages = pagesOf(body)
      for (const list of rowsIn(body, 'content')) found.push([textOf(list, 'id') ?? '', levelsOf(list)])
    }
    return found.filter(([id]) => id !== '')
  })

const levelsAt = async (port: VendorPort, { walk, listId, nth }: Place): Promise<number> => {
  if (nth !== null) return (await listsIn(port, walk)).find(([id]) => id === listId)?.[1] ?? levels.length
  return port.remember(`items/${walk}/levels`, keptSeconds, async () => {
    const path = `${listPath}/${encodeURIComponent(listId)}`
    const reply = await ifStillThere(() => port.ask({ method: 'GET', path, scopes: listScopes }))
    return levelsOf(reply?.body)
  })
}

/** Whether nothing stands below these children. Of a list alone its first level is looked below without asking. */
const isDeepest = async (port: VendorPort, place: Place): Promise<boolean> =>
  (place.nth !== null || levelOf(place) > 1) && levelOf(place) >= (await levelsAt(port, place))

interface Branches {
  readonly items: readonly (readonly [id: string, code: string])[]
  readonly pages: number
}

/** The children with children on a page of them. */
const branchesAt = async (port: VendorPort, place: Place, wanted: Wanted): Promise<Branches> => {
  if (await isDeepest(port, place)) return { items: [], pages: 1 }
  const path = childrenPath(place)
  const query = {
    hasChildren: 'true',
    shortCode: equal(wanted.codes[levelOf(place)]),
    page: pageNumber(place.page),
  }
  const kept = await port.remember(`items/${place.walk}${path}/${place.page}`, keptSeconds, async () => {
    const { body } = await port.ask({ method: 'GET', path, query, scopes: itemScopes })
    const items = livingIn(body).map((item) => [textOf(item, 'id') ?? '', textOf(item, 'shortCode') ?? ''])
    return { items, pages: pagesOf(body) }
  })
  return { pages: kept.pages, items: kept.items.map(([id = '', code = '']) => [id, code] as const) }
}

/** A place at the beginning of some children: read where they can be wanted, else only gone through. */
const atFirst = (place: Omit<Place, 'page' | 'at'>, { from }: Wanted): Place => ({
  ...place,
  page: 1,
  at: place.branches.length + 1 >= from ? null : 0,
})

/** The first list from the one of that number on that is deep enough. */
const listFrom = async (
  port: VendorPort,
  walk: string,
  first: number,
  wanted: Wanted,
): Promise<Place | null> => {
  const lists = await listsIn(port, walk)
  const nth = lists.findIndex(([, count], at) => at >= first && count >= wanted.from)
  const listId = lists[nth]?.[0]
  return listId === undefined ? null : atFirst({ walk, listId, nth, branches: [] }, wanted)
}

/** Where the walk goes once it has been through all below a list. */
const afterList = async (port: VendorPort, place: Place, wanted: Wanted): Promise<Place | null> => {
  const { walk, listId, nth } = place
  if (nth === null) return null
  const now = (await listsIn(port, walk)).findIndex(([id]) => id === listId)
  return listFrom(port, walk, now < 0 ? nth : now + 1, wanted)
}

/** The next children to read; at the end of a list the beginning of the next, whatever is to be done there. */
const onward = async (port: VendorPort, from: Place, wanted: Wanted): Promise<Place | null> => {
  let place = from
  while (place.at !== null) {
    const { branches, page, at } = place
    const { items, pages } = await branchesAt(port, place, wanted)
    const [id, code] = items[at] ?? []
    const up = branches.at(-1)
    if (id !== undefined && code !== undefined)
      place = atFirst({ ...place, branches: [...branches, { id, code, page, at }] }, wanted)
    else if (page < pages) place = { ...place, page: page + 1, at: 0 }
    else if (up !== undefined)
      place = { ...place, branches: branches.slice(0, -1), page: up.page, at: up.at + 1 }
    else return afterList(port, place, wanted)
  }
  return place
}

const wantedIn = (filters: Given): Wanted => {
  const codes = [undefined, ...levels.map((level) => filters[`level${level}Code`])]
  return {
    name: filters.name,
    codes,
    from: Math.max(
      1,
      codes.findLastIndex((code) => code !== undefined),
    ),
  }
}

const newWalk = (): string => `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 10)}`

const start = async (port: VendorPort, { listId }: Given, wanted: Wanted): Promise<Place | null> =>
  listId === undefined
    ? listFrom(port, newWalk(), 0, wanted)
    : atFirst({ walk: newWalk(), listId, nth: null, branches: [] }, wanted)

const toPage = (rows: PortPage['rows'], next: Place | null): PortPage => ({
  rows,
  next: next === null ? null : JSON.stringify(next),
})

/** The items of the page at a place, and where the walk goes on. */
const readAt = async (port: VendorPort, place: Place, wanted: Wanted): Promise<PortPage> => {
  const { body } = await port.ask({
    method: 'GET',
    path: childrenPath(place),
    query: {
      value: equal(wanted.name),
      shortCode: equal(wanted.codes[levelOf(place)]),
      page: pageNumber(place.page),
    },
    scopes: itemScopes,
  })
  const above = place.branches.map(({ code }) => code)
  const rows = livingIn(body).map((item) =>
    itemRow(item, place.listId, [...above, textOf(item, 'shortCode') ?? '']),
  )
  const more = place.page < pagesOf(body)
  return toPage(
    rows,
    more ? { ...place, page: place.page + 1 } : await onward(port, { ...place, page: 1, at: 0 }, wanted),
  )
}

/**
 * One page of items, of the list that is named or of all lists. An item that lists share comes once in each, as on v3,
 * where a row has one ListID.
 * @param cursor where the walk stands; null: at its start.
 */
export const nextItems = async (
  port: VendorPort,
  filters: Given,
  cursor: string | null,
): Promise<PortPage> => {
  const wanted = wantedIn(filters)
  const place = cursor === null ? await start(port, filters, wanted) : (JSON.parse(cursor) as Place)
  const found = place === null || place.at === null ? place : await onward(port, place, wanted)
  return found === null || found.at !== null ? toPage([], found) : readAt(port, found, wanted)
}
