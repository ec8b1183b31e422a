import type { Resource } from '#src/element/index.ts'
import { object, required, text } from './fields.ts'
import { byPerson } from './v4-paths.ts'

const path = '/quickexpense/v4/users/{userId}/context/TRAVELER/quickexpenses'
const scopes = ['quickexpense.writeonly'] as const

/**
 * Quick expenses: what a person has spent, before it is on a report. Concur creates them and shows none; 120 calls in
 * five minutes for each person.
 */
export const quickExpenses: Resource = {
  name: 'quick-expenses',
  title: 'Quick expenses',
  key: 'id',
  keepUnknown: true,
  source: 'SAP Concur, Quick Expense v4 (spec/concur.md 3.4), compared 2026-08',
  address: byPerson('UUID of the person; absent: the connected one. A company names a person.'),
  fields: {
    id: text('read', 'Id of the quick expense, out of the address that a create answers.'),
    expenseTypeId: required(text('write', 'Code of the expense type, as expense-types show it.')),
    transactionAmount: required(object('write', 'Amount, {value, currencyCode}.')),
    transactionDate: required(text('write', 'Date of the expense, yyyy-MM-dd.')),
    paymentTypeId: text('write', 'CASHX cash, CPAID paid by the company, PENDC pending card transaction.'),
    location: object('write', 'Place, {city, countryCode, countrySubDivisionCode, id, name}.'),
    vendor: text('write', 'Vendor in words, at most 255 characters.'),
    comment: text('write', 'Comment, at most 2,000 characters.'),
    entryDetails: text('write', 'Details, at most 2,000 characters.'),
  },
  verbs: {
    create: { method: 'POST', path, scopes, newId: { kind: 'uri-field', name: 'quickExpenseIdUri' } },
  },
  upload: {
    title: 'a quick expense',
    types: ['application/pdf', 'image/jpeg', 'image/jpg', 'image/png', 'image/tiff'],
    mostBytes: 50 * 1024 * 1024,
    call: {
      method: 'POST',
      path: `${path}/image`,
      scopes,
      form: { file: 'fileContent', json: 'quickExpenseRequest' },
    },
    newId: { kind: 'uri-field', name: 'quickExpenseIdUri' },
  },
  page: { kind: 'none' },
  filterStyle: { kind: 'parameters' },
  filters: [],
}
