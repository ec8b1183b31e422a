import { isJsonObject, type Json } from '#src/lib/json.ts'
import type { Outcome } from './asked.ts'
import type { Operation } from './operation.ts'
import { valueAt } from './root-key.ts'
import type { Configured } from './values.ts'

/** How pages of the vendor follow one another. */
export type PagingKind = 'page' | 'offset' | 'cursor' | 'none'

export interface Paging {
  readonly kind: PagingKind
  /** The number of the first page, or of the first row. */
  readonly first: number
  /** Rows of a page at most. */
  readonly maxSize: number
}

/** What of a query asks for a page; absent: nothing does. */
export type PageQuery = Readonly<Partial<Record<'page' | 'pageSize' | 'nextPage' | 'offset', string>>>

const usualSize = 200
const largestSize = 5_000

const has = ({ parameters }: Operation, name: string): boolean =>
  parameters.some((one) => one.name === name && one.type === 'query' && one.vendorType !== 'no-op')

/** Rows of a page at most: a number for all objects, or JSON with one an object (spec/contract.md 2.1). */
export const maxSizeOf = (objectName: string, text: string | undefined): number => {
  if (text === undefined || text.trim() === '') return usualSize
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return usualSize
  }
  const size = isJsonObject(value)
    ? Number(value[objectName] ?? value['default'] ?? usualSize)
    : Number(value)
  return Number.isInteger(size) && size >= 1 ? Math.min(size, largestSize) : usualSize
}

const offsetName = /offset|skip|start/i

/** The kind of paging where the configuration says none: by what the operation says of the next page, and asks. */
const guessedKind = (operation: Operation): PagingKind => {
  if (operation.nextPageKey !== '' || has(operation, 'nextPage')) return 'cursor'
  if (has(operation, 'offset')) return 'offset'
  const page = operation.parameters.find(({ name, type }) => name === 'page' && type === 'query')
  if (page === undefined) return 'none'
  return offsetName.test(page.vendorName ?? '') ? 'offset' : 'page'
}

const kinds: Readonly<Record<string, { readonly kind: PagingKind; readonly first: number }>> = {
  page: { kind: 'page', first: 1 },
  'page starts with 1': { kind: 'page', first: 1 },
  'page 0': { kind: 'page', first: 0 },
  offset: { kind: 'offset', first: 0 },
  cursor: { kind: 'cursor', first: 0 },
}

/** The number of the first page or row, where the configuration says it. */
const startIndex = (configured: Configured): number | undefined => {
  const text = configured('pagination.page.startindex')?.trim() ?? ''
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined
}

/** How an operation is paged (spec/contract.md 2.1, reserved keys). */
export const pagingOf = (operation: Operation, configured: Configured): Paging => {
  const maxSize = maxSizeOf(operation.objectName, configured('pagination.max'))
  const told = kinds[configured('pagination.type')?.trim().toLowerCase() ?? '']
  const guessed = guessedKind(operation)
  // What tells of the next page itself needs no number, whatever other operations of the element need.
  const follows = operation.nextPageKey !== '' && told?.kind !== 'page' && told?.kind !== 'offset'
  const kind = follows || guessed === 'none' || told === undefined ? guessed : told.kind
  if (operation.isPaged === false || kind === 'none') return { kind: 'none', first: 0, maxSize }
  return { kind, first: startIndex(configured) ?? told?.first ?? (kind === 'page' ? 1 : 0), maxSize }
}

/** A place in the vendor's listing: the number of a page or row, or what the vendor told. */
interface Cursor {
  readonly at?: number
  readonly token?: string
}

const readCursor = (text: string | null): Cursor => (text === null ? {} : (JSON.parse(text) as Cursor))

/** The part of `nextPageKey` after `?`: the parameter of the told address that is the token, and is sent. */
const tokenParam = (operation: Operation): string => operation.nextPageKey.split('?')[1]?.trim() ?? ''

/**
 * What asks for a page.
 * @returns `query`: in the names of callers; `vendor`: parameters of the vendor that no parameter of the operation fills.
 */
export const pageQuery = (
  operation: Operation,
  { kind, first }: Paging,
  cursor: string | null,
  limit: number,
): { readonly query: PageQuery; readonly vendor: Readonly<Record<string, string>> } => {
  const { at, token } = readCursor(cursor)
  const size = { pageSize: String(limit) }
  switch (kind) {
    case 'none':
      return { query: {}, vendor: {} }
    case 'page':
      return { query: { ...size, page: String(at ?? first) }, vendor: {} }
    case 'offset': {
      const from = String(at ?? first)
      return { query: { ...size, page: from, offset: from }, vendor: {} }
    }
    case 'cursor': {
      if (token === undefined) return { query: size, vendor: {} }
      if (has(operation, 'nextPage')) return { query: { ...size, nextPage: token }, vendor: {} }
      const param = tokenParam(operation)
      if (param !== '') return { query: size, vendor: { [param]: token } }
      return { query: { ...size, page: token }, vendor: {} }
    }
  }
}

const linkTarget = (header: string): string | undefined =>
  header
    .split(/,(?=\s*<)/)
    .map((part) => /^\s*<([^>]*)>\s*;.*\brel\s*=\s*"?next"?/i.exec(part)?.[1])
    .find((target) => target !== undefined)

/** What the reply tells of the next page at `body.path` or `header.Name` (spec/contract.md 2.1; RFC 8288 for Link). */
const toldNext = (key: string, { headers, raw, body }: Outcome): Json | undefined => {
  const [place = ''] = key.split('?')
  const [from = '', ...names] = place.trim().split('.')
  const name = names.join('.')
  if (from.toLowerCase() === 'header') {
    const header = headers[name.toLowerCase()]
    return header !== undefined && name.toLowerCase() === 'link' ? linkTarget(header) : header
  }
  const path = from.toLowerCase() === 'body' ? name : place.trim()
  return valueAt(raw, path) ?? valueAt(body, path)
}

const tokenIn = (told: string, param: string): string | undefined => {
  if (param === '') return told
  const [, query] = told.split(/\?(.*)/s, 2)
  const found = query === undefined ? null : new URLSearchParams(query).get(param)
  if (found !== null) return found
  // Some vendors tell the bare token where others tell an address.
  return /^(https?:)?\//i.test(told) ? undefined : told
}

/**
 * The cursor of the page after; null: there is none. Pages by number end with the first that is not full.
 * @param count rows of this page.
 */
export const nextCursor = (
  operation: Operation,
  { kind, first }: Paging,
  cursor: string | null,
  limit: number,
  outcome: Outcome,
  count: number,
): string | null => {
  if (kind === 'none') return null
  if (kind === 'cursor') {
    const told = toldNext(operation.nextPageKey, outcome)
    if (told === undefined || told === null || told === '' || told === false || typeof told === 'object')
      return null
    const token = tokenIn(String(told), tokenParam(operation))
    return token === undefined || token === '' ? null : JSON.stringify({ token })
  }
  if (count < limit) return null
  const at = readCursor(cursor).at ?? first
  return JSON.stringify({ at: kind === 'page' ? at + 1 : at + count })
}
