import { afterEach, beforeEach, expect, it } from 'vitest'
import { onEvents } from '../support/event-stage.ts'
import type { EventWork } from '../support/events.ts'
import { type Connected, companyInstance } from '../support/grants.ts'
import type { Product } from '../support/product.ts'
import type { Receiver } from '../support/receiver.ts'

let product: Product
let work: EventWork
let receiver: Receiver
let instance: Connected

onEvents((stage) => {
  ;({ product, work, receiver } = stage)
})
beforeEach(async () => {
  instance = await companyInstance(product, product.admin, {
    configuration: {
      'event.notification.enabled': 'true',
      'event.notification.callback.url': `${receiver.url}/hook`,
      'event.objects': 'lists',
    },
  })
})
afterEach(() => instance.remove({ revoke: 'false' }))

const change = async (configuration: Readonly<Record<string, string>>): Promise<void> => {
  const answer = await instance.patch({ configuration })
  expect(answer.status, answer.text).toBe(200)
}
const newList = async (name: string): Promise<void> => {
  const made = await instance.call('/lists', { method: 'POST', body: { Name: name } })
  expect(made.status, made.text).toBe(200)
}

it('a change of the API generation is no change of the rows, whose ids and fields differ; later ones are told', async () => {
  await work.poll(instance)
  for (const generation of ['v3', 'current']) {
    await change({ 'concur.api.generation': generation })
    await work.poll(instance)
    await work.poll(instance)
    await work.poll(instance)
    expect(receiver.received.flatMap(({ json }) => json.message.events)).toEqual([])
  }
  await newList('Told')
  await work.poll(instance)
  const [call] = await receiver.until(1)
  expect(call?.json.message.events).toMatchObject([{ objectType: 'lists', eventType: 'CREATED' }])
  expect(call?.json.message.raw.lists).toMatchObject([{ Name: 'Told' }])
})

it('nulls that rows show from now on are no change of them', async () => {
  await work.poll(instance)
  for (const dropped of ['false', 'true']) {
    await change({ 'filter.response.nulls': dropped })
    await work.poll(instance)
  }
  await work.poll(instance)
  expect(await work.deliveries(instance)).toEqual([])
})
