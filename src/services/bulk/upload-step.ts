import type { Resource } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { TablePosition } from '#src/lib/table-file/table-row.ts'
import type { BulkJobRow } from '#src/store/index.ts'
import { beginning } from '../objects/index.ts'
import type { BulkNeed } from './need.ts'
import { isPassing } from './passing.ts'
import { createSendRows, type RowEnd, type SendRows, unknownObject } from './send-rows.ts'
import { createStoreRows, type StoreRows, type UploadWindow } from './store-rows.ts'
import type { Sending, UploadCheckpoint, UploadCriteria } from './upload-asked.ts'
import { readUploaded } from './upload-file.ts'
import type { UploadInput } from './upload-input.ts'

/** What a step of an upload came to; its rows are stored already. */
export interface UploadStep {
  readonly done: boolean
  /** Why the job waits before it goes on. */
  readonly pause?: AppError
  /** It goes on after so long. */
  readonly afterSeconds?: number
}

const stepMs = 4_000
/** What was on its way when a process died has arrived after so long, or never will. */
const arrivalSeconds = 5
/** After so many failures in a row, one row is given up where other calls work. */
const lastTryAfter = 6
const unknownRows = 1_000
const repeatableWindow = 4

/** Rows that are noted, sent and stored together: those of a create only so many as are on their way at once. */
const windowOf = ({ job, resource }: UploadInput, careful: boolean): number => {
  const { action, parallel } = job.criteria as UploadCriteria
  if (resource === undefined) return unknownRows
  if (careful || parallel === 1) return 1
  return action === 'create' || action === 'upsert' ? parallel : parallel * repeatableWindow
}

/** The header of a CSV file is kept once, with the job. */
const placeOf = ({ columns }: BulkJobRow, { from }: UploadCheckpoint): TablePosition | undefined => {
  if (from === null) return undefined
  return from.format === 'csv' ? { ...from, header: columns } : from
}

/** Seconds until rows that were cut off can be looked for; null: there are none, or it is time. */
const untilArrival = (job: BulkJobRow): number | null => {
  const sending = job.sending as Sending | null
  const { action, identifier } = job.criteria as UploadCriteria
  const looks = identifier !== null && (action === 'create' || action === 'upsert')
  if (sending === null || !looks) return null
  const { foundAt } = sending
  const left = arrivalSeconds - (foundAt === undefined ? 0 : (Date.now() - Date.parse(foundAt)) / 1_000)
  return left > 0 ? Math.min(left, arrivalSeconds) : null
}

/** Reads the file from a place on, so many rows at a time, without those that are handled already. */
async function* windowsOf(need: BulkNeed, job: BulkJobRow, batchRows: number): AsyncGenerator<UploadWindow> {
  const criteria = job.criteria as UploadCriteria
  const checkpoint = job.checkpoint as UploadCheckpoint
  let later = checkpoint.done
  const batches = readUploaded(need, job, criteria, batchRows, placeOf(job, checkpoint))
  let { from } = checkpoint
  for await (const { rows, next } of batches) {
    const { header: _inJob, ...place } = next
    const done = new Set(later)
    later = later.filter((row) => row > next.row)
    yield { from, next: place, rows: rows.filter(({ row }) => !done.has(row)), done: [...done], later }
    from = place
  }
}

/** Whether the vendor answers at all, before a row is risked on it. @throws AppError that passes. */
const probe = async (
  { objects }: BulkNeed,
  { job, resource, call }: UploadInput & { readonly resource: Resource },
): Promise<void> => {
  if (resource.verbs.search === undefined) return
  const { given } = job.criteria as UploadCriteria
  try {
    for await (const _page of objects.pages(call, resource, { given, pageSize: 1 }, beginning)) return
  } catch (error) {
    if (!(error instanceof AppError) || isPassing(error)) throw error
  }
}

/** What makes the job wait; a fault of ours, or a process that stops, is thrown. */
const pauseOf = (ends: readonly RowEnd[], { call }: UploadInput): AppError | undefined => {
  for (const end of ends) {
    if (end.kind === 'failed' && end.trouble !== undefined) return end.trouble
    if (end.kind !== 'waits') continue
    const { why } = end
    if (!(why instanceof AppError) || why.code === 'stopping' || call.signal.aborted) throw why
    return why
  }
  return undefined
}

/** What comes after a window: another, the end of the file, or what kept it from being read. */
type Following =
  | { readonly kind: 'window'; readonly window: UploadWindow }
  | { readonly kind: 'end' }
  | { readonly kind: 'unreadable'; readonly failure: unknown }

const follow = async (windows: AsyncGenerator<UploadWindow>): Promise<Following> => {
  try {
    const { done, value } = await windows.next()
    return done === true ? { kind: 'end' } : { kind: 'window', window: value }
  } catch (failure) {
    return { kind: 'unreadable', failure }
  }
}

const isTroubled = (end: RowEnd): boolean =>
  end.kind === 'waits' || (end.kind === 'failed' && end.trouble !== undefined)

interface Ways {
  readonly send: SendRows
  readonly store: StoreRows
  readonly windows: AsyncGenerator<UploadWindow>
  /** Whether a window is the step's last. */
  readonly isLast: () => boolean
}

/** Sends windows one after the other; each is stored together with the noting of the next. */
const sendWindows = async (
  input: UploadInput,
  first: UploadWindow,
  { send, store, windows, isLast }: Ways,
): Promise<UploadStep> => {
  for (let window = first; ; ) {
    const ends = await send(window.rows, store.doubtOf)
    const following = isLast() || ends.some(isTroubled) ? undefined : await follow(windows)
    const next = following?.kind === 'window' ? following.window : undefined
    const isOn = await store.ended(window, ends, next)
    const pause = pauseOf(ends, input)
    if (pause !== undefined) return { done: false, pause }
    if (following?.kind === 'unreadable') throw following.failure
    if (next === undefined || !isOn) return { done: isOn && following?.kind === 'end' }
    window = next
  }
}

const sendingBy = (need: BulkNeed, input: UploadInput): SendRows => {
  const { job, resource, call } = input
  if (resource === undefined) return unknownObject(need, input)
  const criteria = job.criteria as UploadCriteria
  const isLastTry = job.failures >= lastTryAfter
  return createSendRows(need, { call, resource, criteria, isFlat: job.format === 'csv', isLastTry })
}

/**
 * Sends rows from where the job stands, a window at a time: which rows is noted before, and what became of them after
 * it in one transaction with where the job goes on.
 * @throws AppError where the file cannot be read further, what is no failure of a row, LeaseLost.
 */
export const uploadStep = async (need: BulkNeed, input: UploadInput): Promise<UploadStep> => {
  const { job, resource, isOver } = input
  const store = createStoreRows(need, input)
  const waitSeconds = untilArrival(job)
  if (waitSeconds !== null) {
    await store.found()
    return { done: false, afterSeconds: waitSeconds }
  }
  const careful = job.failures > 0
  if (careful && resource !== undefined) await probe(need, { ...input, resource })
  const windows = windowsOf(need, job, windowOf(input, careful))
  const endsAtMs = Date.now() + stepMs
  try {
    const first = await windows.next()
    if (first.done === true) return { done: true }
    if (!(await store.note(first.value))) return { done: false }
    return await sendWindows(input, first.value, {
      ...{ store, windows, send: sendingBy(need, input) },
      isLast: () => careful || isOver() || Date.now() >= endsAtMs,
    })
  } finally {
    await windows.return(undefined)
  }
}
