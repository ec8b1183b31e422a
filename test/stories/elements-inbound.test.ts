import { afterAll, beforeAll, expect, it } from 'vitest'
import { ask } from '../support/client.ts'
import { type OrchardVendor, startOrchard } from '../support/orchard-vendor.ts'
import { asMember, orchardElement } from '../support/posted-elements.ts'
import { type Member, type Product, startProduct } from '../support/product.ts'

let product: Product
let vendor: OrchardVendor
let other: Member

beforeAll(async () => {
  vendor = await startOrchard()
  product = await startProduct({ environment: { OUTBOUND_ALLOW: '127.0.0.1' } })
  other = await product.addMember('Southwind', 'admin@southwind.example')
})
afterAll(async () => {
  await product?.close()
  await vendor?.close()
})

const begin = async (member: Member) => {
  const call = asMember(product, member)
  const element = await call('POST', '/elements', orchardElement(vendor.url, { key: 'told' }))
  const instance = await call('POST', '/instances', {
    name: 'Told',
    element: { key: 'told' },
    externalAuthentication: 'initial',
    configuration: {
      'oauth.api.key': 'key',
      'oauth.api.secret': 'secret',
      'oauth.callback.url': 'http://127.0.0.1:9/callback',
      'oauth.user.refresh_token': 'orchard-refresh',
      'event.notification.enabled': 'true',
      'event.vendor.type': 'webhook',
      'event.notification.instance.finder': 'orchard.id|body.orchard',
      'orchard.id': 'the-same-orchard',
    },
  })
  expect(instance.status, instance.text).toBe(200)
  return { elementId: Number(element.json.id), instanceId: Number(instance.json.id) }
}

it('7/1 a call of a vendor reaches the instances of the element that is meant, whoever else has its key', async () => {
  const mine = await begin(product.admin)
  const theirs = await begin(other)
  const events = async (member: Member, id: number): Promise<number> => {
    const reply = await asMember(product, member)('GET', `/instances/${id}/events`)
    return reply.status === 200 ? reply.json.length : 0
  }
  const tell = (path: string, body: object) => ask(`${product.url}/events/${path}`, { body })
  for (const name of ['told', String(mine.elementId)])
    expect((await tell(`${name}/${mine.instanceId}`, { orchard: 'x' })).status).toBe(200)
  expect((await tell(`${theirs.elementId}/${mine.instanceId}`, {})).status).toBe(404)
  expect((await tell('told', { orchard: 'the-same-orchard' })).status).toBe(404)
  const found = await tell(String(mine.elementId), { orchard: 'the-same-orchard' })
  expect(found.status, found.text).toBe(200)
  expect(found.json.eventIds).toHaveLength(1)
  expect(await events(other, theirs.instanceId)).toBe(0)
  expect(await events(product.admin, mine.instanceId)).toBe(3)
  expect((await tell('no such element%00', {})).status).toBeLessThan(500)
})
