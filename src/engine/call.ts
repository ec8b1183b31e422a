import type { Principal, TokenIn, VendorMethod } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { Json } from '#src/lib/json.ts'
import type { BodySink, OutboundReply, StreamedBody } from '#src/outbound/index.ts'
import { type Attempts, startAttempts } from './attempts.ts'
import {
  type Access,
  type Connection,
  callDeadlineMs,
  type EngineNeed,
  eitherPrincipal,
} from './connection.ts'
import { lacksScope, missingFor } from './missing.ts'
import { correlationIdOf, parseBody, retryAfterSeconds, ruleOf, wordsOf } from './refusal.ts'
import { putToken, type Signable, secretsOf } from './sign.ts'
import { withinDeadline } from './within.ts'
import { xmlIn } from './xml.ts'

/** A body as it is sent. */
export interface RawBody extends StreamedBody {
  readonly contentType: string
  /** The body itself, where it is a form: such a form is signed with its call (RFC 5849 3.4.1.3.1). */
  readonly form?: string | undefined
}

/** A request to the vendor, before it is signed. */
export interface VendorRequest {
  readonly method: VendorMethod | 'HEAD'
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
  /** Where the token goes; absent: into the header `authorization`, as the login says. */
  readonly tokenIn?: TokenIn | undefined
  /** Whether sending it twice changes nothing; only such a request is repeated after a failure. */
  readonly repeatable: boolean
}

const jsonType = 'application/json'

/** What a refused vendor call is to the caller. */
const replyError = (
  connection: Connection,
  request: VendorRequest,
  reply: OutboundReply,
  attempts: Attempts,
): AppError => {
  const { element } = connection
  const principals = request.principals ?? eitherPrincipal
  const remedy = reply.status === 401 ? connection.tokensOf(principals).remedy?.() : undefined
  const rule = ruleOf(element, reply)
  const code = remedy === undefined ? rule.as : 'needs-reconnect'
  const words = wordsOf(element, reply)
  const correlationId = correlationIdOf(element, reply)
  const isLimit = code === 'provider-rate-limited'
  const after = retryAfterSeconds(reply) || (isLimit ? attempts.retryAfterSeconds() : undefined)
  const missing = code === 'provider-denied' ? missingFor(connection, request) : undefined
  const told = missing ?? remedy ?? rule.fix
  const fix = told === undefined ? '' : ` ${told}`
  return new AppError(
    code,
    `${element.title} answered ${reply.status}${words === undefined ? '' : `: ${words}`}.${fix}`.replace(
      '..',
      '.',
    ),
    {
      hop: 'provider',
      retryable: rule.retry === 'backoff',
      providerStatus: reply.status,
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

/** Put together name by name: every call comes here, and to spread objects takes many times as long. */
const headersOf = ({ element }: Connection, { headers: own }: VendorRequest): Record<string, string> => {
  const headers: Record<string, string> = {}
  const { headers: usual } = element.vendor
  for (const name in usual) headers[name] = usual[name] ?? ''
  for (const name in own) headers[name] = own[name] ?? ''
  return headers
}

/** The headers of another attempt, where each attempt is signed by itself; undefined: they stay. */
const signedAgain = (
  headers: Record<string, string>,
  { sign }: Access,
  signable: Signable,
): (() => Record<string, string>) | undefined =>
  sign === undefined ? undefined : () => ({ ...headers, authorization: sign(signable) })

const send = (
  need: EngineNeed,
  connection: Connection,
  access: Access,
  request: VendorRequest,
  { begin, decide, deadlineMs }: Attempts,
): Promise<OutboundReply> => {
  const { element, notes, signal, secrets } = connection
  const { raw, into, maxBytes, tokenIn } = request
  const body = raw ?? (request.body === undefined ? undefined : JSON.stringify(request.body))
  const headers = headersOf(connection, request)
  let url = urlOf(access, request)
  if (body !== undefined) {
    const contentType = raw?.contentType ?? request.headers?.['content-type'] ?? jsonType
    if (contentType !== '') headers['content-type'] = contentType
  }
  const usual = tokenIn === undefined && access.sign === undefined
  let again: ReturnType<typeof signedAgain>
  if (tokenIn !== undefined) url = putToken(headers, url, tokenIn, access)
  else if (access.sign !== undefined) {
    const signable: Signable = { method: request.method, url, form: raw?.form }
    headers['authorization'] = access.sign(signable)
    again = signedAgain(headers, access, signable)
  } else if (access.authorization !== '') headers['authorization'] = access.authorization
  return need.outbound.sendWithRetry(
    {
      method: request.method,
      url,
      headers,
      secrets: usual ? secrets : secretsOf(secrets, tokenIn, access),
      body,
      into,
      maxBytes,
      timeoutMs: need.limits.vendorSeconds * 1_000,
      signal,
      purpose: 'vendor',
      correlationHeader: element.vendor.correlationHeader,
      record: notes.sent,
    },
    { begin, decide, again, deadlineMs },
  )
}

/** Whether another token may help: not where the grant itself lacks the scope. */
const refusesToken = (connection: Connection, request: VendorRequest, reply: OutboundReply): boolean => {
  if (reply.status < 400) return false
  const rule = ruleOf(connection.element, reply)
  return rule.retry === 'refresh-token' && !(rule.as === 'provider-denied' && lacksScope(connection, request))
}

const renewing = 'to renew the token'

/** What a permission is about: two requests that differ in it may be refused for different reasons. */
const targetOf = ({ method, path, query = [] }: VendorRequest): string =>
  `${method} ${path}?${query.map(([name, value]) => `${name}=${value}`).join('&')}`

/** All attempts with one token, and once more with another where it was refused. */
const sendSigned = async (
  need: EngineNeed,
  connection: Connection,
  request: VendorRequest,
  attempts: Attempts,
): Promise<OutboundReply> => {
  const { deadlineMs } = attempts
  const tokens = connection.tokensOf(request.principals ?? eitherPrincipal)
  const current = withinDeadline(tokens.current(), deadlineMs, renewing)
  const access = current instanceof Promise ? await current : current
  const reply = await send(need, connection, access, request, attempts)
  connection.notes.replied?.(reply.headers)
  if (!refusesToken(connection, request, reply)) return reply
  const target = targetOf(request)
  const renew = (refused: Access, status: number) =>
    withinDeadline(tokens.renew(refused, { target, status }), deadlineMs, renewing)
  let fresh = await renew(access, reply.status)
  if (fresh === null) return reply
  let again = await send(need, connection, fresh, request, attempts)
  // Where a renewal makes the same token live longer, one that was read may have been stored long before the refusal.
  if (
    !fresh.isAsked &&
    fresh.authorization === access.authorization &&
    refusesToken(connection, request, again)
  ) {
    const asked = await renew(fresh, again.status)
    if (asked === null) return again
    fresh = asked
    again = await send(need, connection, fresh, request, attempts)
  }
  if (refusesToken(connection, request, again)) tokens.uselessFor(fresh, target)
  return again
}

/**
 * Sends one signed request. A refused token is renewed once and the request sent again; what may be repeated is tried
 * again within the call's deadline, each time when its service has a call free.
 * @returns the vendor's reply, whatever its status, its body not yet looked at.
 * @throws AppError where none came, and `provider-rate-limited` where no call was free in time.
 */
export const exchangeWithVendor = async (
  need: EngineNeed,
  connection: Connection,
  request: VendorRequest,
): Promise<OutboundReply> => {
  const attempts = startAttempts(need.budgets, connection, request, callDeadlineMs(connection))
  try {
    return await sendSigned(need, connection, request, attempts)
  } catch (error) {
    throw attempts.told(error)
  }
}

/** What the vendor answered, and what a refusal of it is to the caller. */
export interface Exchanged {
  readonly reply: OutboundReply
  readonly refusal: (reply: OutboundReply) => AppError
}

/**
 * Sends one signed request, as `askVendor`, but a refusal is a reply like any other.
 * @throws AppError as `exchangeWithVendor`.
 */
export const exchangeTold = async (
  need: EngineNeed,
  connection: Connection,
  request: VendorRequest,
): Promise<Exchanged> => {
  const attempts = startAttempts(need.budgets, connection, request, callDeadlineMs(connection))
  try {
    const reply = await sendSigned(need, connection, request, attempts)
    return {
      reply: attempts.isDone(reply) ? { ...reply, status: 204, body: Buffer.alloc(0) } : reply,
      refusal: (refused) => attempts.toldError(replyError(connection, request, refused, attempts)),
    }
  } catch (error) {
    throw attempts.told(error)
  }
}

/**
 * Sends one signed request, as `exchangeWithVendor`.
 * @returns the vendor's good reply, its body not yet looked at; 204 for a removal of what is not there any more, where
 * an earlier attempt may have removed it.
 * @throws AppError as `exchangeWithVendor`, and as the element's rules say.
 */
export const askVendor = async (
  need: EngineNeed,
  connection: Connection,
  request: VendorRequest,
): Promise<OutboundReply> => {
  const attempts = startAttempts(need.budgets, connection, request, callDeadlineMs(connection))
  try {
    const reply = await sendSigned(need, connection, request, attempts)
    if (reply.status < 300) return reply
    if (attempts.isDone(reply)) return { ...reply, status: 204, body: Buffer.alloc(0) }
    throw replyError(connection, request, reply, attempts)
  } catch (error) {
    throw attempts.told(error)
  }
}

/**
 * What a good reply says, undefined where it says nothing.
 * @throws AppError `provider-failed` when it is no JSON, or no XML where that is read.
 */
export const readReply = (connection: Connection, reply: OutboundReply): Json | undefined =>
  readText(connection, reply, reply.body.toString('utf8'))

/** The same, of a text that was decoded already. */
export const readText = (
  { element }: Connection,
  reply: OutboundReply,
  text: string,
  reads: 'json' | 'xml' = 'json',
): Json | undefined => {
  if (text.trim() === '') return undefined
  const body = reads === 'xml' ? xmlIn(text) : parseBody(text)
  if (body !== undefined) return body
  throw new AppError(
    'provider-failed',
    `${element.title} answered ${reply.status} with a body that is no ${reads.toUpperCase()}.`,
    {
      hop: 'provider',
      retryable: true,
      providerMessage: reply.masked(
        `HTTP ${reply.status} with ${reply.headers['content-type'] ?? 'no content type'}`,
      ),
    },
  )
}
