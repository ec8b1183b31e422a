import { requestTokenOf, type TokenPair } from '#src/engine/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { authTypeKey } from '../catalogue/index.ts'
import type { Configuration } from './configuration.ts'
import { loginContext } from './connect.ts'
import type { InstancesNeed, Record } from './need.ts'
import { authOf } from './site-of.ts'

/** What a client fills in to begin a consent of OAuth 1.0 (spec/behaviour.md 3). */
export interface RequestTokenInput {
  readonly elementKeyOrId: string
  readonly apiKey: string
  readonly apiSecret: string
  /** Where the vendor's page leads back to; its query stays. */
  readonly callbackUrl: string
  readonly siteAddress: string | undefined
  readonly authType: string | undefined
  /** Whatever else was sent, by the names of the configuration. */
  readonly properties: { readonly [key: string]: unknown }
}

const textsIn = (properties: RequestTokenInput['properties']): Configuration =>
  Object.fromEntries(
    Object.entries(properties).flatMap(([key, value]): [string, string][] =>
      typeof value === 'string' && value !== '' ? [[key, value]] : [],
    ),
  )

const configurationOf = (input: RequestTokenInput): Configuration => ({
  ...textsIn(input.properties),
  ...(input.siteAddress === undefined ? {} : { 'site.address': input.siteAddress }),
  ...(input.authType === undefined ? {} : { [authTypeKey]: input.authType }),
  'oauth.api.key': input.apiKey,
  'oauth.api.secret': input.apiSecret,
})

/**
 * Asks the vendor for a request token.
 * @throws AppError `bad-request` for a login that has none, `provider-refused` with the vendor's words.
 */
export const askRequestToken =
  (need: InstancesNeed) =>
  async (input: RequestTokenInput, record: Record): Promise<TokenPair> => {
    const element = need.catalogue.find(input.elementKeyOrId)
    const configuration = configurationOf(input)
    const auth = authOf(element, configuration)
    if (auth.kind !== 'oauth1') {
      throw new AppError(
        'bad-request',
        `authentication.type: '${auth.type}' of ${element.title} takes no request token. Ask GET /elements/${element.key}/oauth/url.`,
      )
    }
    const context = loginContext(need, element, configuration, auth, record)
    return requestTokenOf({ ...context, auth }, input.callbackUrl)
  }
