import type { Resource } from '#src/element/index.ts'
import { boolean, number, text } from './fields.ts'
import { ofReport, readReports } from './v4-paths.ts'

/** Fields of the form that a report is entered with. */
export const formFields: Resource = {
  name: 'form-fields',
  title: 'Form fields of a report',
  key: 'id',
  keepUnknown: true,
  source: 'SAP Concur, Reports v4 (spec/concur.md 3.1), compared 2026-08',
  address: [
    ofReport(['search', 'retrieve']),
    { name: 'policyId', description: 'Id of the policy whose form is meant; absent: that of the report.' },
  ],
  fields: {
    id: text('read', 'Id of the field, such as custom1 or orgUnit1.'),
    label: text('read', 'Name of the field on the form.'),
    controlType: text('read', 'How it is entered, such as edit, list or checkbox.'),
    dataType: text('read', 'Type of its data, such as VARCHAR, LIST, MLIST (a connected list) or TIMESTAMP.'),
    fieldAccess: text('read', 'RW written, RO read only, HD hidden.'),
    isRequired: boolean('read', 'Whether it must be filled in.'),
    isCustom: boolean('read', "Whether it is a custom field of the company's."),
    sequence: number('read', 'Place on the form, from 1.'),
    listId: text('read', 'UUID of the list whose items it takes, as lists show it.'),
    maximumLength: number('read', 'Most characters.'),
    value: text('read', "The report's value."),
  },
  verbs: {
    search: {
      method: 'GET',
      path: '/expensereports/v4/reports/{reportId}/formFields',
      rows: null,
      query: { policyId: '{policyId}' },
      scopes: readReports,
    },
    retrieve: { kind: 'listed', why: 'Reports v4 has no call for one field.' },
  },
  page: { kind: 'none' },
  filterStyle: { kind: 'parameters' },
  filters: [],
}
