import { beforeEach, describe, expect, it } from 'vitest'
import { onStore } from '../../../test/support/store-stage.ts'
import type { Database, Store } from '../index.ts'

const org = 7
const filter = { accountId: 1 }

let db: Database
let store: Store
let subscriptionId: number
onStore((stage) => {
  db = stage.db
  store = stage.store
})
beforeEach(async () => {
  await run('truncate notifications, deliveries, subscriptions')
  subscriptionId = await subscribe()
})

const run = (text: string, values: readonly unknown[] = []) =>
  db.query<Record<string, unknown>>({ text, values })

const subscribe = async (): Promise<number> => {
  const made = await store.subscriptions.put({
    ...{ organizationId: org, accountId: 1, userId: 1, instanceId: null, channel: 'webhook' },
    ...{ topics: ['t'], config: { url: 'http://127.0.0.1/hook' } },
  })
  return made.subscriptionId
}

/** A notification about each of these, such as `a b`, and its delivery. */
const tell = async (...about: readonly string[]): Promise<void> => {
  for (const objects of about) {
    const [id] = await store.notifications.nextIds(1)
    await run(
      `insert into notifications (organization_id, notification_id, account_id, user_id, kind, topic, severity, sender,
          objects, body, created_at) values ($1, $2, 1, 1, 'poll', 't', 'low', 's', $3, '{}', now())`,
      [org, id, objects.split(' ')],
    )
    await store.deliveries.insertFor(org, [id ?? 0], [subscriptionId])
  }
}

const ids = async (...places: readonly number[]): Promise<readonly number[]> => {
  const all = (await run('select delivery_id as id from deliveries order by 1')).map(({ id }) => Number(id))
  return places.length === 0 ? all : places.map((place) => all[place] ?? 0)
}

const set = async (text: string, ...places: readonly number[]) =>
  run(`update deliveries set ${text} where delivery_id = any($1)`, [await ids(...places)])

const sending = `lease_until = now() + interval '1 minute'`

/** What is written when these end so. */
const end = async (status: string, ...places: readonly number[]): Promise<void> => {
  await set(`status = '${status}', due_at = null, lease_until = null`, ...places)
  const which = await ids(...places)
  if (status === 'queued') await store.deliveries.queueBehind(org, which)
  else await store.deliveries.letGo(org, which)
}

const release = async (...places: readonly number[]): Promise<number> =>
  (await store.deliveries.release(org, filter, { deliveryIds: await ids(...places), again: true })).length

/** Of each, in order: `status due`, or `status >place` of the one that it waits for; no more where it does neither. */
const now = async (): Promise<readonly string[]> => {
  const all = await ids()
  const rows = await run(
    'select status, after_delivery as after, due_at <= clock_timestamp() as due from deliveries order by delivery_id',
  )
  return rows.map(({ status, after, due }) => {
    if (due === true) return `${status} due`
    return after === null ? String(status) : `${status} >${all.indexOf(Number(after))}`
  })
}

describe('what is sent again', () => {
  it('goes in its order for each object', async () => {
    await tell('a', 'b', 'a', 'a b', 'c', 'b')
    await set(`status = 'delivered', due_at = null, after_delivery = null`)
    expect(await release()).toBe(6)
    const due = 'created due'
    expect(await now()).toEqual([due, due, 'created >0', 'created >2', due, 'created >3'])
    await end('delivered', 0, 1, 4)
    expect((await now())[2]).toBe(due)
    await end('delivered', 2)
    await end('delivered', 3)
    expect((await now())[5]).toBe(due)
  })

  it('has what is on its way before it go first, and holds back what comes after it', async () => {
    await tell('a', 'a', 'a', 'a', 'b')
    await set(`status = 'delivered', due_at = null, after_delivery = null`, 1, 2)
    await set(`status = 'retry', due_at = now(), after_delivery = null, put_off_by = 'r'`, 3)
    expect(await release(1, 2)).toBe(2)
    expect(await now()).toEqual(['created due', 'created >0', 'created >1', 'retry >2', 'created due'])
    expect(await run(`select 1 from deliveries where put_off_by <> ''`)).toEqual([])
    await end('delivered', 0)
    await end('delivered', 1)
    await end('delivered', 2)
    expect((await now())[3]).toBe('retry due')
  })

  it('waits for none of another subscription, and for what is just being sent', async () => {
    await tell('a', 'a')
    await end('delivered', 0)
    await end('delivered', 1)
    subscriptionId = await subscribe()
    await tell('a', 'a', 'a')
    await set(sending, 2)
    await store.deliveries.queueAll(org, subscriptionId)
    expect((await now()).slice(2)).toEqual(['created due', 'queued >2', 'queued >3'])
    expect(await release()).toBe(4)
    expect(await now()).toEqual(['created due', 'created >0', 'created due', 'created >2', 'created >3'])
    await end('queued', 2)
    expect((await now()).slice(2)).toEqual(['queued', 'queued >2', 'queued >3'])
  })
})

describe('what is queued', () => {
  it('has all that is about its object queued, what comes behind that, and what is told later', async () => {
    await tell('a', 'b', 'a b', 'b c', 'c', 'b', 'd')
    await end('queued', 0)
    expect(await now()).toEqual([
      ...['queued', 'created due', 'queued >1', 'queued >2', 'queued >3', 'queued >3', 'created due'],
    ])
    await tell('c', 'd')
    expect((await now()).slice(7)).toEqual(['queued >4', 'created >6'])
    await end('delivered', 1)
    expect((await now())[2]).toBe('queued')
    expect(await release()).toBe(9)
    expect((await now()).filter((one) => /queued/.test(one))).toEqual([])
    await end('delivered', 0)
    expect(await now()).toMatchObject({ 2: 'created >1', 3: 'created >2', 7: 'created >4' })
  })

  it('queues nothing of another subscription, nothing before it, and nothing that is just being sent', async () => {
    await tell('a', 'a', 'a')
    await set(`${sending}, due_at = now()`, 2)
    subscriptionId = await subscribe()
    await tell('a')
    await end('queued', 1)
    expect(await now()).toEqual(['created due', 'queued >0', 'created due', 'created due'])
  })

  it('holds up nothing that is released without it, and what waits for that neither', async () => {
    await tell('a', 'a', 'a')
    await end('queued', 0)
    expect(await release(1, 2)).toBe(2)
    expect(await now()).toEqual(['queued', 'created due', 'created >1'])
    await end('delivered', 1)
    expect(await now()).toEqual(['queued', 'delivered', 'created due'])
    await tell('a')
    expect((await now())[3]).toBe('queued >2')
  })
})

/** Pairs that are both due, or wait wrongly: for what is no more on its way, is not before, or is about another object. */
const wrong = () =>
  run(`select d.delivery_id, e.delivery_id as other from deliveries d join deliveries e
      on e.objects && d.objects and e.delivery_id < d.delivery_id and d.due_at is not null and e.due_at is not null
    union all select d.delivery_id, d.after_delivery from deliveries d
    where d.status in ('created', 'retry') and d.due_at is null and not exists (select 1 from deliveries e
      where e.delivery_id = d.after_delivery and e.delivery_id < d.delivery_id and e.objects && d.objects
        and e.status in ('created', 'retry'))`)

const dueIds = async () =>
  (await run('select delivery_id as id from deliveries where due_at is not null')).map(({ id }) => Number(id))

/** The same numbers below one in each run. */
const seeded = (seed: number) => {
  let last = seed
  return (below: number): number => {
    last = (last * 48_271) % 2_147_483_647
    return last % below
  }
}

/** Ends one that is due, in any way. */
const endAny = async (random: (below: number) => number): Promise<void> => {
  const due = await dueIds()
  const place = (await ids()).indexOf(due[random(due.length)] ?? 0)
  const status = ['delivered', 'delivered', 'retry', 'queued'][random(4)] ?? 'retry'
  if (place < 0) return
  if (status === 'retry') await set(`status = 'retry'`, place)
  else await end(status, place)
}

const doAny = async (random: (below: number) => number): Promise<void> => {
  const { length } = await ids()
  const what = length < 4 ? 0 : random(10)
  const about = ['a', 'b', 'c', 'a b', 'b c', 'a c']
  if (what < 4) return tell(about[random(about.length)] ?? 'a')
  if (what < 8) return endAny(random)
  const [first, apart] = [random(length), 1 + random(2)]
  const places = Array.from({ length: 1 + random(6) }, (_, at) => Math.min(first + at * apart, length - 1))
  await release(...places)
}

it('whatever happens, one about an object is due at a time, the rest waits for it, and all is delivered at last', async () => {
  const random = seeded(20_261)
  for (let step = 0; step < 300; step += 1) {
    await doAny(random)
    expect(await wrong(), `step ${step}`).toEqual([])
  }
  await store.deliveries.release(org, filter, { deliveryIds: await ids(), again: false })
  for (let due = await dueIds(); due.length > 0; due = await dueIds()) {
    const all = await ids()
    await end('delivered', ...due.map((id) => all.indexOf(id)))
    expect(await wrong()).toEqual([])
  }
  expect(await run(`select 1 from deliveries where status <> 'delivered'`)).toEqual([])
})
