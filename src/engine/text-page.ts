import type { Resource } from '#src/element/index.ts'
import type { Json } from '#src/lib/json.ts'
import type { Connection, EngineNeed } from './connection.ts'
import { dropNulls, type HubRow } from './rows.ts'
import { type Prepared, prepareSearch, runSearch, type SearchInput, tokenAt } from './search.ts'
import { copyPage, readPage } from './vendor-page.ts'
import { askAt, foundOn, type Place, type Walk } from './walk.ts'

/** Rows as JSON texts, each an array of one row or more. */
interface RowTexts {
  readonly texts: readonly Buffer[]
  readonly count: number
  readonly next: Place | null
  /** The vendor answered the one row, and no list. */
  readonly isSingle?: boolean
}

/** A page of rows as it goes out. */
export interface SearchText {
  /** A JSON array; the one row where the vendor answers no list. */
  readonly json: Buffer
  readonly count: number
  /** Absent on the last page. */
  readonly nextPage?: string
  /** Rows of the whole query, where that was asked. */
  readonly total?: number
}

/** Whether every row of the vendor's listing is wanted whole, and nothing of a row has to be looked at. */
const isPlain = ({ start, walk, skipped }: Prepared, input: SearchInput): boolean => {
  const { plan, resource } = walk
  if (skipped > 0 || start.fields !== '' || start.orderBy !== '' || input.total === true) return false
  if (plan.rest !== null || plan.key !== null) return false
  // Whose rows they are is noted from each row.
  return !plan.pushed.some((push) => push.filter.param === resource.owner?.param)
}

const shown = (row: HubRow, keepNulls: boolean): Json => (keepNulls ? row : dropNulls(row))

/** Rows as texts, by way of objects. */
const printRows = (rows: readonly HubRow[], keepNulls: boolean): Buffer =>
  Buffer.from(JSON.stringify(rows.map((row) => shown(row, keepNulls))))

/** What one vendor page adds, at most `free` rows. */
const textsAt = async (walk: Walk, place: Place, free: number, keepNulls: boolean): Promise<RowTexts> => {
  const { connection, resource } = walk
  const asked = await askAt(walk, place)
  if (place.skip === 0 && !('rows' in asked)) {
    const copied = copyPage(resource, asked, place.cursor, keepNulls)
    if (copied !== null && copied.count <= free) {
      const { json, count, next } = copied
      return {
        texts: count === 0 ? [] : [json],
        count,
        next: next === null ? null : { cursor: next, skip: 0 },
      }
    }
  }
  const page = 'rows' in asked ? asked : readPage(connection, resource, asked, place.cursor, walk)
  const found = foundOn(resource, page, place, null)
  const rows = found.rows.slice(0, free)
  const end = page.next === null ? null : { cursor: page.next, skip: 0 }
  return {
    texts: rows.length === 0 ? [] : [printRows(rows, keepNulls)],
    count: rows.length,
    next: rows.length === 0 ? end : found.after(rows.length - 1),
    isSingle: page.isSingle === true,
  }
}

/**
 * One page of ours in the vendor's order, as text. Only for plain walks.
 * @throws AppError as `walkPages`.
 */
const textPage = async (walk: Walk, start: Place, size: number, keepNulls: boolean): Promise<RowTexts> => {
  const texts: Buffer[] = []
  let count = 0
  let place: Place | null = start
  let isSingle = false
  while (place !== null && count < size) {
    const added: RowTexts = await textsAt(walk, place, size - count, keepNulls)
    texts.push(...added.texts)
    count += added.count
    place = added.next
    isSingle ||= added.isSingle === true
  }
  return { texts, count, next: place, isSingle }
}

const bracketOpen = Buffer.from('[')
const bracketClose = Buffer.from(']')
const comma = Buffer.from(',')

/** One array of the rows of several. A single one goes out as it is: each copy of a page is work for the collector. */
const arrayOf = (texts: readonly Buffer[]): Buffer => {
  const [first] = texts
  if (first !== undefined && texts.length === 1) return first
  const inner = texts.map((text) => text.subarray(1, -1))
  return Buffer.concat([
    bracketOpen,
    ...inner.flatMap((text, at) => (at === 0 ? [text] : [comma, text])),
    bracketClose,
  ])
}

/**
 * One page of a resource's rows, as text: copied from the vendor's reply where nothing of a row has to be looked at.
 * @throws AppError `bad-query` (with position), `bad-request` (page size or token), `query-too-broad`,
 * or what the vendor's refusal means.
 */
export const searchText = async (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  input: SearchInput,
  keepNulls: boolean,
): Promise<SearchText> => {
  const prepared = await prepareSearch(need, connection, resource, input)
  const { start, walk } = prepared
  if (isPlain(prepared, input)) {
    const { texts, count, next, isSingle } = await textPage(walk, start, start.pageSize, keepNulls)
    const nextPage = tokenAt(prepared, next)
    const [only] = texts
    const isRow = isSingle === true && count === 1 && only !== undefined
    return {
      json: isRow ? only.subarray(1, -1) : arrayOf(texts),
      count,
      ...(nextPage === undefined ? {} : { nextPage }),
    }
  }
  const { rows, ...rest } = await runSearch(prepared, input)
  const printed = printRows(rows, keepNulls)
  const isRow = walk.spent.isSingle === true && rows.length === 1
  return { ...rest, json: isRow ? printed.subarray(1, -1) : printed, count: rows.length }
}
