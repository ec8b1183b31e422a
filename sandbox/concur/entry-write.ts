import { expenseTypeByCode, paymentTypeByV3Id } from './config/config-data.ts'
import { entrySlots } from './entry-row.ts'
import { Refused } from './errors.ts'
import { newEntryId, newExpenseId } from './ids.ts'
import { items } from './lists/list-data.ts'
import type { SlotPlace } from './lists/slot-lists.ts'
import { locationByV3Id, shownName } from './places/place-data.ts'
import { openProtected } from './protected-id.ts'
import type { CustomField, Entry, Journey } from './records.ts'
import { roundMoney } from './seed-entries.ts'
import {
  type Body,
  booleanField,
  dateField,
  numberField,
  refuseReadOnly,
  slotFields,
  textField,
} from './write-fields.ts'

/** Reads the body of an entry's create and change. Follows: Expense Entry v3. Verified: 2026-08 */

const writable = new Set([
  ...['ReportID', 'ExpenseTypeCode', 'PaymentTypeID', 'TransactionDate', 'TransactionAmount'],
  ...['TransactionCurrencyCode', 'Description', 'Comment', 'ExchangeRate', 'IsBillable', 'IsPersonal'],
  ...['LocationID', 'TaxReceiptType', 'VendorDescription', 'VendorListItemID', 'Journey', ...entrySlots],
])
const readable = new Set([
  ...['ID', 'ExpenseID', 'URI', 'ReportOwnerID', 'ExpenseTypeName', 'PaymentTypeName', 'PostedAmount'],
  ...['ApprovedAmount', 'AllocationType', 'SpendCategoryCode', 'SpendCategoryName', 'LocationName'],
  ...['LocationCountry', 'LocationSubdivision', 'VendorListItemName', 'FormID', 'TripID'],
  ...['CompanyCardTransactionID', 'ElectronicReceiptID', 'EmployeeBankAccountID', 'HasAttendees'],
  ...['HasComments', 'HasExceptions', 'HasImage', 'HasItemizations', 'HasVAT', 'HasAppliedCashAdvance'],
  ...['IsImageRequired', 'IsPaidByExpensePay', 'IsPersonalCardCharge', 'ReceiptReceived', 'LastModified'],
])

/** What is not text among the fields that can be written. */
export const entryKinds: Readonly<Record<string, 'number' | 'boolean'>> = {
  ...{ IsBillable: 'boolean', IsPersonal: 'boolean', TransactionAmount: 'number', ExchangeRate: 'number' },
  ...{ BusinessDistance: 'number', PersonalDistance: 'number', NumberOfPassengers: 'number' },
  ...{ OdometerStart: 'number', OdometerEnd: 'number' },
}

const journeyText = (body: Body, name: string): string => {
  const text = textField(body, name, 100)
  if (typeof text !== 'string' || text === '') throw new Refused(400, `Journey.${name} is required`)
  return text
}

const readJourney = (value: unknown): Journey | null => {
  if (value === null) return null
  if (typeof value !== 'object' || Array.isArray(value)) throw new Refused(400, 'Journey must be an object')
  const body = value as Body
  const unit = journeyText(body, 'UnitOfMeasure')
  if (unit !== 'M' && unit !== 'K') throw new Refused(400, 'Journey.UnitOfMeasure must be M or K')
  return {
    StartLocation: journeyText(body, 'StartLocation'),
    EndLocation: journeyText(body, 'EndLocation'),
    UnitOfMeasure: unit,
    BusinessDistance: numberField(body, 'BusinessDistance') ?? null,
    PersonalDistance: numberField(body, 'PersonalDistance') ?? null,
    NumberOfPassengers: numberField(body, 'NumberOfPassengers') ?? null,
    OdometerStart: numberField(body, 'OdometerStart') ?? null,
    OdometerEnd: numberField(body, 'OdometerEnd') ?? null,
    VehicleID: textField(body, 'VehicleID', 64) ?? null,
  }
}

const given = <Value>(name: string, value: Value | undefined): Record<string, Value> =>
  value === undefined ? {} : { [name]: value }

const typePart = (code: string | null | undefined, strict: boolean): Partial<Entry> => {
  if (code === undefined) return {}
  if (code === null || code === '') throw new Refused(400, 'ExpenseTypeCode is required')
  const type = expenseTypeByCode(code)
  if (type === undefined && strict)
    throw new Refused(400, `ExpenseTypeCode: '${code}' is not an expense type`)
  return {
    typeCode: code,
    typeName: type?.name ?? code,
    categoryCode: type?.spend[0] ?? null,
    categoryName: type?.spend[1] ?? null,
  }
}

const paymentPart = (id: string | null | undefined, strict: boolean): Partial<Entry> => {
  if (id === undefined) return {}
  if (id === null || id === '') throw new Refused(400, 'PaymentTypeID is required')
  const type = paymentTypeByV3Id(id)
  if (type === undefined && strict) throw new Refused(400, `PaymentTypeID: '${id}' is not a payment type`)
  return { paymentTypeId: id, paymentTypeName: type?.name ?? id }
}

const taxPart = (text: string | null | undefined): Partial<Entry> => {
  if (text === undefined || text === null) return {}
  if (!['T', 'R', 'N'].includes(text)) throw new Refused(400, 'TaxReceiptType must be T, R or N')
  return { taxReceiptType: text }
}

const locationPart = (id: string | null | undefined, strict: boolean): Partial<Entry> => {
  if (id === undefined) return {}
  const location = id === null ? undefined : locationByV3Id(id)
  if (location === undefined && id !== null && id !== '' && strict) {
    throw new Refused(400, `LocationID: '${id}' is not a location of v3`)
  }
  return {
    locationId: id,
    locationName: location === undefined ? null : shownName(location),
    locationCountry: location?.country ?? null,
    locationSubdivision: location?.subdivision ?? null,
  }
}

const vendorPart = (id: string | null | undefined, place: SlotPlace): Partial<Entry> => {
  if (id === undefined) return {}
  const itemId = id === null ? undefined : openProtected('item', id)
  const item = itemId === undefined ? undefined : items.find(place.sandbox, place.home, itemId)
  if (item === undefined && id !== null && id !== '' && place.strict) {
    throw new Refused(400, `VendorListItemID: '${id}' is not an item of v3`)
  }
  return { vendorListItemId: id, vendorListItemName: item?.value ?? null }
}

const required = (value: string | null | undefined, name: string): string | undefined => {
  if (value === null || value === '') throw new Refused(400, `${name} is required`)
  return value
}

/** The fields a body sets. Entries of callers belong to no seeded batch, list or place. */
export const readEntryChanges = (body: Body, place: SlotPlace): Partial<Entry> => {
  refuseReadOnly(body, readable, writable)
  const comment = textField(body, 'Comment', 500)
  return {
    ...typePart(textField(body, 'ExpenseTypeCode', 40), place.strict),
    ...paymentPart(textField(body, 'PaymentTypeID', 100), place.strict),
    ...taxPart(textField(body, 'TaxReceiptType', 4)),
    ...given('transactionAt', dateField(body, 'TransactionDate') ?? undefined),
    ...given('amount', numberField(body, 'TransactionAmount') ?? undefined),
    ...given('currency', required(textField(body, 'TransactionCurrencyCode', 3), 'TransactionCurrencyCode')),
    ...given('exchangeRate', numberField(body, 'ExchangeRate') ?? undefined),
    ...given('description', textField(body, 'Description', 64)),
    ...given('billable', booleanField(body, 'IsBillable')),
    ...given('personal', booleanField(body, 'IsPersonal')),
    ...locationPart(textField(body, 'LocationID', 100), place.strict),
    ...given('vendorDescription', textField(body, 'VendorDescription', 64)),
    ...vendorPart(textField(body, 'VendorListItemID', 100), place),
    ...(body['Journey'] === undefined ? {} : { journey: readJourney(body['Journey']) }),
    ...(comment === undefined ? {} : { hasComment: comment !== null && comment !== '' }),
    fields: slotFields(body, entrySlots, place),
  }
}

/** Amounts in the report's currency follow from what was spent and the exchange rate. */
export const withAmounts = (entry: Entry): Entry => {
  const posted = roundMoney(entry.amount * entry.exchangeRate, 2)
  return { ...entry, posted, approved: entry.personal ? 0 : posted }
}

const mustHave = ['typeCode', 'paymentTypeId', 'transactionAt', 'currency'] as const
const vendorNames: Readonly<Record<string, string>> = {
  typeCode: 'ExpenseTypeCode',
  paymentTypeId: 'PaymentTypeID',
  transactionAt: 'TransactionDate',
  currency: 'TransactionCurrencyCode',
}

/** A new entry; mileage carries a Journey instead of an amount. */
export const newEntry = (
  changes: Partial<Entry>,
  where: {
    readonly reportId: string
    readonly ownerLogin: string
    readonly position: number
    readonly now: number
  },
): Entry => {
  const missing = mustHave.find((name) => changes[name] === undefined)
  if (missing !== undefined) throw new Refused(400, `${vendorNames[missing] ?? missing} is required`)
  if (changes.amount === undefined && (changes.journey ?? null) === null) {
    throw new Refused(400, 'TransactionAmount is required, except for mileage')
  }
  const blank = {
    ...{ id: newEntryId(), expenseId: newExpenseId(), reportId: where.reportId, position: where.position },
    ...{ ownerLogin: where.ownerLogin, typeCode: '', typeName: '', categoryCode: null, categoryName: null },
    ...{ paymentTypeId: '', paymentTypeName: '', transactionAt: 0, currency: '', amount: 0, exchangeRate: 1 },
    ...{ posted: 0, approved: 0, description: null, hasComment: false, billable: false, personal: false },
    ...{ taxReceiptType: 'N', vendorDescription: null, vendorListItemId: null, vendorListItemName: null },
    ...{ locationId: null, locationName: null, locationCountry: null, locationSubdivision: null },
    ...{ journey: null, attendees: [], hasVat: false, hasImage: false, paidByExpensePay: false },
    ...{ batchId: null, modifiedAt: where.now, fields: {} as Record<string, CustomField | null> },
  }
  return withAmounts({ ...blank, ...changes })
}
