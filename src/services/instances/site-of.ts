import type { Auth, Element, Site } from '#src/element/index.ts'
import { authTypeKey, loginOf } from '../catalogue/index.ts'
import type { Configuration } from './configuration.ts'

/** Values of a configuration that choose a site. */
export const siteKeys: readonly string[] = ['site.address', 'siteAddress', 'oauth.api.key', authTypeKey]

export const authOf = (element: Element, configuration: Configuration): Auth =>
  loginOf(element, configuration[authTypeKey])

/** A configuration as elements and the engine look at it. */
export const configuredIn =
  (configuration: Configuration) =>
  (key: string): string | undefined =>
    (Object.hasOwn(configuration, key) ? configuration[key] : undefined) ?? undefined

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
    configured: configuredIn(configuration),
  })
