/** Leave to call, to be ended with how it went; or when to come back. */
export type Pass = { readonly end: (ok: boolean) => void } | Away

/** In how many seconds to come back, and how many seconds later each one more. */
export interface Away {
  readonly afterSeconds: number
  readonly stepSeconds: number
}

interface Waiter {
  readonly resolve: (pass: Pass) => void
  readonly untilMs: number
}

/** What is known of one receiver of calls. */
interface Endpoint {
  readonly name: string
  /** When each call that runs began, oldest first. */
  readonly running: number[]
  /** Oldest first. */
  readonly waiting: Waiter[]
  /** Ends waits that last too long. */
  timer: NodeJS.Timeout | undefined
  /** How long calls took of late; undefined until one has ended. */
  usualMs: number | undefined
  /** So many calls at once: more with each that went well. */
  calls: number
  /** Failures in a row. */
  failures: number
  /** When it last answered well. */
  okMs: number
  /** So many were made due for it and have not asked yet. */
  coming: number
  comingSinceMs: number
  /** When the next call that cannot run now should come back. */
  nextAtMs: number
  usedAtMs: number
}

/** Receivers of which nothing good is known, and the calls to all of them that run. */
interface Group {
  readonly each: number
  running: number
}

/** So many calls to a receiver at once; to one that fails or is slow only a few, so that others have room. */
const atOnce = 64
/** A receiver that has not answered yet may be one that hangs. */
const atOnceFirst = 8
const atOnceFailing = 2
/** So many calls at once to all that have not answered yet, and as many to all that fail or are slow. */
const atOnceInGroup = 512
/** From so many on one call each is enough to see who answers. */
const manyInGroup = 128
const slowMs = 2_000
/** A call that fails counts as one that took so long, when the next is to come. */
const failingMs = 100
const mostEndpoints = 10_000
/** Whoever would wait longer comes back later. */
const longestWaitMs = 500
/** Unless it answers before: by then its first calls have failed, or their time is over. */
const firstAwayMs = 20_000
/** Who comes back later does so by then. */
export const longestAwaySeconds = 300
/** A receiver that answers as fast is worth waiting for before more is claimed. */
const fastMs = 50
/** So many wait for others, with their bodies. */
const mostWaiting = 512
/** So many of them at a receiver that has not answered yet. */
const mostWaitingFirst = 128
/** A receiver is filled up when less than half of what may wait there does so, or less than this. */
const fewWaiting = 32
/** Who does not ask by then asks elsewhere, or much later. */
const comingMs = 2_000

export type Gate = ReturnType<typeof createGate>

/**
 * Shares the room for calls between receivers: dead or slow ones hold up nobody but themselves.
 * @param onRoom called after each call to a receiver that can take more.
 */
export const createGate = (onRoom: (name: string) => void, now: () => number = () => performance.now()) => {
  const endpoints = new Map<string, Endpoint>()
  const unknown: Group = { each: atOnceFirst, running: 0 }
  const failing: Group = { each: atOnceFailing, running: 0 }
  /** Those with somebody waiting. */
  const busy = new Set<Endpoint>()
  let waitingInAll = 0

  const forgetIdle = (): void => {
    for (const [name, { running, usedAtMs }] of endpoints)
      if (running.length === 0 && now() - usedAtMs > 600_000) endpoints.delete(name)
  }

  const endpointOf = (name: string): Endpoint => {
    const known = endpoints.get(name)
    if (known !== undefined) return known
    if (endpoints.size >= mostEndpoints) forgetIdle()
    const made: Endpoint = {
      name,
      running: [],
      waiting: [],
      timer: undefined,
      usualMs: undefined,
      calls: atOnceFirst,
      failures: 0,
      okMs: 0,
      coming: 0,
      comingSinceMs: 0,
      nextAtMs: 0,
      usedAtMs: now(),
    }
    endpoints.set(name, made)
    return made
  }

  /** How long it has been called without a good answer. */
  const silentMs = ({ running: [oldest], okMs }: Endpoint): number =>
    oldest === undefined ? 0 : now() - Math.max(oldest, okMs)

  /** How long a call takes now: as usual, or as long as nothing has come. */
  const expectedMs = (endpoint: Endpoint): number => Math.max(endpoint.usualMs ?? 0, silentMs(endpoint), 1)

  const isTrouble = (endpoint: Endpoint): boolean => endpoint.failures > 2 || expectedMs(endpoint) > slowMs

  /** Undefined for one that is well. */
  const groupOf = (endpoint: Endpoint): Group | undefined => {
    if (isTrouble(endpoint)) return failing
    return endpoint.usualMs === undefined ? unknown : undefined
  }

  const mostCalls = (endpoint: Endpoint): number => {
    const group = groupOf(endpoint)
    if (group === undefined) return endpoint.calls
    if (group.running >= atOnceInGroup) return 0
    return group.running < manyInGroup ? group.each : 1
  }

  /**
   * Comes back when its turn may be; where nothing has been answered yet, when it has shown whether anything will; where
   * nothing could be asked for others like it, when some of those have ended.
   */
  const later = (endpoint: Endpoint): Away => {
    const trouble = isTrouble(endpoint)
    const isAsked = endpoint.usualMs === undefined && endpoint.running.length > 0
    const shownMs = (isAsked ? firstAwayMs : slowMs) - silentMs(endpoint)
    const awayMs = trouble ? longestWaitMs : Math.max(shownMs, longestWaitMs)
    const stepMs = trouble ? Math.max(expectedMs(endpoint), failingMs) / atOnceFailing : 1
    const nowMs = now()
    const nextMs = Math.max(endpoint.nextAtMs, nowMs + awayMs) + stepMs
    endpoint.nextAtMs = Math.min(nextMs, nowMs + longestAwaySeconds * 1_000)
    return { afterSeconds: (endpoint.nextAtMs - nowMs) / 1_000, stepSeconds: stepMs / 1_000 }
  }

  const take = (endpoint: Endpoint, count: number): readonly Waiter[] => {
    const taken = endpoint.waiting.splice(0, count)
    waitingInAll -= taken.length
    if (endpoint.waiting.length === 0) busy.delete(endpoint)
    return taken
  }

  const sendAway = (endpoint: Endpoint, count: number): void => {
    for (const { resolve } of take(endpoint, count)) resolve(later(endpoint))
  }

  const letNext = (endpoint: Endpoint): void => {
    if (endpoint.waiting.length === 0) return
    if (isTrouble(endpoint)) sendAway(endpoint, endpoint.waiting.length)
    const room = Math.max(0, mostCalls(endpoint) - endpoint.running.length)
    for (const { resolve } of take(endpoint, room)) resolve(start(endpoint))
  }

  const learn = (endpoint: Endpoint, ok: boolean, ms: number): void => {
    const { usualMs } = endpoint
    endpoint.usualMs = usualMs === undefined ? ms : usualMs * 0.8 + ms * 0.2
    endpoint.failures = ok ? 0 : endpoint.failures + 1
    if (!ok) return
    endpoint.okMs = now()
    endpoint.calls = Math.min(atOnce, endpoint.calls + 1)
  }

  /** So many wait no longer than they may. */
  const mostThere = (endpoint: Endpoint): number =>
    Math.min(Math.floor((longestWaitMs * atOnce) / expectedMs(endpoint)), mostWaiting)

  const comingTo = (endpoint: Endpoint): number => {
    if (endpoint.coming > 0 && now() - endpoint.comingSinceMs > comingMs) endpoint.coming = 0
    return endpoint.coming
  }

  const roomAt = (endpoint: Endpoint): number => {
    const { running, waiting, usualMs, failures } = endpoint
    if (usualMs === undefined || failures > 2) return 0
    const there = waiting.length + comingTo(endpoint)
    // Slow, but it answers, or just failed: the next shows whether it still is so.
    if (failures > 0 || isTrouble(endpoint)) return Math.max(0, atOnceFailing - running.length - there)
    const most = mostThere(endpoint)
    return there < Math.min(fewWaiting, most / 2) ? most - there : 0
  }

  const start = (endpoint: Endpoint): Pass => {
    const { running } = endpoint
    const sinceMs = now()
    const group = groupOf(endpoint)
    running.push(sinceMs)
    if (group !== undefined) group.running += 1
    return {
      end: (ok) => {
        const wasTrouble = isTrouble(endpoint)
        running.splice(running.indexOf(sinceMs), 1)
        if (group !== undefined) group.running -= 1
        endpoint.usedAtMs = now()
        learn(endpoint, ok, endpoint.usedAtMs - sinceMs)
        if (wasTrouble && !isTrouble(endpoint)) endpoint.nextAtMs = 0
        letNext(endpoint)
        if (roomAt(endpoint) > 0) onRoom(endpoint.name)
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
      waitingInAll += 1
      watch(endpoint)
    })

  const isFast = (endpoint: Endpoint): boolean =>
    endpoint.usualMs !== undefined && expectedMs(endpoint) <= fastMs

  const mayWait = (endpoint: Endpoint): boolean => {
    if (isFast(endpoint)) return true
    if (waitingInAll >= mostWaiting || endpoint.running.length === 0) return false
    const most = endpoint.usualMs === undefined ? mostWaitingFirst : mostThere(endpoint)
    return endpoint.waiting.length < most
  }

  return {
    /** Asks to call the receiver of that name. */
    ask: (name: string): Pass | Promise<Pass> => {
      const endpoint = endpointOf(name)
      if (endpoint.coming > 0) endpoint.coming -= 1
      if (endpoint.running.length < mostCalls(endpoint) && endpoint.waiting.length === 0)
        return start(endpoint)
      return !isTrouble(endpoint) && mayWait(endpoint) ? wait(endpoint) : later(endpoint)
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
      let soon = 0
      for (const endpoint of busy) if (isFast(endpoint)) soon += endpoint.waiting.length
      return soon
    },
  }
}
