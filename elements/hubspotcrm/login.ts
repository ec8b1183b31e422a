import type { OauthCode } from '#src/element/index.ts'
import { hubspotRefusals } from './errors.ts'

/**
 * The authorization code of an app. An access token lives 30 minutes, a refresh token until the app is uninstalled.
 * Source: developers.hubspot.com, "Working with OAuth"; addresses as in the published client (OAuth v1); not compared with the page by hand.
 */
export const login: OauthCode = {
  kind: 'oauth2-code',
  type: 'oauth2',
  title: 'A person consents (authorization code)',
  principal: 'user',
  about:
    'Calls act for the app in the HubSpot account that the person chose, and see what the app was allowed.',
  who: 'A super admin of the HubSpot account, or a user with the permission App Marketplace Access.',
  scheme: 'Bearer',
  authorizePath: '/oauth/authorize',
  tokenPath: '/oauth/v1/token',
  refusalCodeField: 'status',
  refusals: hubspotRefusals,
  scopes: [
    'oauth',
    'crm.objects.contacts.read',
    'crm.objects.contacts.write',
    'crm.objects.companies.read',
    'crm.objects.companies.write',
  ],
  scopeSeparator: ' ',
  steps: [
    'In a developer account of HubSpot, make a public app with the callback address shown here as redirect URL and the scopes that you need.',
    'Enter its client ID and client secret.',
    'Sign in at HubSpot, choose the account, and allow the access.',
  ],
}
