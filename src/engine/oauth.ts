import * as oauth from 'oauth4webapi'
import type { Element, OauthCode, Site } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'
import type { Outbound, OutboundReply, SentCall } from '#src/outbound/index.ts'
import { vendorWords } from './call.ts'

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
  return outbound.send({
    method: 'POST',
    url,
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: body.toString(),
    timeoutMs: tokenTimeoutMs,
    purpose: 'vendor',
    correlationHeader: element.vendor.correlationHeader,
    record,
    ...(signal === undefined ? {} : { signal }),
  })
}

const parsed = (reply: OutboundReply): Json | undefined => {
  try {
    return JSON.parse(reply.body.toString('utf8')) as Json
  } catch {
    return undefined
  }
}

const refusal = (context: TokenCallContext, reply: OutboundReply, renewing: boolean): AppError => {
  const { element } = context
  const body = parsed(reply)
  const error = isJsonObject(body) && typeof body.error === 'string' ? body.error : `HTTP ${reply.status}`
  const code = isJsonObject(body) && body.code !== undefined ? `, code ${String(body.code)}` : ''
  const words = vendorWords(element, reply.body.toString('utf8')) ?? error
  const correlationId = reply.headers[element.vendor.correlationHeader]
  const details = {
    hop: 'provider',
    providerMessage: `${words} (${error}${code})`,
    ...(correlationId === undefined ? {} : { providerCorrelationId: correlationId }),
  } as const
  if (reply.status >= 500 || reply.status === 429) {
    return new AppError(
      'provider-failed',
      `${element.title} could not give a token (HTTP ${reply.status}): ${words}.`,
      {
        ...details,
        retryable: true,
      },
    )
  }
  return renewing
    ? new AppError(
        'needs-reconnect',
        `${element.title} refused to renew this connection: ${words} (${error}${code}). Connect the instance again: ask for its /elements/${element.key}/oauth/url, let a person consent, and create the instance with the new code.`,
        details,
      )
    : new AppError(
        'provider-refused',
        `${element.title} refused providerData.code: ${words} (${error}${code}). A code can be used once, within minutes, with the same API key, secret and callback URL that asked for it.`,
        details,
      )
}

/** The library wants a fetch and a Response; this carries both over our own socket, keeping the reply. */
const carrier = (context: TokenCallContext) => {
  const seen: { reply?: OutboundReply } = {}
  const carry = async (url: string, options: { readonly body: URLSearchParams }): Promise<Response> => {
    const reply = await sendForm(context, url, options.body)
    seen.reply = reply
    const body = parsed(reply)
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

/** A base URL out of a token reply is followed only to the vendor's own hosts. */
const baseUrlIn = (context: TokenCallContext, reply: JsonObject, before: string): string => {
  const told = context.auth.baseUrlField === undefined ? undefined : reply[context.auth.baseUrlField]
  if (typeof told !== 'string' || told === '') return before
  const url = URL.canParse(told) ? new URL(told) : null
  if (url === null || !context.element.vendor.isOwnUrl(url)) {
    throw new AppError(
      'provider-refused',
      `${context.element.title} named a host for this connection that is not its own; nothing was sent there.`,
      { hop: 'provider' },
    )
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
}

const grantFrom = (
  context: TokenCallContext,
  reply: oauth.TokenEndpointResponse,
  before: { readonly refreshToken: string | null; readonly baseUrl: string },
): Grant => {
  const fields = reply as unknown as JsonObject
  const now = Date.now()
  const life = seconds(fields.expires_in) ?? assumedLifeSeconds
  return {
    accessToken: reply.access_token,
    refreshToken: reply.refresh_token ?? before.refreshToken,
    expiresAt: new Date(now + life * 1000),
    refreshExpiresAt: refreshEnd(context.auth, fields, now),
    baseUrl: baseUrlIn(context, fields, before.baseUrl),
    scopes:
      typeof reply.scope === 'string' ? reply.scope.split(/[\s,]+/).filter((scope) => scope !== '') : [],
  }
}

const askToken = async (
  context: TokenCallContext,
  tokenUrl: string,
  renewing: boolean,
  request: (
    server: oauth.AuthorizationServer,
    client: oauth.Client,
    clientAuth: oauth.ClientAuth,
    options: oauth.TokenEndpointRequestOptions,
  ) => Promise<oauth.TokenEndpointResponse>,
): Promise<oauth.TokenEndpointResponse> => {
  const { seen, carry } = carrier(context)
  const server: oauth.AuthorizationServer = { issuer: tokenUrl, token_endpoint: tokenUrl }
  const client: oauth.Client = { client_id: context.client.apiKey }
  const options: oauth.TokenEndpointRequestOptions = {
    [oauth.customFetch]: carry as NonNullable<oauth.TokenEndpointRequestOptions[typeof oauth.customFetch]>,
    // Whether a host may be called without TLS is decided where sockets are opened.
    [oauth.allowInsecureRequests]: true,
  }
  try {
    return await request(server, client, oauth.ClientSecretPost(context.client.apiSecret), options)
  } catch (error) {
    if (error instanceof AppError) throw error
    if (seen.reply !== undefined && seen.reply.status >= 400) throw refusal(context, seen.reply, renewing)
    if (seen.reply === undefined) throw error
    throw new AppError(
      'provider-failed',
      `${context.element.title} answered the token call with something that is no token.`,
      { hop: 'provider', retryable: true },
      { cause: error },
    )
  }
}

/**
 * Trades an authorization code for a grant (RFC 6749 4.1.3).
 * @throws AppError `provider-refused` with the vendor's words, or the way's failure.
 */
export const exchangeCode = async (
  context: TokenCallContext,
  input: { readonly code: string; readonly callbackUrl: string },
): Promise<Grant> => {
  const tokenUrl = `${context.site.tokenUrl}${context.auth.tokenPath}`
  const reply = await askToken(context, tokenUrl, false, async (server, client, clientAuth, options) => {
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
  })
  return grantFrom(context, reply, { refreshToken: null, baseUrl: context.site.apiUrl })
}

/**
 * Renews a grant at the host that the last token reply named (RFC 6749 6).
 * @throws AppError `needs-reconnect` with the vendor's words when it is refused.
 */
export const refreshGrant = async (context: TokenCallContext, grant: Grant): Promise<Grant> => {
  const { refreshToken } = grant
  if (refreshToken === null) {
    throw new AppError(
      'needs-reconnect',
      `This connection has ended and ${context.element.title} gave no refresh token. Connect the instance again.`,
      { hop: 'provider' },
    )
  }
  const tokenUrl = `${grant.baseUrl}${context.auth.tokenPath}`
  const reply = await askToken(context, tokenUrl, true, async (server, client, clientAuth, options) => {
    const response = await oauth.refreshTokenGrantRequest(server, client, clientAuth, refreshToken, options)
    return oauth.processRefreshTokenResponse(server, client, response)
  })
  return grantFrom(context, reply, { refreshToken, baseUrl: grant.baseUrl })
}
