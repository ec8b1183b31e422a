import type { Filter } from '#src/element/index.ts'
import { about, equals } from './filters.ts'

/** What vendors are looked for by, each compared as `searchType` says. Source: SAP Concur, Vendors v3.1. */
const searched: Readonly<Record<string, string>> = {
  vendorCode: 'Code of the vendor.',
  addressCode: 'Code of the address.',
  buyerAccountNumber: "The company's number at the vendor.",
  taxID: 'Tax number.',
  vendorName: 'Name of the vendor.',
  paymentMethodType: 'How the vendor is paid: ACH, CARD, CHECK, CLIENT, PAYPVD, VCHER or WIRE.',
  address1: 'Street.',
  address2: 'Second line of the address.',
  address3: 'Third line of the address.',
  city: 'City.',
  state: 'State or province.',
  postalCode: 'Postal code.',
  approved: 'Whether the vendor is approved.',
  country: 'Country.',
}

const customs = Array.from({ length: 20 }, (_, at): [name: string, words: string] => [
  `custom${at + 1}`,
  `Custom field ${at + 1}.`,
])

export const vendorFilters: readonly Filter[] = [
  about(equals('searchType'), 'How all others are compared: exact (when absent), begins, contains or ends.'),
  about(equals('sortBy'), 'Field to sort by; the name of the vendor when absent.'),
  about(equals('sortDirection'), 'ascending (when absent) or descending.'),
  ...[...Object.entries(searched), ...customs].map(([name, words]) => about(equals(name), words)),
]
