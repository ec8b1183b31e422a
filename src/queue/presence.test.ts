import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { cutPresence, openBench, patient } from '../../test/support/due-table.ts'
import { createQueue, LeaseLost } from './index.ts'

const key = { organizationId: 7, thing: 'one' }

test('leases carry the number of a process that is present, and none without', async () => {
  const { queue, add, row } = await openBench()
  await add('one', 5)
  await queue.claim(patient, 1)
  expect((await row('one')).owner).toBeNull()
  await queue.presence.start()
  const owner = queue.presence.owner()
  expect(owner).toBeGreaterThan(2 ** 32)
  await add('two', 5)
  await queue.claim(patient, 1)
  expect((await row('two')).owner).toBe(owner)
})

test('what a process held is free, and others are woken for it, within 2 s of its end', async () => {
  const { db, queue, another, add, row } = await openBench()
  const survivor = (await another()).queue
  await Promise.all([queue.presence.start(), survivor.presence.start()])
  await add('one', 5)
  await add('later', -3_600)
  const [claim] = await queue.claim(patient, 1)
  await queue.leaseOne(patient, { organizationId: 7, thing: 'later' })
  expect(await survivor.claim(patient, 1)).toEqual([])
  const heard: string[] = []
  const unlisten = await db.listen(
    'due',
    (table) => heard.push(table),
    () => undefined,
  )
  const ownerBefore = queue.presence.owner()
  await cutPresence(db, ownerBefore)
  await expect.poll(() => row('one'), { timeout: 5_000 }).toMatchObject({ leased: false, owner: null })
  expect(await row('later')).toMatchObject({ leased: false, owner: null })
  await expect.poll(() => heard).toContain('things')
  await unlisten()
  const [again] = await survivor.claim(patient, 1)
  expect(again).toMatchObject({ attempts: 2 })
  if (claim === undefined) throw new Error('nothing claimed')
  const attempt = db.transaction((tx) => queue.finish(tx, claim, null))
  await expect(attempt).rejects.toThrow(LeaseLost)
})

test('a process whose connection was cut comes back under another number', async () => {
  const { db, queue, errors, add, row } = await openBench()
  await queue.presence.start()
  const before = queue.presence.owner()
  await cutPresence(db, before)
  await expect.poll(() => queue.presence.owner(), { timeout: 5_000 }).not.toBe(before)
  await expect.poll(() => queue.presence.owner(), { timeout: 5_000 }).not.toBeNull()
  expect(errors).toEqual([expect.stringContaining('this process lives')])
  await add('one', 5)
  await queue.claim(patient, 1)
  expect((await row('one')).owner).toBe(queue.presence.owner())
})

test('the lease of a dead process on one row is taken over at once, that of a living one never', async () => {
  const { db, queue, another, add } = await openBench()
  // Only the first shows itself, and nobody looks for the dead: the take-over itself must see it.
  const other = (await another()).queue
  await queue.presence.start()
  await add('one', -3_600)
  expect(await queue.leaseOne(patient, key)).not.toBeNull()
  expect(await other.leaseOne(patient, key)).toBeNull()
  expect(await queue.leaseOne(patient, key)).toBeNull()
  await queue.presence.stop()
  expect(await db.query({ text: 'select 1 from processes', values: [] })).toEqual([])
  expect(await other.leaseOne(patient, key)).toMatchObject({ attempts: 2 })
  // Without a number only the time limit ends it.
  expect(await queue.leaseOne(patient, key)).toBeNull()
})

test('a wait for a row that a living process takes meanwhile does not end in a second lease', async () => {
  const { db, queue, another, add } = await openBench()
  await queue.presence.start()
  await add('one', -3_600)
  const second = await another()
  await second.queue.presence.start()
  let waiting: Promise<unknown> = Promise.resolve()
  await db.transaction(async (tx) => {
    await tx.query({
      text: `update things set lease_owner = $1, lease_until = now() + interval '1 hour',
        lease_token = gen_random_uuid()`,
      values: [queue.presence.owner()],
    })
    waiting = second.queue.leaseOne(patient, key)
    const locked = `select 1 from pg_stat_activity
      where wait_event_type = 'Lock' and datname = current_database()`
    await expect.poll(() => db.query({ text: locked, values: [] })).toHaveLength(1)
  })
  expect(await waiting).toBeNull()
})

test('a process that has gone is forgotten, and one that lives is not', async () => {
  const { db, queue, another } = await openBench()
  const survivor = (await another()).queue
  await Promise.all([queue.presence.start(), survivor.presence.start()])
  const before = queue.presence.owner()
  await cutPresence(db, before)
  const owners = async () => {
    const rows = await db.query<{ owner: number }>({ text: 'select owner from processes', values: [] })
    return rows.map(({ owner }) => owner)
  }
  await expect.poll(owners, { timeout: 8_000 }).not.toContain(before)
  expect([...(await owners())].sort()).toEqual(
    [queue.presence.owner() ?? 0, survivor.presence.owner() ?? 0].sort(),
  )
  await queue.presence.stop()
  await survivor.presence.stop()
  expect(await owners()).toEqual([])
})

test('where advisory locks do not last, leases are taken without a number', async () => {
  const { db, add, row } = await openBench()
  // As behind a pooler that hands a connection to others between statements: the lock is not seen.
  const errors: string[] = []
  const pooled = createQueue({
    db: {
      ...db,
      openSession: async (ms) => {
        const session = await db.openSession(ms)
        const unlocked: typeof session.query = async (statement) => {
          const rows = await session.query(statement)
          await session.query({ text: 'select pg_advisory_unlock_all()', values: [] })
          return rows as never
        }
        return { ...session, query: unlocked }
      },
    },
    tables: [patient],
    onError: (error) => errors.push(String(error)),
  })
  await pooled.presence.start()
  await expect.poll(() => errors[0]).toContain('time limit alone')
  await add('one', 5)
  await pooled.claim(patient, 1)
  expect(await row('one')).toMatchObject({ leased: true, owner: null })
  await pooled.presence.stop()
})

test('a worker whose connection was cut leases nothing before it has a number again', async () => {
  const { db, add, row } = await openBench()
  let isAway = false
  const errors: string[] = []
  const queue = createQueue({
    db: {
      ...db,
      openSession: (ms) => (isAway ? Promise.reject(new Error('the database is away')) : db.openSession(ms)),
    },
    tables: [patient],
    onError: (error) => errors.push(String(error)),
  })
  const owners: (number | null)[] = []
  const worker = queue.worker([
    {
      table: patient,
      parallel: 1,
      batch: 1,
      run: async () => {
        owners.push((await row('one')).owner)
        return null
      },
    },
  ])
  await queue.presence.start()
  await worker.start()
  const before = queue.presence.owner()
  isAway = true
  await cutPresence(db, before)
  await expect.poll(() => queue.presence.owner()).toBeNull()
  await add('one', 5)
  await sleep(1_500)
  expect(owners).toEqual([])
  isAway = false
  await expect.poll(() => owners, { timeout: 5_000 }).toHaveLength(1)
  expect(owners).toEqual([queue.presence.owner()])
  expect(owners).not.toContain(before)
  await worker.stop()
  await queue.presence.stop()
})
