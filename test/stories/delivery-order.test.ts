import { beforeEach, describe, expect, it } from 'vitest'
import { ask, platform } from '../support/client.ts'
import { onEvents } from '../support/event-stage.ts'
import type { EventWork } from '../support/events.ts'
import type { Connected } from '../support/grants.ts'
import type { Product } from '../support/product.ts'
import type { Receiver } from '../support/receiver.ts'

let product: Product
let work: EventWork
let receiver: Receiver
let instance: Connected

onEvents((stage) => {
  product = stage.product
  work = stage.work
  receiver = stage.receiver
})
beforeEach(async () => {
  instance = await work.connect(product.admin, {
    'event.notification.enabled': 'true',
    'event.vendor.type': 'webhook',
    'event.notification.callback.url': `${receiver.url}/hook`,
  })
})

/** A vendor's call about one object. */
const tell = (objectId: string, version: number) =>
  ask(`${product.url}/events/concur/${instance.id}`, {
    body: { events: [{ objectType: 'reports', objectId, eventType: 'UPDATED' }], version },
  })

const setPolicy = async (policy: string) => {
  const body = { 'notification.webhook.failure.policy': policy }
  const headers = platform(product.admin)
  const reply = await ask(`${product.url}/accounts/settings`, { method: 'PATCH', body, headers })
  expect(reply.status, reply.text).toBe(200)
}

const deliveries = async (query: Readonly<Record<string, string>>, method = 'GET') => {
  const headers = platform(product.admin)
  const reply = await ask(`${product.url}/notifications/subscriptions/deliveries`, { method, query, headers })
  expect(reply.status, reply.text).toBe(200)
  return reply.json
}

const statuses = async () => (await work.deliveries(instance)).map(({ status }) => status)
const versions = () => receiver.received.map(({ json }) => json.message.raw.version)
const of = () => `instanceId=${instance.id}`

describe('deliveries about one object', () => {
  it('8/7 keep their order in a replay, though its first call fails', async () => {
    for (const version of [0, 1, 2]) await tell('R7', version)
    await receiver.until(3)
    await expect.poll(statuses).toEqual(['delivered', 'delivered', 'delivered'])
    receiver.forget()
    receiver.answer({ status: 502 })
    expect(await deliveries({ where: of(), replay: 'true' }, 'PUT')).toHaveLength(3)
    await expect.poll(statuses).toEqual(['retry', 'created', 'created'])
    await tell('R7', 3)
    receiver.answer({ status: 200 })
    await receiver.until(5)
    expect(versions()).toEqual([0, 0, 1, 2, 3])
    await expect.poll(statuses).toEqual(Array(4).fill('delivered'))
  })

  it('8/8 are all queued when one is, also those told later, and a release sends them in order', async () => {
    await setPolicy('queue')
    receiver.answer({ status: 502, afterMs: 300 })
    for (const version of [0, 1, 2]) await tell('R7', version)
    await receiver.until(1)
    await expect.poll(statuses).toEqual(['queued', 'queued', 'queued'])
    receiver.answer({ status: 200 })
    await setPolicy('retry')
    await tell('R7', 3)
    await tell('R8', 4)
    await receiver.until(2)
    expect(await deliveries({ where: `channel='webhook' and status='queued' and ${of()}` })).toHaveLength(4)
    receiver.forget()
    await deliveries({ where: `status='queued' and ${of()}` }, 'PUT')
    await receiver.until(4)
    expect(versions()).toEqual([0, 1, 2, 3])
    await expect.poll(statuses).toEqual(Array(5).fill('delivered'))
    await tell('R7', 5)
    await receiver.until(5)
  })

  it('8/7 go at once where an earlier one stays queued that is not released', async () => {
    await setPolicy('queue')
    receiver.answer({ status: 502 })
    for (const version of [0, 1]) await tell('R7', version)
    await expect.poll(statuses).toEqual(['queued', 'queued'])
    await setPolicy('retry')
    receiver.answer({ status: 200 })
    receiver.forget()
    const [, last] = await deliveries({ where: of() })
    const [sent] = await deliveries({ where: `notificationId=${last.notificationId}` }, 'PUT')
    expect(sent.nextDate).toBeTypeOf('string')
    await receiver.until(1)
    expect(versions()).toEqual([1])
    await expect.poll(statuses).toEqual(['queued', 'delivered'])
  })
})
