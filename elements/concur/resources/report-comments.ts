import {
  badInput,
  type Given,
  isRecord,
  type JsonObject,
  notFound,
  type Resource,
  type VendorPort,
  vendorFailed,
} from '#src/element/index.ts'
import { toV4ExpenseId } from '../expense-ids.ts'
import { boolean, datetime, object, required, text } from './fields.ts'
import { ofExpense, ofReport, ofUser, reading, reportAddress, writing } from './v4-paths.ts'

/**
 * Comments on a report, or on one of its expenses. Only the latest can be changed or taken away; then the one before
 * is the latest. A comment has no id of its own: the time of its making stands for it.
 * Source: SAP Concur, Comments v4 (spec/concur.md 3.1 and 6), compared 2026-08.
 */
const path = '/expensereports/v4/users/{userId}/context/TRAVELER/reports/{reportId}/comments'

const addressOf = (port: VendorPort, given: Given): Promise<string> => {
  const { expenseId } = given
  const below = expenseId === undefined ? '' : `/expenses/${encodeURIComponent(expenseId)}`
  return reportAddress(port, given, `${below}/comments`)
}

const isOnExpense = ({ expenseId }: JsonObject): boolean => typeof expenseId === 'string' && expenseId !== ''

/**
 * Of a report, `includeAllComments` is asked for always: whether its absence leaves out earlier comments too, or those of
 * expenses only, is not said. Of an expense it is not documented.
 */
const list = async (port: VendorPort, given: Given): Promise<readonly JsonObject[]> => {
  const { body } = await port.ask({
    ...reading,
    method: 'GET',
    path: await addressOf(port, given),
    query: given.expenseId === undefined ? { includeAllComments: 'true' } : {},
  })
  const rows = Array.isArray(body) ? body.filter(isRecord) : []
  const isWhole = given.expenseId !== undefined || given.includeAllComments === 'true'
  return isWhole ? rows : rows.filter((row) => !isOnExpense(row))
}

/** The latest on the report itself, or on the expense. */
const latest = async (port: VendorPort, { includeAllComments: _, ...given }: Given) => {
  const rows = await list(port, given)
  return rows.find((row) => row.isLatest === true) ?? rows.at(-1)
}

/** @throws AppError `bad-request` where the id is not that of the latest comment. */
const checkLatest = async (port: VendorPort, given: Given, id: string): Promise<void> => {
  const last = await latest(port, given)
  if (last === undefined) throw notFound('There is no comment')
  if (id === 'latest' || id === last.creationDate) return
  throw badInput(`id: only the latest comment can be changed or taken away: latest, or ${last.creationDate}.`)
}

const send = async (
  port: VendorPort,
  given: Given,
  method: 'POST' | 'PUT',
  body: JsonObject,
): Promise<void> => {
  await port.ask({ ...writing, method, path: await addressOf(port, given), body })
}

const create = async (port: VendorPort, given: Given, body: JsonObject): Promise<string> => {
  await send(port, given, 'POST', body)
  const last = await latest(port, given)
  if (typeof last?.creationDate === 'string') return last.creationDate
  throw vendorFailed('report-comments: created, but the comment is not listed.')
}

const all = ['search', 'retrieve', 'create', 'update', 'remove'] as const
const calls = {
  kind: 'coded',
  why: 'Reports and expenses have their own addresses, and a comment has no id.',
  path,
} as const

export const reportComments: Resource = {
  name: 'report-comments',
  title: 'Comments on a report or an expense',
  key: 'creationDate',
  keepUnknown: true,
  source: 'SAP Concur, Comments v4 (spec/concur.md 3.1), compared 2026-08',
  address: [ofReport([...all]), ofExpense([], ' Absent: the comments on the report.'), ...ofUser],
  translate: { expenseId: toV4ExpenseId },
  fields: {
    comment: required(text('write', 'The comment, at most 2,000 characters.')),
    creationDate: datetime('read', 'When it was made, UTC; it stands for an id.'),
    author: object('read', 'Who made it, {employeeId, employeeUuid}.'),
    createdForEmployee: object('read', 'In whose name it was made, {employeeId, employeeUuid}.'),
    createdForEmployeeId: text('read', 'UUID of that person.'),
    expenseId: text('read', 'ExpenseID of the expense that it is on; null on the report itself.'),
    isAuditorComment: boolean('read', 'Whether an auditor made it.'),
    isLatest: boolean('read', 'Whether it is the latest, which alone can be changed.'),
    stepInstanceId: text('read', 'Id of the workflow step in which it was made.'),
  },
  verbs: {
    search: {
      ...calls,
      method: 'GET',
      ...reading,
      run: async (port, { filters }) => ({
        rows: await list(port, filters),
        next: null,
      }),
    },
    retrieve: { kind: 'listed', why: 'Comments v4 has no call for one comment.' },
    create: {
      ...calls,
      method: 'POST',
      ...writing,
      run: (port, { body, given }) => create(port, given, body),
    },
    update: {
      ...calls,
      method: 'PUT',
      ...writing,
      run: async (port, { id, body, given }) => {
        await checkLatest(port, given, id)
        await send(port, given, 'PUT', body)
      },
    },
    remove: {
      ...calls,
      method: 'DELETE',
      ...writing,
      run: async (port, { id, given }) => {
        await checkLatest(port, given, id)
        await port.ask({
          ...writing,
          method: 'DELETE',
          path: await addressOf(port, given),
          // A second one would take away the comment before.
          repeatable: false,
        })
      },
    },
  },
  page: { kind: 'none' },
  filterStyle: { kind: 'parameters' },
  filters: [
    {
      param: 'includeAllComments',
      means: 'equals',
      type: 'boolean',
      description:
        'true: the comments on the expenses of the report too. Absent: those on the report itself.',
    },
  ],
}
