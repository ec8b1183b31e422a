import { failureOf, unanswered } from './failure.ts'
import { rootOf, type S3Place } from './place.ts'
import { createSign, type Sign } from './sign.ts'

type Method = 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'

/** What the store answered. */
export interface S3Reply {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  /** A text of this reply for people: `***` in place of the secrets that its request carried. */
  readonly masked: (text: string) => string
}

type Outcome = { readonly reply: Pick<S3Reply, 'status'> } | { readonly error: Error }

/** Where the body of a good reply goes, in place of memory; `clear` comes before each attempt. */
interface Sink {
  readonly clear: () => Promise<void>
  readonly writeNow: (chunk: Uint8Array) => void
}

/** How requests leave this machine, and are repeated; sockets are not this room's matter. */
export type S3Send = (
  request: {
    readonly purpose: 'files'
    readonly method: Method
    readonly url: string
    readonly headers: Readonly<Record<string, string>>
    readonly body?: Uint8Array | undefined
    readonly into?: Sink | undefined
    readonly timeoutMs: number
  },
  repetition: {
    readonly decide: (outcome: Outcome, attempt: number) => number | null
    readonly deadlineMs: number
  },
) => Promise<S3Reply>

export interface S3Call {
  readonly method: Method
  /** In the bucket; empty: the bucket itself. */
  readonly key: string
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array | undefined
  readonly into?: Sink | undefined
  /** Statuses from 300 on that are no failure. */
  readonly takes?: readonly number[]
}

const timeoutMs = 60_000
/** Shorter than a signature holds, which is a quarter of an hour. */
const withinMs = 120_000
const mostAttempts = 5
const firstWaitMs = 200
const notImplemented = 501

/** Every request may be repeated: it stores the same again, or asks. */
const decide = (outcome: Outcome, attempt: number): number | null => {
  const passes = (status: number): boolean => status === 429 || (status >= 500 && status !== notImplemented)
  const again = 'error' in outcome || passes(outcome.reply.status)
  return again && attempt < mostAttempts ? firstWaitMs * 2 ** attempt * (0.5 + Math.random() / 2) : null
}

const queryOf = (query: Readonly<Record<string, string>>): string => {
  const text = Object.entries(query)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')
  return text === '' ? '' : `?${text}`
}

export type AskS3 = (call: S3Call) => Promise<S3Reply>

/** Signed requests to a place in S3. */
export const createCalls = (place: S3Place, send: S3Send): AskS3 => {
  const root = rootOf(place)
  let signing: Promise<Sign> | undefined
  /** @throws S3Failure; AppError `store-unavailable` where no answer came. */
  return async ({ method, key, query = {}, headers = {}, body, into, takes = [] }) => {
    signing ??= createSign(place)
    const sign = await signing
    const url = `${root}/${key}${queryOf(query)}`
    const signed = await sign({ method, url, headers, body })
    const reply = await send(
      // Sealed bytes do not shrink; packed ones would have no ranges.
      {
        purpose: 'files',
        method,
        url,
        headers: { 'accept-encoding': 'identity', ...signed },
        body,
        into,
        timeoutMs,
      },
      { decide, deadlineMs: Date.now() + withinMs },
    ).catch((error: unknown) => {
      throw unanswered(place, error)
    })
    if (reply.status < 300 || takes.includes(reply.status)) return reply
    throw failureOf(reply)
  }
}
