import { writeDate } from './dates.ts'
import type { Entry } from './records.ts'
import { customNames, fieldsOf, orgUnitNames } from './report-row.ts'

export const entrySlots = [...orgUnitNames, ...customNames(40)]

/** What hangs on an entry and shows in its row. */
export interface Hanging {
  readonly itemized: boolean
  readonly allocated: boolean
  readonly hasException: boolean
}

/**
 * An entry as v3 writes it. `ExpenseID` is in the page since October 2024, not in the machine-readable
 * schema.
 * Follows: developer.concur.com, Expense Entry v3, response schema. Verified: 2026-08
 */
export const entryRow = (entry: Entry, baseUrl: string, hanging: Hanging) => ({
  ID: entry.id,
  ExpenseID: entry.expenseId,
  URI: `${baseUrl}/api/v3.0/expense/entries/${encodeURIComponent(entry.id)}`,
  ReportID: entry.reportId,
  ReportOwnerID: entry.ownerLogin,
  ExpenseTypeCode: entry.typeCode,
  ExpenseTypeName: entry.typeName,
  SpendCategoryCode: entry.categoryCode,
  SpendCategoryName: entry.categoryName,
  PaymentTypeID: entry.paymentTypeId,
  PaymentTypeName: entry.paymentTypeName,
  TransactionDate: writeDate(entry.transactionAt),
  TransactionCurrencyCode: entry.currency,
  TransactionAmount: entry.amount,
  ExchangeRate: entry.exchangeRate,
  PostedAmount: entry.posted,
  ApprovedAmount: entry.approved,
  VendorDescription: entry.vendorDescription,
  VendorListItemID: entry.vendorListItemId,
  VendorListItemName: entry.vendorListItemName,
  LocationID: entry.locationId,
  LocationName: entry.locationName,
  LocationSubdivision: entry.locationSubdivision,
  LocationCountry: entry.locationCountry,
  Description: entry.description,
  IsPersonal: entry.personal,
  IsBillable: entry.billable,
  IsPersonalCardCharge: false,
  HasImage: entry.hasImage,
  IsImageRequired: false,
  ReceiptReceived: entry.hasImage,
  TaxReceiptType: entry.taxReceiptType,
  ElectronicReceiptID: null,
  CompanyCardTransactionID: null,
  TripID: null,
  HasItemizations: hanging.itemized,
  AllocationType: hanging.allocated ? 'F' : 'N',
  HasAttendees: entry.attendees.length > 0,
  HasVAT: entry.hasVat,
  HasAppliedCashAdvance: false,
  HasComments: entry.hasComment,
  HasExceptions: hanging.hasException,
  IsPaidByExpensePay: entry.paidByExpensePay,
  EmployeeBankAccountID: null,
  Journey: entry.journey,
  LastModified: writeDate(entry.modifiedAt),
  FormID: 'gW$pFormGeneral',
  ...fieldsOf(entrySlots, entry.fields),
})
