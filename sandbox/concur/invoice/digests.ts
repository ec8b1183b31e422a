import { writeDateOrNull } from '../dates.ts'
import { Refused } from '../errors.ts'
import type { Ask, Operation, Sandbox } from '../operation.ts'
import { companyOf } from '../owner.ts'
import { countParam, dateParam, nextPageUrl, textParam, writeOffset } from '../params.ts'
import { fullName, personByLogin } from '../people.ts'
import { openProtected } from '../protected-id.ts'
import type { Reply } from '../reply.ts'
import { firstOf } from '../v3-page.ts'
import { speaker } from '../v4-person.ts'
import { type Payment, payments } from './payment-data.ts'
import { paymentId } from './payment-requests.ts'

/**
 * Digests of payment requests: what a list shows of each. The list stands under PaymentRequestDigest.
 * Follows: developer.concur.com, Payment Request Digest v3. Verified: 2026-08
 */
const path = '/api/v3.0/invoice/paymentrequestdigests'

const rowOf = (payment: Payment, baseUrl: string) => {
  const owner = personByLogin(payment.ownerLogin)
  const id = encodeURIComponent(paymentId(payment))
  return {
    ID: paymentId(payment),
    URI: `${baseUrl}${path}/${id}`,
    PaymentRequestId: paymentId(payment),
    PaymentRequestUri: `${baseUrl}/api/v3.0/invoice/paymentrequest/${id}`,
    ApprovalStatusCode: payment.approval,
    PaymentStatusCode: payment.payment,
    InvoiceNumber: payment.fields['InvoiceNumber'] ?? null,
    PurchaseOrderNumber: payment.fields['PurchaseOrderNumber'] ?? null,
    VendorName: payment.remitTo['Name'] ?? null,
    Total: payment.fields['InvoiceAmount'] ?? null,
    CurrencyCode: payment.fields['CurrencyCode'] ?? null,
    OwnerLoginID: payment.ownerLogin,
    OwnerName: owner === undefined ? null : fullName(owner),
    CreateDate: writeDateOrNull(payment.createdAt),
    UserDefinedDate: writeDateOrNull(payment.createdAt),
    PaidDate: writeDateOrNull(payment.paidAt),
    LastModifiedDate: writeDateOrNull(payment.modifiedAt),
    ExtractedDate: writeDateOrNull(payment.paidAt),
    PaymentMethod: payment.fields['PaymentMethod'] ?? null,
    IsDeleted: 'N',
  }
}

const dates: Readonly<Record<string, (payment: Payment) => number | null>> = {
  createDate: (payment) => payment.createdAt,
  userDefinedDate: (payment) => payment.createdAt,
  submitDate: (payment) => payment.submitAt,
  paidDate: (payment) => payment.paidAt,
  lastModifiedDate: (payment) => payment.modifiedAt,
  extractedDate: (payment) => payment.paidAt,
}

/** Borders are outside, as in the lists of reports. */
const dateTests = (ask: Ask): ((payment: Payment) => boolean)[] =>
  Object.entries(dates).flatMap(([name, read]) => {
    const [after, before] = [dateParam(ask.query, `${name}After`), dateParam(ask.query, `${name}Before`)]
    if (after === undefined && before === undefined) return []
    return [
      (payment: Payment) => {
        const at = read(payment)
        return at !== null && (after === undefined || at > after) && (before === undefined || at < before)
      },
    ]
  })

const texts: readonly (readonly [name: string, read: (payment: Payment) => string | undefined])[] = [
  ['approvalStatus', (payment) => payment.approval],
  ['paymentStatus', (payment) => payment.payment],
  ['vendorInvoiceNumber', (payment) => payment.fields['InvoiceNumber']],
  ['payMethodType', (payment) => payment.fields['PaymentMethod']],
]

/** A person sees the own ones, an administrator and a company all. */
const visible = (sandbox: Sandbox, ask: Ask): readonly Payment[] => {
  const own = speaker(ask)
  const all = payments.all(sandbox, companyOf(ask))
  return own === null || own.admin ? all : all.filter((payment) => payment.ownerLogin === own.login)
}

const list = (sandbox: Sandbox, ask: Ask): Reply => {
  const limit = countParam(ask.query, 'limit', 1000, 1000)
  const first = firstOf(ask)
  const wanted = texts.flatMap(([name, read]) => {
    const text = textParam(ask.query, name)
    return text === undefined ? [] : [(payment: Payment) => read(payment) === text]
  })
  const tests = [...wanted, ...dateTests(ask)]
  const rows = visible(sandbox, ask).filter((payment) => tests.every((test) => test(payment)))
  const end = first + limit
  const next = end < rows.length ? nextPageUrl(ask.baseUrl, path, ask.query, limit, writeOffset([end])) : null
  return {
    status: 200,
    body: {
      PaymentRequestDigest: rows.slice(first, end).map((payment) => rowOf(payment, ask.baseUrl)),
      TotalCount: rows.length,
      NextPage: next,
    },
    xml: { root: 'PaymentRequestDigests', flat: true },
  }
}

const get = (sandbox: Sandbox, ask: Ask): Reply => {
  const id = openProtected('payment', ask.params['id'] ?? '')
  const payment = visible(sandbox, ask).find((each) => each.id === id)
  if (payment === undefined) throw new Refused(404, 'The payment request was not found')
  return { status: 200, body: rowOf(payment, ask.baseUrl), xml: { root: 'PaymentRequestDigest' } }
}

const shared = {
  family: 'v3',
  access: 'bearer',
  method: 'GET',
  scope: /^INVPMT$/,
  follows: 'Payment Request Digest v3',
} as const

export const digestOperations: readonly Operation[] = [
  { ...shared, name: 'payment-digests.list', path, run: list },
  { ...shared, name: 'payment-digests.get', path: `${path}/{id}`, run: get },
]
