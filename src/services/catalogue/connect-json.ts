import { type Auth, type Element, hasConsent } from '#src/element/index.ts'
import { authTypeKey } from './logins.ts'

/** The address is this server's own wherever its page connects. */
const callbackKey = 'oauth.callback.url'

const wayJson = (element: Element, auth: Auth) => {
  const own = element.config.filter(
    ({ key, onlyFor }) =>
      key !== callbackKey && key !== authTypeKey && (onlyFor === undefined || onlyFor.includes(auth.type)),
  )
  return {
    type: auth.type,
    principal: auth.principal,
    title: auth.title,
    about: auth.about,
    who: auth.who,
    steps: auth.steps,
    fields: own.filter(({ required }) => required).map(({ key }) => key),
    options: own.filter(({ required, kind }) => !required && kind === 'choice').map(({ key }) => key),
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
