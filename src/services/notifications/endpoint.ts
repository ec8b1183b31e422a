import type { Pass } from './gate.ts'

export interface Waiter {
  readonly resolve: (pass: Pass) => void
  readonly untilMs: number
}

/** What is known of one receiver of calls. Times are of the monotonic clock. */
export interface Endpoint {
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
  /** It had no room, or failed, before this process knew it. */
  isDoubted: boolean
  /** So many were made due for it and have not asked yet. */
  coming: number
  comingSinceMs: number
  /** When the next call that cannot run now should come back. */
  nextAtMs: number
  /** The same of one that failed before: those come first. */
  nextRetryMs: number
  usedAtMs: number
}

/** Receivers of one kind, and the calls to all of them that run. */
export interface Group {
  /** So many calls to each, while few run; from `many` on fewer: one is enough to see who answers. */
  readonly each: number
  readonly many: number
  readonly most: number
  running: number
}

/** So many calls to a receiver at once. */
export const atOnce = 64
/** A receiver that has not answered yet may be one that hangs. */
export const atOnceFirst = 8
/** One that takes longer is given few calls. */
export const slowMs = 2_000
/** A receiver that answers as fast is worth waiting for before more is claimed; busy processes take half of that themselves. */
const fastMs = 50

export const newEndpoint = (name: string, nowMs: number): Endpoint => ({
  name,
  running: [],
  waiting: [],
  timer: undefined,
  usualMs: undefined,
  calls: atOnceFirst,
  failures: 0,
  okMs: 0,
  isDoubted: false,
  coming: 0,
  comingSinceMs: 0,
  nextAtMs: 0,
  nextRetryMs: Number.NEGATIVE_INFINITY,
  usedAtMs: nowMs,
})

/** How long it has been called without a good answer: one call in many that hangs says nothing of the receiver. */
export const silentMs = ({ running: [oldest], okMs }: Endpoint, nowMs: number): number =>
  oldest === undefined ? 0 : nowMs - Math.max(oldest, okMs)

/** How long a call takes now: as usual, or as long as nothing has come. */
export const expectedMs = (endpoint: Endpoint, nowMs: number): number =>
  Math.max(endpoint.usualMs ?? 0, silentMs(endpoint, nowMs), 1)

/** It fails or is slow. */
export const isTrouble = (endpoint: Endpoint, nowMs: number): boolean =>
  endpoint.failures > 2 || expectedMs(endpoint, nowMs) > slowMs

/** It answers, though it takes its time. */
export const isSlow = ({ usualMs, failures }: Endpoint): boolean =>
  failures === 0 && usualMs !== undefined && usualMs > slowMs

export const isFast = (endpoint: Endpoint, nowMs: number): boolean =>
  endpoint.usualMs !== undefined && expectedMs(endpoint, nowMs) <= fastMs

/** What the end of a call that began at `sinceMs` says of its receiver. */
export const learn = (endpoint: Endpoint, ok: boolean, sinceMs: number, nowMs: number): void => {
  const ms = nowMs - sinceMs
  const { usualMs, failures } = endpoint
  const mixed = usualMs === undefined ? ms : usualMs * 0.8 + ms * 0.2
  if (ok) {
    // How long those took that failed says nothing once one goes well.
    endpoint.usualMs = failures > 0 ? ms : mixed
    endpoint.failures = 0
    endpoint.okMs = nowMs
    endpoint.calls = Math.min(atOnce, endpoint.calls + 1)
    return
  }
  if (endpoint.okMs <= sinceMs) endpoint.usualMs = mixed
  endpoint.failures = failures + 1
}
