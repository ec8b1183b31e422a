import { createBag } from './bag.ts'

/** Watches the time limits of many waits with one timer. */
export interface TimeLimits {
  /**
   * Calls `onOver` when `ms` are over, up to a tenth of a second late; short limits are kept to the millisecond.
   * @returns what ends the watch; must be called when the wait is over.
   */
  watch(ms: number, onOver: () => void): () => void
}

interface Limit {
  readonly endsAtMs: number
  readonly onOver: () => void
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
      slot.item.onOver()
    }
  }

  return {
    watch: (ms, onOver) => {
      if (ms < exactBelowMs) {
        const own = setTimeout(onOver, ms)
        return () => clearTimeout(own)
      }
      const slot = limits.add({ endsAtMs: performance.now() + ms, onOver })
      timer ??= setInterval(sweep, sweepEveryMs).unref()
      return () => limits.remove(slot)
    },
  }
}
