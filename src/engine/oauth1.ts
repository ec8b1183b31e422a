import type { Oauth1, Site } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { OutboundReply } from '#src/outbound/index.ts'
import { type Credentials, type Grant, grantOfKnown, type LoginContext, tokenTimeoutMs } from './grant.ts'
import { type TokenPurpose, toldRefusal } from './oauth-refusal.ts'
import { type Oauth1Keys, oauth1Header } from './oauth1-signature.ts'
import { correlationIdOf, retryAfterSeconds, ruleOf, wordsOf } from './refusal.ts'
import { urlWith } from './token-call.ts'

type Context = LoginContext<Oauth1>

/** A token and its secret (RFC 5849 2.1, 2.3). */
export interface TokenPair {
  readonly token: string
  readonly secret: string
}

const keysOf = ({ auth, client }: Context): Oauth1Keys => ({
  signature: auth.signature,
  consumerKey: client.apiKey,
  consumerSecret: client.apiSecret,
})

const refusalOf = (context: Context, reply: OutboundReply, purpose: TokenPurpose): AppError => {
  const { element } = context
  const correlationId = correlationIdOf(element, reply)
  const after = retryAfterSeconds(reply)
  return toldRefusal(context, purpose, {
    status: reply.status,
    told: wordsOf(element, reply) ?? `HTTP ${reply.status}`,
    means: 'passing',
    isRateLimit: ruleOf(element, reply).as === 'provider-rate-limited',
    ...(correlationId === undefined ? {} : { correlationId }),
    ...(after === undefined ? {} : { retryAfterSeconds: after }),
  })
}

const pairIn = ({ element }: Context, reply: OutboundReply): TokenPair => {
  const fields = new URLSearchParams(reply.body.toString('utf8').trim())
  const token = fields.get('oauth_token') ?? ''
  const secret = fields.get('oauth_token_secret')
  if (token !== '' && secret !== null) return { token, secret }
  throw new AppError(
    'provider-failed',
    `${element.title} answered the token call with something that is no token.`,
    { hop: 'provider', retryable: true },
  )
}

/** One token call. Nothing is repeated: each may have had its effect. */
const askPair = async (
  context: Context,
  url: string,
  keys: Oauth1Keys,
  more: Readonly<Record<string, string>>,
  purpose: TokenPurpose,
): Promise<TokenPair> => {
  const { element, outbound, record, signal } = context
  const reply = await outbound.send({
    method: 'POST',
    url,
    headers: { authorization: oauth1Header(keys, { method: 'POST', url }, more) },
    body: '',
    secrets: [keys.consumerSecret, keys.token ?? '', keys.tokenSecret ?? '', more['oauth_verifier'] ?? ''],
    timeoutMs: tokenTimeoutMs,
    purpose: 'token',
    correlationHeader: element.vendor.correlationHeader,
    record,
    ...(signal === undefined ? {} : { signal }),
  })
  if (reply.status >= 300) throw refusalOf(context, reply, purpose)
  return pairIn(context, reply)
}

/**
 * A request token, which a person is to agree to (RFC 5849 2.1).
 * @throws AppError `provider-refused` with the vendor's words, or the way's failure.
 */
export const requestTokenOf = (context: Context, callbackUrl: string): Promise<TokenPair> =>
  askPair(
    context,
    `${context.site.requestUrl ?? context.site.tokenUrl}${context.auth.requestPath}`,
    keysOf(context),
    { oauth_callback: callbackUrl },
    'request-token',
  )

/**
 * The page where a person agrees (RFC 5849 2.2).
 * @throws AppError `bad-request` where there is no request token.
 */
export const authorizeUrl = (auth: Oauth1, site: Site, requestToken: string | undefined): string => {
  if (requestToken === undefined || requestToken === '') {
    throw new AppError(
      'bad-request',
      'requestToken: missing. Ask GET .../oauth/token first, and send the token that it answers with.',
    )
  }
  const query = new URLSearchParams([['oauth_token', requestToken]]).toString()
  return urlWith(`${site.authorizeUrl}${auth.authorizePath}`, query)
}

/** Trades what a person agreed to (RFC 5849 2.3). @throws AppError as `requestTokenOf`. */
export const accessTokenOf = async (
  context: Context,
  { token, tokenSecret, verifier }: Extract<Credentials, { kind: 'verifier' }>,
): Promise<Grant> => {
  const pair = await askPair(
    context,
    `${context.site.tokenUrl}${context.auth.tokenPath}`,
    { ...keysOf(context), token, tokenSecret },
    { oauth_verifier: verifier },
    'verifier',
  )
  return grantOfKnown({ accessToken: pair.token, tokenSecret: pair.secret, baseUrl: context.site.apiUrl })
}
