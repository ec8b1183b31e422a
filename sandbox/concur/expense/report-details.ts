import { approvalNames, isOpen, paymentNames } from '../codes.ts'
import { groupOfPerson, policyById } from '../config/config-data.ts'
import { uuidOf } from '../ids.ts'
import type { Ask, Sandbox } from '../operation.ts'
import { personByLogin } from '../people.ts'
import { hexOfUuid } from '../protected-id.ts'
import type { Report } from '../records.ts'
import { amountsOf } from '../report-row.ts'
import { entriesOf } from '../store.ts'
import { customData } from './custom-data.ts'

const hexOf = (name: string): string => hexOfUuid(uuidOf(name))
export const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)
const instant = (at: number | null): string | null =>
  at === null ? null : `${new Date(at).toISOString().slice(0, 19)}Z`

/** Six characters, the same for a report always. */
export const reportNumber = (report: Report): string => report.id.slice(0, 6)

const countryNames: Readonly<Record<string, string>> = {
  ...{ US: 'UNITED STATES', DE: 'GERMANY', FR: 'FRANCE', GB: 'UNITED KINGDOM', CA: 'CANADA', JP: 'JAPAN' },
  ...{ IN: 'INDIA', AU: 'AUSTRALIA' },
}

const linksOf = (self: string) =>
  (
    [
      ['self', 'GET', ''],
      ['expenses', 'GET', '/expenses'],
      ['comments', 'GET', '/comments'],
    ] as const
  ).map(([rel, method, rest]) => ({ rel, href: `${self}${rest}`, method, isTemplated: false }))

const moneyOf = (sandbox: Sandbox, report: Report) => {
  const sums = amountsOf(entriesOf(sandbox, report))
  const money = (value: number) => ({ value, currencyCode: report.currency })
  const paid = report.payment === 'P_PAID' || report.payment === 'P_PAYC'
  return {
    approvedAmount: money(sums.TotalApprovedAmount),
    claimedAmount: money(sums.TotalClaimedAmount),
    amountCompanyPaid: money(sums.AmountDueCompanyCard),
    paymentConfirmedAmount: money(report.payment === 'P_PAYC' ? sums.AmountDueEmployee : 0),
    amountDueCompany: money(0),
    amountDueCompanyCard: money(sums.AmountDueCompanyCard),
    amountDueEmployee: money(sums.AmountDueEmployee),
    totalAmountPaidEmployee: money(paid ? sums.AmountDueEmployee : 0),
    personalAmount: money(sums.PersonalAmount),
    reportTotal: money(sums.Total),
    amountNotApproved: money(Math.round((sums.TotalClaimedAmount - sums.TotalApprovedAmount) * 100) / 100),
  }
}

/**
 * A report as v4 writes it.
 * Follows: developer.concur.com, Reports v4, ReportDetails. Verified: 2026-08
 */
export const reportDetails = (sandbox: Sandbox, ask: Ask, report: Report, context: string) => {
  const owner = personByLogin(report.ownerLogin)
  const policy = policyById(report.policyId)
  const received = report.receiptsReceived ? 'RECEIVED' : 'NOT_RECEIVED'
  const self = `${ask.baseUrl}/expensereports/v4/users/${owner?.id ?? ''}/context/${context}/reports/${report.id}`
  return {
    approvalStatus: approvalNames[report.approval] ?? report.approval,
    approvalStatusId: report.approval,
    concurAuditStatus: 'NOTR',
    customData: customData(sandbox, ask.dataCentre, report.fields, ask.baseUrl),
    ledger: 'DEFAULT',
    ledgerId: hexOf('ledger'),
    paymentStatus: paymentNames[report.payment] ?? report.payment,
    paymentStatusId: report.payment,
    submitDate: instant(report.submitAt),
    ...moneyOf(sandbox, report),
    isFinancialIntegrationEnabled: false,
    canReopen: false,
    isReopened: false,
    isReceiptImageAvailable: report.receiptsReceived,
    isReceiptImageRequired: true,
    isPaperReceiptsReceived: report.paperReceipts ?? false,
    isPaperReceiptRequired: false,
    reportId: report.id,
    reportNumber: reportNumber(report),
    currency: report.currency,
    currencyCode: report.currency,
    analyticsGroupId: hexOf('analytics-group'),
    hierarchyNodeId: owner === undefined ? null : groupOfPerson(owner).id,
    allocationFormId: hexOf('form:allocation'),
    links: linksOf(self),
    reportDate: dayOf(report.userDefinedAt),
    reportFormId: hexOf('form:report'),
    businessPurpose: report.purpose,
    countryCode: report.country,
    countrySubDivisionCode: report.subdivision,
    country: countryNames[report.country] ?? report.country,
    policyId: policy.id,
    policy: policy.name,
    startDate: report.startAt === undefined ? null : dayOf(report.startAt),
    endDate: report.endAt === undefined ? null : dayOf(report.endAt),
    name: report.name,
    userId: owner?.id ?? null,
    employee: { employeeId: owner?.employeeNumber ?? null, employeeUuid: owner?.id ?? null },
    reportType: 'Regular',
    redirectFund: null,
    creationDate: instant(report.createdAt),
    canRecall: !isOpen(report.approval) && report.payment === 'P_NOTP',
    canAddExpense: isOpen(report.approval),
    isSubmitted: !isOpen(report.approval),
    isSentBack: report.approval === 'A_RESU',
    isReportEverSentBack: report.everSentBack,
    isPendingDelegatorReview: false,
    defaultFieldAccess: isOpen(report.approval) ? 'RW' : 'RO',
    receiptStatus: received,
    imageStatus: received,
    reportVersion: report.version ?? 0,
  }
}
