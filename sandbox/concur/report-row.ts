import { approvalNames, paymentNames } from './codes.ts'
import { defaultPolicy } from './config/config-data.ts'
import { writeDate, writeDateOrNull } from './dates.ts'
import { fullName, personByLogin } from './people.ts'
import type { CustomField, Entry, Report } from './records.ts'
import { isCompanyCard } from './seed-entries.ts'

export const orgUnitNames: readonly string[] = Array.from(
  { length: 6 },
  (_, at) => `OrgUnit${String(at + 1)}`,
)
export const customNames = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => `Custom${String(at + 1)}`)

const reportFieldNames = [...orgUnitNames, ...customNames(20)]

/** All custom slots of a row, null where empty. */
export const fieldsOf = (
  names: readonly string[],
  fields: Readonly<Record<string, CustomField | null>>,
): Record<string, CustomField | null> => Object.fromEntries(names.map((name) => [name, fields[name] ?? null]))

const sum = (entries: readonly Entry[], amount: (entry: Entry) => number): number =>
  Math.round(entries.reduce((total, entry) => total + amount(entry), 0) * 100) / 100

/** What a report's expenses come to, in its currency. */
export const amountsOf = (entries: readonly Entry[]) => {
  const business = entries.filter((entry) => !entry.personal)
  const claimed = sum(business, (entry) => entry.posted)
  const onCard = sum(business, (entry) => (isCompanyCard(entry) ? entry.posted : 0))
  return {
    Total: sum(entries, (entry) => entry.posted),
    TotalClaimedAmount: claimed,
    TotalApprovedAmount: sum(business, (entry) => entry.approved),
    PersonalAmount: sum(entries, (entry) => (entry.personal ? entry.posted : 0)),
    AmountDueEmployee: Math.round((claimed - onCard) * 100) / 100,
    AmountDueCompanyCard: onCard,
  }
}

const nameOf = (login: string | null): string | null => {
  const person = login === null ? undefined : personByLogin(login)
  return person === undefined ? null : fullName(person)
}

/**
 * A report as v3 writes it: PascalCase, nulls kept, dates without a zone.
 * Follows: developer.concur.com, Reports v3, response schema. Verified: 2026-08
 */
export const reportRow = (report: Report, entries: readonly Entry[], baseUrl: string) => {
  const { Total, ...amounts } = amountsOf(entries)
  const uri = `${baseUrl}/api/v3.0/expense/reports/${report.id}`
  return {
    ID: report.id,
    Name: report.name,
    Total,
    CurrencyCode: report.currency,
    Country: report.country,
    CountrySubdivision: report.subdivision,
    CreateDate: writeDate(report.createdAt),
    SubmitDate: writeDateOrNull(report.submitAt),
    ProcessingPaymentDate: writeDateOrNull(report.processingAt),
    PaidDate: writeDateOrNull(report.paidAt),
    ReceiptsReceived: report.receiptsReceived,
    UserDefinedDate: writeDate(report.userDefinedAt),
    LastComment: report.lastComment,
    OwnerLoginID: report.ownerLogin,
    OwnerName: nameOf(report.ownerLogin),
    ApproverLoginID: report.approverLogin,
    ApproverName: nameOf(report.approverLogin),
    ApprovalStatusName: approvalNames[report.approval] ?? report.approval,
    ApprovalStatusCode: report.approval,
    PaymentStatusName: paymentNames[report.payment] ?? report.payment,
    PaymentStatusCode: report.payment,
    LastModifiedDate: writeDate(report.modifiedAt),
    ...amounts,
    LedgerName: 'DEFAULT',
    PolicyID: defaultPolicy.v3Id,
    EverSentBack: report.everSentBack,
    HasException: report.hasException,
    // The page's own example points at the old host, whatever host answered.
    WorkflowActionUrl:
      report.submitAt === null
        ? ''
        : `https://www.concursolutions.com/api/v3.0/expense/reports/report/${report.id}/WorkFlowAction`,
    ...fieldsOf(reportFieldNames, report.fields),
    URI: uri,
  }
}
