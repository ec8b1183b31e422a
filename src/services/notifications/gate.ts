import {
  atOnce,
  atOnceFirst,
  type Endpoint,
  expectedMs,
  type Group,
  isFast,
  isSlow,
  isTrouble,
  learn,
  newEndpoint,
  silentMs,
  slowMs,
  type Waiter,
} from './endpoint.ts'

/** Leave to call, to be ended with how it went, undefined where that is unknown; or when to come back. */
export type Pass = { readonly end: (ok: boolean | undefined) => void } | Away

/** In how many seconds to come back, and how many seconds later each one more. */
export interface Away {
  readonly afterSeconds: number
  readonly stepSeconds: number
}

const mostEndpoints = 10_000
/** Whoever would wait longer comes back later. */
const longestWaitMs = 500
/** A call that fails counts as one that took so long, when the next is to come. */
const failingMs = 100
/** Unless it answers before: by then its first calls have failed, or their time is over. */
const firstAwayMs = 20_000
/** Between those that come back to a receiver that could not be called at all: one shows whether it answers. */
const unaskedStepMs = 250
/** Who comes back later does so by then. */
export const longestAwaySeconds = 300
/** So many wait for others, with their bodies. */
const mostWaiting = 512
/** So many of them at a receiver that has not answered yet. */
const mostWaitingFirst = 128
/** A receiver is filled up when less than half of what may wait there does so, or less than this. */
const fewWaiting = 32
/** So many more, at a fast receiver, may be made due at once: they wait for it, and claims for them. */
const mostComing = 2_048
/** Who does not ask by then asks elsewhere, or much later. */
const comingMs = 500
const atOnceFailing = 2
/** To one that answers, in more than two seconds. */
const atOnceSlow = 16
/** Between two looks for receivers that nobody calls any more. */
const forgetsAfterMs = 1_000

export type Gate = ReturnType<typeof createGate>

/**
 * Shares the room for calls between receivers: dead or slow ones, hundreds too, hold up nobody but themselves.
 * @param onRoom called after each call to a receiver that can take more; `isNews`: it could take none or few before.
 */
export const createGate = (
  onRoom: (name: string, isNews: boolean) => void,
  now: () => number = () => performance.now(),
) => {
  const endpoints = new Map<string, Endpoint>()
  const unknown: Group = { each: atOnceFirst, many: 128, most: 1_024, running: 0 }
  const failing: Group = { each: atOnceFailing, many: 128, most: 512, running: 0 }
  const slow: Group = { each: atOnceSlow, many: 128, most: 512, running: 0 }
  const well: Group = { each: atOnce, many: 1_024, most: 2_048, running: 0 }
  /** Receivers that are called at this moment. */
  let called = 0
  /** Those with somebody waiting. */
  const busy = new Set<Endpoint>()
  let forgotMs = Number.NEGATIVE_INFINITY

  const forgetIdle = (): void => {
    if (now() - forgotMs < forgetsAfterMs) return
    forgotMs = now()
    for (const [name, { running, usedAtMs }] of endpoints)
      if (running.length === 0 && now() - usedAtMs > 600_000) endpoints.delete(name)
  }

  const endpointOf = (name: string): Endpoint => {
    const known = endpoints.get(name)
    if (known !== undefined) return known
    if (endpoints.size >= mostEndpoints) forgetIdle()
    const made = newEndpoint(name, now())
    endpoints.set(name, made)
    return made
  }

  const groupOf = (endpoint: Endpoint): Group => {
    if (isTrouble(endpoint, now())) return isSlow(endpoint) ? slow : failing
    if (endpoint.usualMs !== undefined) return well
    return endpoint.isDoubted ? failing : unknown
  }

  /** Of calls to one that is well. From many on each has a part of the most, and beyond that one: they may begin to hang together. */
  const share = (): number => {
    const { each, many, most, running } = well
    if (running < many) return each
    if (running >= most) return 1
    return Math.min(each, Math.max(1, Math.floor(most / called)))
  }

  const mostCalls = (endpoint: Endpoint): number => {
    const group = groupOf(endpoint)
    if (group === well) return Math.min(endpoint.calls, share())
    if (group.running >= group.most) return 0
    return group.running < group.many ? group.each : 1
  }

  /** Between two calls to one that is in trouble. */
  const stepMsAt = (endpoint: Endpoint): number =>
    Math.max(expectedMs(endpoint, now()), failingMs) / groupOf(endpoint).each

  /**
   * Whether those that failed before take all there is: else the ninth retry, which tells what is to become of all the
   * others, would have its turn among them, in weeks.
   */
  const isForRetries = (endpoint: Endpoint): boolean =>
    groupOf(endpoint) === failing && endpoint.nextRetryMs + stepMsAt(endpoint) > now()

  const freeCalls = (endpoint: Endpoint): number => Math.max(0, mostCalls(endpoint) - endpoint.running.length)

  /** The next place in a line: behind its last, not before so long, a step later. */
  const nextIn = (
    endpoint: Endpoint,
    line: 'nextAtMs' | 'nextRetryMs',
    { awayMs, stepMs }: { readonly awayMs: number; readonly stepMs: number },
  ): Away => {
    const nowMs = now()
    const nextMs = Math.max(endpoint[line], nowMs + awayMs) + stepMs
    endpoint[line] = Math.min(nextMs, nowMs + longestAwaySeconds * 1_000)
    return { afterSeconds: (endpoint[line] - nowMs) / 1_000, stepSeconds: stepMs / 1_000 }
  }

  /**
   * Comes back when its turn may be; where nothing has been answered yet, when it has shown whether anything will; where
   * nothing could be asked for others like it, when some of those have ended.
   */
  const later = (endpoint: Endpoint): Away => {
    const nowMs = now()
    const trouble = isTrouble(endpoint, nowMs)
    const isNew = endpoint.usualMs === undefined
    const isUnasked = isNew && endpoint.running.length === 0
    const shownMs = (isNew && !isUnasked ? firstAwayMs : slowMs) - silentMs(endpoint, nowMs)
    const awayMs = trouble ? longestWaitMs : Math.max(shownMs, longestWaitMs)
    const wellStepMs = isUnasked ? unaskedStepMs : 1
    return nextIn(endpoint, 'nextAtMs', { awayMs, stepMs: trouble ? stepMsAt(endpoint) : wellStepMs })
  }

  const take = (endpoint: Endpoint, count: number): readonly Waiter[] => {
    const taken = endpoint.waiting.splice(0, count)
    if (endpoint.waiting.length === 0) busy.delete(endpoint)
    return taken
  }

  const sendAway = (endpoint: Endpoint, count: number): void => {
    for (const { resolve } of take(endpoint, count)) resolve(later(endpoint))
  }

  const letNext = (endpoint: Endpoint): void => {
    if (endpoint.waiting.length === 0) return
    if (isTrouble(endpoint, now())) sendAway(endpoint, endpoint.waiting.length)
    else for (const { resolve } of take(endpoint, freeCalls(endpoint))) resolve(start(endpoint))
  }

  /** So many wait no longer than they may. */
  const mostThere = (endpoint: Endpoint): number =>
    Math.min(Math.floor((longestWaitMs * share()) / expectedMs(endpoint, now())), mostWaiting)

  /** Fast ones do not count: who waits there has its turn in a moment. */
  const waitingElsewhere = (): number => {
    let count = 0
    for (const endpoint of busy) if (!isFast(endpoint, now())) count += endpoint.waiting.length
    return count
  }

  const comingTo = (endpoint: Endpoint): number => {
    if (endpoint.coming > 0 && now() - endpoint.comingSinceMs > comingMs) endpoint.coming = 0
    return endpoint.coming
  }

  /** Of calls to one that is slow, but answers, or just failed: the next show whether it still is so. */
  const fewAt = (endpoint: Endpoint): number => {
    if (isForRetries(endpoint)) return 0
    return (endpoint.failures > 0 ? atOnceFailing : groupOf(endpoint).each) - endpoint.running.length
  }

  /** So many that ask would be let through, or may wait. */
  const roomAt = (endpoint: Endpoint): number => {
    const { waiting, usualMs, failures } = endpoint
    if (usualMs === undefined || failures > 2) return 0
    const there = waiting.length + comingTo(endpoint)
    const free = freeCalls(endpoint)
    if (failures > 0 || groupOf(endpoint) !== well)
      return Math.max(0, Math.min(fewAt(endpoint), free) - there)
    if (isFast(endpoint, now())) return there < mostComing / 2 ? mostComing - there : 0
    const most = mostThere(endpoint)
    if (there >= Math.min(fewWaiting, most / 2)) return 0
    return Math.max(0, Math.min(most, free + Math.max(0, mostWaiting - waitingElsewhere())) - there)
  }

  const start = (endpoint: Endpoint): Pass => {
    const { running } = endpoint
    const sinceMs = now()
    const group = groupOf(endpoint)
    if (running.length === 0) called += 1
    running.push(sinceMs)
    group.running += 1
    return {
      end: (ok) => {
        const wasWell = groupOf(endpoint) === well
        running.splice(running.indexOf(sinceMs), 1)
        group.running -= 1
        if (running.length === 0) called -= 1
        endpoint.usedAtMs = now()
        if (ok !== undefined) learn(endpoint, ok, sinceMs, endpoint.usedAtMs)
        const isNews = !wasWell && groupOf(endpoint) === well
        if (isNews) {
          endpoint.nextAtMs = 0
          endpoint.nextRetryMs = Number.NEGATIVE_INFINITY
        }
        letNext(endpoint)
        if (roomAt(endpoint) > 0) onRoom(endpoint.name, isNews)
      },
    }
  }

  /** One timer for all who wait at an endpoint: each waits equally long. */
  const watch = (endpoint: Endpoint): void => {
    const [oldest] = endpoint.waiting
    if (oldest === undefined || endpoint.timer !== undefined) return
    endpoint.timer = setTimeout(
      () => {
        endpoint.timer = undefined
        const nowMs = now()
        sendAway(endpoint, endpoint.waiting.filter(({ untilMs }) => untilMs <= nowMs).length)
        watch(endpoint)
      },
      Math.max(1, oldest.untilMs - now()),
    )
  }

  const wait = (endpoint: Endpoint): Promise<Pass> =>
    new Promise((resolve) => {
      endpoint.waiting.push({ resolve, untilMs: now() + longestWaitMs })
      busy.add(endpoint)
      watch(endpoint)
    })

  const mayWait = (endpoint: Endpoint): boolean => {
    if (isTrouble(endpoint, now())) return false
    if (isFast(endpoint, now())) return true
    if (endpoint.running.length === 0 || waitingElsewhere() >= mostWaiting) return false
    const most = endpoint.usualMs === undefined ? mostWaitingFirst : mostThere(endpoint)
    return endpoint.waiting.length < most
  }

  return {
    /**
     * Asks to call the receiver of that name.
     * @param before what became of it before: it failed, or found no room.
     */
    ask: (name: string, before?: 'failed' | 'put off'): Pass | Promise<Pass> => {
      const endpoint = endpointOf(name)
      if (before !== undefined) endpoint.isDoubted = true
      if (endpoint.coming > 0) endpoint.coming -= 1
      const isFree = endpoint.waiting.length === 0 && endpoint.running.length < mostCalls(endpoint)
      if (isFree && (before === 'failed' || !isForRetries(endpoint))) return start(endpoint)
      if (mayWait(endpoint)) return wait(endpoint)
      if (before !== 'failed' || groupOf(endpoint) !== failing) return later(endpoint)
      return nextIn(endpoint, 'nextRetryMs', { awayMs: longestWaitMs, stepMs: stepMsAt(endpoint) })
    },
    /** So many more are made due for the receiver of that name, and will ask; fewer where it is below zero. */
    expect: (name: string, count: number): void => {
      const endpoint = endpointOf(name)
      endpoint.coming = Math.max(0, comingTo(endpoint) + count)
      endpoint.comingSinceMs = now()
    },
    /** How many more the receiver of that name can take, beside those that wait or will ask; none before it has answered. */
    roomAt: (name: string): number => {
      const endpoint = endpoints.get(name)
      return endpoint === undefined ? 0 : roomAt(endpoint)
    },
    /** How many wait for leave that comes in a moment. */
    waiting: (): number => {
      const nowMs = now()
      let soon = 0
      for (const endpoint of busy) if (isFast(endpoint, nowMs)) soon += endpoint.waiting.length
      return soon
    },
  }
}
