import type { DataCentre } from '../data-centres.ts'
import { mix, pick, pickNumber } from '../hash.ts'
import { uuidOf } from '../ids.ts'
import { peopleOf } from '../people.ts'
import { createTable, type Kept } from '../table.ts'
import { invoiceVendors } from '../words.ts'

/** Payment requests of invoices: text throughout, as the service writes them. */
export interface Payment extends Kept {
  readonly ownerLogin: string
  readonly approval: string
  readonly payment: string
  readonly createdAt: number
  readonly submitAt: number | null
  readonly paidAt: number | null
  readonly modifiedAt: number
  /** By the names that a reader sees. */
  readonly fields: Readonly<Record<string, string>>
  readonly remitTo: Readonly<Record<string, string>>
  readonly lines: readonly Line[]
}
export interface Line {
  readonly fields: Readonly<Record<string, string>>
  readonly allocations: readonly Readonly<Record<string, string>>[]
}

const paymentCount = 80
const dayMs = 86_400_000
const newestAt = Date.UTC(2026, 5, 20)

const states: readonly (readonly [approval: string, payment: string])[] = [
  ['R_NOTF', 'R_NOTP'],
  ['R_PEND', 'R_NOTP'],
  ['R_APPR', 'R_NOTP'],
  ['R_APPR', 'R_PAID'],
]

const paymentAt = (home: DataCentre, index: number): Payment => {
  const owners = peopleOf(home)
  const owner = owners[mix(37, index, 1) % owners.length]
  const [approval, payment] = states[index % states.length] ?? ['R_NOTF', 'R_NOTP']
  const createdAt = newestAt - index * dayMs - pickNumber(37, index, 2, 3_600_000)
  const amount = (5000 + pickNumber(37, index, 3, 400_000)) / 100
  const vendor = pick(invoiceVendors, 37, index, 4)
  return {
    ...{
      id: uuidOf(`payment:${home}:${String(index)}`),
      home,
      ownerLogin: owner?.login ?? '',
      approval,
      payment,
    },
    createdAt,
    submitAt: approval === 'R_NOTF' ? null : createdAt + dayMs,
    paidAt: payment === 'R_PAID' ? createdAt + 5 * dayMs : null,
    modifiedAt: createdAt + (payment === 'R_PAID' ? 5 : 1) * dayMs,
    fields: {
      Name: `${vendor} ${String(index + 1)}`,
      InvoiceNumber: `INV-${String(30_000 + index)}`,
      InvoiceDate: new Date(createdAt).toISOString().slice(0, 10),
      InvoiceAmount: amount.toFixed(2),
      CurrencyCode: owner?.place.currency ?? 'EUR',
      CountryCode: owner?.place.country ?? 'DE',
      LedgerCode: 'DEFAULT',
      PaymentMethod: index % 2 === 0 ? 'CHECK' : 'ACH',
    },
    remitTo: {
      Name: vendor,
      Address1: `${String(1 + (index % 90))} Mill Street`,
      PostalCode: String(20_000 + index),
    },
    lines: [
      {
        fields: {
          Description: 'Service',
          Quantity: '1',
          UnitPrice: amount.toFixed(2),
          TotalPrice: amount.toFixed(2),
        },
        allocations: [{ Percentage: '100.00' }],
      },
    ],
  }
}

export const payments = createTable<Payment>('payments', (home) =>
  Array.from({ length: paymentCount }, (_, index) => paymentAt(home, index)),
)
