import type { Resource } from '#src/element/index.ts'
import { toV3ExpenseId } from '../expense-ids.ts'
import { slotGuard } from '../slot-guard.ts'
import { boolean, customFields, datetime, number, orgUnits, required, text } from './fields.ts'
import { equals, ownedBy } from './filters.ts'
import { imageOf } from './images.ts'

const path = '/api/v3.0/expense/entries'
const call = { principals: ['user', 'company'], scopes: ['EXPRPT'] } as const

/**
 * Expenses: entries of Entries v3, deleted through Expenses v4, since the DELETE of v3 is deprecated
 * (2025-06-26) and the v3 row carries the id that v4 knows.
 */
const current: Resource = {
  name: 'expenses',
  title: 'Expenses',
  key: 'ID',
  keepUnknown: true,
  source: 'SAP Concur, Entries v3 and Expenses v4 (spec/concur.md 3.2 and 8.5), compared 2026-08',
  fields: {
    ID: text(),
    ExpenseID: text(),
    URI: text(),
    ReportID: required(text('write')),
    ReportOwnerID: text(),
    ExpenseTypeCode: required(text('write')),
    ExpenseTypeName: text(),
    SpendCategoryCode: text(),
    SpendCategoryName: text(),
    PaymentTypeID: required(text('write')),
    PaymentTypeName: text(),
    TransactionDate: required(datetime('write')),
    TransactionCurrencyCode: required(text('write')),
    TransactionAmount: required(number('write')),
    ExchangeRate: number('write'),
    PostedAmount: number(),
    ApprovedAmount: number(),
    VendorDescription: text('write'),
    VendorListItemID: text('write'),
    VendorListItemName: text(),
    LocationID: text('write'),
    LocationName: text(),
    LocationSubdivision: text(),
    LocationCountry: text(),
    Description: text('write'),
    Comment: text('write'),
    IsPersonal: boolean('write'),
    IsBillable: boolean('write'),
    TaxReceiptType: text('write'),
    Journey: { type: 'object', access: 'write' },
    AllocationType: text(),
    CompanyCardTransactionID: text(),
    ElectronicReceiptID: text(),
    EmployeeBankAccountID: text(),
    FormID: text(),
    TripID: text(),
    HasAppliedCashAdvance: boolean(),
    HasAttendees: boolean(),
    HasComments: boolean(),
    HasExceptions: boolean(),
    HasImage: boolean(),
    HasItemizations: boolean(),
    HasVAT: boolean(),
    IsImageRequired: boolean(),
    IsPaidByExpensePay: boolean(),
    IsPersonalCardCharge: boolean(),
    ReceiptReceived: boolean(),
    LastModified: datetime(),
    ...orgUnits,
    ...customFields(40),
  },
  verbs: {
    search: { ...call, method: 'GET', path, rows: 'Items' },
    retrieve: { ...call, method: 'GET', path: `${path}/{id}` },
    create: { ...call, method: 'POST', path, newId: { kind: 'field', name: 'ID' } },
    update: { ...call, method: 'PUT', path: `${path}/{id}` },
    remove: {
      method: 'DELETE',
      path: '/expensereports/v4/reports/{ReportID}/expenses/{ExpenseID}',
      readFirst: true,
      // Addresses of v4 without a user are documented for company tokens (spec/concur.md 2.1).
      principals: ['company'],
      scopes: ['expense.report.readwrite'],
    },
  },
  contents: { image: imageOf('/api/image/v1.0/expenseentry/{id}', 'Image of an expense') },
  owner: ownedBy('ReportOwnerID'),
  address: [
    {
      name: 'reportId',
      description: 'The ID of the report that the expense is on; an ExpenseID needs it, an ID does not.',
    },
    { name: 'reportID', description: 'The same as reportId.' },
  ],
  guard: slotGuard('expense'),
  translate: { id: toV3ExpenseId },
  page: { kind: 'next-url', next: 'NextPage', cursorParam: 'offset', sizeParam: 'limit', maxSize: 100 },
  filterStyle: { kind: 'parameters' },
  filters: [
    equals('user'),
    equals('reportID', 'ReportID'),
    { ...equals('reportId', 'ReportID'), sentAs: 'reportID' },
    equals('paymentTypeID', 'PaymentTypeID'),
    equals('batchID'),
    equals('isBillable', 'IsBillable', 'boolean'),
    equals('attendeeTypeCode'),
    equals('hasAttendees', 'HasAttendees', 'boolean'),
    equals('hasVAT', 'HasVAT', 'boolean'),
    equals('expenseTypeCode', 'ExpenseTypeCode'),
    equals('attendeeID'),
  ],
}

/** The same for tokens that reach no v4 address: there the deprecated DELETE of v3 is the only one. */
const older: Resource = {
  ...current,
  source: 'SAP Concur, Entries v3 (spec/concur.md 3.2), compared 2026-08',
  verbs: { ...current.verbs, remove: { ...call, method: 'DELETE', path: `${path}/{id}` } },
}

export const expenses: Resource = { ...current, generations: { v3: older } }
