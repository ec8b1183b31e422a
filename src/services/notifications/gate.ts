/** Leave to call, to be ended with how it went; or how many seconds to come back after. */
export type Pass = { readonly end: (ok: boolean) => void } | { readonly afterSeconds: number }

interface Waiter {
  readonly resolve: (pass: Pass) => void
  readonly untilMs: number
}

/** What is known of one receiver of calls. */
interface Endpoint {
  /** When each call that runs began, oldest first. */
  readonly running: number[]
  /** Oldest first. */
  waiting: Waiter[]
  /** Ends waits that last too long. */
  timer: NodeJS.Timeout | undefined
  /** How long calls took of late. */
  usualMs: number
  /** Failures in a row. */
  failures: number
  /** When the next call that cannot run now should come back. */
  nextAtMs: number
  usedAtMs: number
}

/** So many calls to a receiver at once; to one that fails or is slow only a few, so that others have room. */
const atOnce = 64
const atOnceFailing = 2
const slowMs = 2_000
const mostEndpoints = 10_000
/** Whoever would wait longer comes back later. */
const longestWaitMs = 500

export type Gate = ReturnType<typeof createGate>

/** Shares the room for calls between receivers: a dead or slow one holds up nobody but itself. */
export const createGate = (now: () => number = () => performance.now()) => {
  const endpoints = new Map<string, Endpoint>()
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
      running: [],
      waiting: [],
      timer: undefined,
      usualMs: 0,
      failures: 0,
      nextAtMs: 0,
      usedAtMs: now(),
    }
    endpoints.set(name, made)
    return made
  }

  /** How long a call takes now: as usual, or as long as the oldest that still runs. */
  const expectedMs = ({ running, usualMs }: Endpoint): number => {
    const [oldest] = running
    return Math.max(usualMs, oldest === undefined ? 0 : now() - oldest, 1)
  }

  const isTrouble = (endpoint: Endpoint): boolean => endpoint.failures > 2 || expectedMs(endpoint) > slowMs

  /** Comes back when its turn may be. */
  const later = (endpoint: Endpoint): Pass => {
    const stepMs = expectedMs(endpoint) / (isTrouble(endpoint) ? atOnceFailing : atOnce)
    endpoint.nextAtMs = Math.max(endpoint.nextAtMs, now() + longestWaitMs) + stepMs
    return { afterSeconds: (endpoint.nextAtMs - now()) / 1_000 }
  }

  const letNext = (endpoint: Endpoint): void => {
    const { waiting } = endpoint
    if (waiting.length === 0) return
    if (isTrouble(endpoint)) {
      endpoint.waiting = []
      waitingInAll -= waiting.length
      for (const { resolve } of waiting) resolve(later(endpoint))
    } else if (endpoint.running.length < atOnce) {
      waitingInAll -= 1
      waiting.shift()?.resolve(start(endpoint))
    }
  }

  const start = (endpoint: Endpoint): Pass => {
    const { running } = endpoint
    const sinceMs = now()
    running.push(sinceMs)
    return {
      end: (ok) => {
        running.splice(running.indexOf(sinceMs), 1)
        const endedMs = now()
        endpoint.usedAtMs = endedMs
        endpoint.usualMs = endpoint.usualMs * 0.8 + (endedMs - sinceMs) * 0.2
        endpoint.failures = ok ? 0 : endpoint.failures + 1
        letNext(endpoint)
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
        const over = endpoint.waiting.filter(({ untilMs }) => untilMs <= nowMs)
        endpoint.waiting = endpoint.waiting.slice(over.length)
        waitingInAll -= over.length
        for (const { resolve } of over) resolve(later(endpoint))
        watch(endpoint)
      },
      Math.max(1, oldest.untilMs - now()),
    )
  }

  const wait = (endpoint: Endpoint): Promise<Pass> =>
    new Promise((resolve) => {
      endpoint.waiting.push({ resolve, untilMs: now() + longestWaitMs })
      waitingInAll += 1
      watch(endpoint)
    })

  return {
    /** Asks to call the receiver of that name. */
    ask: (name: string): Pass | Promise<Pass> => {
      const endpoint = endpointOf(name)
      const trouble = isTrouble(endpoint)
      if (endpoint.running.length < (trouble ? atOnceFailing : atOnce) && endpoint.waiting.length === 0)
        return start(endpoint)
      const waitMs = (expectedMs(endpoint) * (endpoint.waiting.length + 1)) / atOnce
      return trouble || waitMs > longestWaitMs ? later(endpoint) : wait(endpoint)
    },
    /** How many wait for leave. */
    waiting: (): number => waitingInAll,
  }
}
