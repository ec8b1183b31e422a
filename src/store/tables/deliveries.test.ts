import { beforeEach, describe, expect, it } from 'vitest'
import { onStore } from '../../../test/support/store-stage.ts'
import type { Database, Queryable, Store } from '../index.ts'
import { deliveryTable } from './deliveries.ts'

const org = 7

let db: Database
let store: Store
onStore((stage) => {
  db = stage.db
  store = stage.store
})
beforeEach(() => run('truncate notifications, deliveries, subscriptions'))

const run = (text: string, values: readonly unknown[] = []) =>
  db.query<Record<string, unknown>>({ text, values })

const subscribe = async (): Promise<number> => {
  const made = await store.subscriptions.put({
    ...{ organizationId: org, accountId: 1, userId: 1, instanceId: null, channel: 'webhook' },
    ...{ topics: ['t'], config: { url: 'http://127.0.0.1/hook' } },
  })
  return made.subscriptionId
}

/** Notifications from this number on, each about an object of its own. */
const notify = async (first: number, count: number): Promise<readonly number[]> => {
  await run(
    `insert into notifications (organization_id, notification_id, account_id, user_id, kind, topic, severity, sender,
        objects, body, created_at)
      select $1, id, 1, 1, 'poll', 't', 'low', 's', array['reports/' || id], '{}', now()
      from generate_series($2::bigint, $3::bigint) as id`,
    [org, first, first + count - 1],
  )
  return Array.from({ length: count }, (_, at) => first + at)
}

const deliver = async (subscriptionId: number, first: number, count: number): Promise<void> => {
  await store.deliveries.insertFor(org, await notify(first, count), [subscriptionId])
}

/** In how many seconds each is due, to the next five, in the order of their making. */
const dueIn = async (): Promise<readonly (number | null)[]> => {
  const rows = await run(
    `select (5 * round(extract(epoch from due_at - now()) / 5))::integer as seconds
      from deliveries order by delivery_id`,
  )
  return rows.map(({ seconds }) => seconds as number | null)
}

/** Tells how a statement is run, in place of running it. */
const explaining = (plans: string[]): Queryable => ({
  query: async ({ text, values }) => {
    const rows = await run(`explain ${text}`, values)
    plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'))
    return []
  },
})

it('looks for open deliveries about an object by the object, whatever statistics say of what is open', async () => {
  const subscriptionId = await subscribe()
  await deliver(subscriptionId, 1, 20_000)
  await run(`update deliveries set status = 'delivered', due_at = null`)
  await run('analyze deliveries, notifications, subscriptions')
  await deliver(subscriptionId, 30_000, 200)
  const plans: string[] = []
  await deliveryTable(explaining(plans)).insertFor(org, await notify(40_000, 10), [subscriptionId])
  await deliveryTable(explaining(plans)).letGo(org, [1, 2])
  await deliveryTable(explaining(plans)).queueBehind(org, [1, 2])
  const some = Array.from({ length: 2_000 }, (_, at) => at)
  await deliveryTable(explaining(plans)).release(org, { accountId: 1 }, { deliveryIds: some, again: true })
  expect(plans).toHaveLength(4)
  for (const plan of plans) {
    expect(plan).toContain('deliveries_open_objects')
    expect(plan).not.toContain('using deliveries_open ')
  }
})

describe('what is put off', () => {
  const by = 'http://127.0.0.1:9'
  const until = { by, afterSeconds: 10, stepSeconds: 20, longestSeconds: 60, limit: 10 }
  const set = (at: number, text: string) =>
    run(`update deliveries set ${text} where delivery_id = (select min(delivery_id) + $1 from deliveries)`, [
      at,
    ])
  const of = (ids: readonly number[]) =>
    ids.map((subscriptionId) => ({ organizationId: org, subscriptionId }))
  const { postpone, hasten } = {
    postpone: (...[ids, more]: [readonly number[], object?]) =>
      store.deliveries.postpone(of(ids), { ...until, ...more }),
    hasten: (limit: number, from = by) => store.deliveries.hasten(from, limit),
  }

  it('comes back one after the other, at the latest after the longest time', async () => {
    const subscriptionId = await subscribe()
    await deliver(subscriptionId, 1, 4)
    expect(await postpone([subscriptionId])).toBe(4)
    expect(await dueIn()).toEqual([30, 50, 60, 60])
  })

  it('is at most so much at a time, and of these subscriptions', async () => {
    const [one, other, third] = [await subscribe(), await subscribe(), await subscribe()]
    await deliver(one, 1, 2)
    await deliver(other, 10, 1)
    await deliver(third, 20, 1)
    expect(await postpone([one, third], { limit: 2 })).toBe(2)
    expect((await dueIn()).filter((seconds) => seconds === 0)).toHaveLength(2)
    expect(await postpone([one, third])).toBe(1)
    expect((await dueIn())[2]).toBe(0)
  })

  it('is nothing that is being sent, failed before, waits for another, or is not due', async () => {
    const subscriptionId = await subscribe()
    await deliver(subscriptionId, 1, 7)
    await set(6, `status = 'retry', tries = 1`)
    await set(1, `lease_until = now() + interval '1 minute'`)
    await set(2, `lease_until = now() - interval '1 minute'`)
    await set(3, 'due_at = null')
    await set(4, `due_at = now() + interval '5 seconds'`)
    await postpone([subscriptionId])
    expect(await dueIn()).toEqual([30, 0, 50, null, 5, 60, 0])
  })

  it('is hastened, what is due first before the rest', async () => {
    const subscriptionId = await subscribe()
    await deliver(subscriptionId, 1, 4)
    await postpone([subscriptionId])
    expect(await hasten(9, 'http://127.0.0.1:8')).toBe(0)
    expect(await hasten(2)).toBe(2)
    expect(await dueIn()).toEqual([0, 0, 60, 60])
    expect(await hasten(5)).toBe(2)
    expect(await hasten(5)).toBe(0)
    expect(await dueIn()).toEqual([0, 0, 0, 0])
  })

  it('may have been begun by a process that ended, and is hastened then too', async () => {
    const subscriptionId = await subscribe()
    await deliver(subscriptionId, 1, 2)
    await set(0, 'attempts = 1')
    await postpone([subscriptionId])
    expect(await hasten(5)).toBe(2)
  })

  it('is not hastened when it failed here meanwhile, is being sent, or came back and failed there', async () => {
    const subscriptionId = await subscribe()
    await deliver(subscriptionId, 1, 4)
    await postpone([subscriptionId])
    await set(0, 'attempts = 1')
    await set(1, `lease_until = now() + interval '1 minute'`)
    await set(2, `put_off_by = ''`)
    expect(await hasten(5)).toBe(1)
    expect(await dueIn()).toEqual([30, 50, 60, 0])
  })

  it('is found by indexes of its own, beside much that is put off, open or delivered, whatever statistics say', async () => {
    const [one, other] = [await subscribe(), await subscribe()]
    const plans: string[] = []
    const look = async () => {
      await deliveryTable(explaining(plans)).postpone(of([one, other]), { ...until, limit: 2_000 })
      await deliveryTable(explaining(plans)).hasten(by, 512)
    }
    await deliver(one, 1, 200)
    await run('analyze deliveries')
    await deliver(one, 1_000, 20_000)
    await deliver(other, 30_000, 2_000)
    await look()
    await run('analyze deliveries')
    await look()
    await postpone([one], { limit: 15_000 })
    await look()
    await run('analyze deliveries')
    await look()
    await run(`update deliveries set status = 'delivered', due_at = null where subscription_id = $1`, [one])
    await look()
    await run('analyze deliveries')
    await look()
    expect(plans).toHaveLength(12)
    for (const [at, plan] of plans.entries()) {
      expect(plan).toContain(at % 2 === 0 ? 'deliveries_open ' : 'deliveries_put_off ')
      expect(plan).not.toMatch(/Seq Scan|Bitmap/)
      expect(plan).toContain('Tid Scan')
    }
  })
})
