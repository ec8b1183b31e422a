import type { ElementJson } from '#src/contract/index.ts'
import type { Auth, OauthRefusal, Site, SiteChoice, Vendor } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { filled } from './values.ts'

/** What refusals of a token address mean where nobody says more (RFC 6749 5.2). */
const refusals: readonly OauthRefusal[] = [{ when: { error: 'invalid_grant' }, means: 'ended' }]

const about = (name: string): string => `Rows of ${name}, as the account that connects sees them.`

interface Said {
  readonly name: string
  /** A value of the configuration, else the element's default, with its braces filled. */
  readonly valueOf: (configured: SiteChoice['configured'], key: string) => string | undefined
}

const words = ({ name }: Said) => ({ title: name, principal: 'user' as const, about: about(name) })

const oauth2 = (said: Said, type: string): Auth => ({
  ...words(said),
  kind: 'oauth2-code',
  type,
  scheme: 'Bearer',
  who: `A person with an account at ${said.name}.`,
  steps: [
    `Register an application with ${said.name} and enter its key and secret.`,
    'Enter the callback URL there as it stands here.',
    `Log in at ${said.name} and consent.`,
  ],
  authorizePath: '',
  tokenPath: '',
  scopes: [],
  scopeSeparator: ' ',
  refusals,
  looseReplies: true,
  settings: (configured) => {
    const scope = said.valueOf(configured, 'oauth.scope')
    const life = Number(said.valueOf(configured, 'oauth.user.refresh_interval'))
    return {
      scope: scope ?? '',
      clientIn: said.valueOf(configured, 'oauth.basic.header')?.toLowerCase() === 'true' ? 'header' : 'body',
      ...(Number.isInteger(life) && life > 0 ? { lifeSeconds: life } : {}),
    }
  },
})

const oauth2Password = (said: Said, type: string): Auth => ({
  ...(oauth2(said, type) as Extract<Auth, { kind: 'oauth2-code' }>),
  kind: 'oauth2-password',
  who: `Whoever has a user name and a password at ${said.name}.`,
  steps: [`Enter the user name and the password of ${said.name}.`],
  usernameKey: 'username',
  passwordKey: 'password',
  hint: 'Check username and password.',
  extra: {},
  at: 'tokenUrl',
})

const oauth1 = (said: Said, type: string): Auth => ({
  ...words(said),
  kind: 'oauth1',
  type,
  who: `A person with an account at ${said.name}.`,
  steps: [`Register an application with ${said.name}, then log in there and consent.`],
  requestPath: '',
  authorizePath: '',
  tokenPath: '',
  signature: 'HMAC-SHA1',
})

const basic = (said: Said, type: string): Auth => ({
  ...words(said),
  kind: 'basic',
  type,
  who: `Whoever has a user name and a password at ${said.name}.`,
  steps: [`Enter the user name and the password of ${said.name}.`],
  usernameKey: 'username',
  passwordKey: 'password',
})

const custom = (said: Said, type: string): Auth => ({
  ...words(said),
  kind: 'custom',
  type,
  who: `Whoever has the keys of an account at ${said.name}.`,
  steps: [`Enter what ${said.name} asks of each call.`],
})

const logins: Readonly<Record<string, (said: Said, type: string) => Auth>> = {
  oauth2,
  oauth2password: oauth2Password,
  oauth1,
  basic,
  custom,
}

const known = 'oauth2, oauth2Password, oauth1, basic or custom'

/** A value of a configuration, else the element's default; braces in it name others. */
export const saidOf = (json: ElementJson, defaults: Readonly<Record<string, string>>): Said => {
  const plain = (configured: SiteChoice['configured'], key: string): string | undefined =>
    configured(key)?.trim() || defaults[key]?.trim() || undefined
  return {
    name: json.name,
    valueOf: (configured, key) => {
      const text = plain(configured, key)
      return text === undefined ? undefined : filled(text, (name) => plain(configured, name))
    },
  }
}

/** The login of an element. @throws AppError `bad-request` for a type that is not known here. */
export const loginOf = (json: ElementJson, said: Said): Auth => {
  const { type } = json.authentication
  const make = logins[type.trim().toLowerCase()]
  if (make !== undefined) return make(said, type.trim())
  throw new AppError('bad-request', `authentication.type: ${known}, not '${type.slice(0, 32)}'.`)
}

const withoutSlash = (url: string): string => url.replace(/\/+$/, '')

/** @throws AppError `bad-request` naming the key whose value is no address. */
const addressAt = (said: Said, { configured }: SiteChoice, key: string, isNeeded: boolean): string => {
  const text = said.valueOf(configured, key)
  if (text === undefined && !isNeeded) return ''
  const brace = /\{([^{}]+)\}/.exec(text ?? '')?.[1]
  if (brace !== undefined)
    throw new AppError('bad-request', `configuration.${brace}: missing; ${key} is ${text}.`)
  if (text !== undefined && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol))
    return withoutSlash(text)
  throw new AppError(
    'bad-request',
    `configuration.${key}: a full URL such as https://api.example.com, not '${(text ?? '').slice(0, 200)}'.`,
  )
}

/** Where the vendor of a posted element lives: at `base.url`, as the instance or the element says it. */
export const vendorOf = (said: Said): Vendor => ({
  siteOf: (choice): Site => {
    const refreshUrl = addressAt(said, choice, 'oauth.token.refresh_url', false)
    const requestUrl = addressAt(said, choice, 'oauth.request.url', false)
    return {
      key: 'base',
      apiUrl: addressAt(said, choice, 'base.url', true),
      authorizeUrl: addressAt(said, choice, 'oauth.authorization.url', false),
      tokenUrl: addressAt(said, choice, 'oauth.token.url', false),
      ...(refreshUrl === '' ? {} : { refreshUrl }),
      ...(requestUrl === '' ? {} : { requestUrl }),
      pkce: false,
    }
  },
  isOwnUrl: (url, site) => url.origin === new URL(site.apiUrl).origin,
  correlationHeader: 'x-request-id',
  headers: { accept: 'application/json' },
})
