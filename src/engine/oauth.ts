import * as oauth from 'oauth4webapi'
import {
  type Auth,
  type ConsentInput,
  hasConsent,
  isStandard,
  type OauthCoded,
  type Site,
  type SiteChoice,
  tellsBaseUrl,
} from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { JsonObject } from '#src/lib/json.ts'
import type { SentCall } from '#src/outbound/index.ts'
import { exchangeCoded, nativeCoded, refreshCoded, revokeCoded } from './coded.ts'
import {
  type Credentials,
  type Grant,
  type GrantTerms,
  grantFrom,
  grantOfKnown,
  type LoginContext,
  type Renewable,
  type TokenCallContext,
} from './grant.ts'
import { notOwn, notRevoked, type TokenPurpose, toldBaseUrl } from './oauth-refusal.ts'
import { accessTokenOf, authorizeUrl } from './oauth1.ts'
import { askToken, type TokenAnswer, urlWith } from './token-call.ts'

/** What a consent page is asked with. */
export interface ConsentQuestion extends ConsentInput {
  readonly codeChallenge?: string | undefined
  /** Of OAuth 1.0. */
  readonly requestToken?: string | undefined
  /** Values of the configuration that the connection will have. */
  readonly configured: SiteChoice['configured']
}

const noConsent = (auth: Auth): AppError => {
  const keys =
    auth.kind === 'oauth2-password' || auth.kind === 'basic'
      ? `configuration.${auth.usernameKey} and configuration.${auth.passwordKey}`
      : 'what it connects by in configuration'
  return new AppError(
    'bad-request',
    `authentication.type: '${auth.type}' shows no consent page. Send ${keys} with POST /instances.`,
  )
}

/**
 * The vendor's page where a person consents (RFC 6749 4.1.1).
 * @throws AppError `bad-request` for a login that shows none.
 */
export const consentUrl = (auth: Auth, site: Site, input: ConsentQuestion): string => {
  if (!hasConsent(auth)) throw noConsent(auth)
  if (auth.kind === 'coded') return auth.consentUrl(site, input)
  if (auth.kind === 'oauth1') return authorizeUrl(auth, site, input.requestToken)
  const usual = auth.settings?.(input.configured).scope ?? auth.scopes.join(auth.scopeSeparator)
  const scope = input.scope ?? usual
  const query = new URLSearchParams({
    client_id: input.apiKey,
    redirect_uri: input.callbackUrl,
    ...(scope === '' && auth.settings !== undefined ? {} : { scope }),
    response_type: 'code',
    state: input.state,
    ...(input.codeChallenge === undefined
      ? {}
      : { code_challenge: input.codeChallenge, code_challenge_method: 'S256' }),
  })
  return urlWith(`${site.authorizeUrl}${auth.authorizePath}`, query.toString().replaceAll('+', '%20'))
}

const byCode = (
  context: TokenCallContext,
  input: Extract<Credentials, { kind: 'code' }>,
): Promise<TokenAnswer> =>
  askToken(context, context.site.tokenUrl, 'code', async (server, client, clientAuth, options) => {
    const parameters = new URLSearchParams({ code: input.code })
    const checked = oauth.validateAuthResponse(server, client, parameters, oauth.skipStateCheck)
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      clientAuth,
      checked,
      input.callbackUrl,
      input.codeVerifier ?? oauth.nopkce,
      options,
    )
    return oauth.processAuthorizationCodeResponse(server, client, response)
  })

const byPassword = (
  context: TokenCallContext,
  { username, password }: Pick<Extract<Credentials, { kind: 'password' }>, 'username' | 'password'>,
  purpose: TokenPurpose = 'password',
): Promise<TokenAnswer> => {
  const { auth, site } = context
  const at = auth.kind === 'oauth2-password' ? auth.at : 'apiUrl'
  const extra = auth.kind === 'oauth2-password' ? auth.extra : {}
  return askToken(context, site[at], purpose, async (server, client, clientAuth, options) => {
    const parameters = new URLSearchParams({ username, password, ...extra })
    const response = await oauth.genericTokenEndpointRequest(
      server,
      client,
      clientAuth,
      'password',
      parameters,
      options,
    )
    return oauth.processGenericTokenEndpointResponse(server, client, response)
  })
}

const notFor = ({ type }: Auth, what: string): AppError =>
  new AppError('bad-request', `authentication.type: '${type}' is not connected by ${what}.`)

const termsOf = ({ auth, configured }: TokenCallContext, baseUrl: string): GrantTerms => ({
  baseUrl,
  lifeSeconds: auth.settings?.(configured).lifeSeconds,
})

/** A grant that the vendor need not be asked for. */
const knownGrant = (
  { site }: LoginContext<Auth>,
  credentials: Extract<Credentials, { kind: 'configured' | 'brought-access' }>,
): Grant => {
  const baseUrl = site.apiUrl
  if (credentials.kind === 'configured') return grantOfKnown({ accessToken: '', baseUrl })
  const { accessToken, tokenSecret } = credentials
  return grantOfKnown({ accessToken, baseUrl, ...(tokenSecret === undefined ? {} : { tokenSecret }) })
}

/**
 * Asks a vendor for a first grant.
 * @throws AppError `provider-refused` with the vendor's words, `bad-request`, or the way's failure.
 */
export const grantBy = async (context: LoginContext<Auth>, credentials: Credentials): Promise<Grant> => {
  if (credentials.kind === 'brought-token') {
    const { refreshToken, accessToken = '' } = credentials
    return refreshGrant(
      context,
      { refreshToken, accessToken, baseUrl: context.site.apiUrl, scopes: [], subject: null },
      'brought-token',
    )
  }
  if (credentials.kind === 'configured' || credentials.kind === 'brought-access')
    return knownGrant(context, credentials)
  const { auth } = context
  if (credentials.kind === 'verifier') {
    if (auth.kind !== 'oauth1') throw notFor(auth, 'a verifier')
    return accessTokenOf({ ...context, auth }, credentials)
  }
  if (auth.kind === 'coded') {
    const coded: LoginContext<OauthCoded> = { ...context, auth }
    return credentials.kind === 'code'
      ? exchangeCoded(coded, credentials.code)
      : nativeCoded(coded, credentials)
  }
  if (!isStandard(auth)) throw notFor(auth, `a ${credentials.kind}`)
  const standard: TokenCallContext = { ...context, auth }
  const { granted, movedTo } =
    credentials.kind === 'code'
      ? await byCode(standard, credentials)
      : await byPassword(standard, credentials)
  const told = toldBaseUrl(standard, granted)
  if (told === null) throw notOwn(context)
  const isKept = credentials.kind === 'password' && credentials.isKept
  return grantFrom(
    auth,
    granted,
    { refreshToken: null },
    {
      ...termsOf(standard, told ?? movedTo ?? context.site.apiUrl),
      byPassword: isKept,
    },
  )
}

/** Keeps the last call back, so that what its reply turned out to be can be noted with it. */
const holdLast = (record: (call: SentCall) => void) => {
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

const noRefreshToken = ({ element }: LoginContext<unknown>): AppError =>
  new AppError(
    'needs-reconnect',
    `This connection has ended and ${element.title} gave no refresh token. Connect the instance again.`,
    { hop: 'provider' },
  )

/** Renews what came without a refresh token by the name and password that are configured now. */
const grantAgain = async (context: TokenCallContext, grant: Renewable): Promise<Grant> => {
  const { auth, configured } = context
  const username = auth.kind === 'oauth2-password' ? configured(auth.usernameKey) : undefined
  const password = auth.kind === 'oauth2-password' ? configured(auth.passwordKey) : undefined
  if (username === undefined || password === undefined) throw noRefreshToken(context)
  const { granted } = await byPassword(context, { username, password }, 'renew')
  return grantFrom(auth, granted, grant, { ...termsOf(context, grant.baseUrl), byPassword: true })
}

/**
 * Renews a grant at the host that the last token reply named (RFC 6749 6). A reply that names a foreign host
 * does not move the connection there, yet its tokens are kept, for the former ones may be dead: the call is
 * recorded with the error `foreign-base-url`. Whoever connects now (any other purpose) is refused instead.
 * @throws AppError `needs-reconnect` with the vendor's words when the grant has ended; `provider-failed` or
 * `provider-rate-limited` when it has not; the way's failure.
 */
export const refreshGrant = async (
  context: LoginContext<Auth>,
  grant: Renewable,
  purpose: Extract<TokenPurpose, 'brought-token' | 'migrate' | 'renew'> = 'renew',
): Promise<Grant> => {
  const { auth } = context
  if (auth.kind === 'coded') return refreshCoded({ ...context, auth }, grant, purpose)
  if (!isStandard(auth)) throw noRefreshToken(context)
  const { refreshToken } = grant
  if (refreshToken === null)
    return grant.byPassword === true
      ? grantAgain({ ...context, auth }, grant)
      : Promise.reject(noRefreshToken(context))
  const calls = holdLast(context.record)
  const standard: TokenCallContext = { ...context, auth, record: calls.record }
  try {
    const { granted, movedTo } = await askToken(
      standard,
      tellsBaseUrl(auth) ? grant.baseUrl : (context.site.refreshUrl ?? context.site.tokenUrl),
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
    const told = toldBaseUrl(standard, granted)
    if (told === null) calls.release('foreign-base-url')
    if (told === null && purpose !== 'renew') throw notOwn(context)
    return grantFrom(auth, granted, grant, termsOf(standard, told ?? movedTo ?? grant.baseUrl))
  } finally {
    calls.release()
  }
}

const revokeTimeoutMs = 10_000

/**
 * Asks the vendor to forget a grant. The access token must be alive.
 * @returns false where the login has no way to.
 * @throws AppError `provider-failed` with the vendor's words, or the way's failure.
 */
export const revokeGrant = async (context: LoginContext<Auth>, grant: Renewable): Promise<boolean> => {
  const { auth, element, outbound, record } = context
  if (auth.kind === 'coded') return revokeCoded({ ...context, auth }, grant)
  if (!isStandard(auth) || auth.revoke === undefined) return false
  const reply = await outbound.send({
    method: auth.revoke.method,
    url: `${grant.baseUrl}${auth.revoke.path}`,
    headers: { ...element.vendor.headers, authorization: `${auth.scheme} ${grant.accessToken}` },
    timeoutMs: revokeTimeoutMs,
    purpose: 'vendor',
    correlationHeader: element.vendor.correlationHeader,
    record,
  })
  if (reply.status < 300) return true
  throw notRevoked(context, reply.status, reply.masked(reply.body.toString('utf8')))
}

/**
 * An access token of the application itself (RFC 6749 4.4), at the site's own host.
 * @throws AppError `provider-refused` with the vendor's words, or the way's failure.
 */
export const applicationToken = async (context: TokenCallContext): Promise<string> => {
  const { granted }: { granted: JsonObject } = await askToken(
    context,
    context.site.apiUrl,
    'application',
    async (server, client, clientAuth, options) => {
      const response = await oauth.clientCredentialsGrantRequest(server, client, clientAuth, {}, options)
      return oauth.processClientCredentialsResponse(server, client, response)
    },
  )
  return String(granted.access_token)
}
