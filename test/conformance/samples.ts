import type { Json, JsonObject } from '#src/lib/json.ts'
import type { Query, Who } from './drive.ts'

/**
 * The example payloads of SAP Concur's pages, and through which hub call each is read: the sample stands in for the
 * vendor's reply, and every value of its rows must be in what the hub answers.
 */
export interface Reading {
  /** Below the samples' folder. */
  readonly file: string
  readonly as: Who
  /** Below the hub. `{id}` is the `id`, `ID` or `reportId` of the sample's row. */
  readonly call: string
  readonly query?: Query
  /** Which request the sample answers: the end of its path. */
  readonly answers: string
  /** The member that holds the rows; absent: the sample is the row, or the list of rows. */
  readonly rows?: string
  /** The sample is one row of the reply: the member to wrap it in. */
  readonly wrapped?: string
  /** The sample is the reply of a create with this body; what the hub answers has the id that it tells. */
  readonly creates?: JsonObject
  /** Other samples that answer what the element asks besides. */
  readonly beside?: Readonly<Record<string, string>>
  /** Where the row shows a value of the sample, by the path of the sample's. */
  readonly shownAs?: Readonly<Record<string, string>>
  /** What the row shows for a value. */
  readonly values?: readonly (readonly [vendor: Json, shown: Json])[]
  /** Not shown, with the reason. */
  readonly dropped?: Readonly<Record<string, string>>
}

const older = '/expenseconfig/v4'
const config = 'expense-expense-config-v4.expense.config'
const lists = 'common-lists-v4.list'
const items = 'common-list-item-v4.list-item'
const localities = 'common-locations-v5.localities'
const report: Query = { reportId: '{reportId}' }
const expense: Query = { ...report, expenseId: '{expenseId}' }

const listNames = {
  ...{ id: 'ID', value: 'Name', searchCriteria: 'SearchCriteriaCode', displayFormat: 'DisplayCodeFirst' },
} as const
const itemNames = { id: 'ID', value: 'Name', parentId: 'ParentID' } as const

const groupNames = {
  ...{ hierarchyNodeId: 'ID', groupName: 'Name' },
  ...{ 'policies.policyId': 'Policies.ID', 'policies.policyName': 'Policies.Name' },
  ...{
    'paymentTypes.paymentTypeId': 'PaymentTypes.Code',
    'paymentTypes.paymentTypeName': 'PaymentTypes.Name',
  },
  ...{ 'attendeeTypes.attendeeTypeCode': 'AttendeeTypes.Code' },
  ...{ 'attendeeTypes.attendeeTypeName': 'AttendeeTypes.Name' },
} as const

const placeNames = { id: 'locationId' } as const

const personNames = {
  ...{ userName: 'LoginID', 'name.givenName': 'FirstName', 'name.familyName': 'LastName' },
  ...{ 'name.middleName': 'MiddleName', 'emails.value': 'PrimaryEmail', 'meta.location': 'URI' },
  ...{ 'phoneNumbers.value': 'CellPhoneNumber' },
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User.employeeNumber': 'EmployeeID',
} as const

const person = (file: string): Reading => ({
  ...{ file, as: 'company', call: '/users/{id}', answers: '/Users/[^/]+' },
  shownAs: personNames,
})

export const readings: readonly Reading[] = [
  {
    ...{ file: 'common-attendees-v4.attendees/3.json', as: 'person', call: '/attendees' },
    ...{ answers: '/v4/attendees', rows: 'Items' },
  },
  ...['1', '2'].map(
    (name): Reading => ({
      ...{ file: `expense-attendee-types-v3.attendee-types/${name}.json`, as: 'v3' },
      ...(name === '1'
        ? { call: '/attendee-types', answers: '/expense/attendeetypes', rows: 'Items' }
        : { call: '/attendee-types/{id}', answers: '/expense/attendeetypes/[^/]+' }),
    }),
  ),
  ...['1', '2'].map(
    (name): Reading => ({
      ...{ file: `expense-allocations-expense-allocations/${name}.json`, as: 'person' },
      ...(name === '1'
        ? { call: '/allocations', answers: '/expense/allocations', rows: 'Items' }
        : { call: '/allocations/{id}', answers: '/expense/allocations/[^/]+' }),
    }),
  ),
  {
    ...{ file: 'common-lists-v3.lists/3.json', as: 'v3', call: '/lists/{id}' },
    answers: '/common/lists/[^/]+',
  },
  ...['1', '8'].map(
    (name): Reading => ({
      ...{ file: `${lists}/${name}.json`, as: 'company', call: '/lists', answers: '/list/v4/lists' },
      ...{ rows: 'content', shownAs: listNames, values: [['(CODE) TEXT', true]] },
    }),
  ),
  ...['7', '11'].map(
    (name): Reading => ({
      ...{ file: `${lists}/${name}.json`, as: 'company', call: '/lists/{id}' },
      ...{ answers: '/list/v4/lists/[^/]+', shownAs: listNames, values: [['(CODE) TEXT', true]] },
    }),
  ),
  {
    ...{ file: `${items}/7.json`, as: 'company', call: '/items/{id}', answers: '/list/v4/items/[^/]+' },
    shownAs: { ...itemNames, shortCode: 'Level1Code' },
  },
  {
    ...{ file: `${items}/8.json`, as: 'company', call: '/items', rows: 'content' },
    query: { where: "parentId = '7c6d0435-c4d1-8b48-8492-7e7b625e148d'" },
    answers: '/list/v4/items/[^/]+/children',
    beside: { '/list/v4/items/[^/]+': `${items}/7.json` },
    shownAs: { ...itemNames, shortCode: 'Level2Code' },
  },
  {
    ...{ file: `${localities}/3.json`, as: 'company', call: '/locations', rows: 'locations' },
    ...{ query: { where: "name = 'Munich'" }, answers: '/localities/v5/locations', shownAs: placeNames },
  },
  {
    ...{ file: `${localities}/4.json`, as: 'company', call: '/locations', wrapped: 'locations' },
    ...{ query: { where: "name = 'Munich'" }, answers: '/localities/v5/locations', shownAs: placeNames },
  },
  {
    ...{ file: `${config}/2.json`, as: 'person', call: '/expense-types' },
    answers: `${older}/users/[^/]+/policies/[^/]+/expensetypes`,
  },
  {
    ...{ file: `${config}/3.json`, as: 'person', call: '/payment-types' },
    answers: `${older}/users/[^/]+/paymenttypes`,
  },
  {
    ...{ file: `${config}/5.json`, as: 'person', call: '/expense-group-configurations' },
    ...{ answers: `${older}/users/[^/]+/groupconfigs`, shownAs: groupNames },
  },
  {
    ...{ file: `${config}/6.json`, as: 'company', call: '/expense-group-configurations' },
    ...{ answers: `${older}/companies/[^/]+/groupconfigs`, shownAs: groupNames },
    beside: { [`${older}/companies/[^/]+/groupconfigs/[^/]+`]: `${config}/5.json` },
  },
  {
    ...{
      file: `expense-expense-report-expense-group-configurations/2.json`,
      as: 'v3',
      call: '/expense-group-configurations/{id}',
    },
    answers: '/expensegroupconfigurations/[^/]+',
  },
  {
    ...{ file: 'expense-expense-report-expense-entry/1.json', as: 'person', call: '/expenses/{id}' },
    answers: '/expense/entries/[^/]+',
  },
  {
    ...{ file: 'expense-expense-report-v3.reports/1.json', as: 'person', call: '/reports' },
    ...{ answers: '/expense/reports', rows: 'Items' },
  },
  {
    ...{ file: 'expense-expense-report-v4.comments/3.json', as: 'company', call: '/report-comments' },
    ...{ query: expense, answers: '/expenses/[^/]+/comments' },
  },
  {
    ...{ file: 'expense-expense-report-v4.exceptions/2.json', as: 'company', call: '/report-exceptions' },
    ...{ query: expense, answers: '/expenses/[^/]+/exceptions' },
  },
  {
    file: 'expense-expense-report-v4.expense-attendee-associations/1.json',
    ...{ as: 'company', call: '/expense-attendees', query: expense, answers: '/expenses/[^/]+/attendees' },
    rows: 'expenseAttendeeList',
  },
  {
    ...{ file: 'common-attendees-v4.attendees/5.json', as: 'person', call: '/attendees' },
    ...{ answers: '/v4/attendees', creates: { attendeeTypeCode: 'BUSGUEST', lastName: 'Heron' } },
  },
  {
    ...{ file: 'expense-quick-expense-v4.quick-expense/1.json', as: 'person', call: '/quick-expenses' },
    ...{ answers: '/quickexpenses', creates: { expenseTypeId: 'TAXIX', transactionDate: '2026-01-02' } },
  },
  {
    ...{ file: 'receipts-endpoints/4.json', as: 'person', call: '/receipts/{id}' },
    answers: '/receipts/v4/image-only-receipts/[^/]+',
  },
  ...['profile-v4.1.identity/2.json', 'profile-v4.1.identity/4.json'].map(person),
  ...['1', '5'].map((name) => person(`profile-v4.identity/${name}.json`)),
]

/** Samples that nothing here reads, by the beginning of their names, with the reason. */
export const notRead: Readonly<Record<string, string>> = {
  'common-ess-': 'Event Subscription: no resource',
  'common-extracts-': 'Extracts: no resource',
  'common-list-item-v1.': 'List v1, XML, which nothing calls',
  'common-list-item-v4.list-item-bulk': 'no bulk writing of items',
  'common-lists-v3.lists/1.json': 'a printed schema with Items as one object, which no reply is',
  'common-locations-v5.localities/2.json': 'countries: no resource',
  'common-locations-v5.localities/6.json': 'subdivisions: no resource',
  'common-locations-v5.localities/8.json': 'administrative regions: no resource',
  'common-maestro-': 'ground transportation: no resource',
  'expense-attendee-types-v1.': 'v1, XML, which nothing calls',
  'expense-attendee-types-v3.attendee-types/3.json': 'the reply of a create, which the element has not',
  'expense-attendees-v': 'v1 to v3, whose ids have no bridge to v4',
  'expense-exchange-rate-': 'exchange rates: no resource',
  'expense-expense-config-v4.expense.config/4.json': 'attendee types of a person: no resource',
  'expense-expense-report-company-card-': 'card charges: no resource',
  'expense-expense-report-expense-form-field': 'v1.1, XML, which nothing calls',
  'expense-expense-report-expense-group-configurations/1.json': 'cut short: its row ends before the ID',
  'expense-expense-report-expense-report-get': 'v2, XML, which nothing calls',
  'expense-expense-report-integration-status': 'integration status: no resource',
  'expense-expense-report-post-report-': 'v1.1, XML, which nothing calls',
  'expense-expense-report-v1dot1.': 'v1.1, XML, which nothing calls',
  'expense-expense-report-v2.': 'v2, which nothing calls',
  'expense-expense-report-v3.expense-entry-attendee': 'v3 associations take ids of v3 attendees',
  'expense-expense-report-v4.allocations': 'allocations come from Allocations v3',
  'expense-expense-report-v4.comments/': 'the reply of a write: the address of the list',
  'expense-expense-report-v4.expense-attendee-associations/2.json': 'the reply of a write: its own address',
  'expense-expense-report-v4.expense-cash-advance-': 'cash advances: no resource',
  'expense-expense-report-v4.expense-tax': 'taxes: no resource',
  'expense-expense-report-v4.expenses': 'expenses come from Entries v3',
  'expense-expense-report-v4.reports': 'reports come from Reports v3',
  'expense-expense-report-v4.request-associations': 'travel requests: no resource',
  'expense-expense-report-v4.workflows': 'cost objects of an approval, and an error of theirs: no resource',
  'expense-quick-expense-v4.quick-expense/2.json': 'the same reply as 1.json, of a create with an image',
  'hist-expense-': 'Quick Expense v1 and v3 are shut down',
  'image-v1.': 'the reply of a write: the row is read back in its place',
  'invoice-v3.purchase-order': 'purchase orders: no resource',
  'invoice-v3.sales-tax-': 'tax validation: no resource',
  'invoice-v4.': 'invoice payments and purchase requests: no resource',
  'profile-v1.': 'Profile v1, which nothing calls',
  'profile-v4.scim': 'SCIM v4, which nothing calls',
  'receipts-sample-': 'receipts that senders write, by a schema; the hub hands them on whole',
  'receipts-v3.': 'Receipts v3, which nothing calls',
  'spend-documents-': 'Spend Documents v4, which nothing calls',
}
