import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { startSandbox } from '../../sandbox/concur/server.ts'
import { type Answer, ask, connect, hub } from '../support/client.ts'
import { startProduct } from '../support/product.ts'
import { onProduct, type Stage } from '../support/stage.ts'

let stage: Stage
let headers: Record<string, string>
let made = 0

onProduct(
  (one) => {
    stage = one
  },
  { environment: { VENDOR_TIMEOUT_SECONDS: '2', QUERY_MAX_SECONDS: '12' } },
)
beforeEach(async () => {
  headers = hub(stage.member, (await connect(stage.product, stage.member)).json.token)
})

const call = (path: string, options: { method?: string; body?: unknown } = {}): Promise<Answer> =>
  ask(`${stage.product.url}/${path}`, { headers, ...options })
const newName = (): string => `Once ${++made}`
const countOf = async (name: string): Promise<number> =>
  (await call(`reports?where=${encodeURIComponent(`Name = '${name}'`)}`)).json.length
/** How often each operation was asked of the vendor by now, without those that only read. */
const writes = async (): Promise<Record<string, number>> => {
  const { operations } = await stage.sandbox.calls()
  return Object.fromEntries(Object.entries(operations).filter(([name]) => !/list|get/.test(name)))
}
/** A call counts at the vendor once it is answered, which may be half a second after everybody has gone. */
const vendorIsDone = () => sleep(1_500)

describe('a create', () => {
  it.each([
    ['cut off before its answer', { fault: 'cut-connection' }, 502, 0],
    ['cut off after it was done', { fault: 'cut-connection', value: 'after' }, 502, 1],
    ['answered with half a body', { fault: 'cut-body' }, 502, 1],
    ['answered with nonsense', { fault: 'malformed-body' }, 502, 1],
    ['answered too late', { fault: 'slow', value: 2_500 }, 504, 1],
    ['answered 503', { fault: 'server-error', value: 503 }, 502, 0],
  ] as const)(
    '%s is sent once, and the answer says that nobody knows',
    async (_title, fault, status, rows) => {
      const name = newName()
      await stage.sandbox.faults({ operation: 'reports.create', times: 1, ...fault })
      await stage.sandbox.during(async () => {
        const reply = await call('reports', { body: { Name: name } })
        expect(reply.status, reply.text).toBe(status)
        expect(reply.json.retryable).toBe(false)
        expect(reply.json.message).toMatch(/before you send it again/)
        await vendorIsDone()
      })
      expect(await writes()).toEqual({ 'reports.create': 1 })
      expect(await countOf(name)).toBe(rows)
    },
  )

  it.each([
    ['429', { fault: 'rate-limit', times: 1 }],
    ['429 with seconds', { fault: 'rate-limit', times: 2, value: 1 }],
    ['429 with a date', { fault: 'rate-limit-date', times: 1, value: 1 }],
    ['400 as a limit', { fault: 'rate-limit-400', times: 1 }],
  ] as const)('refused with %s is sent again, and done once', async (_title, fault) => {
    const name = newName()
    await stage.sandbox.faults({ operation: 'reports.create', ...fault })
    await stage.sandbox.during(async () => {
      expect((await call('reports', { body: { Name: name } })).status).toBe(200)
    })
    expect(await writes()).toEqual({ 'reports.create': fault.times + 1 })
    expect(await countOf(name)).toBe(1)
  })

  it('of which nothing was sent, because the connection was refused, is sent again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'amalgam-refused-'))
    const vendor = { reports: 20, stateFile: join(folder, 'state') }
    const product = await startProduct({ sandbox: vendor })
    let back: Awaited<ReturnType<typeof startSandbox>> | undefined
    onTestFinished(async () => {
      await product.close()
      await back?.close()
      await rm(folder, { recursive: true, force: true })
    })
    const own = hub(product.admin, (await connect(product, product.admin)).json.token)
    await product.sandbox.close()
    const asked = ask(`${product.url}/reports`, { headers: own, body: { Name: 'Later' } })
    await sleep(600)
    back = await startSandbox({ ...vendor, port: product.sandbox.port })
    const reply = await asked
    expect(reply.status, reply.text).toBe(200)
    const id = String(reply.headers['elements-request-id'])
    const { user, organization } = product.admin
    const usage = () =>
      ask(`${product.url}/usage/${id}`, {
        headers: { authorization: `User ${user}, Organization ${organization}` },
      })
    await expect.poll(async () => (await usage()).status).toBe(200)
    expect((await usage()).text).toContain('provider-unreachable')
    const rows = await ask(`${product.url}/reports`, { headers: own, query: { where: "Name = 'Later'" } })
    expect(rows.json).toHaveLength(1)
  })
})

describe('a change and a removal', () => {
  const newExpense = async (): Promise<string> => {
    const report = (await call('reports', { body: { Name: newName() } })).json.ID
    const body = {
      ReportID: report,
      ExpenseTypeCode: 'TAXIX',
      PaymentTypeID: 'pt$01',
      TransactionDate: '2026-01-02',
      TransactionCurrencyCode: 'EUR',
      TransactionAmount: 7,
    }
    return (await call('expenses', { body })).json.ID
  }

  it.each([
    ['cut off before', { fault: 'cut-connection' }],
    ['cut off after', { fault: 'cut-connection', value: 'after' }],
    ['answered too late', { fault: 'slow', value: 2_500 }],
    ['answered 503', { fault: 'server-error', value: 503 }],
  ] as const)('%s are sent again, and a row that is gone by then was removed', async (_title, fault) => {
    const path = `expenses/${encodeURIComponent(await newExpense())}`
    await stage.sandbox.faults(
      { operation: 'entries.update', times: 1, ...fault },
      { operation: 'expenses.delete', times: 1, ...fault },
    )
    await stage.sandbox.during(async () => {
      const changed = await call(path, { method: 'PATCH', body: { Description: 'changed' } })
      expect([changed.status, changed.json.Description], changed.text).toEqual([200, 'changed'])
      const removed = await call(path, { method: 'DELETE' })
      expect([removed.status, removed.text]).toEqual([200, ''])
      await vendorIsDone()
    })
    expect(await writes()).toEqual({ 'entries.update': 2, 'expenses.delete': 2 })
    expect((await call(path)).status).toBe(404)
  })

  it('of what was never there is 404', async () => {
    const path = `expenses/${encodeURIComponent(await newExpense())}`
    expect((await call(path, { method: 'DELETE' })).status).toBe(200)
    expect((await call(path, { method: 'DELETE' })).status).toBe(404)
  })

  it('by a PATCH at the vendor, such as a step of a workflow, is sent once', async () => {
    const report = (await call('reports', { body: { Name: newName() } })).json.ID
    await stage.sandbox.faults({ fault: 'server-error', operation: 'workflow.submit', times: 1 })
    await stage.sandbox.during(async () => {
      const reply = await call(`reports/${report}/submit`, { body: {} })
      expect([reply.status, reply.json.retryable], reply.text).toEqual([502, false])
    })
    expect(await writes()).toEqual({ 'workflow.submit': 1 })
  })
})

describe('a limit answer', () => {
  it.each([
    ['seconds', 'rate-limit'],
    ['a date', 'rate-limit-date'],
  ])('with %s holds every call of its service, and no other', async (_title, fault) => {
    await stage.sandbox.faults({ fault, operation: 'reports.get', times: 1, value: 2 })
    const [report] = (await call("reports?pageSize=1&where=user%3D'ALL'")).json
    const startedAt = Date.now()
    const first = call(`reports/${report.ID}?user=${report.OwnerLoginID}`)
    await expect
      .poll(async () => (await stage.sandbox.calls()).operations['reports.get'] ?? 0)
      .toBeGreaterThan(0)
    await sleep(100)
    const others = await call('expenses?pageSize=1')
    const othersMs = Date.now() - startedAt
    const list = await call('reports?pageSize=1')
    const listMs = Date.now() - startedAt
    expect([(await first).status, others.status, list.status]).toEqual([200, 200, 200])
    expect(othersMs).toBeLessThan(1_500)
    expect(listMs).toBeGreaterThan(1_900)
  })

  it('that does not end is told at the deadline, with the seconds to wait', async () => {
    await stage.sandbox.faults({ fault: 'rate-limit', operation: 'reports.list' })
    const startedAt = Date.now()
    const reply = await call('reports?pageSize=1')
    expect(Date.now() - startedAt).toBeLessThan(12_000)
    expect(reply.status).toBe(429)
    expect(reply.json).toMatchObject({ code: 'provider-rate-limited', retryable: true })
    expect(reply.json.retryAfter).toBeGreaterThan(0)
    expect(reply.headers['retry-after']).toBe(String(reply.json.retryAfter))
  }, 20_000)

  it('that names a time after the deadline is told at once, also to the next call', async () => {
    await stage.sandbox.faults({ fault: 'rate-limit', operation: 'reports.list', times: 1, value: 100 })
    const startedAt = Date.now()
    const first = await call('reports?pageSize=1')
    let second: Answer | undefined
    const { operations } = await stage.sandbox.during(async () => {
      second = await call('reports?pageSize=1')
    })
    expect(Date.now() - startedAt).toBeLessThan(3_000)
    expect([first.status, first.json.retryAfter, first.json.hop]).toEqual([429, 100, 'provider'])
    expect([second?.status, second?.json.hop]).toEqual([429, 'amalgam'])
    expect(second?.json.retryAfter).toBeGreaterThan(95)
    expect(operations).toEqual({})
  })
})
