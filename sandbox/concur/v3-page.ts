import { Refused } from './errors.ts'
import type { Ask } from './operation.ts'
import { countParam, nextPageUrl, readOffset, textParam, writeOffset } from './params.ts'
import type { Reply } from './reply.ts'
import type { XmlNames } from './xml-write.ts'

/** Where a page of a list that lies in memory begins. Throws `Refused` 400 for an offset of another making. */
export const firstOf = (ask: Ask): number => {
  const text = textParam(ask.query, 'offset')
  const first = text === undefined ? 0 : Number(readOffset(text, 'offset', ['number'])[0])
  if (!Number.isSafeInteger(first) || first < 0) {
    throw new Refused(400, 'offset: not a value that this service gave out')
  }
  return first
}

/** A page of v3 out of all rows: `Items` and `NextPage`. `counts` are the default and the most of `limit`. */
export const v3Page = <Row>(
  ask: Ask,
  rows: readonly Row[],
  write: (row: Row) => unknown,
  xml: XmlNames,
  counts: readonly [otherwise: number, most: number] = [25, 100],
): Reply => {
  const limit = countParam(ask.query, 'limit', ...counts)
  const first = firstOf(ask)
  const end = first + limit
  const next =
    end < rows.length ? nextPageUrl(ask.baseUrl, ask.path, ask.query, limit, writeOffset([end])) : null
  return { status: 200, body: { Items: rows.slice(first, end).map(write), NextPage: next }, xml }
}

/** What v3 answers to a create. */
export const v3Created = (ask: Ask, id: string, path = ask.path): Reply => ({
  status: 200,
  body: { ID: id, URI: `${ask.baseUrl}${path}/${encodeURIComponent(id)}` },
  xml: { root: 'CreateResponse' },
})
