import { companyIds } from '../data-centres.ts'
import { Refused } from '../errors.ts'
import type { Ask, Operation, Sandbox } from '../operation.ts'
import { companyOf } from '../owner.ts'
import { textParam } from '../params.ts'
import { checkCompanyOrAdmin } from '../principals.ts'
import type { Reply } from '../reply.ts'
import { personInPath } from '../v4-person.ts'
import {
  attendeeForm,
  attendeeTypes,
  type ConfiguredType,
  cashAdvance,
  type Group,
  groupOfPerson,
  groups,
  headingName,
  type Policy,
  paymentTypes,
  typesOfPolicy,
} from './config-data.ts'

/** Expense Config v4. Follows: developer.concur.com, Expense Config v4. Verified: 2026-08 */
const path = '/expenseconfig/v4/users/{userId}'
const companyPath = '/expenseconfig/v4/companies/{companyId}/groupconfigs'

const policyRow = (policy: Policy) => ({
  policyId: policy.id,
  policyName: policy.name,
  isDefault: policy.isDefault,
  isInheritable: true,
})

const typeRow = ({ code, name, spend, parent }: ConfiguredType) => ({
  expenseTypeId: code,
  expenseTypeName: name,
  spendCategoryCode: spend[0],
  spendCategoryName: spend[1],
  isCategory: parent === null,
  ...(parent === null ? {} : { parentExpenseTypeId: parent, parentName: headingName(parent) }),
})

const paymentRows = () =>
  paymentTypes.map(({ code, name, isDefault }) => ({ paymentTypeId: code, paymentTypeName: name, isDefault }))

const attendeeRows = () =>
  attendeeTypes
    .filter(({ manual }) => manual)
    .map(({ code, name }) => ({ attendeeTypeCode: code, attendeeTypeName: name }))

const groupRow = (group: Group) => ({
  hierarchyNodeId: group.id,
  groupName: group.name,
  allowUserDigitalTaxInvoice: true,
  allowUserRegisterYodlee: false,
  attendeeListFormId: attendeeForm.id,
  attendeeListFormName: attendeeForm.name,
  cashAdvance: {
    allowUserCarryBalance: true,
    allowUserLinkMultiple: false,
    allowUserUpdateExchangeRate: true,
    name: cashAdvance.name,
    workflowId: cashAdvance.id,
  },
})

const applicable = (group: Group): Readonly<Record<string, () => readonly unknown[]>> => ({
  policies: () => group.policies.map(policyRow),
  paymentTypes: paymentRows,
  attendeeTypes: attendeeRows,
})

const withLists = (group: Group, names: readonly string[]) => ({
  ...groupRow(group),
  ...Object.fromEntries(names.map((name) => [name, applicable(group)[name]?.() ?? []])),
})

const everyList = ['policies', 'paymentTypes', 'attendeeTypes']

const ofPerson =
  (write: (group: Group, ask: Ask) => unknown) =>
  (_: Sandbox, ask: Ask): Reply => ({ status: 200, body: write(groupOfPerson(personInPath(ask)), ask) })

const typesOf = (group: Group, ask: Ask): readonly unknown[] => {
  const id = ask.params['policyId']?.toUpperCase()
  const policy = group.policies.find((each) => each.id === id)
  if (policy === undefined) throw new Refused(404, 'The policy is not one of the user’s')
  return typesOfPolicy(policy).map(typeRow)
}

const checkCompany = (sandbox: Sandbox, ask: Ask): void => {
  checkCompanyOrAdmin(sandbox, ask)
  if (ask.params['companyId']?.toLowerCase() !== companyIds[companyOf(ask)]) {
    throw new Refused(403, 'Forbidden: the access token is of another company')
  }
}

/** All groups, as a list, without policies and types; the page's example shows one group alone. */
const companyGroups = (sandbox: Sandbox, ask: Ask): Reply => {
  checkCompany(sandbox, ask)
  const one = sandbox.faults.strike('one-group', ask.operation) !== undefined
  const rows = groups.map(groupRow)
  return { status: 200, body: one ? rows[0] : rows }
}

const companyGroup = (sandbox: Sandbox, ask: Ask): Reply => {
  checkCompany(sandbox, ask)
  const id = ask.params['nodeId']?.toUpperCase()
  const group = groups.find((each) => each.id === id)
  if (group === undefined) throw new Refused(404, 'The group was not found')
  const wanted = (textParam(ask.query, 'applicableConfigs') ?? '').split(',').filter((name) => name !== '')
  const unknown = wanted.find((name) => !everyList.includes(name))
  if (unknown !== undefined) throw new Refused(400, `applicableConfigs: some of ${everyList.join(', ')}`)
  return { status: 200, body: withLists(group, wanted) }
}

const scopeOf = (part: string): RegExp =>
  new RegExp(`^(?:expense\\.config\\.${part}\\.restricted\\.read|CONFIG)$`)
const shared = { family: 'v4', access: 'bearer', method: 'GET', follows: 'Expense Config v4' } as const

export const configOperations: readonly Operation[] = [
  {
    ...{ ...shared, name: 'config.policies', path: `${path}/policies`, scope: scopeOf('policies') },
    run: ofPerson((group) => group.policies.map(policyRow)),
  },
  {
    ...{ ...shared, name: 'config.expense-types', scope: scopeOf('expensetypes') },
    ...{ path: `${path}/policies/{policyId}/expensetypes`, run: ofPerson(typesOf) },
  },
  {
    ...{
      ...shared,
      name: 'config.payment-types',
      path: `${path}/paymenttypes`,
      scope: scopeOf('paymenttypes'),
    },
    run: ofPerson(paymentRows),
  },
  {
    ...{ ...shared, name: 'config.attendee-types', scope: scopeOf('attendeetypes') },
    ...{ path: `${path}/attendeetypes`, run: ofPerson(attendeeRows) },
  },
  {
    ...{ ...shared, name: 'config.group', path: `${path}/groupconfigs`, scope: scopeOf('groups') },
    run: ofPerson((group) => withLists(group, everyList)),
  },
  {
    ...{ ...shared, name: 'config.company-groups', path: companyPath, scope: scopeOf('groups') },
    run: companyGroups,
  },
  {
    ...{ ...shared, name: 'config.company-group', path: `${companyPath}/{nodeId}`, scope: scopeOf('groups') },
    run: companyGroup,
  },
]
