import type { DataCentre } from '../data-centres.ts'
import { pick } from '../hash.ts'
import { uuidOf } from '../ids.ts'
import { createTable, type Kept } from '../table.ts'
import { invoiceVendors, places } from '../words.ts'

/** Vendors of invoices. Everything that the service writes is text. */
export interface Vendor extends Kept {
  readonly vendorCode: string
  readonly addressCode: string
  /** The fields of the schema, as text. */
  readonly fields: Readonly<Record<string, string>>
  readonly banks: readonly Readonly<Record<string, string>>[]
  readonly groups: readonly string[]
  readonly deleted: boolean
}

export const vendorId = (home: DataCentre, vendorCode: string, addressCode: string): string =>
  uuidOf(`invoice-vendor:${home}:${vendorCode}:${addressCode}`)

const vendorCount = 60

const vendorAt = (home: DataCentre, index: number): Vendor => {
  const place = pick(places, 31, index, 1)
  const city = pick(place.cities, 31, index, 2)[0]
  const vendorCode = `V${String(1001 + index)}`
  const addressCode = 'MAIN'
  return {
    ...{ id: vendorId(home, vendorCode, addressCode), home, vendorCode, addressCode, deleted: false },
    fields: {
      VendorName: `${invoiceVendors[index % invoiceVendors.length] ?? 'Vendor'} ${city}`,
      Address1: `${String(1 + (index % 90))} Mill Street`,
      City: city,
      PostalCode: String(10_000 + index * 37),
      Country: place.country,
      CountryCode: place.country,
      CurrencyCode: place.currency,
      Approved: index % 10 === 9 ? 'N' : 'Y',
      PaymentMethodType: index % 2 === 0 ? 'CHECK' : 'ACH',
      TaxID: `T-${String(70_000 + index)}`,
    },
    banks: [],
    groups: index % 4 === 0 ? ['north'] : [],
  }
}

export const vendors = createTable<Vendor>('invoice-vendors', (home) =>
  Array.from({ length: vendorCount }, (_, index) => vendorAt(home, index)),
)
