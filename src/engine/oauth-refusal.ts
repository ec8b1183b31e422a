import { AppError } from '#src/lib/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'
import type { OutboundReply } from '#src/outbound/index.ts'
import { parseBody, retryAfterSeconds, ruleFor, vendorWords } from './call.ts'
import type { TokenCallContext } from './oauth.ts'

/** Somebody connects by a `code`, or by a `brought-token` to refresh; or a connection is kept alive. */
export type TokenPurpose = 'code' | 'brought-token' | 'renew'

/** A reply's body as JSON, undefined when it is none. */
export const parsedBody = (reply: OutboundReply): Json | undefined => parseBody(reply.body.toString('utf8'))

const fieldsIn = (reply: OutboundReply): JsonObject => {
  const body = parsedBody(reply)
  return isJsonObject(body) ? body : {}
}

const codeIn = ({ auth }: TokenCallContext, fields: JsonObject): string | undefined => {
  const code = auth.refusalCodeField === undefined ? undefined : fields[auth.refusalCodeField]
  return typeof code === 'string' || typeof code === 'number' ? String(code) : undefined
}

const meaningOf = (context: TokenCallContext, reply: OutboundReply): 'ended' | 'elsewhere' | 'passing' => {
  // A failure or a limit says nothing about the grant, whatever its body holds.
  if (reply.status >= 500 || reply.status === 429) return 'passing'
  const fields = fieldsIn(reply)
  const code = codeIn(context, fields)
  const rule = context.auth.refusals.find(({ when }) =>
    'codes' in when ? when.codes.some((one) => String(one) === code) : when.error === fields.error,
  )
  return rule?.means ?? 'passing'
}

/** A base URL that a token reply names; null when it is not the vendor's own, undefined when it names none. */
export const toldBaseUrl = (context: TokenCallContext, reply: JsonObject): string | null | undefined => {
  const { auth, element, site } = context
  const told = auth.baseUrlField === undefined ? undefined : reply[auth.baseUrlField]
  if (typeof told !== 'string' || told === '') return undefined
  const url = URL.canParse(told) ? new URL(told) : null
  if (url === null || !element.vendor.isOwnUrl(url, site)) return null
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
}

/** Where the vendor sends a refused request to, if that is its own host. */
export const elsewhereIn = (context: TokenCallContext, reply: OutboundReply): string | undefined =>
  meaningOf(context, reply) === 'elsewhere' ? (toldBaseUrl(context, fieldsIn(reply)) ?? undefined) : undefined

/**
 * Whether a refused token call certainly had no effect, so that it may be sent again: a rate limit, or a
 * service that does not take requests now (RFC 9110 15.6.4).
 */
export const didNothing = ({ element }: TokenCallContext, reply: OutboundReply): boolean =>
  reply.status === 503 ||
  (reply.status >= 400 &&
    ruleFor(element, reply.status, reply.body.toString('utf8')).as === 'provider-rate-limited')

/** What a refused token call is to the caller. Only what the element declares as `ended` ends a connection. */
export const refusal = (context: TokenCallContext, reply: OutboundReply, purpose: TokenPurpose): AppError => {
  const { element } = context
  const text = reply.body.toString('utf8')
  const fields = fieldsIn(reply)
  const error = typeof fields.error === 'string' ? fields.error : `HTTP ${reply.status}`
  const code = codeIn(context, fields)
  const words = vendorWords(element, text) ?? error
  const told = `${words} (${error}${code === undefined ? '' : `, code ${code}`})`
  const correlationId = reply.headers[element.vendor.correlationHeader]
  const after = retryAfterSeconds(reply)
  const details = {
    hop: 'provider',
    providerMessage: told,
    ...(correlationId === undefined ? {} : { providerCorrelationId: correlationId }),
  } as const
  const passing = {
    ...details,
    retryable: true,
    ...(after === undefined ? {} : { retryAfterSeconds: after }),
  }
  if (ruleFor(element, reply.status, text).as === 'provider-rate-limited') {
    return new AppError(
      'provider-rate-limited',
      `${element.title} gives no token now, because too many are asked for: ${words}. Try again later.`,
      passing,
    )
  }
  if (purpose === 'code' && reply.status < 500) {
    return new AppError(
      'provider-refused',
      `${element.title} refused providerData.code: ${told}. A code can be used once, within minutes, with the same API key, secret and callback URL that asked for it.`,
      details,
    )
  }
  if (meaningOf(context, reply) === 'ended') {
    return new AppError(
      'needs-reconnect',
      `${element.title} refused to renew this connection: ${told}. Connect the instance again: ask for its /elements/${element.key}/oauth/url, let a person consent, and send the new providerData.code with PUT /instances/{id}; id and token stay.`,
      details,
    )
  }
  if (purpose === 'brought-token' && reply.status < 500) {
    return new AppError(
      'provider-refused',
      `${element.title} refused the refresh token or its application: ${told}. Send the API key and secret that the token was made for.`,
      details,
    )
  }
  return new AppError(
    'provider-failed',
    `${element.title} could not give a token (HTTP ${reply.status}): ${told}. The connection stays; try again later.`,
    passing,
  )
}
