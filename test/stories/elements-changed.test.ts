import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ElementReply } from '#src/contract/index.ts'
import { ask, hub } from '../support/client.ts'
import { type OrchardVendor, startOrchard } from '../support/orchard-vendor.ts'
import { asMember, connectTo, orchardElement } from '../support/posted-elements.ts'
import { type Product, type Served, serveBeside, startProduct } from '../support/product.ts'

let product: Product
let beside: Served
let vendor: OrchardVendor
let call: ReturnType<typeof asMember>
const environment = { OUTBOUND_ALLOW: '127.0.0.1' }

beforeAll(async () => {
  vendor = await startOrchard()
  product = await startProduct({ environment })
  beside = await serveBeside(product, environment)
  call = asMember(product, product.admin)
})
afterAll(async () => {
  await beside?.stop()
  await product?.close()
  await vendor?.close()
})

interface Item {
  readonly id: number
  readonly key: string
  readonly name: string
  readonly path: string
}

const idsOf = (items: readonly Item[]) => items.map(({ id }) => id)

/** The same element, whose trees come from the vendor's second version. */
const second = (key: string) => {
  const element = orchardElement(vendor.url, { key })
  const resources = (element['resources'] as Record<string, unknown>[]).map((resource) => ({
    ...resource,
    vendorPath: String(resource['vendorPath']).replace('/v1/', '/v2/'),
  }))
  return { ...element, resources }
}

const until = async (holds: () => Promise<boolean>): Promise<boolean> => {
  for (let at = 0; at < 60; at += 1) {
    if (await holds()) return true
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return false
}

describe('an element that is replaced', () => {
  it('4/3 keeps key, number and base.url, and its open instances go by the new document at once', async () => {
    const made = await call('POST', '/elements', orchardElement(vendor.url, { key: 'grown' }))
    const { json: instance } = await connectTo(product, product.admin, 'grown')
    const headers = hub(product.admin, instance.token)
    const trees = async (url = product.url) => (await ask(`${url}/hubs/farming/trees`, { headers })).json
    expect((await trees())[0]).not.toHaveProperty('version')
    expect((await trees(beside.url))[0]).not.toHaveProperty('version')
    const put = await call('PUT', '/elements/grown', second('grown'))
    expect(put.status, put.text).toBe(200)
    expect(ElementReply.safeParse(put.json).error?.issues ?? []).toEqual([])
    expect(put.json).toMatchObject({ id: made.json.id, key: 'grown' })
    expect((await trees())[0]).toMatchObject({ version: 2 })
    expect(await until(async () => (await trees(beside.url))[0].version === 2)).toBe(true)
  })

  it('4/3 keeps the numbers of all parts that stay, sent with them or without', async () => {
    const { json: made } = await call('POST', '/elements', orchardElement(vendor.url, { key: 'numbered' }))
    const without = await call('PUT', '/elements/numbered', orchardElement(vendor.url, { key: 'numbered' }))
    expect(idsOf(without.json.resources)).toEqual(idsOf(made.resources))
    expect(idsOf(without.json.configuration)).toEqual(idsOf(made.configuration))
    expect(idsOf(without.json.objects)).toEqual(idsOf(made.objects))
    const back = await call('PUT', '/elements/numbered', {
      ...without.json,
      description: 'changed',
      configuration: without.json.configuration.slice(0, 5).reverse(),
    })
    expect(back.json.description).toBe('changed')
    expect(idsOf(back.json.resources)).toEqual(idsOf(made.resources))
    expect(idsOf(back.json.configuration)).toEqual(idsOf(made.configuration).slice(0, 5).reverse())
    expect(idsOf(back.json.resources[1].parameters)).toEqual(idsOf(made.resources[1].parameters))
  })

  it('4/3 is left as it was by a document that is refused, and by another key', async () => {
    const { json: made } = await call('POST', '/elements', orchardElement(vendor.url, { key: 'firm' }))
    for (const [body, message] of [
      [{ ...made, configuration: [] }, /base\.url/],
      [{ ...made, protocolType: 'soap' }, /protocolType/],
      [{ ...made, key: 'another' }, /key: it stays 'firm'/],
      [{ ...made, name: '' }, /name/],
    ] as const) {
      const reply = await call('PUT', '/elements/firm', body)
      expect(reply.status, reply.text).toBe(400)
      expect(reply.json.message).toMatch(message)
    }
    expect((await call('GET', '/elements/firm')).json).toEqual(made)
    expect((await call('PUT', '/elements/concur', made)).status).toBe(400)
    expect((await call('PUT', '/elements/nothing', made)).status).toBe(404)
  })

  it('4/3 is found by another process at once, and is gone there once it is removed', async () => {
    const there = asMember({ url: beside.url }, product.admin)
    await there('GET', '/elements/keys')
    await call('POST', '/elements', orchardElement(vendor.url, { key: 'spread' }))
    expect((await there('GET', '/elements/spread')).status).toBe(200)
    await call('POST', '/elements', orchardElement(vendor.url, { key: 'spread2' }))
    expect((await there('GET', '/elements/keys')).json).toContain('spread2')
    await call('DELETE', '/elements/spread')
    expect(await until(async () => (await there('GET', '/elements/spread')).status === 404)).toBe(true)
  })

  it('4/3 takes changes of its parts at the same time, and loses none', async () => {
    await call('POST', '/elements', orchardElement(vendor.url, { key: 'busy' }))
    const names = Array.from({ length: 8 }, (_, at) => `own.key.${at}`)
    const there = asMember({ url: beside.url }, product.admin)
    const replies = await Promise.all(
      names.map((key, at) =>
        (at % 2 === 0 ? call : there)('POST', '/elements/busy/configuration', { key, name: key }),
      ),
    )
    expect(replies.map(({ status }) => status)).toEqual(names.map(() => 200))
    const { json } = await call('GET', '/elements/busy/configuration')
    expect(json.configuration.map(({ key }: Item) => key)).toEqual(expect.arrayContaining(names))
  })

  it('4/3 is not removed under an instance that is made at the same time', async () => {
    for (let round = 0; round < 5; round += 1) {
      const key = `contested${round}`
      await call('POST', '/elements', orchardElement(vendor.url, { key }))
      const [made, removed] = await Promise.all([
        connectTo(product, product.admin, key),
        call('DELETE', `/elements/${key}`),
      ])
      const there = (await call('GET', `/elements/${key}`)).status === 200
      expect([made.status, removed.status]).toEqual(there ? [200, 409] : [404, 200])
    }
  })
})

describe('a clone', () => {
  it('4/4 of a posted element has a number and key of its own, and no default for the API key', async () => {
    const configuration = [
      { key: 'base.url', name: 'Base URL', defaultValue: vendor.url },
      { key: 'oauth.token.url', name: 'Token URL', defaultValue: `${vendor.url}/token` },
      { key: 'oauth.api.key', name: 'API key', defaultValue: 'of-the-first' },
    ]
    const { json: first } = await call(
      'POST',
      '/elements',
      orchardElement(vendor.url, { key: 'mother', configuration }),
    )
    const clone = await call('POST', '/elements/mother/clone', { anything: 'is ignored' })
    expect(clone.status, clone.text).toBe(200)
    expect(clone.json.id).not.toBe(first.id)
    expect(clone.json.key).not.toBe(first.key)
    const apiKey = clone.json.configuration.find(({ key }: Item) => key === 'oauth.api.key')
    expect(apiKey.defaultValue).toBe('')
    expect((await call('POST', '/elements/mother/clone')).json.key).not.toBe(clone.json.key)
    const { json: instance } = await connectTo(product, product.admin, clone.json.key)
    const reply = await ask(`${product.url}/trees`, { headers: hub(product.admin, instance.token) })
    expect(reply.json).toHaveLength(2)
  })

  it("4/4 of the catalogue's element works, is changed, exported, and posted again", async () => {
    const clone = await call('POST', '/elements/concur/clone')
    expect(clone.status, clone.text).toBe(200)
    expect(ElementReply.safeParse(clone.json).error?.issues ?? []).toEqual([])
    const { key } = clone.json
    expect(clone.json).toMatchObject({ hub: 'expense', private: true, clonedFrom: 'concur' })
    const concur = (await call('GET', '/elements/concur')).json
    expect(clone.json.resources).toEqual(concur.resources)
    expect(clone.json.configuration.map((config: Item) => config.key)).toEqual(
      concur.configuration.map((config: Item) => config.key),
    )
    const scope = await call('PUT', `/elements/${key}/configuration/oauth.scope`, { defaultValue: 'openid' })
    expect(scope.json).toMatchObject({ key: 'oauth.scope', defaultValue: 'openid' })
    const exported = (await call('GET', `/elements/${key}/export`)).json
    expect((await call('DELETE', `/elements/${key}`)).status).toBe(200)
    const again = await call('POST', '/elements', exported)
    expect(again.status, again.text).toBe(200)
    expect(again.json.resources).toEqual(concur.resources)
    expect(again.json.configuration.find((config: Item) => config.key === 'oauth.scope')).toMatchObject({
      defaultValue: 'openid',
    })
    const url = await call('GET', `/elements/${key}/oauth/url`, undefined, {
      ...{ apiKey: 'amalgam-sandbox', callbackUrl: 'http://127.0.0.1:9/callback' },
    })
    expect(new URL(url.json.oauthUrl).port).toBe(String(product.sandbox.port))
    await call('DELETE', `/elements/${key}`)
  })

  it('2/10 takes over an instance of its element, which keeps id and token, and gives it back', async () => {
    await call('POST', '/elements', orchardElement(vendor.url, { key: 'stem' }))
    await call('POST', '/elements', orchardElement(vendor.url, { key: 'stranger' }))
    const { json: clone } = await call('POST', '/elements/stem/clone')
    await call('PUT', `/elements/${clone.key}`, { ...second(clone.key), name: 'Its clone' })
    const { json: instance } = await connectTo(product, product.admin, 'stem')
    const headers = hub(product.admin, instance.token)
    await ask(`${product.url}/trees`, { headers })
    const moved = await call('PATCH', `/instances/${instance.id}`, { element: { id: clone.id } })
    expect(moved.status, moved.text).toBe(200)
    expect(moved.json).toMatchObject({ id: instance.id, element: { id: clone.id, key: clone.key } })
    expect((await ask(`${product.url}/trees`, { headers })).json[0]).toMatchObject({ version: 2 })
    expect((await call('DELETE', '/elements/stem')).status).toBe(200)
    const strange = await call('PATCH', `/instances/${instance.id}`, { element: { key: 'stranger' } })
    expect(strange.status).toBe(400)
    expect(strange.json.message).toMatch(/clones/)
  })
})
