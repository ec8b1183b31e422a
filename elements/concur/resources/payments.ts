import {
  type Filter,
  isRecord,
  type Json,
  type JsonObject,
  type Resource,
  type VendorPort,
  vendorFailed,
  vendorRefused,
} from '#src/element/index.ts'
import { textOf } from '../lookups.ts'
import { datetime, text } from './fields.ts'
import { bounds, equals } from './filters.ts'
import { asTexts } from './invoice-records.ts'
import { paymentFields } from './payment-fields.ts'

/**
 * Invoice payment requests, on Payment Request v3, and their digests. There is no call that lists requests: digests do.
 * Source: SAP Concur, Payment Request v3 and Payment Request Digest v3 (spec/concur.md 3.6 and 8.6), compared 2026-08.
 */
const path = '/api/v3.0/invoice/paymentrequest'
const call = { principals: ['user', 'company'], scopes: ['INVPMT'] } as const

/** A list that is written as such, as one object, or as a read shows it, under `inner`. */
const listIn = (value: Json | undefined, inner: string): readonly JsonObject[] => {
  if (Array.isArray(value)) return value.filter(isRecord)
  if (!isRecord(value)) return []
  return inner in value ? listIn(value[inner], inner) : [value]
}

/** The name under which a write takes what a read shows. */
const writtenName = (name: string): string =>
  name === 'LineItemId' ? 'LineItemID' : name.replace(/^Custom(\d)$/, 'Custom0$1')

const renamed = (row: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [writtenName(name), value]))

/** Lines of a new request have no id, and nothing is done with them but to add them. */
const lineOf = ({ Allocations: allocations, ...line }: JsonObject, isNew: boolean): JsonObject => {
  const { LineItemID, Action, ...rest } = renamed(line)
  return {
    ...rest,
    ...(isNew || LineItemID === undefined ? {} : { LineItemID }),
    ...(isNew || Action === undefined ? {} : { Action }),
    ...(isRecord(allocations) || Array.isArray(allocations)
      ? { Allocations: listIn(allocations, 'Allocation').map(renamed) }
      : {}),
  }
}

const withoutNulls = (row: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))

const bodyOf = (body: JsonObject, isNew: boolean): JsonObject => {
  const { VendorRemitToIdentifier: vendor, LineItems: lines, ...rest } = body
  return asTexts({
    ...rest,
    ...(isRecord(vendor) ? { VendorRemitToIdentifier: withoutNulls(vendor) } : {}),
    ...(isRecord(lines) || Array.isArray(lines)
      ? { LineItems: listIn(lines, 'LineItem').map((line) => lineOf(line, isNew)) }
      : {}),
  })
}

const wordOf = (reply: JsonObject, ...names: readonly string[]): string | undefined =>
  names
    .map((name) => reply[name])
    .filter((value) => typeof value === 'string' || typeof value === 'number')
    .map(String)
    .find((text) => text !== '')

/** A failure that stands inside a 200. */
const checkDone = (body: Json | undefined): JsonObject => {
  const reply = isRecord(body) ? body : {}
  if (String(reply.Status).toUpperCase() !== 'FAILURE') return reply
  const words = wordOf(reply, 'ErrorMessage', 'Message') ?? 'it gave no reason'
  const [field, code] = [wordOf(reply, 'FieldCode'), wordOf(reply, 'ErrorCode')]
  const about = `${field === undefined ? '' : `, field ${field}`}${code === undefined ? '' : ` (code ${code})`}`
  throw vendorRefused(`SAP Concur refused the payment request${about}`, words)
}

const create = async (port: VendorPort, body: JsonObject): Promise<string> => {
  const made = await port.ask({ method: 'POST', path, body: bodyOf(body, true), ...call })
  const id = textOf(checkDone(made.body), 'ID')
  if (id !== undefined) return id
  throw vendorFailed('payments: created, but the reply names no id.')
}

const calls = {
  kind: 'coded',
  why: 'A change names its request in the body, and lines and vendor are written in another shape than read.',
  path,
  ...call,
} as const

export const payments: Resource = {
  name: 'payments',
  title: 'Invoice payment requests',
  key: 'ID',
  keepUnknown: true,
  source: 'SAP Concur, Payment Request v3 (spec/concur.md 3.6 and 8.6), compared 2026-08',
  fields: paymentFields,
  verbs: {
    retrieve: { method: 'GET', path: `${path}/{id}`, ...call },
    create: { ...calls, method: 'POST', run: (port, { body }) => create(port, body) },
    update: {
      ...calls,
      method: 'PUT',
      run: async (port, { id, body }) => {
        const sent = { ...bodyOf(body, false), RequestID: id }
        const done = await port.ask({ method: 'PUT', path, body: sent, ...call })
        checkDone(done.body)
      },
    },
  },
  page: { kind: 'none' },
  filterStyle: { kind: 'parameters' },
  filters: [],
}

const digestPath = '/api/v3.0/invoice/paymentrequestdigests'

/** Parameters of the page that look at a date which a digest does not show. */
const unseen = (stem: string, words: string): readonly Filter[] => [
  {
    param: `${stem}After`,
    means: 'after',
    type: 'datetime',
    description: `Bound of the ${words}, from below.`,
  },
  {
    param: `${stem}Before`,
    means: 'before',
    type: 'datetime',
    description: `Bound of the ${words}, from above.`,
  },
]

export const paymentDigests: Resource = {
  name: 'payments-digests',
  changes: { kind: 'dated', updated: 'LastModifiedDate', since: 'lastModifiedDateAfter' },
  otherNames: ['payments-digest'],
  title: 'Digests of invoice payment requests',
  key: 'ID',
  keepUnknown: true,
  source: 'SAP Concur, Payment Request Digest v3 (spec/concur.md 3.6), compared 2026-08',
  fields: {
    ID: text('read', 'Id of the digest.'),
    URI: text('read', 'Address of the digest at SAP Concur.'),
    PaymentRequestId: text('read', 'ID of the payment request, as payments take it.'),
    PaymentRequestUri: text('read', 'Address of the payment request at SAP Concur.'),
    ApprovalStatusCode: text('read', 'State of the approval, such as R_NOTF.'),
    PaymentStatusCode: text('read', 'State of the payment, such as R_NOTP.'),
    InvoiceNumber: text('read', "The vendor's number of the invoice."),
    PurchaseOrderNumber: text('read', 'Number of the purchase order.'),
    VendorName: text('read', 'Name of the vendor.'),
    Total: text('read', 'Amount, a decimal number as text.'),
    CurrencyCode: text('read', 'Currency, ISO 4217.'),
    OwnerLoginID: text('read', 'Login of the person who the request belongs to.'),
    OwnerName: text('read', 'Name of that person.'),
    CreateDate: datetime('read', 'When it was created.'),
    UserDefinedDate: datetime('read', 'Date that a person gave it.'),
    PaidDate: datetime('read', 'When it was paid.'),
    LastModifiedDate: datetime('read', 'Last change, UTC.'),
    ExtractedDate: datetime('read', 'When it was extracted for payment.'),
    PaymentMethod: text('read', 'How it is paid.'),
    IsDeleted: text('read', 'Y or N: whether it was deleted.'),
  },
  verbs: {
    search: { method: 'GET', path: digestPath, rows: ['PaymentRequestDigest', 'Items'], ...call },
    retrieve: { method: 'GET', path: `${digestPath}/{id}`, ...call },
  },
  page: { kind: 'next-url', next: 'NextPage', cursorParam: 'offset', sizeParam: 'limit', maxSize: 1000 },
  filterStyle: { kind: 'parameters' },
  filters: [
    equals('approvalStatus', 'ApprovalStatusCode'),
    equals('paymentStatus', 'PaymentStatusCode'),
    equals('vendorInvoiceNumber', 'InvoiceNumber'),
    equals('payMethodType', 'PaymentMethod'),
    ...bounds('createDate', 'CreateDate'),
    ...bounds('userDefinedDate', 'UserDefinedDate'),
    ...unseen('submitDate', 'day on which it was submitted'),
    ...bounds('paidDate', 'PaidDate'),
    ...bounds('lastModifiedDate', 'LastModifiedDate'),
    ...bounds('extractedDate', 'ExtractedDate'),
  ],
}
