import { describe, expect, it } from 'vitest'
import { catalogueElements } from '#elements/index.ts'
import { type Conformance, conform } from './conform.ts'

const facts: readonly Conformance[] = [
  {
    key: 'concur',
    everything: { reports: "user = 'ALL'" },
    writes: {
      reports: {
        create: { Name: 'Round trip', UserDefinedDate: '2026-03-04T00:00:00' },
        change: { Name: 'Round trip again' },
      },
    },
    listing: { reports: 'reports.list', users: 'users.list' },
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
