import {
  type Field,
  type Given,
  type Json,
  type JsonObject,
  joinKey,
  notFound,
  type Resource,
  type VendorPort,
  vendorRefused,
} from '#src/element/index.ts'
import { rowsIn, textOf } from '../lookups.ts'
import { object, required, text } from './fields.ts'
import { about, equals } from './filters.ts'
import { asTexts, recordsOf, statusList, vendorCall } from './invoice-records.ts'

/**
 * Vendors of invoices, on Vendors v3.1. Writes go in collections and answer 200 whatever becomes of a record, which tells
 * its fate in StatusList.
 * Source: SAP Concur, Vendors v3.1 (spec/concur.md 3.6), compared 2026-08.
 */
const path = '/api/v3.1/invoice/vendors'

const words: Readonly<Record<string, string>> = {
  VendorName: 'Name of the vendor, at most 255 characters; one for each VendorCode.',
  Address1: 'Street, at most 255 characters, 50 where cheques are printed.',
  Address2: 'Second line of the address, at most 255 characters, 50 where cheques are printed.',
  Address3: 'Third line of the address, at most 255 characters.',
  City: 'City, at most 255 characters.',
  State: 'State or province, at most 255 characters; some countries need it.',
  PostalCode: 'Postal code, at most 20 characters.',
  Country: 'Name of the country.',
  Approved: 'Y or N: whether the vendor is approved.',
  AccountNumber: "The company's number at the vendor, at most 50 characters; N clears it.",
  PaymentMethodType: 'How the vendor is paid: ACH, CARD, CHECK, CLIENT, PAYPVD, VCHER or WIRE.',
  PaymentTerms: 'Days until payment, 1 to 999 as text.',
  TaxID: 'Tax number, at most 48 characters.',
  TaxType: 'Taxation: DITX domestic and taxable, DNTX domestic and not taxable, INTX international.',
  ProvincialTaxID: 'Tax number of the province, at most 15 letters and digits.',
  DiscountPercentage: 'Discount, percent as text, at most 8 decimals.',
  DiscountTermsDays: 'Days within which the discount is given, 1 to 998 as text.',
  DefaultEmployeeID: 'Number of the employee whom its invoices go to, at most 48 characters; N clears it.',
  DefaultExpenseTypeName: 'Expense type of its invoices, by its English name; N clears it.',
  ContactFirstName: 'First name of the contact, at most 255 characters.',
  ContactLastName: 'Last name of the contact, at most 255 characters.',
  ContactEmail: 'E-mail address of the contact; a vendor that is paid by VCHER needs it.',
  ContactPhoneNumber: 'Telephone number of the contact, at most 25 characters.',
  PurchaseOrderContactFirstName: 'First name of the contact for purchase orders.',
  PurchaseOrderContactLastName: 'Last name of the contact for purchase orders.',
  PurchaseOrderContactEmail: 'E-mail address of the contact for purchase orders.',
  PurchaseOrderContactPhoneNumber: 'Telephone number of the contact for purchase orders.',
  ShippingMethod: 'Code of how goods are sent, at most 10 characters.',
  ShippingTerms: 'Code of the terms of sending, at most 10 characters.',
  VendorFormName: 'Form that the vendor is entered with, by its English name; N clears it.',
  VoucherNotes: 'Notes in the message about a card voucher, at most 250 characters.',
  AddressImportSyncID: 'Id of the address in the extract of requested vendors, at most 20 characters.',
  IsLineItemVatIncld: 'Y or N: whether unit prices include value-added tax.',
  IsVisibleForContentExtraction: 'Y or N: whether the reading of scanned invoices knows the vendor.',
}

const customs: Record<string, Field> = Object.fromEntries(
  Array.from({ length: 20 }, (_, at) => [
    `Custom${at + 1}`,
    text('write', `Custom field ${at + 1} of the company, at most 48 characters.`),
  ]),
)

/** @throws AppError `provider-refused` in the vendor's words where a record failed. */
const checkRecords = (rows: readonly JsonObject[]): void => {
  const failed = rows
    .flatMap((row) => rowsIn(row, 'StatusList'))
    .find((status) => /err|fail/i.test(String(status.Type)))
  if (failed === undefined) return
  throw vendorRefused(
    `SAP Concur refused the record (code ${String(failed.Code)})`,
    textOf(failed, 'Message') ?? 'it gave no reason',
  )
}

const put = async (port: VendorPort, method: 'POST' | 'PUT', body: JsonObject): Promise<string> => {
  const sent = asTexts(body)
  const reply = await port.ask({ method, path, body: { Vendor: [sent] }, ...vendorCall })
  checkRecords(recordsOf(reply.body, 'Vendor'))
  return joinKey([String(sent.VendorCode), String(sent.AddressCode)])
}

/** SAP Concur takes either case. */
const isSameCode = (code: Json | undefined, wanted = ''): boolean =>
  String(code).toLowerCase() === wanted.toLowerCase()

const one = async (port: VendorPort, { VendorCode, AddressCode }: Given): Promise<JsonObject | undefined> => {
  const { body } = await port.ask({
    method: 'GET',
    path,
    query: { vendorCode: VendorCode, addressCode: AddressCode, searchType: 'exact' },
    ...vendorCall,
  })
  return recordsOf(body, 'Vendor').find(
    (row) => isSameCode(row.VendorCode, VendorCode) && isSameCode(row.AddressCode, AddressCode),
  )
}

const remove = async (port: VendorPort, { VendorCode, AddressCode }: Given): Promise<void> => {
  const { body } = await port.ask({
    method: 'DELETE',
    path,
    query: { vendorCode: VendorCode, addressCode: AddressCode },
    ...vendorCall,
  })
  checkRecords(recordsOf(body, 'Vendor'))
}

/** A record is not taken without them, not even where it exists. */
const neededOfEach = ['CountryCode', 'CurrencyCode'] as const

/** What a change does not say of what every record needs, as it is. */
const needed = async (port: VendorPort, given: Given, body: JsonObject): Promise<JsonObject> => {
  const missing = neededOfEach.filter((name) => !Object.hasOwn(body, name))
  if (missing.length === 0) return {}
  const row = await one(port, given)
  if (row === undefined)
    throw notFound(`No vendors found with id ${joinKey([given.VendorCode ?? '', given.AddressCode ?? ''])}`)
  return Object.fromEntries(
    missing.flatMap((name): [string, Json][] => {
      const value = row[name]
      return value === undefined || value === null ? [] : [[name, value]]
    }),
  )
}

const change = async (port: VendorPort, given: Given, body: JsonObject): Promise<void> => {
  const { VendorCode = '', AddressCode = '' } = given
  await put(port, 'PUT', { ...(await needed(port, given, body)), ...body, VendorCode, AddressCode })
}

const calls = {
  kind: 'coded',
  why: 'Vendors are written as collections whose reply holds failures inside a 200.',
  path,
  ...vendorCall,
} as const

/** Search names are those of the fields, with a small first letter. */
const searched = [
  ...['VendorName', 'PaymentMethodType', 'Address1', 'Address2', 'Address3', 'City', 'State'],
  ...['PostalCode', 'Approved', 'Country'],
]
const small = (name: string): string => `${name.charAt(0).toLowerCase()}${name.slice(1)}`

export const vendors: Resource = {
  name: 'vendors',
  changes: { kind: 'listing' },
  title: 'Vendors',
  key: 'id',
  keyOf: ['VendorCode', 'AddressCode'],
  keepUnknown: true,
  source: 'SAP Concur, Vendors v3.1 (spec/concur.md 3.6), compared 2026-08',
  fields: {
    id: text('read', 'VendorCode and AddressCode, joined by ~.'),
    ID: text('read', 'Id of the vendor at SAP Concur.'),
    URI: text('read', 'Address of the vendor at SAP Concur.'),
    VendorCode: required(text('once', 'Code of the vendor, at most 32 characters, in either case.')),
    AddressCode: required(
      text(
        'once',
        "Code of the vendor's address, at most 32 characters, in either case; each is a row of its own.",
      ),
    ),
    CountryCode: required(text('write', 'Country, ISO 3166-1 alpha-2 in capitals.')),
    CurrencyCode: required(text('write', 'Currency in which the vendor is paid, ISO 4217.')),
    ...Object.fromEntries(Object.entries(words).map(([name, about]) => [name, text('write', about)])),
    ...customs,
    VendorBankList: object('read', 'Array: bank accounts, as vendor-banks write them.'),
    VendorGroupList: object('read', 'Array: names of the groups, as vendor-groups write them.'),
    StatusList: statusList,
  },
  verbs: {
    search: { method: 'GET', path, rows: ['Vendor', 'Items'], ...vendorCall },
    retrieve: { ...calls, method: 'GET', run: (port, { given }) => one(port, given) },
    create: { ...calls, method: 'POST', run: (port, { body }) => put(port, 'POST', body) },
    update: { ...calls, method: 'PUT', run: (port, { body, given }) => change(port, given, body) },
    remove: { ...calls, method: 'DELETE', run: (port, { given }) => remove(port, given) },
  },
  page: { kind: 'next-url', next: 'NextPage', cursorParam: 'offset', sizeParam: 'limit', maxSize: 1000 },
  filterStyle: { kind: 'parameters' },
  filters: [
    about(equals('searchType'), 'exact (when absent), begins, contains or ends, for all search names.'),
    about(equals('sortBy'), 'Name of the field to sort by; the name of the vendor when absent.'),
    about(equals('sortDirection'), 'ascending (when absent) or descending.'),
    about(equals('vendorCode'), 'Code of the vendor.'),
    about(equals('addressCode'), "Code of the vendor's address."),
    about(equals('buyerAccountNumber'), "The company's number at the vendor."),
    about(equals('taxID'), 'Tax number.'),
    ...searched.map((name) => about(equals(small(name)), words[name] ?? '')),
    ...Object.entries(customs).map(([name, { description = '' }]) => about(equals(small(name)), description)),
  ],
}
