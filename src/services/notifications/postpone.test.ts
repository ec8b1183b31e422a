import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, expect, it } from 'vitest'
import { createQueue, deliveriesDue, type Queue } from '#src/queue/index.ts'
import type { Database, Store } from '#src/store/index.ts'
import { onStore } from '../../../test/support/store-stage.ts'
import type { Away } from './gate.ts'
import { createPostponing } from './postpone.ts'

let db: Database
let store: Store
let queue: Queue
onStore((stage) => {
  db = stage.db
  store = stage.store
  queue = createQueue({ db, tables: [deliveriesDue], onError: () => undefined })
})
beforeEach(() => run('truncate deliveries'))

const run = (text: string, values: readonly unknown[] = []) =>
  db.query<Record<string, unknown>>({ text, values })

const away = { afterSeconds: 10, stepSeconds: 0.001 }

let lastId = 0
let lastPort = 0
const deliver = (organizationId: number, subscriptionId: number, count: number): Promise<unknown> => {
  const first = lastId + 1
  lastId += count
  return run(
    `insert into deliveries (organization_id, delivery_id, notification_id, subscription_id, channel, due_at)
      select $1, id, id, $2, 'webhook', now() from generate_series($3::bigint, $4::bigint) as id`,
    [organizationId, subscriptionId, first, lastId],
  )
}

/** Seen at once: a moment later more is done, by itself. */
const soon = { interval: 5 }

const dueNow = async (): Promise<number> =>
  (await run('select 1 from deliveries where due_at <= clock_timestamp()')).length

/** A receiver whose room is what the test says, and statements that are counted. */
const open = () => {
  lastPort += 1
  const receiver = `http://127.0.0.1:${lastPort}`
  let room = 0
  let running = 0
  let most = 0
  let statements = 0
  let broken = false
  const expected: number[] = []
  const counted = async <T>(doIt: () => Promise<T>): Promise<T> => {
    statements += 1
    running += 1
    most = Math.max(most, running)
    try {
      if (broken) throw new Error('the database is gone')
      return await doIt()
    } finally {
      running -= 1
    }
  }
  const postponing = createPostponing(
    {
      queue,
      store: {
        transaction: (work) => counted(() => store.transaction(work)),
        deliveries: { postpone: (...given) => counted(() => store.deliveries.postpone(...given)) },
      },
    },
    { roomAt: () => room, expect: (_name, count) => void expected.push(count) },
  )
  return {
    receiver,
    expected,
    setRoom: (count: number) => {
      room = count
    },
    setBroken: (is: boolean) => {
      broken = is
    },
    statements: () => statements,
    most: () => most,
    sendAway: (organizationId: number, subscriptionId: number, name = receiver, until: Away = away) =>
      postponing.postpone(name, { organizationId, subscriptionId }, until),
    hasten: (isNews = false) => postponing.hasten(receiver, isNews),
    cameBack: () => postponing.cameBack(receiver),
  }
}

it('puts off what is due to all subscriptions of a receiver, however many, by few statements', async () => {
  for (let subscription = 1; subscription <= 40; subscription += 1) await deliver(7, subscription, 3)
  await deliver(8, 1, 3)
  await deliver(7, 99, 3)
  const { sendAway, statements } = open()
  for (let subscription = 1; subscription <= 40; subscription += 1) sendAway(7, subscription)
  sendAway(8, 1)
  await expect.poll(dueNow).toBe(3)
  expect(statements()).toBe(2)
})

it('puts off more than one statement takes, each part behind the one before', async () => {
  await deliver(7, 1, 9_000)
  const { sendAway, statements } = open()
  sendAway(7, 1)
  await expect.poll(dueNow, { timeout: 10_000 }).toBe(0)
  expect(statements()).toBe(3)
  const [row] = await run(`select extract(epoch from max(due_at) - now())::float8 as seconds from deliveries`)
  expect(row?.['seconds']).toBeGreaterThan(17)
  expect(row?.['seconds']).toBeLessThan(20)
})

it('has some come back within five minutes, and writes the rest anew once an hour', async () => {
  await deliver(7, 1, 9_000)
  const { sendAway } = open()
  sendAway(7, 1, undefined, { afterSeconds: 10, stepSeconds: 5 })
  await expect.poll(dueNow).toBe(0)
  const within = async (minutes: number) => {
    const due = await run(
      `select 1 from deliveries where due_at <= clock_timestamp() + make_interval(mins => $1)`,
      [minutes],
    )
    return due.length
  }
  expect([await within(5), await within(60)]).toEqual([4_000, 9_000])
})

it('runs one statement at a time, for however many receivers', async () => {
  const { sendAway, statements, most } = open()
  for (let at = 0; at < 50; at += 1) sendAway(7, at, `http://127.0.0.2:${at}`)
  await expect.poll(statements).toBe(50)
  expect(most()).toBe(1)
})

it('makes due as much as there is room for, and says so before', async () => {
  await deliver(7, 1, 20)
  const { sendAway, setRoom, hasten, expected } = open()
  sendAway(7, 1)
  await expect.poll(dueNow).toBe(0)
  setRoom(12)
  hasten()
  await expect.poll(dueNow, soon).toBe(12)
  await expect.poll(() => expected, soon).toEqual([12, 0])
})

it('looks again for what was being sent away at that moment', async () => {
  await deliver(7, 1, 3)
  await run(`update deliveries set lease_until = now() + interval '1 minute'`)
  const { receiver, sendAway, setRoom, hasten, expected } = open()
  sendAway(7, 1)
  setRoom(12)
  hasten()
  await expect.poll(() => expected, soon).toEqual([12, -12])
  await run(
    `update deliveries set lease_until = null, put_off_by = $1, due_at = now() + interval '5 minutes'`,
    [receiver],
  )
  sendAway(7, 1)
  hasten()
  expect(await dueNow()).toBe(0)
  await expect.poll(dueNow, { timeout: 3_000 }).toBe(3)
})

it('makes due what a process that is no more put off, when the receiver is heard of first', async () => {
  await deliver(7, 1, 3)
  const { receiver, setRoom, hasten } = open()
  await run(`update deliveries set put_off_by = $1, due_at = now() + interval '5 minutes'`, [receiver])
  setRoom(12)
  hasten(true)
  await expect.poll(dueNow).toBe(3)
})

it('goes on by itself where room comes unheard', async () => {
  await deliver(7, 1, 3)
  const { sendAway, setRoom } = open()
  sendAway(7, 1)
  await expect.poll(dueNow).toBe(0)
  setRoom(12)
  await expect.poll(dueNow, { timeout: 6_000 }).toBe(3)
})

it('makes due what another process put off, once one of it has come back', async () => {
  await deliver(7, 1, 3)
  const { receiver, setRoom, hasten, cameBack } = open()
  await run(`update deliveries set put_off_by = $1, due_at = now() + interval '5 minutes'`, [receiver])
  setRoom(12)
  hasten()
  await sleep(100)
  expect(await dueNow()).toBe(0)
  cameBack()
  hasten()
  await expect.poll(dueNow).toBe(3)
})

it('tries again a second after a statement failed, and expects nothing of that', async () => {
  await deliver(7, 1, 3)
  const { sendAway, setRoom, setBroken, hasten, expected } = open()
  sendAway(7, 1)
  await expect.poll(dueNow).toBe(0)
  setBroken(true)
  setRoom(12)
  hasten()
  await expect.poll(() => expected, soon).toEqual([12, -12])
  setBroken(false)
  await expect.poll(dueNow, { timeout: 3_000 }).toBe(3)
})
