import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EventSubscriptionReply } from '#src/contract/index.ts'
import { ask, connect, platform } from '../support/client.ts'
import { ownerOf, subscribe } from '../support/event-log.ts'
import { three } from '../support/instances.ts'
import { type Product, startProduct } from '../support/product.ts'

let product: Product
let headers: Record<string, string>
let id: number
let token: string

const receiver = 'https://receiver.example/hook'

beforeAll(async () => {
  product = await startProduct()
  headers = platform(product.admin)
  const made = await connect(product, product.admin, { name: 'Acme <b>prod</b>' })
  id = made.json.id
  token = made.json.token
})
afterAll(() => product?.close())

const configure = async (configuration: Record<string, string | null>) => {
  const reply = await ask(`${product.url}/instances/${id}`, {
    method: 'PATCH',
    headers,
    body: { configuration },
  })
  expect(reply.status, reply.text).toBe(200)
}

const sendTest = (path = `/instances/${id}/events/test`, as = headers) =>
  ask(`${product.url}${path}`, { method: 'POST', headers: as })

const get = async (path: string) => (await ask(`${product.url}${path}`, { headers })).json

describe('a test event', () => {
  it('is refused with words while the events of the instance are off or lead nowhere', async () => {
    const off = await sendTest()
    expect([off.status, off.json.message]).toEqual([
      400,
      expect.stringMatching(/^event.notification.enabled: the events of instance \d+ are off/),
    ])
    await configure({ 'event.notification.enabled': 'true' })
    const nowhere = await sendTest()
    expect([nowhere.status, nowhere.json.message]).toEqual([
      400,
      expect.stringMatching(/^event.notification.callback.url: instance \d+ has none/),
    ])
    const poller = {
      'event.poller.configuration': '{"reports":{}}',
      'event.notification.callback.url': receiver,
    }
    await configure({ ...poller, 'event.notification.enabled': 'false' })
    expect((await sendTest()).status).toBe(400)
    expect(await get(`/instances/${id}/events`)).toEqual([])
  })

  it('goes the way of every event, in the envelope of a poll', async () => {
    await configure({ 'event.notification.enabled': 'true' })
    const owner = await ownerOf(product, id)
    await subscribe(product, owner, receiver)
    const sent = await sendTest()
    expect(sent.status, sent.text).toBe(200)
    const { eventId } = sent.json
    expect(eventId).toMatch(/^[\w-]{20}$/)
    const event = await get(`/instances/${id}/events/${eventId}`)
    expect(event).toMatchObject({ id: eventId, kind: 'test', objectType: 'test', objectCount: 1 })
    expect(event.deliveries).toHaveLength(1)
    const { message, topic } = JSON.parse(event.notification)
    expect(topic).toBe(`instance-${id}-concur-events`)
    expect(message).toMatchObject({
      elementKey: 'concur',
      eventId,
      accountId: owner.accountId,
      companyId: owner.organizationId,
      instanceId: id,
      instance_id: id,
      instanceName: 'Acme prod',
      instanceTags: ['Acme prod'],
      userId: owner.userId,
      raw: { test: [{ id: eventId }], objectType: 'test', pollDate: expect.any(Number) },
    })
    expect(message.events).toEqual([
      {
        ...{ elementKey: 'concur', hubKey: 'expense', objectType: 'test', objectId: eventId },
        eventType: 'CREATED',
        date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        pollDate: message.events[0].date,
      },
    ])
    expect(event.providerData).toBe(JSON.stringify(message.raw))
    const byToken = await sendTest('/instances/events/test', three(product.admin, token))
    expect(byToken.status).toBe(200)
    expect(await get(`/instances/${id}/events`)).toHaveLength(2)
  })

  it('waits with the reason where the receiver was given up', async () => {
    const { store } = product.context
    const owner = await ownerOf(product, id)
    const own = await store.subscriptions.ofInstance(owner.organizationId, id)
    const before = await get(`/instances/${id}/event-subscription`)
    expect(EventSubscriptionReply.safeParse(before).error?.issues ?? []).toEqual([])
    expect(before).toMatchObject({ enabled: true, callbackUrl: receiver, active: true, queued: 0 })
    const reason = 'the receiver answered 410'
    await store.subscriptions.deactivate(owner.organizationId, own?.subscriptionId ?? 0, reason)
    await sendTest()
    expect(await get(`/instances/${id}/event-subscription`)).toEqual({
      ...before,
      active: false,
      inactiveReason: reason,
      queued: 1,
    })
  })
})
