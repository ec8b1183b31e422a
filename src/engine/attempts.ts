import type { Element } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { OutboundReply, Outcome } from '#src/outbound/index.ts'
import type { Budgets, Counting } from './budgets.ts'
import { retryAfterSeconds, ruleOf } from './refusal.ts'

const firstWaitMs = 250
const longestWaitMs = 8_000
const mostFailures = 4

/** @param failures how many there were, from 1. */
const backoffMs = (failures: number): number => Math.min(longestWaitMs, firstWaitMs * 4 ** (failures - 1))

/** Milliseconds to wait before another attempt after this reply, or null to stop. @param attempt from 1. */
export const waitAfterReply = (element: Element, reply: OutboundReply, attempt: number): number | null => {
  if (attempt >= mostFailures || reply.status < 400) return null
  if (ruleOf(element, reply).retry !== 'backoff') return null
  const asked = retryAfterSeconds(reply)
  return asked === undefined ? backoffMs(attempt) : asked * 1_000
}

interface Attempted {
  readonly method: string
  readonly path: string
  /** Whether sending it twice changes nothing. */
  readonly repeatable: boolean
}

const unsureWords = 'Whether it was done is not known: look before you send it again.'

/**
 * The attempts at one request: which outcome allows another, and when. Repeated is what may be repeated; anything else
 * only where nothing was sent, or where the vendor answered that its limit is reached, which is before any effect.
 */
export const startAttempts = (
  budgets: Budgets,
  connection: Counting,
  request: Attempted,
  deadlineMs: number,
) => {
  const { element } = connection
  const turn = budgets.turnOf(connection, request, deadlineMs)
  let failures = 0
  let limitAnswers = 0
  /** An attempt may have had its effect, although no reply says so. */
  let unsure = false

  const afterFailure = (mayRepeat: boolean, askedSeconds?: number): number | null => {
    failures += 1
    if (failures >= mostFailures || !mayRepeat) return null
    return askedSeconds === undefined ? backoffMs(failures) : askedSeconds * 1_000
  }

  const afterLimit = (asked: number | undefined): number => {
    limitAnswers += 1
    turn.limited(asked)
    return asked === undefined || asked === 0 ? backoffMs(limitAnswers) : asked * 1_000
  }

  const afterRefusal = (reply: OutboundReply): number | null => {
    const rule = ruleOf(element, reply)
    const asked = retryAfterSeconds(reply)
    if (rule.as === 'provider-rate-limited') return rule.retry === 'backoff' ? afterLimit(asked) : null
    if (reply.status >= 500) unsure = true
    return rule.retry === 'backoff' ? afterFailure(request.repeatable, asked) : null
  }

  const toldError = (error: AppError): AppError => {
    if (request.repeatable || (!unsure && error.details.sent !== true)) return error
    return new AppError(
      error.code,
      `${error.message} ${unsureWords}`,
      { ...error.details, retryable: false, unsure: true },
      { cause: error },
    )
  }

  return {
    deadlineMs,
    begin: turn.next,
    decide: (outcome: Outcome): number | null => {
      if ('reply' in outcome) return outcome.reply.status < 400 ? null : afterRefusal(outcome.reply)
      if (!outcome.unsent) unsure = true
      return afterFailure(outcome.unsent || request.repeatable)
    },
    /** Seconds to tell whoever is refused by a limit without them. */
    retryAfterSeconds: turn.retryAfterSeconds,
    /** A removal that finds nothing, after an attempt that may have removed it, has done what it should. */
    isDone: (reply: OutboundReply): boolean =>
      unsure &&
      request.method === 'DELETE' &&
      reply.status >= 400 &&
      ruleOf(element, reply).as === 'provider-not-found',
    /** The error as it is, or told as one after which nobody knows whether the write was done. */
    toldError,
    /** The same for whatever was thrown. */
    told: (error: unknown): unknown => (error instanceof AppError ? toldError(error) : error),
  }
}

export type Attempts = ReturnType<typeof startAttempts>
