import { Refused } from '../errors.ts'
import { newUuid } from '../ids.ts'
import type { Ask, Operation, Sandbox } from '../operation.ts'
import { companyOf } from '../owner.ts'
import { type Person, peopleOf, personByLogin } from '../people.ts'
import { openProtected, protectedId } from '../protected-id.ts'
import { fieldsOfBody } from '../read-body.ts'
import type { Reply } from '../reply.ts'
import { customNames } from '../report-row.ts'
import { v3Created } from '../v3-page.ts'
import { speaker } from '../v4-person.ts'
import { type Body, isStrict } from '../write-fields.ts'
import { type Line, type Payment, payments } from './payment-data.ts'
import { type Fields, textsOf } from './run-records.ts'
import { vendors } from './vendor-data.ts'

/**
 * Payment requests v3: one, create, change; a change names its request in the body. Read and written names
 * differ: customs are `Custom01` in a write (the page says `Custom1`, both are taken) and `Custom1` when
 * read; the vendor is VendorRemitToIdentifier in a write, VendorRemitAddress when read.
 * Follows: developer.concur.com, Payment Request v3. Verified: 2026-08
 */
const path = '/api/v3.0/invoice/paymentrequest'

export const paymentId = (payment: Payment): string => protectedId('payment', payment.id)

const shown = [
  ...['Name', 'Description', 'InvoiceNumber', 'InvoiceDate', 'InvoiceReceivedDate', 'InvoiceAmount'],
  ...['AmountWithoutVat', 'CurrencyCode', 'CountryCode', 'LedgerCode', 'ExternalPolicyId', 'DataSource'],
  ...['BuyerCostCenter', 'CheckNumber', 'DeliverySlipNumber', 'DiscountPercentage', 'DiscountTerms'],
  ...['NotesToVendor', 'PaymentAdjustmentNotes', 'PaymentDueDate', 'PaymentMethod', 'PaymentTermsDays'],
  ...['ProvincialTaxId', 'PurchaseOrderNumber', 'ReceiptConfirmationType', 'ShippingAmount', 'TaxAmount'],
  ...['One', 'Two', 'Three', 'Four'].flatMap((at) => [`VatAmount${at}`, `VatRate${at}`]),
  ...['VendorTaxId', 'IsInvoiceConfirmed'],
  ...['OB10BuyerId', 'OB10TransactionId', ...customNames(24)],
  ...Array.from({ length: 6 }, (_, at) => `OrgUnit0${String(at + 1)}`),
]
const lineNames = [
  ...[
    'Description',
    'Quantity',
    'UnitPrice',
    'TotalPrice',
    'UnitOfMeasure',
    'ExpenseTypeCode',
    'Tax',
    'TaxCode',
  ],
  ...[
    'AmountWithoutVat',
    'VatAmount',
    'VatRate',
    'SupplierPartId',
    'PurchaseOrderNumber',
    ...customNames(20),
  ],
]

const nullable = (fields: Fields, names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, fields[name] ?? null]))
const dateOf = (at: number | null): string | null =>
  at === null ? null : `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')}.0`

const addressNames = [
  'Name',
  'Address1',
  'Address2',
  'Address3',
  'City',
  'State',
  'PostalCode',
  'CountryCode',
]

const rowOf = (payment: Payment, baseUrl: string) => {
  const owner = personByLogin(payment.ownerLogin)
  return {
    ID: paymentId(payment),
    URI: `${baseUrl}${path}/${encodeURIComponent(paymentId(payment))}`,
    ...nullable(payment.fields, shown),
    ApprovalStatus: payment.approval,
    PaymentStatus: payment.payment,
    EmployeeName: owner === undefined ? null : `${owner.given} ${owner.family}`,
    CreatedByUsername: payment.ownerLogin,
    UserCreationDate: dateOf(payment.createdAt),
    FirstSubmitDate: dateOf(payment.submitAt),
    LastSubmitDate: dateOf(payment.submitAt),
    PaidDate: dateOf(payment.paidAt),
    IsPaymentRequestDeleted: 'false',
    VendorRemitAddress: { ...nullable(payment.remitTo, addressNames), DiscountTerms: null },
    LineItems: {
      LineItem: payment.lines.map((line, at) => ({
        LineItemId: protectedId(`payment-line-${String(at)}`, payment.id),
        RequestLineItemNumber: String(at + 1),
        ...nullable(line.fields, lineNames),
        Allocations: {
          Allocation: line.allocations.map((each) => nullable(each, ['Percentage', ...customNames(20)])),
        },
      })),
    },
  }
}

const find = (sandbox: Sandbox, ask: Ask, text: string): Payment => {
  const id = openProtected('payment', text)
  const payment = id === undefined ? undefined : payments.find(sandbox, companyOf(ask), id)
  const own = speaker(ask)
  if (payment === undefined || (own !== null && !own.admin && own.login !== payment.ownerLogin)) {
    throw new Refused(404, 'The payment request was not found')
  }
  return payment
}

const get = (sandbox: Sandbox, ask: Ask): Reply => ({
  status: 200,
  body: rowOf(find(sandbox, ask, ask.params['id'] ?? ''), ask.baseUrl),
  xml: { root: 'PaymentRequest', flat: true },
})

const shape = {
  roots: ['PaymentRequest', 'PaymentRequestPost', 'PaymentRequestPut'],
  kinds: {},
  lists: new Set(['LineItem', 'Allocation']),
}

/** `Custom01` becomes `Custom1`. */
const readName = (name: string): string => name.replace(/^Custom0(\d)$/, 'Custom$1')
const readNames = (fields: Fields, names: readonly string[]): Fields =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, text]) =>
      names.includes(readName(name)) ? [[readName(name), text]] : [],
    ),
  )

/** A list that is written as such, as one object, or under `inner`. */
const listIn = (value: unknown, inner: string): readonly unknown[] => {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return value
  const nested = (value as Body)[inner]
  return nested === undefined ? [value] : listIn(nested, inner)
}

const readLine = (value: unknown): Line => ({
  fields: readNames(textsOf(value), lineNames),
  allocations: listIn((value as Body)['Allocations'], 'Allocation').map((each) =>
    readNames(textsOf(each), ['Percentage', ...customNames(20)]),
  ),
})

const remitTo = (sandbox: Sandbox, ask: Ask, value: unknown): Fields => {
  const asked = textsOf(value)
  const { VendorCode: code, AddressCode: address } = asked
  const known = vendors
    .all(sandbox, companyOf(ask))
    .find((vendor) => vendor.vendorCode === code && (address === undefined || vendor.addressCode === address))
  if (known !== undefined) return { ...known.fields, Name: known.fields['VendorName'] ?? '' }
  if (code !== undefined && isStrict(sandbox, ask)) {
    throw new Refused(400, `VendorRemitToIdentifier.VendorCode: '${code}' is not a vendor`)
  }
  const missing = ['Name', 'Address1', 'PostalCode'].find((name) => (asked[name] ?? '') === '')
  if (code === undefined && missing !== undefined) {
    throw new Refused(400, `VendorRemitToIdentifier: VendorCode or ${missing} is required`)
  }
  return readNames(asked, addressNames)
}

const owners = [
  ...['LedgerCode', 'EmployeeLoginId', 'EmployeeId', 'EmployeeEmailAddress', 'ExternalPolicyId'],
  ...['PurchaseOrderNumber', 'PurchaseOrderId'],
]

const ownerOf = (ask: Ask, texts: Fields): Person => {
  const named = texts['EmployeeLoginId'] ?? texts['EmployeeEmailAddress']
  const person = named === undefined ? (speaker(ask) ?? peopleOf(ask.dataCentre)[0]) : personByLogin(named)
  if (person?.home !== companyOf(ask))
    throw new Refused(400, `EmployeeLoginId: '${named ?? ''}' is nobody here`)
  return person
}

const create = (sandbox: Sandbox, ask: Ask): Reply => {
  const body = fieldsOfBody(ask, shape)
  const texts = textsOf(body)
  const missing = ['Name', 'CountryCode', 'InvoiceAmount'].find((name) => (texts[name] ?? '') === '')
  if (missing !== undefined) throw new Refused(400, `${missing} is required`)
  if (!owners.some((name) => texts[name] !== undefined))
    throw new Refused(400, `one of ${owners.join(', ')} is required`)
  if (body['VendorRemitToIdentifier'] === undefined)
    throw new Refused(400, 'VendorRemitToIdentifier is required')
  const now = sandbox.clock.now()
  const payment: Payment = {
    ...{ id: newUuid(), home: companyOf(ask), ownerLogin: ownerOf(ask, texts).login, approval: 'R_NOTF' },
    ...{ payment: 'R_NOTP', createdAt: now, submitAt: null, paidAt: null, modifiedAt: now },
    fields: readNames(texts, shown),
    remitTo: remitTo(sandbox, ask, body['VendorRemitToIdentifier']),
    lines: listIn(body['LineItems'], 'LineItem').map(readLine),
  }
  payments.put(sandbox, payment)
  return v3Created(ask, paymentId(payment), path)
}

const update = (sandbox: Sandbox, ask: Ask): Reply => {
  const body = fieldsOfBody(ask, shape)
  const texts = textsOf(body)
  const old = find(sandbox, ask, texts['RequestID'] ?? '')
  if (old.paidAt !== null) throw new Refused(400, 'The payment request is paid: it cannot be changed')
  const vendor = body['VendorRemitToIdentifier']
  const lines = body['LineItems']
  payments.put(sandbox, {
    ...old,
    fields: { ...old.fields, ...readNames(texts, shown) },
    ...(vendor === undefined || vendor === null ? {} : { remitTo: remitTo(sandbox, ask, vendor) }),
    ...(lines === undefined || lines === null ? {} : { lines: listIn(lines, 'LineItem').map(readLine) }),
    modifiedAt: Math.max(sandbox.clock.now(), old.modifiedAt + 1),
  })
  return v3Created(ask, paymentId(old), path)
}

/** With the switch, a refusal stands inside a 200: the field and the words apart. The code is made here. */
const told =
  (run: Operation['run']): Operation['run'] =>
  (sandbox, ask) => {
    try {
      return run(sandbox, ask)
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 400) throw error
      if (sandbox.faults.strike('failure-in-200', ask.operation) === undefined) throw error
      const [, FieldCode = null] = /^(\w+)/.exec(error.message) ?? []
      const body = { Status: 'FAILURE', ErrorCode: '1001', ErrorMessage: error.message, FieldCode }
      return { status: 200, body, xml: { root: 'CreateResponse', flat: true } }
    }
  }

const shared = { family: 'v3', access: 'bearer', scope: /^INVPMT$/, follows: 'Payment Request v3' } as const

export const paymentOperations: readonly Operation[] = [
  { ...shared, name: 'payments.get', method: 'GET', path: `${path}/{id}`, run: get },
  { ...shared, name: 'payments.create', method: 'POST', path, run: told(create) },
  { ...shared, name: 'payments.update', method: 'PUT', path, run: told(update) },
]
