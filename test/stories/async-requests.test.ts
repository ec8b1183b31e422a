import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createJobs } from '#src/jobs/index.ts'
import { type AskOptions, ask, hub, platform } from '../support/client.ts'
import { type Connected, userInstance } from '../support/grants.ts'
import { type Later, openLater } from '../support/later.ts'
import { everyValue, leaksIn } from '../support/planted.ts'
import { type Member, type Product, startProduct } from '../support/product.ts'
import { type Controls, controlsOf } from '../support/sandbox.ts'

let product: Product
let member: Member
let instance: Connected
let later: Later
let sandbox: Controls

beforeAll(async () => {
  product = await startProduct()
  member = product.admin
  sandbox = controlsOf(product)
  instance = await userInstance(product, member)
  later = await openLater(product)
})
afterAll(async () => {
  await later?.close()
  await product?.close()
})
beforeEach(() => sandbox.reset())

const elsewhere = 'http://127.0.0.1:9/results?to=me'
const callback = { 'Elements-Async-Callback-Url': elsewhere }

const send = (path: string, headers: Record<string, string>, options: AskOptions = {}) =>
  ask(`${product.url}${path}`, { ...options, headers: { 'Elements-Async-Request': 'true', ...headers } })

const dispatched = async (...call: Parameters<typeof send>): Promise<number> => {
  const { status, text, json } = await send(...call)
  expect(status, text).toBe(200)
  expect(json).toEqual({ eventId: expect.any(Number), eventStatus: 'dispatched' })
  return json.eventId
}

const onHub = () => hub(member, instance.token)

/** What was told of it, which is one thing. */
const message = async (eventId: number) => {
  const [told, ...more] = await later.told(eventId)
  expect(more).toEqual([])
  if (told === undefined) throw new Error(`nothing was told of ${eventId}`)
  return { ...told, message: told.body.message }
}

describe('Elements-Async-Request', () => {
  it('answers at once, runs the call once, and tells its result to the address of the header', async () => {
    const Name = `Later ${Date.now()}`
    let eventId = 0
    const first = await sandbox.during(async () => {
      eventId = await dispatched('/hubs/expense/reports', { ...onHub(), ...callback }, { body: { Name } })
    })
    expect(first.operations).toEqual({})
    await later.drain()
    await later.drain()
    const { topic, kind, instanceId, message: told, body } = await message(eventId)
    expect([topic, kind, instanceId]).toEqual([`async-${eventId}`, 'async', instance.id])
    expect(told).toEqual({
      ...{ eventId, instanceId: instance.id, status: 200, elementKey: 'concur' },
      response: expect.objectContaining({ Name }),
      requestId: expect.stringMatching(/^[0-9a-f]{24}$/),
      ...{ accountId: expect.any(Number), companyId: expect.any(Number), userId: expect.any(Number) },
    })
    expect(body).toMatchObject({ action: 'create', severity: 'medium' })
    expect(await later.sent(eventId)).toEqual([{ url: elsewhere, status: 'retry', topics: [topic] }])
    const found = await instance.call('/reports', { query: { where: `Name = '${Name}'` } })
    expect(found.json).toHaveLength(1)
    expect((await later.jobs(member)).json).toEqual([])
  })

  it.each(['True', 'TRUE', ' true '])('is true in any case: %j', async (value) => {
    const headers = { ...onHub(), ...callback, 'Elements-Async-Request': value }
    await dispatched('/reports', headers)
    await later.drain()
  })

  it('false is no such call, and another value is refused', async () => {
    const reply = await send('/reports?pageSize=1', { ...onHub(), 'Elements-Async-Request': 'False' })
    expect(reply.json).toHaveLength(1)
    const odd = await send('/reports', { ...onHub(), 'Elements-Async-Request': 'soon' })
    expect([odd.status, odd.json.message]).toEqual([400, 'Elements-Async-Request: it is true or false.'])
  })

  it('removes the subscription that was made for a result once it is delivered, and keeps it till then', async () => {
    const eventId = await dispatched('/reports?pageSize=1', { ...onHub(), ...callback })
    await later.drain()
    const stored = await later.call(eventId)
    expect(stored).toMatchObject({ state: 'told', subscription: expect.any(Number) })
    expect(stored?.due).toBeGreaterThan(0)
    const sealed =
      'select 1 from calls where call_id = $1 and (request_sealed is not null or body_sealed is not null)'
    expect(await later.sql(sealed, eventId)).toEqual([])
    await later.run(eventId)
    expect(await later.call(eventId)).toMatchObject({ state: 'told' })
    await later.deliverAll()
    await later.run(eventId)
    expect(await later.call(eventId)).toBeUndefined()
    const left = await later.sql(`select 1 from subscriptions where topics @> array[$1]`, `async-${eventId}`)
    expect(left).toEqual([])
    await message(eventId)
  })

  it('looks after a subscription that is gone, or whose notification was erased', async () => {
    const gone = await dispatched('/reports?pageSize=1', { ...onHub(), ...callback })
    const erased = await dispatched('/reports?pageSize=1', { ...onHub(), ...callback })
    await later.drain()
    await later.sql(
      'delete from subscriptions where subscription_id = $1',
      (await later.call(gone))?.subscription,
    )
    await later.sql('delete from deliveries')
    for (const eventId of [gone, erased]) {
      await later.run(eventId)
      expect(await later.call(eventId)).toBeUndefined()
    }
  })

  it('tells refusals, empty replies and platform calls as they are, but no secret', async () => {
    const refused = await dispatched('/reports/none', { ...onHub(), ...callback })
    const empty = await dispatched('/instances/0', { ...platform(member), ...callback }, { method: 'DELETE' })
    const own = await dispatched('/organizations/me', { ...platform(member), ...callback })
    const list = await dispatched('/instances', { ...platform(member), ...callback })
    await later.drain()
    expect((await message(refused)).message).toMatchObject({
      status: 404,
      response: { message: expect.any(String), code: 'provider-not-found' },
    })
    expect((await message(empty)).message).toMatchObject({
      ...{ status: 404, instanceId: null, elementKey: null },
      error: 'No instance found with id 0',
    })
    expect((await message(own)).message).toMatchObject({ status: 200, response: { secret: '***' } })
    expect((await message(list)).message).toMatchObject({ response: [{ id: instance.id, token: '***' }] })
    const secrets = [member.user, member.organization, instance.token].map((value) => ({
      name: 'secret',
      value,
    }))
    const leaks = (await everyValue(later.db)).filter(({ text }) => leaksIn(text, secrets).length > 0)
    expect(leaks.map(({ place }) => place)).toEqual([])
  })

  it('carries a file byte for byte, and tells of one only that it is one', async () => {
    const image = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47]), randomBytes(2_000)])
    const headers = { 'Elements-Async-Request': 'true', ...onHub(), ...callback }
    const reply = await fetch(`${product.url}/receipt-images`, {
      ...{ method: 'POST', body: image, headers: { ...headers, 'content-type': 'image/png' } },
    })
    const { eventId } = (await reply.json()) as { eventId: number }
    await later.drain()
    const { ID } = (await message(eventId)).message.response
    const path = `/receipt-images/${encodeURIComponent(ID)}/image`
    const down = await fetch(`${product.url}${path}`, { headers: onHub() })
    expect(Buffer.from(await down.arrayBuffer()).equals(image)).toBe(true)
    const asked = await dispatched(path, { ...onHub(), ...callback })
    await later.drain()
    expect((await message(asked)).message).toMatchObject({
      ...{ status: 200, response: null, error: expect.stringMatching(/^The reply is a file \(image\/png\)/) },
    })
  })

  it('carries the body of a passed call as it was written', async () => {
    const body = '{"Name":  "As written",\n"CurrencyCode":"USD"}'
    const passed = () =>
      [`/passthrough/api/v3.0/expense/reports`, { ...onHub(), ...callback }, { body }] as const
    const [path, headers, options] = passed()
    const direct = await ask(`${product.url}${path}`, { ...options, headers: onHub() })
    const eventId = await dispatched(path, headers, options)
    await later.drain()
    const { status, response } = (await message(eventId)).message
    expect([status, Object.keys(response)]).toEqual([direct.status, Object.keys(direct.json)])
  })

  it.each([
    [{}, /^Elements-Async-Callback-Url: missing.*event\.notification\.callback\.url/],
    [{ 'Elements-Async-Callback-Url': '' }, /^Elements-Async-Callback-Url: missing/],
    [{ 'Elements-Async-Callback-Url': 'nowhere' }, /^Elements-Async-Callback-Url: no http/],
    [{ 'Elements-Async-Callback-Url': 'ftp://app.example/x' }, /^Elements-Async-Callback-Url: no http/],
    [{ 'Elements-Async-Callback-Url': 'https://a:b@app.example/x' }, /leave user and password out/],
  ])('without a good address is refused: %j', async (headers, words) => {
    const reply = await send('/reports', { ...onHub(), ...headers } as Record<string, string>)
    expect([reply.status, reply.json.message]).toEqual([400, expect.stringMatching(words)])
  })

  it('with bad credentials or a wrong path is refused at once, and nothing is stored', async () => {
    const before = await later.sql('select 1 from calls')
    expect((await send('/reports', { ...hub(member, 'dead'), ...callback })).status).toBe(401)
    expect((await send('/organizations/me', callback)).status).toBe(401)
    expect((await send('/nowhere/x/y', { ...platform(member), ...callback })).status).toBe(404)
    expect((await send('/authentication', callback, { body: { username: 'a', password: 'b' } })).status).toBe(
      400,
    )
    expect(await later.sql('select 1 from calls')).toHaveLength(before.length)
  })

  it('of a deleted instance tells that it did not run', async () => {
    const short = await userInstance(product, member)
    const eventId = await dispatched('/reports', { ...hub(member, short.token), ...callback })
    await short.remove({ revoke: 'false' })
    await later.drain()
    expect((await message(eventId)).message).toMatchObject({
      ...{ status: null, response: null, instanceId: short.id, elementKey: null },
      error: `Instance ${short.id} was deleted.`,
    })
  })
})

describe('an asynchronous call that is cut off', () => {
  it('is made again where that changes nothing', async () => {
    const eventId = await dispatched('/reports?pageSize=1', { ...onHub(), ...callback })
    await later.cutOff(eventId)
    await later.drain()
    expect((await message(eventId)).message).toMatchObject({ status: 200, response: [{}] })
  })

  it('by a stop in the middle is told to be in doubt when it creates, and is not made twice', async () => {
    const Name = `Cut off ${Date.now()}`
    await sandbox.faults({ fault: 'slow', value: 60_000, operation: 'reports.create' })
    const eventId = await dispatched('/reports', { ...onHub(), ...callback }, { body: { Name } })
    const worker = product.context.queue.worker(createJobs(product.context))
    await worker.start()
    while ((await later.call(eventId))?.started !== true)
      await new Promise((resolve) => setTimeout(resolve, 20))
    await worker.stop(50)
    expect(await later.call(eventId)).toMatchObject({ state: 'waiting', started: true })
    expect(await later.told(eventId)).toEqual([])
    await sandbox.faults()
    const { operations } = await sandbox.during(() => later.drain())
    expect(operations).toEqual({})
    expect((await message(eventId)).message).toMatchObject({
      ...{ status: null, response: null, error: expect.stringMatching(/^in doubt: /) },
    })
  })
})
