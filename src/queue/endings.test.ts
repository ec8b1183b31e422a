import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { type Bench, openBench, type Thing, type ThingKey, things } from '../../test/support/due-table.ts'
import type { Job, Worker } from './index.ts'

type Ends = Parameters<NonNullable<Job<ThingKey, Thing>['writeEnds']>>[0]

/** Beyond the lease of `things`, twice. */
const longMs = 4_500

const work = ({ queue }: Bench, job: Partial<Job<ThingKey, Thing>> & Pick<Job<ThingKey>, 'run'>): Worker => {
  const worker = queue.worker([{ table: things, parallel: 4, batch: 10, ...job }])
  onTestFinished(() => worker.stop())
  return worker
}

const addMany = async ({ db }: Bench, name: string, count: number): Promise<void> => {
  await db.query({
    text: `insert into things (organization_id, thing, due_at)
      select 7, $1 || n, now() - interval '1 hour' from generate_series(1, $2) as n`,
    values: [name, count],
  })
}

const left = async ({ db }: Bench, name: string): Promise<number> => {
  const [row] = await db.query<{ count: number }>({
    text: 'select count(*) as count from things where due_at is not null and thing like $1',
    values: [`${name}%`],
  })
  return row?.count ?? 0
}

const latch = (): { readonly open: () => void; readonly opened: Promise<void> } => {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, opened }
}

test('ends that cannot be written for long keep their leases, and no more is claimed while they are many', async () => {
  const bench = await openBench()
  await addMany(bench, 'thing ', 200)
  const seen: string[] = []
  const free = latch()
  const worker = work(bench, {
    run: async ({ row }) => {
      seen.push(row.thing)
      return null
    },
    writeEnds: async (ends) => {
      await free.opened
      return { ended: await bench.db.transaction((tx) => bench.queue.endMany(tx, ends)) }
    },
  })
  await worker.start()
  await expect.poll(() => seen.length, { timeout: 5_000 }).toBeGreaterThan(40)
  await sleep(longMs)
  expect(seen.length).toBeLessThanOrEqual(4 * 10 + 10)
  free.open()
  await expect.poll(() => left(bench, 'thing'), { timeout: 10_000 }).toBe(0)
  expect(new Set(seen).size).toBe(200)
  expect(seen).toHaveLength(200)
  expect(worker.counts()).toEqual({ things: { claimed: 200, failed: 0, lost: 0 } })
})

test('what is busy is tried again until it is free, its leases stand, and other ends are written meanwhile', async () => {
  const bench = await openBench()
  const other = (await bench.another()).queue
  await addMany(bench, 'busy ', 15)
  await addMany(bench, 'other ', 15)
  const seen: string[] = []
  let isFree = false
  let tries = 0
  const writeEnds = async (ends: Ends) => {
    const isBusy = ({ lease }: Ends[number]): boolean => !isFree && lease.row.thing.startsWith('busy')
    const some = ends.filter((end) => !isBusy(end))
    if (some.length < ends.length) tries += 1
    return {
      ended: await bench.db.transaction((tx) => bench.queue.endMany(tx, some)),
      busy: new Set(ends.filter(isBusy).map(({ lease }) => lease)),
    }
  }
  const worker = work(bench, {
    run: async ({ row }) => {
      seen.push(row.thing)
      return null
    },
    writeEnds,
  })
  await worker.start()
  await expect.poll(() => left(bench, 'other'), { timeout: 5_000 }).toBe(0)
  await sleep(longMs)
  await addMany(bench, 'other and ', 100)
  await expect.poll(() => left(bench, 'other'), { timeout: 5_000 }).toBe(0)
  expect(await left(bench, 'busy')).toBe(15)
  expect(await other.claim(things, 100)).toEqual([])
  expect(tries).toBeGreaterThan(5)
  isFree = true
  await expect.poll(() => left(bench, 'busy'), { timeout: 5_000 }).toBe(0)
  expect(seen).toHaveLength(130)
  expect(worker.counts()).toEqual({ things: { claimed: 130, failed: 0, lost: 0 } })
})

test('a row that somebody keeps locked lets no other lease run out, and is not lost', async () => {
  const bench = await openBench()
  const other = (await bench.another()).queue
  for (const thing of ['locked', 'one', 'two']) await bench.add(thing, 60)
  const goOn = latch()
  const reasons: unknown[] = []
  let begun = 0
  const worker = work(bench, {
    run: async (_claim, signal) => {
      begun += 1
      await goOn.opened
      if (signal.aborted) reasons.push(signal.reason)
      return null
    },
  })
  await worker.start()
  await expect.poll(() => begun, { timeout: 5_000 }).toBe(3)
  await bench.db.transaction(async (tx) => {
    await tx.query({ text: `select 1 from things where thing = 'locked' for update`, values: [] })
    await sleep(longMs)
    expect(await other.claim(things, 3)).toEqual([])
  })
  goOn.open()
  await expect.poll(() => left(bench, ''), { timeout: 5_000 }).toBe(0)
  expect(reasons).toEqual([])
  expect(begun).toBe(3)
})

test('a renewal tells what is renewed, what is locked, and what others have taken over', async () => {
  const bench = await openBench()
  for (const thing of ['locked', 'taken', 'free']) await bench.add(thing, 60)
  const claims = await bench.queue.claim(things, 3)
  const leaseOf = (thing: string) => claims.find(({ row }) => row.thing === thing)
  const run = (text: string) => bench.db.query({ text, values: [] })
  await run(`update things set lease_token = gen_random_uuid() where thing = 'taken'`)
  await run(`update things set lease_until = now()`)
  const busy = await bench.db.transaction(async (tx) => {
    await tx.query({ text: `select 1 from things where thing = 'locked' for update`, values: [] })
    return bench.db.transaction((inside) => bench.queue.holdMany(inside, claims))
  })
  expect([...busy]).toEqual([leaseOf('locked')])
  expect(await bench.row('free')).toMatchObject({ leased: true })
  for (const thing of ['locked', 'taken']) expect(await bench.row(thing)).toMatchObject({ leased: false })
})
