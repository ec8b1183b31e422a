import { type Element, type ErrorRule, type Principal, readPath } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { Json } from '#src/lib/json.ts'
import type { BodySink, OutboundReply, Outcome, StreamedBody } from '#src/outbound/index.ts'
import { type Access, type Connection, type EngineNeed, eitherPrincipal } from './connection.ts'
import { lacksScope, missingFor } from './missing.ts'

/** A body as it is sent. */
export interface RawBody extends StreamedBody {
  readonly contentType: string
}

/** A request to the vendor, before it is signed. */
export interface VendorRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below the connection's base URL. */
  readonly path: string
  readonly query?: readonly (readonly [name: string, value: string])[]
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: Json | undefined
  /** A body that is no JSON; wins over `body`. */
  readonly raw?: RawBody | undefined
  /** Takes the body of a good reply in place of memory. */
  readonly into?: BodySink | undefined
  /** The most that is read of the reply. */
  readonly maxBytes?: number | undefined
  /** Whose grants the vendor documents for it; absent: a user's and a company's. */
  readonly principals?: readonly Principal[] | undefined
  /** Scopes that the vendor documents for it; one of them is enough. */
  readonly scopes?: readonly string[] | undefined
  /** Whether sending it twice changes nothing; only such a request is repeated after a failure. */
  readonly repeatable: boolean
  /** Told where an attempt failed that may have had its effect all the same. */
  readonly inDoubt?: () => void
}

const jsonType = 'application/json'
const firstWaitMs = 250
const longestWaitMs = 8_000
const attempts = 4

/** A text as JSON, undefined when it is none. */
export const parseBody = (text: string): Json | undefined => {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

const wordsIn = (element: Element, text: string): string => {
  const body = parseBody(text)
  for (const path of element.errorWords) {
    const words = readPath(body, path)
    if (typeof words === 'string' && words.trim() !== '') return words.trim()
  }
  return body === undefined && !text.trimStart().startsWith('<') ? text.trim() : ''
}

/** The vendor's own words in an error reply, at most 1,000 characters, without the secrets that were sent. */
export const wordsOf = (element: Element, reply: OutboundReply): string | undefined => {
  // Masked whole, before anything is cut: half a secret would not be found.
  const words = reply.masked(wordsIn(element, reply.body.toString('utf8')))
  return words === '' ? undefined : words.slice(0, 1000)
}

/** The vendor's id of a reply. */
export const correlationIdOf = (element: Element, reply: OutboundReply): string | undefined => {
  const id = reply.headers[element.vendor.correlationHeader]
  return id === undefined ? undefined : reply.masked(id)
}

const matches = (rule: ErrorRule, status: number, text: string): boolean => {
  const { status: wanted, bodyHas } = rule.when
  const [from, to] = typeof wanted === 'number' ? [wanted, wanted] : (wanted ?? [0, 999])
  return status >= from && status <= to && (bodyHas === undefined || text.toLowerCase().includes(bodyHas))
}

/** The element's rule for a refused reply. */
export const ruleFor = (element: Element, status: number, text: string): ErrorRule =>
  element.errors.find((rule) => matches(rule, status, text)) ?? {
    when: {},
    as: 'provider-failed',
    retry: 'never',
  }

/** Whole seconds of a reply's Retry-After, undefined without one (RFC 9110 10.2.3). */
export const retryAfterSeconds = (reply: OutboundReply): number | undefined => {
  const value = reply.headers['retry-after']
  if (value === undefined) return undefined
  const seconds = /^\d{1,9}$/.test(value.trim()) ? Number(value) : (Date.parse(value) - Date.now()) / 1000
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : undefined
}

/** What a refused vendor call is to the caller. */
const replyError = (connection: Connection, request: VendorRequest, reply: OutboundReply): AppError => {
  const { element } = connection
  const text = reply.body.toString('utf8')
  const rule = ruleFor(element, reply.status, text)
  const words = wordsOf(element, reply)
  const correlationId = correlationIdOf(element, reply)
  const after = retryAfterSeconds(reply)
  const missing = rule.as === 'provider-denied' ? missingFor(connection, request) : undefined
  const told = missing ?? rule.fix
  const fix = told === undefined ? '' : ` ${told}`
  return new AppError(
    rule.as,
    `${element.title} answered ${reply.status}${words === undefined ? '' : `: ${words}`}.${fix}`.replace(
      '..',
      '.',
    ),
    {
      hop: 'provider',
      retryable: rule.retry === 'backoff',
      ...(words === undefined ? { providerMessage: `HTTP ${reply.status}` } : { providerMessage: words }),
      ...(correlationId === undefined ? {} : { providerCorrelationId: correlationId }),
      ...(after === undefined ? {} : { retryAfterSeconds: after }),
    },
  )
}

const urlOf = (access: Access, request: VendorRequest): string => {
  if (request.query === undefined || request.query.length === 0) return `${access.baseUrl}${request.path}`
  const query = new URLSearchParams(request.query.map(([name, value]): [string, string] => [name, value]))
  return `${access.baseUrl}${request.path}?${query.toString()}`
}

/** Milliseconds to wait before the next attempt, or null to stop. */
export const waitBefore = (
  element: Element,
  request: Pick<VendorRequest, 'repeatable'>,
  outcome: Outcome,
  attempt: number,
): number | null => {
  if (attempt >= attempts) return null
  const backoff = Math.min(longestWaitMs, firstWaitMs * 4 ** (attempt - 1))
  // What was never sent may be sent again, whatever it does.
  if ('error' in outcome) return request.repeatable || outcome.unsent ? backoff : null
  const { reply } = outcome
  if (reply.status < 400) return null
  const rule = ruleFor(element, reply.status, reply.body.toString('utf8'))
  // A rate limit is told before the call has any effect, so even a create may be sent again.
  const mayRepeat = rule.as === 'provider-rate-limited' || request.repeatable
  if (rule.retry !== 'backoff' || !mayRepeat) return null
  const asked = retryAfterSeconds(reply)
  return asked === undefined ? backoff : asked * 1000
}

/** Whether a failed attempt may have had its effect: something of it was sent, and the vendor did not refuse it. */
const mayHaveActed = (outcome: Outcome): boolean =>
  'error' in outcome ? !outcome.unsent : outcome.reply.status >= 500

/** How long one attempt may take, in milliseconds: its own limit, or what is left of the call. */
export const attemptMs = ({ limits }: EngineNeed, { deadlineMs }: Connection): number =>
  Math.max(1, Math.min(limits.vendorSeconds * 1000, deadlineMs - Date.now()))

const send = (
  need: EngineNeed,
  connection: Connection,
  access: Access,
  request: VendorRequest,
): Promise<OutboundReply> => {
  const { element, notes, signal, deadlineMs } = connection
  const { raw, into, maxBytes } = request
  const body = raw ?? (request.body === undefined ? undefined : JSON.stringify(request.body))
  const contentType = raw?.contentType ?? request.headers?.['content-type'] ?? jsonType
  return need.outbound.sendWithRetry(
    {
      method: request.method,
      url: urlOf(access, request),
      headers: {
        ...element.vendor.headers,
        ...request.headers,
        authorization: `${access.scheme} ${access.token}`,
        ...(body === undefined || contentType === '' ? {} : { 'content-type': contentType }),
      },
      ...(body === undefined ? {} : { body }),
      ...(into === undefined ? {} : { into }),
      ...(maxBytes === undefined ? {} : { maxBytes }),
      timeoutMs: attemptMs(need, connection),
      signal,
      purpose: 'vendor',
      correlationHeader: element.vendor.correlationHeader,
      record: notes.sent,
    },
    (outcome, attempt) => {
      if (mayHaveActed(outcome)) request.inDoubt?.()
      return waitBefore(element, request, outcome, attempt)
    },
    deadlineMs,
  )
}

/** Whether another token may help: not where the grant itself lacks the scope. */
const refusesToken = (connection: Connection, request: VendorRequest, reply: OutboundReply): boolean => {
  if (reply.status < 400) return false
  const rule = ruleFor(connection.element, reply.status, reply.body.toString('utf8'))
  return rule.retry === 'refresh-token' && !(rule.as === 'provider-denied' && lacksScope(connection, request))
}

/** What a permission is about: two requests that differ in it may be refused for different reasons. */
const targetOf = ({ method, path, query = [] }: VendorRequest): string =>
  `${method} ${path}?${query.map(([name, value]) => `${name}=${value}`).join('&')}`

/**
 * Sends one signed request. A refused token is renewed once and the request sent again; failures that
 * pass are tried again within the call's deadline.
 * @returns the vendor's reply, whatever its status, its body not yet looked at.
 * @throws AppError where none came.
 */
export const exchangeWithVendor = async (
  need: EngineNeed,
  connection: Connection,
  request: VendorRequest,
): Promise<OutboundReply> => {
  const tokens = connection.tokensOf(request.principals ?? eitherPrincipal)
  const access = await tokens.current()
  const reply = await send(need, connection, access, request)
  if (!refusesToken(connection, request, reply)) return reply
  const target = targetOf(request)
  const fresh = await tokens.renew(access, { target, status: reply.status })
  if (fresh === null) return reply
  const again = await send(need, connection, fresh, request)
  if (refusesToken(connection, request, again)) tokens.uselessFor(fresh, target)
  return again
}

/**
 * Sends one signed request.
 * @returns the vendor's good reply, its body not yet looked at.
 * @throws AppError as `exchangeWithVendor`, and as the element's rules say.
 */
export const askVendor = async (
  need: EngineNeed,
  connection: Connection,
  request: VendorRequest,
): Promise<OutboundReply> => {
  if (request.method === 'DELETE') return askRemoval(need, connection, request)
  const reply = await exchangeWithVendor(need, connection, request)
  if (reply.status < 300) return reply
  throw replyError(connection, request, reply)
}

/** A DELETE that is repeated and finds nothing any more: the attempt before, whose answer was lost, has done it. */
const askRemoval = async (
  need: EngineNeed,
  connection: Connection,
  request: VendorRequest,
): Promise<OutboundReply> => {
  let mayBeDone = false
  const inDoubt = (): void => {
    mayBeDone = true
  }
  const reply = await exchangeWithVendor(need, connection, { ...request, inDoubt })
  if (reply.status < 300) return reply
  if (reply.status === 404 && mayBeDone) return { ...reply, body: Buffer.alloc(0) }
  throw replyError(connection, request, reply)
}

/**
 * What a good reply says, undefined where it says nothing.
 * @throws AppError `provider-failed` when it is no JSON.
 */
export const readReply = ({ element }: Connection, reply: OutboundReply): Json | undefined => {
  const text = reply.body.toString('utf8')
  if (text.trim() === '') return undefined
  const body = parseBody(text)
  if (body !== undefined) return body
  throw new AppError(
    'provider-failed',
    `${element.title} answered ${reply.status} with a body that is no JSON.`,
    {
      hop: 'provider',
      retryable: true,
      providerMessage: reply.masked(
        `HTTP ${reply.status} with ${reply.headers['content-type'] ?? 'no content type'}`,
      ),
    },
  )
}

/** Asks the vendor and reads its reply. @throws AppError as `askVendor` and `readReply`. */
export const callVendor = async (
  need: EngineNeed,
  connection: Connection,
  request: VendorRequest,
): Promise<Json | undefined> => readReply(connection, await askVendor(need, connection, request))
