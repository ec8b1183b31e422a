import {
  badInput,
  type Given,
  isRecord,
  type JsonObject,
  joinKey,
  type Resource,
  type VendorPort,
} from '#src/element/index.ts'
import { toV4ExpenseId } from '../expense-ids.ts'
import { boolean, required, text } from './fields.ts'
import { ofExpense, ofReport, ofUser, reading, reportAddress, writing } from './v4-paths.ts'

/**
 * Exceptions of a report, of one of its expenses, or of an allocation of an expense. Writing is a company's call.
 * Source: SAP Concur, Exceptions v4 (spec/concur.md 3.1), compared 2026-08.
 */
const path = '/expensereports/v4/users/{userId}/context/TRAVELER/reports/{reportId}/exceptions'

const below = ({ expenseId, allocationId }: Given): string => {
  if ((expenseId ?? '') === '' && (allocationId ?? '') !== '') {
    throw badInput('expenseId: name the expense of the allocation, as query parameter or in where.')
  }
  const expense =
    expenseId === undefined || expenseId === '' ? '' : `/expenses/${encodeURIComponent(expenseId)}`
  const allocation =
    allocationId === undefined || allocationId === ''
      ? ''
      : `/allocations/${encodeURIComponent(allocationId)}`
  return `${expense}${allocation}/exceptions`
}

const companyAddress = ({ reportId = '' }: Given, rest: string): string =>
  `/expensereports/v4/reports/${encodeURIComponent(reportId)}${rest}`

const ofV4 = /^[0-9a-f]{32}$/i

/** @throws AppError `bad-request` on an id of Allocations v3: no call leads from it to one of v4. */
const toAllocationId = (_port: VendorPort, id: string): string => {
  if (id === '' || ofV4.test(id)) return id
  throw badInput(
    `allocationId: '${id.slice(0, 100)}' is no id of an allocation of v4 (32 hexadecimal digits). SAP Concur documents no way from an id of v3 to one of v4.`,
  )
}

/** Each of the three addresses documents another parameter, that of an allocation none. */
const queryFor = ({ expenseId = '', allocationId = '', excludeExpenses, excludeItemizations }: Given) => {
  if (expenseId === '') return { excludeExpenses }
  return allocationId === '' ? { excludeItemizations } : {}
}

const list = async (port: VendorPort, given: Given): Promise<readonly JsonObject[]> => {
  const { body } = await port.ask({
    ...reading,
    method: 'GET',
    path: await reportAddress(port, given, below(given)),
    query: queryFor(given),
  })
  return Array.isArray(body) ? body.filter(isRecord) : []
}

const put = async (port: VendorPort, given: Given, body: JsonObject): Promise<string> => {
  const { exceptionCode, exceptionVisibility } = body
  await port.ask({
    ...writing,
    method: 'PUT',
    path: companyAddress(given, below(given)),
    body: { exceptionCode: exceptionCode ?? null, exceptionVisibility: exceptionVisibility ?? null },
  })
  return joinKey([exceptionCode, given.expenseId, given.allocationId].map((part) => String(part ?? '')))
}

const all = ['search', 'retrieve', 'create', 'update', 'remove'] as const
const calls = {
  kind: 'coded',
  why: 'Reports, expenses and allocations have their own addresses, which the id of an exception names.',
  path,
} as const

export const reportExceptions: Resource = {
  name: 'report-exceptions',
  title: 'Exceptions of a report, its expenses and allocations',
  key: 'id',
  keyOf: ['exceptionCode', 'expenseId', 'allocationId'],
  keepUnknown: true,
  source: 'SAP Concur, Exceptions v4 (spec/concur.md 3.1), compared 2026-08',
  address: [
    ofReport([...all]),
    ofExpense([], ' Absent: the exceptions of the whole report.'),
    {
      name: 'allocationId',
      description:
        'Id of v4 of an allocation of the expense, as rows show it; the ID of allocations is one of v3.',
    },
    ...ofUser,
  ],
  translate: { expenseId: toV4ExpenseId, allocationId: toAllocationId },
  fields: {
    id: text('read', 'exceptionCode, expenseId and allocationId, joined by ~.'),
    exceptionCode: required(text('once', 'Code of the exception, at most 8 characters.')),
    exceptionVisibility: required(text('write', 'Who sees it: ALL, APPROVER_PROCESSOR or PROCESSOR.')),
    isBlocking: boolean('read', 'Whether it keeps the report from being submitted.'),
    message: text('read', 'What is wrong, in words.'),
    expenseId: text('read', 'ExpenseID of the expense that it is about; null: the report.'),
    allocationId: text('read', 'Id of the allocation that it is about.'),
    parentExpenseId: text('read', 'ExpenseID of the expense that an itemization is a part of.'),
  },
  verbs: {
    search: {
      ...calls,
      method: 'GET',
      ...reading,
      run: async (port, { filters }) => ({ rows: await list(port, filters), next: null }),
    },
    retrieve: { kind: 'listed', why: 'Exceptions v4 has no call for one exception.' },
    create: {
      ...calls,
      method: 'PUT',
      ...writing,
      run: (port, { body, given }) => put(port, given, body),
    },
    update: {
      ...calls,
      method: 'PUT',
      ...writing,
      run: async (port, { body, given }) => {
        await put(port, given, { exceptionCode: given.exceptionCode ?? null, ...body })
      },
    },
    remove: {
      ...calls,
      method: 'DELETE',
      ...writing,
      run: async (port, { given }) => {
        const code = encodeURIComponent(given.exceptionCode ?? '')
        await port.ask({
          ...writing,
          method: 'DELETE',
          path: companyAddress(given, `${below(given)}/${code}`),
          // A second one would find nothing, and tell a failure that is none.
          repeatable: false,
        })
      },
    },
  },
  page: { kind: 'none' },
  filterStyle: { kind: 'parameters' },
  filters: [
    {
      param: 'excludeExpenses',
      means: 'equals',
      type: 'boolean',
      description: "true: the report's own exceptions only, without those of its expenses.",
    },
    {
      param: 'excludeItemizations',
      means: 'equals',
      type: 'boolean',
      description: 'true, with expenseId: the exceptions of the expense itself, without those of its parts.',
    },
  ],
}
