import { type Given, type JsonObject, joinKey, type Resource, type VendorPort } from '#src/element/index.ts'
import { toV4ExpenseId } from '../expense-ids.ts'
import { boolean, required, text } from './fields.ts'
import {
  companyFirst,
  ofExpense,
  ofReport,
  ofUser,
  readReports,
  reportAddress,
  writeReports,
} from './v4-paths.ts'

/**
 * Exceptions of a report, of one of its expenses, or of an allocation of an expense. Writing is a company's call.
 * Source: SAP Concur, Exceptions v4 (spec/concur.md 3.1), compared 2026-08.
 */
const path = '/expensereports/v4/users/{userId}/context/TRAVELER/reports/{reportId}/exceptions'

const below = ({ expenseId, allocationId }: Given): string => {
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

const isRow = (row: unknown): row is JsonObject =>
  typeof row === 'object' && row !== null && !Array.isArray(row)

const list = async (port: VendorPort, given: Given): Promise<readonly JsonObject[]> => {
  const { body } = await port.ask({
    method: 'GET',
    path: await reportAddress(port, given, below(given)),
    query: { excludeExpenses: given.excludeExpenses },
    principals: companyFirst,
  })
  return Array.isArray(body) ? body.filter(isRow) : []
}

const put = async (port: VendorPort, given: Given, body: JsonObject): Promise<string> => {
  const { exceptionCode, exceptionVisibility } = body
  await port.ask({
    method: 'PUT',
    path: companyAddress(given, below(given)),
    body: { exceptionCode: exceptionCode ?? null, exceptionVisibility: exceptionVisibility ?? null },
    principals: companyFirst,
  })
  return joinKey([exceptionCode, given.expenseId, given.allocationId].map((part) => String(part ?? '')))
}

const all = ['search', 'retrieve', 'create', 'update', 'remove'] as const
const calls = {
  kind: 'coded',
  why: 'Reports, expenses and allocations have their own addresses, which the id of an exception names.',
  path,
  principals: companyFirst,
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
    { name: 'allocationId', description: 'Id of an allocation of the expense.' },
    ...ofUser,
  ],
  translate: { expenseId: toV4ExpenseId },
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
      scopes: readReports,
      run: async (port, { filters }) => ({ rows: await list(port, filters), next: null }),
    },
    retrieve: { kind: 'listed', why: 'Exceptions v4 has no call for one exception.' },
    create: {
      ...calls,
      method: 'PUT',
      scopes: writeReports,
      run: (port, { body, given }) => put(port, given, body),
    },
    update: {
      ...calls,
      method: 'PUT',
      scopes: writeReports,
      run: async (port, { body, given }) => {
        await put(port, given, { exceptionCode: given.exceptionCode ?? null, ...body })
      },
    },
    remove: {
      ...calls,
      method: 'DELETE',
      scopes: writeReports,
      run: async (port, { given }) => {
        const code = encodeURIComponent(given.exceptionCode ?? '')
        await port.ask({
          method: 'DELETE',
          path: companyAddress(given, `${below(given)}/${code}`),
          principals: companyFirst,
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
      description: "true: the report's own exceptions only.",
    },
  ],
}
