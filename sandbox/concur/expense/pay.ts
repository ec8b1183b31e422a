import { Refused } from '../errors.ts'
import type { Ask, Operation, Sandbox } from '../operation.ts'
import { jsonValue } from '../read-body.ts'
import type { Reply } from '../reply.ts'
import { changeEntry, changeReport, entriesOf, findReport } from '../store.ts'
import type { Body } from '../write-fields.ts'

/** The sandbox's own: what a payment run would do to a report that was approved. */
const payments = ['P_PROC', 'P_PAID', 'P_PAYC', 'P_HOLD']

/** The status it ends in: P_PAID unless the body's `payment` says another. */
const wanted = (ask: Ask): string => {
  const body = (ask.body.length === 0 ? {} : jsonValue(ask.body)) as Body | null
  const payment = body?.['payment'] ?? 'P_PAID'
  if (typeof payment === 'string' && payments.includes(payment)) return payment
  throw new Refused(400, `payment: one of ${payments.join(', ')}`)
}

const pay = (sandbox: Sandbox, ask: Ask): Reply => {
  const report = findReport(sandbox, ask.params['id'] ?? '')
  if (report === undefined) throw new Refused(404, 'id: no such report')
  const payment = wanted(ask)
  if (report.approval !== 'A_ACCO' && report.approval !== 'A_APPR') {
    throw new Refused(409, `approve it first: its status is ${report.approval}`)
  }
  const now = sandbox.clock.now()
  const isPaid = payment === 'P_PAID' || payment === 'P_PAYC'
  const changed = changeReport(sandbox, report, {
    ...{ approval: 'A_APPR', payment, processingAt: report.processingAt ?? now },
    ...(isPaid ? { paidAt: report.paidAt ?? now, batchId: report.batchId ?? 'BATCH-SANDBOX' } : {}),
  })
  for (const entry of entriesOf(sandbox, changed)) {
    if (!entry.paidByExpensePay) {
      changeEntry(sandbox, entry, { paidByExpensePay: true, batchId: changed.batchId })
    }
  }
  return { status: 200, body: { id: changed.id, approval: changed.approval, payment } }
}

export const payOperation: Operation = {
  name: 'sandbox.pay',
  follows: null,
  method: 'POST',
  path: '/sandbox/reports/{id}/pay',
  family: 'control',
  access: 'open',
  run: pay,
}
