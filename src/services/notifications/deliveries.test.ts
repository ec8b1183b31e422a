import { beforeEach, expect, it } from 'vitest'
import { createQueue, dueTables } from '#src/queue/index.ts'
import type { Database, Store } from '#src/store/index.ts'
import { onStore } from '../../../test/support/store-stage.ts'
import { createDeliveries } from './deliveries.ts'

const caller = { organizationId: 7, accountId: 1, userId: 1 }
const count = 4_500

let db: Database
let store: Store
onStore((stage) => {
  db = stage.db
  store = stage.store
})
beforeEach(async () => {
  await run('truncate notifications, deliveries, subscriptions')
})

const run = (text: string, values: readonly unknown[] = []) =>
  db.query<Record<string, unknown>>({ text, values })

const notify = async (howMany: number, subscriptionId: number, objects = '{}'): Promise<void> => {
  const ids = await store.notifications.nextIds(howMany)
  await run(
    `insert into notifications (organization_id, notification_id, account_id, user_id, kind, topic, severity, sender,
        objects, body, created_at)
      select 7, id, 1, 1, 'poll', 't', 'low', 's', $2, '{}', now() from unnest($1::bigint[]) as id`,
    [ids, objects],
  )
  await store.deliveries.insertFor(7, ids, [subscriptionId])
}

/** A subscription that was given up, with much that is queued; about an object where that is said. */
const givenUp = async (objects?: string): Promise<number> => {
  const { subscriptionId } = await store.subscriptions.put({
    ...{ ...caller, instanceId: null, channel: 'webhook' as const },
    ...{ topics: ['t'], config: { url: 'http://127.0.0.1/hook' } },
  })
  await store.subscriptions.deactivate(7, subscriptionId, 'gone')
  await notify(count, subscriptionId, objects)
  return subscriptionId
}

const statuses = async (): Promise<Readonly<Record<string, unknown>>> =>
  Object.fromEntries(
    (await run('select status, count(*) as count from deliveries group by 1')).map((row) => [
      row['status'],
      row['count'],
    ]),
  )

/** Runs something before each transaction, which are numbered from 1. */
const stage = (before: (transaction: number) => Promise<void>) => {
  let transactions = 0
  const watched = {
    ...store,
    transaction: async (...args: Parameters<Store['transaction']>) => {
      transactions += 1
      await before(transactions)
      return store.transaction(...args)
    },
  } as Store
  const queue = createQueue({ db, tables: dueTables, onError: (error) => expect.fail(String(error)) })
  return createDeliveries({ store: watched, queue })
}

const all = { where: undefined, from: undefined, to: undefined }
const how = { replay: false, hydrate: false, limit: 10 }

it('a release of much goes in parts, and what is told meanwhile is sent too', async () => {
  const subscriptionId = await givenUp()
  const { release } = stage((transaction) =>
    transaction === 1 ? Promise.resolve() : notify(5, subscriptionId),
  )
  const released = await release(caller, all, how)
  expect(released.count).toBe(count)
  expect(released.items).toHaveLength(10)
  expect(await statuses()).toEqual({ created: count + 10 })
  expect(await run('select 1 from deliveries where due_at is null')).toEqual([])
})

it('a release that is cut off between its parts leaves the subscription active and the rest for another', async () => {
  const subscriptionId = await givenUp()
  const { release } = stage(async (transaction) => {
    if (transaction === 2) throw new Error('cut off')
  })
  await expect(release(caller, all, how)).rejects.toThrow('cut off')
  expect(await store.subscriptions.find(7, subscriptionId)).toMatchObject({ active: true })
  expect(await statuses()).toEqual({ created: 2_000, queued: count - 2_000 })
  const again = await release(caller, { ...all, where: `status='queued'` }, how)
  expect(again.count).toBe(count - 2_000)
  expect(await statuses()).toEqual({ created: count })
})

it('a part of a release leaves alone what was delivered since the first', async () => {
  await givenUp()
  const { release } = stage(async (transaction) => {
    if (transaction === 2) await run(`update deliveries set status = 'delivered' where status = 'queued'`)
  })
  const released = await release(caller, all, how)
  expect(released.count).toBe(2_000)
  expect(await statuses()).toEqual({ created: 2_000, delivered: count - 2_000 })
})

/** What waits for what was made right before it; and what is due. */
const chained = async (): Promise<Readonly<Record<string, unknown>> | undefined> => {
  const [row] = await run(`select count(*) filter (where after_delivery = before) as chained,
      count(*) filter (where due_at is not null) as due
    from (select *, lag(delivery_id) over (order by delivery_id) as before from deliveries) d`)
  return row
}

it('a release in parts keeps the order of what is about one object, and a replay of it too', async () => {
  await givenUp('{reports/7}')
  const { release } = stage(() => Promise.resolve())
  await run('update deliveries set after_delivery = null')
  await release(caller, all, how)
  expect(await chained()).toEqual({ chained: count - 1, due: 1 })
  await run(`update deliveries set status = 'delivered', due_at = null, after_delivery = null`)
  await release(caller, { ...all, from: new Date(0) }, { ...how, replay: true })
  expect(await chained()).toEqual({ chained: count - 1, due: 1 })
})

it('a part of a release is queued behind what failed of those before it where that is queued', async () => {
  await givenUp('{reports/7}')
  const { release } = stage(async (transaction) => {
    if (transaction !== 3) return
    const [first] = await run('select min(delivery_id) as id from deliveries')
    await run(`update deliveries set status = 'queued', due_at = null where delivery_id = $1`, [
      first?.['id'],
    ])
    await store.deliveries.queueBehind(7, [Number(first?.['id'])])
  })
  expect((await release(caller, all, how)).count).toBe(count)
  expect(await statuses()).toEqual({ queued: count })
})
