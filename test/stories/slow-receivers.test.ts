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

it('a receiver that hangs has its calls failed after 15 seconds and holds up nobody else', async () => {
  const other = await startReceiver()
  const beside = await connect(other)
  receiver.answer('hang')
  await tell(instance, 80)
  await tell(beside, 20)
  await other.until(20, 10_000)
  await expect
    .poll(async () => (await work.deliveries(instance)).find(({ tries }) => tries > 0)?.log, {
      timeout: 20_000,
    })
    .toMatchObject([{ status: null, error: expect.stringMatching(/15 s/) }])
  await beside.remove({ revoke: 'false' })
  await other.close()
}, 40_000)

it('a receiver that is slow at first gets all, each once, soon after it is well', async () => {
  receiver.answer({ status: 200, afterMs: 3_000 })
  const ids = await tell(instance, 400)
  const putOff = async () => (await work.deliveries(instance)).filter(({ due }) => (due ?? 0) > 10).length
  await expect.poll(putOff, { timeout: 10_000 }).toBeGreaterThan(100)
  receiver.answer({ status: 200 })
  await receiver.until(ids.length, 15_000)
  expect(sorted(told(receiver))).toEqual(sorted(ids))
}, 40_000)

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
  await receiver.until(ids.length, 10_000)
  expect(sorted(told(receiver))).toEqual(sorted(ids))
}, 40_000)
