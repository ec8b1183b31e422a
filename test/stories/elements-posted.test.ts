import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ElementReply } from '#src/contract/index.ts'
import { ask, hub } from '../support/client.ts'
import { type OrchardVendor, startOrchard } from '../support/orchard-vendor.ts'
import { asMember, connectTo, orchardElement } from '../support/posted-elements.ts'
import { type Member, type Product, startProduct } from '../support/product.ts'

let product: Product
let vendor: OrchardVendor
let other: Member
let call: ReturnType<typeof asMember>

beforeAll(async () => {
  vendor = await startOrchard()
  product = await startProduct({ environment: { OUTBOUND_ALLOW: '127.0.0.1' } })
  other = await product.addMember('Southwind', 'admin@southwind.example')
  call = asMember(product, product.admin)
})
afterAll(async () => {
  await product?.close()
  await vendor?.close()
})

const minimal = (over: Record<string, unknown> = {}) => ({
  name: 'Acme DB desk 7',
  description: 'A desk',
  authentication: { type: 'oauth2' },
  configuration: [{ key: 'base.url', name: 'Base URL', defaultValue: 'https://api.acme.example' }],
  ...over,
})

describe('an element that is posted', () => {
  it('4/2 gets a number, a key of its name, the hub general, and shows one base.url', async () => {
    const made = await call('POST', '/elements', minimal())
    expect(made.status, made.text).toBe(200)
    expect(ElementReply.safeParse(made.json).error?.issues ?? []).toEqual([])
    expect(made.json).toMatchObject({ key: 'acmedbdesk7', hub: 'general', private: true, active: true })
    expect(made.json.id).toBeGreaterThanOrEqual(20_000)
    const base = made.json.configuration.filter(({ key }: { key: string }) => key === 'base.url')
    expect(base).toEqual([expect.objectContaining({ defaultValue: 'https://api.acme.example' })])
    expect(made.text).not.toContain(':null')
    for (const name of ['acmedbdesk7', 'ACMEDBDESK7', String(made.json.id)])
      expect((await call('GET', `/elements/${name}`)).json).toEqual(made.json)
    expect((await call('GET', '/elements/keys')).json).toContain('acmedbdesk7')
  })

  it.each([
    ['no base.url', { configuration: [] }, /base\.url/],
    ['an empty base.url', { configuration: [{ key: 'base.url', defaultValue: '' }] }, /base\.url/],
    ['SOAP', { protocolType: 'soap' }, /protocolType: 'soap'.*SOAP envelopes/],
    ['OData', { protocolType: 'odata' }, /protocolType: 'odata'/],
    ['a database', { protocolType: 'jdbc', configuration: [] }, /protocolType: 'jdbc'.*databases/],
    ['no login', { authentication: undefined }, /authentication/],
    ['no name', { name: ' ' }, /name/],
    ['digits as its key', { key: '4933' }, /key/],
    ['a key twice', { configuration: [...minimal().configuration, ...minimal().configuration] }, /twice/],
  ])('4/2 is refused with %s, and the member named', async (_what, over, message) => {
    const reply = await call('POST', '/elements', minimal({ key: 'refused', ...over }))
    expect(reply.status, reply.text).toBe(400)
    expect(reply.json.message).toMatch(message)
    expect((await call('GET', '/elements/refused')).status).toBe(404)
  })

  it('4/2 is refused under a key that is taken, in any case, by its own or the catalogue', async () => {
    await call('POST', '/elements', minimal({ key: 'once' }))
    for (const key of ['once', 'ONCE', 'concur', 'Concur']) {
      const reply = await call('POST', '/elements', minimal({ key }))
      expect(reply.status, reply.text).toBe(409)
      expect(reply.json.message).toMatch(new RegExp(`'${key}'`))
    }
    const elsewhere = await asMember(product, other)('POST', '/elements', minimal({ key: 'once' }))
    expect(elsewhere.status, elsewhere.text).toBe(200)
  })

  it('4/2 of one key that is posted many times at once is stored once', async () => {
    const replies = await Promise.all(
      Array.from({ length: 6 }, () => call('POST', '/elements', minimal({ key: 'raced' }))),
    )
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409, 409])
  })

  it('4/2 stores paths below its hub, and keeps what it does not know', async () => {
    const body = orchardElement(vendor.url, { key: 'kept', ownWord: { deep: [1] } })
    const made = await call('POST', '/elements', body)
    expect(made.status, made.text).toBe(200)
    expect(made.json).toMatchObject({ hub: 'farming', ownWord: { deep: [1] } })
    expect(made.json.resources.map(({ path }: { path: string }) => path)).toEqual([
      '/hubs/farming/trees',
      '/hubs/farming/trees/{id}',
    ])
  })

  it('4/3 is exported, removed and posted again: its instances answer the same', async () => {
    await call('POST', '/elements', orchardElement(vendor.url))
    const answers = async () => {
      const made = await connectTo(product, product.admin, 'acmeorchard')
      expect(made.status, made.text).toBe(200)
      expect(made.json.element).toMatchObject({ key: 'acmeorchard', private: true, hub: 'farming' })
      const headers = hub(product.admin, made.json.token)
      const replies = await Promise.all(
        ['/hubs/farming/trees', '/trees', '/trees/2', '/trees/9'].map((path) =>
          ask(`${product.url}${path}`, { headers }),
        ),
      )
      expect((await call('DELETE', `/instances/${made.json.id}`)).status).toBe(200)
      return replies.map(({ status, json }) => [status, status === 200 ? json : undefined])
    }
    const before = await answers()
    expect(before[0]).toEqual([200, [expect.objectContaining({ sort: 'Boskoop' }), expect.anything()]])
    expect(before[3]?.[0]).toBe(404)
    const exported = await call('GET', '/elements/acmeorchard/export')
    expect((await call('DELETE', '/elements/acmeorchard')).status).toBe(200)
    expect((await call('GET', '/elements/acmeorchard')).status).toBe(404)
    const again = await call('POST', '/elements', exported.json)
    expect(again.status, again.text).toBe(200)
    expect(again.json.id).not.toBe(exported.json.id)
    expect(await answers()).toEqual(before)
  })

  it('4/3 is not removed while it has instances; their number is told', async () => {
    await call('POST', '/elements', orchardElement(vendor.url, { key: 'inuse' }))
    const { json } = await connectTo(product, product.admin, 'inuse')
    const refused = await call('DELETE', '/elements/inuse')
    expect(refused.status).toBe(409)
    expect(refused.json.message).toMatch(/1 instance/)
    expect((await call('GET', `/instances/${json.id}`)).status).toBe(200)
    await call('DELETE', `/instances/${json.id}`)
    expect((await call('DELETE', '/elements/inuse')).status).toBe(200)
  })

  it('4/3 is switched off and on: it takes no new instances meanwhile', async () => {
    await call('POST', '/elements', orchardElement(vendor.url, { key: 'switched' }))
    expect((await call('DELETE', '/elements/switched/active')).json).toMatchObject({ active: false })
    expect((await connectTo(product, product.admin, 'switched')).status).toBe(409)
    expect((await call('PUT', '/elements/switched/active')).json).toMatchObject({ active: true })
    expect((await connectTo(product, product.admin, 'switched')).status).toBe(200)
  })

  it('4/1 is seen by its organization alone, under its key, its id, and in lists', async () => {
    const { json } = await call('POST', '/elements', orchardElement(vendor.url, { key: 'ours' }))
    const theirs = asMember(product, other)
    for (const name of ['ours', String(json.id)]) {
      for (const path of ['', '/export', '/metadata', '/resources', '/configuration', '/docs', '/openapi'])
        expect((await theirs('GET', `/elements/${name}${path}`)).status, path).toBe(404)
      expect((await theirs('DELETE', `/elements/${name}`)).status).toBe(404)
      expect((await connectTo(product, other, name)).status).toBe(404)
      expect((await theirs('GET', `/docs/${name}`)).status).toBe(404)
    }
    expect((await theirs('GET', '/elements/keys')).json).not.toContain('ours')
    expect((await theirs('GET', '/hubs/farming')).status).toBe(404)
    expect((await call('GET', '/hubs/farming')).status).toBe(200)
    const mine = await call('GET', '/elements', undefined, { where: "private='true' and key='ours'" })
    expect(mine.json.map(({ id }: { id: number }) => id)).toEqual([json.id])
  })

  it('4/1 of one key in two organizations is each their own', async () => {
    const theirs = asMember(product, other)
    await call('POST', '/elements', orchardElement(vendor.url, { key: 'shared', name: 'Ours' }))
    await theirs('POST', '/elements', orchardElement(vendor.url, { key: 'shared', name: 'Theirs' }))
    const [mine, elses] = await Promise.all([
      connectTo(product, product.admin, 'shared'),
      connectTo(product, other, 'shared'),
    ])
    expect(mine.json.element.name).toBe('Ours')
    expect(elses.json.element.name).toBe('Theirs')
    const crossed = await ask(`${product.url}/trees`, { headers: hub(product.admin, elses.json.token) })
    expect(crossed.status).toBe(401)
  })

  it('4/3 answers a warm call without a statement but the batched request log', async () => {
    await call('POST', '/elements', orchardElement(vendor.url, { key: 'warm' }))
    const { json } = await connectTo(product, product.admin, 'warm')
    const headers = hub(product.admin, json.token)
    for (const path of ['/hubs/farming/trees', '/trees']) {
      const { context } = product
      await ask(`${product.url}${path}`, { headers })
      await context.requestLog.flush()
      await context.instances.flushUses()
      const before = context.statementCount()
      const writesBefore = context.requestLog.writes()
      for (let round = 0; round < 5; round += 1)
        expect((await ask(`${product.url}${path}`, { headers })).status).toBe(200)
      await context.requestLog.flush()
      expect(context.statementCount() - before, path).toBe(context.requestLog.writes() - writesBefore)
    }
  })
})
