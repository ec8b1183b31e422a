import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BudgetShares, createSharedBudget, type SharedBudget } from '#src/engine/shared-budget.ts'
import { createStore, type Database, migrate, migrations } from '#src/store/index.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
let processes: readonly Database[]
let keys = 0

beforeAll(async () => {
  database = await createTestDatabase()
  processes = [await database.open(), await database.open(), await database.open()]
  for (const db of processes) await migrate(db, migrations, () => undefined)
})
afterAll(async () => {
  for (const db of processes ?? []) await db.close()
  await database?.drop()
})

const newKey = () => {
  keys += 1
  return { organizationId: 2, instanceId: keys, service: 's', about: '' }
}
const sharesOf = (at: number): BudgetShares => {
  const db = processes[at]
  if (db === undefined) throw new Error('no process')
  return createStore(db).vendorBudgets
}
const demand = { calls: 10, holdSeconds: 60, slotSeconds: 1, want: 4 }
const published = (calls: number, seconds: number) =>
  ({ calls, seconds, per: 'instance', source: 'a page' }) as const
const now = (): number => performance.now()

/** As calls do it: waits for a turn until `untilMs`, and tells when it had it. */
const turn = async (budget: SharedBudget, untilMs: number): Promise<number | undefined> => {
  for (;;) {
    const waitMs = await budget.next()
    if (waitMs === 0) return now()
    if (now() + waitMs >= untilMs) return undefined
    await sleep(waitMs)
  }
}

describe('calls of a published limit', () => {
  it('are taken until none is left, and told when the first is free again', async () => {
    const key = newKey()
    const grants: number[] = []
    for (let one = 0; one < 4; one += 1) grants.push((await sharesOf(one % 3).take(key, demand)).granted)
    expect(grants).toEqual([4, 4, 2, 0])
    const { waitMs } = await sharesOf(0).take(key, demand)
    expect(waitMs).toBeGreaterThan(57_000)
    expect(waitMs).toBeLessThanOrEqual(61_000)
    // Another key, another count.
    expect((await sharesOf(0).take({ ...key, about: 'somebody' }, demand)).granted).toBe(4)
    expect((await sharesOf(0).take({ ...key, organizationId: 3 }, demand)).granted).toBe(4)
    expect((await sharesOf(0).take(newKey(), { ...demand, want: 99 })).granted).toBe(10)
  })

  it('are never too many, however many take at once', async () => {
    const key = newKey()
    const takes = Array.from({ length: 60 }, (_, at) => sharesOf(at % 3).take(key, { ...demand, want: 1 }))
    const granted = (await Promise.all(takes)).map((share) => share.granted)
    expect(granted.reduce((sum, one) => sum + one, 0)).toBe(10)
  })

  it('come back when they count no more, and are kept as few entries', async () => {
    const key = newKey()
    const short = { calls: 10, holdSeconds: 4, slotSeconds: 4, want: 1 }
    for (let one = 0; one < 10; one += 1) await sharesOf(one % 3).take(key, short)
    const [row] = await (processes[0] as Database).query<{ entries: number; calls: number }>({
      text: `select cardinality(taken_at) as entries, (select sum(n) from unnest(taken) as n)::integer as calls
        from vendor_budgets where instance_id = $1`,
      values: [key.instanceId],
    })
    expect(row?.calls).toBe(10)
    expect(row?.entries).toBeLessThanOrEqual(2)
    const full = await sharesOf(0).take(key, short)
    if (full.granted === 0) await sleep(full.waitMs + 5)
    expect((await sharesOf(1).take(key, { ...short, want: 5 })).granted).toBeGreaterThan(0)
  })

  it('are granted to nobody during a pause, and a shorter pause does not shorten it', async () => {
    const key = newKey()
    // Some are taken: not these are waited for.
    expect((await sharesOf(0).take(key, { ...demand, want: 1 })).granted).toBe(1)
    await sharesOf(0).pause(key, 0.6)
    await sharesOf(1).pause(key, 0.1)
    const refused = await sharesOf(2).take(key, demand)
    expect(refused.granted).toBe(0)
    expect(refused.waitMs).toBeGreaterThan(300)
    expect(refused.waitMs).toBeLessThanOrEqual(600)
    await sleep(refused.waitMs + 20)
    expect((await sharesOf(2).take(key, demand)).granted).toBe(4)
  })
})

describe('processes that share a published limit', () => {
  it('together never exceed it in any window, and use most of it', async () => {
    const [calls, seconds] = [12, 2]
    const key = newKey()
    const limit = published(calls, seconds)
    const budgets = processes.map((_db, at) => createSharedBudget(sharesOf(at), key, limit, now))
    const untilMs = now() + 11_000
    const times: number[] = []
    // Three callers a process, all of whom always want a call.
    const callers = [...budgets, ...budgets, ...budgets].map(async (budget) => {
      for (;;) {
        const at = await turn(budget, untilMs)
        if (at === undefined) return
        times.push(at)
      }
    })
    await Promise.all(callers)
    times.sort((one, other) => one - other)
    const fullest = Math.max(
      ...times.map((from) => times.filter((at) => at >= from && at < from + seconds * 1_000).length),
    )
    expect(fullest).toBeLessThanOrEqual(calls)
    expect(fullest).toBeGreaterThan(calls / 2)
    expect(times.length).toBeGreaterThan(2 * calls)
  })

  it('of a fast one ask the database ahead of need, not for each call', async () => {
    const budget = createSharedBudget(sharesOf(0), newKey(), published(60_000, 60), now)
    const db = processes[0] as Database
    const before = db.statementCount()
    let waited = 0
    // 50 calls a second; the first has to ask.
    for (let one = 0; one < 150; one += 1) {
      const asked = budget.next()
      if (asked !== 0) waited += 1
      await asked
      await sleep(20)
    }
    // Without asking ahead it would be five at least; a statement or two may be slow.
    expect(waited).toBeLessThanOrEqual(3)
    const statements = db.statementCount() - before
    expect(statements).toBeGreaterThan(1)
    expect(statements).toBeLessThan(15)
  })

  it('of a slow one take for all who wait in one statement', async () => {
    const budget = createSharedBudget(sharesOf(0), newKey(), published(50, 300), now)
    const db = processes[0] as Database
    const before = db.statementCount()
    const turns = await Promise.all(Array.from({ length: 60 }, () => turn(budget, now() + 1_000)))
    expect(turns.filter((at) => at !== undefined)).toHaveLength(50)
    expect(db.statementCount() - before).toBeLessThanOrEqual(4)
  })

  it('are all stopped by what the vendor tells one of them', async () => {
    const [key, limit] = [newKey(), published(30, 60)]
    let stored: Promise<unknown> | undefined
    const shares: BudgetShares = {
      ...sharesOf(0),
      pause: (...pause) => {
        stored = sharesOf(0).pause(...pause)
        return stored
      },
    }
    const first = createSharedBudget(shares, key, limit, now)
    const second = createSharedBudget(sharesOf(1), key, limit, now)
    expect(await first.next()).toBe(0)
    first.slow(now(), now() - 1, 20_000)
    expect(await first.next()).toBeGreaterThan(15_000)
    await stored
    expect(await second.next()).toBeGreaterThan(15_000)
  })

  it('tell a call that the database does not answer, and ask again for the next', async () => {
    let broken = true
    const shares: BudgetShares = {
      take: (key, wish) => (broken ? Promise.reject(new Error('gone')) : sharesOf(0).take(key, wish)),
      pause: () => Promise.reject(new Error('gone')),
    }
    const budget = createSharedBudget(shares, newKey(), published(30, 60), now)
    await expect(budget.next()).rejects.toThrow('gone')
    broken = false
    expect(await budget.next()).toBe(0)
  })

  it('wait longer each time that the vendor refuses and does not say for how long', async () => {
    let clock = 1_000
    const shares: BudgetShares = {
      take: () => Promise.resolve({ granted: 1, waitMs: 0 }),
      pause: () => Promise.resolve(),
    }
    const budget = createSharedBudget(shares, newKey(), published(30, 60), () => clock)
    const waits: number[] = []
    for (let one = 0; one < 7; one += 1) {
      clock += budget.freeIn(clock) + 1
      budget.slow(clock, clock, 0)
      // Those that were sent with it are told the same at the same time.
      budget.slow(clock, clock - 1, 0)
      waits.push(budget.freeIn(clock))
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
    clock += 100_000
    budget.slow(clock, clock, 0)
    expect(budget.freeIn(clock)).toBe(1_000)
  })
})
