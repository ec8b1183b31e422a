import type { Resource } from '#src/element/index.ts'
import { toV3ExpenseId } from '../expense-ids.ts'
import { slotGuard } from '../slot-guard.ts'
import { boolean, customFields, datetime, number, object, orgUnits, required, text } from './fields.ts'
import { about, equals, ownedBy } from './filters.ts'
import { imageOf } from './images.ts'

const path = '/api/v3.0/expense/entries'
const call = { principals: ['user', 'company'], scopes: ['EXPRPT'] } as const

/**
 * Expenses: entries of Entries v3, deleted through Expenses v4, since the DELETE of v3 is deprecated
 * (2025-06-26) and the v3 row carries the id that v4 knows.
 */
const current: Resource = {
  name: 'expenses',
  changes: { kind: 'dated', updated: 'LastModified' },
  title: 'Expenses',
  key: 'ID',
  keepUnknown: true,
  source: 'SAP Concur, Entries v3 and Expenses v4 (spec/concur.md 3.2 and 8.5), compared 2026-08',
  fields: {
    ID: text('read', 'Id of the expense on APIs of v3, a text that may hold $.'),
    ExpenseID: text(
      'read',
      'Id of the same expense on APIs of v4, 32 hex digits; wherever it stands for ID, its report must be named.',
    ),
    URI: text('read', 'Address of the expense at SAP Concur.'),
    ReportID: required(text('write', 'ID of the report that it is on; it stays there.')),
    ReportOwnerID: text('read', 'Login of the owner of the report.'),
    ExpenseTypeCode: required(text('write', 'Code of the expense type, as expense-types show it.')),
    ExpenseTypeName: text('read', 'Name of the expense type.'),
    SpendCategoryCode: text('read', 'Code of the spend category.'),
    SpendCategoryName: text('read', 'Name of the spend category.'),
    PaymentTypeID: required(
      text('write', 'Id of v3 of the payment type, which payment-types show as PaymentTypeID.'),
    ),
    PaymentTypeName: text('read', 'Name of the payment type.'),
    TransactionDate: required(datetime('write', 'Day of the expense, without a zone.')),
    TransactionCurrencyCode: required(text('write', 'Currency in which it was paid, ISO 4217.')),
    TransactionAmount: required(
      number('write', 'What was paid, in TransactionCurrencyCode; mileage has a Journey instead.'),
    ),
    ExchangeRate: number(
      'write',
      "Units of the report's currency for one of TransactionCurrencyCode; another currency does not change it.",
    ),
    PostedAmount: number('read', 'What it comes to, in the currency of the report.'),
    ApprovedAmount: number('read', 'What of it is approved, in the currency of the report.'),
    VendorDescription: text('write', 'Name of the vendor, at most 64 characters.'),
    VendorListItemID: text('write', "Id of v3 of the vendor's item in the list of vendors."),
    VendorListItemName: text('read', 'Name of that item.'),
    LocationID: text('write', 'Id of v3 of the place, as other expenses show it.'),
    LocationName: text('read', 'Name of the place.'),
    LocationSubdivision: text('read', 'State or province of the place, ISO 3166-2.'),
    LocationCountry: text('read', 'Country of the place, ISO 3166-1 alpha-2.'),
    Description: text('write', 'Description, at most 64 characters.'),
    Comment: text('write', 'Comment, at most 500 characters; always empty when it is read.'),
    IsPersonal: boolean('write', 'Whether it is a private expense, which is not paid back.'),
    IsBillable: boolean('write', 'Whether it is charged on to a customer.'),
    TaxReceiptType: text('write', 'Receipt: T with tax, R without, N none.'),
    Journey: object(
      'write',
      'Mileage: StartLocation and EndLocation (100 characters), UnitOfMeasure (M miles, K kilometres), BusinessDistance, PersonalDistance, NumberOfPassengers, OdometerStart, OdometerEnd, VehicleID.',
    ),
    AllocationType: text('read', 'P partially, F fully, N not allocated.'),
    CompanyCardTransactionID: text('read', "Id of the transaction of the company's card that it came from."),
    ElectronicReceiptID: text('read', 'Id of the electronic receipt that it came with.'),
    EmployeeBankAccountID: text('read', 'Id of the bank account that it is paid to.'),
    FormID: text('read', 'Id of the form that says which fields it has.'),
    TripID: text('read', 'Id of the trip that it belongs to.'),
    HasAppliedCashAdvance: boolean('read', 'Whether a cash advance is set against it.'),
    HasAttendees: boolean('read', 'Whether it has attendees.'),
    HasComments: boolean('read', 'Whether it has comments.'),
    HasExceptions: boolean('read', 'Whether exceptions are noted on it.'),
    HasImage: boolean('read', 'Whether it has an image of the receipt.'),
    HasItemizations: boolean('read', 'Whether it is split into itemizations.'),
    HasVAT: boolean('read', 'Whether it tells value-added tax.'),
    IsImageRequired: boolean('read', 'Whether it needs an image of the receipt.'),
    IsPaidByExpensePay: boolean(
      'read',
      "Whether SAP Concur's Expense Pay pays it; told once the payment is processed.",
    ),
    IsPersonalCardCharge: boolean('read', 'Whether it was paid by a personal card that is imported.'),
    ReceiptReceived: boolean('read', 'Whether the receipt on paper has come in.'),
    LastModified: datetime('read', 'Last change, UTC.'),
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
    about(
      equals('user'),
      "Whose expenses: a login, or ALL for everybody's; needs the role Web Services Administrator (Can Administer).",
    ),
    equals('reportID', 'ReportID'),
    { ...equals('reportId', 'ReportID'), sentAs: 'reportID' },
    equals('paymentTypeID', 'PaymentTypeID'),
    about(equals('batchID'), 'Id of a payment batch that pays it.'),
    equals('isBillable', 'IsBillable', 'boolean'),
    about(equals('attendeeTypeCode'), 'Code of a type that one of its attendees has.'),
    equals('hasAttendees', 'HasAttendees', 'boolean'),
    equals('hasVAT', 'HasVAT', 'boolean'),
    equals('expenseTypeCode', 'ExpenseTypeCode'),
    about(equals('attendeeID'), 'Id of v3 of one of its attendees.'),
  ],
}

/** The same for tokens that reach no v4 address: there the deprecated DELETE of v3 is the only one. */
const older: Resource = {
  ...current,
  source: 'SAP Concur, Entries v3 (spec/concur.md 3.2), compared 2026-08',
  verbs: { ...current.verbs, remove: { ...call, method: 'DELETE', path: `${path}/{id}` } },
}

export const expenses: Resource = { ...current, generations: { v3: older } }
