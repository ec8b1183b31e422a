import type { Resource, VendorPort } from '#src/element/index.ts'
import { paymentTypeIds } from '../lookups.ts'
import { boolean, text } from './fields.ts'
import { byPerson } from './v4-paths.ts'

/** What a person may enter. Source: SAP Concur, Expense Config v4 (spec/concur.md 3.3), compared 2026-08. */
const source = 'SAP Concur, Expense Config v4 (spec/concur.md 3.3), compared 2026-08'
const base = '/expenseconfig/v4/users/{userId}'
const scopesOf = (part: string): readonly string[] => [`expense.config.${part}.restricted.read`, 'CONFIG']

const shared = {
  source,
  keepUnknown: true,
  page: { kind: 'none' },
  filterStyle: { kind: 'parameters' },
  filters: [],
} as const

const whose = byPerson(
  'UUID of the person whose they are; absent: the connected one. A company names a person.',
)

/** Expense policies of a person. */
export const policies: Resource = {
  ...shared,
  name: 'policies',
  changes: { kind: 'listing' },
  title: 'Expense policies',
  key: 'policyId',
  address: whose,
  fields: {
    policyId: text('read', 'Id of the policy, 32 hexadecimal digits.'),
    policyName: text('read', 'Name of the policy.'),
    isDefault: boolean('read', 'Whether new reports of the person get it.'),
    isInheritable: boolean('read', 'Whether groups below inherit it.'),
  },
  verbs: {
    search: { method: 'GET', path: `${base}/policies`, rows: null, scopes: scopesOf('policies') },
    retrieve: { kind: 'listed', why: 'Expense Config v4 has no call for one policy.' },
  },
}

/** Expense types of a policy, those that are headings (`isCategory`) among them. */
export const expenseTypes: Resource = {
  ...shared,
  name: 'expense-types',
  title: 'Expense types',
  key: 'expenseTypeId',
  address: [
    ...whose,
    {
      name: 'policyId',
      description: "Id of the policy, as policies show it; absent: the person's default policy.",
    },
  ],
  fields: {
    expenseTypeId: text('read', 'Code of the expense type, as ExpenseTypeCode of an expense takes it.'),
    expenseTypeName: text('read', 'Name of the expense type.'),
    spendCategoryCode: text('read', 'Code of the spend category.'),
    spendCategoryName: text('read', 'Name of the spend category.'),
    isCategory: boolean('read', 'Whether it is a heading over expense types rather than one of them.'),
    parentExpenseTypeId: text('read', 'Code of the heading above it.'),
    parentName: text('read', 'Name of the heading above it.'),
  },
  verbs: {
    search: {
      method: 'GET',
      path: `${base}/policies/{policyId}/expensetypes`,
      rows: null,
      scopes: scopesOf('expensetypes'),
    },
    retrieve: { kind: 'listed', why: 'Expense Config v4 has no call for one expense type.' },
  },
}

const listPaymentTypes = async (port: VendorPort, given: Readonly<Record<string, string>>) => {
  const userId = await port.place('userId', given, port.principalOf(['user', 'company']))
  const path = `/expenseconfig/v4/users/${encodeURIComponent(userId)}/paymenttypes`
  const { body } = await port.ask({ method: 'GET', path, scopes: scopesOf('paymenttypes') })
  const ids = await paymentTypeIds(port)
  const rows = Array.isArray(body) ? body : [body]
  return rows.map((row) => {
    const id = ids[String(row.paymentTypeName)]
    return id === undefined ? row : { ...row, PaymentTypeID: id }
  })
}

/** Payment types of a person, each with the id that an expense takes. */
export const paymentTypes: Resource = {
  ...shared,
  name: 'payment-types',
  changes: { kind: 'listing' },
  title: 'Payment types',
  key: 'paymentTypeId',
  address: whose,
  fields: {
    paymentTypeId: text('read', 'Code of the payment type, such as CASH.'),
    paymentTypeName: text('read', 'Name of the payment type.'),
    isDefault: boolean('read', 'Whether new expenses get it.'),
    PaymentTypeID: text(
      'read',
      'Id of v3, which PaymentTypeID of an expense takes; absent where SAP Concur gives none any more.',
    ),
  },
  verbs: {
    search: {
      kind: 'coded',
      why: 'Writes of v3 take an id that only Expense Group Configurations v3 gives.',
      method: 'GET',
      path: `${base}/paymenttypes`,
      scopes: scopesOf('paymenttypes'),
      run: async (port, { filters }) => ({ rows: await listPaymentTypes(port, filters), next: null }),
    },
    retrieve: { kind: 'listed', why: 'Expense Config v4 has no call for one payment type.' },
  },
}
