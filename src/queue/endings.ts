import type { Lease } from './claim.ts'
import type { SettlementOf } from './settle.ts'

/** So that many are written together: nobody waits for it. */
const flushAfterMs = 30
const retryAfterMs = 500
const atOnce = 1_000

export interface EndingsNeeds {
  /** Writes them in one transaction. @returns those that ended. */
  readonly settle: (ends: readonly SettlementOf<object>[]) => Promise<ReadonlySet<Lease>>
  /** So many are written without waiting for more. */
  readonly enough: number
  /** Called with how many had been taken over. */
  readonly onLost: (count: number) => void
  readonly onError: (error: unknown) => void
}

export type Endings = ReturnType<typeof createEndings>

/** Collects the ends of one table's leases and writes many in one statement. */
export const createEndings = ({ settle, enough, onLost, onError }: EndingsNeeds) => {
  let waiting: SettlementOf<object>[] = []
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> | undefined
  /** The last attempt failed: the next comes in its time. */
  let resting = false

  const write = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, atOnce)
      waiting = waiting.slice(atOnce)
      try {
        const ended = await settle(batch)
        onLost(batch.length - ended.size)
      } catch (error) {
        waiting = [...batch, ...waiting]
        resting = true
        onError(error)
        schedule(retryAfterMs)
        return
      }
    }
  }

  const flush = (): Promise<void> => {
    writing ??= write().finally(() => {
      writing = undefined
    })
    return writing
  }

  const schedule = (afterMs: number): void => {
    timer ??= setTimeout(() => {
      timer = undefined
      resting = false
      void flush()
    }, afterMs)
  }

  return {
    add: (settlement: SettlementOf<object>): void => {
      waiting.push(settlement)
      if (waiting.length >= enough && !resting) void flush()
      else schedule(flushAfterMs)
    },
    /** Writes what waits, now. Does not throw: what cannot be written is tried again while the worker runs. */
    flush,
    /** Writes what waits one last time; what cannot be written ends by its time limit and is done again. */
    close: async (): Promise<void> => {
      await flush()
      clearTimeout(timer)
      timer = undefined
    },
  }
}
