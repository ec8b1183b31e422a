import { type Auth, type Element, hasConsent } from '#src/element/index.ts'
import { authTypeKey } from './logins.ts'

/** The address is this server's own wherever its page connects. */
const callbackKey = 'oauth.callback.url'

/** The keys of credentials that calls use as they are stored: whoever connects again is asked for them again. */
const credentialsOf = (element: Element, auth: Auth): readonly string[] => {
  if (auth.kind === 'basic') return [auth.usernameKey, auth.passwordKey]
  if (auth.kind !== 'custom') return []
  return element.config
    .filter(
      ({ kind, onlyFor }) => kind === 'secret' && (onlyFor === undefined || onlyFor.includes(auth.type)),
    )
    .map(({ key }) => key)
}

const wayJson = (element: Element, auth: Auth) => {
  const own = element.config.filter(
    ({ key, onlyFor }) =>
      key !== callbackKey && key !== authTypeKey && (onlyFor === undefined || onlyFor.includes(auth.type)),
  )
  const credentials = credentialsOf(element, auth)
  return {
    type: auth.type,
    principal: auth.principal,
    title: auth.title,
    about: auth.about,
    who: auth.who,
    steps: auth.steps,
    fields: own.filter(({ key, required }) => required || credentials.includes(key)).map(({ key }) => key),
    options: own.filter(({ required, kind }) => !required && kind === 'choice').map(({ key }) => key),
    credentials,
    consent: hasConsent(auth),
    scopes: auth.kind === 'oauth2-code' ? auth.scopes : [],
  }
}

/**
 * What a person who connects is told, one way a login but those that need the operator's leave. The sandbox's
 * application is public and exists nowhere else.
 */
export const connectJson = (element: Element) => {
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
