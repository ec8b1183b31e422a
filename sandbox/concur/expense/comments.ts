import { Refused } from '../errors.ts'
import type { Ask, Operation, Sandbox } from '../operation.ts'
import { booleanParam } from '../params.ts'
import { personByLogin } from '../people.ts'
import { jsonObject } from '../read-body.ts'
import type { Report } from '../records.ts'
import type { Reply } from '../reply.ts'
import { changeReport, entriesOf } from '../store.ts'
import { createTable, type Kept } from '../table.ts'
import { speaker } from '../v4-person.ts'
import { textField } from '../write-fields.ts'
import { byPerson, expenseOf, type Finder, longPath, reportOfCompany, shortPath } from './report-in-path.ts'

/**
 * Comments on reports and expenses: POST adds one, PUT changes the last, DELETE takes the last away, so that
 * the one before it is the last again. A report's list has its own comments, with `includeAllComments` those of every
 * level.
 * Follows: developer.concur.com, Comments v4. Verified: 2026-08
 */
interface Comment {
  readonly comment: string
  readonly authorLogin: string
  readonly at: number
}
interface Comments extends Kept {
  /** Of the report (null) or of one of its expenses. */
  readonly list: readonly Comment[]
}
const comments = createTable<Comments>('comments')

const keyOf = (report: Report, expenseId: string | null): string => expenseId ?? report.id
const homeOf = (report: Report) => personByLogin(report.ownerLogin)?.home ?? 'us2'

/** A seeded report's last comment is its only one. */
const listOf = (sandbox: Sandbox, report: Report, expenseId: string | null): readonly Comment[] => {
  const written = comments.find(sandbox, homeOf(report), keyOf(report, expenseId))
  if (written !== undefined) return written.list
  if (expenseId !== null || report.lastComment === '') return []
  const sentBack = report.approval === 'A_RESU' && report.approverLogin !== null
  const authorLogin = sentBack ? (report.approverLogin ?? report.ownerLogin) : report.ownerLogin
  return [{ comment: report.lastComment, authorLogin, at: report.modifiedAt }]
}

const put = (sandbox: Sandbox, report: Report, expenseId: string | null, list: readonly Comment[]): void => {
  comments.put(sandbox, { id: keyOf(report, expenseId), home: homeOf(report), list })
  if (expenseId === null) changeReport(sandbox, report, { lastComment: list.at(-1)?.comment ?? '' })
}

/** Adds a comment to a report; the report's `lastComment` is set by whoever changes the report. */
export const noteComment = (sandbox: Sandbox, report: Report, comment: string, authorLogin: string): void => {
  const list = [...listOf(sandbox, report, null), { comment, authorLogin, at: sandbox.clock.now() }]
  comments.put(sandbox, { id: keyOf(report, null), home: homeOf(report), list })
}

interface Target {
  readonly report: Report
  readonly expenseId: string | null
}
const target = (sandbox: Sandbox, ask: Ask, find: Finder): Target => {
  const report = find(sandbox, ask)
  const expenseId = ask.params['expenseId'] === undefined ? null : expenseOf(sandbox, ask, report).expenseId
  return { report, expenseId }
}

const employee = (login: string) => {
  const person = personByLogin(login)
  return { employeeId: person?.employeeNumber ?? null, employeeUuid: person?.id ?? null }
}

const rowsOf = (sandbox: Sandbox, { report, expenseId }: Target) => {
  const all = listOf(sandbox, report, expenseId)
  return all.map(({ comment, authorLogin, at }, place) => ({
    comment,
    author: employee(authorLogin),
    createdForEmployee: employee(report.ownerLogin),
    createdForEmployeeId: employee(report.ownerLogin).employeeUuid,
    creationDate: new Date(at).toISOString(),
    expenseId,
    isAuditorComment: false,
    isLatest: place === all.length - 1,
    stepInstanceId: null,
  }))
}

const list =
  (find: Finder) =>
  (sandbox: Sandbox, ask: Ask): Reply => {
    const at = target(sandbox, ask, find)
    const isEvery = at.expenseId === null && booleanParam(ask.query, 'includeAllComments') === true
    const below = isEvery ? entriesOf(sandbox, at.report) : []
    const targets = [at, ...below.map(({ expenseId }) => ({ report: at.report, expenseId }))]
    return { status: 200, body: targets.flatMap((each) => rowsOf(sandbox, each)) }
  }

const authorOf = (ask: Ask, report: Report): string => speaker(ask)?.login ?? report.ownerLogin

const textOf = (ask: Ask): string => {
  const text = textField(jsonObject(ask.headers['content-type'], ask.body), 'comment', 2000)
  if (typeof text !== 'string' || text === '') throw new Refused(400, 'comment is required')
  return text
}

const add =
  (find: Finder) =>
  (sandbox: Sandbox, ask: Ask): Reply => {
    const { report, expenseId } = target(sandbox, ask, find)
    const made = { comment: textOf(ask), authorLogin: authorOf(ask, report), at: sandbox.clock.now() }
    put(sandbox, report, expenseId, [...listOf(sandbox, report, expenseId), made])
    return { status: 201, body: { uri: `${ask.baseUrl}${ask.path}` } }
  }

const change =
  (find: Finder) =>
  (sandbox: Sandbox, ask: Ask): Reply => {
    const { report, expenseId } = target(sandbox, ask, find)
    const all = listOf(sandbox, report, expenseId)
    const last = all.at(-1)
    if (last === undefined) throw new Refused(404, 'There is no comment')
    put(sandbox, report, expenseId, [...all.slice(0, -1), { ...last, comment: textOf(ask) }])
    return { status: 200, body: { uri: `${ask.baseUrl}${ask.path}` } }
  }

const remove =
  (find: Finder) =>
  (sandbox: Sandbox, ask: Ask): Reply => {
    const { report, expenseId } = target(sandbox, ask, find)
    const all = listOf(sandbox, report, expenseId)
    if (all.length === 0) throw new Refused(404, 'There is no comment')
    put(sandbox, report, expenseId, all.slice(0, -1))
    return { status: 204 }
  }

const scope = /^(?:expense\.report\.(?:read|readwrite)|EXPRPT)$/
const writeScope = /^(?:expense\.report\.readwrite|EXPRPT)$/

const operationsAt = (name: string, path: string, find: Finder): readonly Operation[] => {
  const shared = { family: 'v4', access: 'bearer', follows: 'Comments v4', path } as const
  return [
    { ...shared, name: `${name}.list`, method: 'GET', scope, run: list(find) },
    { ...shared, name: `${name}.create`, method: 'POST', scope: writeScope, run: add(find) },
    { ...shared, name: `${name}.update`, method: 'PUT', scope: writeScope, run: change(find) },
    { ...shared, name: `${name}.delete`, method: 'DELETE', scope: writeScope, run: remove(find) },
  ]
}

const anybody = byPerson('TRAVELER', 'MANAGER', 'PROCESSOR', 'PROXY')
const long = `${longPath}/reports/{reportId}`

export const commentOperations: readonly Operation[] = [
  ...operationsAt('report-comments', `${long}/comments`, anybody),
  ...operationsAt('report-comments-short', `${shortPath}/comments`, reportOfCompany),
  ...operationsAt('expense-comments', `${long}/expenses/{expenseId}/comments`, anybody),
  ...operationsAt('expense-comments-short', `${shortPath}/expenses/{expenseId}/comments`, reportOfCompany),
]
