import type { JsonObject, PortPage, VendorPort } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { type Entry, entriesIn } from './dav.ts'
import { folderOf } from './names.ts'

/** Folders that are listed for one page at most, so that a page of few rows does not take long. */
const mostFolders = 25

/** Where a walk stands: in a folder, so many of its entries handled. */
interface Place {
  readonly folder: string
  readonly skip: number
}

const printed = ({ folder, skip }: Place): string => `${skip}:${folder}`

const readPlace = (cursor: string): Place => {
  const at = cursor.indexOf(':')
  return { skip: Number(cursor.slice(0, at)), folder: cursor.slice(at + 1) }
}

type List = (folder: string) => Promise<readonly Entry[]>

/** Lists each folder once; one that went away is empty, but for the start. */
const createList = (port: VendorPort, start: string) => {
  const known = new Map<string, readonly Entry[]>()
  const list: List = async (folder) => {
    const before = known.get(folder)
    if (before !== undefined) return before
    const entries = await entriesIn(port, folder).catch((error: unknown): readonly Entry[] => {
      if (folder !== start && error instanceof AppError && error.code === 'provider-not-found') return []
      throw error
    })
    known.set(folder, entries)
    return entries
  }
  return { list, listed: (): number => known.size }
}

/** The folder beside or above that comes after one, when all below it is done; null: none. */
const folderAfter = async (list: List, start: string, folder: string): Promise<string | null> => {
  if (folder === start || folder === '/') return null
  const above = folderOf(folder)
  const next = (await list(above)).find(({ directory, path }) => directory && path > folder)
  return next?.path ?? folderAfter(list, start, above)
}

/** Takes rows of a folder from a place on, as many as there is room for. @returns where it goes on. */
const takeFrom = async (
  list: List,
  start: string,
  { folder, skip }: Place,
  room: number,
  take: (entry: Entry) => boolean,
): Promise<Place | null> => {
  const entries = await list(folder)
  let left = room
  for (const [at, entry] of entries.entries()) {
    if (at < skip) continue
    if (left === 0) return { folder, skip: at }
    if (take(entry)) left -= 1
  }
  const below = entries.find(({ directory }) => directory)?.path ?? (await folderAfter(list, start, folder))
  return below === null ? null : { folder: below, skip: 0 }
}

/**
 * What is below a folder, folder by folder in the order of their paths: servers refuse to list a whole tree at once
 * (RFC 4918 9.1, `Depth: infinity`). A folder that goes away meanwhile is passed by.
 */
export const walkBelow = async (
  port: VendorPort,
  start: string,
  cursor: string | null,
  limit: number,
  wants: (entry: Entry) => boolean,
): Promise<PortPage> => {
  const { list, listed } = createList(port, start)
  const rows: JsonObject[] = []
  const take = (entry: Entry): boolean => {
    if (!wants(entry)) return false
    rows.push(entry.row)
    return true
  }
  let place: Place | null = cursor === null ? { folder: start, skip: 0 } : readPlace(cursor)
  while (place !== null && rows.length < limit && listed() < mostFolders)
    place = await takeFrom(list, start, place, limit - rows.length, take)
  return { rows, next: place === null ? null : printed(place) }
}
