import {
  type Auth,
  configOf,
  type Element,
  type OauthClient,
  type OauthPassword,
  type Site,
} from '#src/element/index.ts'
import { type Credentials, type Grant, grantBy, type LoginContext } from '#src/engine/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { JsonObject } from '#src/lib/json.ts'
import { authTypeKey, loginOf } from '../catalogue/index.ts'
import { type Configuration, requireChoices, requireKeys } from './configuration.ts'
import type { InstancesNeed, Record } from './need.ts'
import { codeVerifier } from './pkce.ts'

/** Where a client puts tokens that it already has. They become a grant and are not kept here. */
export const refreshTokenKey = 'oauth.user.refresh_token'
const accessTokenKey = 'oauth.user.token'
const callbackKey = 'oauth.callback.url'

/** Values of a configuration that choose a site. */
export const siteKeys: readonly string[] = ['site.address', 'siteAddress', 'oauth.api.key', authTypeKey]

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

/** What was granted, by which login. */
export interface Granted {
  readonly auth: Auth
  readonly client: OauthClient
  readonly grant: Grant
}

export const authOf = (element: Element, configuration: Configuration): Auth =>
  loginOf(element, configuration[authTypeKey])

/** The site of a configuration. `siteAddress`, as some clients send it, means the same as `site.address`. */
export const siteOf = (
  element: Element,
  configuration: Configuration,
  auth = authOf(element, configuration),
): Site =>
  element.vendor.siteOf({
    siteAddress: configuration['site.address'] ?? configuration.siteAddress ?? undefined,
    apiKey: configuration['oauth.api.key'] ?? undefined,
    authType: auth.type,
  })

const codeIn = (providerData: JsonObject | undefined): string | undefined => {
  const code = providerData?.code
  return typeof code === 'string' && code.trim() !== '' ? code.trim() : undefined
}

const textIn = (configuration: Configuration, key: string): string | undefined =>
  configuration[key]?.trim() || undefined

/** The configuration keys of a login's name and password, if it takes them. */
const passwordKeys = (auth: Auth): Pick<OauthPassword, 'usernameKey' | 'passwordKey'> | undefined =>
  auth.kind === 'coded' ? auth.native : auth.kind === 'oauth2-password' ? auth : undefined

/** Name and password for a login that takes them, when both are there. */
const passwordFor = (auth: Auth, configuration: Configuration): Credentials | undefined => {
  const keys = passwordKeys(auth)
  if (keys === undefined) return undefined
  const username = textIn(configuration, keys.usernameKey)
  const password = textIn(configuration, keys.passwordKey)
  if (username === undefined || password === undefined) return undefined
  return { kind: 'password', username, password }
}

const codeFor = (auth: Auth, configuration: Configuration, consent: Consent): Credentials | undefined => {
  const code = auth.kind === 'oauth2-password' ? undefined : codeIn(consent.providerData)
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

/** @throws AppError `bad-request` where the login refreshes with both tokens, and one came alone. */
const broughtFor = (auth: Auth, configuration: Configuration): Credentials | undefined => {
  const refreshToken = textIn(configuration, refreshTokenKey)
  const accessToken = textIn(configuration, accessTokenKey)
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
  return new AppError(
    'bad-request',
    `providerData.code: missing. Ask GET /elements/${element.key}/oauth/url for the consent page, and send the code that it brings back.`,
  )
}

/** The login that the configuration names, by what was sent for it. */
const mainWanted = (element: Element, configuration: Configuration, consent: Consent): Wanted | undefined => {
  const auth = authOf(element, configuration)
  const credentials = consent.external
    ? broughtFor(auth, configuration)
    : (codeFor(auth, configuration, consent) ?? passwordFor(auth, configuration))
  return credentials === undefined ? undefined : { auth, credentials }
}

/** Whether a client sent what the login that the configuration names is connected by. */
export const connectsMain = (element: Element, configuration: Configuration, consent: Consent): boolean =>
  mainWanted(element, configuration, consent) !== undefined

/** A second grant, of another principal, where what it is connected by was sent too. */
const otherWanted = (element: Element, configuration: Configuration, consent: Consent): readonly Wanted[] => {
  const main = authOf(element, configuration)
  const others = element.auth.flatMap((auth): readonly Wanted[] => {
    if (auth.principal === main.principal || auth.kind === 'coded') return []
    const credentials = codeFor(auth, configuration, consent) ?? passwordFor(auth, configuration)
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
      `configuration.${refreshTokenKey}: missing; externalAuthentication "initial" needs it.`,
    )
  }
  if (main === undefined && mustHave) throw missing(element, authOf(element, configuration), configuration)
  const all = [...(main === undefined ? [] : [main]), ...otherWanted(element, configuration, consent)]
  return all.map((wanted) => requireAllowed(need, element, wanted))
}

/** A configuration without what is used once: tokens, passwords. */
export const withoutSpent = (element: Element, configuration: Configuration): Configuration => {
  const spent = new Set(configOf(element).flatMap((field) => (field.spent === true ? [field.key] : [])))
  return Object.fromEntries(
    Object.entries(configuration).filter(
      ([key]) => !spent.has(key) && key !== refreshTokenKey && key !== accessTokenKey,
    ),
  )
}

/**
 * @param external where no consent page is shown, nothing comes back to a callback.
 * @throws AppError `bad-request` naming every key that the login needs and that is missing, or a value that is
 * none of its choices.
 */
export const requireKeysFor = (element: Element, configuration: Configuration, external: boolean): void => {
  const { type } = authOf(element, configuration)
  const needed = element.config.filter(
    ({ key, onlyFor, spent }) =>
      spent !== true &&
      (onlyFor === undefined || onlyFor.includes(type)) &&
      !(external && (key === callbackKey || onlyFor !== undefined)),
  )
  requireKeys({ ...element, config: needed }, configuration)
  requireChoices(element, configuration)
}

/**
 * For a change that connects nothing: what the login needs and the instance has stays. What it never had, it
 * does without.
 * @throws AppError as `requireKeysFor`.
 */
export const requireKeptKeys = (element: Element, before: Configuration, after: Configuration): void => {
  const kept = element.config.filter(({ key }) => textIn(before, key) !== undefined)
  requireKeysFor({ ...element, config: kept }, after, false)
}

/** All that a call to the vendor about a grant of this configuration needs. */
export const loginContext = (
  need: InstancesNeed,
  element: Element,
  configuration: Configuration,
  auth: Auth,
  record: Record,
): LoginContext<Auth> => ({
  outbound: need.outbound,
  element,
  auth,
  site: siteOf(element, configuration, auth),
  client: {
    apiKey: configuration['oauth.api.key'] ?? '',
    apiSecret: configuration['oauth.api.secret'] ?? '',
  },
  record,
})

/**
 * Asks the vendor for one grant.
 * @throws AppError `provider-refused` with the vendor's words.
 */
export const grantFor = async (
  need: InstancesNeed,
  organizationId: number,
  element: Element,
  configuration: Configuration,
  { auth, credentials }: Wanted,
  record: Record,
): Promise<Granted> => {
  const context = loginContext(need, element, configuration, auth, record)
  const verified =
    credentials.kind === 'code' && context.site.pkce
      ? {
          ...credentials,
          codeVerifier:
            credentials.codeVerifier ??
            codeVerifier(need, {
              organizationId,
              elementKey: element.key,
              apiKey: context.client.apiKey,
              callbackUrl: credentials.callbackUrl,
            }),
        }
      : credentials
  return { auth, client: context.client, grant: await grantBy(context, verified) }
}
