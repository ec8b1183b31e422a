import { pollerDefaults, type Resource } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { parseJavaDate } from '#src/lib/java-date.ts'
import { isJsonObject, type JsonObject } from '#src/lib/json.ts'
import type { StopSignal } from '#src/lib/stop-signal.ts'
import { createZone } from '#src/lib/time-zone.ts'
import type { OpenInstance } from '../instances/index.ts'
import { backgroundCall, type HubCall, type Objects, vendorNames, vendorOf } from '../objects/index.ts'
import { type DateField, fillVariables, type PollerEntry } from '../pollers/index.ts'
import type { ReadRow } from './diff.ts'
import { pollLimits } from './poll-limits.ts'
import { hashOf, type Seen } from './seen.ts'
import { valueAt } from './value-at.ts'
import { leastSkew, skewFrom } from './window.ts'

const momentOf = (row: JsonObject, field: DateField | undefined): number | null =>
  field === undefined
    ? null
    : parseJavaDate(valueAt(row, field.path), field.format, createZone(field.zone ?? 'GMT'))

const idOf = (row: JsonObject, { resource, idField }: PollerEntry): string => {
  const id = valueAt(row, idField) ?? valueAt(row, 'id')
  if (typeof id === 'string' && id !== '') return id
  if (typeof id === 'number') return String(id)
  throw new AppError(
    'bad-request',
    `A row of ${resource} has no '${idField.slice(0, 64)}': correct idField in event.poller.configuration.`,
  )
}

/** In place of a row that no event shows: what a listing holds is in memory until all of it is read. */
const unshown: JsonObject = {}

/** Whether a row can be no event: it is as it was, or seen by a first look, which tells nothing of rows without times. */
const isUnshown = ({ id, at, hash }: Omit<ReadRow, 'row'>, before: Seen | null): boolean => {
  if (before === null) return at === null
  const known = before.get(id)
  return known !== undefined && known.hash === hash && known.at === at
}

const toReadRow = (row: JsonObject, entry: PollerEntry, before: Seen | null): ReadRow => {
  const createdAt = momentOf(row, entry.created)
  const read = {
    id: idOf(row, entry),
    at: entry.byUpdated ? momentOf(row, entry.updated) : createdAt,
    createdAt,
    hash: hashOf(row),
  }
  return { ...read, row: isUnshown(read, before) ? unshown : row }
}

/** Of one poll. */
const mostRows = 500_000
/** Of those, rows that are kept whole. */
const mostShown = 100_000

/** Collects rows, as many as a process has room for. @throws AppError `query-too-broad`. */
const collectRows = (entry: PollerEntry, before: Seen | null) => {
  const rows: ReadRow[] = []
  let shown = 0
  return {
    rows,
    add: (row: JsonObject): void => {
      const read = toReadRow(row, entry, before)
      if (read.row !== unshown) shown += 1
      if (rows.length >= mostRows || shown > mostShown)
        throw new AppError(
          'query-too-broad',
          `${entry.resource}: more than ${mostRows} rows, or ${mostShown} that changed since the last poll. Narrow the url in event.poller.configuration.`,
        )
      rows.push(read)
    },
  }
}

/** More than any vendor gives at once: then its largest page is asked for. */
const largestPage = 5_000

/** Whole listings are read in the vendor's largest pages, unless the configuration says otherwise. */
const pageSizeOf = ({ byUpdated, created, updated, pageSize }: PollerEntry): number => {
  const isWhole = (byUpdated ? updated : created) === undefined
  return isWhole && pageSize === pollerDefaults.pageSize ? largestPage : pageSize
}

/** The parts of a query that is not encoded; what is, is decoded. */
const partsOf = (query: string): ReadonlyMap<string, string> =>
  new Map(
    query
      .split('&')
      .filter((part) => part !== '')
      .map((part): [string, string] => {
        const at = part.indexOf('=')
        const [name, value] = at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)]
        return [name, decoded(value)]
      }),
  )

const decoded = (text: string): string => {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** What of a poller's query says how much is shown rather than what is asked. */
const notGiven = new Set(['where', 'fields', 'orderBy', 'pageSize', 'page', 'nextPage'])

/** The query of a poller in the vendor's names. */
const queryOf = (resource: Resource, { queryIn }: PollerEntry, parts: ReadonlyMap<string, string>) => {
  const [where, orderBy] = [parts.get('where'), parts.get('orderBy')]
  if (queryIn === undefined) return { where, orderBy }
  const names = vendorNames(resource, true)
  return {
    where: where === undefined ? undefined : names.where(where),
    orderBy: orderBy === undefined ? undefined : names.orderBy(orderBy),
  }
}

export interface Reading {
  readonly rows: readonly ReadRow[]
  /** By how much the vendor's clock is ahead at least; null: it did not tell. */
  readonly skewMs: number | null
}

interface ReadInput {
  readonly instance: OpenInstance
  readonly resource: Resource
  readonly entry: PollerEntry
  /** By the vendor's clock. */
  readonly from: Date
  readonly signal: StopSignal
  /** What is remembered; null: nothing. */
  readonly before: Seen | null
  /** When the poll began. */
  readonly beganAt: number
  /** Told of each reply of the vendor. */
  readonly onReply: () => void
}

/** A call of a poll: an event is told once, and so never without its script. */
export const pollCall = (instance: OpenInstance, signal: StopSignal): HubCall =>
  backgroundCall(instance, signal, true)

/**
 * Reads what a poller asks for, whole, by an ordinary hub call; of a common resource the vendor's rows.
 * @throws AppError as a hub call does; what was read until then counts for nothing.
 */
export const readRows = async (
  objects: Pick<Objects, 'each'>,
  { instance, resource, entry, from, signal, before, beganAt, onReply }: ReadInput,
): Promise<Reading> => {
  const parts = partsOf(fillVariables(entry.query, from))
  const given = Object.fromEntries([...parts].filter(([name]) => !notGiven.has(name)))
  let skewMs: number | null = null
  let answered = false
  const call: HubCall = {
    ...pollCall(instance, signal),
    ownLimits: pollLimits(beganAt, () => answered),
    onReplied: (headers: Readonly<Record<string, string>>) => {
      answered = true
      onReply()
      skewMs = leastSkew(skewMs, skewFrom(headers['date'], Date.now()))
    },
  }
  const pageSize = pageSizeOf(entry)
  const input = { ...queryOf(resource, entry, parts), pageSize, given, proven: entry.deletes }
  const { rows, add } = collectRows(entry, before)
  for await (const page of objects.each(call, vendorOf(resource), input))
    for (const row of page) if (isJsonObject(row)) add(row)
  return { rows, skewMs }
}
