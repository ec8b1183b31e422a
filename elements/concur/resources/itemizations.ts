import type { Resource } from '#src/element/index.ts'
import { toV3ExpenseId } from '../expense-ids.ts'
import { boolean, customFields, datetime, number, object, orgUnits, required, text } from './fields.ts'
import { equals, ownedBy } from './filters.ts'

const path = '/api/v3.0/expense/itemizations'
const scopes = ['EXPRPT'] as const

/** Parts of an expense. The PUT and DELETE of v3 are deprecated since 2016 and stand in the old generation only. */
const current: Resource = {
  name: 'itemizations',
  title: 'Itemizations',
  key: 'ID',
  keepUnknown: true,
  source: 'SAP Concur, Itemizations v3 (spec/concur.md 3.2), compared 2026-08',
  translate: { entryID: toV3ExpenseId, EntryID: toV3ExpenseId },
  fields: {
    ID: text('read', 'Id of the itemization.'),
    URI: text('read', 'Address of the itemization at SAP Concur.'),
    EntryID: required(
      text('once', 'Id of the expense that it is a part of: its ID, or its ExpenseID with reportID.'),
    ),
    ReportID: text('read', 'ID of the report.'),
    ReportOwnerID: text('read', 'Login of the owner of the report.'),
    ExpenseTypeCode: required(text('write', 'Code of the expense type, as expense-types show it.')),
    ExpenseTypeName: text('read', 'Name of the expense type.'),
    SpendCategoryCode: text('read', 'Code of the spend category.'),
    SpendCategoryName: text('read', 'Name of the spend category.'),
    TransactionDate: required(datetime('write', 'Date of the part, without a zone.')),
    TransactionAmount: required(number('write', 'Amount, in the currency of the expense.')),
    PostedAmount: number('read', 'Amount in the currency of the report.'),
    ApprovedAmount: number('read', 'Approved of it, in the currency of the report.'),
    Description: text('write', 'Description, at most 64 characters.'),
    Comment: text('write-only', 'Comment, at most 500 characters; never read back.'),
    IsPersonal: boolean('write', 'Whether it is a private expense.'),
    IsBillable: boolean('write', 'Whether it is charged on.'),
    AllocationType: text('read', 'P partially, F fully, N not allocated.'),
    HasComments: boolean('read', 'Whether it has comments.'),
    HasExceptions: boolean('read', 'Whether it has exceptions.'),
    IsImageRequired: boolean('read', 'Whether it needs an image of the receipt.'),
    LocationID: text('read', 'Id of the place.'),
    LocationName: text('read', 'Name of the place.'),
    LocationSubdivision: text('read', 'State or province of the place, ISO 3166-2.'),
    LocationCountry: text('read', 'Country of the place, ISO 3166-1 alpha-2.'),
    LastModified: datetime('read', 'Last change, UTC.'),
    ...orgUnits,
    ...customFields(40),
  },
  verbs: {
    search: { method: 'GET', path, rows: 'Items', scopes },
    retrieve: { method: 'GET', path: `${path}/{id}`, scopes },
    create: { method: 'POST', path, newId: { kind: 'field', name: 'ID' }, scopes },
  },
  owner: ownedBy('ReportOwnerID'),
  page: { kind: 'next-url', next: 'NextPage', cursorParam: 'offset', sizeParam: 'limit', maxSize: 100 },
  filterStyle: { kind: 'parameters' },
  filters: [
    { ...equals('user'), description: 'Login of the owner, or ALL.' },
    equals('reportID', 'ReportID'),
    equals('entryID', 'EntryID'),
    equals('expenseTypeCode', 'ExpenseTypeCode'),
  ],
}

const older: Resource = {
  ...current,
  source: 'SAP Concur, Itemizations v3 with its deprecated verbs (spec/concur.md 3.2), compared 2026-08',
  verbs: {
    ...current.verbs,
    update: { method: 'PUT', path: `${path}/{id}`, scopes },
    remove: { method: 'DELETE', path: `${path}/{id}`, scopes },
  },
}

export const itemizations: Resource = { ...current, generations: { v3: older } }

const allocationPath = '/api/v3.0/expense/allocations'

/** Read with a label and a place besides what other custom fields have. */
const labelled = (at: number) =>
  object(
    'read',
    `Custom field ${at} of the allocation form, {Type, Value, Code, ListItemID, Label, Sequence}.`,
  )

/** To which accounts and departments expenses are charged. Concur documents no call that creates one. */
export const allocations: Resource = {
  name: 'allocations',
  title: 'Allocations',
  key: 'ID',
  keepUnknown: true,
  source: 'SAP Concur, Allocations v3 (spec/concur.md 3.2), compared 2026-08',
  translate: { entryID: toV3ExpenseId },
  fields: {
    ID: text('read', 'Id of the allocation.'),
    URI: text('read', 'Address of the allocation at SAP Concur.'),
    EntryID: text('read', 'ID of the expense.'),
    Percentage: text('read', 'Share of the expense in percent, a decimal number as text.'),
    AccountCode1: text('read', 'Account code of the expense type.'),
    AccountCode2: text('read', 'Second account code, for amounts over a limit.'),
    IsHidden: boolean('read', 'Whether the owner of the report does not see it.'),
    IsPercentEdited: boolean('read', 'Whether somebody set the percentage.'),
    ...Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`Custom${at + 1}`, labelled(at + 1)])),
  },
  verbs: {
    search: { method: 'GET', path: allocationPath, rows: 'Items', scopes },
    retrieve: { method: 'GET', path: `${allocationPath}/{id}`, query: { user: '{user}' }, scopes },
  },
  page: { kind: 'next-url', next: 'NextPage', cursorParam: 'offset', sizeParam: 'limit', maxSize: 100 },
  filterStyle: { kind: 'parameters' },
  filters: [
    { ...equals('user'), description: 'Login of the owner, or ALL.' },
    { ...equals('reportID'), description: 'ID of the report.' },
    equals('entryID', 'EntryID'),
    { ...equals('itemizationID'), description: 'ID of the itemization.' },
  ],
  address: [
    {
      name: 'user',
      description: "Login of the owner of the report, where it is not the connected person's.",
    },
  ],
}
