import type { Auth, OauthCode, OauthPassword } from '#src/element/index.ts'
import { concurRefusals } from './errors.ts'
import { legacy } from './legacy/login.ts'
import { usualScopes } from './scopes.ts'

/**
 * The ways to be let in. Source: SAP Concur "Authentication" and "Company-level authentication",
 * spec/concur.md 1.2, compared 2026-08.
 */

const tokenAddress = {
  tokenPath: '/oauth2/v0/token',
  baseUrlField: 'geolocation',
  refreshExpiresField: 'refresh_expires_in',
  refreshIdleDays: 180,
  refusalCodeField: 'code',
  refusals: concurRefusals,
  scheme: 'Bearer',
} as const

/** Documented for a person's token only; it drops every refresh token of that person for the application. */
const forget = { method: 'DELETE', path: '/app-mgmt/v0/connections' } as const

const oauth2: OauthCode = {
  ...tokenAddress,
  kind: 'oauth2-code',
  type: 'oauth2',
  title: 'A person consents (authorization code)',
  principal: 'user',
  about: 'Calls act in the name of the person who signs in at SAP Concur, and see what that person may see.',
  who: 'Anybody with a SAP Concur login. For the reports of everybody: a person with the role Web Services Administrator (Professional edition) or Can Administer (Standard edition).',
  authorizePath: '/oauth2/v0/authorize',
  scopes: usualScopes,
  scopeSeparator: ' ',
  revoke: forget,
  steps: [
    'At SAP Concur, have an application registered for the authorization-code grant, with the callback address shown here and the scopes that you need.',
    'Enter its client ID and client secret, and the data centre of your company.',
    'Sign in at SAP Concur as the person whose reports are wanted. For the reports of everybody that person needs the role Web Services Administrator (Professional edition) or Can Administer (Standard edition).',
    'Allow the access.',
  ],
}

const company: OauthPassword = {
  ...tokenAddress,
  kind: 'oauth2-password',
  type: 'company',
  title: 'A whole company (company request token)',
  principal: 'company',
  about: 'Calls act in the name of the company, and see the reports of everybody.',
  who: 'An administrator of the company at SAP Concur, who may make company request tokens (Web Services Administrator in the Professional, Can Administer in the Standard edition).',
  usernameKey: 'concur.company.id',
  passwordKey: 'concur.company.request.token',
  extra: { credtype: 'authtoken' },
  at: 'tokenUrl',
  hint: "A company request token is good for 24 hours: let an administrator of the company make a new one in SAP Concur's Company Request Token tool, for this application's client ID.",
  steps: [
    'At SAP Concur, have an application registered for the password grant (credtype authtoken) and the refresh grant.',
    'Let a company administrator of SAP Concur open Authentication Administration, Company Request Token, and enter the client ID of the application.',
    'Enter the company UUID and the request token (at-...) that the tool shows, within 24 hours. The token is used once and not stored.',
  ],
}

const password: OauthPassword = {
  ...tokenAddress,
  kind: 'oauth2-password',
  type: 'password',
  title: 'A person, by login and password',
  principal: 'user',
  about: 'Calls act in the name of the person whose login it is.',
  who: 'The person whose login it is.',
  usernameKey: 'concur.user.login',
  passwordKey: 'concur.user.password',
  extra: { credtype: 'password' },
  at: 'apiUrl',
  discouraged:
    'it hands a person’s own password to this program, which RFC 9700 2.4 forbids; a consent (oauth2) or a company request token (company) does without',
  hint: 'Check login and password, and whether the company lets this person sign in without single sign-on.',
  revoke: forget,
  steps: [
    'Only where the operator of this server allows it: enter the login and the password of a person. The password is used once and not stored.',
  ],
}

export const logins: readonly [Auth, ...Auth[]] = [oauth2, company, legacy, password]
