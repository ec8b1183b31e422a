import type { Service } from '#src/element/index.ts'

/**
 * What HubSpot counts together, for an app in one account. Searches are counted apart.
 * Source: developers.hubspot.com, "API usage guidelines" and "CRM search"; not compared with the page by hand.
 */
export const hubspotServices: readonly Service[] = [
  {
    key: 'crm-search',
    paths: ['/crm/v3/objects/{any}/search'],
    methods: ['POST'],
    limit: {
      calls: 4,
      seconds: 1,
      per: 'instance',
      source: 'HubSpot, CRM search, "Limits": five a second for an account, four of them ours',
    },
  },
  {
    key: 'api',
    paths: ['/crm', '/oauth', '/account-info'],
    limit: {
      calls: 100,
      seconds: 10,
      per: 'instance',
      source: 'HubSpot, API usage guidelines: 110 in 10 s for an app that others install, 100 of them ours',
    },
  },
]
