import {
  type Given,
  isRecord,
  type Json,
  type JsonObject,
  type PortPage,
  type PortRequest,
  type Resource,
  type Shows,
  type VendorPort,
} from '#src/element/index.ts'
import { ifStillThere, inParallel, paymentTypeIds, rowsIn, textOf } from '../lookups.ts'
import { userIdOfLogin } from '../places.ts'
import { boolean, object, text } from './fields.ts'
import { byPerson, companyFirst } from './v4-paths.ts'

/**
 * Expense groups, with the field names of Expense Group Configurations v3, on Expense Config v4.
 * Field table: spec/concur.md 8.2.
 */
const v4 = '/expenseconfig/v4'
const old = '/api/v3.0/expense/expensegroupconfigurations'
const scopes = ['expense.config.groups.restricted.read', 'CONFIG'] as const
const typeScopes = ['expense.config.expensetypes.restricted.read', 'CONFIG'] as const
const allParts = { applicableConfigs: 'attendeeTypes,paymentTypes,policies' } as const
const minutes = 600
const daySeconds = 86_400
/** People who are looked at to find one in each group: expense types are told to a person only. */
const mostPeople = 48
const mostAtOnce = 4

const listOf = (body: Json | undefined): readonly JsonObject[] =>
  (Array.isArray(body) ? body : [body]).filter(isRecord)

const ask = async (port: VendorPort, path: string, more: Pick<PortRequest, 'query' | 'scopes'> = {}) =>
  port.remember(`config/${path}/${JSON.stringify(more.query)}`, minutes, async () => {
    const { body } = await port.ask({ method: 'GET', path, principals: companyFirst, scopes, ...more })
    return body ?? null
  })

const groupOf = async (port: VendorPort, userId: string): Promise<JsonObject | undefined> =>
  listOf(await ask(port, `${v4}/users/${encodeURIComponent(userId)}/groupconfigs`))[0]

/** A person by each policy that is theirs. */
type Members = Readonly<Record<string, string>>

const policiesOf = (group: JsonObject | undefined): readonly string[] =>
  rowsIn(group, 'policies').flatMap((policy) => textOf(policy, 'policyId') ?? [])

/** Looks at the first people of the company, until each group is seen. */
const membersOf = (port: VendorPort, groups: number): Promise<Members> =>
  port.remember(`policy-members/${groups}`, daySeconds, async () => {
    const { body } = await port.ask({
      method: 'GET',
      path: '/profile/identity/v4.1/Users',
      query: { count: String(mostPeople) },
      principals: companyFirst,
      scopes: ['identity.user.core.read', 'identity.user.ids.read'],
    })
    const ids = rowsIn(body, 'Resources').flatMap((person) => textOf(person, 'id') ?? [])
    const members: Record<string, string> = {}
    const seen = new Set<string>()
    for (let from = 0; from < ids.length && seen.size < groups; from += mostAtOnce) {
      const found = await inParallel(ids.slice(from, from + mostAtOnce), async (id) => ({
        id,
        group: await ifStillThere(() => groupOf(port, id)),
      }))
      for (const { id, group } of found) {
        const node = textOf(group, 'hierarchyNodeId')
        if (node !== undefined) seen.add(node)
        for (const policy of policiesOf(group)) members[policy] ??= id
      }
    }
    return members
  })

/** The types of a policy; undefined: its person may not see them. */
const typesOf = async (
  port: VendorPort,
  userId: string,
  policyId: string,
): Promise<readonly JsonObject[] | undefined> => {
  const path = `${v4}/users/${encodeURIComponent(userId)}/policies/${encodeURIComponent(policyId)}/expensetypes`
  const body = await ifStillThere(() => ask(port, path, { scopes: typeScopes }))
  if (body === undefined) return undefined
  return listOf(body)
    .filter(({ isCategory }) => isCategory !== true)
    .map((row) => ({ Code: row.expenseTypeId ?? null, Name: row.expenseTypeName ?? null }))
}

const policyRow = async (port: VendorPort, policy: JsonObject, members: Members) => {
  const policyId = textOf(policy, 'policyId') ?? ''
  const userId = members[policyId]
  const types = userId === undefined ? undefined : await typesOf(port, userId, policyId)
  return {
    ID: policyId,
    Name: policy.policyName ?? null,
    IsDefault: policy.isDefault ?? null,
    IsInheritable: policy.isInheritable ?? null,
    ...(types === undefined ? {} : { ExpenseTypes: types }),
  }
}

const advanceRow = (advance: Json | undefined): Json =>
  isRecord(advance)
    ? {
        Name: advance.name ?? null,
        WorkflowID: advance.workflowId ?? null,
        AllowUserCarryBalance: advance.allowUserCarryBalance ?? null,
        AllowUserLinkMultiple: advance.allowUserLinkMultiple ?? null,
        AllowUserUpdateExchangeRate: advance.allowUserUpdateExchangeRate ?? null,
      }
    : null

const paymentRows = async (port: VendorPort, group: JsonObject): Promise<readonly JsonObject[]> => {
  const ids = await paymentTypeIds(port)
  return rowsIn(group, 'paymentTypes').map((type) => ({
    ID: ids[String(type.paymentTypeName)] ?? type.paymentTypeId ?? null,
    Name: type.paymentTypeName ?? null,
    IsDefault: type.isDefault ?? null,
    Code: type.paymentTypeId ?? null,
  }))
}

/** What is shown of a group, and who is asked for its expense types. */
interface Seen {
  readonly shows: Shows
  readonly members: (group: JsonObject) => Promise<Members>
}

/** A group of v4 with the field names of v3. */
const groupRow = async (
  port: VendorPort,
  group: JsonObject,
  { shows, members }: Seen,
): Promise<JsonObject> => {
  const people = shows('Policies') ? await members(group) : {}
  return {
    ID: group.hierarchyNodeId ?? null,
    Name: group.groupName ?? null,
    AllowUserDigitalTaxInvoice: group.allowUserDigitalTaxInvoice ?? null,
    AllowUserRegisterYodlee: group.allowUserRegisterYodlee ?? null,
    AttendeeListFormID: group.attendeeListFormId ?? null,
    AttendeeListFormName: group.attendeeListFormName ?? null,
    CashAdvance: advanceRow(group.cashAdvance),
    Policies: await inParallel(rowsIn(group, 'policies'), (policy) => policyRow(port, policy, people)),
    PaymentTypes: shows('PaymentTypes') ? await paymentRows(port, group) : [],
    AttendeeTypes: rowsIn(group, 'attendeeTypes').map((type) => ({
      Code: type.attendeeTypeCode ?? null,
      Name: type.attendeeTypeName ?? null,
    })),
  }
}

const ofPerson = (shows: Shows, userId: string): Seen => ({
  shows,
  members: async (group) => Object.fromEntries(policiesOf(group).map((policy) => [policy, userId])),
})

const ofCompany = (port: VendorPort, shows: Shows, groups: number): Seen => ({
  shows,
  members: () => membersOf(port, groups),
})

const companyPath = async (port: VendorPort): Promise<string> =>
  `${v4}/companies/${encodeURIComponent(await port.place('companyId', {}, 'company'))}/groupconfigs`

const companyRow = async (port: VendorPort, id: string, seen: Seen): Promise<JsonObject | undefined> => {
  const path = `${await companyPath(port)}/${encodeURIComponent(id)}`
  const [group] = listOf(await ask(port, path, { query: allParts }))
  return group === undefined ? undefined : groupRow(port, group, seen)
}

/** The person whose group is meant; undefined: all groups of the company. */
const personIn = async (port: VendorPort, given: Given): Promise<string | undefined> => {
  if (given.userId !== undefined) return given.userId
  if (given.user !== undefined) return userIdOfLogin(port, given.user)
  return port.principalOf(companyFirst) === 'company' ? undefined : port.place('userId', given, 'user')
}

const idsOfCompany = async (port: VendorPort): Promise<readonly string[]> =>
  listOf(await ask(port, await companyPath(port))).flatMap((group) => textOf(group, 'hierarchyNodeId') ?? [])

const list = async (
  port: VendorPort,
  given: Given,
  cursor: string | null,
  limit: number,
  shows: Shows,
): Promise<PortPage> => {
  const userId = await personIn(port, given)
  if (userId !== undefined) {
    const group = await groupOf(port, userId)
    return {
      rows: group === undefined ? [] : [await groupRow(port, group, ofPerson(shows, userId))],
      next: null,
    }
  }
  const ids = await idsOfCompany(port)
  const from = Number(cursor ?? 0)
  const seen = ofCompany(port, shows, ids.length)
  const rows: JsonObject[] = []
  for (const id of ids.slice(from, from + limit)) {
    const row = await companyRow(port, id, seen)
    if (row !== undefined) rows.push(row)
  }
  return { rows, next: from + limit < ids.length ? String(from + limit) : null }
}

const one = async (
  port: VendorPort,
  id: string,
  given: Given,
  shows: Shows,
): Promise<JsonObject | undefined> => {
  const userId = await personIn(port, given)
  if (userId === undefined)
    return companyRow(port, id, ofCompany(port, shows, (await idsOfCompany(port)).length))
  const group = await groupOf(port, userId)
  return group !== undefined && textOf(group, 'hierarchyNodeId') === id
    ? groupRow(port, group, ofPerson(shows, userId))
    : undefined
}

const base = {
  name: 'expense-group-configurations',
  changes: { kind: 'listing' },
  title: 'Expense group configurations',
  key: 'ID',
  keepUnknown: true,
  filterStyle: { kind: 'parameters' },
  filters: [],
  fields: {
    ID: text('read', 'Id of the group.'),
    Name: text('read', 'Name of the group.'),
    AllowUserDigitalTaxInvoice: boolean('read', 'Whether its people may use digital tax invoices.'),
    AllowUserRegisterYodlee: boolean('read', 'Whether its people may register cards of their own.'),
    AttendeeListFormID: text('read', 'Id of the form that lists attendees.'),
    AttendeeListFormName: text('read', 'Name of that form.'),
    CashAdvance: object(
      'read',
      'Cash advances: {Name, WorkflowID, AllowUserCarryBalance, AllowUserLinkMultiple, AllowUserUpdateExchangeRate}.',
    ),
    Policies: object(
      'read',
      'Array: its policies, {ID, Name, IsDefault, IsInheritable, ExpenseTypes: [{Code, Name}]}.',
    ),
    PaymentTypes: object(
      'read',
      'Array: its payment types, {ID, Name, IsDefault}; ID is what PaymentTypeID of an expense takes, and, where SAP Concur gives no such id any more, the code of v4, which stands beside it as Code.',
    ),
    AttendeeTypes: object('read', 'Array: its attendee types, {Code, Name}.'),
  },
} as const

/** On Expense Group Configurations v3, deprecated 2025-06-26. */
const older: Resource = {
  ...base,
  source: 'SAP Concur, Expense Group Configurations v3 (spec/concur.md 3.3), compared 2026-08',
  fields: { ...base.fields, URI: text('read', 'Address of the group at SAP Concur.') },
  verbs: {
    search: { method: 'GET', path: old, rows: 'Items', scopes: ['CONFIG'] },
    retrieve: { method: 'GET', path: `${old}/{id}`, scopes: ['CONFIG'] },
  },
  page: { kind: 'next-url', next: 'NextPage', cursorParam: 'offset', sizeParam: 'limit', maxSize: 100 },
  filters: [
    {
      param: 'user',
      means: 'equals',
      type: 'text',
      description: 'Login of the person whose group is meant; ALL: all groups.',
    },
  ],
}

const calls = {
  kind: 'coded',
  why: 'One group of v3 is put together from several calls of v4.',
  method: 'GET',
  path: `${v4}/companies/{companyId}/groupconfigs`,
  principals: companyFirst,
  scopes,
} as const

export const groupConfigurations: Resource = {
  ...base,
  source: 'SAP Concur, Expense Config v4 (spec/concur.md 3.3 and 8.2), compared 2026-08',
  address: byPerson('UUID of the person whose group is meant; absent: all of a company, a person’s own.'),
  verbs: {
    search: {
      ...calls,
      run: (port, { filters, cursor, limit, shows }) => list(port, filters, cursor, limit, shows),
    },
    retrieve: { ...calls, run: (port, { id, given, shows }) => one(port, id, given, shows) },
  },
  page: { kind: 'coded', maxSize: 10 },
  generations: { v3: older },
}
