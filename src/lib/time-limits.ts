import { createBag, type Slot } from './bag.ts'

/** Whose time may be over. */
export interface Limited {
  over(): void
}

interface Limit {
  readonly limited: Limited
  readonly endsAtMs: number
  /** Of a short one. */
  readonly timer: NodeJS.Timeout | undefined
}

/** One watch. */
export type TimeLimit = Slot<Limit>

/** Watches the time limits of many waits with one timer. */
export interface TimeLimits {
  /**
   * Calls `over` when `ms` are over, up to a tenth of a second late; short limits are kept to the millisecond.
   * @returns what is to be ended when the wait is over.
   */
  watch(ms: number, limited: Limited): TimeLimit
  /** Nothing when it has ended. */
  end(limit: TimeLimit): void
}

const sweepEveryMs = 100
/** Below this a tenth of a second would be noticed. */
const exactBelowMs = 2_000

/**
 * A timer for each wait costs more than all else that a short wait needs; one for all looks at them ten times a
 * second. It stops when it finds none.
 */
export const createTimeLimits = (): TimeLimits => {
  const limits = createBag<Limit>()
  let timer: NodeJS.Timeout | undefined

  const sweep = (): void => {
    if (limits.size === 0) {
      clearInterval(timer)
      timer = undefined
      return
    }
    const now = performance.now()
    for (const slot of limits.slots()) {
      // One that is over may have ended the watch of another.
      if (slot.at === -1 || slot.item.endsAtMs > now) continue
      limits.remove(slot)
      slot.item.limited.over()
    }
  }

  return {
    watch: (ms, limited) => {
      const endsAtMs = performance.now() + ms
      if (ms < exactBelowMs) {
        const own = setTimeout(() => limited.over(), ms)
        return { item: { limited, endsAtMs, timer: own }, at: -1 }
      }
      timer ??= setInterval(sweep, sweepEveryMs).unref()
      return limits.add({ limited, endsAtMs, timer: undefined })
    },
    end: (limit) => {
      limits.remove(limit)
      clearTimeout(limit.item.timer)
    },
  }
}
