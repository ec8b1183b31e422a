import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { onEvents } from '../support/event-stage.ts'
import { type EventWork, newReport } from '../support/events.ts'
import type { Connected } from '../support/grants.ts'
import { type Mapping, mappingOn, off, tripFields } from '../support/mapping.ts'
import type { Product } from '../support/product.ts'
import type { Receiver } from '../support/receiver.ts'

let product: Product
let work: EventWork
let receiver: Receiver
let instance: Connected
let mapping: Mapping

onEvents((stage) => {
  ;({ product, work, receiver } = stage)
})
beforeEach(async () => {
  instance = await work.connect(product.admin, {})
  mapping = await mappingOn({ product, member: product.admin }, instance)
})
afterEach(() => instance.remove({ revoke: 'false' }))

const scripted = async (body: string, filterEmptyResponse = false): Promise<void> => {
  const made = await mapping.map('trips', 'reports', tripFields, [off], {
    script: { body, filterEmptyResponse },
  })
  expect(made.status, made.text).toBe(200)
}

const listen = async (): Promise<void> => {
  const answer = await instance.patch({
    configuration: {
      'event.notification.enabled': 'true',
      'event.notification.callback.url': `${receiver.url}/hook`,
      'event.poller.refresh_interval': '1',
      'event.poller.configuration': '{"trips":{}}',
    },
  })
  expect(answer.status, answer.text).toBe(200)
  await work.poll(instance)
}

const record = async () =>
  (await mapping.call('GET', `/instances/${instance.id}/event-poller-records`)).json[0]

/** What all messages so far tell, after one more poll. */
const told = async (messages: number) => {
  const calls = await receiver.until(messages)
  await work.poll(instance)
  expect(await work.deliveries(instance)).toHaveLength(messages)
  return calls.map(({ json }) => json.message)
}

describe('polling through a script', () => {
  it('6.2/8, 7/3 tells rows as it makes them, and none that it leaves out', async () => {
    await scripted(
      `done(transformedObject.title.startsWith('Hidden') ? null : { label: transformedObject.title + '!' })`,
      true,
    )
    await listen()
    await newReport(instance, 'Hidden one')
    const id = await newReport(instance, 'Shown')
    await newReport(instance, 'Hidden two')
    await work.poll(instance)
    const [message] = await told(1)
    expect(message.raw.trips).toEqual([{ label: 'Shown!' }])
    expect(message.events.map(({ objectId }: { objectId: string }) => objectId)).toEqual([id])
    await newReport(instance, 'Hidden three')
    await work.poll(instance)
    await told(1)
    expect((await record()).failures).toBe(0)
  })

  it('6.2/8, 7/3 fails in its words where it fails, and tells the changes once it works', async () => {
    await scripted(`if (transformedObject.title === 'Broken') throw new TypeError('not this')
      done({ label: transformedObject.title })`)
    await listen()
    const one = await newReport(instance, 'Whole')
    const two = await newReport(instance, 'Broken')
    for (const failures of [1, 2]) {
      await work.poll(instance)
      expect(await record()).toMatchObject({
        failures,
        failure: expect.stringMatching(
          /^script of trips: TypeError: not this \(line 1\)\. 1 of 2 records are not shown without it\.$/,
        ),
      })
    }
    expect(await work.deliveries(instance)).toEqual([])
    await scripted('done({ label: transformedObject.title })')
    await work.poll(instance)
    const [message] = await told(1)
    expect(message.raw.trips.map(({ label }: { label: string }) => label).sort()).toEqual(['Broken', 'Whole'])
    expect(message.events.map(({ objectId }: { objectId: string }) => objectId).sort()).toEqual(
      [one, two].sort(),
    )
    expect((await record()).failures).toBe(0)
  })
})
