import { protectedId } from './protected-id.ts'

/** Rows as the sandbox keeps them; `report-row.ts` and `entry-row.ts` write them as the vendor does. Times: ms since 1970. */

/** Follows: developer.concur.com, List Item, custom fields. Verified: 2026-08 */
export interface CustomField {
  readonly Type: string
  readonly Value: string
  readonly Code: string | null
  readonly ListItemID: string | null
}
type CustomFields = Readonly<Record<string, CustomField | null>>

/** `id` is the item's own; v3 writes another. */
export const listField = (type: string, item: readonly [string, string], id: string): CustomField => ({
  Type: type,
  Value: item[1],
  Code: item[0],
  ListItemID: protectedId('item', id),
})

export interface Report {
  readonly id: string
  /** Its place in the seed; null when a caller created it. */
  readonly index: number | null
  readonly ownerLogin: string
  readonly name: string
  readonly purpose: string | null
  readonly currency: string
  readonly country: string
  readonly subdivision: string | null
  readonly createdAt: number
  readonly submitAt: number | null
  readonly processingAt: number | null
  readonly paidAt: number | null
  readonly userDefinedAt: number
  readonly modifiedAt: number
  readonly approval: string
  readonly payment: string
  readonly approverLogin: string | null
  readonly lastComment: string
  readonly everSentBack: boolean
  readonly receiptsReceived: boolean
  readonly hasException: boolean
  readonly reimbursementMethod: string | null
  readonly batchId: string | null
  readonly groupConfigId: string
  readonly fields: CustomFields
  /** What only v4 knows; the default policy, no span of days and version 0 where absent. */
  readonly policyId?: string
  readonly startAt?: number
  readonly endAt?: number
  readonly paperReceipts?: boolean
  readonly version?: number
}

export interface Journey {
  readonly StartLocation: string
  readonly EndLocation: string
  readonly UnitOfMeasure: string
  readonly BusinessDistance: number | null
  readonly PersonalDistance: number | null
  readonly NumberOfPassengers: number | null
  readonly OdometerStart: number | null
  readonly OdometerEnd: number | null
  readonly VehicleID: string | null
}

/** An attendee of an expense, by the id of v4. */
export interface Guest {
  readonly id: string
  readonly typeCode: string
  /** In the expense's currency; absent: an equal share. */
  readonly amount?: number
  readonly count?: number
  readonly traveling?: boolean
  /** Of the attendee, when it was added; absent: the latest. */
  readonly version?: number
  readonly custom?: CustomFields
}

export interface Entry {
  readonly id: string
  readonly expenseId: string
  readonly reportId: string
  /** Order inside the report; entries of callers follow the seeded ones. */
  readonly position: number
  readonly ownerLogin: string
  readonly typeCode: string
  readonly typeName: string
  readonly categoryCode: string | null
  readonly categoryName: string | null
  readonly paymentTypeId: string
  readonly paymentTypeName: string
  readonly transactionAt: number
  readonly currency: string
  readonly amount: number
  readonly exchangeRate: number
  readonly posted: number
  readonly approved: number
  readonly description: string | null
  readonly hasComment: boolean
  readonly billable: boolean
  readonly personal: boolean
  readonly taxReceiptType: string
  readonly vendorDescription: string | null
  readonly vendorListItemId: string | null
  readonly vendorListItemName: string | null
  readonly locationId: string | null
  readonly locationName: string | null
  readonly locationCountry: string | null
  readonly locationSubdivision: string | null
  readonly journey: Journey | null
  readonly attendees: readonly Guest[]
  /** Invited and not there. */
  readonly noShows?: number
  /** What only v4 knows. */
  readonly rejected?: boolean
  readonly imageId?: string
  readonly paperReceipt?: boolean
  readonly hasVat: boolean
  readonly hasImage: boolean
  readonly paidByExpensePay: boolean
  readonly batchId: string | null
  readonly modifiedAt: number
  readonly fields: CustomFields
}
