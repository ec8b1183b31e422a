import { AppError } from '#src/lib/errors.ts'
import { parseAllowList } from './allow-list.ts'
import type { OutboundReply, OutboundRequest, Outcome } from './call.ts'
import { type Resolve, systemResolve } from './connector.ts'
import { exchange, type Progress } from './exchange.ts'
import { explainFailure, givenUp, stopping, tooLate } from './explain.ts'
import { createPools, type Pools } from './pools.ts'
import { wait } from './wait.ts'

export interface OutboundOptions {
  /** Host names, addresses and CIDR ranges that may be reached although private or without TLS. */
  readonly allow: readonly string[]
  /** Origins such as `http://127.0.0.1:8081` that calls of purpose `vendor` may reach as well. */
  readonly allowVendorOrigins?: readonly string[]
  /** Connections to one origin at a time, 64 when absent; further calls wait their turn. */
  readonly parallelPerOrigin?: number
  /** How names become addresses; the system's way when absent. */
  readonly resolve?: Resolve
}

/** How to send a request outwards. All failures are AppErrors whose messages name the host and no secret. */
export interface Outbound {
  /**
   * Sends one request and reads the whole reply, whatever its status. Redirects are not followed.
   * @throws AppError `bad-request` (URL or header), `address-blocked`, `provider-unreachable`,
   * `provider-timeout`, `provider-failed` (too large, damaged, not HTTP), `too-many-requests` (too many
   * origins), `stopping`, and `request-timeout` when the signal aborts with a reason that is no AppError.
   */
  send(request: OutboundRequest): Promise<OutboundReply>
  /**
   * Sends until `decide` is content or time is over; then the last outcome stands.
   * @param decide tells from an attempt (1 for the first) how many milliseconds to wait before the next, or
   * null to stop. It is not asked about errors that another attempt cannot mend, such as a blocked address.
   * @param deadlineMs milliseconds since 1970; no wait and no attempt goes beyond it.
   * @throws AppError as `send`.
   */
  sendWithRetry(
    request: OutboundRequest,
    decide: (outcome: Outcome, attempt: number) => number | null,
    deadlineMs: number,
  ): Promise<OutboundReply>
  /** Ends all calls, waits and connections; later calls fail with `stopping`. */
  close(): Promise<void>
}

const defaultParallel = 64
const maxOrigins = 1_000
const idleMs = 60_000
const maxCorrelationIdChars = 200

const readUrl = (text: string): URL => {
  const refuse = (message: string): never => {
    throw new AppError('bad-request', message, { hop: 'amalgam', retryable: false })
  }
  // The URL itself is not shown: a wrong one may hold anything.
  if (!URL.canParse(text)) return refuse('The address to call is no valid URL.')
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return refuse(`The address to call must begin with https:// (not ${url.protocol.slice(0, 20)}).`)
  }
  if (url.username !== '' || url.password !== '') {
    return refuse(`The URL of ${url.host} must not hold a user name or password: send them in a header.`)
  }
  return url
}

const report = (
  request: OutboundRequest,
  url: URL,
  progress: Progress,
  told: { readonly startedAtMs: number; readonly attempt: number; readonly error?: string },
): void => {
  const { attempt, error, startedAtMs } = told
  const correlationId = progress.headers[request.correlationHeader?.toLowerCase() ?? '']
  request.record?.({
    method: request.method,
    host: url.host,
    path: url.pathname,
    status: progress.status,
    ms: Math.round(performance.now() - startedAtMs),
    attempt,
    ...(correlationId === undefined ? {} : { correlationId: correlationId.slice(0, maxCorrelationIdChars) }),
    ...(error === undefined ? {} : { error }),
  })
}

const sendOnce = async (pools: Pools, request: OutboundRequest, attempt: number): Promise<OutboundReply> => {
  const url = readUrl(request.url)
  const progress: Progress = { status: null, headers: {} }
  const startedAtMs = performance.now()
  const run = async (): Promise<OutboundReply> => {
    const lane = pools.take(url, request.purpose)
    try {
      return await exchange(lane.pool, request, url, progress)
    } finally {
      pools.release(lane)
    }
  }
  let reply: OutboundReply
  try {
    reply = await run()
  } catch (thrown) {
    const error = explainFailure(thrown, url.host, progress.status)
    report(request, url, progress, { startedAtMs, attempt, error: error.code })
    throw error
  }
  report(request, url, progress, { startedAtMs, attempt })
  return reply
}

/** Errors that the way or the far side made, and that may be gone at the next attempt. */
const mayPass = ({ details }: AppError): boolean => details.retryable === true && details.hop !== 'amalgam'

const settle = (outcome: Outcome): OutboundReply => {
  if ('error' in outcome) throw outcome.error
  return outcome.reply
}

/**
 * Opens the room of outgoing calls.
 * @throws Error naming a wrong item of `allow`, or a wrong origin.
 */
export const createOutbound = (options: OutboundOptions): Outbound => {
  const closing = new AbortController()
  const pools = createPools({
    list: parseAllowList(options.allow),
    vendorOrigins: new Set((options.allowVendorOrigins ?? []).map((origin) => new URL(origin).origin)),
    parallelPerOrigin: options.parallelPerOrigin ?? defaultParallel,
    maxOrigins,
    idleMs,
    resolve: options.resolve ?? systemResolve,
    now: () => performance.now(),
  })

  const attemptOnce = async (request: OutboundRequest, attempt: number): Promise<OutboundReply> => {
    if (closing.signal.aborted) throw stopping()
    return sendOnce(pools, request, attempt)
  }

  const tried = async (request: OutboundRequest, attempt: number): Promise<Outcome> => {
    try {
      return { reply: await attemptOnce(request, attempt) }
    } catch (error) {
      if (error instanceof AppError && mayPass(error)) return { error }
      throw error
    }
  }

  return {
    send: (request) => attemptOnce(request, 1),
    sendWithRetry: async (request, decide, deadlineMs) => {
      let outcome: Outcome = { error: tooLate(readUrl(request.url).host) }
      for (let attempt = 1; ; attempt++) {
        const leftMs = deadlineMs - Date.now()
        if (leftMs <= 0) return settle(outcome)
        outcome = await tried({ ...request, timeoutMs: Math.min(request.timeoutMs, leftMs) }, attempt)
        const waitMs = decide(outcome, attempt)
        if (waitMs === null || Date.now() + waitMs >= deadlineMs) return settle(outcome)
        const whole = await wait(waitMs, [closing.signal, request.signal])
        if (closing.signal.aborted) throw stopping()
        if (!whole) throw givenUp(readUrl(request.url).host, request.signal?.reason)
      }
    },
    close: async () => {
      closing.abort()
      await pools.close()
    },
  }
}
