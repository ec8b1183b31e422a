import { beforeAll, describe, expect, it } from 'vitest'
import { DeliveryReply } from '#src/contract/index.ts'
import { deliveriesDue } from '#src/queue/index.ts'
import type { Caller } from '#src/services/index.ts'
import { type Answer, type AskOptions, ask, platform } from '../support/client.ts'
import type { Member } from '../support/product.ts'
import { onProduct, type Stage } from '../support/stage.ts'

let stage: Stage
let other: Member
let caller: Caller
onProduct((on) => {
  stage = on
})

beforeAll(async () => {
  other = await stage.product.addMember('Southwind', 'admin@southwind.example')
  caller = await stage.product.context.accounts.authenticate(stage.member, true)
})

const call = (path: string, options: AskOptions = {}, member = stage.member): Promise<Answer> =>
  ask(`${stage.product.url}/notifications${path}`, { ...options, headers: platform(member) })

const got = async (path: string, options: AskOptions = {}): Promise<Answer> => {
  const reply = await call(path, options)
  expect(reply.status, reply.text).toBe(200)
  return reply
}

let made = 0

/** A topic of its own with one webhook, to which so many notifications are on their way. */
const onItsWay = async (count = 1) => {
  made += 1
  const topic = `topic-${made}`
  const url = `https://hooks.example/${topic}`
  const subscription = await got('/subscriptions', {
    body: { channel: 'webhook', topics: [topic], config: { url } },
  })
  const subscriptionId: number = subscription.json.id
  const ids: number[] = []
  for (let n = 0; n < count; n += 1)
    ids.push((await got('', { body: { topic, message: String(n) } })).json.id)
  return { subscriptionId, url, ids }
}

const deliveries = (query: Record<string, string>, method = 'GET') =>
  got('/subscriptions/deliveries', { method, query })

const release = (query: Record<string, string>) => deliveries(query, 'PUT')

const statuses = async (subscriptionId: number): Promise<readonly string[]> =>
  (await deliveries({ where: `subscriptionId=${subscriptionId}` })).json.map(
    (one: { status: string }) => one.status,
  )

/** What the sending does after the receiver took everything that is due. */
const deliverAll = async (): Promise<number> => {
  const { queue, store } = stage.product.context
  const claims = await queue.claim(deliveriesDue, 100)
  const set = { status: 'delivered', deliveredAt: new Date(), updatedAt: new Date() }
  await store.transaction((inside) =>
    queue.endMany(
      inside.tx,
      claims.map((lease) => ({ lease, due: null, set, attempts: 'reset' as const })),
    ),
  )
  return claims.length
}

/** What the sending does when a receiver is given up. */
const giveUp = (subscriptionId: number) =>
  stage.product.context.store.transaction(async (inside) => {
    await inside.subscriptions.deactivate(caller.organizationId, subscriptionId, 'gone')
    await inside.deliveries.queueAll(caller.organizationId, subscriptionId)
  })

describe('deliveries', () => {
  it('8/5 are read one by one, hydrated when asked', async () => {
    const { subscriptionId, ids, url } = await onItsWay()
    const path = `/${ids[0]}/subscriptions/${subscriptionId}/deliveries`
    const { json } = await got(path)
    expect(DeliveryReply.safeParse(json).error?.issues ?? []).toEqual([])
    expect(json).toMatchObject({ notificationId: ids[0], subscriptionId, status: 'created', attempts: [] })
    const hydrated = (await got(`${path}?hydrate=true`)).json
    expect(hydrated).toEqual({
      ...json,
      notification: (await got(`/${ids[0]}`)).json,
      subscription: (await got(`/subscriptions/${subscriptionId}`)).json,
    })
    expect(hydrated.subscription.config.url).toBe(url)
    const { ids: others } = await onItsWay()
    const wrong = [
      `/${others[0]}/subscriptions/${subscriptionId}/deliveries`,
      `/${ids[0]}/subscriptions/999999/deliveries`,
      `/999999/subscriptions/${subscriptionId}/deliveries`,
      '/x/subscriptions/y/deliveries',
    ]
    for (const one of wrong) expect((await call(one)).status, one).toBe(404)
    expect((await call(path, {}, other)).status).toBe(404)
  })

  it('8/6 of a notification are there at once, one a subscription', async () => {
    const topic = 'many'
    const ids: number[] = []
    for (const channel of ['webhook', 'webhook', 'sms', 'email'])
      ids.push(
        (
          await got('/subscriptions', {
            body: { channel, topics: [topic], config: { url: 'https://hooks.example', to: 'a@b.test' } },
          })
        ).json.id,
      )
    const { id } = (await got('', { body: { topic, message: 'm' } })).json
    const { json } = await got(`/${id}/subscriptions/deliveries`)
    expect(json.map((one: { subscriptionId: number }) => one.subscriptionId)).toEqual(ids)
    expect(json.map((one: { channel: string }) => one.channel)).toEqual([
      'webhook',
      'webhook',
      'sms',
      'email',
    ])
    const [first] = (await got(`/${id}/subscriptions/deliveries?hydrate=TRUE`)).json
    expect([first.notification.id, first.subscription.id]).toEqual([id, ids[0]])
    const { id: lonely } = (await got('', { body: { topic: 'nobody listens', message: 'm' } })).json
    expect((await got(`/${lonely}/subscriptions/deliveries`)).json).toEqual([])
    expect((await call('/999999/subscriptions/deliveries')).status).toBe(404)
    expect((await call(`/${id}/subscriptions/deliveries`, {}, other)).status).toBe(404)
  })

  it('0/9, 8/7 are listed by where, in pages, of the own account only', async () => {
    const { subscriptionId, url, ids } = await onItsWay(3)
    const mine = (await deliveries({ where: `subscriptionId=${subscriptionId}` })).json
    expect(mine.map((one: { notificationId: number }) => one.notificationId)).toEqual(ids)
    for (const where of [
      `channel='webhook' and status='created' and config.url='${url}'`,
      `(config.url='${url}' AND channel='webhook')`,
      `subscriptionId='${subscriptionId}'`,
    ])
      expect((await deliveries({ where })).json, where).toEqual(mine)
    expect((await deliveries({ where: `notificationId=${ids[1]}` })).json).toEqual([mine[1]])
    for (const where of [
      "channel='push'",
      "status='retry'",
      "config.url='https://none.example'",
      'instanceId=5',
    ])
      expect((await deliveries({ where: `${where} and subscriptionId=${subscriptionId}` })).json).toEqual([])
    const page = await deliveries({
      where: `subscriptionId=${subscriptionId}`,
      pageSize: '2',
      hydrate: 'true',
    })
    expect(page.json.map((one: { id: number }) => one.id)).toEqual([mine[0].id, mine[1].id])
    const rest = await deliveries({ nextPage: String(page.headers['elements-next-page-token']) })
    expect(rest.json).toHaveLength(1)
    expect(rest.json[0]).toMatchObject({ id: mine[2].id, notification: { id: ids[2] } })
    expect(rest.headers).not.toHaveProperty('elements-next-page-token')
    expect((await call('/subscriptions/deliveries', {}, other)).json).toEqual([])
  })

  it.each([
    ["status != 'queued'", /only = and AND/],
    ["status = 'queued' or channel = 'webhook'", /only = and AND/],
    ["not status = 'queued'", /only = and AND/],
    ["status in ('queued')", /only = and AND/],
    ['status is null', /only = and AND/],
    ["severity = 'high'", /severity is no field of it; there are channel, status, config\.url/],
    ["__proto__ = 'x'", /is no field of it/],
    ["status = 'lost'", /status is one of created, retry/],
    ["channel = 'fax'", /channel is one of webhook/],
    ["subscriptionId = 'x'", /subscriptionId is a number/],
    ['notificationId = 1.5', /notificationId is a number/],
    ["status = 'queued' and status = 'retry'", /each field stands there once/],
    ['status =', /where/],
  ])('8/7 refuse any other where: %s', async (where, message) => {
    for (const method of ['GET', 'PUT']) {
      const reply = await call('/subscriptions/deliveries', { method, query: { where } })
      expect(reply.status, reply.text).toBe(400)
      expect(reply.json.message).toMatch(message)
    }
  })

  it('8/7 that were queued are released, and their subscription is active again', async () => {
    const { subscriptionId, url } = await onItsWay(2)
    const bystander = await onItsWay()
    await giveUp(subscriptionId)
    await giveUp(bystander.subscriptionId)
    expect(await statuses(subscriptionId)).toEqual(['queued', 'queued'])
    const where = `channel='webhook' and status='queued' and config.url='${url}'`
    expect((await deliveries({ where })).json).toHaveLength(2)
    const released = await release({ where, hydrate: 'true', pageSize: '1' })
    expect(released.json).toHaveLength(1)
    expect(released.json[0]).toMatchObject({ status: 'created', subscription: { active: true } })
    expect(released.headers['elements-total-count']).toBe('2')
    expect(released.json[0].nextDate).toBeTypeOf('string')
    expect(await statuses(subscriptionId)).toEqual(['created', 'created'])
    expect(await statuses(bystander.subscriptionId)).toEqual(['queued'])
    const still = (await got(`/subscriptions/${bystander.subscriptionId}`)).json
    expect(still).toMatchObject({ active: false, inactiveReason: 'gone' })
    // Another account releases nothing of it, and a subscription without anything queued is active again when named.
    await call('/subscriptions/deliveries', { method: 'PUT' }, other)
    expect(await statuses(bystander.subscriptionId)).toEqual(['queued'])
    await call(`/${bystander.ids[0]}`, { method: 'DELETE' })
    expect((await release({ where: `subscriptionId=${bystander.subscriptionId}` })).json).toEqual([])
    expect((await got(`/subscriptions/${bystander.subscriptionId}`)).json.active).toBe(true)
  })

  it('8/7 that were delivered are replayed by id, by filter and by time, and only when asked', async () => {
    await deliverAll()
    const { subscriptionId, ids } = await onItsWay(3)
    expect(await deliverAll()).toBe(3)
    const all = { where: `subscriptionId=${subscriptionId}` }
    const counts = async (query: Record<string, string>) => {
      const { json } = await release(query)
      const sent = await deliverAll()
      expect(json).toHaveLength(sent)
      return sent
    }
    expect(await counts(all)).toBe(0)
    expect(await counts({ where: `notificationId=${ids[0]}`, replay: 'true' })).toBe(1)
    expect(await counts({ ...all, replay: 'true' })).toBe(3)
    const { createdDate } = (await got(`/${ids[1]}`)).json
    expect(await counts({ ...all, replay: 'true', from: createdDate })).toBe(2)
    expect(await counts({ ...all, replay: 'true', to: createdDate })).toBe(1)
    expect((await deliveries({ ...all, from: createdDate })).json).toHaveLength(2)
    expect(await statuses(subscriptionId)).toEqual(['delivered', 'delivered', 'delivered'])
    for (const [query, message] of [
      [{ replay: 'true' }, /^replay: say what/],
      [{ replay: 'true', where: ' ' }, /^replay: say what/],
      [{ ...all, replay: 'true', from: 'yesterday' }, /^from: a date/],
      [{ ...all, to: '2026-02-30' }, /^to: a date/],
    ] as const) {
      const reply = await call('/subscriptions/deliveries', { method: 'PUT', query })
      expect(reply.status, reply.text).toBe(400)
      expect(reply.json.message).toMatch(message)
    }
  })

  it('8/3, 8/7 that waited for one about the same object go on when that is removed', async () => {
    const { subscriptionId } = await onItsWay()
    const { store, notifications } = stage.product.context
    const topic = `topic-${made}`
    const about = {
      kind: 'poll',
      ...caller,
      instanceId: 5,
      topic,
      objects: ['reports/1'],
      message: {},
    } as const
    const ids: number[] = []
    for (let n = 0; n < 2; n += 1)
      ids.push(
        ...(await store.transaction((inside) => notifications.tell(inside, [about]))).map(
          (row) => row.notificationId,
        ),
      )
    const path = (id: number | undefined) => `/${id}/subscriptions/${subscriptionId}/deliveries`
    expect((await got(path(ids[0]))).json.nextDate).toBeTypeOf('string')
    expect((await got(path(ids[1]))).json).not.toHaveProperty('nextDate')
    expect((await deliveries({ where: 'instanceId=5' })).json).toHaveLength(2)
    await got(`/${ids[0]}`, { method: 'DELETE' })
    expect((await got(path(ids[1]))).json.nextDate).toBeTypeOf('string')
  })

  it('8/7 that are just being sent are left alone by a release', async () => {
    await deliverAll()
    const { subscriptionId } = await onItsWay()
    const { queue } = stage.product.context
    const [lease] = await queue.claim(deliveriesDue, 1)
    if (lease === undefined) throw new Error('nothing was due')
    expect((await release({ where: `subscriptionId=${subscriptionId}`, replay: 'true' })).json).toEqual([])
    expect(await queue.release(lease)).toBe(true)
    expect((await release({ where: `subscriptionId=${subscriptionId}` })).json).toHaveLength(1)
  })
})
