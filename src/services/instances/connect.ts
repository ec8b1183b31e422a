import type { Element, Site } from '#src/element/index.ts'
import { exchangeCode, type Grant, refreshGrant } from '#src/engine/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { JsonObject } from '#src/lib/json.ts'
import { oauthOf } from '../catalogue/index.ts'
import { type Configuration, requireKeys } from './configuration.ts'
import type { InstancesNeed, Record } from './need.ts'

/** Where a client puts a refresh token that it already has. It becomes a grant and is not kept here. */
export const refreshTokenKey = 'oauth.user.refresh_token'

/** Values of a configuration that choose a site. */
export const siteKeys: readonly string[] = ['site.address', 'siteAddress', 'oauth.api.key']

/** What a client sends to be connected by; with a refresh token no code is traded (spec/contract.md 2.2). */
export interface Consent {
  readonly providerData: JsonObject | undefined
  readonly refreshToken: string | undefined
}

/** The site of a configuration. `siteAddress`, as some clients send it, means the same as `site.address`. */
export const siteOf = (element: Element, configuration: Configuration): Site =>
  element.vendor.siteOf({
    siteAddress: configuration['site.address'] ?? configuration.siteAddress ?? undefined,
    apiKey: configuration['oauth.api.key'] ?? undefined,
  })

const codeIn = (element: Element, providerData: JsonObject | undefined): string => {
  const code = providerData?.code
  if (typeof code === 'string' && code.trim() !== '') return code.trim()
  throw new AppError(
    'bad-request',
    `providerData.code: missing. Ask GET /elements/${element.key}/oauth/url for the consent page, and send the code that it brings back.`,
  )
}

/** Where no consent page is shown, nothing comes back to a callback. */
export const requireKeysFor = (element: Element, configuration: Configuration, external: boolean): void => {
  const config = element.config.filter(({ key }) => !external || key !== 'oauth.callback.url')
  requireKeys({ ...element, config }, configuration)
}

/**
 * Asks the vendor for a grant.
 * @throws AppError `bad-request` naming the field, `provider-refused` with the vendor's words.
 */
export const grantFor = async (
  need: InstancesNeed,
  element: Element,
  configuration: Configuration,
  consent: Consent,
  record: Record,
): Promise<Grant> => {
  const site = siteOf(element, configuration)
  const context = {
    outbound: need.outbound,
    element,
    auth: oauthOf(element),
    site,
    client: {
      apiKey: configuration['oauth.api.key'] ?? '',
      apiSecret: configuration['oauth.api.secret'] ?? '',
    },
    record,
  }
  if (consent.refreshToken === undefined) {
    return exchangeCode(context, {
      code: codeIn(element, consent.providerData),
      callbackUrl: configuration['oauth.callback.url'] ?? '',
    })
  }
  const brought = { refreshToken: consent.refreshToken, baseUrl: site.apiUrl }
  return refreshGrant(context, brought, 'brought-token')
}
