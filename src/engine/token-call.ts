import * as oauth from 'oauth4webapi'
import { AppError } from '#src/lib/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'
import type { OutboundReply } from '#src/outbound/index.ts'
import { waitAfterReply } from './attempts.ts'
import { type TokenCallContext, tokenTimeoutMs } from './grant.ts'
import { didNothing, elsewhereIn, parsedBody, refusal, type TokenPurpose } from './oauth-refusal.ts'

/** A form as the library makes it; its headers tell the application where that is not in the body. */
interface SentForm {
  readonly body: URLSearchParams
  readonly headers: { readonly authorization?: string }
}

/**
 * @param deadlineMs for all repetitions together. Not the caller's: a renewal that is cut off may lose the token
 * that the vendor just made.
 */
const sendForm = (
  context: TokenCallContext,
  url: string,
  { body, headers }: SentForm,
  deadlineMs: number,
): Promise<OutboundReply> => {
  const { element, outbound, record, signal } = context
  return outbound.sendWithRetry(
    {
      method: 'POST',
      url,
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        ...(headers.authorization === undefined ? {} : { authorization: headers.authorization }),
      },
      secrets: [context.client.apiSecret],
      body: body.toString(),
      timeoutMs: tokenTimeoutMs,
      purpose: 'token',
      correlationHeader: element.vendor.correlationHeader,
      record,
      ...(signal === undefined ? {} : { signal }),
    },
    {
      decide: (outcome, attempt) =>
        'reply' in outcome && didNothing(context, outcome.reply)
          ? waitAfterReply(element, outcome.reply, attempt)
          : null,
      deadlineMs,
    },
  )
}

/**
 * What a token reply says. Of a login whose replies are loose a form is read, and the type that it tells is not looked
 * at: the login says how calls are signed.
 */
const grantedIn = ({ auth }: TokenCallContext, reply: OutboundReply): Json | undefined => {
  const body = parsedBody(reply)
  if (auth.looseReplies !== true || reply.status >= 300) return body
  const form = (): JsonObject => Object.fromEntries(new URLSearchParams(reply.body.toString('utf8').trim()))
  const fields = isJsonObject(body) ? body : form()
  return typeof fields.access_token === 'string' ? { ...fields, token_type: 'bearer' } : body
}

/** What the library is to look at of a loose reply: the rest is read by `grantFrom`, which is not strict. */
const loosely = ({ access_token, token_type, error, error_description }: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries({ access_token, token_type, error, error_description }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  )

/** The library wants a fetch and a Response; this carries both over our own socket, keeping the reply. */
const carrier = (context: TokenCallContext, deadlineMs: number) => {
  const seen: { reply?: OutboundReply; body?: JsonObject } = {}
  const carry = async (url: string, options: SentForm): Promise<Response> => {
    const reply = await sendForm(context, url, options, deadlineMs)
    seen.reply = reply
    const body = grantedIn(context, reply)
    if (!isJsonObject(body)) return new Response(reply.body.toString('utf8'), { status: reply.status })
    seen.body = body
    // Its issuer is not what the library would demand; who granted is read out of it by `grantFrom`.
    const { id_token: _unused, ...rest } = context.auth.looseReplies === true ? loosely(body) : body
    return new Response(JSON.stringify(rest), {
      status: reply.status,
      headers: { 'content-type': 'application/json' },
    })
  }
  return { seen, carry }
}

/** A URL with more in its query. */
export const urlWith = (url: string, query: string): string =>
  `${url}${url.includes('?') ? '&' : '?'}${query}`

/** One request of the library, with its reply checked. */
export type TokenRequestOf = (
  server: oauth.AuthorizationServer,
  client: oauth.Client,
  clientAuth: oauth.ClientAuth,
  options: oauth.TokenEndpointRequestOptions,
) => Promise<oauth.TokenEndpointResponse>

type Told = { readonly granted: JsonObject } | { readonly refused: OutboundReply }

const askAt = async (
  context: TokenCallContext,
  baseUrl: string,
  request: TokenRequestOf,
  deadlineMs: number,
): Promise<Told> => {
  const { seen, carry } = carrier(context, deadlineMs)
  const tokenUrl = `${baseUrl}${context.auth.tokenPath}`
  const { apiKey, apiSecret } = context.client
  const inHeader = context.auth.settings?.(context.configured).clientIn === 'header'
  const server: oauth.AuthorizationServer = { issuer: tokenUrl, token_endpoint: tokenUrl }
  const client: oauth.Client = { client_id: apiKey }
  const options: oauth.TokenEndpointRequestOptions = {
    [oauth.customFetch]: carry as NonNullable<oauth.TokenEndpointRequestOptions[typeof oauth.customFetch]>,
    // Whether a host may be called without TLS is decided where sockets are opened.
    [oauth.allowInsecureRequests]: true,
  }
  try {
    await request(
      server,
      client,
      inHeader ? oauth.ClientSecretBasic(apiSecret) : oauth.ClientSecretPost(apiSecret),
      options,
    )
    return { granted: seen.body ?? {} }
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

/** What the token address granted; `movedTo`: the base URL that it had to be asked at instead. */
export interface TokenAnswer {
  readonly granted: JsonObject
  readonly movedTo?: string
}

/**
 * Asks at `baseUrl`, and once more where the vendor says that it must be asked.
 * @throws AppError as `refusal` says, or the way's failure.
 */
export const askToken = async (
  context: TokenCallContext,
  baseUrl: string,
  purpose: TokenPurpose,
  request: TokenRequestOf,
): Promise<TokenAnswer> => {
  const deadlineMs = Date.now() + tokenTimeoutMs
  const first = await askAt(context, baseUrl, request, deadlineMs)
  if ('granted' in first) return first
  const movedTo = elsewhereIn(context, first.refused)
  if (movedTo === undefined) throw refusal(context, first.refused, purpose)
  const second = await askAt(context, movedTo, request, deadlineMs)
  if ('granted' in second) return { ...second, movedTo }
  throw refusal(context, second.refused, purpose)
}
