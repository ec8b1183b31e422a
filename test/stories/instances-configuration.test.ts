import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createApi } from '#src/api/index.ts'
import { ConfigurationItemReply } from '#src/contract/index.ts'
import { openContext } from '#src/main/context.ts'
import { type Answer, ask, hub, platform } from '../support/client.ts'
import { configuration, create, freshCode, three } from '../support/instances.ts'
import { type Member, type Product, startProduct } from '../support/product.ts'

let product: Product
let admin: Member
let headers: Record<string, string>
let id: number
let token: string

beforeAll(async () => {
  product = await startProduct()
  admin = product.admin
  headers = platform(admin)
})
afterAll(() => product?.close())
beforeEach(async () => {
  const made = await create(product, admin, {
    configuration: { ...configuration, password: 'planted-password', 'my.own': 'kept' },
  })
  id = made.json.id
  token = made.json.token
})

type Way = readonly [title: string, path: () => string, headers: () => Record<string, string>]

const ways: readonly Way[] = [
  ['by id', () => `/instances/${id}`, () => headers],
  ['by token', () => '/instances', () => three(admin, token)],
]

const send = (method: string, way: Way, path: string, body?: unknown): Promise<Answer> =>
  ask(`${product.url}${way[1]()}${path}`, {
    method,
    headers: way[2](),
    ...(body === undefined ? {} : { body }),
  })

const read = async () => (await ask(`${product.url}/instances/${id}`, { headers })).json

const reports = (url = product.url) => ask(`${url}/reports?pageSize=1`, { headers: hub(admin, token) })

describe.each(ways)('enabled, %s', (...way) => {
  it('2/12 disabled, calls on resources are 403 and /objects is 200; PUT restores', async () => {
    expect((await reports()).status).toBe(200)
    const disabled = await send('DELETE', way, '/enabled')
    expect([disabled.status, disabled.text]).toEqual([200, ''])
    expect((await read()).disabled).toBe(true)
    const refused = await reports()
    expect(refused.status).toBe(403)
    expect(refused.json).toMatchObject({ code: 'instance-disabled', hop: 'amalgam' })
    const objects = await ask(`${product.url}/objects`, { headers: hub(admin, token) })
    expect(objects.status, objects.text).toBe(200)
    expect(objects.json).toContain('reports')
    const onHub = await ask(`${product.url}/hubs/expense/objects`, { headers: hub(admin, token) })
    expect(onHub.status).toBe(200)
    const enabled = await send('PUT', way, '/enabled', { anything: true })
    expect(enabled.json).toMatchObject({ id, disabled: false })
    expect((await reports()).status).toBe(200)
    expect((await send('PUT', way, '/enabled')).status).toBe(200)
  })
})

describe.each(ways)('trace-logging, %s', (...way) => {
  it('2/12 is on for a while and off again', async () => {
    expect((await read()).traceLoggingEnabled).toBe(false)
    const on = await send('PUT', way, '/trace-logging', { duration: 30 })
    expect(on.json).toMatchObject({ id, traceLoggingEnabled: true })
    expect((await read()).traceLoggingEnabled).toBe(true)
    const off = await send('DELETE', way, '/trace-logging')
    expect([off.status, off.text]).toEqual([200, ''])
    expect((await read()).traceLoggingEnabled).toBe(false)
    expect((await send('PUT', way, '/trace-logging')).json.traceLoggingEnabled).toBe(true)
    for (const duration of [0, -1, 'long', 1e9]) {
      const reply = await send('PUT', way, '/trace-logging', { duration })
      expect(reply.status).toBe(400)
      expect(reply.json.message).toMatch(/^duration: /)
    }
  })
})

describe.each(ways)('configuration, %s', (...way) => {
  type Item = { id: number; key: string; propertyValue: string | null }

  const items = async (): Promise<readonly Item[]> => (await send('GET', way, '/configuration')).json

  const itemOf = async (key: string): Promise<Item> => {
    const item = (await items()).find((one) => one.key === key)
    if (item === undefined) throw new Error(`no item ${key}`)
    return item
  }

  it('2/13 lists every value with an id that stays, secrets masked', async () => {
    const list = await items()
    expect(ConfigurationItemReply.array().safeParse(list).error?.issues ?? []).toEqual([])
    expect(new Set(list.map((item) => item.id)).size).toBe(list.length)
    expect(list.map((item) => [item.key, item.propertyValue])).toEqual(
      expect.arrayContaining([
        ['filter.response.nulls', 'true'],
        ['event.notification.enabled', 'false'],
        ['oauth.api.key', '********'],
        ['oauth.api.secret', '********'],
        ['password', '********'],
        ['my.own', 'kept'],
        ['oauth.scope', null],
      ]),
    )
    expect(await items()).toEqual(list)
    expect(list.find((item) => item.key === 'filter.response.nulls')).toMatchObject({
      type: 'BOOLEAN',
      required: false,
      active: true,
      name: expect.any(String),
    })
    for (const item of list) expect((await send('GET', way, `/configuration/${item.id}`)).json).toEqual(item)
  })

  it('2/13 PATCH takes the whole item or only its value, at once', async () => {
    const item = await itemOf('filter.response.nulls')
    const hasNulls = async () => Object.values((await reports()).json[0]).some((value) => value === null)
    expect(await hasNulls()).toBe(false)
    const whole = await send('PATCH', way, `/configuration/${item.id}`, { ...item, propertyValue: 'false' })
    expect(whole.json).toEqual({ ...item, propertyValue: 'false' })
    expect(await hasNulls()).toBe(true)
    const only = await send('PATCH', way, `/configuration/${item.id}`, { propertyValue: true })
    expect(only.json).toEqual(item)
    expect(await hasNulls()).toBe(false)
    expect((await read()).configuration['filter.response.nulls']).toBe('true')
  })

  it('2/13 a mask sent back leaves a secret, a value sets one that was not set', async () => {
    const secret = await itemOf('oauth.api.secret')
    const reply = await send('PATCH', way, `/configuration/${secret.id}`, secret)
    expect(reply.json).toEqual(secret)
    await ask(`${product.sandbox.url}/sandbox/clock`, { body: { addSeconds: 3700 } })
    expect((await reports()).status).toBe(200)
    const scope = await itemOf('oauth.scope')
    const set = await send('PATCH', way, `/configuration/${scope.id}`, { propertyValue: 'EXPRPT' })
    expect(set.json).toEqual({ ...scope, propertyValue: 'EXPRPT' })
    expect((await send('PATCH', way, `/configuration/${scope.id}`, { propertyValue: null })).json).toEqual(
      scope,
    )
    const password = await itemOf('password')
    const changed = await send('PATCH', way, `/configuration/${password.id}`, { propertyValue: 'planted-2' })
    expect(changed.json).toEqual(password)
  })

  it('2/13 what is not there is 404, and what cannot be is 400', async () => {
    for (const configId of ['-1', '0', 'x', '2147483647']) {
      expect((await send('GET', way, `/configuration/${configId}`)).status).toBe(404)
      const reply = await send('PATCH', way, `/configuration/${configId}`, { propertyValue: 'x' })
      expect(reply.status).toBe(404)
    }
    const key = await itemOf('oauth.api.key')
    for (const body of [{}, { propertyValue: '' }, { propertyValue: { a: 1 } }, { propertyValue: 'mine' }])
      expect((await send('PATCH', way, `/configuration/${key.id}`, body)).status).toBe(400)
    expect((await reports()).status).toBe(200)
  })
})

describe('another process on the same database', () => {
  it('2/12 hears of disabling, new grants, settings and the end of an instance', async () => {
    const context = await openContext(
      product.config,
      (_step, run) => run(),
      () => undefined,
    )
    const unwatch = await context.instances.watch()
    const api = createApi(context, { logger: context.logger, trustProxy: false })
    try {
      const { port } = await api.listen('127.0.0.1', 0)
      const other = `http://127.0.0.1:${port}/elements/api-v2`
      const status = async () => (await reports(other)).status
      const hears = (expected: number) => expect.poll(status, { timeout: 10_000 }).toBe(expected)
      const change = (method: string, path: string, body?: unknown) =>
        ask(`${product.url}/instances/${id}${path}`, {
          method,
          headers,
          ...(body === undefined ? {} : { body }),
        })
      expect(await status()).toBe(200)
      await change('DELETE', '/enabled')
      await hears(403)
      await change('PUT', '/enabled')
      await hears(200)
      await ask(`${product.sandbox.url}/sandbox/revoke`, { body: {} })
      expect(await status()).toBe(401)
      await change('PUT', '', { providerData: { code: await freshCode(product, admin) } })
      await hears(200)
      await change('PATCH', '', { configuration: { 'filter.response.nulls': 'false' } })
      await expect
        .poll(async () => Object.values((await reports(other)).json[0]).includes(null), { timeout: 10_000 })
        .toBe(true)
      await change('DELETE', '')
      await hears(401)
    } finally {
      await api.stop()
      await unwatch()
      await context.close()
    }
  })
})
