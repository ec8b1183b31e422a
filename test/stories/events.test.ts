import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { onEvents } from '../support/event-stage.ts'
import { type EventWork, newReport } from '../support/events.ts'
import type { Connected } from '../support/grants.ts'
import type { Product } from '../support/product.ts'
import { type Receiver, startReceiver } from '../support/receiver.ts'
import type { Controls } from '../support/sandbox.ts'
import { checkSignature } from '../support/signature.ts'

let product: Product
let work: EventWork
let receiver: Receiver
let sandbox: Controls
let connectedNow: Connected[] = []

onEvents((stage) => {
  ;({ product, work, receiver, sandbox } = stage)
})
afterEach(async () => {
  for (const instance of connectedNow) await instance.remove({ revoke: 'false' })
  connectedNow = []
})

/** An instance that is removed after the test, so that no other test hears of its reports. */
const connect = async (events: Readonly<Record<string, unknown>>): Promise<Connected> => {
  const instance = await work.connect(product.admin, events)
  connectedNow.push(instance)
  return instance
}

const key = 'a key of thirty-two characters !!'

/** The polling example of the element's old documentation (spec/contract.md 11): no switch, no zones. */
const documented = () => ({
  'event.notification.callback.url': `${receiver.url}/hook`,
  'event.notification.signature.key': key,
  'event.poller.refresh_interval': '1',
  'event.poller.configuration': {
    reports: {
      url: "/hubs/expense/reports?where=modifiedDateAfter='${date:yyyy-MM-dd'T'HH:mm:ss.SSS}'",
      idField: 'ID',
      datesConfiguration: {
        updatedDateField: 'LastModifiedDate',
        updatedDateFormat: "yyyy-MM-dd'T'HH:mm:ss.SSS",
        createdDateField: 'CreateDate',
        createdDateFormat: "yyyy-MM-dd'T'HH:mm:ss.SSS",
      },
    },
  },
})

describe('polling', () => {
  it('14/7 7, polling: of the documented example tells a new report to its callback, signed', async () => {
    const instance = await connect(documented())
    const { json } = await instance.show()
    expect(json.eventsEnabled).toBe(true)
    expect(json.configuration['event.notification.signature.key']).toBe('********')
    await work.poll(instance)
    expect(receiver.received).toEqual([])
    const id = await newReport(instance, 'Trip')
    await work.poll(instance)
    const [call] = await receiver.until(1)
    if (call === undefined) throw new Error('none')
    expect(() => checkSignature(call, key)).not.toThrow()
    expect(call.path).toBe('/hook')
    expect(call.json).toMatchObject({
      severity: 'medium',
      topic: `instance-${instance.id}-concur-events`,
      action: 'create',
      message: {
        elementKey: 'concur',
        instanceId: instance.id,
        instance_id: instance.id,
        raw: { reports: [{ ID: id, Name: 'Trip' }], objectType: 'reports' },
        events: [
          {
            elementKey: 'concur',
            hubKey: 'expense',
            objectType: 'reports',
            objectId: id,
            eventType: 'CREATED',
          },
        ],
      },
    })
    expect(call.json.createdDate).toMatch(/^\w{3} \w{3} \d\d \d\d:\d\d:\d\d UTC \d{4}$/)
    expect(call.json.id).toMatch(/^\d+$/)
    expect(call.json.message.eventId).toMatch(/^[\w-]{20}$/)
    expect(call.headers['elements-webhook-id']).toBe(call.json.message.eventId)
    expect(call.headers['webhook-id']).toBe(call.json.message.eventId)
  })

  it('tells a change once, however often it is read again', async () => {
    const instance = await connect(documented())
    await work.poll(instance)
    const id = await newReport(instance, 'Trip')
    await work.poll(instance)
    await instance.call(`/reports/${id}`, { method: 'PATCH', body: { Name: 'Long trip' } })
    await work.poll(instance)
    await work.poll(instance)
    const calls = await receiver.until(2)
    expect(await work.deliveries(instance)).toHaveLength(2)
    expect(calls.map(({ json }) => json.message.events[0].eventType)).toEqual(['CREATED', 'UPDATED'])
    expect(calls.map(({ json }) => json.message.raw.reports[0].Name)).toEqual(['Trip', 'Long trip'])
  })

  it('7, polling: goes to another callback as soon as the configuration says so', async () => {
    const instance = await connect(documented())
    await work.poll(instance)
    const other = await startReceiver()
    await instance.patch({ configuration: { 'event.notification.callback.url': other.url } })
    await newReport(instance, 'Trip')
    await work.poll(instance)
    await other.until(1)
    expect(receiver.received).toEqual([])
    await other.close()
  })

  it('costs one call of the vendor and one statement for a batch where nothing changed', async () => {
    const instance = await connect(documented())
    await work.poll(instance)
    await work.poll(instance)
    const { operations } = await sandbox.during(() => work.poll(instance))
    expect(operations).toEqual({ 'reports.list': 1 })
  })

  it('costs one call at whichever part of a second it is made, where nothing was ever seen', async () => {
    const instance = await connect(documented())
    await work.poll(instance)
    const { operations } = await sandbox.during(async () => {
      for (let at = 0; at < 10; at += 1) await sleep(110).then(() => work.poll(instance))
    })
    expect(operations).toEqual({ 'reports.list': 10 })
  })

  it('changes nothing where a page fails, and finds it all the next time', async () => {
    const instance = await connect(documented())
    await work.poll(instance)
    const id = await newReport(instance, 'Trip')
    await sandbox.faults({ fault: 'server-error', value: 503 })
    await work.poll(instance)
    await sandbox.faults()
    await work.poll(instance)
    const [call] = await receiver.until(1)
    expect(call?.json.message.events[0].objectId).toBe(id)
  })
})

describe('what is polled', () => {
  const records = async (instance: Connected): Promise<readonly string[]> => {
    const rows = await work.db.query<{ name: string }>({
      text: 'select object_type as name from pollers where instance_id = $1 and active order by 1',
      values: [instance.id],
    })
    return rows.map(({ name }) => name)
  }
  const switchedOn = () => ({
    'event.notification.enabled': 'true',
    'event.notification.callback.url': receiver.url,
    'event.poller.refresh_interval': '1',
  })

  it('7, polling: is what is usual, where events are switched on and nothing more is said', async () => {
    const instance = await connect(switchedOn())
    expect(await records(instance)).toEqual(['reports'])
    await work.poll(instance)
    await newReport(instance, 'Trip')
    await work.poll(instance)
    const [call] = await receiver.until(1)
    expect(call?.json.message.raw.objectType).toBe('reports')
  })

  it('7, polling: follows event.objects at once, keeps its place meanwhile, and ends with the switch', async () => {
    const instance = await connect(switchedOn())
    await work.poll(instance)
    await instance.patch({ configuration: { 'event.objects': 'lists,expenses' } })
    expect(await records(instance)).toEqual(['expenses', 'lists'])
    const id = await newReport(instance, 'While it was off')
    await instance.patch({ configuration: { 'event.objects': 'reports' } })
    expect(await records(instance)).toEqual(['reports'])
    await work.poll(instance)
    const [call] = await receiver.until(1)
    expect(call?.json.message.events[0].objectId).toBe(id)
    await instance.patch({ configuration: { 'event.notification.enabled': 'false' } })
    expect(await records(instance)).toEqual([])
    expect((await instance.show()).json.eventsEnabled).toBe(false)
  })

  it('is compared whole where rows tell no time: the first look tells nothing', async () => {
    const instance = await connect({ ...switchedOn(), 'event.objects': 'lists' })
    await work.poll(instance)
    const made = await instance.call('/lists', { method: 'POST', body: { Name: `Projects ${instance.id}` } })
    expect(made.status, made.text).toBe(200)
    await work.poll(instance)
    const [created] = await receiver.until(1)
    expect(created?.json.message.events).toMatchObject([
      { objectType: 'lists', objectId: made.json.ID, eventType: 'CREATED' },
    ])
    await instance.call(`/lists/${made.json.ID}`, { method: 'PATCH', body: { Name: `Plans ${instance.id}` } })
    await work.poll(instance)
    const calls = await receiver.until(2)
    expect(calls[1]?.json.message.events[0].eventType).toBe('UPDATED')
  })

  it('comes in notifications of ten at most, each change once, over the borders of pages', async () => {
    const instance = await connect({
      ...switchedOn(),
      'event.poller.configuration': { reports: { pageSize: 3 } },
    })
    await work.poll(instance)
    const ids: string[] = []
    for (let at = 0; at < 23; at++) ids.push(await newReport(instance, `Trip ${at}`))
    await work.poll(instance)
    const calls = await receiver.until(3)
    expect(calls.map(({ json }) => json.message.events.length).sort()).toEqual([10, 10, 3])
    const told = calls.flatMap(({ json }) =>
      json.message.events.map((event: { objectId: string }) => event.objectId),
    )
    expect(told.sort()).toEqual(ids.sort())
    for (const { json } of calls)
      expect(json.message.raw.reports.map(({ ID }: { ID: string }) => ID)).toEqual(
        json.message.events.map(({ objectId }: { objectId: string }) => objectId),
      )
  })

  it('is found whatever the vendor’s clock does between two polls', async () => {
    const instance = await connect(switchedOn())
    await work.poll(instance)
    await sandbox.addSeconds(7_200)
    const forth = await newReport(instance, 'Forth')
    await work.poll(instance)
    await sandbox.addSeconds(-7_200)
    const back = await newReport(instance, 'Back')
    await work.poll(instance)
    await receiver.until(2)
    const ids = receiver.received.flatMap(({ json }) =>
      json.message.events.map((event: { objectId: string }) => event.objectId),
    )
    expect(ids).toEqual(expect.arrayContaining([forth, back]))
  })

  it('that is wrong is refused by the name of its key', async () => {
    const instance = await connect(switchedOn())
    const reply = await instance.patch({ configuration: { 'event.objects': 'trips' } })
    expect(reply.status).toBe(400)
    expect(reply.json.message).toMatch(/no list 'trips' here.*reports/)
    expect(await records(instance)).toEqual(['reports'])
  })
})

describe('a grant that ends', () => {
  it('is told as an event of its instance', async () => {
    const instance = await connect({
      'event.notification.enabled': 'true',
      'event.vendor.type': 'webhook',
      'event.notification.callback.url': receiver.url,
    })
    await product.context.store.grantNotices.add({
      organizationId: 2,
      instanceId: instance.id,
      principal: 'user',
      kind: 'needs-reconnect',
      about: 'version 1',
      endsAt: null,
      reason: 'It was revoked.',
    })
    expect(await product.context.events.tellNotices()).toBe(1)
    expect(await product.context.events.tellNotices()).toBe(0)
    const [call] = await receiver.until(1)
    expect(call?.json).toMatchObject({
      severity: 'high',
      message: {
        instanceId: instance.id,
        raw: {
          objectType: 'authentication',
          authentication: [{ principal: 'user', state: 'needs-reconnect', reason: 'It was revoked.' }],
        },
        events: [{ eventType: 'NEEDS_RECONNECT', objectId: 'user' }],
      },
    })
  })
})
