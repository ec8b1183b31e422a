import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ask, hub } from '../support/client.ts'
import { loopbackAllowed } from '../support/events.ts'
import { type Connected, userInstance } from '../support/grants.ts'
import { type Later, openLater } from '../support/later.ts'
import { type Product, startProduct } from '../support/product.ts'
import { type Receiver, startReceiver } from '../support/receiver.ts'

let product: Product
let later: Later
let receiver: Receiver
let instance: Connected

const key = 'a key that only the receiver has'
const credentials = `Basic ${Buffer.from('caller:pass word').toString('base64')}`

beforeAll(async () => {
  product = await startProduct({ environment: loopbackAllowed })
  instance = await userInstance(product, product.admin)
  later = await openLater(product)
})
afterAll(async () => {
  await later?.close()
  await product?.close()
})
beforeEach(async () => {
  receiver = await startReceiver()
  await configure('true')
  return () => receiver.close()
})

const configure = async (enabled: string, path = '/events'): Promise<void> => {
  const reply = await instance.patch({
    configuration: {
      ...{ 'event.notification.enabled': enabled, 'event.vendor.type': 'webhook' },
      'event.notification.callback.url': `${receiver.url}${path}`,
      'event.notification.signature.key': key,
      'event.notification.basic.username': 'caller',
      'event.notification.basic.password': 'pass word',
    },
  })
  expect(reply.status, reply.text).toBe(200)
}

const dispatched = async (url?: string): Promise<number> => {
  const reply = await ask(`${product.url}/reports?pageSize=1`, {
    headers: {
      ...{ ...hub(product.admin, instance.token), 'Elements-Async-Request': 'true' },
      ...(url === undefined ? {} : { 'Elements-Async-Callback-Url': url }),
    },
  })
  expect(reply.status, reply.text).toBe(200)
  return reply.json.eventId
}

/** What came in, with the signature that it must have. */
const received = async () => {
  const [call, ...more] = await receiver.until(1)
  expect(more).toEqual([])
  if (call === undefined) throw new Error('nothing came')
  const signature = `sha256=${createHmac('sha256', key).update(call.text).digest('base64')}`
  expect(call.headers['elements-webhook-signature']).toBe(signature)
  return call
}

const subscriptionsOf = (eventId: number) =>
  later.sql('select 1 from subscriptions where topics @> array[$1]', `async-${eventId}`)

describe('the result of an asynchronous call', () => {
  it('arrives signed at the address of the header, without the credentials of the other', async () => {
    const eventId = await dispatched(`${receiver.url}/result`)
    await later.drain()
    const { path, headers, json } = await received()
    expect(path).toBe('/result')
    expect(headers).not.toHaveProperty('authorization')
    expect(json.message).toMatchObject({ eventId, instanceId: instance.id, status: 200, response: [{}] })
    expect(await subscriptionsOf(eventId)).toHaveLength(1)
    await later.run(eventId)
    expect(await later.call(eventId)).toBeUndefined()
    expect(await subscriptionsOf(eventId)).toEqual([])
  })

  it.each([
    ['without a header', undefined],
    ['with the same address in the header', '/events'],
  ])('arrives where the instance’s events do, as they do, %s', async (_title, path) => {
    const eventId = await dispatched(path === undefined ? undefined : `${receiver.url}${path}`)
    await later.drain()
    const call = await received()
    expect([call.path, call.headers.authorization]).toEqual(['/events', credentials])
    expect(call.json).toMatchObject({
      topic: `instance-${instance.id}-concur-events`,
      message: { eventId, status: 200 },
    })
    expect(await later.call(eventId)).toBeUndefined()
  })

  it('arrives there too while events are off, at the address that is set by then', async () => {
    await configure('false')
    const eventId = await dispatched()
    await configure('false', '/moved')
    await later.drain()
    const call = await received()
    expect([call.path, call.headers.authorization]).toEqual(['/moved', credentials])
    expect(call.json.topic).toBe(`async-${eventId}`)
    await later.run(eventId)
    expect(await subscriptionsOf(eventId)).toEqual([])
  })

  it('is tried again until it is taken, in the same bytes, and looked after until then', async () => {
    receiver.answer({ status: 502 })
    const eventId = await dispatched(`${receiver.url}/result`)
    await later.drain()
    await receiver.until(1)
    await later.run(eventId)
    expect(await later.call(eventId)).toMatchObject({ state: 'told' })
    receiver.answer({ status: 200 })
    await later.sql(`update deliveries set due_at = now() where status = 'retry'`)
    await later.drain()
    const [first, second] = await receiver.until(2)
    expect(second?.text).toBe(first?.text)
    await later.run(eventId)
    expect(await later.call(eventId)).toBeUndefined()
  })
})
