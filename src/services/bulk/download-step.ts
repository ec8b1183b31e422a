import type { Resource } from '#src/element/index.ts'
import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'
import type { BulkChange, BulkJobRow, BulkPart } from '#src/store/index.ts'
import type { HubCall, Place } from '../objects/index.ts'
import { createColumns } from './columns.ts'
import { type DownloadCheckpoint, type DownloadCriteria, searchOf } from './criteria.ts'
import { newFileName, putFile } from './job-files.ts'
import type { BulkNeed } from './need.ts'
import { counted, inPieces } from './pieces.ts'
import { shownAtOnce, shownLines } from './shown-lines.ts'
import { type View, viewOf } from './view.ts'

/** What one step came to. */
export interface Step {
  readonly change: BulkChange
  readonly part?: BulkPart
  /** All parts are replaced by these. */
  readonly parts?: readonly BulkPart[]
  readonly done: boolean
}

/** Everything that a step works on. */
export interface StepInput {
  readonly job: BulkJobRow
  readonly resource: Resource
  readonly call: HubCall
  /** Whether to come to an end soon: the job was cancelled, or the process stops. */
  readonly isOver: () => boolean
}

/** A step ends after so much: what is not stored yet is read again after a crash. */
const stepMs = 4_000
const stepRows = 25_000

/** What a step has read. */
interface Progress {
  place: Place | null
  pages: number
  /** The vendor's. */
  rows: number
  /** Those in the file: a script may leave rows out. */
  records: number
}

const asItIs: View['show'] = (rows) => rows
const asObject = (row: Json): JsonObject => (isJsonObject(row) ? row : { value: row })

/** Reads pages until the step has enough, or the vendor fails after at least one. */
async function* pagesOf(
  need: BulkNeed,
  { job, resource, call, isOver }: StepInput,
  view: View,
  progress: Progress,
  most: { readonly records: number; readonly pages: number },
): AsyncGenerator<readonly JsonObject[]> {
  const criteria = job.criteria as DownloadCriteria
  const from = progress.place
  if (from === null) return
  const endsAtMs = Date.now() + stepMs
  const pages = need.objects.pages(
    call,
    resource,
    searchOf(criteria, view),
    from,
    criteria.keepNulls ?? undefined,
  )
  try {
    for await (const { rows, next } of pages) {
      progress.rows += rows.length
      progress.pages += 1
      progress.place = progress.pages >= most.pages ? null : next
      yield rows.map(asObject)
      // Whoever takes the page has counted what is shown of it.
      if (progress.records >= most.records) progress.place = null
      if (progress.place === null || progress.rows >= stepRows || Date.now() >= endsAtMs || isOver()) return
    }
  } catch (error) {
    // What was read is stored first; the next step meets the failure again, if it stays one.
    if (progress.pages === 0) throw error
  }
}

/**
 * Sorts what one step reads: the step's records fit into memory. They stay the vendor's until all are merged, for it is
 * its values that tell the order.
 */
async function* sortedPages(
  need: BulkNeed,
  { resource }: StepInput,
  orderBy: string,
  pages: AsyncIterable<readonly JsonObject[]>,
): AsyncGenerator<readonly JsonObject[]> {
  const { keysOf, compare } = need.objects.order(resource, orderBy)
  const all: { readonly row: JsonObject; readonly keys: ReturnType<typeof keysOf> }[] = []
  for await (const rows of pages) for (const row of rows) all.push({ row, keys: keysOf(row) })
  all.sort((one, two) => compare(one.keys, two.keys))
  for (let at = 0; at < all.length; at += shownAtOnce)
    yield all.slice(at, at + shownAtOnce).map(({ row }) => row)
}

/** Reads on from where the job stands, into one more part. @throws what the first page's reading throws. */
export const downloadStep = async (need: BulkNeed, input: StepInput): Promise<Step> => {
  const { job } = input
  const { place, part, pages: before, scriptError = null } = job.checkpoint as DownloadCheckpoint
  const criteria = job.criteria as DownloadCriteria
  const { limit, orderBy, mostCalls } = criteria
  const view = viewOf(need, input.call, input.resource, criteria, scriptError)
  const progress: Progress = { place, pages: 0, rows: 0, records: 0 }
  const columns = createColumns(job.columns)
  const wanted = limit === null || orderBy !== '' ? Number.POSITIVE_INFINITY : limit - job.records
  const mostPages = (mostCalls ?? Number.POSITIVE_INFINITY) - before
  const pages = pagesOf(need, input, view, progress, { records: wanted, pages: mostPages })
  const ordered = orderBy === '' ? pages : sortedPages(need, input, orderBy, pages)
  const show = orderBy === '' ? view.show : asItIs
  const name = newFileName(job, 'part')
  let bytes = 0
  const note = (row: JsonObject): void => {
    columns.note(row)
    progress.records += 1
  }
  const lines = counted(inPieces(shownLines(ordered, show, wanted, note)), (more) => {
    bytes += more
  })
  await putFile(need, job, name, lines)
  const { records } = progress
  if (records === 0) await need.files.remove(name)
  return {
    change: {
      checkpoint: {
        place: progress.place,
        part: part + 1,
        pages: before + progress.pages,
        scriptError: view.scriptError(),
      } satisfies DownloadCheckpoint,
      records: job.records + records,
      bytes: job.bytes + bytes,
      columns: columns.names(),
      message: view.scriptError(),
    },
    ...(records === 0 ? {} : { part: { part, name, firstRecord: job.records, records, bytes } }),
    done: progress.place === null,
  }
}
