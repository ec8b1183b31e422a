import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, platform } from '../support/client.ts'
import { three } from '../support/instances.ts'
import { configField, loginElement, said } from '../support/login-element.ts'
import type { Member, Product } from '../support/product.ts'
import { startVendor } from '../support/small-vendor.ts'
import { onProduct } from '../support/stage.ts'

let product: Product
let member: Member
let vendor: Awaited<ReturnType<typeof startVendor>>

const basic = loginElement({
  key: 'orchardbasic',
  auth: { ...said, kind: 'basic', type: 'basic', usernameKey: 'username', passwordKey: 'password' },
  config: [configField('username'), configField('password', { kind: 'secret' })],
})

const custom = loginElement({
  key: 'orchardcustom',
  auth: { ...said, kind: 'custom', type: 'custom' },
  config: [configField('shared.secret', { kind: 'secret', required: true })],
  secretHeader: 'x-orchard',
  readsSecrets: true,
})

beforeAll(async () => {
  vendor = await startVendor()
})
afterAll(() => vendor.close())

onProduct(
  (stage) => {
    ;({ product, member } = stage)
  },
  { elements: [basic, custom], environment: { OUTBOUND_ALLOW: '127.0.0.1' } },
)

const pair = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

const connect = (configuration: Readonly<Record<string, unknown>>, key = 'orchardbasic', more = {}) =>
  ask(`${product.url}/instances`, {
    headers: platform(member),
    body: {
      name: 'Trees',
      element: { key },
      configuration: { 'base.url': vendor.url, ...configuration },
      ...more,
    },
  })

const patch = (id: number, configuration: Readonly<Record<string, unknown>>) =>
  ask(`${product.url}/instances/${id}`, {
    method: 'PATCH',
    headers: platform(member),
    body: { configuration },
  })

/** A hub call. */
const get = (token: string, path: string) =>
  ask(`${product.url}/hubs/fruit${path}`, { headers: three(member, token) })

/** The vendor lets in whoever sends this. */
const letIn = (user: string, password: string) =>
  vendor.answer(({ headers }) =>
    headers.authorization === pair(user, password)
      ? { body: { list: [{ ID: 'a' }], ID: 'a' } }
      : { status: 401, body: { message: `not ${String(headers.authorization)}` } },
  )

describe('a login by name and password with every call', () => {
  it('asks the vendor nothing at connect, and signs as RFC 7617 says', async () => {
    letIn('kim', 'pässwörd: x')
    const made = await connect({ username: 'kim', password: 'pässwörd: x' })
    expect([made.status, made.json.valid]).toEqual([200, true])
    expect(made.json.configuration).toMatchObject({ username: 'kim', password: '********' })
    expect(made.json.authentication).toMatchObject([{ type: 'basic', state: 'ok', expiresAt: null }])
    expect(vendor.received()).toEqual([])
    const listed = await get(made.json.token, '/apples')
    expect([listed.status, listed.json]).toEqual([200, [{ id: 'a', ID: 'a' }]])
    expect(vendor.received()[0]?.headers.authorization).toBe(pair('kim', 'pässwörd: x'))
  })

  it('tells a wrong password in the vendor’s words without it, and takes a new one from the next call', async () => {
    letIn('kim', 'right one')
    const { json } = await connect({ username: 'kim', password: 'wrong one' })
    const refused = await get(json.token, '/apples')
    expect([refused.status, refused.json.code]).toEqual([401, 'needs-reconnect'])
    expect(refused.json.message).toMatch(
      /not Basic \*\*\*\. Change configuration\.username or configuration\.password with PATCH/,
    )
    expect(refused.text).not.toContain('wrong one')
    expect((await patch(json.id, { password: 'right one' })).status).toBe(200)
    expect((await get(json.token, '/apples')).status).toBe(200)
    // A masked value that comes back changes nothing.
    expect((await patch(json.id, { password: '********' })).status).toBe(200)
    expect((await get(json.token, '/apples')).status).toBe(200)
  })

  it('is 400 where a call could not carry it, at connect and at a change', async () => {
    letIn('kim', 'p')
    const { json } = await connect({ username: 'kim', password: 'p' })
    for (const [configuration, message] of [
      [{ username: 'k:m', password: 'p' }, /^configuration\.username: no colon/],
      [{ username: 'kim', password: 'a\nb' }, /^configuration\.password: no line end/],
      [{ username: null, password: null }, /missing username and password/],
    ] as const) {
      for (const reply of [await connect(configuration), await patch(json.id, configuration)]) {
        expect([reply.status, reply.json.code]).toEqual([400, 'bad-request'])
        expect(reply.json.message).toMatch(message)
      }
    }
    expect((await get(json.token, '/apples')).status).toBe(200)
  })

  it('takes a password alone, and the address of a changed base.url at the next call', async () => {
    letIn('', 'only a key')
    const { json } = await connect({ 'base.url': `${vendor.url}/v1`, password: 'only a key' })
    await get(json.token, '/apples')
    await patch(json.id, { 'base.url': `${vendor.url}/v2` })
    await get(json.token, '/apples')
    expect(vendor.received().map(({ path }) => path)).toEqual(['/v1/apples', '/v2/apples'])
  })

  it('shows no consent page', async () => {
    const reply = await ask(`${product.url}/elements/orchardbasic/oauth/url`, {
      headers: platform(member),
      query: { apiKey: 'x', apiSecret: 'y', callbackUrl: 'https://app.example/cb' },
    })
    expect(reply.json).toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('configuration.username and configuration.password'),
    })
  })
})

describe('a login that the element’s own parameters carry', () => {
  const secret = 'a-very-own-secret'

  it('is signed by nothing else, and its secret reaches nobody else', async () => {
    vendor.answer(({ path, headers }) =>
      path === '/pears/p'
        ? { body: 'not JSON' }
        : { status: 401, body: { message: `unknown ${String(headers['x-orchard'])}` } },
    )
    const made = await connect({ 'shared.secret': secret }, 'orchardcustom')
    expect([made.status, made.json.configuration['shared.secret']]).toEqual([200, '********'])
    const read = await get(made.json.token, '/pears/p')
    expect(read.json).toMatchObject({ Text: 'not JSON', IsJson: false })
    const [first] = vendor.received()
    expect([first?.headers.authorization, first?.headers['x-orchard'], first?.query]).toEqual([
      undefined,
      secret,
      [['by', secret]],
    ])
    const refused = await get(made.json.token, `/pears/${secret}`)
    expect([refused.status, refused.json.code]).toEqual([401, 'needs-reconnect'])
    expect(refused.json.message).toMatch(/unknown \*\*\*\. Change the credentials in configuration/)
    expect(JSON.stringify(refused.json)).not.toContain(secret)
    await product.context.requestLog.flush()
    const id = String(refused.headers['elements-request-id'])
    const find = () => ask(`${product.url}/usage/${id}`, { headers: platform(member) })
    await expect.poll(async () => (await find()).status, { timeout: 10_000 }).toBe(200)
    const logged = await find()
    expect(logged.json.vendorCalls).toMatchObject([{ path: '/pears/***', status: 401 }])
    expect(JSON.stringify(logged.json.vendorCalls)).not.toContain(secret)
  })

  it('needs what the element says', async () => {
    const reply = await connect({}, 'orchardcustom')
    expect(reply.json).toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('shared.secret'),
    })
  })
})
