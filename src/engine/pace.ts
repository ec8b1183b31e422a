/** Calls a second after the first limit answer: what was sent until then is not known. */
const firstRate = 10
/** However often a vendor refuses, so many calls a second are tried. */
const slowestRate = 1
const growEveryMs = 1_000
const growth = 1.1

/**
 * The pace of a service whose limit nobody published, from its first limit answer on. Each limit answer halves it,
 * unless it is about a call from before the last halving; each second in which calls had to wait and none was refused
 * lets it grow by a tenth. Times are milliseconds of one steady clock.
 */
export const createPace = () => {
  let rate = firstRate * 2
  let nextAtMs = Number.NEGATIVE_INFINITY
  let pausedUntilMs = Number.NEGATIVE_INFINITY
  let slowedAtMs = Number.NEGATIVE_INFINITY
  let grewAtMs = Number.NEGATIVE_INFINITY

  const grow = (nowMs: number): void => {
    if (nowMs - Math.max(grewAtMs, slowedAtMs) < growEveryMs) return
    grewAtMs = nowMs
    rate *= growth
  }

  const freeAt = (nowMs: number): number => Math.max(nowMs, nextAtMs, pausedUntilMs)

  return {
    /** Calls a second. */
    rate: (): number => rate,
    pausedUntil: (): number => pausedUntilMs,
    /** When a call that asks now could go. */
    freeAt,
    /** Takes the next place, which is the caller's. @returns when it is. */
    take: (nowMs: number): number => {
      const atMs = freeAt(nowMs)
      nextAtMs = atMs + 1_000 / rate
      if (atMs > nowMs) grow(nowMs)
      return atMs
    },
    /** A limit answer. @param pauseMs how long the vendor wants to be left alone; 0: it did not say. */
    slow: (nowMs: number, sentAtMs: number, pauseMs: number): void => {
      pausedUntilMs = Math.max(pausedUntilMs, nowMs + pauseMs)
      if (sentAtMs <= slowedAtMs) return
      slowedAtMs = nowMs
      rate = Math.max(slowestRate, rate / 2)
    },
  }
}

export type Pace = ReturnType<typeof createPace>
