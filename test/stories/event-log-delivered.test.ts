import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, platform } from '../support/client.ts'
import { type EventWork, loopbackAllowed, newReport, openEventWork } from '../support/events.ts'
import type { Connected } from '../support/grants.ts'
import { type Product, startProduct } from '../support/product.ts'
import { type Receiver, startReceiver } from '../support/receiver.ts'

let product: Product
let work: EventWork
let receiver: Receiver
let instance: Connected
let headers: Record<string, string>

beforeAll(async () => {
  product = await startProduct({ environment: loopbackAllowed })
  work = await openEventWork(product)
  receiver = await startReceiver()
  headers = platform(product.admin)
  instance = await work.connect(product.admin, {
    'event.notification.enabled': true,
    'event.notification.callback.url': `${receiver.url}/hook`,
    'event.objects': 'reports',
  })
})
afterAll(async () => {
  await work?.close()
  await receiver?.close()
  await product?.close()
})

const get = async (path: string) => {
  const reply = await ask(`${product.url}/instances/${instance.id}${path}`, { headers })
  expect(reply.status, reply.text).toBe(200)
  return reply.json
}

const sendTest = async (): Promise<string> => {
  const reply = await ask(`${product.url}/instances/${instance.id}/events/test`, { method: 'POST', headers })
  expect(reply.status, reply.text).toBe(200)
  return reply.json.eventId
}

const statusOf = async (eventId: string): Promise<string> => (await get(`/events/${eventId}`)).status

describe('the event log of events on their way', () => {
  it('2/14 tells of a poll what the receiver got, under the same id', async () => {
    await work.poll(instance)
    await newReport(instance, 'Logged')
    await work.poll(instance)
    const [got] = await receiver.until(1)
    const { eventId, raw } = got?.json.message ?? {}
    await expect.poll(() => statusOf(eventId)).toBe('NOTIFIED')
    const event = await get(`/events/${eventId}`)
    expect(event).toMatchObject({
      kind: 'poll',
      objectType: 'reports',
      notification: got?.text,
      notifiedData: [got?.text],
      deliveries: [{ status: 'delivered', url: `${receiver.url}/hook`, attempts: [{ status: 200 }] }],
    })
    expect(JSON.parse(event.providerData)).toEqual(raw)
    const [record] = await get('/event-poller-records')
    expect(record).toMatchObject({ objectType: 'reports', interval: 15, failures: 0 })
    expect(record.eventCount).toBeGreaterThan(0)
    expect(Date.parse(record.nextPollDate)).toBeGreaterThan(Date.parse(record.lastPolledDate))
  })

  it('sends a test event to the receiver, and says why one that is gone gets nothing more', async () => {
    receiver.forget()
    const taken = await sendTest()
    const [got] = await receiver.until(1)
    expect(got?.json.message).toMatchObject({ eventId: taken, raw: { objectType: 'test' } })
    await expect.poll(() => statusOf(taken)).toBe('NOTIFIED')
    receiver.answer({ status: 410 })
    const refused = await sendTest()
    await expect.poll(() => statusOf(refused)).toBe('DISPATCHED')
    await expect
      .poll(() => get('/event-subscription'))
      .toMatchObject({
        enabled: true,
        active: false,
        inactiveReason: expect.stringMatching(/410/),
        queued: 1,
      })
    const held = await sendTest()
    expect(await statusOf(held)).toBe('RECEIVED')
    const told = await ask(`${product.url}/instances/events/dispositions`, { headers })
    expect(told.json).toEqual([
      {
        eventId: refused,
        elementInstanceId: instance.id,
        notificationData: [{ message: expect.stringMatching(/^Error delivering event .*410/) }],
      },
    ])
  })
})
