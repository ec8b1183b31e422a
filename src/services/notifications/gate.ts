/** Leave to call, to be ended with how it went; or how many seconds to come back after. */
export type Pass = { readonly end: (ok: boolean) => void } | { readonly afterSeconds: number }

interface Waiter {
  readonly resolve: (pass: Pass) => void
  readonly timer: NodeJS.Timeout
}

/** What is known of one receiver of calls. */
interface Endpoint {
  /** When each call that runs began, oldest first. */
  readonly running: Set<{ readonly sinceMs: number }>
  readonly waiting: Set<Waiter>
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

  const forgetIdle = (): void => {
    for (const [name, { running, usedAtMs }] of endpoints)
      if (running.size === 0 && now() - usedAtMs > 600_000) endpoints.delete(name)
  }

  const endpointOf = (name: string): Endpoint => {
    const known = endpoints.get(name)
    if (known !== undefined) return known
    if (endpoints.size >= mostEndpoints) forgetIdle()
    const made: Endpoint = {
      running: new Set(),
      waiting: new Set(),
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
    return Math.max(usualMs, oldest === undefined ? 0 : now() - oldest.sinceMs, 1)
  }

  const isTrouble = (endpoint: Endpoint): boolean => endpoint.failures > 2 || expectedMs(endpoint) > slowMs

  /** Comes back when its turn may be. */
  const later = (endpoint: Endpoint): Pass => {
    const stepMs = expectedMs(endpoint) / (isTrouble(endpoint) ? atOnceFailing : atOnce)
    endpoint.nextAtMs = Math.max(endpoint.nextAtMs, now() + longestWaitMs) + stepMs
    return { afterSeconds: (endpoint.nextAtMs - now()) / 1_000 }
  }

  const take = (endpoint: Endpoint, waiter: Waiter): Waiter => {
    endpoint.waiting.delete(waiter)
    clearTimeout(waiter.timer)
    return waiter
  }

  const letNext = (endpoint: Endpoint): void => {
    const trouble = isTrouble(endpoint)
    for (const waiter of endpoint.waiting) {
      if (trouble) take(endpoint, waiter).resolve(later(endpoint))
      else if (endpoint.running.size < atOnce) take(endpoint, waiter).resolve(start(endpoint))
      else return
    }
  }

  const start = (endpoint: Endpoint): Pass => {
    const mine = { sinceMs: now() }
    endpoint.running.add(mine)
    return {
      end: (ok) => {
        endpoint.running.delete(mine)
        endpoint.usedAtMs = now()
        endpoint.usualMs = endpoint.usualMs * 0.8 + (now() - mine.sinceMs) * 0.2
        endpoint.failures = ok ? 0 : endpoint.failures + 1
        letNext(endpoint)
      },
    }
  }

  const wait = (endpoint: Endpoint): Promise<Pass> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => {
        endpoint.waiting.delete(waiter)
        resolve(later(endpoint))
      }, longestWaitMs)
      const waiter: Waiter = { resolve, timer }
      endpoint.waiting.add(waiter)
    })

  /** Asks to call the receiver of that name. */
  return (name: string): Pass | Promise<Pass> => {
    const endpoint = endpointOf(name)
    const trouble = isTrouble(endpoint)
    if (endpoint.running.size < (trouble ? atOnceFailing : atOnce) && endpoint.waiting.size === 0)
      return start(endpoint)
    const waitMs = (expectedMs(endpoint) * (endpoint.waiting.size + 1)) / atOnce
    return trouble || waitMs > longestWaitMs ? later(endpoint) : wait(endpoint)
  }
}
