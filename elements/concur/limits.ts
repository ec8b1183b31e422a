import type { Service } from '#src/element/index.ts'

/**
 * What SAP Concur counts together. It publishes numbers for few of its APIs ("nothing else", spec/concur.md 2.4); of
 * those, Invoice Pay's 10,000 a minute are over all callers, which nobody can count here. For all others each API, as
 * its pages divide them, is a service whose pace is found out from its answers.
 */
export const concurServices: readonly Service[] = [
  {
    key: 'quick-expense-v4',
    paths: ['/quickexpense/v4/users/{user}'],
    limit: {
      calls: 120,
      seconds: 300,
      per: 'user',
      source: 'SAP Concur, Quick Expense v4, "Limitations" (spec/concur.md 2.4), read 2026-08',
    },
  },
  { key: 'itinerary-v4-trip', paths: ['/travel/v4/trips/{any}'] },
  {
    key: 'itinerary-v4-list',
    paths: ['/travel/v4/trips'],
    limit: {
      calls: 10,
      seconds: 60,
      per: 'instance',
      source: 'SAP Concur, Itinerary v4 (spec/concur.md 2.4), read 2026-08',
    },
  },
  {
    key: 'itinerary-v1',
    paths: ['/api/travel/trip'],
    limit: {
      calls: 4_000,
      seconds: 60,
      per: 'instance',
      source:
        'SAP Concur, Itinerary v1 guide: 4,000 a minute, 240,000 an hour (spec/concur.md 2.4), read 2026-08',
    },
  },
  { key: 'reports-v3', paths: ['/api/v3.0/expense/reports'] },
  { key: 'entries-v3', paths: ['/api/v3.0/expense/entries'] },
  { key: 'itemizations-v3', paths: ['/api/v3.0/expense/itemizations'] },
  { key: 'allocations-v3', paths: ['/api/v3.0/expense/allocations'] },
  { key: 'attendee-types-v3', paths: ['/api/v3.0/expense/attendeetypes'] },
  { key: 'receipt-images-v3', paths: ['/api/v3.0/expense/receiptimages'] },
  { key: 'expense-groups-v3', paths: ['/api/v3.0/expense/expensegroupconfigurations'] },
  { key: 'lists-v3', paths: ['/api/v3.0/common/lists', '/api/v3.0/common/listitems'] },
  { key: 'locations-v3', paths: ['/api/v3.0/common/locations'] },
  { key: 'users-v3', paths: ['/api/v3.0/common/users'] },
  { key: 'invoice-v3', paths: ['/api/v3.0/invoice', '/api/v3.1/invoice'] },
  { key: 'expense-reports-v4', paths: ['/expensereports/v4'] },
  { key: 'expense-config-v4', paths: ['/expenseconfig/v4'] },
  { key: 'attendees-v4', paths: ['/v4/attendees', '/v4/attendeetypes'] },
  { key: 'lists-v4', paths: ['/list/v4'] },
  { key: 'localities-v5', paths: ['/localities/v5'] },
  { key: 'identity-v4', paths: ['/profile/identity'] },
  { key: 'receipts-v4', paths: ['/receipts/v4'] },
  { key: 'images-v1', paths: ['/api/image/v1.0'] },
]
