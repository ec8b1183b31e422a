// HubSpot CRM: contacts and companies. Data only; what the vendor does differently is told in README.md.
import type { Element, ElementEnvironment } from '#src/element/index.ts'
import { hubspotConfig } from './config.ts'
import { hubspotErrors, hubspotErrorWords } from './errors.ts'
import { hubspotServices } from './limits.ts'
import { login } from './login.ts'
import { accounts } from './resources/accounts.ts'
import { contacts } from './resources/contacts.ts'
import { hubspotSites, sandboxApp } from './sites.ts'
import { tour } from './tour.ts'

export const hubspotcrm = (environment: ElementEnvironment): Element => ({
  key: 'hubspotcrm',
  id: 5001,
  formerIds: [],
  hub: 'crm',
  title: 'HubSpot CRM',
  description: 'Contacts and companies, on the HubSpot CRM API v3.',
  documentationUrl: 'https://developers.hubspot.com/docs/reference/api/crm/objects',
  features: {
    transformations: true,
    bulkDownload: true,
    bulkUpload: true,
    events: ['polling'],
    authentication: ['OAuth 2.0 (/oauth/v1)'],
  },
  config: hubspotConfig,
  auth: [login],
  vendor: {
    ...hubspotSites(environment),
    correlationHeader: 'x-hubspot-correlation-id',
    headers: { accept: 'application/json' },
    services: hubspotServices,
  },
  errors: hubspotErrors,
  errorWords: hubspotErrorWords,
  resources: { contacts, accounts },
  passthrough: {
    requestHeaders: ['accept', 'accept-language'],
    replyHeaders: ['retry-after', 'etag', 'last-modified'],
    mostBytes: 64 * 1024 * 1024,
  },
  connect: {
    siteField: 'site.address',
    sites: [
      { key: 'hubspot', title: 'HubSpot' },
      ...(environment.sandboxUrl === undefined
        ? []
        : [{ key: 'sandbox', title: 'The sandbox beside this server' }]),
    ],
    limits: [
      'HubSpot takes 110 calls in 10 seconds of an app in an account, and five searches a second; Amalgam waits for its turn.',
      'A page of a listing holds at most 100 rows at HubSpot, one of a search 200; Amalgam reads on until your page is full.',
      'A record that was just written may be missing in a search for some seconds; it is found by its id at once.',
      'A deleted record goes to the recycle bin of HubSpot for 90 days, and no event tells of it.',
    ],
  },
  ...(environment.sandboxUrl === undefined
    ? {}
    : {
        sandbox: {
          apiKey: sandboxApp.key,
          apiSecret: sandboxApp.secret,
          logins: 'The administrator is admin@crm.example; the password is sandbox.',
          consent: { sandbox_user: 'admin@crm.example' },
          configuration: {},
          tour,
        },
      }),
})
