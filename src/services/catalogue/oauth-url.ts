import { configOf, type Element } from '#src/element/index.ts'
import { consentUrl } from '#src/engine/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { authTypeKey, loginOf } from './logins.ts'

/** What a client fills in to send a person to the vendor's consent page. */
export interface OauthUrlInput {
  readonly apiKey: string
  readonly apiSecret: string | undefined
  readonly callbackUrl: string
  readonly scope: string | undefined
  readonly siteAddress: string | undefined
  readonly state: string | undefined
  /** The login's type; absent: the element's first. */
  readonly authType: string | undefined
  /** Sent where the site takes one (RFC 7636 4.3). */
  readonly codeChallenge: string | undefined
  /** Of OAuth 1.0: what GET .../oauth/token answered. */
  readonly requestToken?: string | undefined
  /** Whatever else was sent, by the names of the configuration: what the addresses of the page may be made of. */
  readonly properties: Readonly<Record<string, unknown>>
}

export interface OauthUrl {
  readonly element: string
  readonly oauthUrl: string
}

/** Properties of an element, by the names of its configuration or of GET .../oauth/url. */
export interface DefaultOauthUrlInput {
  readonly callbackUrl: string | undefined
  readonly scope: string | undefined
  readonly siteAddress: string | undefined
  readonly state: string | undefined
  /** The challenge of a consent for this application and callback address. */
  readonly codeChallenge: (apiKey: string, callbackUrl: string) => string
  /** Whatever else was sent; what the element knows as configuration is given back. */
  readonly properties: Readonly<Record<string, string>>
}

export interface DefaultOauthUrl extends OauthUrl {
  readonly configuration: Readonly<Record<string, string>>
}

const hidden = '********'

/** The configuration that a connection would have of what was sent under either name. */
export const configuredBy =
  ({
    properties,
    apiKey,
    apiSecret,
    callbackUrl,
    scope,
  }: Pick<OauthUrlInput, 'properties' | 'apiKey' | 'apiSecret' | 'callbackUrl' | 'scope'>) =>
  (key: string): string | undefined => {
    const known: Readonly<Record<string, string | undefined>> = {
      'oauth.api.key': apiKey,
      'oauth.api.secret': apiSecret,
      'oauth.callback.url': callbackUrl,
      'oauth.scope': scope,
    }
    const value = (Object.hasOwn(known, key) ? known[key] : undefined) ?? properties[key]
    return typeof value === 'string' && value !== '' ? value : undefined
  }

/** @throws AppError `bad-request` on a data centre that is not the vendor's, or a login without a consent page. */
export const oauthUrlOf = (element: Element, input: OauthUrlInput): OauthUrl => {
  const { siteAddress, apiKey, authType } = input
  const auth = loginOf(element, authType)
  const configured = configuredBy(input)
  const site = element.vendor.siteOf({ siteAddress, apiKey, authType: auth.type, configured })
  const oauthUrl = consentUrl(auth, site, {
    apiKey,
    callbackUrl: input.callbackUrl,
    scope: input.scope,
    state: input.state ?? element.key,
    codeChallenge: site.pkce ? input.codeChallenge : undefined,
    requestToken: input.requestToken,
    configured,
  })
  return { element: element.key, oauthUrl }
}

/** RFC 6749 4.1.1: without it the vendor takes the address that is registered with the application. */
const withoutCallback = (oauthUrl: string): string => {
  const url = new URL(oauthUrl)
  url.searchParams.delete('redirect_uri')
  return url.href.replaceAll('+', '%20')
}

const shownProperties = (
  element: Element,
  properties: Readonly<Record<string, string>>,
): Record<string, string> => {
  const fields = new Map(configOf(element).map((field) => [field.key, field]))
  return Object.fromEntries(
    Object.entries(properties).flatMap(([key, value]) => {
      const field = fields.get(key)
      return field === undefined ? [] : [[key, field.kind === 'secret' ? hidden : value]]
    }),
  )
}

/**
 * The consent page of the element's default application: that of its sandbox, where one runs.
 * @throws AppError `bad-request` when the element has none here.
 */
export const defaultOauthUrlOf = (element: Element, input: DefaultOauthUrlInput): DefaultOauthUrl => {
  const { sandbox } = element
  if (sandbox === undefined) {
    throw new AppError(
      'bad-request',
      `apiKey: ${element.title} has no default application here. Ask GET /elements/${element.key}/oauth/url with the apiKey and apiSecret of your own application.`,
    )
  }
  const { callbackUrl } = input
  const { oauthUrl } = oauthUrlOf(element, {
    apiKey: sandbox.apiKey,
    apiSecret: sandbox.apiSecret,
    callbackUrl: callbackUrl ?? '',
    scope: input.scope,
    siteAddress: input.siteAddress,
    state: input.state,
    authType: input.properties[authTypeKey],
    properties: input.properties,
    codeChallenge: callbackUrl === undefined ? undefined : input.codeChallenge(sandbox.apiKey, callbackUrl),
  })
  return {
    element: element.key,
    oauthUrl: callbackUrl === undefined ? withoutCallback(oauthUrl) : oauthUrl,
    configuration: {
      ...shownProperties(element, input.properties),
      ...(callbackUrl === undefined ? {} : { 'oauth.callback.url': callbackUrl }),
      'oauth.api.key': hidden,
      'oauth.api.secret': hidden,
    },
  }
}
