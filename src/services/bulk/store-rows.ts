import type { TablePosition, TableRow } from '#src/lib/table-file/table-row.ts'
import { LeaseLost } from '#src/queue/index.ts'
import type { BulkChange, BulkJobRow } from '#src/store/index.ts'
import { shortList } from '../objects/index.ts'
import type { BulkNeed } from './need.ts'
import type { RowEnd } from './send-rows.ts'
import type { Sending, UploadCheckpoint } from './upload-asked.ts'
import type { UploadInput } from './upload-input.ts'

/** Rows of a file that go together. */
export interface UploadWindow {
  /** Where they begin; null: at the beginning of the file. */
  readonly from: TablePosition | null
  readonly next: TablePosition
  readonly rows: readonly TableRow[]
  /** Rows from there on that were handled before, those behind these among them. */
  readonly done: readonly number[]
  /** Those behind these alone. */
  readonly later: readonly number[]
}

const mostIgnored = 100

/** How many rows there will be, going by the bytes that were read. */
const expectedBy = ({ bytes }: BulkJobRow, { row, at }: TablePosition): number | null =>
  at === 0 || bytes === 0 ? null : Math.max(row, Math.round((row * bytes) / at))

/**
 * Stores what becomes of rows. Every statement is fenced by the lease of the job: a process that lost it neither sends
 * another row nor counts one.
 */
export const createStoreRows = (
  { store }: Pick<BulkNeed, 'store'>,
  { job, claim, resource }: UploadInput,
) => {
  const before = job.sending as Sending | null
  /** Rows that may have been sent before this step, and are not handled yet. */
  const doubtful = new Set(before?.rows ?? [])
  let ignored = (job.checkpoint as UploadCheckpoint).ignored

  const change = async (inside: Pick<typeof store, 'bulkJobs'>, what: BulkChange): Promise<void> => {
    if (!(await inside.bulkJobs.change(job, what, claim.token))) throw new LeaseLost(claim)
  }

  const locked = async (inside: Pick<typeof store, 'bulkJobs'>): Promise<BulkJobRow> => {
    const now = await inside.bulkJobs.lock(job)
    if (now === undefined) throw new LeaseLost(claim)
    return now
  }

  const messageOf = (): string | null => (ignored.length === 0 ? null : `ignored: ${shortList(ignored)}`)

  /** @param sent rows that this process sent or is about to send. */
  const sendingOf = (sent: readonly number[]): Sending | null => {
    const rows = [...new Set([...doubtful, ...sent])]
    if (rows.length === 0) return null
    const at = new Date().toISOString()
    return sent.length === 0 && before !== null ? { ...before, rows } : { rows, at }
  }

  const rowsOf = (window: UploadWindow | undefined): readonly number[] =>
    resource === undefined ? [] : (window?.rows ?? []).map(({ row }) => row)

  const noteIgnored = (ends: readonly RowEnd[]): void => {
    const more = ends.flatMap((end) => (end.kind === 'done' ? end.ignored : []))
    if (more.length > 0) ignored = [...new Set([...ignored, ...more])].slice(0, mostIgnored)
  }

  return {
    /** What is known of a row that may have been sent before; undefined: it was not. */
    doubtOf: (row: number): Sending | undefined =>
      before !== null && doubtful.has(row) ? before : undefined,
    /** Notes when rows were found that had been cut off. */
    found: async (): Promise<void> => {
      if (before === null || before.foundAt !== undefined) return
      await change(store, { sending: { ...before, foundAt: new Date().toISOString() } satisfies Sending })
    },
    /** Notes rows before they are sent. @returns false: the job has ended meanwhile. */
    note: (window: UploadWindow): Promise<boolean> =>
      store.transaction(async (inside) => {
        const now = await locked(inside)
        if (now.finishedAt !== null) return false
        await change(inside, { sending: sendingOf(rowsOf(window)) })
        return true
      }),
    /**
     * Stores what became of a window's rows and where the job goes on, and notes those that are sent next.
     * @returns false: the job has ended meanwhile, and nothing more is sent.
     */
    ended: async (
      window: UploadWindow,
      ends: readonly RowEnd[],
      next: UploadWindow | undefined,
    ): Promise<boolean> => {
      noteIgnored(ends)
      const waiting = ends.filter((end) => end.kind === 'waits')
      const over = ends.filter((end) => end.kind !== 'waits')
      const errors = ends.flatMap((end) => (end.kind === 'failed' ? [end.error] : []))
      for (const { row } of over) doubtful.delete(row)
      const sent = waiting.flatMap((end) => (end.sent ? [end.row] : []))
      const checkpoint: UploadCheckpoint =
        waiting.length === 0
          ? { from: window.next, done: window.later, ignored }
          : { from: window.from, done: [...window.done, ...over.map(({ row }) => row)], ignored }
      const isWell = over.some((end) => end.kind === 'done' || end.trouble === undefined)
      const isOn = await store.bulkUploads.store(
        job,
        {
          checkpoint,
          sending: sendingOf([...sent, ...rowsOf(next)]),
          sendingWhenOver: sendingOf(sent),
          handled: over.length,
          errors,
          expected: expectedBy(job, window.next),
          isWell,
          message: messageOf(),
        },
        claim.token,
      )
      if (isOn === undefined) throw new LeaseLost(claim)
      return isOn
    },
  }
}

export type StoreRows = ReturnType<typeof createStoreRows>
