import type { Auth } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'
import type { OutboundReply } from '#src/outbound/index.ts'
import type { LoginContext, TokenCallContext } from './grant.ts'
import { correlationIdOf, parseBody, retryAfterSeconds, ruleFor, wordsOf } from './refusal.ts'

/**
 * Somebody connects by a `code`, a `password`, or a `brought-token` to refresh; or a connection is kept alive
 * (`renew`), moved to another login (`migrate`), or the `application` itself asks.
 */
export type TokenPurpose =
  | 'code'
  | 'password'
  | 'brought-token'
  | 'renew'
  | 'migrate'
  | 'application'
  | 'request-token'
  | 'verifier'

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

/** A base URL as it is called, when it is the vendor's own; else null. */
export const ownBaseUrl = ({ element, site }: LoginContext<Auth>, text: string): string | null => {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !element.vendor.isOwnUrl(url, site)) return null
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
}

/** A base URL that a token reply names; null when it is not the vendor's own, undefined when it names none. */
export const toldBaseUrl = (context: TokenCallContext, reply: JsonObject): string | null | undefined => {
  const { baseUrlField } = context.auth
  const told = baseUrlField === undefined ? undefined : reply[baseUrlField]
  if (typeof told !== 'string' || told === '') return undefined
  return ownBaseUrl(context, told)
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

/** What is said where a vendor names a host that is not its own. */
export const notOwn = ({ element }: LoginContext<unknown>): AppError =>
  new AppError(
    'provider-refused',
    `${element.title} named a host for this connection that is not its own; nothing was sent there.`,
    { hop: 'provider' },
  )

/** @param words masked, whole: they are cut here. */
export const notRevoked = ({ element }: LoginContext<unknown>, status: number, words: string): AppError =>
  new AppError(
    'provider-failed',
    `${element.title} answered ${status} to the revocation: ${words.slice(0, 200)}`,
    {
      hop: 'provider',
    },
  )

/** A refusal, read. */
export interface RefusalFacts {
  readonly status: number
  /** The vendor's words, with its own code. */
  readonly told: string
  readonly means: 'ended' | 'elsewhere' | 'passing'
  readonly isRateLimit: boolean
  readonly correlationId?: string
  readonly retryAfterSeconds?: number
}

/** What a person sends to be connected again: id and token stay. */
const howToReconnect = ({ element, auth }: LoginContext<Auth>): string =>
  auth.kind === 'oauth2-password'
    ? `Connect the instance again: send a new configuration.${auth.passwordKey} with PATCH /instances/{id}; id and token stay.`
    : `Connect the instance again: ask for its /elements/${element.key}/oauth/url, let a person consent, and send the new providerData.code with PUT /instances/{id}; id and token stay.`

/** Why somebody who connects now was refused, by what was sent. */
const refusedSentence = ({ element, auth }: LoginContext<Auth>, purpose: TokenPurpose, told: string) => {
  const { title } = element
  switch (purpose) {
    case 'code':
      return `${title} refused providerData.code: ${told}. Check the API key and secret; a code can be used once, within minutes, with the key and callback URL that asked for it.`
    case 'password': {
      const key = auth.kind === 'oauth2-password' ? auth.passwordKey : 'password'
      const hint = auth.kind === 'oauth2-password' ? ` ${auth.hint}` : ''
      return `${title} refused configuration.${key}: ${told}.${hint}`
    }
    case 'brought-token':
      return `${title} refused the refresh token or its application: ${told}. Send the API key and secret that the token was made for.`
    case 'migrate':
      return `${title} did not move this connection: ${told}. It stays as it was.`
    case 'application':
      return `${title} gave the application no token: ${told}. Check apiKey and apiSecret.`
    case 'request-token':
      return `${title} gave no request token: ${told}. Check apiKey, apiSecret and callbackUrl.`
    case 'verifier':
      return `${title} refused providerData.oauth_verifier: ${told}. It can be used once, with the oauth_token and secret that it was given for; begin again with GET .../oauth/token.`
    case 'renew':
      return undefined
  }
}

/** What a refused token call is to the caller. Only what the login declares as `ended` ends a connection. */
export const toldRefusal = (
  context: LoginContext<Auth>,
  purpose: TokenPurpose,
  facts: RefusalFacts,
): AppError => {
  const { element } = context
  const { status, told, means, correlationId, retryAfterSeconds: after } = facts
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
  if (facts.isRateLimit) {
    return new AppError(
      'provider-rate-limited',
      `${element.title} gives no token now, because too many are asked for: ${told}. Try again later.`,
      passing,
    )
  }
  const endsRenewal = means === 'ended' && (purpose === 'renew' || purpose === 'brought-token')
  if (endsRenewal) {
    return new AppError(
      'needs-reconnect',
      `${element.title} refused to renew this connection: ${told}. ${howToReconnect(context)}`,
      details,
    )
  }
  const sentence = status < 500 ? refusedSentence(context, purpose, told) : undefined
  if (sentence !== undefined) return new AppError('provider-refused', sentence, details)
  const check =
    status < 500 ? ` If it lasts, let the application and the account be checked at ${element.title}.` : ''
  return new AppError(
    'provider-failed',
    `${element.title} could not give a token (HTTP ${status}): ${told}. The connection stays; try again later.${check}`,
    passing,
  )
}

/** What a refusal of an ordinary token address is to the caller. */
export const refusal = (context: TokenCallContext, reply: OutboundReply, purpose: TokenPurpose): AppError => {
  const { element } = context
  const text = reply.body.toString('utf8')
  const fields = fieldsIn(reply)
  const error = typeof fields.error === 'string' ? fields.error : `HTTP ${reply.status}`
  const code = codeIn(context, fields)
  const words = wordsOf(element, reply) ?? reply.masked(error)
  const correlationId = correlationIdOf(element, reply)
  const after = retryAfterSeconds(reply)
  return toldRefusal(context, purpose, {
    status: reply.status,
    told: `${words} ${reply.masked(`(${error}${code === undefined ? '' : `, code ${code}`})`)}`,
    means: meaningOf(context, reply),
    isRateLimit: ruleFor(element, reply.status, text).as === 'provider-rate-limited',
    ...(correlationId === undefined ? {} : { correlationId }),
    ...(after === undefined ? {} : { retryAfterSeconds: after }),
  })
}
