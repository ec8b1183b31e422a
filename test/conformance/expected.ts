/**
 * What the element must be able to do, written from the task and SAP Concur's documentation, apart from the element:
 * whoever lacks a pair fails. The table in elements/concur/README.md is made of it (`npm run element:table`).
 */
export type ExpectedVerb =
  | 'list'
  | 'get'
  | 'create'
  | 'update'
  | 'delete'
  | 'updateAll'
  | 'deleteAll'
  /** A create whose body is a file. */
  | 'upload'
  | `action:${string}`
  | `content:${string}:${'read' | 'write'}`

export interface ExpectedPair {
  readonly resource: string
  readonly verb: ExpectedVerb
  /** SAP Concur's API that serves it now. */
  readonly api: string
  /** That which Cloud Elements used, and which `concur.api.generation` = `v3` chooses; none: it had no such resource. */
  readonly formerly: string
  /** Fields of the old API that the one of now has not. */
  readonly missing: readonly string[]
  readonly source: string
}

type Told = Partial<Pick<ExpectedPair, 'formerly' | 'missing' | 'source'>>

/** @param verbs with spaces between. */
const pairs = (
  resource: string,
  verbs: string,
  api: string,
  { formerly = '', missing = [], source = '' }: Told = {},
): readonly ExpectedPair[] =>
  verbs
    .split(' ')
    .map((verb) => ({ ...{ resource, verb: verb as ExpectedVerb, api }, ...{ formerly, missing, source } }))

const old = 'spec/behaviour.md 14'

/** Resources that Cloud Elements had: verbs, names and bodies are its. */
const ofCloudElements: readonly ExpectedPair[] = [
  ...pairs('reports', 'list get create update', 'Reports v3', { formerly: 'Reports v3', source: old }),
  ...pairs('expenses', 'list get create update', 'Entries v3', { formerly: 'Entries v3', source: old }),
  ...pairs('expenses', 'delete', 'Expenses v4', {
    formerly: 'Entries v3',
    source: `${old}, spec/concur.md 8.5`,
  }),
  ...pairs('lists', 'list get create update', 'List v4', {
    formerly: 'Lists v3',
    missing: ['URI', 'ConnectorID'],
    source: `${old}, spec/concur.md 8.3`,
  }),
  ...pairs('items', 'list get create update delete', 'List v4', {
    formerly: 'ListItems v3',
    missing: ['URI'],
    source: `${old}, spec/concur.md 8.3`,
  }),
  ...pairs('users', 'list get', 'Identity v4.1', {
    formerly: 'Users v3',
    missing: ['OrganizationUnit'],
    source: `${old}, spec/concur.md 8.1`,
  }),
  ...pairs('expense-group-configurations', 'list get', 'Expense Config v4', {
    formerly: 'ExpenseGroupConfigurations v3',
    missing: ['URI', 'Policies.ExpenseTypes.ExpenseCode'],
    source: `${old}, spec/concur.md 8.2`,
  }),
  ...pairs('locations', 'list get', 'Localities v5', {
    formerly: 'Locations v3',
    missing: ['URI', 'IATACode', 'IsAirport', 'IsBookingTool'],
    source: 'spec/contract.md 11, spec/concur.md 8.4',
  }),
  ...pairs('payments', 'get create update', 'Payment Request v3', {
    formerly: 'Payment Request v3',
    source: old,
  }),
  ...pairs('payments-digests', 'list get', 'Payment Request Digest v3', {
    formerly: 'Payment Request Digest v3',
    source: old,
  }),
  ...pairs('vendor-banks', 'updateAll', 'Vendors v3.1', { formerly: 'Vendors v3', source: old }),
  ...pairs('vendor-groups', 'updateAll deleteAll', 'Vendors v3.1', { formerly: 'Vendors v3', source: old }),
]

const section = (number: string): Told => ({ source: `spec/concur.md ${number}` })

/** What a report needs beyond them, with all verbs that SAP Concur has. */
const beyond: readonly ExpectedPair[] = [
  ...pairs(
    'reports',
    'action:submit action:approve action:send-back action:recall',
    'Workflows v4',
    section('3.1'),
  ),
  ...pairs('reports', 'content:image:read content:image:write', 'Image v1', section('3.4')),
  ...pairs('expenses', 'content:image:read content:image:write', 'Image v1', section('3.4')),
  ...pairs('itemizations', 'list get create', 'Itemizations v3', section('3.2')),
  ...pairs('allocations', 'list get', 'Allocations v3', section('3.2')),
  ...pairs('attendees', 'list get create update', 'Attendees v4', section('3.3')),
  ...pairs('attendee-types', 'list get', 'Admin Attendee Types v4', {
    formerly: 'AttendeeTypes v3',
    missing: ['URI'],
    source: 'spec/concur.md 3.3',
  }),
  ...pairs(
    'expense-attendees',
    'list get create update delete deleteAll',
    'Expense Attendee Associations v4',
    section('3.1'),
  ),
  ...pairs(
    'receipts',
    'list get create upload content:image:read content:status:read',
    'Receipts v4',
    section('3.4'),
  ),
  ...pairs('receipt-images', 'list get upload delete', 'Receipt Images v3', section('3.4')),
  ...pairs('receipt-images', 'content:image:read content:image:write', 'Receipt Images v3', section('3.4')),
  ...pairs('quick-expenses', 'create upload', 'Quick Expense v4', section('3.4')),
  ...pairs('vendors', 'list get create update delete', 'Vendors v3.1', section('3.6')),
  ...pairs('policies', 'list get', 'Expense Config v4', section('3.3')),
  ...pairs('expense-types', 'list get', 'Expense Config v4', section('3.3')),
  ...pairs('payment-types', 'list get', 'Expense Config v4', section('3.3')),
  ...pairs('report-comments', 'list get create update delete', 'Comments v4', section('3.1')),
  ...pairs('report-exceptions', 'list get create update delete', 'Exceptions v4', section('3.1')),
  ...pairs('form-fields', 'list get', 'Reports v4', section('3.1')),
]

export const expected: readonly ExpectedPair[] = [...ofCloudElements, ...beyond]

/** Pairs that nobody has built yet. A pair that is there must not stand here. */
export const awaited: readonly (readonly [resource: string, verb: ExpectedVerb])[] = []
