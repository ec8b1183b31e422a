import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { type Answer, ask, connect, hub } from '../support/client.ts'
import { type Served, serveBeside } from '../support/product.ts'
import { openBeside } from '../support/rows.ts'
import { onProduct, type Stage } from '../support/stage.ts'

let stage: Stage
let other: Served
let headers: Record<string, string>
let servers: readonly string[]

/** The published limit: Quick Expense v4, 120 calls in five minutes and user. */
const limit = 120
const environment = { QUERY_MAX_SECONDS: '8' }

onProduct(
  (one) => {
    stage = one
  },
  { environment },
)
beforeEach(async () => {
  other = await serveBeside(stage.product, environment)
  servers = [stage.product.url, other.url]
  headers = hub(stage.member, (await connect(stage.product, stage.member)).json.token)
})
afterEach(() => other?.stop())

const quick = (server: string, more: Record<string, string> = headers): Promise<Answer> =>
  ask(`${server}/quick-expenses`, {
    headers: more,
    body: {
      expenseTypeId: 'TAXIX',
      transactionAmount: { value: 3, currencyCode: 'EUR' },
      transactionDate: '2026-01-02',
    },
  })

/** An instance of another person. */
const somebody = async (): Promise<Record<string, string>> => {
  const made = await connect(stage.product, stage.member, { login: 'amber.badger@sandbox.example' })
  return hub(stage.member, made.json.token)
}

/** One after another in so many lanes, by turns at each of the servers. */
const quickly = async (calls: number, lanes: number): Promise<Answer[]> => {
  const answers: Answer[] = []
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < calls) {
      const server = servers[next % servers.length] ?? ''
      next += 1
      answers.push(await quick(server))
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return answers
}

describe('a published limit', () => {
  it('is never exceeded by two processes together, is used whole, and the rest is told when to come back', async () => {
    let answers: Answer[] = []
    const calls = await stage.sandbox.during(async () => {
      answers = await quickly(160, 20)
    })
    const statuses = calls.requests
      .filter(({ operation }) => operation === 'quick-expenses.create')
      .map(({ status }) => status)
    // The sandbox counts too, and would have refused the 121st.
    expect(statuses).toEqual(Array(limit).fill(201))
    const good = answers.filter(({ status }) => status === 200)
    const told = answers.filter(({ status }) => status === 429)
    expect([good.length, told.length]).toEqual([limit, 160 - limit])
    for (const { json, headers: got } of told) {
      expect(json).toMatchObject({ code: 'provider-rate-limited', hop: 'amalgam', retryable: true })
      expect(json.message).toContain('no more than 120 such calls in 300 seconds of one user')
      expect(json.retryAfter).toBeGreaterThan(200)
      expect(json.retryAfter).toBeLessThanOrEqual(310)
      expect(got['retry-after']).toBe(String(json.retryAfter))
    }
    // Another service of the same instance is free, and so is another user.
    expect((await ask(`${other.url}/reports`, { headers, query: { pageSize: '1' } })).status).toBe(200)
    expect((await quick(other.url, await somebody())).status).toBe(200)
  }, 60_000)

  it('of another program at the vendor is heard by both processes', async () => {
    await stage.sandbox.faults({
      fault: 'rate-limit',
      operation: 'quick-expenses.create',
      times: 1,
      value: 3,
    })
    const theirs = await somebody()
    const startedAt = Date.now()
    const first = quick(stage.product.url, theirs)
    await expect
      .poll(async () => (await stage.sandbox.calls()).requests.at(-1)?.status, { interval: 20 })
      .toBe(429)
    // Its pause is stored in the background.
    const db = await openBeside(stage.product)
    onTestFinished(() => db.close())
    await expect
      .poll(() =>
        db.query({ text: 'select 1 from vendor_budgets where paused_until is not null', values: [] }),
      )
      .toHaveLength(1)
    const two = await quick(other.url, theirs)
    expect(Date.now() - startedAt).toBeGreaterThan(2_900)
    const one = await first
    expect([one.status, two.status]).toEqual([200, 200])
  })
})
