import { beforeEach, describe, expect, it } from 'vitest'
import { ask, platform } from '../support/client.ts'
import { onEventWork } from '../support/event-stage.ts'
import type { EventWork } from '../support/events.ts'
import type { Connected } from '../support/grants.ts'
import type { Product } from '../support/product.ts'
import { type Receiver, startReceiver } from '../support/receiver.ts'

let product: Product
let work: EventWork
let receiver: Receiver
let instance: Connected

onEventWork((stage) => {
  product = stage.product
  work = stage.work
})
beforeEach(async () => {
  receiver = await startReceiver()
  instance = await work.connect(product.admin, {
    'event.notification.enabled': 'true',
    'event.vendor.type': 'webhook',
    'event.notification.callback.url': `${receiver.url}/hook`,
    'event.notification.basic.username': 'caller',
    'event.notification.basic.password': 'pass word',
    'event.notification.callback.headers': 'x-tenant: north\nx-shard: 7',
  })
  return () => receiver.close()
})

/** A vendor's call about one object. */
const tell = (objectId: string, more: object = {}) =>
  ask(`${product.url}/events/concur/${instance.id}`, {
    body: { events: [{ objectType: 'reports', objectId, eventType: 'UPDATED' }], ...more },
  })

const setPolicy = (policy: string) =>
  work.db.query({
    text: `insert into account_settings values (2, 2, 'notification.webhook.failure.policy', $1)
      on conflict (organization_id, account_id, key) do update set value = excluded.value`,
    values: [policy],
  })

const subscription = async () => {
  const [row] = await work.db.query<{ active: boolean; reason: string | null }>({
    text: 'select active, inactive_reason as reason from subscriptions where instance_id = $1',
    values: [instance.id],
  })
  return row
}

describe('a delivery', () => {
  it('carries the headers and the credentials of the configuration, and the id of the event', async () => {
    const { json } = await tell('R1')
    const [call] = await receiver.until(1)
    expect(call?.headers).toMatchObject({
      authorization: `Basic ${Buffer.from('caller:pass word').toString('base64')}`,
      'x-tenant': 'north',
      'x-shard': '7',
      'content-type': 'application/json',
      'elements-webhook-id': json.eventIds[0],
    })
    expect(call?.headers).not.toHaveProperty('elements-webhook-signature')
    expect(call?.json.message).toMatchObject({ eventId: json.eventIds[0], events: [{ objectId: 'R1' }] })
  })

  it('7, out: of each of many identical calls is one, while the receiver fails at first', async () => {
    receiver.answer({ status: 502 })
    const told = await Promise.all(Array.from({ length: 6 }, () => tell('R1')))
    await receiver.until(1)
    receiver.answer({ status: 200 })
    receiver.forget()
    await receiver.until(6, 40_000)
    const ids = receiver.received.map(({ json }) => json.message.eventId)
    expect(ids.sort()).toEqual(told.flatMap(({ json }) => json.eventIds).sort())
  })

  it('8/8 that failed is in retry, comes again after 4 seconds, and is delivered then', async () => {
    receiver.answer({ status: 502 })
    await tell('R1')
    await receiver.until(1)
    await expect.poll(async () => (await work.deliveries(instance))[0]?.status).toBe('retry')
    receiver.answer({ status: 200 })
    const [first, second] = await receiver.until(2)
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThan(3_500)
    expect(second?.text).toBe(first?.text)
    await expect.poll(async () => (await work.deliveries(instance))[0]?.status).toBe('delivered')
  })

  it('8/8 waits in the queue where the account says so, until it is released', async () => {
    await setPolicy('queue')
    receiver.answer({ status: 502 })
    await tell('R1')
    await receiver.until(1)
    await expect.poll(async () => (await work.deliveries(instance))[0]?.status).toBe('queued')
    receiver.answer({ status: 200 })
    await work.pass(100_000)
    expect(receiver.received).toHaveLength(1)
    await setPolicy('retry')
  })

  it('of a receiver that is down for three days comes whole, in order, with the same bytes', async () => {
    receiver.answer({ status: 503 })
    const objects = ['R1', 'R2', 'R1', 'R3', 'R1']
    for (const [at, objectId] of objects.entries()) await tell(objectId, { version: at })
    const waits: number[] = []
    let passed = 0
    await expect
      .poll(async () => (await work.deliveries(instance)).filter(({ status }) => status === 'retry').length)
      .toBe(3)
    for (;;) {
      const [first] = await work.deliveries(instance)
      const wait = first?.due ?? 0
      if (passed + wait > 3 * 86_400) break
      waits.push(Math.round(wait))
      passed += wait
      await work.pass(wait + 1)
    }
    // Up to the eighth retry after a day; the ninth is due a good day after the third.
    expect(waits.map((wait) => Math.round(Math.log(wait) / Math.log(4)))).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    receiver.answer({ status: 200 })
    const failed = new Set(receiver.received.map(({ text }) => text))
    receiver.forget()
    await work.pass(4 ** 9)
    await receiver.until(objects.length)
    const texts = receiver.received.map(({ text }) => text)
    for (const text of failed) expect(texts).toContain(text)
    const versions = receiver.received
      .filter(({ json }) => json.message.events[0].objectId === 'R1')
      .map(({ json }) => json.message.raw.version)
    expect(versions).toEqual([0, 2, 4])
    expect((await work.deliveries(instance)).every(({ status }) => status === 'delivered')).toBe(true)
  })

  it('ends its subscription with the ninth retry; what follows is queued', async () => {
    receiver.answer({ status: 500 })
    await tell('R1')
    await receiver.until(1)
    for (let retry = 1; retry <= 9; retry++) {
      await expect.poll(async () => (await work.deliveries(instance))[0]?.tries).toBe(retry)
      await work.pass(4 ** retry + 1)
    }
    expect(receiver.received).toHaveLength(10)
    await expect.poll(async () => (await subscription())?.active).toBe(false)
    expect((await subscription())?.reason).toMatch(/ninth retry failed.*500/)
    await tell('R2')
    await expect
      .poll(async () => (await work.deliveries(instance)).map(({ status }) => status))
      .toEqual(['queued', 'queued'])
    await work.pass(4 ** 9)
    expect(receiver.received).toHaveLength(10)
  })

  it('that is answered 410 ends its subscription at once', async () => {
    receiver.answer({ status: 410 })
    await tell('R1')
    await expect.poll(async () => (await subscription())?.active).toBe(false)
    await expect.poll(async () => (await work.deliveries(instance))[0]?.status).toBe('queued')
  })

  it('that an address answers 410 which is the callback no more goes to the one that is', async () => {
    const other = await startReceiver()
    receiver.answer({ status: 410, afterMs: 5_000 })
    await tell('R1')
    await receiver.until(1)
    await instance.patch({ configuration: { 'event.notification.callback.url': `${other.url}/hook` } })
    await other.until(1)
    expect(await subscription()).toEqual({ active: true, reason: null })
    await other.close()
  })

  it('still on its way to an address that is left carries no new password', async () => {
    receiver.answer({ status: 503 })
    await tell('R1')
    await receiver.until(1)
    const changed = {
      'event.notification.enabled': 'false',
      'event.notification.callback.url': 'http://127.0.0.1:9/elsewhere',
      'event.notification.basic.password': 'a new one',
    }
    expect((await instance.patch({ configuration: changed })).status).toBe(200)
    receiver.answer({ status: 200 })
    await work.pass(5)
    const [, again] = await receiver.until(2)
    expect(again?.headers).not.toHaveProperty('authorization')
    expect(again?.headers).not.toHaveProperty('x-tenant')
  })

  it('waits as long as Retry-After asks', async () => {
    receiver.answer({ status: 429, headers: { 'retry-after': '600' } })
    await tell('R1')
    await expect
      .poll(async () => Math.ceil((await work.deliveries(instance))[0]?.due ?? 0))
      .toBeGreaterThan(590)
    receiver.answer({ status: 200 })
    await work.pass(500)
    expect(receiver.received).toHaveLength(1)
    await work.pass(101)
    expect(receiver.received).toHaveLength(2)
  })

  it('follows no redirect', async () => {
    receiver.answer({ status: 302, headers: { location: `${receiver.url}/elsewhere` } })
    await tell('R1')
    await expect.poll(async () => (await work.deliveries(instance))[0]?.log).toMatchObject([{ status: 302 }])
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hook'])
  })

  it('goes with its instance', async () => {
    receiver.answer({ status: 503 })
    await tell('R1')
    await expect.poll(async () => (await work.deliveries(instance))[0]?.status).toBe('retry')
    await instance.remove({ revoke: 'false' })
    expect(await work.deliveries(instance)).toEqual([])
  })

  it('goes to no private address that nobody allowed', async () => {
    await instance.patch({ configuration: { 'event.notification.callback.url': 'http://10.1.2.3/hook' } })
    await tell('R1')
    await expect
      .poll(async () => (await work.deliveries(instance))[0]?.log)
      .toMatchObject([{ status: null, error: expect.stringMatching(/10\.1\.2\.3/) }])
  })
})

describe('a vendor’s call', () => {
  it.each([
    ['its id in base64', () => `/events/concur/${Buffer.from(String(instance.id)).toString('base64')}`, {}],
    ['the header Element-Instances', () => '/events/concur', { 'element-instances': () => `${instance.id}` }],
    ['instance_id in its body', () => '/events/concur', {}],
  ])('7, in: finds its instance by %s', async (_title, path, headers) => {
    const reply = await ask(`${product.url}${path()}`, {
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value()])),
      body: { instance_id: instance.id, objectType: 'reports', reports: [{ ID: '1' }] },
    })
    expect(reply.status, reply.text).toBe(200)
    const [call] = await receiver.until(1)
    expect(call?.json.message).toMatchObject({ raw: { objectType: 'reports', reports: [{ ID: '1' }] } })
  })

  it('7, in: finds its instance by a value in its body, comes as a form or a query too', async () => {
    await instance.patch({
      configuration: { 'acme.org': 'org-7', 'event.notification.instance.finder': 'acme.org|body.org.id' },
    })
    expect((await ask(`${product.url}/events/concur`, { body: { org: { id: 'org-7' } } })).status).toBe(200)
    expect((await ask(`${product.url}/events/concur`, { body: { org: { id: 'org-8' } } })).status).toBe(404)
    const path = `${product.url}/events/concur/${instance.id}`
    expect((await ask(path, { form: { kind: 'form' } })).status).toBe(200)
    expect((await ask(path, { query: { kind: 'query' } })).status).toBe(200)
    const calls = await receiver.until(3)
    const raws = calls.map(({ json }) => json.message.raw)
    expect(raws).toEqual(
      expect.arrayContaining([{ kind: 'form' }, { kind: 'query' }, { org: { id: 'org-7' } }]),
    )
  })

  it('about no instance with events is 404', async () => {
    await instance.patch({ configuration: { 'event.notification.enabled': 'false' } })
    const reply = await tell('R1')
    expect(reply.status).toBe(404)
    expect(reply.json.message).toMatch(/Element-Instances/)
    expect((await ask(`${product.url}/events/nothing/1`, { body: {} })).status).toBe(404)
    expect(
      (await ask(`${product.url}/events/concur/1`, { body: {}, headers: platform(product.admin) })).status,
    ).toBe(404)
  })
})
