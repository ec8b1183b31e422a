import { type Auth, type ConfigField, hasConsent } from '#src/element/index.ts'
import type { ListedElement, Posted } from './listed.ts'
import { authTypeKey } from './logins.ts'

/** The address is this server's own wherever its page connects. */
const callbackKey = 'oauth.callback.url'

/** What a login is granted; nobody types it. */
const grantedKeys: ReadonlySet<string> = new Set(['oauth.user.token', 'oauth.user.refresh_token'])

/** Keys that whoever posted an element keeps from forms. */
const hiddenKeys = ({ document }: Posted): ReadonlySet<string> =>
  new Set(
    (document.configuration ?? [])
      .filter(({ hideFromConsole, internal }) => hideFromConsole === true || internal === true)
      .map(({ key }) => key),
  )

/**
 * What may be filled in besides what must be: choices; of an element that was posted everything that is not hidden, for
 * nobody else wrote a form for it. Events have a form of their own.
 */
const isOption = (posted: Posted | undefined): ((field: ConfigField) => boolean) => {
  if (posted === undefined) return ({ kind }) => kind === 'choice'
  const hidden = hiddenKeys(posted)
  return ({ key }) => !hidden.has(key) && !grantedKeys.has(key) && !key.startsWith('event.')
}

const inputJson = ({ key, label, description, kind, required, defaultValue, choices = [] }: ConfigField) => ({
  ...{ key, kind, required, choices },
  name: label,
  description: description === label ? '' : description,
  // A secret that the element has is nobody's to read.
  ...(defaultValue === undefined || kind === 'secret' ? {} : { defaultValue }),
})

/** The keys of credentials that calls use as they are stored: whoever connects again is asked for them again. */
const credentialsOf = ({ config }: ListedElement, auth: Auth): readonly string[] => {
  if (auth.kind === 'basic') return [auth.usernameKey, auth.passwordKey]
  if (auth.kind !== 'custom') return []
  return config
    .filter(
      ({ kind, onlyFor }) => kind === 'secret' && (onlyFor === undefined || onlyFor.includes(auth.type)),
    )
    .map(({ key }) => key)
}

const wayJson = (element: ListedElement, auth: Auth) => {
  const own = element.config.filter(
    ({ key, onlyFor }) =>
      key !== callbackKey && key !== authTypeKey && (onlyFor === undefined || onlyFor.includes(auth.type)),
  )
  const credentials = credentialsOf(element, auth)
  const isAsked = ({ key, required }: ConfigField): boolean => required || credentials.includes(key)
  const fields = own.filter(isAsked)
  const options = own.filter((field) => !isAsked(field)).filter(isOption(element.posted))
  return {
    type: auth.type,
    principal: auth.principal,
    title: auth.title,
    about: auth.about,
    who: auth.who,
    steps: auth.steps,
    fields: fields.map(({ key }) => key),
    options: options.map(({ key }) => key),
    inputs: [...fields, ...options].map(inputJson),
    credentials,
    consent: hasConsent(auth),
    scopes: auth.kind === 'oauth2-code' ? auth.scopes : [],
  }
}

/**
 * What a person who connects is told, one way a login but those that need the operator's leave. The sandbox's
 * application is public and exists nowhere else.
 */
export const connectJson = (element: ListedElement) => {
  const { connect, auth, sandbox } = element
  return {
    ways: auth.filter(({ discouraged }) => discouraged === undefined).map((one) => wayJson(element, one)),
    siteField: connect.siteField,
    sites: connect.sites,
    limits: connect.limits,
    ...(sandbox === undefined
      ? {}
      : {
          sandbox: {
            logins: sandbox.logins,
            configuration: {
              'oauth.api.key': sandbox.apiKey,
              'oauth.api.secret': sandbox.apiSecret,
              ...sandbox.configuration,
            },
          },
        }),
  }
}
