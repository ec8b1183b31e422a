import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import {
  createQueue,
  type DeliveryDue,
  type DeliveryKey,
  deliveriesDue,
  dueTables,
  type Job,
} from '#src/queue/index.ts'
import type { Database, Queryable, Store } from '#src/store/index.ts'
import { onStore } from '../../../test/support/store-stage.ts'
import { createSubscriptions } from './subscriptions.ts'
import { createWriteEnds, type Ending } from './write-ends.ts'

let db: Database
let store: Store
onStore((stage) => {
  db = stage.db
  store = stage.store
})
beforeEach(async () => {
  await run('truncate notifications, deliveries, subscriptions')
})

/** A lease that runs out within a test. */
const hasty = { ...deliveriesDue, leaseSeconds: 2 }

const run = (text: string, values: readonly unknown[] = [], on: Queryable = db) =>
  on.query<Record<string, number>>({ text, values })

const subscribe = async (organizationId: number): Promise<number> => {
  const made = await store.subscriptions.put({
    ...{ organizationId, accountId: 1, userId: 1, instanceId: null, channel: 'webhook' },
    ...{ topics: ['t'], config: { url: 'http://127.0.0.1/hook' } },
  })
  return made.subscriptionId
}

/** Deliveries of so many new notifications to a new subscription. */
const deliver = async (organizationId: number, count: number, to?: number): Promise<number> => {
  const subscriptionId = to ?? (await subscribe(organizationId))
  const ids = await store.notifications.nextIds(count)
  await run(
    `insert into notifications (organization_id, notification_id, account_id, user_id, kind, topic, severity, sender,
        objects, body, created_at)
      select $1, id, 1, 1, 'poll', 't', 'low', 's', array['reports/' || id], '{}', now() from unnest($2::bigint[]) as id`,
    [organizationId, ids],
  )
  await store.deliveries.insertFor(organizationId, ids, [subscriptionId])
  return subscriptionId
}

const stage = () => {
  const queue = createQueue({ db, tables: dueTables, onError: (error) => expect.fail(String(error)) })
  return { queue, writeEnds: createWriteEnds({ store, queue }) }
}

const deliveredEnd = { due: null, set: { status: 'delivered', updatedAt: new Date() } }

const ends = (
  leases: readonly Ending['lease'][],
  how: Omit<Ending, 'lease' | 'attempts'> = deliveredEnd,
): readonly Ending[] => leases.map((lease) => ({ lease, attempts: 'reset', ...how }))

const putOff = { due: { afterSeconds: 60 }, set: { putOffBy: 'r' } }

const isWaitedFor = async (): Promise<boolean> =>
  (
    await run(`select 1 from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`)
  ).length > 0

const lockRow = (tx: Queryable, subscriptionId: number, how = '') =>
  run(`select 1 from subscriptions where subscription_id = $1 for no key update ${how}`, [subscriptionId], tx)

const openOf = async (subscriptionId: number): Promise<number> => {
  const [row] = await run(
    `select count(*) as count from deliveries where subscription_id = $1 and status = 'created'`,
    [subscriptionId],
  )
  return row?.['count'] ?? -1
}

describe('a subscription that somebody keeps locked', () => {
  it('holds up the ends of no other, its own are written after, and nothing is sent twice', async () => {
    const { queue, writeEnds } = stage()
    const busy = await deliver(7, 30)
    const other = await deliver(8, 200)
    const sent: number[] = []
    const job: Job<DeliveryKey, DeliveryDue> = {
      ...{ table: hasty, parallel: 50, batch: 100, writeEnds },
      run: async ({ row }) => {
        sent.push(row.deliveryId)
        return deliveredEnd
      },
    }
    const worker = queue.worker([job])
    onTestFinished(() => worker.stop())
    await store.transaction(async ({ tx }) => {
      await lockRow(tx, busy)
      await worker.start()
      await expect.poll(() => openOf(other), { timeout: 10_000 }).toBe(0)
      await sleep(4_500)
      await deliver(8, 100, other)
      await deliver(7, 10, await subscribe(7))
      await expect.poll(() => openOf(other), { timeout: 10_000 }).toBe(0)
      await expect.poll(() => sent.length, { timeout: 10_000 }).toBe(340)
      expect(await openOf(busy)).toBe(30)
      expect(await stage().queue.claim(hasty, 100)).toEqual([])
    })
    await expect.poll(() => openOf(busy), { timeout: 10_000 }).toBe(0)
    expect(new Set(sent).size).toBe(340)
    expect(sent).toHaveLength(340)
    expect(worker.counts()).toEqual({ deliveries: { claimed: 340, failed: 0, lost: 0 } })
  })

  it('is busy until it is free, and of the others everything is written', async () => {
    const { queue, writeEnds } = stage()
    const busy = await deliver(7, 2)
    await deliver(8, 3)
    const claims = await queue.claim(deliveriesDue, 10)
    const ofBusy = claims.filter(({ row }) => row.subscriptionId === busy)
    await store.transaction(async ({ tx }) => {
      await lockRow(tx, busy)
      const first = await writeEnds(ends(claims))
      expect(first.ended.size).toBe(3)
      expect(first.busy).toEqual(new Set(ofBusy))
      expect(await writeEnds(ends(ofBusy))).toEqual({ ended: new Set(), busy: new Set(ofBusy) })
    })
    expect(await writeEnds(ends(ofBusy))).toEqual({ ended: new Set(ofBusy), busy: new Set() })
  })

  it('is waited for, a moment', async () => {
    const { queue, writeEnds } = stage()
    const subscriptionId = await deliver(7, 1)
    const claims = await queue.claim(deliveriesDue, 10)
    const writing = await store.transaction(async ({ tx }) => {
      await lockRow(tx, subscriptionId)
      const begun = { written: writeEnds(ends(claims)) }
      await expect.poll(isWaitedFor, { timeout: 5_000, interval: 5 }).toBe(true)
      return begun
    })
    const { ended, busy } = await writing.written
    expect(ended.size + (busy?.size ?? 0)).toBe(1)
  })

  it('may be a delivery alone: the others of its subscription are written', async () => {
    const { queue, writeEnds } = stage()
    await deliver(7, 3)
    const claims = await queue.claim(deliveriesDue, 10)
    const [first] = claims
    await store.transaction(async ({ tx }) => {
      await run('select 1 from deliveries where delivery_id = $1 for update', [first?.row.deliveryId], tx)
      const { ended, busy } = await writeEnds(ends(claims))
      expect(ended.size).toBe(2)
      expect(busy).toEqual(new Set([first]))
    })
    expect((await writeEnds(ends([first].flatMap((one) => one ?? [])))).ended.size).toBe(1)
  })
})

describe('who works on deliveries waits for nobody who waits for it', () => {
  it('by locking subscriptions in one order, whatever the order of the ends and organizations', async () => {
    const { queue, writeEnds } = stage()
    const low = await deliver(7, 1)
    const high = await deliver(8, 1)
    const claims = await queue.claim(deliveriesDue, 10)
    const falling = [...claims].sort((one, two) => two.row.organizationId - one.row.organizationId)
    const { written } = await store.transaction(async ({ tx }) => {
      await lockRow(tx, low)
      const begun = { written: writeEnds(ends(falling)) }
      await expect.poll(isWaitedFor, { timeout: 5_000, interval: 5 }).toBe(true)
      await lockRow(tx, high, 'nowait')
      return begun
    })
    const { ended, busy } = await written
    expect(ended.size + (busy?.size ?? 0)).toBe(2)
  })

  it('so that one who unsubscribes meets no deadlock with the ends of what was put off', async () => {
    const { queue, writeEnds } = stage()
    const subscriptionId = await deliver(7, 2)
    const claims = await queue.claim(deliveriesDue, 10)
    const falling = [...claims].sort((one, two) => two.row.deliveryId - one.row.deliveryId)
    const { written } = await store.transaction(async (inside) => {
      await inside.subscriptions.lock(7, [subscriptionId])
      const lowest = falling.at(-1)?.row.deliveryId
      await run('select 1 from deliveries where delivery_id = $1 for update', [lowest], inside.tx)
      const begun = { written: writeEnds(ends(falling, putOff)) }
      await expect.poll(isWaitedFor, { timeout: 5_000, interval: 5 }).toBe(true)
      await inside.deliveries.removeOpenOf(7, subscriptionId)
      await inside.subscriptions.remove(7, subscriptionId)
      return begun
    })
    const { ended } = await written
    expect(ended.size).toBe(0)
    expect(await store.subscriptions.find(7, subscriptionId)).toBeUndefined()
  })
})

it('what comes behind one that is queued is so too, and goes after it when both are released', async () => {
  const { queue, writeEnds } = stage()
  const subscriptionId = await deliver(7, 1)
  const [first] = await run('select notification_id as id from deliveries')
  const again = () => store.deliveries.insertFor(7, [first?.['id'] ?? 0], [subscriptionId])
  const statuses = async () =>
    (await run('select status from deliveries order by delivery_id')).map(({ status }) => status)
  await again()
  await again()
  const claims = await queue.claim(deliveriesDue, 10)
  expect(claims).toHaveLength(1)
  await writeEnds(ends(claims, { due: null, set: { status: 'queued', updatedAt: new Date() } }))
  await again()
  expect(await statuses()).toEqual(['queued', 'queued', 'queued', 'queued'])
  const all = (await run('select delivery_id as id from deliveries order by 1')).map(({ id }) => id ?? 0)
  const filter = { accountId: 1 }
  expect(await store.deliveries.release(7, filter, { deliveryIds: all, again: false })).toEqual(all)
  for (const id of all) {
    const due = await queue.claim(deliveriesDue, 10)
    expect(due.map(({ row }) => row.deliveryId)).toEqual([id])
    await writeEnds(ends(due))
  }
  expect(await statuses()).toEqual(Array(4).fill('delivered'))
})

it('much that is on its way goes in parts, newest first, and what is left when that is cut off goes by another try', async () => {
  const subscriptionId = await deliver(7, 4_500)
  const caller = { organizationId: 7, accountId: 1, userId: 1 }
  let transactions = 0
  const { unsubscribe } = createSubscriptions({
    store: {
      ...store,
      transaction: (...args: Parameters<Store['transaction']>) => {
        transactions += 1
        if (transactions === 2) throw new Error('cut off')
        return store.transaction(...args)
      },
    } as Store,
  })
  const [before] = await run('select min(delivery_id) as id, max(delivery_id) - 2000 as last from deliveries')
  await expect(unsubscribe(caller, subscriptionId)).rejects.toThrow('cut off')
  expect(await run('select min(delivery_id) as id, max(delivery_id) as last from deliveries')).toEqual([
    before,
  ])
  await unsubscribe(caller, subscriptionId)
  expect(transactions).toBe(4)
  expect(await run('select 1 from deliveries')).toEqual([])
  expect(await store.subscriptions.find(7, subscriptionId)).toBeUndefined()
})
