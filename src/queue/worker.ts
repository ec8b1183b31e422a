import type { Database } from '#src/store/index.ts'
import type { HandlingCounts } from './handling.ts'
import type { AnyJob } from './job.ts'
import { createLane } from './lane.ts'
import type { Presence } from './presence.ts'
import { dueChannel } from './wake.ts'

export interface WorkerNeeds {
  readonly db: Database
  readonly jobs: readonly AnyJob[]
  readonly presence: Pick<Presence, 'owner' | 'isComingBack'>
  readonly onError: (error: unknown, doing: string) => void
}

const defaultGraceMs = 5_000
const defaultDrainMs = 30_000

export type Worker = ReturnType<typeof createWorker>

/** Runs jobs on the rows that are due, one lane a table. */
export const createWorker = ({ db, jobs, presence, onError }: WorkerNeeds) => {
  const lanes = jobs.map((job) => createLane({ db, job, ...presence, onError }))
  let unlisten: (() => Promise<void>) | undefined

  const wakeNamed = (table: string): void => {
    for (const lane of lanes) if (lane.table.name === table) lane.wake()
  }
  const wakeAll = (): void => {
    for (const lane of lanes) lane.wake()
  }

  return {
    /** Listens for wake-ups and begins to claim. Throws when it cannot listen. */
    start: async (): Promise<void> => {
      unlisten ??= await db.listen(dueChannel, wakeNamed, wakeAll)
      for (const lane of lanes) lane.start()
    },
    /** Claims no more, waits up to `graceMs` for what runs, gives the rest back. */
    stop: async (graceMs = defaultGraceMs): Promise<void> => {
      await unlisten?.()
      unlisten = undefined
      await Promise.all(lanes.map((lane) => lane.stop(graceMs)))
    },
    /**
     * For tests: handles everything that is due now and what becomes due by it, whether started or not.
     * @throws Error when rows are still due after `withinMs`.
     */
    drain: async (withinMs = defaultDrainMs): Promise<void> => {
      await Promise.all(lanes.map((lane) => lane.drain(withinMs)))
    },
    /** By table, since the worker was made. */
    counts: (): Readonly<Record<string, HandlingCounts>> =>
      Object.fromEntries(lanes.map((lane) => [lane.table.name, lane.counts()])),
  }
}
