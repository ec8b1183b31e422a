import { afterAll, beforeAll, expect, it } from 'vitest'
import { ask, connect, hub, platform } from '../support/client.ts'
import { type OrchardVendor, startOrchard } from '../support/orchard-vendor.ts'
import { asMember, connectTo, orchardElement } from '../support/posted-elements.ts'
import { type Product, startProduct } from '../support/product.ts'

let product: Product
let vendor: OrchardVendor

beforeAll(async () => {
  vendor = await startOrchard()
  product = await startProduct({ environment: { OUTBOUND_ALLOW: '127.0.0.1' } })
})
afterAll(async () => {
  await product?.close()
  await vendor?.close()
})

const newInstance = async (configuration: Readonly<Record<string, string>> = {}): Promise<number> => {
  const made = await connect(product, product.admin, {
    name: 'Told',
    configuration: { 'event.notification.enabled': 'true', 'event.vendor.type': 'webhook', ...configuration },
  })
  expect(made.status, made.text).toBe(200)
  return made.json.id
}

const change = async (instanceId: number, configuration: Readonly<Record<string, unknown>>) => {
  const changed = await asMember(product, product.admin)('PATCH', `/instances/${instanceId}`, {
    configuration,
  })
  expect(changed.status, changed.text).toBe(200)
  return changed
}

interface Body {
  readonly bytes?: string
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly method?: string
}

/** As a vendor calls: with whatever it has. */
const tell = (path: string, { bytes = '', type, headers = {}, method = 'POST' }: Body = {}) =>
  ask(`${product.url}/events/${path}`, {
    method,
    headers: { ...(type === undefined ? {} : { 'content-type': type }), ...headers },
    ...(method === 'POST' ? { bytes: Buffer.from(bytes, 'latin1') } : {}),
  })

const listed = async (instanceId: number) => {
  const log = await asMember(product, product.admin)('GET', `/instances/${instanceId}/events`)
  expect(log.status, log.text).toBe(200)
  return log.json as readonly { id: string; providerData: string }[]
}

/** What the log says that came in last. */
const lastRaw = async (instanceId: number): Promise<unknown> =>
  JSON.parse((await listed(instanceId))[0]?.providerData ?? '')

const form = 'application/x-www-form-urlencoded'

it.each([
  ['a form with a NUL', { type: form, bytes: 'a=%00' }, { a: '\u0000' }],
  ['a text with a NUL', { type: 'text/plain', bytes: 'a\u0000b' }, 'a\u0000b'],
  ['fields that are repeated', { type: form, bytes: 'tag=a&tag=b&one=1' }, { tag: ['a', 'b'], one: '1' }],
  ['JSON that is called text', { type: 'text/plain; charset=utf-8', bytes: '{"a":[1]}' }, { a: [1] }],
  [
    'XML in another charset',
    { type: 'text/xml; charset=iso-8859-1', bytes: '<a>\u00fc</a>' },
    '<a>\u00fc</a>',
  ],
  [
    'a form of several parts',
    {
      type: 'multipart/form-data; boundary=x',
      bytes:
        '--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n--x\r\n' +
        'content-disposition: form-data; name="f"; filename="n.txt"\r\ncontent-type: text/plain\r\n\r\nfile\r\n--x--\r\n',
    },
    { a: '1', f: { fileName: 'n.txt', contentType: 'text/plain', content: 'ZmlsZQ==' } },
  ],
])('7/1 %s is stored as it came, and the log shows it', async (_what, body, raw) => {
  const instanceId = await newInstance()
  const told = await tell(`concur/${instanceId}`, body)
  expect([told.status, told.json.eventIds?.length]).toEqual([200, 1])
  expect(await lastRaw(instanceId)).toEqual(raw)
  const one = await asMember(product, product.admin)(
    'GET',
    `/instances/${instanceId}/events/${told.json.eventIds[0]}`,
  )
  expect(one.status, one.text).toBe(200)
})

it('7/1 a call that says all in its query is told with that, whatever its verb', async () => {
  const instanceId = await newInstance()
  for (const method of ['POST', 'GET']) {
    const told = await tell(`concur/${instanceId}?type=report&id=${method}`, { method })
    expect(told.status, told.text).toBe(200)
    expect(await lastRaw(instanceId)).toEqual({ type: 'report', id: method })
  }
  expect((await tell(`concur?instance_id=${instanceId}`)).status).toBe(200)
  expect(await listed(instanceId)).toHaveLength(3)
})

it('7/1 neither what a vendor accepts nor whoever looks whether it may call makes or hinders an event', async () => {
  const instanceId = await newInstance()
  const path = `concur/${instanceId}`
  const accepted = await tell(path, { bytes: '{}', headers: { accept: 'text/xml' } })
  expect(accepted.status, accepted.text).toBe(200)
  expect((await tell(path, { method: 'HEAD' })).status).toBe(200)
  expect(await listed(instanceId)).toHaveLength(1)
})

it('7/1 a number that is no instance leaves it to the finder, which looks into lists too', async () => {
  const configuration = { 'event.notification.instance.finder': 'portal|body.0.portalId', portal: '625' }
  const instanceId = await newInstance(configuration)
  const list = await tell('concur', { bytes: '[{"portalId":625}]', type: 'application/json' })
  expect([list.status, list.json.eventIds?.length], list.text).toEqual([200, 1])
  await change(instanceId, { 'event.notification.instance.finder': 'portal|body.portalId' })
  for (const name of ['instance_id', 'instanceId']) {
    const bytes = JSON.stringify({ portalId: 625, [name]: 987_654_321 })
    expect((await tell('concur', { bytes, type: 'application/json' })).status).toBe(200)
  }
  expect(await listed(instanceId)).toHaveLength(3)
})

it('7/1 a header that names more instances than are told is refused, not cut off', async () => {
  const ids = Array.from({ length: 101 }, (_, at) => 5_120 + at).join(',')
  const told = await tell('concur', { bytes: '{}', headers: { 'element-instances': ids } })
  expect([told.status, told.json.message]).toEqual([400, expect.stringContaining('at most 100')])
})

it('1/1 events of an element that has such a resource are asked for with its token, by id too', async () => {
  const resources = orchardElement(vendor.url)['resources'] as readonly Record<string, unknown>[]
  const named = resources.map((one) => ({ ...one, path: String(one['path']).replace('/trees', '/events') }))
  const call = asMember(product, product.admin)
  const posted = await call(
    'POST',
    '/elements',
    orchardElement(vendor.url, { key: 'fair', resources: named }),
  )
  expect(posted.status, posted.text).toBe(200)
  const made = await connectTo(product, product.admin, 'fair')
  expect(made.status, made.text).toBe(200)
  const headers = hub(product.admin, made.json.token)
  const [first] = (await ask(`${product.url}/hubs/farming/events`, { headers })).json
  const one = await ask(`${product.url}/events/${first.id}`, { headers })
  expect([one.status, one.json.id], one.text).toEqual([200, first.id])
  const instanceId = await newInstance()
  const told = await ask(`${product.url}/events/concur/${instanceId}`, { headers, body: { a: 1 } })
  expect(told.status, told.text).toBe(200)
  const habit = { authorization: 'Basic bm9ib2R5OmF0IGFsbA==' }
  expect((await ask(`${product.url}/events/concur/${instanceId}`, { headers: habit, body: {} })).status).toBe(
    200,
  )
})

it('7/2 events are shown as on whenever they are, and end by `false` also where nothing had switched them on', async () => {
  const instanceId = await newInstance({ 'event.notification.enabled': 'True' })
  const show = async () =>
    (await ask(`${product.url}/instances/${instanceId}`, { headers: platform(product.admin) })).json
  expect((await show()).eventsEnabled).toBe(true)
  const made = await connect(product, product.admin, {
    name: 'As documented',
    configuration: {
      'event.notification.callback.url': 'https://receiver.example/hook',
      'event.poller.configuration': '{"reports":{}}',
    },
  })
  expect([made.status, made.json.eventsEnabled], made.text).toEqual([200, true])
  // What was read comes back unchanged.
  const same = await change(made.json.id, made.json.configuration)
  expect(same.json.eventsEnabled).toBe(true)
  const off = await change(made.json.id, { 'event.notification.enabled': 'false' })
  expect([off.json.eventsEnabled, off.json.configuration['event.notification.enabled']]).toEqual([
    false,
    'false',
  ])
})

it('6/1 a callback with a user and password in it is refused, with the keys that are for them', async () => {
  const instanceId = await newInstance()
  const call = asMember(product, product.admin)
  const refused = await call('PATCH', `/instances/${instanceId}`, {
    configuration: { 'event.notification.callback.url': 'https://u:secret@hooks.example/cb' },
  })
  expect([refused.status, refused.json.message]).toEqual([
    400,
    expect.stringContaining('event.notification.basic.'),
  ])
  expect(refused.text).not.toContain('secret')
})
