import { setTimeout as sleep } from 'node:timers/promises'
import type { SettlementOf, WrittenEnds } from './settle.ts'

/** So that many are written together: nobody waits for it. */
const flushAfterMs = 30
const retryAfterMs = 500
/** What was locked is tried again. */
const busyAfterMs = 250
/** So often also at the end: what is not written is done again by somebody else. */
const mostLastTries = 8
const atOnce = 1_000

type End = SettlementOf<object>

export interface EndingsNeeds {
  /** Writes them in one transaction. */
  readonly settle: (ends: readonly End[]) => Promise<WrittenEnds>
  /** So many are written without waiting for more. */
  readonly enough: number
  /** Called after each transaction, with how many had been taken over. */
  readonly onWritten: (lost: number) => void
  readonly onError: (error: unknown) => void
}

export type Endings = ReturnType<typeof createEndings>

/**
 * Collects the ends of one table's leases and writes many in one statement. What is busy stands apart, so that no other
 * end waits for it.
 */
export const createEndings = ({ settle, enough, onWritten, onError }: EndingsNeeds) => {
  let waiting: End[] = []
  /** In the transaction that runs. */
  let batch: readonly End[] = []
  let busy: End[] = []
  let timer: NodeJS.Timeout | undefined
  let busyTimer: NodeJS.Timeout | undefined
  let writing: Promise<void> | undefined
  /** The last attempt failed: the next comes in its time. */
  let resting = false

  const settleBatch = async (): Promise<void> => {
    const result = await settle(batch)
    const again = result.busy === undefined ? [] : batch.filter(({ lease }) => result.busy?.has(lease))
    const lost = batch.length - result.ended.size - again.length
    batch = []
    if (again.length > 0) {
      busy = [...busy, ...again]
      busyTimer ??= setTimeout(tryBusy, busyAfterMs)
    }
    onWritten(lost)
  }

  const write = async (): Promise<void> => {
    while (waiting.length > 0) {
      batch = waiting.slice(0, atOnce)
      waiting = waiting.slice(atOnce)
      try {
        await settleBatch()
      } catch (error) {
        waiting = [...batch, ...waiting]
        batch = []
        resting = true
        onError(error)
        schedule(retryAfterMs)
        return
      }
    }
  }

  const begin = (): Promise<void> => {
    writing ??= write().finally(() => {
      writing = undefined
    })
    return writing
  }

  const schedule = (afterMs: number): void => {
    timer ??= setTimeout(() => {
      timer = undefined
      resting = false
      void begin()
    }, afterMs)
  }

  const takeBusy = (): void => {
    clearTimeout(busyTimer)
    busyTimer = undefined
    waiting = [...busy, ...waiting]
    busy = []
  }

  const tryBusy = (): void => {
    takeBusy()
    if (!resting) void begin()
  }

  const flush = (): Promise<void> => {
    takeBusy()
    return begin()
  }

  return {
    add: (settlement: End): void => {
      waiting.push(settlement)
      if (waiting.length >= enough && !resting) void begin()
      else schedule(flushAfterMs)
    },
    /** How many are to be written, and how many of what was locked are tried again in a moment. */
    counts: () => ({ waiting: waiting.length + batch.length, busy: busy.length }),
    /** Whose leases must stand: all that are not written. */
    unwritten: (): readonly End[] => [...busy, ...batch, ...waiting],
    /**
     * Writes what waits, now, and tries again what was locked. Does not throw: what cannot be written is tried again
     * while the worker runs.
     */
    flush,
    /** Writes what waits one last time; what cannot be written ends by its time limit and is done again. */
    close: async (): Promise<void> => {
      await flush()
      for (let tries = 1; tries < mostLastTries && busy.length > 0; tries += 1) {
        await sleep(busyAfterMs)
        await flush()
      }
      clearTimeout(timer)
      timer = undefined
      clearTimeout(busyTimer)
      busyTimer = undefined
    },
  }
}
