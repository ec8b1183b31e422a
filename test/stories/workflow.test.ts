import { beforeAll, describe, expect, it } from 'vitest'
import { type Answer, ask } from '../support/client.ts'
import { type Connected, companyBy, companyInstance, userInstance } from '../support/grants.ts'
import type { Member, Product } from '../support/product.ts'
import type { Controls } from '../support/sandbox.ts'
import { onProduct } from '../support/stage.ts'

let product: Product
let member: Member
let sandbox: Controls
let company: Connected
let traveller: Connected
let manager: Connected

onProduct((stage) => {
  ;({ product, member, sandbox } = stage)
})

const strict = { fault: 'principals', value: 'strict' }

beforeAll(async () => {
  company = await companyInstance(product, member)
  const rows = (
    await company.call('/reports', { query: { where: `approvalStatusCode = 'A_PEND'`, pageSize: '1' } })
  ).json
  const [{ OwnerLoginID, ApproverLoginID }] = rows
  traveller = await userInstance(product, member, { login: OwnerLoginID })
  manager = await userInstance(product, member, { login: ApproverLoginID })
})

/** A new report with one expense, made through an instance. */
const newReport = async (instance: Connected, user?: string): Promise<string> => {
  const query = user === undefined ? {} : { user }
  const report = await instance.call('/reports', { method: 'POST', query, body: { Name: 'On its way' } })
  expect(report.status, report.text).toBe(200)
  const made = await instance.call('/expenses', {
    method: 'POST',
    body: {
      ReportID: report.json.ID,
      ...{ ExpenseTypeCode: 'TAXIX', PaymentTypeID: 'p', TransactionCurrencyCode: 'EUR' },
      ...{ TransactionDate: '2026-01-01', TransactionAmount: 3 },
    },
  })
  expect(made.status, made.text).toBe(200)
  return report.json.ID
}

const act = (instance: Connected, id: string, action: string, body?: unknown): Promise<Answer> =>
  instance.call(`/reports/${id}/${action}`, { method: 'POST', ...(body === undefined ? {} : { body }) })

const done = async (...given: Parameters<typeof act>): Promise<Answer['json']> => {
  const reply = await act(...given)
  expect(reply.status, reply.text).toBe(200)
  return reply.json
}

describe('a company’s grant', () => {
  it('submits a report by its owner’s UUID, approves, and reads it back each time', async () => {
    await sandbox.faults(strict)
    const id = await newReport(traveller)
    const { requests } = await sandbox.during(async () => {
      expect(await done(company, id, 'submit')).toMatchObject({ id, ID: id, ApprovalStatusCode: 'A_PEND' })
    })
    const paths = requests.map(({ path }) => path)
    expect(paths.filter((path) => path.endsWith('/submit'))).toEqual([
      expect.stringMatching(/^\/expensereports\/v4\/users\/[0-9a-f-]{36}\/reports\/[0-9A-F]{20}\/submit$/),
    ])
    const words = {
      comment: 'Fine',
      expectedStepCode: 'MANAGER',
      expectedStepSequence: 1,
      statusId: 'A_APPR',
    }
    expect(await done(company, id, 'approve', words)).toMatchObject({
      ...{ ID: id, ApprovalStatusCode: 'A_ACCO', LastComment: 'Fine' },
    })
    expect(await done(company, id, 'approve')).toMatchObject({
      ...{ ApprovalStatusCode: 'A_APPR', PaymentStatusCode: 'P_PROC' },
    })
    const paid = await ask(`${product.sandbox.url}/sandbox/reports/${id}/pay`, { body: {} })
    expect(paid.status, paid.text).toBe(200)
    const read = await company.call(`/reports/${id}`)
    expect(read.json).toMatchObject({ PaymentStatusCode: 'P_PAID' })
  })

  it('sends back with a comment, and is told what recalling needs', async () => {
    const id = await newReport(traveller)
    await done(company, id, 'submit')
    const recalled = await act(company, id, 'recall')
    expect([recalled.status, recalled.json.code], recalled.text).toEqual([403, 'provider-denied'])
    expect(recalled.json.providerMessage).toContain('user token')
    expect(recalled.json.message).toContain('of a person (principal user)')
    expect(recalled.json.message).toContain(
      `PATCH /instances/${company.id} with configuration oauth.callback.url`,
    )
    expect(await done(company, id, 'send-back', { comment: 'Which taxi?' })).toMatchObject({
      ...{ ID: id, ApprovalStatusCode: 'A_RESU', EverSentBack: true, LastComment: 'Which taxi?' },
    })
  })
})

describe('persons’ grants', () => {
  it('submit and recall the own report; the manager approves it, and is told that it cannot be read', async () => {
    await sandbox.faults(strict)
    const id = await newReport(traveller)
    expect(await done(traveller, id, 'submit')).toMatchObject({ ID: id, ApprovalStatusCode: 'A_PEND' })
    expect(await done(traveller, id, 'recall')).toMatchObject({ ID: id, ApprovalStatusCode: 'A_RESU' })
    await done(traveller, id, 'submit')
    const approved = await act(manager, id, 'approve', { comment: 'Good' })
    expect([approved.status, approved.json], approved.text).toEqual([200, { id, ID: id }])
    expect(approved.headers['elements-error']).toMatch(/^written, but not read back: .*404/)
    const read = await traveller.call(`/reports/${id}`)
    expect(read.json).toMatchObject({ ApprovalStatusCode: 'A_ACCO', LastComment: 'Good' })
  })

  it('send a report back that waits for the person, and no other', async () => {
    const id = await newReport(traveller)
    const early = await act(manager, id, 'send-back', { comment: 'Too early' })
    expect([early.status, early.json.code], early.text).toEqual([404, 'provider-not-found'])
    await done(traveller, id, 'submit')
    await done(manager, id, 'send-back', { comment: 'Once more, please' })
    const read = await traveller.call(`/reports/${id}`)
    expect(read.json).toMatchObject({ ApprovalStatusCode: 'A_RESU', EverSentBack: true })
  })

  it('beside a company’s leave approving to the company’s, which can read what it did', async () => {
    const both = await userInstance(product, member, { login: 'admin@sandbox.example' })
    const added = await both.patch({ configuration: companyBy(await sandbox.requestToken()) })
    expect(added.status, added.text).toBe(200)
    const id = await newReport(traveller)
    await done(both, id, 'submit')
    expect(await done(both, id, 'approve')).toMatchObject({ ID: id, ApprovalStatusCode: 'A_ACCO' })
  })
})

describe('what an action is told', () => {
  it.each([
    ['send-back', undefined, 'body.comment: it is needed'],
    ['send-back', { comment: '' }, 'body.comment: it is needed'],
    ['send-back', { comment: 'x'.repeat(2001) }, 'body.comment: at most 2000 characters, not 2001'],
    ['send-back', { comment: 7 }, 'body.comment: a text'],
    ['approve', { expectedStepSequence: '1' }, 'body.expectedStepSequence: a number'],
    ['approve', [], 'body: send a JSON object'],
  ])('%s with %j is refused before the vendor is asked: %s', async (action, body, words) => {
    const id = await newReport(traveller)
    const { requests } = await sandbox.during(async () => {
      const reply = await act(company, id, action, body)
      expect([reply.status, reply.json.code], reply.text).toEqual([400, 'bad-request'])
      expect(reply.json.message).toContain(words)
    })
    expect(requests).toEqual([])
  })

  it('names the fields that an action does not take, and the vendor’s refusal of one that is not its turn', async () => {
    const id = await newReport(traveller)
    const submitted = await act(traveller, id, 'submit', { comment: 'Here it is' })
    expect([submitted.status, submitted.headers['elements-error']]).toEqual([200, 'ignored: comment'])
    const again = await act(traveller, id, 'submit')
    expect([again.status, again.json.code], again.text).toEqual([409, 'provider-conflict'])
    const unknown = await act(traveller, id, 'shred')
    expect([unknown.status, unknown.json.message]).toEqual([404, expect.stringContaining('submit, approve')])
  })

  it('is sent once, whatever comes of it', async () => {
    const id = await newReport(traveller)
    await sandbox.faults({ fault: 'server-error', operation: 'workflow.submit', times: 1 })
    const { operations } = await sandbox.during(async () => {
      expect((await act(traveller, id, 'submit')).status).toBe(502)
    })
    expect(operations['workflow.submit']).toBe(1)
  })
})
