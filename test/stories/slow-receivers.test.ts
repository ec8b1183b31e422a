import { type AddressInfo, createServer, type Server } from 'node:net'
import { beforeEach, expect, it } from 'vitest'
import { ask } from '../support/client.ts'
import { onEventWork } from '../support/event-stage.ts'
import type { EventWork } from '../support/events.ts'
import type { Connected } from '../support/grants.ts'
import type { Product } from '../support/product.ts'
import { type Receiver, startReceiver } from '../support/receiver.ts'

let product: Product
let work: EventWork
let receiver: Receiver
let instance: Connected

/** An instance whose events go to a receiver. */
const connect = ({ url }: Receiver): Promise<Connected> =>
  work.connect(product.admin, {
    'event.notification.enabled': 'true',
    'event.vendor.type': 'webhook',
    'event.notification.callback.url': url,
  })

onEventWork((stage) => {
  product = stage.product
  work = stage.work
})
beforeEach(async () => {
  receiver = await startReceiver()
  instance = await connect(receiver)
  return () => receiver.close()
})

/** A vendor's calls, each about an object of its own. @returns their ids. */
const tell = async ({ id }: Connected, count: number): Promise<readonly string[]> => {
  const ids = Array.from({ length: count }, (_, at) => `R${at}`)
  for (const objectId of ids) {
    const body = { events: [{ objectType: 'reports', objectId, eventType: 'UPDATED' }] }
    await ask(`${product.url}/events/concur/${id}`, { body })
  }
  return ids
}

const told = ({ received }: Receiver): readonly string[] =>
  received.map(({ json }) => json.message.events[0].objectId as string)

const sorted = (ids: readonly string[]): readonly string[] => [...ids].sort()

/** Everything that an instance's receiver should get, it has got. */
const allDelivered = async (of: Connected, withinMs: number): Promise<void> => {
  const open = async () => (await work.deliveries(of)).filter(({ status }) => status !== 'delivered').length
  await expect.poll(open, { timeout: withinMs }).toBe(0)
}

const organization = 1
let lastId = 1_000_000

/** Stores notifications to an address, each about an object of its own. They are due in an hour, in the order of their making. */
const store = async (url: string, count: number): Promise<void> => {
  const first = lastId + 1
  lastId += count
  const ids = Array.from({ length: count }, (_, at) => first + at)
  await product.context.store.transaction(async (inside) => {
    const { subscriptionId } = await inside.subscriptions.put({
      ...{ organizationId: organization, accountId: 1, userId: 1, instanceId: null, channel: 'webhook' },
      ...{ topics: [`to ${url}`], config: { url } },
    })
    await inside.tx.query({
      text: `insert into notifications (organization_id, notification_id, account_id, user_id, kind, topic, severity,
          sender, objects, body, created_at)
        select $1, id, 1, 1, 'poll', 't', 'low', 's', array['reports/' || id], '{}', now()
        from unnest($2::bigint[]) as id`,
      values: [organization, ids],
    })
    await inside.deliveries.insertFor(organization, ids, [subscriptionId])
    await inside.tx.query({
      text: `update deliveries set due_at = due_at + interval '1 hour'
        where organization_id = $1 and notification_id = any($2::bigint[])`,
      values: [organization, ids],
    })
  })
}

/** All that was stored is due. */
const release = () =>
  work.db.query({
    text: `with due as (
        update deliveries set due_at = due_at - interval '1 hour' where due_at > now() + interval '30 minutes'
      ) select pg_notify('due', 'deliveries')`,
    values: [],
  })

const failed = () =>
  work.db.query({
    text: `select 1 from deliveries where status = 'retry' and organization_id = $1`,
    values: [organization],
  })

/** Nothing of it is sent any more. */
const forget = () =>
  work.db.query({ text: `update subscriptions set active = false where topics[1] like 'to %'`, values: [] })

const listen = async (): Promise<Server> => {
  const server = createServer(() => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

it('a receiver that hangs has its calls failed after 15 seconds, holds up nobody, and gets all when it is well', async () => {
  const other = await startReceiver()
  const beside = await connect(other)
  receiver.answer('hang')
  await tell(instance, 200)
  await tell(beside, 20)
  await other.until(20, 10_000)
  await expect
    .poll(async () => (await work.deliveries(instance)).find(({ tries }) => tries > 0)?.log, {
      timeout: 20_000,
    })
    .toMatchObject([{ status: null, error: expect.stringMatching(/15 s/) }])
  receiver.answer({ status: 200 })
  await allDelivered(instance, 45_000)
  await beside.remove({ revoke: 'false' })
  await other.close()
}, 120_000)

it('a receiver that is slow at first gets all, each once, soon after it is well', async () => {
  receiver.answer({ status: 200, afterMs: 3_000 })
  const ids = await tell(instance, 400)
  const putOff = async () => (await work.deliveries(instance)).filter(({ due }) => (due ?? 0) > 10).length
  await expect.poll(putOff, { timeout: 10_000 }).toBeGreaterThan(100)
  receiver.answer({ status: 200 })
  await allDelivered(instance, 30_000)
  expect(sorted(told(receiver))).toEqual(sorted(ids))
}, 60_000)

it('a receiver that nobody knows yet gets what is due all at once, each once, without delay', async () => {
  const set = (active: boolean) =>
    work.db.query({
      text: 'update subscriptions set active = $2 where instance_id = $1',
      values: [instance.id, active],
    })
  await set(false)
  const ids = await tell(instance, 600)
  await set(true)
  await work.db.query({
    text: `update deliveries d set status = 'created', due_at = now() from notifications n
      where n.instance_id = $1 and n.notification_id = d.notification_id`,
    values: [instance.id],
  })
  await allDelivered(instance, 30_000)
  expect(sorted(told(receiver))).toEqual(sorted(ids))
}, 60_000)

it('hundreds of receivers that hang at once hold up nobody who answers, known or new', async () => {
  await tell(instance, 20)
  await receiver.until(20, 10_000)
  const other = await startReceiver()
  const dead = await Promise.all(Array.from({ length: 600 }, listen))
  for (const server of dead) await store(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 8)
  await store(`${receiver.url}/known`, 300)
  await store(`${other.url}/new`, 300)
  await release()
  await Promise.all([receiver.until(320), other.until(300)])
  // Before the first of those that hang has failed, after 15 seconds.
  expect(await failed()).toEqual([])
  await forget()
  for (const server of dead) server.close()
  await other.close()
}, 60_000)

it('a path that hangs, or fails at once, holds up no other path of its host', async () => {
  receiver.answer(({ path }) => {
    if (path === '/hangs') return 'hang'
    return { status: path === '/fails' ? 404 : 200 }
  })
  for (const path of ['/hangs', '/fails']) await store(`${receiver.url}${path}`, 1_000)
  await release()
  await receiver.until(8, 10_000)
  await store(`${receiver.url}/well`, 40)
  await release()
  const well = () => receiver.received.filter(({ path }) => path === '/well').length
  // Before the first of those that hang has failed, after 15 seconds.
  await expect.poll(well, { timeout: 10_000 }).toBe(40)
  await forget()
}, 60_000)
