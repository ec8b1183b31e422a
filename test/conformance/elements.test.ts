import { describe, expect, it } from 'vitest'
import { catalogueElements } from '#elements/index.ts'
import { connect } from '../support/client.ts'
import { connectCrm } from '../support/crm.ts'
import { type Conformance, conform } from './conform.ts'

const facts: readonly Conformance[] = [
  {
    key: 'concur',
    everything: { reports: "user = 'ALL'", expenses: "user = 'ALL'" },
    writes: {
      reports: {
        create: { Name: 'Round trip', UserDefinedDate: '2026-03-04T00:00:00' },
        change: { Name: 'Round trip again' },
      },
      expenses: {
        create: {
          ReportID: '4F0A77',
          ExpenseTypeCode: 'TAXIX',
          PaymentTypeID: 'pt$01',
          TransactionDate: '2021-03-04T00:00:00',
          TransactionCurrencyCode: 'EUR',
          TransactionAmount: 37,
          Description: 'Round trip',
        },
        change: { Description: 'Round trip again', TransactionAmount: 38 },
      },
    },
    listing: {
      ...{ reports: 'reports.list', expenses: 'entries.list', users: 'users.list', lists: 'lists.list' },
      ...{ vendors: 'vendors.list', 'payments-digests': 'payment-digests.list' },
    },
    product: { sandbox: { reports: 150 } },
    connect: (product, configuration) => connect(product, product.admin, { configuration }),
    sandboxUrl: ({ sandbox }) => sandbox.url,
    runs: 60,
  },
  {
    key: 'hubspotcrm',
    everything: {},
    writes: {
      contacts: {
        create: { properties: { email: 'round@trip.example', lastname: 'Trip' } },
        change: { properties: { lastname: 'Round', lifecyclestage: 'customer' } },
      },
      accounts: {
        create: { properties: { name: 'Round Trip', numberofemployees: '37' } },
        change: { properties: { numberofemployees: '38' } },
      },
    },
    listing: { contacts: 'list', accounts: 'list' },
    product: { sandbox: { reports: 5 }, crm: { contacts: 160 } },
    connect: (product, configuration) => connectCrm(product, product.admin, configuration),
    sandboxUrl: ({ crmUrl = '' }) => crmUrl,
    // Each search waits for its turn: HubSpot takes few in a second.
    runs: 8,
  },
]

const elements = catalogueElements({ sandboxUrls: ['http://127.0.0.1:8081', 'http://127.0.0.1:8082'] })

describe('the conformance suite', () => {
  it('runs for every element of the catalogue', () => {
    expect(facts.map(({ key }) => key).sort()).toEqual(elements.map(({ key }) => key).sort())
  })
})

for (const element of elements) {
  const known = facts.find(({ key }) => key === element.key)
  if (known !== undefined) conform(element, known)
}
