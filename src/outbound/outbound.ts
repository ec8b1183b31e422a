import { setMaxListeners } from 'node:events'
import { AppError } from '#src/lib/errors.ts'
import type { Later } from '#src/lib/later.ts'
import { maskSecrets } from '#src/lib/mask.ts'
import { createTimeLimits, type TimeLimits } from '#src/lib/time-limits.ts'
import { parseAllowList } from './allow-list.ts'
import type { OutboundReply, OutboundRequest, Outcome, Repetition } from './call.ts'
import { Exchange, replyOf, type Sending } from './exchange.ts'
import { explainFailure, givenUp, stopping, tooLate } from './explain.ts'
import { createPlaces, type Place } from './place.ts'
import { createPools, type Lane, type Pools } from './pools.ts'
import { type Resolve, sharedResolve, suspectsAtOnce, systemResolve } from './resolve.ts'
import { maskOf } from './secrets.ts'
import { wait } from './wait.ts'

export interface OutboundOptions {
  /** Host names, addresses and CIDR ranges that may be reached although private or without TLS. */
  readonly allow: readonly string[]
  /** Origins such as `http://127.0.0.1:8081` that calls of purpose `vendor` and `token` may reach as well. */
  readonly allowVendorOrigins?: readonly string[]
  /** The same for calls of purpose `files`: whoever runs this product named the store. */
  readonly allowFileOrigins?: readonly string[]
  /** Connections to one origin at a time, 64 when absent; further calls wait their turn. */
  readonly parallelPerOrigin?: number
  /** How names become addresses; the system's way when absent. */
  readonly resolve?: Resolve
  /** UV_THREADPOOL_SIZE of the environment, for the pool in which the system's way works. */
  readonly threadPoolSize?: string | undefined
}

/** How to send a request outwards. All failures are AppErrors whose messages name the host and no secret. */
export interface Outbound {
  /**
   * Sends one request and reads the whole reply, whatever its status. Redirects are not followed.
   * @throws AppError `bad-request` (URL or header), `address-blocked`, `provider-unreachable`,
   * `provider-timeout`, `provider-failed` (too large, damaged, not HTTP), `too-many-requests` (too many
   * origins, names that do not resolve, or open files of this process), `stopping`, and `request-timeout` when
   * the signal aborts with a reason that is no AppError.
   */
  send(request: OutboundRequest): Promise<OutboundReply>
  /**
   * Sends until `decide` is content or time is over; then the last outcome stands.
   * @throws AppError as `send`, and what `begin` throws.
   */
  sendWithRetry(request: OutboundRequest, repetition: Repetition): Promise<OutboundReply>
  /** Ends all calls, waits and connections; later calls fail with `stopping`. */
  close(): Promise<void>
}

const defaultParallel = 64
/** More than notifications may have receivers called at once (services/notifications/gate.ts), and vendors beside. */
const maxOrigins = 8_000
const idleMs = 60_000
const maxCorrelationIdChars = 200

interface Attempted {
  readonly startedAtMs: number
  readonly attempt: number
  readonly error?: string
}

/** What is known of a reply. */
type Progress = Pick<Exchange, 'status' | 'headers'>

const report = (request: OutboundRequest, place: Place, progress: Progress, attempted: Attempted): void => {
  if (request.record === undefined) return
  const { attempt, error, startedAtMs } = attempted
  const { correlationHeader, secrets } = request
  const told = correlationHeader === undefined ? undefined : progress.headers[correlationHeader.toLowerCase()]
  request.record({
    method: request.method,
    host: secrets === undefined ? place.host : maskSecrets(place.host, secrets),
    path: secrets === undefined ? place.pathname : maskSecrets(place.pathname, secrets),
    status: progress.status,
    ms: Math.round(performance.now() - startedAtMs),
    attempt,
    correlationId: told === undefined ? undefined : maskOf(request)(told).slice(0, maxCorrelationIdChars),
    error,
  })
}

const nothingYet: Progress = { status: null, headers: {} }

/** What attempts share. */
interface Room {
  readonly pools: Pools
  readonly limits: TimeLimits
  readonly placeOf: (text: string) => Place
}

const markSent = ({ code, message, details, cause }: AppError): AppError =>
  new AppError(code, message, { ...details, sent: true }, { cause })

/** Rejects with an AppError, which says by `sent` whether the far side may have the request. */
const sendOnce = (
  { pools, limits, placeOf }: Room,
  request: OutboundRequest,
  timeoutMs: number,
  attempt: number,
): Promise<OutboundReply> =>
  new Promise((resolve, reject) => {
    const place = placeOf(request.url)
    const startedAtMs = performance.now()
    let lane: Lane
    try {
      lane = pools.take(place, request.purpose)
    } catch (thrown) {
      const error = explainFailure(thrown, place.host, null)
      report(request, place, nothingYet, { startedAtMs, attempt, error: error.code })
      return reject(error)
    }
    const sending: Sending = { pool: lane.pool, limits, request, place, timeoutMs }
    const fail = (thrown: unknown): void => {
      pools.release(lane)
      const error = explainFailure(thrown, place.host, exchange.status)
      report(request, place, exchange, { startedAtMs, attempt, error: error.code })
      reject(exchange.started ? markSent(error) : error)
    }
    const succeed = (reply: OutboundReply): void => {
      pools.release(lane)
      report(request, place, exchange, { startedAtMs, attempt })
      resolve(reply)
    }
    const exchange = new Exchange(sending, (error, packed) => {
      if (error !== null) return fail(error)
      const reply = replyOf(sending, exchange, packed)
      if (reply instanceof Promise) reply.then(succeed, fail)
      else succeed(reply)
    })
    if (request.into === undefined) exchange.begin()
    else request.into.clear().then(() => exchange.begin(), fail)
  })

const asSent = (request: OutboundRequest, attempt: number, again: Repetition['again']): OutboundRequest =>
  again === undefined || attempt === 1 ? request : { ...request, headers: again() }

/** Errors that the way or the far side made, and that may be gone at the next attempt. */
const mayPass = ({ details }: AppError): boolean => details.retryable === true && details.hop !== 'amalgam'

/** An error that another attempt cannot mend. */
const isFinal = (outcome: Outcome): boolean => 'error' in outcome && !mayPass(outcome.error)

/** Milliseconds until another attempt; null: there is none. */
const waitAfter = (outcome: Outcome, attempt: number, { decide, deadlineMs }: Repetition): number | null => {
  if (isFinal(outcome)) return null
  const waitMs = decide(outcome, attempt)
  return waitMs === null || Date.now() + waitMs >= deadlineMs ? null : waitMs
}

const settle = (outcome: Outcome): OutboundReply => {
  if ('error' in outcome) throw outcome.error
  return outcome.reply
}

const originsOf = (origins: readonly string[] = []): ReadonlySet<string> =>
  new Set(origins.map((origin) => new URL(origin).origin))

/**
 * Opens the room of outgoing calls.
 * @throws Error naming a wrong item of `allow`, or a wrong origin.
 */
export const createOutbound = (options: OutboundOptions): Outbound => {
  const closing = new AbortController()
  // Any number of calls may wait; without it the eleventh is warned about as a leak.
  setMaxListeners(0, closing.signal)
  const pools = createPools({
    list: parseAllowList(options.allow),
    vendorOrigins: originsOf(options.allowVendorOrigins),
    fileOrigins: originsOf(options.allowFileOrigins),
    parallelPerOrigin: options.parallelPerOrigin ?? defaultParallel,
    maxOrigins,
    idleMs,
    resolve: sharedResolve(options.resolve ?? systemResolve, {
      suspects: suspectsAtOnce(options.threadPoolSize),
    }),
    now: () => performance.now(),
  })

  const placeOf = createPlaces()
  const room: Room = { pools, limits: createTimeLimits(), placeOf }

  const attemptOnce = (
    request: OutboundRequest,
    timeoutMs: number,
    attempt: number,
  ): Promise<OutboundReply> =>
    closing.signal.aborted ? Promise.reject(stopping()) : sendOnce(room, request, timeoutMs, attempt)

  const outcomeOf = async (
    request: OutboundRequest,
    timeoutMs: number,
    attempt: number,
  ): Promise<Outcome> => {
    try {
      return { reply: await attemptOnce(request, timeoutMs, attempt) }
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      return { error, unsent: error.details.sent !== true }
    }
  }

  const untried = ({ url }: OutboundRequest): Outcome => ({ error: tooLate(placeOf(url).host), unsent: true })

  const waitWhole = async (waitMs: number, { url, signal }: OutboundRequest): Promise<void> => {
    const whole = await wait(waitMs, [closing.signal, signal])
    if (closing.signal.aborted) throw stopping()
    if (!whole) throw givenUp(placeOf(url).host, signal?.reason)
  }

  /** Waits, and asks again, until nothing is left to wait for. */
  const waitAgain = async (
    begin: NonNullable<Repetition['begin']>,
    request: OutboundRequest,
    first: Later<number>,
  ): Promise<void> => {
    for (let waitMs = await first; waitMs > 0; waitMs = await begin()) await waitWhole(waitMs, request)
  }

  const untilTurn = (begin: Repetition['begin'], request: OutboundRequest): Later<void> => {
    const waitMs = begin?.() ?? 0
    if (begin !== undefined && waitMs !== 0) return waitAgain(begin, request, waitMs)
  }

  return {
    send: (request) => attemptOnce(request, request.timeoutMs, 1),
    sendWithRetry: async (request, repetition) => {
      const { begin, again, deadlineMs } = repetition
      let outcome: Outcome | undefined
      for (let attempt = 1; ; attempt++) {
        const turn = untilTurn(begin, request)
        if (turn instanceof Promise) await turn
        const leftMs = deadlineMs - Date.now()
        if (leftMs <= 0) return settle(outcome ?? untried(request))
        outcome = await outcomeOf(
          asSent(request, attempt, again),
          Math.min(request.timeoutMs, leftMs),
          attempt,
        )
        const waitMs = waitAfter(outcome, attempt, repetition)
        if (waitMs === null) return settle(outcome)
        await waitWhole(waitMs, request)
      }
    },
    close: async () => {
      closing.abort()
      await pools.close()
    },
  }
}
