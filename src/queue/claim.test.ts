import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openBench, things } from '../../test/support/due-table.ts'
import { dueTable, LeaseLost } from './index.ts'

const keyOf = (thing: string) => ({ organizationId: 7, thing })

test('a claim takes what is due longest first, and tells key, data, attempts and how late it is', async () => {
  const { queue, add, row } = await openBench()
  for (const [thing, ago] of Object.entries({ young: 1, oldest: 30, old: 20, tomorrow: -86_400 }))
    await add(thing, ago)
  await add('never', null)
  const claims = await queue.claim(things, 2)
  expect(claims.map((claim) => claim.row)).toEqual([
    { ...keyOf('oldest'), payload: 'for oldest' },
    { ...keyOf('old'), payload: 'for old' },
  ])
  expect(claims[0]).toMatchObject({ attempts: 1, key: [7, 'oldest'], dueAt: expect.any(Date) })
  expect(claims[0]?.lateMs).toBeGreaterThan(29_900)
  expect((await queue.claim(things, 9)).map((claim) => claim.row.thing)).toEqual(['young'])
  expect(await queue.claim(things, 9)).toEqual([])
  expect(await row('tomorrow')).toMatchObject({ leased: false, attempts: 0 })
})

test('a claim brings along what another table holds of its rows, and null where it holds nothing', async () => {
  const { db, queue, add } = await openBench()
  type Key = { readonly organizationId: number; readonly thing: string }
  const joined = dueTable<Key, Key & { readonly payload: string; readonly effect: string | null }>({
    name: 'things',
    key: { organizationId: 'bigint', thing: 'text' },
    data: ['payload'],
    brings: { joins: 'left join effects e using (thing)', columns: [['effect', 'upper(e.thing)']] },
  })
  for (const thing of ['with', 'without', 'alone']) await add(thing, thing === 'alone' ? null : 5)
  await db.query({ text: `insert into effects values ('with'), ('alone'), ('other')`, values: [] })
  const claims = await queue.claim(joined, 9)
  const effects = Object.fromEntries(claims.map(({ row }) => [row.thing, row.effect]))
  expect(effects).toEqual({ with: 'WITH', without: null })
  expect(claims.map((claim) => claim.row.payload).sort()).toEqual(['for with', 'for without'])
  expect(claims[0]).toMatchObject({ attempts: 1, dueAt: expect.any(Date) })
  expect(claims[0]?.lateMs).toBeGreaterThan(4_900)
  const leased = await queue.leaseOne(joined, keyOf('alone'))
  expect(leased).toMatchObject({ row: { effect: 'ALONE' }, dueAt: null, attempts: 1, lateMs: 0 })
  expect(await queue.claim(joined, 9)).toEqual([])
})

test('of two processes that claim at once, none gets what the other has', async () => {
  const { queue, another, add } = await openBench()
  const names = Array.from({ length: 60 }, (_, index) => `thing ${index}`)
  for (const name of names) await add(name, 1)
  const second = (await another()).queue
  const rounds = Array.from({ length: 12 }, (_, round) => (round % 2 === 0 ? queue : second).claim(things, 5))
  const got = (await Promise.all(rounds)).flat().map((claim) => claim.row.thing)
  for (const left of await queue.claim(things, 99)) got.push(left.row.thing)
  expect(got.sort()).toEqual([...names].sort())
})

test('ends that are written together change each their own columns, and leave what they do not name', async () => {
  const { db, queue, add } = await openBench()
  for (const thing of ['one', 'two', 'three']) await add(thing, 5)
  const sets = [{ log: [{ at: 1 }] }, {}, { payload: 'new', log: [{ at: 2 }, { at: 3 }] }]
  const claims = await queue.claim(things, 3)
  const ends = claims.map((lease) => {
    const set = sets[['one', 'two', 'three'].indexOf(lease.row.thing)] ?? {}
    return { lease, due: null, set, attempts: 'reset' as const }
  })
  expect((await db.transaction((tx) => queue.endMany(tx, ends))).size).toBe(3)
  const rows = await db.query({ text: 'select thing, payload, log from things order by thing', values: [] })
  expect(rows).toEqual([
    { thing: 'one', payload: 'for one', log: [{ at: 1 }] },
    { thing: 'three', payload: 'new', log: [{ at: 2 }, { at: 3 }] },
    { thing: 'two', payload: 'for two', log: [] },
  ])
})

test('an end is written in the transaction of the effect, or neither is', async () => {
  const { db, queue, add, row } = await openBench()
  await add('one', 5)
  const [claim] = await queue.claim(things, 1)
  if (claim === undefined) throw new Error('nothing claimed')
  const attempt = db.transaction(async (tx) => {
    await queue.finish(tx, claim, { afterSeconds: 60 })
    throw new Error('changed my mind')
  })
  await expect(attempt).rejects.toThrow('changed my mind')
  expect(await row('one')).toMatchObject({ leased: true, attempts: 1 })
  await db.transaction((tx) => queue.finish(tx, claim, { afterSeconds: 60 }))
  const after = await row('one')
  expect(after).toMatchObject({ leased: false, attempts: 0, owner: null })
  expect(after.dueInSeconds).toBeGreaterThan(55)
  expect(after.dueInSeconds).toBeLessThanOrEqual(60)
})

test('a row may be due at a given time, or never again', async () => {
  const { db, queue, add } = await openBench()
  await add('dated', 5)
  await add('done', 5)
  const [dated, done] = await queue.claim(things, 2)
  if (dated === undefined || done === undefined) throw new Error('nothing claimed')
  await db.transaction(async (tx) => {
    await queue.finish(tx, dated, new Date('2040-02-29T12:00:00.123Z'))
    await queue.finish(tx, done, null)
  })
  expect(await db.query({ text: 'select due_at from things order by thing', values: [] })).toEqual([
    { due_at: new Date('2040-02-29T12:00:00.123Z') },
    { due_at: null },
  ])
})

test('who was late is refused the end, its transaction is rolled back, and its renewal and release are void', async () => {
  const { db, queue, another, add, row } = await openBench()
  await add('one', 5)
  const [late] = await queue.claim(things, 1)
  if (late === undefined) throw new Error('nothing claimed')
  await sleep(2_100)
  const [next] = await (await another()).queue.claim(things, 1)
  expect(next).toMatchObject({ attempts: 2 })
  expect(next?.token).not.toBe(late.token)
  const attempt = db.transaction(async (tx) => {
    await tx.query({ text: `insert into effects values ('one')`, values: [] })
    await queue.finish(tx, late, { afterSeconds: 1 })
  })
  await expect(attempt).rejects.toThrow(LeaseLost)
  expect(await db.query({ text: 'select * from effects', values: [] })).toEqual([])
  expect(await queue.renew(late)).toBe(false)
  expect(await queue.release(late, null)).toBe(false)
  expect(await row('one')).toMatchObject({ leased: true, attempts: 2 })
})

test('a lease that ran out but that nobody took may still be ended, and renewed', async () => {
  const { db, queue, add } = await openBench()
  await add('one', 5)
  const [claim] = await queue.claim(things, 1)
  if (claim === undefined) throw new Error('nothing claimed')
  await sleep(2_100)
  expect(await queue.renew(claim)).toBe(true)
  expect(await queue.claim(things, 1)).toEqual([])
  await db.transaction((tx) => queue.finish(tx, claim, null))
})

test('a release keeps the attempts counted, and the due time unless one is given', async () => {
  const { queue, add, row } = await openBench()
  await add('one', 5)
  const [first] = await queue.claim(things, 1)
  if (first === undefined) throw new Error('nothing claimed')
  expect(await queue.release(first)).toBe(true)
  expect((await row('one')).dueInSeconds).toBeLessThan(-4)
  const [second] = await queue.claim(things, 1)
  if (second === undefined) throw new Error('nothing claimed')
  expect(second.attempts).toBe(2)
  await queue.release(second, { afterSeconds: 30 })
  const after = await row('one')
  expect(after).toMatchObject({ leased: false, attempts: 2 })
  expect(after.dueInSeconds).toBeGreaterThan(28)
})

test('one row is leased out of its turn, unless a lease stands on it', async () => {
  const { db, queue, another, add, row } = await openBench()
  await add('idle', -3_600)
  const second = (await another()).queue
  const claims = await Promise.all([
    queue.leaseOne(things, keyOf('idle')),
    second.leaseOne(things, keyOf('idle')),
    second.leaseOne(things, keyOf('idle')),
  ])
  const held = claims.filter((claim) => claim !== null)
  expect(held).toHaveLength(1)
  const [claim] = held
  if (claim === undefined) throw new Error('not leased')
  expect(claim.row).toEqual({ ...keyOf('idle'), payload: 'for idle' })
  expect(claim.lateMs).toBeLessThan(-3_500_000)
  expect(await second.leaseOne(things, keyOf('none'))).toBeNull()
  await db.transaction((tx) => queue.finish(tx, claim, { afterSeconds: 7_200 }))
  expect((await row('idle')).dueInSeconds).toBeGreaterThan(7_000)
  expect(await second.leaseOne(things, keyOf('idle'), 1)).not.toBeNull()
  await sleep(1_100)
  expect(await queue.leaseOne(things, keyOf('idle'))).not.toBeNull()
})

test('rows are added once', async () => {
  const { queue, row } = await openBench()
  await queue.ensure(things, [keyOf('a'), keyOf('b')])
  const [claim] = await queue.claim(things, 1)
  await queue.ensure(things, [keyOf('a'), keyOf('b'), keyOf('c')])
  expect(await row(claim?.row.thing ?? '')).toMatchObject({ leased: true })
  expect(await queue.claim(things, 9)).toHaveLength(2)
})
