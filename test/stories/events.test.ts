import { createHmac } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type EventWork, loopbackAllowed, newReport, openEventWork } from '../support/events.ts'
import type { Connected } from '../support/grants.ts'
import { type Product, startProduct } from '../support/product.ts'
import { type Received, type Receiver, startReceiver } from '../support/receiver.ts'
import { type Controls, controlsOf } from '../support/sandbox.ts'

let product: Product
let work: EventWork
let receiver: Receiver
let sandbox: Controls
let connectedNow: Connected[] = []

beforeAll(async () => {
  product = await startProduct({ environment: loopbackAllowed })
  work = await openEventWork(product)
  receiver = await startReceiver()
  sandbox = controlsOf(product)
})
afterAll(async () => {
  await work?.close()
  await receiver?.close()
  await product?.close()
})
beforeEach(async () => {
  await sandbox.faults()
  // What other tests changed lies well before this one, by the vendor's clock.
  await sandbox.addSeconds(10)
  receiver.answer({ status: 200 })
  receiver.forget()
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

const verify = ({ headers, text }: Received): void => {
  const expected = `sha256=${createHmac('sha256', key).update(text).digest('base64')}`
  expect(headers['elements-webhook-signature']).toBe(expected)
  const webhook = new Webhook(key, { format: 'raw' })
  expect(() => webhook.verify(text, headers as Record<string, string>)).not.toThrow()
}

describe('polling', () => {
  it('7/6 of the documented example tells a new report to its callback, signed', async () => {
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
    verify(call)
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
    expect(calls.map(({ json }) => json.message.events[0].eventType)).toEqual(['CREATED', 'UPDATED'])
    expect(calls.map(({ json }) => json.message.raw.reports[0].Name)).toEqual(['Trip', 'Long trip'])
  })

  it('7/8 goes to another callback as soon as the configuration says so', async () => {
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
