import { walkEntries } from './entry-walk.ts'
import type { Ask, Sandbox } from './operation.ts'
import { isTheirs, whoseRows } from './owner.ts'
import { countParam, nextPageUrl, readOffset, textParam, writeOffset } from './params.ts'
import type { Entry } from './records.ts'
import type { Reply } from './reply.ts'
import { findEntry } from './store.ts'
import type { XmlNames } from './xml-write.ts'

/** What lists things that hang on entries: itemizations, allocations, associations. */
export interface Children<Row> {
  readonly of: (entry: Entry) => readonly Row[]
  readonly matches: (row: Row, entry: Entry) => boolean
  readonly write: (row: Row, entry: Entry) => unknown
  readonly xml: XmlNames
}

/** The place of a row: its entry's report, its entry, and its number there. */
const shape = ['number', 'string', 'number', 'string', 'number'] as const

const readPlace = (query: URLSearchParams) => {
  const text = textParam(query, 'offset')
  if (text === undefined) return { mark: undefined, child: -1 }
  const [at, reportId, position, id, child] = readOffset(text, 'offset', shape)
  const mark = { at: Number(at), reportId: String(reportId), position: Number(position), id: String(id) }
  return { mark, child: Number(child) }
}

/** Where to look: one entry's, one report's or everybody's that the caller may see. */
const spotsOf = (sandbox: Sandbox, ask: Ask, entryId: string | undefined) => {
  const { mark } = readPlace(ask.query)
  const entry = entryId === undefined ? undefined : findEntry(sandbox, entryId)
  if (entryId !== undefined && entry === undefined) return undefined
  const reportId = entry?.reportId ?? textParam(ask.query, 'reportID')
  const whose = whoseRows(ask)
  return walkEntries(sandbox, { whose, home: ask.dataCentre, mark, keepMarked: true, reportId })
}

interface Found<Row> {
  readonly row: Row
  readonly entry: Entry
  readonly place: readonly (string | number)[]
}

async function* rowsOf<Row>(
  sandbox: Sandbox,
  ask: Ask,
  children: Children<Row>,
  entryId: string | undefined,
): AsyncGenerator<Found<Row>> {
  const { mark, child } = readPlace(ask.query)
  const whose = whoseRows(ask)
  for await (const { entry, at, reportId } of spotsOf(sandbox, ask, entryId) ?? []) {
    if (!isTheirs(whose, entry.ownerLogin) || (entryId !== undefined && entry.id !== entryId)) continue
    const skipped = entry.id === mark?.id ? child : -1
    for (const [number, row] of children.of(entry).entries()) {
      if (number <= skipped || !children.matches(row, entry)) continue
      yield { row, entry, place: [at, reportId, entry.position, entry.id, number] }
    }
  }
}

/** A page of them, in the order of the entry list. `entryId` limits it to one entry's. */
export const childrenPage = async <Row>(
  sandbox: Sandbox,
  ask: Ask,
  children: Children<Row>,
  entryId = textParam(ask.query, 'entryID'),
): Promise<Reply> => {
  const limit = countParam(ask.query, 'limit', 25, 100)
  const page: Found<Row>[] = []
  let more = false
  for await (const found of rowsOf(sandbox, ask, children, entryId)) {
    if (page.length === limit) {
      more = true
      break
    }
    page.push(found)
  }
  const offset = more ? writeOffset(page.at(-1)?.place ?? []) : undefined
  return {
    status: 200,
    body: {
      Items: page.map(({ row, entry }) => children.write(row, entry)),
      NextPage: offset === undefined ? null : nextPageUrl(ask.baseUrl, ask.path, ask.query, limit, offset),
    },
    xml: children.xml,
  }
}
