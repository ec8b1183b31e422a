import { childrenPage } from '../entry-children.ts'
import { Refused } from '../errors.ts'
import type { Ask, Operation, Sandbox } from '../operation.ts'
import { isTheirs, whoseRow } from '../owner.ts'
import { textParam } from '../params.ts'
import { jsonObject } from '../read-body.ts'
import type { CustomField, Entry, Report } from '../records.ts'
import type { Reply } from '../reply.ts'
import { customNames } from '../report-row.ts'
import { entriesOf, findEntry } from '../store.ts'
import type { Body } from '../write-fields.ts'
import { type Allocation, allocatedEntryId, allocationsOf, changeAllocation } from './allocation-data.ts'
import { customData, placeOf, readCustomData } from './custom-data.ts'
import { entryIdOf } from './itemization-data.ts'
import { byPerson, expenseOf, longPath } from './report-in-path.ts'

/**
 * Allocations: v3 reads; v4 reads and changes their custom fields.
 * Follows: developer.concur.com, Allocations v3 and v4. Verified: 2026-08
 */
const path = '/api/v3.0/expense/allocations'
const slots = customNames(20)
const accountCode = '6100'

/** v3 adds the field's label and its place on the form. */
const v3Field = (field: CustomField | null, at: number) =>
  field === null
    ? null
    : { ...field, Label: at === 0 ? 'Department' : `Custom ${String(at + 1)}`, Sequence: at + 1 }

const v3Row = (allocation: Allocation, baseUrl: string) => ({
  EntryID: allocation.entry.id,
  Percentage: '100.00000000',
  IsPercentEdited: false,
  IsHidden: true,
  AccountCode1: accountCode,
  AccountCode2: null,
  ...Object.fromEntries(slots.map((name, at) => [name, v3Field(allocation.fields[name] ?? null, at)])),
  ID: allocation.id,
  URI: `${baseUrl}${path}/${encodeURIComponent(allocation.id)}`,
})

const list = (sandbox: Sandbox, ask: Ask): Promise<Reply> => {
  const part = textParam(ask.query, 'itemizationID')
  const entryId =
    textParam(ask.query, 'entryID') ?? (part === undefined ? undefined : (entryIdOf(part) ?? ''))
  return childrenPage<Allocation>(
    sandbox,
    ask,
    {
      of: (entry) => allocationsOf(sandbox, entry),
      matches: (allocation) => part === undefined || allocation.itemizationId === part,
      write: (allocation) => v3Row(allocation, ask.baseUrl),
      xml: { root: 'Allocations', item: 'Allocation' },
    },
    entryId,
  )
}

const get = (sandbox: Sandbox, ask: Ask): Reply => {
  const whose = whoseRow(ask)
  const id = ask.params['id'] ?? ''
  const entry = findEntry(sandbox, allocatedEntryId(id) ?? '')
  const one = entry === undefined ? undefined : allocationsOf(sandbox, entry).find((each) => each.id === id)
  if (one === undefined || !isTheirs(whose, one.entry.ownerLogin)) {
    throw new Refused(404, 'The allocation was not found; for another person’s send user=LOGIN')
  }
  return { status: 200, body: v3Row(one, ask.baseUrl), xml: { root: 'Allocation' } }
}

const v4Row = (sandbox: Sandbox, ask: Ask, report: Report, allocation: Allocation) => {
  const money = { value: allocation.amount, currencyCode: report.currency }
  return {
    customData: customData(sandbox, ask.dataCentre, allocation.fields, ask.baseUrl),
    allocationId: allocation.v4Id,
    accountCode,
    overLimitAccountCode: null,
    allocationAmount: money,
    approvedAmount: allocation.entry.personal ? { ...money, value: 0 } : money,
    claimedAmount: allocation.entry.personal ? { ...money, value: 0 } : money,
    expenseId: allocation.expenseId,
    isSystemAllocation: true,
    isPercentEdited: false,
    percentage: 100,
  }
}

const finder = byPerson('TRAVELER', 'PROXY', 'MANAGER', 'PROCESSOR')

const ofExpense = (sandbox: Sandbox, ask: Ask): Reply => {
  const report = finder(sandbox, ask)
  const entry: Entry = expenseOf(sandbox, ask, report)
  return { status: 200, body: allocationsOf(sandbox, entry).map((each) => v4Row(sandbox, ask, report, each)) }
}

const inPath = (sandbox: Sandbox, ask: Ask, report: Report): Allocation => {
  const id = ask.params['allocationId']?.toUpperCase()
  const all = entriesOf(sandbox, report).flatMap((entry) => allocationsOf(sandbox, entry))
  const one = all.find((each) => each.v4Id === id)
  if (one === undefined) throw new Refused(404, 'The allocation was not found on this report')
  return one
}

const getOne = (sandbox: Sandbox, ask: Ask): Reply => {
  const report = finder(sandbox, ask)
  return { status: 200, body: v4Row(sandbox, ask, report, inPath(sandbox, ask, report)) }
}

const patch = (sandbox: Sandbox, ask: Ask): Reply => {
  const one = inPath(sandbox, ask, byPerson('TRAVELER', 'PROXY')(sandbox, ask))
  const body = jsonObject(ask.headers['content-type'], ask.body)
  const ids = body['expenseIds']
  if (!Array.isArray(ids) || !ids.includes(one.expenseId)) {
    throw new Refused(400, 'expenseIds: must hold the expense of the allocation')
  }
  const inner = body['allocation']
  if (typeof inner !== 'object' || inner === null) throw new Refused(400, 'allocation is required')
  const place = placeOf(sandbox, ask, one.fields)
  changeAllocation(sandbox, one, { ...one.fields, ...readCustomData(inner as Body, slots, place) })
  return { status: 204 }
}

const v3 = {
  family: 'v3',
  access: 'bearer',
  method: 'GET',
  scope: /^EXPRPT$/,
  follows: 'Allocations v3',
} as const
const v4 = { family: 'v4', access: 'bearer', follows: 'Allocations v4' } as const
const scope = /^(?:expense\.report\.(?:read|readwrite)|EXPRPT)$/
const onePath = `${longPath}/reports/{reportId}/allocations/{allocationId}`

export const allocationOperations: readonly Operation[] = [
  { ...v3, name: 'allocations-v3.list', path, run: list },
  { ...v3, name: 'allocations-v3.get', path: `${path}/{id}`, run: get },
  {
    ...{ ...v4, name: 'allocations.list', method: 'GET', scope, run: ofExpense },
    path: `${longPath}/reports/{reportId}/expenses/{expenseId}/allocations`,
  },
  { ...v4, name: 'allocations.get', method: 'GET', path: onePath, scope, run: getOne },
  {
    ...{ ...v4, name: 'allocations.update', method: 'PATCH', path: onePath, run: patch },
    scope: /^(?:expense\.report\.readwrite|EXPRPT)$/,
  },
]
