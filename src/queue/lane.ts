import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '#src/store/index.ts'
import { claimDue } from './claim.ts'
import type { DueTable } from './due-table.ts'
import { createHandling } from './handling.ts'
import type { AnyJob } from './job.ts'
import { countDue, msToNextDue } from './look.ts'
import { createPause } from './pause.ts'

export interface LaneNeeds {
  readonly db: Database
  readonly job: AnyJob
  readonly owner: () => number | null
  /** Whether a number is missed that will be there soon. */
  readonly isComingBack: () => boolean
  readonly onError: (error: unknown, doing: string) => void
}

/** Polling stands behind the wake-up, which may be lost. */
const longestPauseMs = 1_000
const defaultPauseMs = 10
const afterErrorMs = 1_000
const untilBackMs = 50
/** Who only waits for its turn may come to count less with time alone. */
const untilRoomMs = 50
const drainPauseMs = 20
/** Claimed first, and twice as many each time, while more is due: what becomes of the first shows in time for the next. */
const firstClaim = 64

export type Lane = ReturnType<typeof createLane>

/** Claims what is due in one table, as fast as the job keeps up, and sleeps until the next row is due. */
export const createLane = ({ db, job, owner, isComingBack, onError }: LaneNeeds) => {
  const { table } = job
  const pause = createPause()
  const room = createPause()
  let stopped = true
  let mostNext = firstClaim
  let loop: Promise<void> = Promise.resolve()
  const handling = createHandling({ db, job, owner, onRoom: room.cut, onError })

  const claimSome = async (limit: number): Promise<number> => {
    const under = owner()
    const sinceMs = performance.now()
    const claims = await claimDue<object, object>(db, table as DueTable<object>, limit, under)
    handling.take(claims, under, sinceMs)
    return claims.length
  }

  const untilNextDue = async (): Promise<void> => {
    const ms = (await msToNextDue(db, table)) ?? longestPauseMs
    if (!stopped && ms > 0) await pause.wait(Math.min(ms, longestPauseMs))
  }

  const step = async (): Promise<void> => {
    if (isComingBack()) {
      await pause.wait(untilBackMs)
      return
    }
    const limit = Math.min(handling.room(), mostNext)
    if (limit === 0) await room.wait(untilRoomMs)
    else {
      const found = await claimSome(limit)
      mostNext = found < limit ? firstClaim : limit * 2
      if (found < limit) await sleep(job.pauseMs ?? defaultPauseMs)
      if (found === 0) await untilNextDue()
    }
  }

  const run = async (): Promise<void> => {
    while (!stopped) {
      try {
        await step()
      } catch (error) {
        onError(error, `claiming from ${table.name}`)
        if (!stopped) await pause.wait(afterErrorMs)
      }
    }
  }

  return {
    table,
    counts: handling.counts,
    /** Something may be due: looks at once. */
    wake: pause.cut,
    start: (): void => {
      if (!stopped) return
      stopped = false
      loop = run()
    },
    stop: async (graceMs: number): Promise<void> => {
      stopped = true
      pause.cut()
      room.cut()
      await loop
      await handling.stop(graceMs)
    },
    /** Handles what is due until nothing is. @throws Error when that takes too long. */
    drain: async (withinMs: number): Promise<void> => {
      for (const giveUpAtMs = performance.now() + withinMs; ; ) {
        const found = await claimSome(Math.max(1, handling.room()))
        await handling.idle()
        const due = found > 0 ? found : await countDue(db, table)
        if (due === 0) return
        if (performance.now() > giveUpAtMs)
          throw new Error(`${table.name}: ${due} rows are still due after ${withinMs} ms`)
        if (found === 0) await sleep(drainPauseMs)
      }
    },
  }
}
