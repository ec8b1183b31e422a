import * as oauth from 'oauth4webapi'
import type { Element, OauthCode, Site } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'
import type { Outbound, OutboundReply, SentCall } from '#src/outbound/index.ts'
import { waitBefore } from './call.ts'
import {
  didNothing,
  elsewhereIn,
  parsedBody,
  refusal,
  type TokenPurpose,
  toldBaseUrl,
} from './oauth-refusal.ts'

/** What a vendor granted. Kept encrypted; the refresh token is replaced by the one of every reply. */
export interface Grant {
  readonly accessToken: string
  readonly refreshToken: string | null
  /** When the access token ends. */
  readonly expiresAt: Date
  /** When the refresh token ends unless it is used before; null: not told and not known. */
  readonly refreshExpiresAt: Date | null
  readonly baseUrl: string
  readonly scopes: readonly string[]
}

/** The application that a customer registered with the vendor. */
export interface OauthClient {
  readonly apiKey: string
  readonly apiSecret: string
}

export interface TokenCallContext {
  readonly outbound: Outbound
  readonly element: Element
  readonly auth: OauthCode
  readonly site: Site
  readonly client: OauthClient
  readonly record: (call: SentCall) => void
  readonly signal?: AbortSignal
}

/** For a token call with all its repetitions. */
const tokenTimeoutMs = 20_000
/** RFC 6749 only recommends `expires_in`; without it a short life is assumed. */
const assumedLifeSeconds = 600

/** The vendor's page where a person consents (RFC 6749 4.1.1). */
export const authorizeUrl = (
  auth: OauthCode,
  site: Site,
  input: {
    readonly apiKey: string
    readonly callbackUrl: string
    readonly state: string
    readonly scope: string | undefined
  },
): string => {
  const query = new URLSearchParams({
    client_id: input.apiKey,
    redirect_uri: input.callbackUrl,
    scope: input.scope ?? auth.scopes.join(auth.scopeSeparator),
    response_type: 'code',
    state: input.state,
  })
  return `${site.authorizeUrl}${auth.authorizePath}?${query.toString().replaceAll('+', '%20')}`
}

const sendForm = (context: TokenCallContext, url: string, body: URLSearchParams): Promise<OutboundReply> => {
  const { element, outbound, record, signal } = context
  return outbound.sendWithRetry(
    {
      method: 'POST',
      url,
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      body: body.toString(),
      timeoutMs: tokenTimeoutMs,
      purpose: 'vendor',
      correlationHeader: element.vendor.correlationHeader,
      record,
      ...(signal === undefined ? {} : { signal }),
    },
    (outcome, attempt) =>
      'reply' in outcome && didNothing(context, outcome.reply)
        ? waitBefore(element, { repeatable: true }, outcome.reply, attempt)
        : null,
    // Not the caller's deadline: a renewal that is cut off may lose the token that the vendor just made.
    Date.now() + tokenTimeoutMs,
  )
}

/** The library wants a fetch and a Response; this carries both over our own socket, keeping the reply. */
const carrier = (context: TokenCallContext) => {
  const seen: { reply?: OutboundReply } = {}
  const carry = async (url: string, options: { readonly body: URLSearchParams }): Promise<Response> => {
    const reply = await sendForm(context, url, options.body)
    seen.reply = reply
    const body = parsedBody(reply)
    if (!isJsonObject(body)) return new Response(reply.body.toString('utf8'), { status: reply.status })
    // The identity token is not used, and its issuer is not what the library would demand.
    const { id_token: _unused, ...rest } = body
    return new Response(JSON.stringify(rest), {
      status: reply.status,
      headers: { 'content-type': 'application/json' },
    })
  }
  return { seen, carry }
}

const seconds = (value: Json | undefined): number | null => {
  const number = typeof value === 'string' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) && number > 0 ? number : null
}

const refreshEnd = (auth: OauthCode, reply: JsonObject, now: number): Date | null => {
  const told = auth.refreshExpiresField === undefined ? null : seconds(reply[auth.refreshExpiresField])
  if (told !== null) return new Date(told * 1000)
  return auth.refreshIdleDays === undefined ? null : new Date(now + auth.refreshIdleDays * 86_400_000)
}

const grantFrom = (
  auth: OauthCode,
  reply: oauth.TokenEndpointResponse,
  refreshTokenBefore: string | null,
  baseUrl: string,
): Grant => {
  const fields = reply as unknown as JsonObject
  const now = Date.now()
  const life = seconds(fields.expires_in) ?? assumedLifeSeconds
  return {
    accessToken: reply.access_token,
    refreshToken: reply.refresh_token ?? refreshTokenBefore,
    expiresAt: new Date(now + life * 1000),
    refreshExpiresAt: refreshEnd(auth, fields, now),
    baseUrl,
    scopes:
      typeof reply.scope === 'string' ? reply.scope.split(/[\s,]+/).filter((scope) => scope !== '') : [],
  }
}

type TokenRequest = (
  server: oauth.AuthorizationServer,
  client: oauth.Client,
  clientAuth: oauth.ClientAuth,
  options: oauth.TokenEndpointRequestOptions,
) => Promise<oauth.TokenEndpointResponse>

type Told = { readonly granted: oauth.TokenEndpointResponse } | { readonly refused: OutboundReply }

const askAt = async (context: TokenCallContext, baseUrl: string, request: TokenRequest): Promise<Told> => {
  const { seen, carry } = carrier(context)
  const tokenUrl = `${baseUrl}${context.auth.tokenPath}`
  const server: oauth.AuthorizationServer = { issuer: tokenUrl, token_endpoint: tokenUrl }
  const client: oauth.Client = { client_id: context.client.apiKey }
  const options: oauth.TokenEndpointRequestOptions = {
    [oauth.customFetch]: carry as NonNullable<oauth.TokenEndpointRequestOptions[typeof oauth.customFetch]>,
    // Whether a host may be called without TLS is decided where sockets are opened.
    [oauth.allowInsecureRequests]: true,
  }
  try {
    return {
      granted: await request(server, client, oauth.ClientSecretPost(context.client.apiSecret), options),
    }
  } catch (error) {
    if (error instanceof AppError || seen.reply === undefined) throw error
    if (seen.reply.status >= 400) return { refused: seen.reply }
    throw new AppError(
      'provider-failed',
      `${context.element.title} answered the token call with something that is no token.`,
      { hop: 'provider', retryable: true },
      { cause: error },
    )
  }
}

/** Asks at `baseUrl`, and once more where the vendor says that it must be asked; `movedTo` is that base URL. */
const askToken = async (
  context: TokenCallContext,
  baseUrl: string,
  purpose: TokenPurpose,
  request: TokenRequest,
): Promise<{ readonly granted: oauth.TokenEndpointResponse; readonly movedTo?: string }> => {
  const first = await askAt(context, baseUrl, request)
  if ('granted' in first) return first
  const movedTo = elsewhereIn(context, first.refused)
  if (movedTo === undefined) throw refusal(context, first.refused, purpose)
  const second = await askAt(context, movedTo, request)
  if ('granted' in second) return { ...second, movedTo }
  throw refusal(context, second.refused, purpose)
}

const notOwn = ({ element }: TokenCallContext): AppError =>
  new AppError(
    'provider-refused',
    `${element.title} named a host for this connection that is not its own; nothing was sent there.`,
    { hop: 'provider' },
  )

/**
 * Trades an authorization code for a grant (RFC 6749 4.1.3).
 * @throws AppError `provider-refused` with the vendor's words, or the way's failure.
 */
export const exchangeCode = async (
  context: TokenCallContext,
  input: { readonly code: string; readonly callbackUrl: string },
): Promise<Grant> => {
  const { auth, site } = context
  const { granted, movedTo } = await askToken(
    context,
    site.tokenUrl,
    'code',
    async (server, client, clientAuth, options) => {
      const parameters = new URLSearchParams({ code: input.code })
      const checked = oauth.validateAuthResponse(server, client, parameters, oauth.skipStateCheck)
      const response = await oauth.authorizationCodeGrantRequest(
        server,
        client,
        clientAuth,
        checked,
        input.callbackUrl,
        oauth.nopkce,
        options,
      )
      return oauth.processAuthorizationCodeResponse(server, client, response)
    },
  )
  const told = toldBaseUrl(context, granted as unknown as JsonObject)
  if (told === null) throw notOwn(context)
  return grantFrom(auth, granted, null, told ?? movedTo ?? site.apiUrl)
}

/** Keeps the last call back, so that what its reply turned out to be can be noted with it. */
const holdLast = (record: TokenCallContext['record']) => {
  let last: SentCall | undefined
  const release = (error?: string): void => {
    if (last !== undefined) record(error === undefined ? last : { ...last, error })
    last = undefined
  }
  return {
    release,
    record: (call: SentCall): void => {
      release()
      last = call
    },
  }
}

/**
 * Renews a grant at the host that the last token reply named (RFC 6749 6). A reply that names a foreign host
 * does not move the connection there, yet its tokens are kept, for the former ones may be dead: the call is
 * recorded with the error `foreign-base-url`. Whoever connects now (`brought-token`) is refused instead.
 * @throws AppError `needs-reconnect` with the vendor's words when the grant has ended; `provider-failed` or
 * `provider-rate-limited` when it has not; the way's failure.
 */
export const refreshGrant = async (
  context: TokenCallContext,
  grant: Pick<Grant, 'refreshToken' | 'baseUrl'>,
  purpose: Exclude<TokenPurpose, 'code'> = 'renew',
): Promise<Grant> => {
  const { auth, element } = context
  const { refreshToken } = grant
  if (refreshToken === null) {
    throw new AppError(
      'needs-reconnect',
      `This connection has ended and ${element.title} gave no refresh token. Connect the instance again.`,
      { hop: 'provider' },
    )
  }
  const calls = holdLast(context.record)
  try {
    const { granted, movedTo } = await askToken(
      { ...context, record: calls.record },
      grant.baseUrl,
      purpose,
      async (server, client, clientAuth, options) => {
        const response = await oauth.refreshTokenGrantRequest(
          server,
          client,
          clientAuth,
          refreshToken,
          options,
        )
        return oauth.processRefreshTokenResponse(server, client, response)
      },
    )
    const told = toldBaseUrl(context, granted as unknown as JsonObject)
    if (told === null) calls.release('foreign-base-url')
    if (told === null && purpose !== 'renew') throw notOwn(context)
    return grantFrom(auth, granted, refreshToken, told ?? movedTo ?? grant.baseUrl)
  } finally {
    calls.release()
  }
}
