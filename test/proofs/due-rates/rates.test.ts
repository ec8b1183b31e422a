import { afterEach, expect, test } from 'vitest'
import { type AnyJob, createQueue, dueTable, type Queue } from '#src/queue/index.ts'
import { type Database, migrate, migrations } from '#src/store/index.ts'
import { createTestDatabase } from '../../support/database.ts'
import { countLeft, prepareWork } from '../due/ledger.ts'
import { inParallel, proofRun } from '../support/run.ts'

const run = proofRun('due-rates')
const rows = run.share(120_000)
const connections = 5

interface WorkKey {
  readonly organizationId: number
  readonly n: number
}

const work = dueTable<WorkKey>({ name: 'work', key: { organizationId: 'bigint', n: 'bigint' } })

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

/** Rows that are due, without the books of the other test, which cost as much again. */
const prepared = async (): Promise<{ db: Database; queue: Queue }> => {
  const database = await createTestDatabase()
  const db = await database.open()
  await migrate(db, migrations, () => undefined)
  await prepareWork(db, rows)
  await db.query({ text: 'drop trigger write_book on work', values: [] })
  const queue = createQueue({ db, tables: [work], onError: (error) => expect.unreachable(String(error)) })
  await queue.presence.start()
  cleanups.push(async () => {
    await queue.presence.stop()
    await db.close()
  })
  return { db, queue }
}

/** Runs it on all rows; prints rows a second and this process's CPU time a row. */
const measure = async (what: string, db: Database, handle: () => Promise<void>): Promise<void> => {
  const cpuBefore = process.cpuUsage()
  const startMs = performance.now()
  await handle()
  const seconds = (performance.now() - startMs) / 1_000
  const { user, system } = process.cpuUsage(cpuBefore)
  run.say(
    `${what}: ${Math.round(rows / seconds).toLocaleString('en')} rows/s, ${Math.round((user + system) / rows)} us CPU a row`,
  )
  expect(await countLeft(db)).toBe(0)
}

const workThrough = async (queue: Queue, job: Omit<AnyJob, 'table'>): Promise<void> => {
  const worker = queue.worker([{ ...job, table: work }])
  await worker.drain(run.timeoutMs)
  await worker.stop()
  expect(worker.counts()['work']).toEqual({ claimed: rows, failed: 0, lost: 0 })
}

test.each([100, 500])(
  'the least that a database does: rows taken in statements of %i, without a lease',
  async (batch) => {
    const { db } = await prepared()
    await measure(`yardstick, one statement takes and ends ${batch}`, db, async () => {
      let taken = batch
      while (taken > 0) {
        const done = await db.query({
          text: `with p as materialized (select organization_id, n from work where due_at <= now()
            order by due_at limit $1 for update skip locked)
          update work t set due_at = null from p where t.organization_id = p.organization_id and t.n = p.n
          returning 1`,
          values: [batch],
        })
        taken = done.length
      }
    })
  },
  run.timeoutMs,
)

test.each([100, 500])(
  'rows are claimed and ended in batches of %i',
  async (batch) => {
    const { db, queue } = await prepared()
    const parallel = batch
    await measure(`claim and end, batches of ${batch}, through a worker`, db, () =>
      workThrough(queue, { parallel, batch, run: async () => null }),
    )
  },
  run.timeoutMs,
)

test(
  'rows are claimed in batches and each ended in the transaction of its effect',
  async () => {
    const { db, queue } = await prepared()
    await measure('each ended in a transaction with one insert, 5 connections', db, () =>
      workThrough(queue, {
        parallel: 20,
        batch: 100,
        run: async (claim) => {
          await db.transaction(async (tx) => {
            await tx.query({
              name: 'effect',
              text: 'insert into effects (n, token) values ($1, $2)',
              values: [claim.key[1], claim.token],
            })
            await queue.finish(tx, claim, null)
          })
          return 'finished'
        },
      }),
    )
  },
  run.timeoutMs,
)

test(
  'single rows are leased out of their turn and given back',
  async () => {
    const { db, queue } = await prepared()
    await measure('leased one by one and given back, 5 connections', db, () =>
      inParallel(rows, connections, async (number) => {
        const n = number + 1
        const claim = await queue.leaseOne(work, { organizationId: 2 + (n % 40), n })
        if (claim === null) throw new Error(`row ${n} is held`)
        await queue.release(claim, null)
      }),
    )
  },
  run.timeoutMs,
)
