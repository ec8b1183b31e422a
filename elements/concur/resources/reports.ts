import type { Resource } from '#src/element/index.ts'
import { slotGuard } from '../slot-guard.ts'
import { boolean, customFields, datetime, number, orgUnits, required, text } from './fields.ts'
import { about, bounds, equals, ownedBy } from './filters.ts'
import { imageOf } from './images.ts'
import { reportActions } from './report-actions.ts'

const path = '/api/v3.0/expense/reports'
const call = { principals: ['user', 'company'], scopes: ['EXPRPT'] } as const

/**
 * Expense reports on Reports v3, the only documented way to list them.
 * Filters: all 32 of the page. Central-reconciliation reports are never listed.
 */
export const reports: Resource = {
  name: 'reports',
  changes: {
    kind: 'dated',
    updated: 'LastModifiedDate',
    created: 'CreateDate',
    since: 'modifiedDateAfter',
  },
  polledUnasked: true,
  title: 'Expense reports',
  key: 'ID',
  keepUnknown: true,
  source: 'SAP Concur, Reports v3 (spec/concur.md 3.1), compared 2026-08',
  fields: {
    ID: text('read', 'Id of the report, 20 hex digits; the same on every SAP Concur API.'),
    URI: text('read', 'Address of the report at SAP Concur.'),
    Name: required(text('write', 'Name of the report, at most 40 characters.')),
    Purpose: text('write-only', 'What the report is for; never read back.'),
    Comment: text('write-only', 'Comment of the owner, at most 500 characters; read back as LastComment.'),
    PolicyID: text(
      'write',
      'Id of the policy; SAP Concur takes it and uses the default policy of the owner.',
    ),
    UserDefinedDate: datetime('write', 'Date that the owner gives the report, without a zone.'),
    Total: number('read', 'Sum of all expenses, in CurrencyCode.'),
    TotalClaimedAmount: number('read', 'Sum of what is claimed, without private expenses, in CurrencyCode.'),
    TotalApprovedAmount: number('read', 'Sum of what is approved, in CurrencyCode.'),
    PersonalAmount: number('read', 'Sum of the private expenses, in CurrencyCode.'),
    AmountDueEmployee: number('read', 'What the owner is owed, in CurrencyCode.'),
    AmountDueCompanyCard: number('read', "What is paid to the company's card, in CurrencyCode."),
    CurrencyCode: text('read', 'Currency of the report, ISO 4217; that of the owner.'),
    Country: text('read', 'Country of the report, ISO 3166-1 alpha-2.'),
    CountrySubdivision: text('read', 'State or province of the report, ISO 3166-2.'),
    LedgerName: text('read', 'Name of the ledger, at most 20 characters.'),
    OwnerLoginID: text('read', 'Login of the owner.'),
    OwnerName: text('read', 'Name of the owner.'),
    ApproverLoginID: text('read', 'Login of the person whose approval is waited for.'),
    ApproverName: text('read', 'Name of that person.'),
    ApprovalStatusCode: text(
      'read',
      'Approval status, such as A_NOTF (not submitted), A_PEND (waits for the manager), A_ACCO (accounting review), A_APPR (approved), A_RESU (sent back or recalled); companies add their own.',
    ),
    ApprovalStatusName: text('read', 'Approval status in the language of who asks.'),
    PaymentStatusCode: text(
      'read',
      'Payment status: P_NOTP (not paid), P_PROC (being processed), P_PAID (sent for payment), P_PAYC (confirmed), P_HOLD (on hold).',
    ),
    PaymentStatusName: text('read', 'Payment status in the language of who asks.'),
    EverSentBack: boolean('read', 'Whether an approver ever sent it back.'),
    HasException: boolean('read', 'Whether an exception is noted on it.'),
    ReceiptsReceived: boolean('read', 'Whether its receipts have come in.'),
    LastComment: text('read', 'The latest comment on its header.'),
    CreateDate: datetime('read', 'When it was created, without a zone.'),
    SubmitDate: datetime('read', 'When it was last submitted, without a zone; null before.'),
    ProcessingPaymentDate: datetime(
      'read',
      'When its payment began to be processed, without a zone; null before.',
    ),
    PaidDate: datetime('read', 'When it was sent for payment, without a zone; null before.'),
    LastModifiedDate: datetime(
      'read',
      'Last change of the header, without a zone; changes of its expenses do not show here.',
    ),
    WorkflowActionUrl: text(
      'read',
      'Address of its workflow step on the API of v1.1; empty before it is submitted.',
    ),
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
  contents: { image: imageOf('/api/image/v1.0/report/{id}', 'Image of a report') },
  owner: ownedBy('OwnerLoginID'),
  page: { kind: 'next-url', next: 'NextPage', cursorParam: 'offset', sizeParam: 'limit', maxSize: 100 },
  filterStyle: { kind: 'parameters' },
  filters: [
    about(
      equals('user'),
      "Whose reports: a login, or ALL for everybody's; needs the role Web Services Administrator (Can Administer).",
    ),
    { ...equals('approvalStatusCode', 'ApprovalStatusCode'), list: true },
    { ...equals('paymentStatusCode', 'PaymentStatusCode'), list: true },
    equals('currencyCode', 'CurrencyCode'),
    equals('countryCode', 'Country'),
    equals('approverLoginID', 'ApproverLoginID'),
    about(equals('reimbursementMethod'), 'How the owner is paid: ADPPAYR, APCHECK, CNQRPAY or PMTSERV.'),
    about(
      equals('expenseGroupConfigID'),
      'Id of an expense group configuration of v3 that the report falls under.',
    ),
    about(equals('batchID'), 'Id of a payment batch that pays somebody of the report.'),
    about(equals('paymentType'), 'Id of v3 of a payment type that an expense of the report has.'),
    about(equals('expenseTypeCode'), 'Code of an expense type that an expense of the report has.'),
    about(equals('attendeeTypeCode'), 'Code of a type that an attendee of an expense has.'),
    about(equals('vendorName'), 'Vendor, as an expense of the report describes it.'),
    about(equals('hasVAT', undefined, 'boolean'), 'Whether an expense of the report tells value-added tax.'),
    about(
      equals('hasImages', undefined, 'boolean'),
      'Whether the report or one of its expenses has an image.',
    ),
    about(equals('hasAttendees', undefined, 'boolean'), 'Whether an expense of the report has attendees.'),
    about(
      equals('hasBillableExpenses', undefined, 'boolean'),
      'Whether an expense of the report is charged on.',
    ),
    about(equals('isTestUser', undefined, 'boolean'), 'Whether its owner is a test user.'),
    {
      param: 'entryTransactionDateAfter',
      means: 'after',
      type: 'datetime',
      description: 'An expense of the report is of that day or later.',
    },
    {
      param: 'entryTransactionDateBefore',
      means: 'before',
      type: 'datetime',
      description: 'An expense of the report is of that day or earlier.',
    },
    ...bounds('createDate', 'CreateDate'),
    ...bounds('userDefinedDate', 'UserDefinedDate'),
    ...bounds('submitDate', 'SubmitDate'),
    ...bounds('processingPaymentDate', 'ProcessingPaymentDate'),
    ...bounds('paidDate', 'PaidDate'),
    ...bounds('modifiedDate', 'LastModifiedDate'),
  ],
}
