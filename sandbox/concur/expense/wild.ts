import { isOpen } from '../codes.ts'
import { expenseTypeByCode, paymentTypes } from '../config/config-data.ts'
import { readDate } from '../dates.ts'
import { newEntry } from '../entry-write.ts'
import { Refused } from '../errors.ts'
import type { Ask, Operation, Sandbox } from '../operation.ts'
import { countParam, textParam } from '../params.ts'
import { jsonObject } from '../read-body.ts'
import type { Report } from '../records.ts'
import type { Reply } from '../reply.ts'
import { entriesOf, scanReports } from '../store.ts'
import { personInPath } from '../v4-person.ts'
import { type Body, numberField, textField } from '../write-fields.ts'
import { reportDetails } from './report-details.ts'
import { contextOf, longPath, reportOfPerson } from './report-in-path.ts'

/**
 * Two addresses of v4 that no page has, seen in public code only: a person's reports, and a new expense.
 * They are there while the switch `wild` is on. Their bodies are made here after the pages' own rows.
 */
const checkOn = (sandbox: Sandbox, ask: Ask): void => {
  if (sandbox.faults.strike('wild', ask.operation) === undefined) throw new Refused(404, 'No such resource')
}

const list = async (sandbox: Sandbox, ask: Ask): Promise<Reply> => {
  checkOn(sandbox, ask)
  const person = personInPath(ask)
  contextOf(ask, ['TRAVELER'])
  const start = textParam(ask.query, 'start') ?? '0'
  if (!/^\d{1,9}$/.test(start)) throw new Refused(400, 'start: use a whole number from 0')
  const limit = countParam(ask.query, 'limit', 25, 100)
  const reports: Report[] = []
  let number = 0
  const scan = {
    place: undefined,
    after: undefined,
    before: undefined,
    owner: person.login,
    home: person.home,
  }
  for await (const report of scanReports(sandbox, scan)) {
    if (reports.length === limit) break
    if (number >= Number(start)) reports.push(report)
    number += 1
  }
  return { status: 200, body: reports.map((report) => reportDetails(sandbox, ask, report, 'TRAVELER')) }
}

const objectIn = (body: Body, name: string): Body => {
  const value = body[name]
  if (typeof value !== 'object' || value === null) throw new Refused(400, `${name} is required`)
  return value as Body
}

const create = (sandbox: Sandbox, ask: Ask): Reply => {
  checkOn(sandbox, ask)
  const report = reportOfPerson(sandbox, ask, ['TRAVELER'], 'user')
  if (!isOpen(report.approval)) throw new Refused(400, 'The report is in workflow: no expense can be added')
  const body = jsonObject(ask.headers['content-type'], ask.body)
  const money = objectIn(body, 'transactionAmount')
  const code = textField(objectIn(body, 'expenseType'), 'id', 5) ?? ''
  const [payment] = paymentTypes
  const type = expenseTypeByCode(code)
  const at = readDate(textField(body, 'transactionDate', 10) ?? '')
  if (type === undefined || payment === undefined) throw new Refused(400, 'expenseType.id: no such type')
  if (at === undefined) throw new Refused(400, 'transactionDate is required')
  const position = Math.max(1000, (entriesOf(sandbox, report).at(-1)?.position ?? 0) + 1)
  const entry = newEntry(
    {
      ...{ typeCode: code, typeName: type.name, categoryCode: type.spend[0], categoryName: type.spend[1] },
      ...{ paymentTypeId: payment.v3Id, paymentTypeName: payment.name, transactionAt: at },
      ...{ amount: numberField(money, 'value') ?? 0, currency: textField(money, 'currencyCode', 3) ?? '' },
      description: textField(body, 'businessPurpose', 64) ?? null,
    },
    { reportId: report.id, ownerLogin: report.ownerLogin, position, now: sandbox.clock.now() },
  )
  sandbox.state.record({ kind: 'entry', entry })
  return { status: 201, body: { uri: `${ask.baseUrl}${ask.path}/${entry.expenseId}` } }
}

const shared = { family: 'v4', access: 'bearer', follows: 'none, seen in public code' } as const

export const wildOperations: readonly Operation[] = [
  {
    ...{ ...shared, name: 'wild.reports', method: 'GET', path: `${longPath}/reports`, run: list },
    scope: /^(?:expense\.report\.(?:read|readwrite)|EXPRPT)$/,
  },
  {
    ...{ ...shared, name: 'wild.create-expense', method: 'POST' },
    path: `${longPath}/reports/{reportId}/expenses`,
    ...{ scope: /^(?:expense\.report\.readwrite|EXPRPT)$/, run: create },
  },
]
