import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { EventReply, OneEventReply, PollerReply } from '#src/contract/index.ts'
import { ask, connect, platform } from '../support/client.ts'
import {
  type EventOwner,
  ownerOf,
  setCreated,
  setDeliveries,
  subscribe,
  tellEvents,
} from '../support/event-log.ts'
import { three } from '../support/instances.ts'
import { type Product, startProduct } from '../support/product.ts'

let product: Product
let headers: Record<string, string>
/** Its events are told to nobody. */
let quiet: EventOwner
/** Its events go to an address. */
let heard: EventOwner
let heardToken: string

const receiver = 'https://receiver.example/hook?secret=planted'

const newInstance = async (name: string) => {
  const made = await connect(product, product.admin, { name })
  expect(made.status, made.text).toBe(200)
  return { owner: await ownerOf(product, made.json.id), token: String(made.json.token) }
}

beforeAll(async () => {
  product = await startProduct()
  headers = platform(product.admin)
  quiet = (await newInstance('Quiet')).owner
  const second = await newInstance('Heard')
  heard = second.owner
  heardToken = second.token
  await subscribe(product, heard, receiver)
})
afterAll(() => product?.close())

const call = (path: string, query: Record<string, string> = {}, as = headers) =>
  ask(`${product.url}${path}`, { headers: as, query })

const get = async (path: string, query: Record<string, string> = {}, as = headers) => {
  const reply = await call(path, query, as)
  expect(reply.status, reply.text).toBe(200)
  return reply
}

const refused = async (path: string, query: Record<string, string>, status: number, words: RegExp) => {
  const reply = await call(path, query)
  expect([reply.status, reply.json.message]).toEqual([status, expect.stringMatching(words)])
}

const fits = (schema: z.ZodType, value: unknown) =>
  expect(schema.safeParse(value).error?.issues ?? []).toEqual([])

const idsIn = (json: { id: string }[]) => json.map(({ id }) => id)

describe('the event log', () => {
  it('2/14 lists events newest first, in pages without a gap, by id and by token', async () => {
    const { owner } = await newInstance('Pages')
    const told = await tellEvents(product, owner, [['A'], ['B', 'C'], ['D'], ['E'], ['F']])
    const newest = told.map(({ eventId }) => eventId).reverse()
    const path = `/instances/${owner.instanceId}/events`
    const all = await get(path)
    fits(z.array(EventReply), all.json)
    expect(idsIn(all.json)).toEqual(newest)
    expect(all.headers['elements-next-page-token']).toBeUndefined()
    expect(all.json[3]).toMatchObject({
      status: 'NEW',
      kind: 'poll',
      objectType: 'reports',
      objectCount: 2,
      notifiedData: [],
      eventElementInstances: [
        { elementInstanceId: owner.instanceId, notificationId: told[1]?.notificationId },
      ],
    })
    expect(JSON.parse(all.json[3].providerData)).toMatchObject({
      reports: [{ id: 'B' }, { id: 'C' }],
      objectType: 'reports',
    })

    const walked: string[] = []
    let query: Record<string, string> = { pageSize: '2' }
    for (let page = 0; page < 3; page += 1) {
      const reply = await get(path, query)
      walked.push(...idsIn(reply.json))
      query = { nextPage: String(reply.headers['elements-next-page-token']) }
    }
    expect(walked).toEqual(newest)
    expect(query).toEqual({ nextPage: 'undefined' })
  })

  it('2/14 lists and reads by token what it does by id, and nothing of others', async () => {
    const [told] = await tellEvents(product, heard, [['R1']])
    const byId = await get(`/instances/${heard.instanceId}/events`)
    const withToken = three(product.admin, heardToken)
    expect((await get('/instances/events', {}, withToken)).json).toEqual(byId.json)
    const one = await get(`/instances/events/${told?.eventId}`, {}, withToken)
    fits(OneEventReply, one.json)
    expect((await get(`/instances/${heard.instanceId}/events/${told?.eventId}`)).json).toEqual(one.json)
    expect(one.json).toMatchObject({
      notification: told?.body,
      deliveries: [{ status: 'created', url: receiver }],
    })
    await refused(`/instances/${heard.instanceId}/events/nobodys`, {}, 404, /^No event found with id nobodys/)
    await refused(`/instances/${quiet.instanceId}/events/${told?.eventId}`, {}, 404, /^No event found/)
    const stranger = platform(await product.addMember('Other', 'other@other.example'))
    for (const path of ['events', `events/${told?.eventId}`, 'event-poller-records', 'event-subscription']) {
      expect((await call(`/instances/${heard.instanceId}/${path}`, {}, stranger)).status, path).toBe(404)
    }
  })

  it('2/14 filters by time, object type and status, and leaves payloads out when asked', async () => {
    const { owner } = await newInstance('Filters')
    const path = `/instances/${owner.instanceId}/events`
    const [old, young] = await tellEvents(product, owner, [['1'], ['2']])
    const [other] = await tellEvents(product, owner, [['3']], 'users')
    await setCreated(product, [old?.notificationId ?? 0], '2026-02-01T10:00:00Z')
    await setCreated(product, [young?.notificationId ?? 0], '2026-02-01T11:00:00Z')
    const at = async (query: Record<string, string>) => idsIn((await get(path, query)).json)
    expect(await at({ to: '2026-02-01T10:00:00Z' })).toEqual([old?.eventId])
    expect(await at({ from: '2026-02-01T10:00:00.001Z', to: '2026-02-01T12:00:00Z' })).toEqual([
      young?.eventId,
    ])
    expect(await at({ objectType: 'users' })).toEqual([other?.eventId])
    expect(await at({ status: 'new' })).toHaveLength(3)
    expect(await at({ status: 'NOTIFIED' })).toEqual([])
    const light = (await get(path, { hydrate: 'false' })).json
    expect(light[0]).toMatchObject({ id: other?.eventId, providerData: '', objectType: 'users' })
    const pages = ['1', '2', '3', '4'].map((page) => at({ page, pageSize: '1', hydrate: 'false' }))
    expect(await Promise.all(pages)).toEqual([[other?.eventId], [young?.eventId], [old?.eventId], []])
    const first = await get(path, { hydrate: 'false', pageSize: '1', to: '2026-02-01T11:00:00Z' })
    const token = String(first.headers['elements-next-page-token'])
    const second = await get(path, { nextPage: token })
    expect([...idsIn(first.json), ...idsIn(second.json)]).toEqual([young?.eventId, old?.eventId])
    expect(second.json[0].providerData).toBe('')
    await refused(path, { status: 'lost' }, 400, /^status: one of NEW/)
    await refused(path, { from: 'yesterday' }, 400, /^from: a date/)
    await refused(path, { from: '2026-02-02', to: '2026-02-01' }, 400, /^to: it is before/)
    await refused(path, { pageSize: '0' }, 400, /^pageSize/)
    await refused(path, { nextPage: 'eyJ9' }, 400, /^nextPage/)
  })

  it('2/14 tells the status of an event by its deliveries, and a replay takes none back', async () => {
    const [told] = await tellEvents(product, heard, [['S1']])
    const id = told?.notificationId ?? 0
    const read = async () => (await get(`/instances/${heard.instanceId}/events/${told?.eventId}`)).json
    expect((await read()).status).toBe('RECEIVED')
    const failure = { at: '2026-02-01T10:00:00.000Z', ms: 12, status: 502, error: 'HTTP 502' }
    const success = { at: '2026-02-01T10:00:05.000Z', ms: 8, status: 200 }
    await setDeliveries(product, id, { status: 'retry', log: [failure] })
    expect(await read()).toMatchObject({
      status: 'DISPATCHED',
      notifiedData: [],
      deliveries: [
        { status: 'retry', attempts: [{ at: failure.at, ms: 12, status: 502, error: 'HTTP 502' }] },
      ],
    })
    await setDeliveries(product, id, { status: 'notified', log: [success] })
    expect((await read()).status).toBe('CONSUMED')
    await setDeliveries(product, id, { status: 'delivered', log: [failure, success], delivered: true })
    expect(await read()).toMatchObject({
      status: 'NOTIFIED',
      notifiedData: [told?.body],
      deliveries: [{ status: 'delivered', attempts: [{ status: 502 }, { status: 200 }] }],
    })
    await setDeliveries(product, id, { status: 'created', log: [failure, success], delivered: true })
    expect(await read()).toMatchObject({ status: 'NOTIFIED', deliveries: [{ status: 'created' }] })
  })

  it('2/14 shows one record a polled object, with its failures in words', async () => {
    const { store } = product.context
    await store.pollers.set(heard.organizationId, heard.instanceId, [
      {
        objectType: 'reports',
        entry: { url: '/hubs/expense/reports' },
        intervalSeconds: 90,
        firstAfterSeconds: 3,
      },
      { objectType: 'users', entry: {}, intervalSeconds: 900, firstAfterSeconds: 3 },
    ])
    const { json } = await get(`/instances/${heard.instanceId}/event-poller-records`)
    fits(z.array(PollerReply), json)
    expect(json).toHaveLength(2)
    expect(json[0]).toMatchObject({
      elementInstanceId: heard.instanceId,
      objectType: 'reports',
      interval: 1.5,
      eventCount: 0,
      failures: 0,
      nextPollDate: expect.any(String),
      configuration: { url: '/hubs/expense/reports' },
    })
    expect((await get('/instances/event-poller-records', {}, three(product.admin, heardToken))).json).toEqual(
      json,
    )
    expect((await get(`/instances/${quiet.instanceId}/event-poller-records`)).json).toEqual([])
  })
})
