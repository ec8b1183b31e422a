import type { CollectionResult, Field, Given, Json, JsonObject, Resource } from '#src/element/index.ts'
import { rowsIn } from '../lookups.ts'
import { required, text } from './fields.ts'
import { asTexts, recordsOf, statusList, vendorCall } from './invoice-records.ts'

/**
 * Banks and groups of invoice vendors, on Vendors v3.1. They are written only: a vendor shows them in VendorBankList and
 * VendorGroupList. A record that failed is answered with its StatusList inside the 200, as SAP Concur gives it.
 * Source: SAP Concur, Vendors v3.1 (spec/concur.md 8.7), compared 2026-08.
 */
const banks = '/api/v3.1/invoice/vendor/banks'
const groups = '/api/v3.1/invoice/vendor/groups'

type Fields = Readonly<Record<string, Field>>
type Sent = JsonObject | readonly JsonObject[]

const isList = (sent: Sent): sent is readonly JsonObject[] => Array.isArray(sent)

/** What callers send: one record, several, or the collection. */
const recordsIn = (sent: Sent, name: string): readonly JsonObject[] => {
  if (isList(sent)) return sent
  return name in sent ? rowsIn(sent, name) : [sent]
}

interface Collection {
  readonly body: JsonObject
  readonly ignored: readonly string[]
}

/** The collection as SAP Concur takes it: of each record what can be written, as text. */
const collectionOf = (sent: Sent, name: string, fields: Fields): Collection => {
  const ignored = new Set<string>()
  const kept = recordsIn(sent, name).map((record) =>
    Object.fromEntries(
      Object.entries(record).filter(([field, value]) => {
        const isWritten = Object.hasOwn(fields, field) && fields[field]?.access === 'write'
        if (!isWritten) ignored.add(field)
        return isWritten && value !== null
      }),
    ),
  )
  return { body: { [name]: kept.map(asTexts) }, ignored: [...ignored] }
}

/** The records of a reply in the shape that they were sent in; undefined: it has none. */
const answerTo = (sent: Sent, body: Json | undefined, name: string): Json | undefined => {
  const rows = recordsOf(body, name)
  if (rows.length === 0 || isList(sent)) return rows.length === 0 ? undefined : rows
  return name in sent ? { [name]: rows } : rows[0]
}

const bankWords: Readonly<Record<string, string>> = {
  VendorCode: 'Code of the vendor, as vendors show it.',
  AddressCode: "Code of the vendor's address, as vendors show it.",
  AccountNumber: 'Number of the account.',
  AccountType: 'CHCK for a current account, SAVE for a savings account.',
  IsActive: 'Y or N: whether the account is in use.',
  NameOnAccount: 'Name of the holder.',
}

const bankMoreWords: Readonly<Record<string, string>> = {
  BankCode: 'Code of the bank.',
  BankName: 'Name of the bank.',
  BranchCode: 'Code of the branch.',
  BranchLocation: 'Place of the branch.',
  CountryCode: 'Country of the bank, ISO 3166-1 alpha-2.',
  CurrencyAlphaCode: 'Currency of the account, ISO 4217.',
  RoutingNumber: 'Routing number of the bank.',
  TransType: 'Kind of transfer.',
}

const texts = (words: Readonly<Record<string, string>>, of: (field: Field) => Field): Fields =>
  Object.fromEntries(Object.entries(words).map(([name, about]) => [name, of(text('write', about))]))

const bankFields: Fields = {
  ID: text('read', 'Id of the account at SAP Concur.'),
  URI: text('read', 'Address of the account at SAP Concur.'),
  ...texts(bankWords, required),
  ...texts(bankMoreWords, (field) => field),
  StatusList: statusList,
}

const groupFields: Fields = {
  ID: text('read', 'Id of the group at SAP Concur.'),
  Name: required(text('write', 'Name of the group.')),
  URI: text('read', 'Address of the group at SAP Concur.'),
  StatusList: statusList,
}

const writeOnly = {
  keepUnknown: true,
  page: { kind: 'none' },
  filterStyle: { kind: 'parameters' },
  filters: [],
  source: 'SAP Concur, Vendors v3.1 (spec/concur.md 8.7), compared 2026-08',
} as const

export const vendorBanks: Resource = {
  ...writeOnly,
  name: 'vendor-banks',
  title: 'Bank accounts of vendors',
  key: 'AccountNumber',
  fields: bankFields,
  verbs: {
    updateAll: {
      ...vendorCall,
      kind: 'coded',
      why: 'Accounts are written as a collection, and old clients send one of them bare.',
      method: 'PUT',
      path: banks,
      run: async (port, { body: sent }): Promise<CollectionResult> => {
        const { body, ignored } = collectionOf(sent, 'VendorBank', bankFields)
        const reply = await port.ask({ method: 'PUT', path: banks, body, ...vendorCall })
        return { answer: answerTo(sent, reply.body, 'VendorBank'), ignored }
      },
    },
  },
}

/** The vendor, as the address of its groups names it. */
const vendorIn = ({ vendorCode, addressCode }: Given) => ({ vendorCode, addressCode })

export const vendorGroups: Resource = {
  ...writeOnly,
  name: 'vendor-groups',
  title: 'Groups of vendors',
  key: 'Name',
  address: [
    {
      name: 'vendorCode',
      description: 'Code of the vendor, as vendors show it.',
      neededBy: ['updateAll', 'removeAll'],
    },
    {
      name: 'addressCode',
      description: "Code of the vendor's address, as vendors show it.",
      neededBy: ['updateAll', 'removeAll'],
    },
    { name: 'groupName', description: 'Name of the group to leave.', neededBy: ['removeAll'] },
  ],
  fields: groupFields,
  verbs: {
    updateAll: {
      ...vendorCall,
      kind: 'coded',
      why: 'Groups are written as a collection, and old clients send one of them bare.',
      method: 'PUT',
      path: groups,
      run: async (port, { body: sent, given }): Promise<CollectionResult> => {
        const { body, ignored } = collectionOf(sent, 'VendorGroup', groupFields)
        const query = vendorIn(given)
        const reply = await port.ask({ method: 'PUT', path: groups, query, body, ...vendorCall })
        return { answer: answerTo(sent, reply.body, 'VendorGroup'), ignored }
      },
    },
    removeAll: {
      ...vendorCall,
      kind: 'coded',
      why: 'The reply tells in a 200 what became of the group.',
      method: 'DELETE',
      path: groups,
      run: async (port, { given }): Promise<CollectionResult> => {
        const query = { ...vendorIn(given), groupName: given.groupName }
        const reply = await port.ask({ method: 'DELETE', path: groups, query, ...vendorCall })
        return { answer: recordsOf(reply.body, 'VendorGroup')[0] }
      },
    },
  },
}
