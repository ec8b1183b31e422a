import type { PublishedLimit } from '#src/element/index.ts'

/** Whose calls of which service are counted together. */
export interface BudgetKey {
  readonly organizationId: number
  readonly instanceId: number
  readonly service: string
  /** The user, where the service counts by user; else empty. */
  readonly about: string
}

/** What a process asks for. */
export interface BudgetDemand {
  /** Most calls that may be taken at any moment. */
  readonly calls: number
  /** How long a taken call counts. */
  readonly holdSeconds: number
  /** Calls that are taken within so many seconds are counted as one entry, as of its end. */
  readonly slotSeconds: number
  readonly want: number
}

export interface BudgetShare {
  /** 0 to `want`. */
  readonly granted: number
  /** Until calls are free again, where none was granted. */
  readonly waitMs: number
}

/** Counts calls for all processes. */
export interface BudgetShares {
  /** Takes calls, in one statement. */
  readonly take: (key: BudgetKey, demand: BudgetDemand) => Promise<BudgetShare>
  /** No calls are granted for so long, to nobody. */
  readonly pause: (key: BudgetKey, seconds: number) => Promise<unknown>
}

/** Calls that this process took and must use in time. */
interface Lot {
  left: number
  readonly goodUntilMs: number
}

/** For vendors below so many calls a minute each call is asked for when it comes. */
const slowCallsPerMinute = 60
const slowUseWithinSeconds = 2
const mostUseWithinSeconds = 5
/** The part of the vendor's window within which calls are used; the longer, the less of the limit can be used. */
const useWithinPart = 1 / 12
/** Between our clock and the vendor's: two calls may come closer together than they were sent. */
const slackSeconds = 1
const slotsPerWindow = 100
const smallestWant = 8
/** A pause where the vendor named none; it doubles with each limit answer in a row. */
const firstPauseMs = 1_000
const longestPauseMs = 30_000
const forgetStrikesMs = 60_000
/** The database took longer than calls are good for: asking again at once would use up the limit for nothing. */
const tooLateAgainMs = 1_000

/**
 * This process's part of a published limit. Calls that were taken count for the vendor's window from the moment at
 * which they must be used, so that no window anywhere holds more than the limit, however many processes share it.
 * @param now milliseconds of a steady clock.
 */
export const createSharedBudget = (
  shares: BudgetShares,
  key: BudgetKey,
  { calls, seconds }: PublishedLimit,
  now: () => number,
) => {
  const isSlow = (calls * 60) / seconds < slowCallsPerMinute
  const longest = isSlow ? slowUseWithinSeconds : mostUseWithinSeconds
  const useWithin = Math.min(longest, Math.max(1, seconds * useWithinPart))
  const slotSeconds = Math.max(1, seconds / slotsPerWindow)
  const most = isSlow ? calls : Math.max(1, Math.floor((calls * useWithin) / seconds))
  let lots: Lot[] = []
  let running: Promise<void> | undefined
  let waiting = 0
  /** Used since calls were last taken. */
  let used = 0
  let emptyUntilMs = Number.NEGATIVE_INFINITY
  let pausedUntilMs = Number.NEGATIVE_INFINITY
  let strikes = 0
  let struckAtMs = Number.NEGATIVE_INFINITY

  const leftAt = (nowMs: number): number => {
    if (lots.some(({ left, goodUntilMs }) => left === 0 || goodUntilMs <= nowMs))
      lots = lots.filter(({ left, goodUntilMs }) => left > 0 && goodUntilMs > nowMs)
    return lots.reduce((sum, { left }) => sum + left, 0)
  }

  const takeShare = async (want: number): Promise<void> => {
    const askedAtMs = now()
    used = 0
    const { granted, waitMs } = await shares.take(key, {
      calls,
      holdSeconds: seconds + useWithin + slackSeconds,
      slotSeconds,
      want,
    })
    const nowMs = now()
    // Granted no earlier than it was asked for, so this is on the safe side.
    const goodUntilMs = askedAtMs + useWithin * 1_000
    if (granted === 0) emptyUntilMs = nowMs + Math.max(1, waitMs)
    else if (goodUntilMs > nowMs) lots.push({ left: granted, goodUntilMs })
    else emptyUntilMs = nowMs + tooLateAgainMs
  }

  const refill = (): Promise<void> => {
    const ahead = isSlow ? 0 : Math.max(smallestWant, 2 * used)
    running ??= takeShare(Math.max(1, Math.min(most, waiting + ahead))).finally(() => {
      running = undefined
    })
    return running
  }

  /** So that the next call finds some: off the call's way, which a failure of the database must not touch. */
  const refillAhead = (left: number): void => {
    if (isSlow || left > used || running !== undefined || emptyUntilMs > now()) return
    refill().catch(() => undefined)
  }

  /** Milliseconds to wait, 0 where a call was taken; undefined: the database must be asked. */
  const atHand = (): number | undefined => {
    const nowMs = now()
    if (pausedUntilMs > nowMs) return pausedUntilMs - nowMs
    const left = leftAt(nowMs)
    const [lot] = lots
    if (lot === undefined) return emptyUntilMs > nowMs ? emptyUntilMs - nowMs : undefined
    lot.left -= 1
    used += 1
    refillAhead(left - 1)
    return 0
  }

  const fetched = async (): Promise<number> => {
    waiting += 1
    try {
      for (;;) {
        await refill()
        const waitMs = atHand()
        if (waitMs !== undefined) return waitMs
      }
    } finally {
      waiting -= 1
    }
  }

  return {
    /** Milliseconds until a call may go, 0 for now: then one is taken. Ask again after the wait. */
    next: (): number | Promise<number> => atHand() ?? fetched(),
    /** Milliseconds until it is worth while to ask, as far as this process knows. */
    freeIn: (nowMs: number): number => Math.max(0, pausedUntilMs - nowMs, emptyUntilMs - nowMs),
    /** A limit answer: somebody else uses the vendor too. @param pauseMs what the vendor asks for; 0: it did not say. */
    slow: (nowMs: number, sentAtMs: number, pauseMs: number): void => {
      if (pauseMs === 0 && sentAtMs <= struckAtMs) return
      strikes = nowMs - struckAtMs > forgetStrikesMs ? 0 : strikes
      struckAtMs = nowMs
      const ms = pauseMs > 0 ? pauseMs : Math.min(longestPauseMs, firstPauseMs * 2 ** strikes)
      strikes += 1
      if (nowMs + ms <= pausedUntilMs) return
      pausedUntilMs = nowMs + ms
      shares.pause(key, ms / 1_000).catch(() => undefined)
    },
  }
}

export type SharedBudget = ReturnType<typeof createSharedBudget>
