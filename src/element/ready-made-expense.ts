import type { ReadyMade, ReadyMadeField, ReadyMadeKind } from './ready-made.ts'

type Told = Omit<ReadyMadeField, 'path'>

const of =
  (kind: ReadyMadeKind, usualUnit?: string) =>
  (displayName: string, description: string, unit = usualUnit): Told => ({
    ...{ kind, displayName, description },
    ...(unit === undefined ? {} : { unit }),
  })

const text = of('text')
const money = of('money', 'currency')
const number = of('number')
const boolean = of('boolean')
const moment = of('moment', 'ISO 8601, UTC')
const day = of('day', 'calendar day, ISO 8601')

const resource = (
  objectName: string,
  description: string,
  fields: Readonly<Record<string, Told>>,
): ReadyMade => ({
  objectName,
  description,
  fields: Object.entries(fields).map(([path, told]) => ({ path, ...told })),
})

const expenseReport = resource(
  'expense-report',
  'A report of expenses that a person hands in for approval and payment.',
  {
    id: text('Id', 'Id of the report; paths and expenses name it by this.'),
    name: text('Name', 'Name that the owner gave the report.'),
    purpose: text('Purpose', 'What the expenses were for.'),
    comment: text('Comment', 'Comment of the owner; it is written, and read as lastComment.'),
    lastComment: text('Last comment', 'The latest comment on the report.'),
    reportDate: day('Report date', 'Day that the owner gives the report.'),
    currency: text('Currency', 'Currency of every amount of the report.', 'ISO 4217'),
    total: money('Total', 'Sum of all expenses.'),
    claimed: money('Claimed', 'Sum of what is claimed, without private expenses.'),
    approved: money('Approved', 'Sum of what is approved.'),
    personal: money('Personal', 'Sum of the private expenses.'),
    dueToEmployee: money('Due to employee', 'What the owner is owed.'),
    dueToCompanyCard: money('Due to company card', 'What is paid to the card of the company.'),
    country: text('Country', 'Country of the report.', 'ISO 3166-1 alpha-2'),
    'owner.login': text('Owner login', 'Login of the person whose report it is.'),
    'owner.name': text('Owner name', 'Name of that person.'),
    'approver.login': text('Approver login', 'Login of the person whose approval is waited for.'),
    'approver.name': text('Approver name', 'Name of that person.'),
    'approvalStatus.code': text('Approval status', 'Code of the approval status, as the vendor has it.'),
    'approvalStatus.name': text('Approval status name', 'Approval status in words.'),
    'paymentStatus.code': text('Payment status', 'Code of the payment status, as the vendor has it.'),
    'paymentStatus.name': text('Payment status name', 'Payment status in words.'),
    wasSentBack: boolean('Was sent back', 'Whether an approver ever sent it back.'),
    hasExceptions: boolean('Has exceptions', 'Whether an exception is noted on it.'),
    policyId: text('Policy id', 'Id of the policy that it falls under.'),
    createdAt: moment('Created', 'When it was created.'),
    submittedAt: moment('Submitted', 'When it was last submitted; absent before.'),
    paidAt: moment('Paid', 'When it was sent for payment; absent before.'),
    updatedAt: moment('Updated', 'When it last changed.'),
  },
)

const expense = resource('expense', 'One expense of a report.', {
  id: text('Id', 'Id of the expense.'),
  reportId: text('Report id', 'Id of the expense-report that it is on.'),
  ownerLogin: text('Owner login', 'Login of the owner of the report.'),
  'type.code': text('Type', 'Code of the expense type.'),
  'type.name': text('Type name', 'Expense type in words.'),
  'category.code': text('Category', 'Code of the spend category.'),
  'category.name': text('Category name', 'Spend category in words.'),
  'paymentType.id': text('Payment type id', 'Id of the way in which it was paid.'),
  'paymentType.name': text('Payment type', 'Way in which it was paid, in words.'),
  date: day('Date', 'Day of the expense.'),
  amount: money('Amount', 'What was paid.'),
  currency: text('Currency', 'Currency in which it was paid.', 'ISO 4217'),
  exchangeRate: number('Exchange rate', 'Units of the currency of the report for one of currency.', 'factor'),
  posted: money('Posted', 'What it comes to in the report.', 'currency of the report'),
  approved: money('Approved', 'What of it is approved.', 'currency of the report'),
  merchant: text('Merchant', 'Who was paid.'),
  'location.id': text('Location id', 'Id of the place.'),
  'location.name': text('Location', 'Name of the place.'),
  'location.country': text('Country', 'Country of the place.', 'ISO 3166-1 alpha-2'),
  description: text('Description', 'Description of the expense.'),
  comment: text('Comment', 'Comment of the owner; it is written.'),
  isPersonal: boolean('Is personal', 'Whether it is a private expense, which is not paid back.'),
  isBillable: boolean('Is billable', 'Whether it is charged on to a customer.'),
  hasReceipt: boolean('Has receipt', 'Whether it has an image of the receipt.'),
  hasAttendees: boolean('Has attendees', 'Whether it has attendees.'),
  hasItemizations: boolean('Has itemizations', 'Whether it is split into parts.'),
  hasExceptions: boolean('Has exceptions', 'Whether exceptions are noted on it.'),
  updatedAt: moment('Updated', 'When it last changed.'),
})

const attendee = resource('attendee', 'A person whom an expense was for.', {
  id: text('Id', 'Id of the attendee.'),
  externalId: text('External id', 'Id in the system that the attendee comes from.'),
  typeCode: text('Type', 'Code of the attendee type.'),
  firstName: text('First name', 'Given name.'),
  middleInitial: text('Middle initial', 'First letter of the middle name.'),
  lastName: text('Last name', 'Family name.'),
  title: text('Title', 'Title of the attendee.'),
  company: text('Company', 'Company of the attendee.'),
  spentThisYear: money('Spent this year', 'What was spent on the attendee in this year.'),
  spentLastYear: money('Spent last year', 'What was spent on the attendee in the year before.'),
  currency: text('Currency', 'Currency of both sums.', 'ISO 4217'),
  'owner.id': text('Owner id', 'Id of the employee whose attendee it is.'),
  'owner.name': text('Owner name', 'Name of that employee.'),
})

const employee = resource('employee', 'A person of the company.', {
  id: text('Id', 'Id of the person.'),
  login: text('Login', 'Login of the person.'),
  number: text('Employee number', 'Number of the employee in the company.'),
  firstName: text('First name', 'Given name.'),
  middleName: text('Middle name', 'Middle name.'),
  lastName: text('Last name', 'Family name.'),
  email: text('E-mail', 'Address of e-mail at work.'),
  mobilePhone: text('Mobile telephone', 'Number of the mobile telephone.'),
  isActive: boolean('Is active', 'Whether the person may sign in.'),
})

const listItem = resource('list-item', 'An item of a list that people choose from.', {
  id: text('Id', 'Id of the item.'),
  listId: text('List id', 'Id of the list that it is in.'),
  parentId: text('Parent id', 'Id of the item right above; absent on the first level.'),
  name: text('Name', 'Name of the item.'),
  code: text('Code', 'Codes of all levels down to the item, joined by hyphens.'),
  ownCode: text('Own code', 'Code of the item alone; it is written.'),
  level: number('Level', 'Level of the item, from 1.', 'levels'),
  isDeleted: boolean('Is deleted', 'Whether it was deleted.'),
})

const invoice = resource('invoice', 'An invoice that is to be paid.', {
  id: text('Id', 'Id of the invoice in the list of invoices.'),
  requestId: text('Request id', 'Id of the request to pay it.'),
  number: text('Number', 'Number that the vendor gave the invoice.'),
  purchaseOrder: text('Purchase order', 'Number of the purchase order.'),
  vendorName: text('Vendor', 'Who is to be paid.'),
  total: money('Total', 'Amount of the invoice.'),
  currency: text('Currency', 'Currency of the amount.', 'ISO 4217'),
  approvalStatus: text('Approval status', 'Code of the approval status, as the vendor has it.'),
  paymentStatus: text('Payment status', 'Code of the payment status, as the vendor has it.'),
  paymentMethod: text('Payment method', 'How it is paid.'),
  'owner.login': text('Owner login', 'Login of the person whom the request belongs to.'),
  'owner.name': text('Owner name', 'Name of that person.'),
  date: day('Date', 'Day that a person gave it.'),
  createdAt: moment('Created', 'When it was created.'),
  paidAt: moment('Paid', 'When it was paid; absent before.'),
  updatedAt: moment('Updated', 'When it last changed.'),
})

/** What an expense hub consists of, whichever vendor stands behind it. */
export const readyMadeExpense: readonly ReadyMade[] = [
  expenseReport,
  expense,
  attendee,
  employee,
  listItem,
  invoice,
]
