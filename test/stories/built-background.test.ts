import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bulkOf, linesOf } from '../support/bulk.ts'
import { ask, platform } from '../support/client.ts'
import { type EventWork, loopbackAllowed, openEventWork } from '../support/events.ts'
import type { Connected } from '../support/grants.ts'
import { connectMadeUp, madeUpElement } from '../support/made-up-element.ts'
import { type MadeUpVendor, startMadeUpVendor } from '../support/made-up-vendor.ts'
import { type Product, startProduct } from '../support/product.ts'
import { type Receiver, startReceiver } from '../support/receiver.ts'

let vendor: MadeUpVendor
let product: Product
let work: EventWork
let receiver: Receiver
let instance: Connected

beforeAll(async () => {
  vendor = await startMadeUpVendor()
  product = await startProduct({ sandbox: { reports: 1 }, environment: loopbackAllowed })
  receiver = await startReceiver()
  work = await openEventWork(product)
  instance = await connectMadeUp(product, madeUpElement(vendor.url), {
    'event.notification.enabled': 'true',
    'event.notification.callback.url': `${receiver.url}/hook`,
  })
})
afterAll(async () => {
  await work?.close()
  await receiver?.close()
  await product?.close()
  await vendor?.close()
})

describe('a posted element', () => {
  it('tells of changes that a poll finds by the date of its object', async () => {
    await work.poll(instance)
    expect(receiver.received).toHaveLength(0)
    vendor.change('p3', { name: 'Renamed' })
    await work.poll(instance)
    const [call] = await receiver.until(1)
    expect(call?.json.message).toMatchObject({
      events: [{ objectId: 'p3', elementKey: 'madeup', eventType: 'UPDATED', objectType: 'people' }],
    })
  })

  it('is downloaded whole, and narrowed as it is listed', async () => {
    const bulk = bulkOf(instance)
    const id = await bulk.query("select name, age from people where age > 23 and city='Oslo'")
    expect(await bulk.ended(id)).toMatchObject({ status: 'COMPLETED', recordsCount: 1 })
    const file = await bulk.file(id, 'people', 'application/json')
    expect(linesOf(file.text)).toEqual([{ name: 'Person 5', age: 24 }])
  })

  it('takes the rows of a file', async () => {
    const bulk = bulkOf(instance)
    const made = await bulk.upload('people', 'name,age\nFrom a file,50\n')
    expect(made.status, made.text).toBe(200)
    expect(await bulk.ended(made.json.id)).toMatchObject({ status: 'COMPLETED', recordsCount: 1 })
    expect(vendor.people.at(-1)).toMatchObject({ name: 'From a file', age: 50 })
  })

  it('is seen through a common resource', async () => {
    const path = `${product.url}/instances/${instance.id}`
    const headers = platform(product.admin)
    const fields = [
      { path: 'id', vendorPath: 'personId', type: 'string' },
      { path: 'full.name', vendorPath: 'name', type: 'string' },
    ]
    const definition = { fields: fields.map(({ path: name, type }) => ({ path: name, type })) }
    const defined = await ask(`${path}/objects/humans/definitions`, { headers, body: definition })
    expect(defined.status, defined.text).toBe(200)
    const mapping = {
      vendorName: 'people',
      fields,
      configuration: [{ type: 'passThrough', properties: { fromVendor: false, toVendor: false } }],
    }
    const mapped = await ask(`${path}/transformations/humans`, { headers, body: mapping })
    expect(mapped.status, mapped.text).toBe(200)
    const listed = await instance.call('/humans', { query: { where: "full.name='Person 2'" } })
    expect(listed.json).toEqual([{ id: 'p2', full: { name: 'Person 2' } }])
  })

  it('has documents of what it can do', async () => {
    const headers = platform(product.admin)
    const docs = await ask(`${product.url}/elements/madeup/docs`, { headers })
    expect(docs.status, docs.text).toBe(200)
    expect(Object.keys(docs.json.paths)).toEqual(
      expect.arrayContaining(['/people', '/people/{id}', '/people/{id}/notes', '/me']),
    )
    const objects = await instance.call('/objects')
    expect(objects.json).toEqual(expect.arrayContaining(['people', 'numbered', 'me']))
    const metadata = await instance.call('/objects/people/metadata')
    expect(metadata.json.fields.map(({ vendorPath }: { vendorPath: string }) => vendorPath)).toContain('city')
  })
})
