import { expenseTypeByCode, paymentTypeByV3Id } from '../config/config-data.ts'
import { uuidOf } from '../ids.ts'
import type { Ask, Sandbox } from '../operation.ts'
import { hexOfUuid, openProtected } from '../protected-id.ts'
import type { Entry, Report } from '../records.ts'
import { allocationsOf } from './allocation-data.ts'
import { customData } from './custom-data.ts'
import { exceptionsOf } from './exceptions.ts'
import { type Itemization, postedOf } from './itemization-data.ts'
import { dayOf } from './report-details.ts'

/**
 * Expenses as v4 writes them: short in lists, longer alone.
 * Follows: developer.concur.com, Expenses v4. Verified: 2026-08
 */
const typeOf = (code: string, name: string) => ({
  id: code,
  name,
  code: expenseTypeByCode(code)?.behaviour ?? 'OTHER',
  isDeleted: false,
})

const paymentOf = (entry: Entry) => {
  const code = paymentTypeByV3Id(entry.paymentTypeId)?.code ?? entry.paymentTypeId
  return { id: code, name: entry.paymentTypeName, code }
}

const locationOf = (entry: Entry) =>
  entry.locationName === null
    ? null
    : {
        id: hexOfUuid(uuidOf(`location:${entry.locationName.split(',')[0] ?? ''}`)),
        name: entry.locationName,
        city: entry.locationName.split(',')[0] ?? '',
        countrySubDivisionCode: entry.locationSubdivision,
        countryCode: entry.locationCountry,
      }

const vendorOf = (entry: Entry) =>
  entry.vendorDescription === null && entry.vendorListItemName === null
    ? null
    : {
        id: entry.vendorListItemId === null ? null : (openProtected('item', entry.vendorListItemId) ?? null),
        name: entry.vendorListItemName,
        description: entry.vendorDescription,
      }

const linksOf = (ask: Ask, entry: Entry) => {
  const { userId = '', contextType = '' } = ask.params
  const self = `${ask.baseUrl}/expensereports/v4/users/${userId}/context/${contextType}/reports/${entry.reportId}/expenses/${entry.expenseId}`
  return ['', 'itemizations', 'comments', 'attendees', 'allocations'].map((rest) => ({
    ...{ rel: rest === '' ? 'self' : rest, href: rest === '' ? self : `${self}/${rest}` },
    ...{ method: 'GET', isTemplated: false },
  }))
}

/** What an expense and its itemizations share. */
const sharedRow = (sandbox: Sandbox, ask: Ask, report: Report, entry: Entry) => {
  const problems = exceptionsOf(sandbox, report).filter((one) => one.expenseId === entry.expenseId)
  return {
    allocationSetId: null,
    businessPurpose: entry.description,
    ereceiptImageId: null,
    exchangeRate: { value: entry.exchangeRate, operation: 'MULTIPLY' },
    expenseSourceIdentifiers: null,
    hasBlockingExceptions: false,
    hasExceptions: problems.length > 0,
    hasMissingReceiptDeclaration: false,
    isAutoCreated: false,
    imageCertificationStatus: null,
    isImageRequired: false,
    isPaperReceiptRequired: false,
    jptRouteId: null,
    location: locationOf(entry),
    links: linksOf(ask, entry),
    paymentType: paymentOf(entry),
    receiptImageId: entry.imageId === undefined ? null : hexOfUuid(entry.imageId),
    travelAllowance: {
      ...{ dailyLimitAmount: null, dailyTravelAllowanceId: null, isExpensePartOfTravelAllowance: false },
    },
    vendor: vendorOf(entry),
    fuelTypeListItem: null,
    attendeeCount: entry.attendees.length,
    canDelete: true,
  }
}

const amounts = (report: Report, entry: Entry, amount: number, posted: number, personal: boolean) => {
  const money = (value: number) => ({ value, currencyCode: report.currency })
  return {
    transactionAmount: { value: amount, currencyCode: entry.currency },
    postedAmount: money(posted),
    approvedAmount: money(personal ? 0 : posted),
    claimedAmount: money(personal ? 0 : posted),
    approverAdjustedAmount: money(personal ? 0 : posted),
  }
}

const allocationState = (sandbox: Sandbox, entry: Entry): string =>
  allocationsOf(sandbox, entry).length > 0 ? 'FULLY_ALLOCATED' : 'NOT_ALLOCATED'

export const expenseRow = (sandbox: Sandbox, ask: Ask, report: Report, entry: Entry) => ({
  expenseId: entry.expenseId,
  ...sharedRow(sandbox, ask, report, entry),
  ...amounts(report, entry, entry.amount, entry.posted, entry.personal),
  allocationState: allocationState(sandbox, entry),
  expenseType: typeOf(entry.typeCode, entry.typeName),
  isPersonalExpense: entry.personal,
  transactionDate: dayOf(entry.transactionAt),
  parentExpenseId: null as string | null,
  ticketNumber: null as string | null,
})

export const itemizationRow = (
  sandbox: Sandbox,
  ask: Ask,
  report: Report,
  entry: Entry,
  part: Itemization,
) => ({
  ...expenseRow(sandbox, ask, report, entry),
  ...amounts(report, entry, part.amount, postedOf(entry, part), part.personal),
  expenseId: part.expenseId,
  parentExpenseId: entry.expenseId,
  expenseType: typeOf(part.typeCode, part.typeName),
  businessPurpose: part.description,
  isPersonalExpense: part.personal,
  transactionDate: dayOf(part.transactionAt),
})

const mileageOf = ({ journey }: Entry) =>
  journey === null
    ? null
    : {
        odometerStart: journey.OdometerStart,
        odometerEnd: journey.OdometerEnd,
        passengerCount: journey.NumberOfPassengers,
        personalDistance: journey.PersonalDistance,
        totalDistance: (journey.BusinessDistance ?? 0) + (journey.PersonalDistance ?? 0),
        vehicleId: journey.VehicleID,
      }

export const expenseDetail = (sandbox: Sandbox, ask: Ask, report: Report, entry: Entry) => {
  const { ticketNumber: _, ...row } = expenseRow(sandbox, ask, report, entry)
  return {
    ...row,
    authorizationRequestExpenseId: null,
    budgetAccrualDate: null,
    canAllocate: false,
    customData: customData(sandbox, ask.dataCentre, entry.fields, ask.baseUrl),
    isExcludedFromCashAdvanceByUser: false,
    isExpenseBillable: entry.billable,
    isExpenseRejected: entry.rejected ?? false,
    isPaperReceiptReceived: entry.paperReceipt ?? false,
    merchantTaxId: null,
    mileage: mileageOf(entry),
    receiptType: { id: entry.taxReceiptType, status: entry.hasImage ? 'Received' : 'Not received' },
    taxRateLocation: entry.currency === report.currency ? 'HOME' : 'FOREIGN',
    travel: null,
    xmlReceiptId: null,
    lastModifiedDate: new Date(entry.modifiedAt).toISOString(),
  }
}
