import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { onEvents } from '../support/event-stage.ts'
import { type EventWork, newReport } from '../support/events.ts'
import type { Connected } from '../support/grants.ts'
import { type Mapping, mappingOn, off, tripFields } from '../support/mapping.ts'
import type { Product } from '../support/product.ts'
import type { Receiver } from '../support/receiver.ts'
import type { Controls } from '../support/sandbox.ts'

let product: Product
let work: EventWork
let receiver: Receiver
let sandbox: Controls
let instance: Connected
let mapping: Mapping

onEvents((stage) => {
  ;({ product, work, receiver, sandbox } = stage)
})
beforeEach(async () => {
  instance = await work.connect(product.admin, {})
  mapping = await mappingOn({ product, member: product.admin }, instance)
  await mapping.map('trips', 'reports', [...tripFields, masked], [off])
})
afterEach(() => instance.remove({ revoke: 'false' }))

const masked = {
  ...{ path: 'changed', type: 'date', vendorPath: 'LastModifiedDate' },
  configuration: [{ type: 'transformDate', properties: { pattern: 'dd/MM/yyyy HH:mm:ss' } }],
}

const listen = async (objects: object, more: object = {}): Promise<void> => {
  const answer = await instance.patch({
    configuration: {
      'event.notification.enabled': 'true',
      'event.notification.callback.url': `${receiver.url}/hook`,
      'event.poller.refresh_interval': '1',
      'event.poller.configuration': JSON.stringify(objects),
      ...more,
    },
  })
  expect(answer.status, answer.text).toBe(200)
  await work.poll(instance)
}

const rename = async (id: string, name: string): Promise<void> => {
  await sandbox.addSeconds(120)
  const changed = await instance.call(`/reports/${id}`, { method: 'PATCH', body: { Name: name } })
  expect(changed.status, changed.text).toBe(200)
}

/** The messages so far, by what they tell. */
const told = async (messages: number) => {
  const calls = await receiver.until(messages)
  await work.poll(instance)
  expect(await work.deliveries(instance)).toHaveLength(messages)
  return calls.map(({ json }) => json.message)
}

describe('polling of a common resource', () => {
  it('6.2/1, 7/3 tells changes by its name, rows in its names; id and dates follow from the vendor’s', async () => {
    await listen({ trips: {} })
    const id = await newReport(instance, 'Trip')
    await work.poll(instance)
    await receiver.until(1)
    await rename(id, 'Trip on')
    await work.poll(instance)
    const [made, changed] = await told(2)
    expect(made.raw).toMatchObject({ objectType: 'trips', trips: [{ id, title: 'Trip' }] })
    expect(Object.keys(made.raw.trips[0]).sort()).toEqual(['changed', 'id', 'owner', 'sum', 'title'])
    expect(made.events).toEqual([
      expect.objectContaining({ objectType: 'trips', objectId: id, eventType: 'CREATED' }),
    ])
    expect(changed.raw.trips).toEqual([expect.objectContaining({ id, title: 'Trip on' })])
    expect(changed.events[0]).toMatchObject({ objectId: id, eventType: 'UPDATED' })
  })

  it.each([
    ['common', 'id', 'changed', "title like 'Watched%' and changed >"],
    ['vendor’s', 'ID', 'LastModifiedDate', "Name like 'Watched%' and LastModifiedDate >"],
  ])('takes idField, dates and where in %s names', async (_whose, idField, updatedDateField, where) => {
    await listen({
      trips: {
        ...{ idField, url: `/hubs/expense/trips?where=${where} '\${date:yyyy-MM-dd'T'HH:mm:ss}'` },
        datesConfiguration: { updatedDateField, createdDateField: 'CreateDate' },
      },
    })
    await newReport(instance, 'Ignored')
    const id = await newReport(instance, 'Watched')
    await work.poll(instance)
    const [message] = await told(1)
    expect(message.raw.trips).toEqual([expect.objectContaining({ id, title: 'Watched' })])
  })

  it('tells nothing because a mapping changed, and loses no change: the new one shows it', async () => {
    await listen({ trips: {} })
    const id = await newReport(instance, 'First')
    await work.poll(instance)
    await receiver.until(1)
    await mapping.map('trips', 'reports', [{ path: 'name', vendorPath: 'Name' }], [off])
    await work.poll(instance)
    await told(1)
    await mapping.map('trips', 'reports', [{ path: 'label', vendorPath: 'Name' }])
    await rename(id, 'Second')
    await work.poll(instance)
    const [, changed] = await told(2)
    expect(changed.raw.trips).toEqual([expect.objectContaining({ ID: id, label: 'Second' })])
    expect(changed.events[0]).toMatchObject({ objectId: id, eventType: 'UPDATED' })
  })

  it('of another resource than before tells what changed from then on, and nothing as deleted', async () => {
    await listen({ trips: {} })
    await newReport(instance, 'Before')
    await work.poll(instance)
    await receiver.until(1)
    // Clocks may differ by seconds: what changed just before the last poll could be told once more.
    await sandbox.addSeconds(60)
    await work.poll(instance)
    const lists = [
      { path: 'id', vendorPath: 'ID' },
      { path: 'name', vendorPath: 'Name' },
    ]
    await mapping.map('trips', 'lists', lists, [off])
    await work.poll(instance)
    await told(1)
    await mapping.map('trips', 'reports', tripFields, [off])
    await work.poll(instance)
    await told(1)
    const id = await newReport(instance, 'After')
    await work.poll(instance)
    const [, message] = await told(2)
    expect(message.raw.trips).toEqual([expect.objectContaining({ id, title: 'After' })])
  })

  it('waits with words while the name is not mapped, and then tells what changed meanwhile', async () => {
    await listen({ trips: {} })
    await mapping.call('DELETE', `/instances/${instance.id}/transformations/trips`)
    await work.poll(instance)
    const [record] = (await mapping.call('GET', `/instances/${instance.id}/event-poller-records`)).json
    expect(record).toMatchObject({ failures: 1, failure: expect.stringContaining("'trips' any more") })
    const id = await newReport(instance, 'Meanwhile')
    await mapping.map('trips', 'reports', tripFields, [off])
    await work.poll(instance)
    const [message] = await told(1)
    expect(message.raw.trips).toEqual([expect.objectContaining({ id, title: 'Meanwhile' })])
  })

  it('shadows a vendor’s resource of the same name, mapped before or after it was configured', async () => {
    await listen({ reports: {} })
    const key = { path: 'key', vendorPath: 'ID' }
    await mapping.map('reports', 'reports', [key], [off])
    const create = async () =>
      (await instance.call('/trips', { method: 'POST', body: { title: 'Shadow' } })).json.id
    const one = await create()
    await work.poll(instance)
    await listen({ reports: {} }, { 'event.objects': 'reports' })
    const two = await create()
    await work.poll(instance)
    const messages = await told(2)
    expect(messages.map(({ raw }) => raw.reports)).toEqual([[{ key: one }], [{ key: two }]])
    expect(messages.map(({ events }) => events[0].objectId)).toEqual([one, two])
  })

  it('polls at once what the organization maps, when a connection is made; what nothing maps is refused', async () => {
    const wide = '/organizations'
    await mapping.call('POST', `${wide}/objects/voyages/definitions`, { fields: [{ path: 'label' }] })
    await mapping.call('POST', `${wide}/elements/concur/transformations/voyages`, {
      ...{ vendorName: 'reports', fields: [{ path: 'label', vendorPath: 'Name' }] },
      configuration: [off],
    })
    const other = await work.connect(product.admin, {
      ...{ 'event.notification.enabled': 'true', 'event.notification.callback.url': `${receiver.url}/hook` },
      ...{ 'event.objects': 'voyages', 'event.poller.refresh_interval': '1' },
    })
    try {
      await work.poll(other)
      const id = await newReport(other, 'Wide')
      await work.poll(other)
      const [call] = await receiver.until(1)
      expect(call?.json.message.raw.voyages).toEqual([{ label: 'Wide' }])
      expect(call?.json.message.events[0].objectId).toBe(id)
    } finally {
      await other.remove({ revoke: 'false' })
    }
    const refused = await instance.patch({
      configuration: {
        'event.notification.enabled': 'true',
        'event.notification.callback.url': `${receiver.url}/hook`,
        'event.poller.configuration': '{"nothing":{}}',
      },
    })
    expect([refused.status, refused.json.message]).toEqual([
      400,
      expect.stringContaining("no list 'nothing'"),
    ])
  })
})
