import { Refused } from '../errors.ts'
import type { Ask, Operation, Sandbox } from '../operation.ts'
import { whoseRows } from '../owner.ts'
import { personByLogin } from '../people.ts'
import type { Reply } from '../reply.ts'
import { v3Page } from '../v3-page.ts'
import {
  attendeeForm,
  attendeeTypes,
  cashAdvance,
  type Group,
  groupOfPerson,
  groups,
  paymentTypes,
  typesOfPolicy,
} from './config-data.ts'

/**
 * Expense group configurations v3: the one of a person; of a company's token, and with `user=ALL`, all.
 * Follows: developer.concur.com, Expense Group Configurations v3. Verified: 2026-08
 */
const path = '/api/v3.0/expense/expensegroupconfigurations'

const rowOf = (group: Group, baseUrl: string) => ({
  ID: group.v3Id,
  Name: group.name,
  AllowUserDigitalTaxInvoice: true,
  AllowUserRegisterYodlee: false,
  AttendeeListFormID: attendeeForm.v3Id,
  AttendeeListFormName: attendeeForm.name,
  CashAdvance: {
    AllowUserCarryBalance: true,
    AllowUserLinkMultiple: false,
    AllowUserUpdateExchangeRate: true,
    Name: cashAdvance.name,
    WorkflowID: cashAdvance.v3Id,
  },
  Policies: group.policies.map((policy) => ({
    ID: policy.v3Id,
    Name: policy.name,
    IsDefault: policy.isDefault,
    IsInheritable: true,
    ExpenseTypes: typesOfPolicy(policy)
      .filter(({ parent }) => parent !== null)
      .map(({ code, name, behaviour }) => ({ Code: code, Name: name, ExpenseCode: behaviour })),
  })),
  PaymentTypes: paymentTypes.map(({ v3Id, name, isDefault }) => ({
    ID: v3Id,
    Name: name,
    IsDefault: isDefault,
  })),
  AttendeeTypes: attendeeTypes
    .filter(({ manual }) => manual)
    .map(({ code, name }) => ({ Code: code, Name: name })),
  URI: `${baseUrl}${path}/${encodeURIComponent(group.v3Id)}`,
})

const theirs = (ask: Ask): readonly Group[] => {
  const whose = whoseRows(ask)
  const person = whose.kind === 'person' ? personByLogin(whose.login) : undefined
  return person === undefined ? groups : [groupOfPerson(person)]
}

const xml = {
  root: 'ExpenseGroupConfigurations',
  item: 'ExpenseGroupConfiguration',
  items: {
    Policies: 'Policy',
    ExpenseTypes: 'ExpenseType',
    PaymentTypes: 'PaymentType',
    AttendeeTypes: 'AttendeeType',
  },
}

const list = (_: Sandbox, ask: Ask): Reply =>
  v3Page(ask, theirs(ask), (group) => rowOf(group, ask.baseUrl), xml, [10, 100])

const get = (_: Sandbox, ask: Ask): Reply => {
  const group = theirs(ask).find(({ v3Id }) => v3Id === ask.params['id'])
  if (group === undefined) throw new Refused(404, 'The expense group configuration was not found')
  return { status: 200, body: rowOf(group, ask.baseUrl), xml: { ...xml, root: 'ExpenseGroupConfiguration' } }
}

const shared = {
  family: 'v3',
  access: 'bearer',
  method: 'GET',
  scope: /^CONFIG$/,
  follows: 'Expense Group Configurations v3',
  deprecated: {
    warning: 'Deprecated API: use Expense Config v4, /expenseconfig/v4, instead',
    sunsetAt: Date.UTC(2026, 5, 26),
  },
} as const

export const groupV3Operations: readonly Operation[] = [
  { ...shared, name: 'groups-v3.list', path, run: list },
  { ...shared, name: 'groups-v3.get', path: `${path}/{id}`, run: get },
]
