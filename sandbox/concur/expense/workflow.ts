import { isOpen } from '../codes.ts'
import { Refused } from '../errors.ts'
import type { Ask, Operation, Sandbox } from '../operation.ts'
import { jsonObject } from '../read-body.ts'
import type { Report } from '../records.ts'
import type { Reply } from '../reply.ts'
import { changeReport, entriesOf, findReport } from '../store.ts'
import { personInPath, speaker } from '../v4-person.ts'
import { type Body, textField } from '../write-fields.ts'
import { noteComment } from './comments.ts'
import { longPath, reportOfCompany, reportOfPerson, shortPath } from './report-in-path.ts'

/**
 * The life of a report: submitted to its owner's manager (A_PEND), approved into accounting review (A_ACCO),
 * processed (A_APPR, P_PROC), paid (P_PAID, P_PAYC); sent back or recalled on the way (A_RESU). Decided here:
 * a company's approve does the manager's step and then the processor's, where no person has a call; a
 * report without a manager above its owner goes straight to accounting review; an empty one is not submitted.
 * Follows: developer.concur.com, Workflows v4. Verified: 2026-08
 */
const submit = (sandbox: Sandbox, ask: Ask): Reply => {
  const person = personInPath(ask)
  const report = findReport(sandbox, ask.params['reportId'] ?? '')
  if (report?.ownerLogin !== person.login) throw new Refused(404, 'The report was not found')
  if (!isOpen(report.approval)) throw new Refused(409, 'The report has been submitted already')
  if (entriesOf(sandbox, report).length === 0) throw new Refused(409, 'The report has no expenses')
  changeReport(sandbox, report, {
    approval: person.managerLogin === null ? 'A_ACCO' : 'A_PEND',
    approverLogin: person.managerLogin,
    submitAt: sandbox.clock.now(),
  })
  return { status: 204 }
}

const bodyOf = (ask: Ask): Body =>
  ask.body.length === 0 ? {} : jsonObject(ask.headers['content-type'], ask.body)

/** A report's next step, or undefined where nobody can approve. */
const approved = (
  sandbox: Sandbox,
  report: Report,
  steps: readonly string[],
): Partial<Report> | undefined => {
  if (!steps.includes(report.approval)) return undefined
  if (report.approval !== 'A_ACCO') return { approval: 'A_ACCO' }
  return { approval: 'A_APPR', payment: 'P_PROC', processingAt: sandbox.clock.now() }
}

const managersStep = ['A_PEND', 'A_FILE']
const companysSteps = [...managersStep, 'A_PECO', 'A_EXTV', 'A_PBDG', 'A_PVAL', 'A_RHLD', 'A_AAFH', 'A_ACCO']

const approve = (sandbox: Sandbox, ask: Ask, report: Report, steps: readonly string[]): Reply => {
  const body = bodyOf(ask)
  const status = textField(body, 'statusId', 6) ?? 'A_APPR'
  if (status !== 'A_APPR') throw new Refused(400, 'statusId: only A_APPR is a status of this company')
  const comment = textField(body, 'comment', 2000)
  const rejected = entriesOf(sandbox, report).some((entry) => entry.rejected === true)
  const reason = textField(body, 'expenseRejectedComment', 2000)
  if (rejected && (reason ?? '') === '') {
    throw new Refused(400, 'expenseRejectedComment is required: an expense is rejected')
  }
  const changes = approved(sandbox, report, steps)
  if (changes === undefined) throw new Refused(400, 'The report does not wait for an approval')
  move(sandbox, ask, report, changes, [comment, reason])
  return { status: 204 }
}

/** Writes a step and the words that came with it. */
const move = (
  sandbox: Sandbox,
  ask: Ask,
  report: Report,
  changes: Partial<Report>,
  words: readonly (string | null | undefined)[],
): void => {
  const author = speaker(ask)?.login ?? report.approverLogin ?? report.ownerLogin
  const said = words.filter((word): word is string => typeof word === 'string' && word !== '')
  for (const word of said) noteComment(sandbox, report, word, author)
  changeReport(sandbox, report, { ...changes, lastComment: said.at(-1) ?? report.lastComment })
}

const sendBack = (sandbox: Sandbox, ask: Ask, report: Report, steps: readonly string[]): Reply => {
  const comment = textField(bodyOf(ask), 'comment', 2000)
  if (typeof comment !== 'string' || comment === '') throw new Refused(400, 'comment is required')
  if (!steps.includes(report.approval)) throw new Refused(400, 'The report does not wait for an approval')
  const changes = { approval: 'A_RESU', everSentBack: true, submitAt: null }
  move(sandbox, ask, report, changes, [comment])
  return { status: 204 }
}

const recall = (sandbox: Sandbox, ask: Ask): Reply => {
  const report = reportOfPerson(sandbox, ask, ['TRAVELER', 'PROXY'], 'user')
  bodyOf(ask)
  if (isOpen(report.approval) || report.payment !== 'P_NOTP') {
    throw new Refused(400, 'The report is not in workflow, or too far to be recalled')
  }
  changeReport(sandbox, report, { approval: 'A_RESU', submitAt: null })
  return { status: 204 }
}

const ofManager = (sandbox: Sandbox, ask: Ask): Report => reportOfPerson(sandbox, ask, ['MANAGER'], 'user')

const shared = { family: 'v4', access: 'bearer', method: 'PATCH', follows: 'Workflows v4' } as const
const scope = /^(?:expense\.report\.workflowstatus\.write|expense\.report\.readwrite|EXPRPT)$/
const long = `${longPath}/reports/{reportId}`

export const workflowOperations: readonly Operation[] = [
  {
    ...{ ...shared, name: 'workflow.submit', run: submit },
    path: '/expensereports/v4/users/{userId}/reports/{reportId}/submit',
    scope: /^(?:expense\.report\.readwrite|EXPRPT)$/,
  },
  {
    ...{ ...shared, name: 'workflow.approve', path: `${long}/approve`, scope },
    run: (sandbox, ask) => approve(sandbox, ask, ofManager(sandbox, ask), managersStep),
  },
  {
    ...{ ...shared, name: 'workflow.approve-short', path: `${shortPath}/approve`, scope },
    run: (sandbox, ask) => approve(sandbox, ask, reportOfCompany(sandbox, ask), companysSteps),
  },
  {
    ...{ ...shared, name: 'workflow.send-back', path: `${long}/sendBack`, scope },
    run: (sandbox, ask) => sendBack(sandbox, ask, ofManager(sandbox, ask), managersStep),
  },
  {
    ...{ ...shared, name: 'workflow.send-back-short', path: `${shortPath}/sendBack`, scope },
    run: (sandbox, ask) => sendBack(sandbox, ask, reportOfCompany(sandbox, ask), companysSteps),
  },
  { ...shared, name: 'workflow.recall', path: `${long}/recall`, scope, run: recall },
]
