import {
  type Auth,
  type BasicAuth,
  type OauthClient,
  type Site,
  type SiteChoice,
  tellsBaseUrl,
} from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { Access } from './connection.ts'
import type { Grant } from './grant.ts'
import { oauth1Header } from './oauth1-signature.ts'

/** By whom and for what a grant is used. */
export interface AccessBy {
  readonly auth: Auth
  readonly site: Site
  readonly client: OauthClient
  readonly configured: SiteChoice['configured']
}

/** RFC 7617 section 2: neither may hold a control character, and the name no colon. */
const controls = /\p{Cc}/u

/**
 * Name and password as they are configured. One of them may have no value.
 * @throws AppError `bad-request` naming the key.
 */
export const basicCredentials = (auth: BasicAuth, configured: SiteChoice['configured']) => {
  const { usernameKey, passwordKey } = auth
  const username = configured(usernameKey) ?? ''
  const password = configured(passwordKey) ?? ''
  if (username === '' && password === '') {
    throw new AppError(
      'bad-request',
      `configuration: missing ${usernameKey} and ${passwordKey}; authentication.type '${auth.type}' connects by them.`,
    )
  }
  if (username.includes(':'))
    throw new AppError(
      'bad-request',
      `configuration.${usernameKey}: no colon may stand in it (RFC 7617 section 2).`,
    )
  for (const [key, value] of [
    [usernameKey, username],
    [passwordKey, password],
  ] as const)
    if (controls.test(value))
      throw new AppError(
        'bad-request',
        `configuration.${key}: no line end or other control character may stand in it.`,
      )
  return { username, password }
}

const basicHeader = (auth: BasicAuth, configured: SiteChoice['configured']): string => {
  const { username, password } = basicCredentials(auth, configured)
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`
}

type Signing = Pick<Access, 'authorization' | 'token' | 'sign' | 'secrets'>

const signingOf = (
  { auth, client, configured }: AccessBy,
  { accessToken, tokenSecret = '' }: Pick<Grant, 'accessToken' | 'tokenSecret'>,
): Signing => {
  switch (auth.kind) {
    case 'basic': {
      const authorization = basicHeader(auth, configured)
      return { authorization, token: authorization.slice('Basic '.length) }
    }
    case 'custom':
      return { authorization: '' }
    case 'oauth1': {
      const keys = {
        signature: auth.signature,
        consumerKey: client.apiKey,
        consumerSecret: client.apiSecret,
        token: accessToken,
        tokenSecret,
      }
      return {
        authorization: '',
        token: accessToken,
        sign: (call) => oauth1Header(keys, call),
        secrets: [client.apiSecret, accessToken, tokenSecret],
      }
    }
    default:
      return { authorization: `${auth.scheme} ${accessToken}`, token: accessToken }
  }
}

/** How calls are signed with a grant, and where they go. @throws AppError as `basicCredentials`. */
export const accessBy = (
  by: AccessBy,
  grant: Pick<Grant, 'accessToken' | 'tokenSecret' | 'baseUrl'>,
  { version, isAsked }: Pick<Access, 'version' | 'isAsked'>,
): Access => ({
  ...signingOf(by, grant),
  baseUrl: tellsBaseUrl(by.auth) ? grant.baseUrl : by.site.apiUrl,
  version,
  isAsked,
})

/** What a person does when the vendor refuses a login that nothing renews; undefined: it is renewed. */
export const remedyOf = (auth: Auth): string | undefined => {
  switch (auth.kind) {
    case 'basic':
      return `Change configuration.${auth.usernameKey} or configuration.${auth.passwordKey} with PATCH /instances/{id}; they count from the next call.`
    case 'custom':
      return 'Change the credentials in configuration with PATCH /instances/{id}; they count from the next call.'
    case 'oauth1':
      return 'Connect the instance again: let a person consent, and send the new providerData with PUT /instances/{id}; id and token stay.'
    default:
      return undefined
  }
}
