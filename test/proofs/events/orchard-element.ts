import type { Element, Resource } from '#src/element/index.ts'
import { apples, elementOf } from '../../support/small-vendor.ts'

const fruit = (name: string, more: Partial<Resource>): Resource =>
  apples({
    name,
    title: name,
    verbs: { search: { method: 'GET', path: `/${name}`, rows: 'Items' } },
    page: { kind: 'cursor', next: 'Next', cursorParam: 'cursor', sizeParam: 'limit', maxSize: 100 },
    ...more,
  })

const datedApples = fruit('apples', {
  fields: {
    ID: { type: 'text', access: 'read' },
    Name: { type: 'text', access: 'write' },
    Weight: { type: 'number', access: 'write' },
    Made: { type: 'datetime', access: 'read' },
    Changed: { type: 'datetime', access: 'read' },
  },
  filters: [{ param: 'changedSince', means: 'after', type: 'datetime', field: 'Changed' }],
  changes: { kind: 'dated', updated: 'Changed', created: 'Made', since: 'changedSince' },
})

const listedPears = fruit('pears', { changes: { kind: 'listing', deletes: true } })

/** An element of the orchard: apples tell when they changed, pears do not. */
export const orchardElement = (url: string): Element => ({
  ...elementOf(datedApples),
  features: {
    transformations: false,
    bulkDownload: false,
    bulkUpload: false,
    events: ['polling'],
    authentication: [],
  },
  vendor: {
    siteOf: () => ({ key: 'one', authorizeUrl: url, tokenUrl: url, apiUrl: url, pkce: false }),
    isOwnUrl: () => true,
    correlationHeader: 'orchard-id',
    headers: { accept: 'application/json' },
  },
  errors: [
    { when: { status: 429 }, as: 'provider-rate-limited', retry: 'never' },
    { when: { status: [400, 599] }, as: 'provider-failed', retry: 'never' },
  ],
  resources: { apples: datedApples, pears: listedPears },
})
