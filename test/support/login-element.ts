import type { Auth, ConfigField, Element, Resource, SiteChoice, TokenIn } from '#src/element/index.ts'
import { apples, elementOf } from './small-vendor.ts'

const text = (key: string, more: Partial<ConfigField> = {}): ConfigField => ({
  ...{ key, label: key, kind: 'text', required: false, description: `${key}.` },
  ...more,
})

const filled = (template: string, configured: SiteChoice['configured']): string =>
  template.replaceAll(/\{([\w.]+)\}/g, (_all, key: string) => configured(key) ?? '')

/** A resource whose reads put the token, and a secret of the configuration, where an element says. */
const pears = (tokenIn: TokenIn | undefined, secretHeader: string | undefined): Resource =>
  apples({
    name: 'pears',
    title: 'Pears',
    verbs: {
      retrieve: {
        kind: 'coded',
        method: 'GET',
        path: '/pears/{id}',
        why: 'its token goes elsewhere',
        run: async (port, { id }) => {
          const secret = port.configured('shared.secret')
          const request = {
            method: 'GET',
            path: `/pears/${id}`,
            ...(tokenIn === undefined ? {} : { tokenIn }),
            ...(secretHeader === undefined || secret === undefined
              ? {}
              : { headers: { [secretHeader]: secret }, query: { by: secret } }),
            accepts: 'any',
          } as const
          const reply = await port.exchange(request)
          if (reply.status >= 300) throw port.refusal(request, reply)
          return { ID: id, Text: reply.text, IsJson: reply.body !== undefined }
        },
      },
    },
  })

export interface LoginElement {
  readonly key: string
  readonly auth: Auth
  readonly config?: readonly ConfigField[]
  readonly tokenIn?: TokenIn
  readonly secretHeader?: string
  readonly readsSecrets?: true
}

/** An element whose addresses all come from an instance's configuration, as those that customers post. */
export const loginElement = ({
  key,
  auth,
  config = [],
  tokenIn,
  secretHeader,
  readsSecrets,
}: LoginElement): Element => {
  const listed = apples({
    verbs: {
      search: { method: 'GET', path: '/apples', rows: 'list' },
      retrieve: { method: 'GET', path: '/apples/{id}' },
    },
  })
  return {
    ...elementOf(listed),
    key,
    id: 900_000 + key.length,
    title: 'Orchard',
    config: [
      text('base.url', { required: true }),
      text('oauth.api.key', { kind: 'secret' }),
      text('oauth.api.secret', { kind: 'secret' }),
      ...config,
    ],
    auth: [auth],
    vendor: {
      siteOf: ({ configured }) => {
        const url = (name: string): string => filled(configured(name) ?? '', configured)
        const base = url('base.url')
        return {
          key: 'configured',
          authorizeUrl: url('oauth.authorization.url'),
          tokenUrl: url('oauth.token.url'),
          requestUrl: url('oauth.request.url'),
          ...(configured('oauth.token.refresh_url') === undefined
            ? {}
            : { refreshUrl: url('oauth.token.refresh_url') }),
          apiUrl: base,
          pkce: false,
        }
      },
      isOwnUrl: () => false,
      correlationHeader: 'orchard-id',
      headers: { accept: 'application/json' },
    },
    errors: [
      { when: { status: 401 }, as: 'provider-denied', retry: 'refresh-token' },
      { when: { status: [400, 499] }, as: 'provider-refused', retry: 'never' },
      { when: { status: 503 }, as: 'provider-failed', retry: 'backoff' },
    ],
    resources: { apples: listed, pears: pears(tokenIn, secretHeader) },
    ...(readsSecrets === undefined ? {} : { readsSecrets }),
  }
}

/** What all logins have. */
export const said = {
  title: 'A person',
  about: 'It sees what the person sees.',
  who: 'Anybody.',
  principal: 'user',
  steps: [],
} as const

export { text as configField }
