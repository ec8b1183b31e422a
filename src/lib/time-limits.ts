/** Whose time may be over. */
export interface Limited {
  over(): void
}

/** One watch. */
export interface TimeLimit {
  readonly limited: Limited
  readonly endsAtMs: number
  /** Where it lies among those that are looked at; -1 when it does not. */
  at: number
  timer: NodeJS.Timeout | undefined
}

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
 * second. It stops when it finds none. They lie in an array in no order (src/lib/bag.ts tells why).
 */
export const createTimeLimits = (): TimeLimits => {
  const limits: TimeLimit[] = []
  let timer: NodeJS.Timeout | undefined

  const remove = (limit: TimeLimit): void => {
    const { at } = limit
    if (at === -1) return
    limit.at = -1
    const last = limits.pop()
    if (last === undefined || last === limit) return
    last.at = at
    limits[at] = last
  }

  const sweep = (): void => {
    if (limits.length === 0) {
      clearInterval(timer)
      timer = undefined
      return
    }
    const now = performance.now()
    for (const limit of [...limits]) {
      // One that is over may have ended the watch of another.
      if (limit.at === -1 || limit.endsAtMs > now) continue
      remove(limit)
      limit.limited.over()
    }
  }

  return {
    watch: (ms, limited) => {
      const limit: TimeLimit = { limited, endsAtMs: performance.now() + ms, at: -1, timer: undefined }
      if (ms < exactBelowMs) limit.timer = setTimeout(() => limited.over(), ms)
      else {
        limit.at = limits.push(limit) - 1
        timer ??= setInterval(sweep, sweepEveryMs).unref()
      }
      return limit
    },
    end: (limit) => {
      if (limit.timer === undefined) remove(limit)
      else clearTimeout(limit.timer)
    },
  }
}
