import { Refused } from '../errors.ts'
import type { Ask, Operation, Sandbox } from '../operation.ts'
import { companyOf } from '../owner.ts'
import { countParam, nextPageUrl, textParam, writeOffset } from '../params.ts'
import { protectedId } from '../protected-id.ts'
import type { Reply } from '../reply.ts'
import { customNames } from '../report-row.ts'
import { firstOf } from '../v3-page.ts'
import { isStrict } from '../write-fields.ts'
import { Failure, type Fields, mustHave, recordsOf, runRecords } from './run-records.ts'
import { type Vendor, vendorId, vendors } from './vendor-data.ts'

/**
 * Vendors v3.1 with their banks and groups. Decided here: banks and groups of a vendor that is not there are
 * taken unless the switch `ids` is strict.
 * Follows: developer.concur.com, Vendors v3.1. Verified: 2026-08
 */
const path = '/api/v3.1/invoice/vendors'
const banksPath = '/api/v3.1/invoice/vendor/banks'
const groupsPath = '/api/v3.1/invoice/vendor/groups'

const fieldNames = [
  ...[
    'VendorName',
    'Address1',
    'Address2',
    'Address3',
    'City',
    'State',
    'PostalCode',
    'Country',
    'CountryCode',
  ],
  ...['CurrencyCode', 'Approved', 'PaymentMethodType', 'PaymentTerms', 'TaxID', 'TaxType', 'AccountNumber'],
  ...['ContactEmail', 'ContactFirstName', 'ContactLastName', 'ContactPhoneNumber', 'DiscountPercentage'],
  ...['DiscountTermsDays', 'DefaultEmployeeID', 'DefaultExpenseTypeName', 'ShippingMethod', 'ShippingTerms'],
  ...['VendorFormName', 'VoucherNotes', 'AddressImportSyncID', 'ProvincialTaxID', ...customNames(20)],
  ...['FirstName', 'LastName', 'Email', 'PhoneNumber'].map((name) => `PurchaseOrderContact${name}`),
  ...['IsLineItemVatIncld', 'IsVisibleForContentExtraction'],
]

const rowOf = (vendor: Vendor, baseUrl: string) => {
  const id = protectedId('invoice-vendor', vendor.id)
  return {
    ID: id,
    URI: `${baseUrl}${path}/${encodeURIComponent(id)}`,
    VendorCode: vendor.vendorCode,
    AddressCode: vendor.addressCode,
    ...Object.fromEntries(fieldNames.map((name) => [name, vendor.fields[name] ?? null])),
    VendorBankList: vendor.banks,
    VendorGroupList: vendor.groups,
  }
}

const textOf = (vendor: Vendor, name: string): string => {
  if (name === 'VendorCode') return vendor.vendorCode
  return name === 'AddressCode' ? vendor.addressCode : (vendor.fields[name] ?? '')
}

const compares: Readonly<Record<string, (text: string, wanted: string) => boolean>> = {
  exact: (text, wanted) => text === wanted,
  begins: (text, wanted) => text.startsWith(wanted),
  contains: (text, wanted) => text.includes(wanted),
  ends: (text, wanted) => text.endsWith(wanted),
}

/** Parameters are the fields' names with a small first letter, but for `taxID`. */
const parameters: readonly (readonly [parameter: string, field: string])[] = [
  ['vendorCode', 'VendorCode'],
  ['addressCode', 'AddressCode'],
  ['buyerAccountNumber', 'AccountNumber'],
  ['taxID', 'TaxID'],
  ...[
    ...['VendorName', 'PaymentMethodType', 'Address1', 'Address2', 'Address3', 'City', 'State', 'PostalCode'],
    ...['Approved', 'Country', ...customNames(20)],
  ].map((name): [string, string] => [name.charAt(0).toLowerCase() + name.slice(1), name]),
]

const filtered = (ask: Ask, all: readonly Vendor[]): readonly Vendor[] => {
  const compare = compares[textParam(ask.query, 'searchType') ?? 'exact']
  if (compare === undefined) throw new Refused(400, `searchType: one of ${Object.keys(compares).join(', ')}`)
  const tests = parameters.flatMap(([parameter, field]) => {
    const wanted = textParam(ask.query, parameter)?.toLowerCase()
    return wanted === undefined
      ? []
      : [(vendor: Vendor) => compare(textOf(vendor, field).toLowerCase(), wanted)]
  })
  return all.filter((vendor) => !vendor.deleted && tests.every((test) => test(vendor)))
}

const sorted = (ask: Ask, rows: readonly Vendor[]): readonly Vendor[] => {
  const sortBy = textParam(ask.query, 'sortBy')
  const field = parameters.find(([parameter, name]) => parameter === sortBy || name === sortBy)?.[1]
  if (sortBy !== undefined && field === undefined) throw new Refused(400, 'sortBy: no such field')
  const sign = textParam(ask.query, 'sortDirection')?.toLowerCase().startsWith('desc') === true ? -1 : 1
  if (field === undefined) return rows
  return [...rows].sort((one, other) => {
    const [first, second] = [textOf(one, field), textOf(other, field)]
    return first === second ? 0 : sign * (first < second ? -1 : 1)
  })
}

const list = (sandbox: Sandbox, ask: Ask): Reply => {
  const rows = sorted(ask, filtered(ask, vendors.all(sandbox, companyOf(ask))))
  const limit = countParam(ask.query, 'limit', 25, 1000)
  const first = firstOf(ask)
  const end = first + limit
  const next = end < rows.length ? nextPageUrl(ask.baseUrl, path, ask.query, limit, writeOffset([end])) : null
  const Vendor = rows.slice(first, end).map((vendor) => rowOf(vendor, ask.baseUrl))
  return {
    status: 200,
    body: { Vendor, TotalCount: rows.length, RequestRunSummary: null, NextPage: next },
    xml: { root: 'VendorCollection', flat: true },
  }
}

const keep = (sandbox: Sandbox, ask: Ask, record: Fields, old: Vendor | undefined): object => {
  const { VendorCode: vendorCode = '', AddressCode: addressCode = '' } = record
  const home = companyOf(ask)
  const known = fieldNames.filter((name) => record[name] !== undefined).map((name) => [name, record[name]])
  const vendor: Vendor = {
    ...{ id: vendorId(home, vendorCode, addressCode), home, vendorCode, addressCode, deleted: false },
    ...{ banks: old?.banks ?? [], groups: old?.groups ?? [] },
    fields: { ...old?.fields, ...Object.fromEntries(known) },
  }
  vendors.put(sandbox, vendor)
  return rowOf(vendor, ask.baseUrl)
}

const find = (sandbox: Sandbox, ask: Ask, vendorCode: string, addressCode: string): Vendor | undefined => {
  const home = companyOf(ask)
  const vendor = vendors.find(sandbox, home, vendorId(home, vendorCode, addressCode))
  return vendor?.deleted === true ? undefined : vendor
}
const findFor = (sandbox: Sandbox, ask: Ask, record: Fields): Vendor | undefined =>
  find(sandbox, ask, record['VendorCode'] ?? '', record['AddressCode'] ?? '')

const keys = ['VendorCode', 'AddressCode']
const always = [...keys, 'CountryCode', 'CurrencyCode']
const notFound = () => new Failure(1003, 'The vendor was not found')

const create = (sandbox: Sandbox, ask: Ask): Reply =>
  runRecords(
    'Vendor',
    recordsOf(ask, 'Vendor', 'VendorCollection'),
    (record) => {
      mustHave(record, [...keys, 'VendorName', 'CountryCode', 'CurrencyCode'])
      if (findFor(sandbox, ask, record) !== undefined) throw new Failure(1002, 'The vendor exists already')
      return keep(sandbox, ask, record, undefined)
    },
    always,
  )

const update = (sandbox: Sandbox, ask: Ask): Reply =>
  runRecords(
    'Vendor',
    recordsOf(ask, 'Vendor', 'VendorCollection'),
    (record) => {
      mustHave(record, keys)
      const old = findFor(sandbox, ask, record)
      if (old === undefined) throw notFound()
      return keep(sandbox, ask, record, old)
    },
    always,
  )

const asked = (ask: Ask, ...names: readonly string[]): Fields =>
  Object.fromEntries(
    names.map((name) => {
      const text = textParam(ask.query, name)
      if (text === undefined) throw new Refused(400, `${name} is required`)
      return [name.charAt(0).toUpperCase() + name.slice(1), text]
    }),
  )

const remove = (sandbox: Sandbox, ask: Ask): Reply =>
  runRecords(
    'Vendor',
    [asked(ask, 'vendorCode', 'addressCode')],
    (record) => {
      const vendor = findFor(sandbox, ask, record)
      if (vendor === undefined) throw notFound()
      vendors.put(sandbox, { ...vendor, deleted: true })
      return rowOf(vendor, ask.baseUrl)
    },
    always,
  )

const bankNames = [
  ...['VendorCode', 'AddressCode', 'AccountNumber', 'AccountType', 'IsActive', 'NameOnAccount', 'BankCode'],
  ...[
    'BankName',
    'BranchCode',
    'BranchLocation',
    'CountryCode',
    'CurrencyAlphaCode',
    'RoutingNumber',
    'TransType',
  ],
]
const mandatoryOfBank = [...keys, 'AccountNumber', 'AccountType', 'IsActive', 'NameOnAccount']

const putBanks = (sandbox: Sandbox, ask: Ask): Reply => {
  companyOf(ask)
  return runRecords('VendorBank', recordsOf(ask, 'VendorBank', 'VendorBankCollection'), (record) => {
    mustHave(record, mandatoryOfBank)
    if (!['CHCK', 'SAVE'].includes(record['AccountType'] ?? ''))
      throw new Failure(1004, 'AccountType: CHCK or SAVE')
    if (!['Y', 'N'].includes(record['IsActive'] ?? '')) throw new Failure(1004, 'IsActive: Y or N')
    const bank = Object.fromEntries(
      bankNames.flatMap((name) => (record[name] === undefined ? [] : [[name, record[name]]])),
    )
    const vendor = findFor(sandbox, ask, record)
    if (vendor === undefined && isStrict(sandbox, ask)) throw notFound()
    if (vendor !== undefined) {
      const others = vendor.banks.filter((each) => each['AccountNumber'] !== record['AccountNumber'])
      vendors.put(sandbox, { ...vendor, banks: [...others, bank as Fields] })
    }
    return bank
  })
}

const groupRow = (name: string) => ({ ID: null, Name: name, URI: null })

const changeGroups = (
  sandbox: Sandbox,
  ask: Ask,
  names: readonly string[],
  change: (groups: readonly string[], name: string) => readonly string[],
): Reply => {
  const where = asked(ask, 'vendorCode', 'addressCode')
  return runRecords(
    'VendorGroup',
    names.map((Name) => ({ Name })),
    ({ Name = '' }) => {
      if (Name === '') throw new Failure(1001, 'Name is required')
      const vendor = findFor(sandbox, ask, where)
      if (vendor === undefined && isStrict(sandbox, ask)) throw notFound()
      if (vendor !== undefined) vendors.put(sandbox, { ...vendor, groups: change(vendor.groups, Name) })
      return groupRow(Name)
    },
  )
}

const putGroups = (sandbox: Sandbox, ask: Ask): Reply => {
  const records = recordsOf(ask, 'VendorGroup', 'VendorGroupCollection')
  const names = records.map((record) => record['Name'] ?? '')
  return changeGroups(sandbox, ask, names, (groups, name) => [...new Set([...groups, name])])
}

const removeGroup = (sandbox: Sandbox, ask: Ask): Reply => {
  const { GroupName = '' } = asked(ask, 'groupName')
  return changeGroups(sandbox, ask, [GroupName], (groups, name) => groups.filter((each) => each !== name))
}

const shared = { family: 'v3', access: 'bearer', scope: /^INVVEN$/, follows: 'Vendors v3.1' } as const

export const vendorOperations: readonly Operation[] = [
  { ...shared, name: 'vendors.list', method: 'GET', path, run: list },
  { ...shared, name: 'vendors.create', method: 'POST', path, run: create },
  { ...shared, name: 'vendors.update', method: 'PUT', path, run: update },
  { ...shared, name: 'vendors.delete', method: 'DELETE', path, run: remove },
  { ...shared, name: 'vendor-banks.put', method: 'PUT', path: banksPath, run: putBanks },
  { ...shared, name: 'vendor-groups.put', method: 'PUT', path: groupsPath, run: putGroups },
  { ...shared, name: 'vendor-groups.delete', method: 'DELETE', path: groupsPath, run: removeGroup },
]
