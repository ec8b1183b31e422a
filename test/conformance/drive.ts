import type { Json, JsonObject } from '#src/lib/json.ts'

/**
 * How each resource is driven against the sandbox: what the data of the element cannot tell. Texts may hold names in
 * braces: of what `drive-stage.ts` has made, of `known` rows, and `{n}`, a number that no other run has.
 */

/**
 * Through which instance: a company's, a person's, a manager's, a company's on the older generation of APIs, or a
 * person's of the deprecated login.
 */
export type Who = 'company' | 'person' | 'manager' | 'v3' | 'legacy'
export type Query = Readonly<Record<string, string>>

/** Fields by name, with the reason. */
type Reasons = Readonly<Record<string, string>>

export interface Drive {
  readonly as: readonly Who[]
  /** Verbs of the element that are not driven by one of them, with the reason. */
  readonly notBy?: Partial<Readonly<Record<Who, Reasons>>>
  /** Goes with every call. */
  readonly query?: Query
  /** The same for one of them. */
  readonly queryOf?: Partial<Readonly<Record<Who, Query>>>
  /** What the list is asked for. */
  readonly where?: string
  /** A create's body, and a change; fields that are not named get a value by their type. */
  readonly create?: JsonObject
  readonly change?: JsonObject
  /** Not written by create and change at all. */
  readonly notWritten?: Reasons
  /** Written, and not found again in the row. */
  readonly notShown?: Reasons
  /** What a row shows of a field, where that is something else than was written. */
  readonly shown?: JsonObject
  /** What goes with a file that is uploaded, as a part of the form. */
  readonly upload?: Readonly<Record<string, JsonObject>>
  /** Fields that are another each time they are read, with the reason. */
  readonly unsteady?: Reasons
  /** Why a second read need not ask SAP Concur. */
  readonly kept?: string
  readonly updateAll?: { readonly query?: Query; readonly body: JsonObject }
  readonly deleteAll?: { readonly query?: Query }
  /** The name under which the row's id is known to what is driven later. */
  readonly known?: string
  /** The id of a row that is got, in place of the first one listed. */
  readonly id?: string
}

/** Organization units and custom fields that hold items of lists in the sandbox. */
const slots = { OrgUnit1: 'SLS', OrgUnit2: 'NORTH', Custom1: 'P-200', Custom4: 'CC1000' } as const
const otherSlots = { OrgUnit1: 'OPS', OrgUnit2: 'SOUTH', Custom1: 'P-100', Custom4: 'CC1001' } as const

const ofReport: Query = { reportId: '{reportId}' }
const ofExpense: Query = { ...ofReport, expenseId: '{expenseId}' }
const ofTraveller: Query = { user: '{traveller}' }
const neverRead = 'it is never read back (spec/concur.md 3.1, 3.2)'

const journey = {
  ...{ StartLocation: 'Bonn', EndLocation: 'Ulm', UnitOfMeasure: 'K', BusinessDistance: 7, VehicleID: 'v' },
  ...{ PersonalDistance: 1, NumberOfPassengers: 2, OdometerStart: 3, OdometerEnd: 11 },
} as const

const expense = {
  ...{ PaymentTypeID: '{paymentTypeId}', LocationID: '{locationId}', VendorListItemID: '{vendorItemId}' },
} as const

const payment = {
  VendorRemitToIdentifier: {
    ...{
      VendorCode: '{vendorCode}',
      AddressCode: 'A1',
      Name: 'Cabs',
      Address1: 'Ring 1',
      PostalCode: '53111',
    },
  },
  LineItems: [{ Description: 'Ride', Quantity: '2', UnitPrice: '15', Allocations: [{ Percentage: '100' }] }],
  ...{ CountryCode: 'DE', CurrencyCode: 'EUR', InvoiceDate: '2021-03-04 00:00:00.0', InvoiceAmount: '37.00' },
  EmployeeLoginId: '{traveller}',
} as const

const bank = {
  ...{ VendorCode: '{vendorCode}', AddressCode: 'A1', AccountNumber: '12', AccountType: 'CHCK' },
  ...{ IsActive: 'Y', NameOnAccount: 'River', BankCode: 'BK1', BankName: 'Union', BranchCode: '001' },
  ...{
    BranchLocation: 'Bonn',
    CountryCode: 'DE',
    CurrencyAlphaCode: 'EUR',
    RoutingNumber: '7',
    TransType: 'ACH',
  },
} as const

const quickExpense = {
  ...{ expenseTypeId: 'TAXIX', transactionDate: '2026-01-02', paymentTypeId: 'CASHX' },
  transactionAmount: { value: 12.5, currencyCode: 'EUR' },
  location: { city: 'Bonn', countryCode: 'DE', name: 'Bonn' },
} as const

export const drives: Readonly<Record<string, Drive>> = {
  reports: {
    as: ['company', 'person'],
    create: { Name: 'Driven', ...slots },
    change: { ...otherSlots },
    notShown: { PolicyID: 'accepted and ignored (spec/concur.md 3.1)' },
  },
  expenses: {
    as: ['company', 'person', 'v3'],
    where: "reportID = '{reportId}'",
    queryOf: { company: ofTraveller, v3: ofTraveller },
    create: {
      ...{ ReportID: '{reportId}', ExpenseTypeCode: 'TAXIX', TransactionCurrencyCode: 'EUR' },
      ...{ TaxReceiptType: 'R', Journey: journey, ...expense, ...slots },
    },
    change: {
      ...{ ReportID: '{reportId}', ExpenseTypeCode: 'DINNR', TransactionCurrencyCode: 'USD' },
      ...{ TaxReceiptType: 'T', Journey: { ...journey, EndLocation: 'Kiel' }, ...expense, ...otherSlots },
    },
    notShown: { Comment: neverRead },
    notBy: { person: { remove: 'a company token deletes (spec/concur.md 3.1)' } },
  },
  itemizations: {
    as: ['person', 'v3'],
    where: "reportID = '{reportId}'",
    queryOf: { v3: ofTraveller },
    create: { EntryID: '{entryId}', ExpenseTypeCode: 'DINNR', TransactionAmount: 3, ...slots },
    change: { ExpenseTypeCode: 'TAXIX', TransactionAmount: 2, ...otherSlots },
  },
  allocations: {
    as: ['company', 'person'],
    where: "reportID = '{sentReportId}'",
    queryOf: { company: ofTraveller },
  },
  attendees: {
    as: ['person'],
    create: { attendeeTypeCode: 'BUSGUEST', lastName: 'Heron {n}', externalId: '{n}', currencyCode: 'EUR' },
    change: { lastName: 'Heron-Otter {n}', externalId: '{n}', currencyCode: 'USD' },
  },
  'attendee-types': { as: ['company', 'v3'] },
  'expense-attendees': {
    as: ['company', 'person'],
    query: ofExpense,
    create: {
      attendeeId: '{attendeeId}',
      transactionAmount: 7,
      versionNumber: 1,
      associatedAttendeeCount: 2,
      customData: [{ id: 'custom1', value: 'x' }],
    },
    change: {
      isAmountUserEdited: true,
      versionNumber: 1,
      transactionAmount: 8,
      associatedAttendeeCount: 3,
      customData: [{ id: 'custom1', value: 'y' }],
    },
    deleteAll: {},
  },
  'report-comments': { as: ['company', 'person'], query: ofExpense },
  'report-exceptions': {
    as: ['company'],
    query: ofExpense,
    create: { exceptionCode: 'CHECKIT', exceptionVisibility: 'ALL' },
    change: { exceptionVisibility: 'PROCESSOR' },
  },
  'form-fields': { as: ['company'], query: ofReport },
  receipts: {
    as: ['person'],
    create: {
      receipt: { total: '12.00' },
      validationSchema: 'http://schema.concursolutions.com/general-receipt.schema.json',
    },
  },
  'receipt-images': { as: ['person'], unsteady: { URI: 'it is good for some minutes' } },
  'quick-expenses': {
    as: ['company', 'person'],
    queryOf: { company: ofTraveller },
    create: quickExpense,
    upload: { quickExpenseRequest: quickExpense },
  },
  policies: { as: ['company', 'person'], queryOf: { company: ofTraveller } },
  'expense-types': { as: ['company', 'person'], queryOf: { company: ofTraveller } },
  'payment-types': { as: ['company', 'person'], queryOf: { company: ofTraveller } },
  'expense-group-configurations': {
    as: ['company', 'person', 'v3'],
    kept: 'a group of v4 is put together from many calls, and kept for minutes',
  },
  lists: {
    as: ['company', 'v3'],
    create: { Name: 'Driven {n}', SearchCriteriaCode: 'TEXT', IsVendorList: false },
    change: { Name: 'Driven anew {n}', SearchCriteriaCode: 'CODE' },
    notShown: { ConnectorID: 'the sandbox has no connectors' },
    known: 'listId',
  },
  items: {
    as: ['company', 'v3'],
    where: "listId = '{listId}'",
    query: { listId: '{listId}' },
    create: { ListID: '{listId}', Name: 'Rail card', Level1Code: 'RAIL' },
    change: { ListID: '{listId}', Name: 'Bus card', Level1Code: 'BUS', Code: 'BUS' },
    notWritten: {
      ParentID: 'null on level 1',
      ...Object.fromEntries(
        Array.from({ length: 9 }, (_, at) => [`Level${at + 2}Code`, 'an item of level 1 has none']),
      ),
    },
  },
  locations: { as: ['company', 'v3'], where: "name = 'a' and country = 'US'" },
  users: { as: ['company', 'legacy'] },
  payments: { as: ['company'], create: payment, change: { ...payment, InvoiceAmount: '38.00' } },
  'payments-digests': { as: ['company'] },
  vendors: {
    as: ['company'],
    create: { VendorCode: 'D{n}', AddressCode: 'A1', CountryCode: 'DE', CurrencyCode: 'EUR' },
    change: { CountryCode: 'DE', CurrencyCode: 'USD' },
  },
  'vendor-banks': { as: ['company'], updateAll: { body: { VendorBank: [bank] } } },
  'vendor-groups': {
    as: ['company'],
    query: { vendorCode: '{vendorCode}', addressCode: 'A1' },
    updateAll: { body: { Name: 'north' } },
    deleteAll: { query: { groupName: 'north' } },
  },
}

/** A step of a report's way. */
export interface Step {
  readonly as: Who
  readonly action: string
  /** Which report. */
  readonly on: string
  readonly body?: Readonly<Record<string, Json>>
}

const approval = { comment: 'Fine', expenseRejectedComment: 'None', statusId: 'A_APPR' } as const

/** Every action, by everybody who may, with every field of its body. */
export const steps: readonly Step[] = [
  { as: 'person', action: 'submit', on: '{first}' },
  { as: 'person', action: 'recall', on: '{first}' },
  { as: 'company', action: 'submit', on: '{first}' },
  { as: 'manager', action: 'send-back', on: '{first}', body: { comment: 'Which taxi?' } },
  { as: 'person', action: 'submit', on: '{first}' },
  { as: 'manager', action: 'approve', on: '{first}', body: approval },
  { as: 'person', action: 'submit', on: '{second}' },
  { as: 'company', action: 'send-back', on: '{second}', body: { comment: 'Which taxi?' } },
  { as: 'person', action: 'submit', on: '{second}' },
  {
    ...{ as: 'company', action: 'approve', on: '{second}' },
    body: { ...approval, expectedStepCode: 'MANAGER', expectedStepSequence: 1 },
  },
]
