import {
  type Auth,
  configOf,
  type Element,
  hasConsent,
  isConfigured,
  isStandard,
  type OauthPassword,
} from '#src/element/index.ts'
import type { Credentials } from '#src/engine/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { JsonObject } from '#src/lib/json.ts'
import { authTypeKey } from '../catalogue/index.ts'
import type { Configuration } from './configuration.ts'
import type { InstancesNeed } from './need.ts'
import { authOf } from './site-of.ts'

/** Where a client puts tokens that it already has. They become a grant and are not kept here. */
export const refreshTokenKey = 'oauth.user.refresh_token'
export const accessTokenKey = 'oauth.user.token'
const tokenSecretKey = 'oauth.user.token.secret'
export const callbackKey = 'oauth.callback.url'

/** With what this server itself asked for a consent; else the verifier is derived, and the address configured. */
export interface AskedConsent {
  readonly codeVerifier: string
  readonly callbackUrl: string
}

/** What a client sends to be connected by. */
export interface Consent {
  readonly providerData: JsonObject | undefined
  /** `externalAuthentication: "initial"`: the configuration holds a refresh token (spec/contract.md 2.2). */
  readonly external: boolean
  /** Of a consent that this server itself asked for. */
  readonly asked?: AskedConsent
}

/** A login, and by what it is asked for. */
export interface Wanted {
  readonly auth: Auth
  readonly credentials: Credentials
}

const providedIn = (providerData: JsonObject | undefined, name: string): string | undefined => {
  const value = providerData?.[name]
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}

/** A value with something in it. */
export const textIn = (configuration: Configuration, key: string): string | undefined =>
  configuration[key]?.trim() || undefined

/** The configuration keys of a login's name and password, if it takes them. */
const passwordKeys = (auth: Auth): Pick<OauthPassword, 'usernameKey' | 'passwordKey'> | undefined =>
  auth.kind === 'coded' ? auth.native : auth.kind === 'oauth2-password' ? auth : undefined

/** Name and password for a login that takes them, when both are there. */
const passwordFor = (element: Element, auth: Auth, configuration: Configuration): Credentials | undefined => {
  const keys = passwordKeys(auth)
  if (keys === undefined) return undefined
  const username = textIn(configuration, keys.usernameKey)
  const password = textIn(configuration, keys.passwordKey)
  if (username === undefined || password === undefined) return undefined
  const isSpent = configOf(element).some(({ key, spent }) => key === keys.passwordKey && spent === true)
  return { kind: 'password', username, password, isKept: !isSpent }
}

/** @throws AppError `bad-request` naming what is missing of three that belong together. */
const verifierFor = ({ providerData }: Consent): Credentials | undefined => {
  const names = ['oauth_token', 'oauth_verifier', 'secret'] as const
  const [token, verifier, tokenSecret] = names.map((name) => providedIn(providerData, name))
  if (token === undefined && verifier === undefined) return undefined
  if (token !== undefined && verifier !== undefined && tokenSecret !== undefined)
    return { kind: 'verifier', token, verifier, tokenSecret }
  const missing = names.filter((name) => providedIn(providerData, name) === undefined)
  throw new AppError(
    'bad-request',
    `providerData: missing ${missing.join(', ')}; oauth_token and oauth_verifier come back from the consent page, and secret is that of GET .../oauth/token.`,
  )
}

const codeFor = (auth: Auth, configuration: Configuration, consent: Consent): Credentials | undefined => {
  if (auth.kind === 'oauth1') return verifierFor(consent)
  const code = hasConsent(auth) ? providedIn(consent.providerData, 'code') : undefined
  if (code === undefined) return undefined
  const callbackUrl = consent.asked?.callbackUrl ?? textIn(configuration, callbackKey)
  if (callbackUrl === undefined && auth.kind === 'oauth2-code') {
    throw new AppError(
      'bad-request',
      `configuration: missing ${callbackKey}; providerData.code is traded only with the address that it came to.`,
    )
  }
  return { kind: 'code', code, callbackUrl: callbackUrl ?? '', ...consent.asked }
}

/** An access token alone, where nothing could renew it anyway or the login's settings say that it may do. */
const broughtAccess = (auth: Auth, configuration: Configuration): Credentials | undefined => {
  const accessToken = textIn(configuration, accessTokenKey)
  const tokenSecret = textIn(configuration, tokenSecretKey)
  if (accessToken === undefined) return undefined
  if (auth.kind === 'oauth1')
    return tokenSecret === undefined ? undefined : { kind: 'brought-access', accessToken, tokenSecret }
  return isStandard(auth) && auth.settings !== undefined ? { kind: 'brought-access', accessToken } : undefined
}

/** @throws AppError `bad-request` where the login refreshes with both tokens, and one came alone. */
const broughtFor = (auth: Auth, configuration: Configuration): Credentials | undefined => {
  const refreshToken = textIn(configuration, refreshTokenKey)
  const accessToken = textIn(configuration, accessTokenKey)
  if (auth.kind === 'oauth1' || (refreshToken === undefined && isStandard(auth)))
    return broughtAccess(auth, configuration)
  if (refreshToken === undefined) return undefined
  if (auth.kind === 'coded' && accessToken === undefined) {
    throw new AppError(
      'bad-request',
      `configuration.${accessTokenKey}: missing; authentication.type '${auth.type}' refreshes a token only together with it.`,
    )
  }
  return { kind: 'brought-token', refreshToken, ...(accessToken === undefined ? {} : { accessToken }) }
}

/** @throws AppError `bad-request` when the operator has not allowed a login by password. */
const requireAllowed = (
  { allowPasswordGrant }: InstancesNeed,
  element: Element,
  { auth, credentials }: Wanted,
): Wanted => {
  const isNative = auth.kind === 'coded' && credentials.kind === 'password'
  const reason =
    auth.discouraged ??
    (isNative ? element.auth.find(({ discouraged }) => discouraged !== undefined)?.discouraged : undefined)
  if (reason === undefined || allowPasswordGrant) return { auth, credentials }
  throw new AppError(
    'bad-request',
    `configuration.${authTypeKey}: a login by password is off here, because ${reason}. Whoever runs this server can allow it with ALLOW_PASSWORD_GRANT=true.`,
  )
}

/** Why what was sent connects nothing. */
const missing = (element: Element, auth: Auth, configuration: Configuration): AppError => {
  const alone = element.auth
    .flatMap((one) => passwordKeys(one) ?? [])
    .find(({ passwordKey }) => textIn(configuration, passwordKey) !== undefined)
  if (alone !== undefined && textIn(configuration, alone.usernameKey) === undefined) {
    return new AppError(
      'bad-request',
      `configuration: missing ${alone.usernameKey}; ${alone.passwordKey} connects only together with it.`,
    )
  }
  if (auth.kind === 'oauth2-password') {
    return new AppError(
      'bad-request',
      `configuration: missing ${auth.usernameKey} and ${auth.passwordKey}; authentication.type '${auth.type}' connects by them.`,
    )
  }
  if (auth.kind === 'oauth1') {
    return new AppError(
      'bad-request',
      `providerData: missing oauth_token, oauth_verifier, secret. Ask GET /elements/${element.key}/oauth/token, then GET /elements/${element.key}/oauth/url with its token as requestToken, and send what the consent page brings back, with the secret.`,
    )
  }
  return new AppError(
    'bad-request',
    `providerData.code: missing. Ask GET /elements/${element.key}/oauth/url for the consent page, and send the code that it brings back.`,
  )
}

/** The login that the configuration names, by what was sent for it. */
const mainWanted = (element: Element, configuration: Configuration, consent: Consent): Wanted | undefined => {
  const auth = authOf(element, configuration)
  if (isConfigured(auth)) return { auth, credentials: { kind: 'configured' } }
  const credentials = consent.external
    ? broughtFor(auth, configuration)
    : (codeFor(auth, configuration, consent) ?? passwordFor(element, auth, configuration))
  return credentials === undefined ? undefined : { auth, credentials }
}

/** Whether a client sent what the login that the configuration names is connected by. */
export const connectsMain = (element: Element, configuration: Configuration, consent: Consent): boolean =>
  mainWanted(element, configuration, consent) !== undefined

/** A second grant, of another principal, where what it is connected by was sent too. */
const otherWanted = (element: Element, configuration: Configuration, consent: Consent): readonly Wanted[] => {
  const main = authOf(element, configuration)
  const others = element.auth.flatMap((auth): readonly Wanted[] => {
    if (auth.principal === main.principal || !isStandard(auth)) return []
    const credentials = codeFor(auth, configuration, consent) ?? passwordFor(element, auth, configuration)
    return credentials === undefined ? [] : [{ auth, credentials }]
  })
  return others.slice(0, 1)
}

/**
 * What a client asks to be connected by: the login that `authentication.type` names, and a grant of the other
 * principal where its credentials came along.
 * @param mustHave whether the main login must be among it.
 * @throws AppError `bad-request` naming the field that is missing or not allowed.
 */
export const wantedGrants = (
  need: InstancesNeed,
  element: Element,
  configuration: Configuration,
  consent: Consent,
  mustHave: boolean,
): readonly Wanted[] => {
  const main = mainWanted(element, configuration, consent)
  if (main === undefined && consent.external) {
    throw new AppError(
      'bad-request',
      `configuration.${broughtKeys(authOf(element, configuration))}: missing; externalAuthentication "initial" needs it.`,
    )
  }
  if (main === undefined && mustHave) throw missing(element, authOf(element, configuration), configuration)
  const all = [...(main === undefined ? [] : [main]), ...otherWanted(element, configuration, consent)]
  return all.map((wanted) => requireAllowed(need, element, wanted))
}

/** The keys of tokens that were granted elsewhere. */
const broughtKeys = (auth: Auth): string =>
  auth.kind === 'oauth1' ? `${accessTokenKey} and ${tokenSecretKey}` : refreshTokenKey

/** What is used once, whatever the element. */
export const broughtOnce: readonly string[] = [refreshTokenKey, accessTokenKey, tokenSecretKey]
