import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { abortSignalOf } from '#src/lib/stop-signal.ts'
import {
  type Bench,
  openBench,
  patient,
  type Thing,
  type ThingKey,
  things,
} from '../../test/support/due-table.ts'
import type { Job, Worker } from './index.ts'

type Run = Job<ThingKey, Thing>['run']

const work = (
  { queue }: Pick<Bench, 'queue'>,
  run: Run,
  limits: Partial<Job<ThingKey, Thing>> = {},
): Worker => {
  const worker = queue.worker([{ table: things, parallel: 4, batch: 10, ...limits, run }])
  onTestFinished(() => worker.stop())
  return worker
}

const addMany = async ({ db }: Bench, count: number): Promise<void> => {
  await db.query({
    text: `insert into things (organization_id, thing, due_at)
      select 7, 'thing ' || n, now() - make_interval(secs => n) from generate_series(1, $1) as n`,
    values: [count],
  })
}

test('drain handles all that is due, each once, its end written with those of others', async () => {
  const bench = await openBench()
  await addMany(bench, 250)
  await bench.add('tomorrow', -86_400)
  const seen: string[] = []
  const worker = work(bench, async ({ row }) => {
    seen.push(row.thing)
    return { afterSeconds: 60 }
  })
  const before = bench.db.statementCount()
  await worker.drain()
  expect(new Set(seen).size).toBe(250)
  expect(seen).toHaveLength(250)
  expect(bench.db.statementCount() - before).toBeLessThan(120)
  expect(worker.counts()).toEqual({ things: { claimed: 250, failed: 0, lost: 0 } })
  expect(await bench.queue.claim(things, 1)).toEqual([])
})

test('no more rows are handled at once than allowed, and no more held than can be ready besides', async () => {
  const bench = await openBench()
  await addMany(bench, 60)
  let now = 0
  let most = 0
  let done = 0
  let mostHeld = 0
  const worker = work(
    bench,
    async () => {
      now += 1
      most = Math.max(most, now)
      // Not the leases in the table: ends are written a moment after, in batches.
      mostHeld = Math.max(mostHeld, (worker.counts()['things']?.claimed ?? 0) - done)
      await sleep(5)
      now -= 1
      done += 1
      return null
    },
    { parallel: 3, batch: 6 },
  )
  await worker.start()
  await expect.poll(() => done, { timeout: 5_000 }).toBe(60)
  await worker.stop()
  expect(most).toBe(3)
  expect(mostHeld).toBeGreaterThan(3)
  expect(mostHeld).toBeLessThanOrEqual(3 + 6)
})

test('a started worker is woken by the transaction that makes work due, not by the poll behind it', async () => {
  const bench = await openBench()
  const late: number[] = []
  const worker = work(bench, async ({ lateMs }) => {
    late.push(lateMs)
    return null
  })
  await worker.start()
  for (let round = 0; round < 5; round++) {
    await sleep(150)
    await bench.db.transaction(async (tx) => {
      await tx.query({
        text: `insert into things (organization_id, thing, due_at) values (7, $1, clock_timestamp())`,
        values: [`round ${round}`],
      })
      await bench.queue.wake(tx, things)
      await bench.queue.wake(tx, things)
    })
  }
  await expect.poll(() => late.length, { timeout: 5_000 }).toBe(5)
  expect([...late].sort((left, right) => left - right)[2]).toBeLessThan(300)
})

test('a row comes when it is due, without a wake-up', async () => {
  const bench = await openBench()
  const late: number[] = []
  const worker = work(bench, async ({ lateMs }) => {
    late.push(lateMs)
    return null
  })
  for (const inSeconds of [0.4, 0.9, 1.3]) await bench.add(`in ${inSeconds}`, -inSeconds)
  await worker.start()
  await expect.poll(() => late.length, { timeout: 5_000 }).toBe(3)
  for (const ms of late) expect(ms).toBeGreaterThanOrEqual(0)
  expect(Math.min(...late)).toBeLessThan(250)
})

test('a job that fails waits longer each time, is told, and keeps nobody else from running', async () => {
  const bench = await openBench()
  await bench.add('bad', 60)
  await addMany(bench, 20)
  let good = 0
  const worker = work(
    bench,
    async ({ row }) => {
      if (row.thing === 'bad') throw new Error('vendor says no')
      good += 1
      return null
    },
    { backoffSeconds: (attempts) => 100 * 2 ** attempts },
  )
  await worker.drain()
  expect(good).toBe(20)
  expect(bench.errors).toEqual(['things 7, bad, attempt 1: vendor says no'])
  const first = await bench.row('bad')
  expect(first).toMatchObject({ leased: false, attempts: 1 })
  expect(first.dueInSeconds).toBeGreaterThan(190)
  await bench.db.query({ text: `update things set due_at = now() where thing = 'bad'`, values: [] })
  await worker.drain()
  const second = await bench.row('bad')
  expect(second.attempts).toBe(2)
  expect(second.dueInSeconds).toBeGreaterThan(390)
  expect(worker.counts()['things']).toMatchObject({ failed: 2 })
})

test('work that goes on longer than the lease keeps it, and work beyond its time is given up', async () => {
  const bench = await openBench()
  const other = (await bench.another()).queue
  await bench.add('long', 5)
  const aborted: unknown[] = []
  let runs = 0
  const run: Run = async (_claim, signal) => {
    runs += 1
    await sleep(runs === 1 ? 3_500 : 60_000, undefined, { signal: abortSignalOf(signal) }).catch((error) => {
      aborted.push(error)
      throw error
    })
    return { afterSeconds: 0 }
  }
  const worker = work(bench, run, { timeoutSeconds: 4, backoffSeconds: () => 500 })
  const drained = worker.drain()
  await sleep(2_800)
  expect(await other.claim(things, 1)).toEqual([])
  await drained
  expect(runs).toBe(2)
  expect(aborted).toHaveLength(1)
  expect(bench.errors).toEqual(['things 7, long, attempt 1: not done after 4 s'])
})

test('a lease that is lost while its job runs aborts the job, whose end then changes nothing', async () => {
  const bench = await openBench()
  await bench.add('one', 5)
  const reasons: unknown[] = []
  let started = false
  const worker = work(bench, async (_claim, signal) => {
    started = true
    await sleep(10_000, undefined, { signal: abortSignalOf(signal) }).catch(() => undefined)
    reasons.push(signal.reason)
    return { afterSeconds: 3_600 }
  })
  await worker.start()
  await expect.poll(() => started, { timeout: 5_000 }).toBe(true)
  await bench.db.query({
    text: `update things set lease_token = gen_random_uuid(), lease_until = now() + interval '1 hour'`,
    values: [],
  })
  await expect
    .poll(() => reasons.map(String), { timeout: 5_000 })
    .toEqual([expect.stringContaining('taken over')])
  await worker.stop()
  expect(await bench.row('one')).toMatchObject({ leased: true })
  expect((await bench.row('one')).dueInSeconds).toBeLessThan(0)
  expect(worker.counts()['things']).toMatchObject({ lost: 1, failed: 0 })
})

test('a stop waits for what runs, and gives back at once what it does not wait for', async () => {
  const bench = await openBench()
  await addMany(bench, 8)
  let done = 0
  const worker = work(
    bench,
    async (_claim, signal) => {
      done += 1
      await sleep(done === 1 ? 100 : 60_000, undefined, { signal: abortSignalOf(signal) })
      return { afterSeconds: 3_600 }
    },
    { parallel: 2, batch: 8 },
  )
  await worker.start()
  await expect.poll(() => done, { timeout: 5_000 }).toBeGreaterThan(1)
  await worker.stop(300)
  expect(bench.errors).toEqual([])
  const rows = await bench.db.query<{ due: boolean; count: number; attempts: number }>({
    text: `select due_at <= now() as due, count(*) as count, sum(attempts)::int as attempts from things
      where lease_token is null group by 1 order by 1`,
    values: [],
  })
  expect(rows).toEqual([
    { due: false, count: 1, attempts: 0 },
    { due: true, count: 7, attempts: 0 },
  ])
})

test('the loop survives a database that fails for a while', async () => {
  const bench = await openBench()
  const worker = work(bench, async () => null)
  await worker.start()
  await bench.db.query({ text: 'alter table things rename to away', values: [] })
  await expect.poll(() => bench.errors.length, { timeout: 5_000 }).toBeGreaterThan(0)
  await bench.db.query({ text: 'alter table away rename to things', values: [] })
  await bench.add('one', 1)
  await expect.poll(() => worker.counts()['things']?.claimed, { timeout: 5_000 }).toBe(1)
})

test('a run that throws at once is a failure like another, and makes room for the rows behind it', async () => {
  const bench = await openBench()
  await addMany(bench, 12)
  const run = (): never => {
    throw new Error('at once')
  }
  const worker = work(bench, run, { parallel: 2, backoffSeconds: () => 500 })
  await worker.drain()
  expect(worker.counts()).toEqual({ things: { claimed: 12, failed: 12, lost: 0 } })
  expect(bench.errors).toContain('things 7, thing 1, attempt 1: at once')
})

test('a job writes its ends itself, many at once, and what it cannot write is written again', async () => {
  const bench = await openBench()
  await addMany(bench, 20)
  const wrote: number[] = []
  const worker = work(bench, async () => ({ due: null, set: { payload: 'done' } }), {
    table: patient,
    writeEnds: async (ends) => {
      wrote.push(ends.length)
      if (wrote.length === 1) throw new Error('not now')
      return { ended: await bench.db.transaction((tx) => bench.queue.endMany(tx, ends)) }
    },
  })
  await worker.start()
  const left = async (): Promise<number> => {
    const rows = await bench.db.query({
      text: `select 1 from things where payload is distinct from 'done'`,
      values: [],
    })
    return rows.length
  }
  await expect.poll(left, { timeout: 5_000 }).toBe(0)
  expect(wrote.length).toBeLessThan(12)
  expect(bench.errors).toContain('ending leases on things: not now')
  expect(worker.counts()).toEqual({ things: { claimed: 20, failed: 0, lost: 0 } })
})

test('no more is claimed while many of those at work wait for their turn', async () => {
  const bench = await openBench()
  await addMany(bench, 40)
  let waiting = 0
  const goOn: (() => void)[] = []
  const run: Run = async () => {
    waiting += 1
    await new Promise<void>((resolve) => goOn.push(resolve))
    waiting -= 1
    return null
  }
  const worker = work(bench, run, { parallel: 100, waiting: () => waiting })
  await worker.start()
  const claimed = () => worker.counts()['things']?.claimed
  await expect.poll(claimed).toBe(10)
  await sleep(100)
  expect(claimed()).toBe(10)
  for (const one of goOn.splice(0, 4)) one()
  await sleep(100)
  expect(claimed()).toBe(10)
  for (const one of goOn.splice(0, 1)) one()
  await expect.poll(claimed).toBe(15)
  const all = setInterval(() => {
    for (const one of goOn.splice(0)) one()
  }, 5)
  onTestFinished(() => clearInterval(all))
  await expect.poll(claimed).toBe(40)
})
