import { describe, expect, it } from 'vitest'
import { catalogueElements } from '#elements/index.ts'
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
  },
]

const elements = catalogueElements({ sandboxUrl: 'http://127.0.0.1:8081' })

describe('the conformance suite', () => {
  it('runs for every element of the catalogue', () => {
    expect(facts.map(({ key }) => key).sort()).toEqual(elements.map(({ key }) => key).sort())
  })
})

for (const element of elements) {
  const known = facts.find(({ key }) => key === element.key)
  if (known !== undefined) conform(element, known)
}
