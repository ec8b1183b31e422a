import type { Filter, Resource } from '#src/element/index.ts'
import { slotGuard } from '../slot-guard.ts'
import { boolean, customFields, datetime, number, orgUnits, required, text } from './fields.ts'
import { equals, ownedBy } from './filters.ts'
import { reportActions } from './report-actions.ts'

/**
 * A pair of date bounds. Whether Concur's After and Before include their border is not documented, so
 * they are sent a second wider and checked again on the row.
 */
const bounds = (stem: string, field: string): readonly Filter[] => [
  { param: `${stem}After`, means: 'after', type: 'datetime', field, widenSeconds: 1 },
  { param: `${stem}Before`, means: 'before', type: 'datetime', field, widenSeconds: 1 },
]

const path = '/api/v3.0/expense/reports'
const call = { principals: ['user', 'company'], scopes: ['EXPRPT'] } as const

/**
 * Expense reports on Reports v3, the only documented way to list them.
 * Filters: all 32 of the page. Central-reconciliation reports are never listed.
 */
export const reports: Resource = {
  name: 'reports',
  title: 'Expense reports',
  key: 'ID',
  keepUnknown: true,
  source: 'SAP Concur, Reports v3 (spec/concur.md 3.1), compared 2026-08',
  fields: {
    ID: text(),
    URI: text(),
    Name: required(text('write')),
    Purpose: text('write-only'),
    Comment: text('write-only'),
    PolicyID: text('write'),
    UserDefinedDate: datetime('write'),
    Total: number(),
    TotalClaimedAmount: number(),
    TotalApprovedAmount: number(),
    PersonalAmount: number(),
    AmountDueEmployee: number(),
    AmountDueCompanyCard: number(),
    CurrencyCode: text(),
    Country: text(),
    CountrySubdivision: text(),
    LedgerName: text(),
    OwnerLoginID: text(),
    OwnerName: text(),
    ApproverLoginID: text(),
    ApproverName: text(),
    ApprovalStatusCode: text(),
    ApprovalStatusName: text(),
    PaymentStatusCode: text(),
    PaymentStatusName: text(),
    EverSentBack: boolean(),
    HasException: boolean(),
    ReceiptsReceived: boolean(),
    LastComment: text(),
    CreateDate: datetime(),
    SubmitDate: datetime(),
    ProcessingPaymentDate: datetime(),
    PaidDate: datetime(),
    LastModifiedDate: datetime(),
    WorkflowActionUrl: text(),
    ...orgUnits,
    ...customFields(20),
  },
  verbs: {
    search: { ...call, method: 'GET', path, rows: 'Items' },
    retrieve: { ...call, method: 'GET', path: `${path}/{id}` },
    create: { ...call, method: 'POST', path, newId: { kind: 'field', name: 'ID' } },
    update: { ...call, method: 'PUT', path: `${path}/{id}` },
  },
  idAs: 'reportId',
  guard: slotGuard('header'),
  actions: reportActions,
  owner: ownedBy('OwnerLoginID'),
  page: { kind: 'next-url', next: 'NextPage', cursorParam: 'offset', sizeParam: 'limit', maxSize: 100 },
  filterStyle: { kind: 'parameters' },
  filters: [
    equals('user'),
    { ...equals('approvalStatusCode', 'ApprovalStatusCode'), list: true },
    { ...equals('paymentStatusCode', 'PaymentStatusCode'), list: true },
    equals('currencyCode', 'CurrencyCode'),
    equals('countryCode', 'Country'),
    equals('approverLoginID', 'ApproverLoginID'),
    equals('reimbursementMethod'),
    equals('expenseGroupConfigID'),
    equals('batchID'),
    equals('paymentType'),
    equals('expenseTypeCode'),
    equals('attendeeTypeCode'),
    equals('vendorName'),
    equals('hasVAT', undefined, 'boolean'),
    equals('hasImages', undefined, 'boolean'),
    equals('hasAttendees', undefined, 'boolean'),
    equals('hasBillableExpenses', undefined, 'boolean'),
    equals('isTestUser', undefined, 'boolean'),
    { param: 'entryTransactionDateAfter', means: 'after', type: 'datetime' },
    { param: 'entryTransactionDateBefore', means: 'before', type: 'datetime' },
    ...bounds('createDate', 'CreateDate'),
    ...bounds('userDefinedDate', 'UserDefinedDate'),
    ...bounds('submitDate', 'SubmitDate'),
    ...bounds('processingPaymentDate', 'ProcessingPaymentDate'),
    ...bounds('paidDate', 'PaidDate'),
    ...bounds('modifiedDate', 'LastModifiedDate'),
  ],
}
