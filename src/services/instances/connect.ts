import { type Auth, configOf, type Element, isConfigured, type OauthClient } from '#src/element/index.ts'
import { basicCredentials, type Grant, grantBy, type LoginContext } from '#src/engine/index.ts'
import { type Configuration, requireChoices, requireKeys } from './configuration.ts'
import type { InstancesNeed, Record } from './need.ts'
import { codeVerifier } from './pkce.ts'
import { authOf, configuredIn, siteOf } from './site-of.ts'
import { broughtOnce, callbackKey, textIn, type Wanted } from './wanted.ts'

/** What was granted, by which login. */
export interface Granted {
  readonly auth: Auth
  readonly client: OauthClient
  readonly grant: Grant
}

/** A configuration without what is used once: tokens, passwords. */
export const withoutSpent = (element: Element, configuration: Configuration): Configuration => {
  const spent = new Set(configOf(element).flatMap((field) => (field.spent === true ? [field.key] : [])))
  return Object.fromEntries(
    Object.entries(configuration).filter(([key]) => !spent.has(key) && !broughtOnce.includes(key)),
  )
}

/** @throws AppError `bad-request` naming the key of a value that no call could carry. */
const requireUsable = (auth: Auth, configuration: Configuration): void => {
  if (auth.kind === 'basic') basicCredentials(auth, configuredIn(configuration))
}

/**
 * @param external where no consent page is shown, nothing comes back to a callback.
 * @throws AppError `bad-request` naming every key that the login needs and that is missing, or a value that is
 * none of its choices.
 */
export const requireKeysFor = (element: Element, configuration: Configuration, external: boolean): void => {
  const auth = authOf(element, configuration)
  const { type } = auth
  const isBrought = external && !isConfigured(auth)
  const needed = element.config.filter(
    ({ key, onlyFor, spent }) =>
      spent !== true &&
      (onlyFor === undefined || onlyFor.includes(type)) &&
      !(isBrought && (key === callbackKey || onlyFor !== undefined)),
  )
  requireKeys({ ...element, config: needed }, configuration)
  requireUsable(auth, configuration)
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

/** A value, or what the element has where none is set: it may bring an application of its own. */
const setOrOwn = (element: Element, configuration: Configuration, key: string): string =>
  configuration[key] ?? element.config.find((field) => field.key === key)?.defaultValue ?? ''

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
    apiKey: setOrOwn(element, configuration, 'oauth.api.key'),
    apiSecret: setOrOwn(element, configuration, 'oauth.api.secret'),
  },
  configured: configuredIn(configuration),
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
