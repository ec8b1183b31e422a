import type { Element, PublishedLimit } from '#src/element/index.ts'
import { createClockCache } from '#src/lib/clock-cache.ts'
import { AppError } from '#src/lib/errors.ts'
import { andThen, type Later } from '#src/lib/later.ts'
import { createPace, type Pace } from './pace.ts'
import { type Counted, createServiceFinder, type ServiceFinder } from './services.ts'
import { type BudgetShares, createSharedBudget, type SharedBudget } from './shared-budget.ts'
import { withinDeadline } from './within.ts'

/** One request's place among all that the vendor counts together with it. */
export interface Turn {
  /**
   * Milliseconds to wait, then to be asked again; 0: it may be sent now. Asked before each attempt.
   * @throws AppError `provider-rate-limited` with `retryAfterSeconds` where its turn comes after its deadline.
   */
  readonly next: () => Later<number>
  /** The vendor answered that the limit is reached. @param retryAfterSeconds as it says; undefined: it does not. */
  readonly limited: (retryAfterSeconds: number | undefined) => void
  /** After how many seconds another request may be worth while, at least 1. */
  readonly retryAfterSeconds: () => number
}

/** Of a connection, what counts its calls. */
export interface Counting {
  readonly organizationId: number
  readonly instanceId: number
  readonly element: Element
  /** In milliseconds since 1970. */
  readonly deadlineMs: number
  /** Nobody waits for its answer: it leaves a part of published limits to those who do. */
  readonly background?: boolean
}

type CountedRequest = { readonly method: string; readonly path: string }

const mostBudgets = 50_000
/** A vendor that refused nothing for so long is called as if it never had. */
const forgetPaceMs = 600_000
/** Nobody is turned away for longer on a vendor's word: after that one call finds out. */
const longestPauseSeconds = 3_600

/** The part of a published limit that work in the background takes at most, of calls that are counted together. */
const backgroundPart = 0.8

const withRoom = (limit: PublishedLimit): PublishedLimit => ({
  ...limit,
  calls: Math.max(1, Math.floor(limit.calls * backgroundPart)),
})

const words = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`

const tooMany = (element: Element, { service }: Counted, waitMs: number): AppError => {
  const seconds = Math.max(1, Math.ceil(waitMs / 1_000))
  const { limit } = service
  const why =
    limit === undefined
      ? `${element.title} limits these calls, and others wait already.`
      : `${element.title} takes no more than ${limit.calls} such calls in ${words(limit.seconds, 'second')} of one ${limit.per}.`
  return new AppError(
    'provider-rate-limited',
    `${why} The next is free in about ${words(seconds, 'second')}: send it again then.`,
    { hop: 'amalgam', retryable: true, retryAfterSeconds: seconds },
  )
}

const pauseMsOf = (retryAfterSeconds = 0): number => Math.min(longestPauseSeconds, retryAfterSeconds) * 1_000

/** The turn of a request to a service whose limit nobody published. Unlimited until a limit answer comes. */
const pacedTurn = (
  paces: { readonly get: () => Pace | undefined; readonly keep: () => Pace },
  now: () => number,
  refuseAfter: (waitMs: number) => number,
): Turn => {
  let placeAtMs: number | undefined
  let sentAtMs = now()
  return {
    next: () => {
      const pace = paces.get()
      const nowMs = now()
      sentAtMs = nowMs
      if (pace === undefined) return 0
      // What the vendor asked for since then holds for those who waited, too.
      if (placeAtMs === undefined || pace.pausedUntil() > nowMs) {
        refuseAfter(pace.freeAt(nowMs) - nowMs)
        placeAtMs = pace.take(nowMs)
      }
      if (placeAtMs > nowMs) return placeAtMs - nowMs
      placeAtMs = undefined
      return 0
    },
    limited: (seconds) => paces.keep().slow(now(), sentAtMs, pauseMsOf(seconds)),
    retryAfterSeconds: () => {
      const nowMs = now()
      return Math.max(1, Math.ceil(((paces.get()?.freeAt(nowMs) ?? nowMs) - nowMs) / 1_000))
    },
  }
}

const counting = 'to count the call'

const sharedTurn = (
  budget: SharedBudget,
  deadlineMs: number,
  now: () => number,
  refuseAfter: (waitMs: number) => number,
): Turn => {
  let sentAtMs = now()
  const passed = (waitMs: number): number => {
    sentAtMs = now()
    return waitMs === 0 ? 0 : refuseAfter(waitMs)
  }
  return {
    next: () => andThen(withinDeadline(budget.next(), deadlineMs, counting), passed),
    limited: (seconds) => budget.slow(now(), sentAtMs, pauseMsOf(seconds)),
    retryAfterSeconds: () => Math.max(1, Math.ceil(budget.freeIn(now()) / 1_000)),
  }
}

/**
 * How many calls each service of a vendor takes from each instance. Published limits are counted in the database, for
 * all processes; the pace of other services is this process's own.
 * @param now milliseconds of a steady clock.
 */
export const createBudgets = (shares: BudgetShares, now: () => number = () => performance.now()) => {
  const finders = new WeakMap<Element['vendor'], ServiceFinder>()
  const paces = createClockCache<string, Pace>({ capacity: mostBudgets, ttlMs: forgetPaceMs, now })
  const shared = createClockCache<string, SharedBudget>({ capacity: mostBudgets })

  const finderOf = ({ vendor }: Element): ServiceFinder => {
    const known = finders.get(vendor)
    if (known !== undefined) return known
    const made = createServiceFinder(vendor.services ?? [])
    finders.set(vendor, made)
    return made
  }

  const sharedOf = (connection: Counting, { service, user }: Counted, plainName: string) => {
    const { organizationId, instanceId, background = false } = connection
    const name = background ? `${plainName}/background` : plainName
    const known = shared.get(name)
    if (known !== undefined || service.limit === undefined) return known
    const key = { organizationId, instanceId, service: service.key, about: user }
    const made = createSharedBudget(shares, key, background ? withRoom(service.limit) : service.limit, now)
    shared.set(name, made)
    return made
  }

  const pacesOf = (name: string) => ({
    get: (): Pace | undefined => (paces.size === 0 ? undefined : paces.get(name)),
    keep: (): Pace => {
      const pace = paces.get(name) ?? createPace()
      paces.set(name, pace)
      return pace
    },
  })

  return {
    /** The turn of one request, over all its attempts. @param deadlineMs in milliseconds since 1970. */
    turnOf: (
      connection: Counting,
      request: CountedRequest,
      deadlineMs: number = connection.deadlineMs,
    ): Turn => {
      const { organizationId, instanceId, element } = connection
      const counted = finderOf(element)(request.method, request.path)
      const name = `${organizationId}/${instanceId}/${counted.service.key}/${counted.user}`
      const refuseAfter = (waitMs: number): number => {
        if (Date.now() + waitMs >= deadlineMs) throw tooMany(element, counted, waitMs)
        return waitMs
      }
      const budget = sharedOf(connection, counted, name)
      return budget === undefined
        ? pacedTurn(pacesOf(name), now, refuseAfter)
        : sharedTurn(budget, deadlineMs, now, refuseAfter)
    },
  }
}

export type Budgets = ReturnType<typeof createBudgets>
