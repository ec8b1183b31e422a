import type {
  CodedRefusal,
  CodedReply,
  OauthClient,
  OauthCoded,
  Principal,
  TokenPort,
  TokenReply,
} from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { OutboundReply, SentCall } from '#src/outbound/index.ts'
import { type Credentials, type Grant, type LoginContext, type Renewable, tokenTimeoutMs } from './grant.ts'
import { notOwn, notRevoked, ownBaseUrl, type TokenPurpose, toldRefusal } from './oauth-refusal.ts'
import { correlationIdOf, retryAfterSeconds, ruleFor } from './refusal.ts'

type Coded = LoginContext<OauthCoded>

/** Where a coded login tells no end, a year is too long to trust and an hour too short. */
const assumedLifeMs = 86_400_000

interface Port extends TokenPort {
  readonly lastReply: () => OutboundReply | undefined
  /** A text about the last call without the secrets that it carried. */
  readonly masked: (text: string) => string
}

/** A path as it is logged: a login may have to name the application in it. */
const hidden = (call: SentCall, { apiKey, apiSecret }: OauthClient): SentCall => ({
  ...call,
  path: [apiKey, apiSecret]
    .filter((secret) => secret !== '')
    .reduce((path, secret) => path.replaceAll(encodeURIComponent(secret), '***'), call.path),
})

const portOf = ({ element, outbound, client, record }: Coded): Port => {
  let last: OutboundReply | undefined
  return {
    lastReply: () => last,
    masked: (text) => last?.masked(text) ?? text,
    send: async ({ method, url, headers, body }): Promise<TokenReply> => {
      const reply = await outbound.send({
        method,
        url,
        headers,
        ...(body === undefined ? {} : { body }),
        timeoutMs: tokenTimeoutMs,
        purpose: 'token',
        correlationHeader: element.vendor.correlationHeader,
        record: (call) => record(hidden(call, client)),
      })
      last = reply
      const text = reply.body.toString('utf8')
      // Of a refusal only words are read, which may be cut: half a secret would not be found any more.
      return { status: reply.status, text: reply.status >= 400 ? reply.masked(text) : text }
    },
  }
}

const refused = (context: Coded, port: Port, refusal: CodedRefusal, purpose: TokenPurpose): AppError => {
  const { element } = context
  const reply = port.lastReply()
  const correlationId = reply === undefined ? undefined : correlationIdOf(element, reply)
  const after = reply === undefined ? undefined : retryAfterSeconds(reply)
  const text = reply?.body.toString('utf8') ?? ''
  return toldRefusal(context, purpose, {
    status: refusal.status,
    told: port.masked(refusal.words),
    means: refusal.means,
    isRateLimit: ruleFor(element, refusal.status, text).as === 'provider-rate-limited',
    ...(correlationId === undefined ? {} : { correlationId }),
    ...(after === undefined ? {} : { retryAfterSeconds: after }),
  })
}

/** What a reply grants. A renewal that names a foreign host stays where it was, as `refreshGrant` does. */
const grantOf = (
  context: Coded,
  port: Port,
  reply: CodedReply,
  purpose: TokenPurpose,
  before: Renewable | null,
): Grant => {
  if ('refused' in reply) throw refused(context, port, reply.refused, purpose)
  const { accessToken, refreshToken, expiresAt, baseUrl } = reply.granted
  const own = baseUrl === null ? undefined : ownBaseUrl(context, baseUrl)
  if (own === null && purpose !== 'renew') throw notOwn(context)
  return {
    accessToken,
    refreshToken: refreshToken ?? before?.refreshToken ?? null,
    expiresAt: expiresAt ?? new Date(Date.now() + assumedLifeMs),
    refreshExpiresAt: null,
    baseUrl: own ?? before?.baseUrl ?? context.site.apiUrl,
    scopes: before?.scopes ?? [],
    subject: before?.subject ?? null,
  }
}

/** Trades a code. @throws AppError `provider-refused` with the vendor's words, or the way's failure. */
export const exchangeCoded = async (context: Coded, code: string): Promise<Grant> => {
  const { auth, site, client } = context
  const port = portOf(context)
  return grantOf(context, port, await auth.exchange(port, { site, client, code }), 'code', null)
}

/** Logs in by name and password. @throws AppError `bad-request` where the login takes none. */
export const nativeCoded = async (
  context: Coded,
  { username, password }: Extract<Credentials, { kind: 'password' }>,
): Promise<Grant> => {
  const { auth, site, client } = context
  if (auth.native === undefined) {
    throw new AppError('bad-request', `authentication.type: '${auth.type}' takes no name and password.`)
  }
  const port = portOf(context)
  const reply = await auth.native.exchange(port, { site, client, username, password })
  return grantOf(context, port, reply, 'password', null)
}

const renewalOf = (context: Coded, grant: Renewable) => ({
  client: context.client,
  baseUrl: grant.baseUrl,
  accessToken: grant.accessToken,
  refreshToken: grant.refreshToken,
})

/** Renews. @throws AppError as `refreshGrant`. */
export const refreshCoded = async (
  context: Coded,
  grant: Renewable,
  purpose: TokenPurpose,
): Promise<Grant> => {
  const port = portOf(context)
  const reply = await context.auth.refresh(port, renewalOf(context, grant))
  return grantOf(context, port, reply, purpose, grant)
}

/** @throws AppError `provider-failed` with the vendor's words. */
export const revokeCoded = async (context: Coded, grant: Renewable): Promise<boolean> => {
  const { status, text } = await context.auth.revoke(portOf(context), renewalOf(context, grant))
  if (status < 300) return true
  throw notRevoked(context, status, text)
}

/**
 * Trades the tokens of a login that is given up for a refresh token of the element's first login.
 * @throws AppError `bad-request` where there is nothing to migrate from, `provider-refused` with the vendor's words.
 */
export const migrateCoded = async (
  context: Coded,
  grant: Renewable,
  input: {
    readonly client: Coded['client']
    readonly principal: Principal
    readonly applicationToken: string
  },
): Promise<string> => {
  const { auth, element, site } = context
  if (auth.migrate === undefined) {
    throw new AppError('bad-request', `authentication.type: ${element.title} has no way from '${auth.type}'.`)
  }
  const port = portOf(context)
  const reply = await auth.migrate(port, {
    oldClient: context.client,
    site,
    ...input,
    accessToken: grant.accessToken,
    refreshToken: grant.refreshToken,
  })
  if ('migrated' in reply) return reply.migrated.refreshToken
  throw refused(context, port, reply.refused, 'migrate')
}
