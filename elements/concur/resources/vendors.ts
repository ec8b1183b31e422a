import {
  badInput,
  type Field,
  type Given,
  isRecord,
  type Json,
  type JsonObject,
  joinKey,
  type Resource,
  type VendorPort,
  vendorRefused,
} from '#src/element/index.ts'
import { rowsIn, textOf } from '../lookups.ts'
import { object, required, text } from './fields.ts'
import { equals } from './filters.ts'

/**
 * Vendors of invoices, their banks and groups, on Vendors v3.1. Writes go in collections and answer 200 whatever becomes
 * of a record, which tells its fate in StatusList.
 * Source: SAP Concur, Vendors v3.1 (spec/concur.md 3.6 and 8.7), compared 2026-08.
 */
const path = '/api/v3.1/invoice/vendors'
const banks = '/api/v3.1/invoice/vendor/banks'
const groups = '/api/v3.1/invoice/vendor/groups'
const scopes = ['INVVEN'] as const

const words: Readonly<Record<string, string>> = {
  VendorName: 'Name of the vendor.',
  Address1: 'Street.',
  Address2: 'Second line of the address.',
  Address3: 'Third line of the address.',
  City: 'City.',
  State: 'State or province.',
  PostalCode: 'Postal code.',
  Country: 'Name of the country.',
  CountryCode: 'Country, ISO 3166-1 alpha-2.',
  CurrencyCode: 'Currency, ISO 4217.',
  Approved: 'Y or N: whether the vendor is approved.',
  AccountNumber: "The company's number at the vendor.",
  PaymentMethodType: 'How the vendor is paid.',
  PaymentTerms: 'Days until payment, a number as text.',
  TaxID: 'Tax number.',
  TaxType: 'Kind of the tax number.',
  ProvincialTaxID: 'Tax number of the province.',
  DiscountPercentage: 'Discount, percent as text.',
  DiscountTermsDays: 'Days within which the discount is given, a number as text.',
  DefaultEmployeeID: 'Number of the employee whom its invoices go to.',
  DefaultExpenseTypeName: 'Name of the expense type that its invoices get.',
  ContactFirstName: 'First name of the contact.',
  ContactLastName: 'Last name of the contact.',
  ContactEmail: 'E-mail address of the contact.',
  ContactPhoneNumber: 'Telephone number of the contact.',
  PurchaseOrderContactFirstName: 'First name of the contact for purchase orders.',
  PurchaseOrderContactLastName: 'Last name of the contact for purchase orders.',
  PurchaseOrderContactEmail: 'E-mail address of the contact for purchase orders.',
  PurchaseOrderContactPhoneNumber: 'Telephone number of the contact for purchase orders.',
  ShippingMethod: 'How goods are sent.',
  ShippingTerms: 'Terms of sending.',
  VendorFormName: 'Name of the form that the vendor is entered with.',
  VoucherNotes: 'Notes on vouchers.',
  AddressImportSyncID: 'Id of the address in the system that it comes from.',
  IsLineItemVatIncld: 'Y or N: whether lines include value-added tax.',
  IsVisibleForContentExtraction: 'Y or N: whether the reading of invoices knows the vendor.',
}

const customs: Record<string, Field> = Object.fromEntries(
  Array.from({ length: 20 }, (_, at) => [
    `Custom${at + 1}`,
    text('write', `Custom field ${at + 1} of the company.`),
  ]),
)

const asText = (value: Json): Json =>
  typeof value === 'number' || typeof value === 'boolean' ? String(value) : value

const record = (body: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(body).flatMap(([name, value]): [string, Json][] =>
      value === null ? [] : [[name, asText(value)]],
    ),
  )

/** The records of a reply, whatever it calls the collection. */
const recordsOf = (body: Json | undefined, name: string): readonly JsonObject[] => {
  const named = rowsIn(body, name)
  return named.length > 0 ? named : rowsIn(body, 'Items')
}

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
  const sent = record(body)
  const reply = await port.ask({ method, path, body: { Vendor: [sent] } })
  checkRecords(recordsOf(reply.body, 'Vendor'))
  return joinKey([String(sent.VendorCode), String(sent.AddressCode)])
}

const one = async (port: VendorPort, { VendorCode, AddressCode }: Given): Promise<JsonObject | undefined> => {
  const { body } = await port.ask({
    method: 'GET',
    path,
    query: { vendorCode: VendorCode, addressCode: AddressCode, searchType: 'exact' },
  })
  return recordsOf(body, 'Vendor').find(
    (row) => row.VendorCode === VendorCode && row.AddressCode === AddressCode,
  )
}

const remove = async (port: VendorPort, { VendorCode, AddressCode }: Given): Promise<void> => {
  const { body } = await port.ask({
    method: 'DELETE',
    path,
    query: { vendorCode: VendorCode, addressCode: AddressCode },
  })
  checkRecords(recordsOf(body, 'Vendor'))
}

const calls = {
  kind: 'coded',
  why: 'Vendors are written as collections whose reply holds failures inside a 200.',
  path,
  scopes,
} as const

const small = (name: string): string => `${name.charAt(0).toLowerCase()}${name.slice(1)}`

export const vendors: Resource = {
  name: 'vendors',
  title: 'Vendors',
  key: 'id',
  keyOf: ['VendorCode', 'AddressCode'],
  keepUnknown: true,
  source: 'SAP Concur, Vendors v3.1 (spec/concur.md 3.6), compared 2026-08',
  fields: {
    id: text('read', 'VendorCode and AddressCode, joined by ~.'),
    ID: text('read', 'Id of the vendor at SAP Concur.'),
    URI: text('read', 'Address of the vendor at SAP Concur.'),
    VendorCode: required(text('once', 'Code of the vendor.')),
    AddressCode: required(text('once', "Code of the vendor's address; a vendor has one row for each.")),
    ...Object.fromEntries(Object.entries(words).map(([name, about]) => [name, text('write', about)])),
    ...customs,
    VendorBankList: object('read', 'Array: bank accounts, as vendor-banks write them.'),
    VendorGroupList: object('read', 'Array: names of the groups, as vendor-groups write them.'),
    StatusList: object('read', 'Array: what became of a write, each {Code, Message, RecordNumber, Type}.'),
  },
  verbs: {
    search: { method: 'GET', path, rows: ['Vendor', 'Items'], scopes },
    retrieve: { ...calls, method: 'GET', run: (port, { given }) => one(port, given) },
    create: { ...calls, method: 'POST', run: (port, { body }) => put(port, 'POST', body) },
    update: {
      ...calls,
      method: 'PUT',
      run: async (port, { body, given: { VendorCode = '', AddressCode = '' } }) => {
        await put(port, 'PUT', { ...body, VendorCode, AddressCode })
      },
    },
    remove: { ...calls, method: 'DELETE', run: (port, { given }) => remove(port, given) },
  },
  page: { kind: 'next-url', next: 'NextPage', cursorParam: 'offset', sizeParam: 'limit', maxSize: 1000 },
  filterStyle: { kind: 'parameters' },
  filters: [
    equals('searchType'),
    equals('sortBy'),
    equals('sortDirection'),
    equals('vendorCode'),
    equals('addressCode'),
    equals('buyerAccountNumber'),
    equals('taxID'),
    ...['VendorName', 'PaymentMethodType', 'Address1', 'Address2', 'Address3', 'City', 'State'].map((name) =>
      equals(small(name)),
    ),
    ...['PostalCode', 'Approved', 'Country', ...Object.keys(customs)].map((name) => equals(small(name))),
  ],
}

const collectionOf = (body: JsonObject, name: string): readonly JsonObject[] =>
  (name in body ? rowsIn(body, name) : [body]).map(record)

/** One record that was sent alone comes back alone. */
const answer = (body: Json | undefined, name: string, sent: JsonObject): JsonObject | undefined => {
  const rows = recordsOf(body, name)
  const [first] = rows
  return name in sent ? { [name]: rows } : first
}

const bankWords: Readonly<Record<string, string>> = {
  VendorCode: 'Code of the vendor.',
  AddressCode: "Code of the vendor's address.",
  AccountNumber: 'Number of the account.',
  AccountType: 'CHCK current account, SAVE savings account.',
  IsActive: 'Y or N: whether the account is in use.',
  NameOnAccount: 'Name of the holder.',
  BankCode: 'Code of the bank.',
  BankName: 'Name of the bank.',
  BranchCode: 'Code of the branch.',
  BranchLocation: 'Place of the branch.',
  CountryCode: 'Country, ISO 3166-1 alpha-2.',
  CurrencyAlphaCode: 'Currency, ISO 4217.',
  RoutingNumber: 'Routing number of the bank.',
  TransType: 'Kind of transfer.',
}

const writeOnly = {
  keepUnknown: true,
  page: { kind: 'none' },
  filterStyle: { kind: 'parameters' },
  filters: [],
} as const

export const vendorBanks: Resource = {
  ...writeOnly,
  name: 'vendor-banks',
  title: 'Bank accounts of vendors',
  key: 'AccountNumber',
  source: 'SAP Concur, Vendors v3.1 (spec/concur.md 8.7), compared 2026-08',
  fields: {
    ...Object.fromEntries(Object.entries(bankWords).map(([name, about]) => [name, text('write', about)])),
    StatusList: object('read', 'Array: what became of the record, each {Code, Message, RecordNumber, Type}.'),
  },
  verbs: {
    updateAll: {
      kind: 'coded',
      why: 'Accounts are written as a collection, and old clients send one of them bare.',
      method: 'PUT',
      path: banks,
      scopes,
      run: async (port, { body }) => {
        const sent = collectionOf(body, 'VendorBank')
        const reply = await port.ask({ method: 'PUT', path: banks, body: { VendorBank: sent } })
        return answer(reply.body, 'VendorBank', body)
      },
    },
  },
}

const queryOf = (given: Given, ...names: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    names.map((name): [string, string] => {
      const value = given[name]
      if (value !== undefined) return [name, value]
      throw badInput(`${name}: name it as query parameter.`)
    }),
  )

export const vendorGroups: Resource = {
  ...writeOnly,
  name: 'vendor-groups',
  title: 'Groups of vendors',
  key: 'Name',
  source: 'SAP Concur, Vendors v3.1 (spec/concur.md 8.7), compared 2026-08',
  address: [
    { name: 'vendorCode', description: 'Code of the vendor.', neededBy: ['updateAll', 'removeAll'] },
    {
      name: 'addressCode',
      description: "Code of the vendor's address.",
      neededBy: ['updateAll', 'removeAll'],
    },
    { name: 'groupName', description: 'Name of the group to leave.', neededBy: ['removeAll'] },
  ],
  fields: {
    ID: text('read', 'Id of the group.'),
    Name: required(text('write', 'Name of the group.')),
    URI: text('read', 'Address of the group at SAP Concur.'),
    StatusList: object('read', 'Array: what became of the record, each {Code, Message, RecordNumber, Type}.'),
  },
  verbs: {
    updateAll: {
      kind: 'coded',
      why: 'Groups are written as a collection, and old clients send one of them bare.',
      method: 'PUT',
      path: groups,
      scopes,
      run: async (port, { body, given }) => {
        const names = collectionOf(body, 'VendorGroup').map(({ Name }) => ({ Name: Name ?? null }))
        const query = queryOf(given, 'vendorCode', 'addressCode')
        const reply = await port.ask({ method: 'PUT', path: groups, query, body: { VendorGroup: names } })
        return answer(reply.body, 'VendorGroup', body)
      },
    },
    removeAll: {
      kind: 'coded',
      why: 'The reply tells in a 200 what became of the group.',
      method: 'DELETE',
      path: groups,
      scopes,
      run: async (port, { given }) => {
        const query = queryOf(given, 'vendorCode', 'addressCode', 'groupName')
        const reply = await port.ask({ method: 'DELETE', path: groups, query })
        return isRecord(reply.body) ? recordsOf(reply.body, 'VendorGroup')[0] : undefined
      },
    },
  },
}
