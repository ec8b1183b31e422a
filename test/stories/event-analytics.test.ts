import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  AccountEventCountReply,
  DispositionReply,
  EventCountReply,
  InstanceEventCountReply,
} from '#src/contract/index.ts'
import { ask, connect, platform } from '../support/client.ts'
import {
  type EventOwner,
  ownerOf,
  setCreated,
  setDeliveries,
  subscribe,
  tellEvents,
} from '../support/event-log.ts'
import { type Product, startProduct } from '../support/product.ts'

let product: Product
let headers: Record<string, string>
/** Its events are told to nobody. */
let quiet: EventOwner
/** Its events go to an address. */
let heard: EventOwner

const newInstance = async (name: string) => {
  const made = await connect(product, product.admin, { name })
  expect(made.status, made.text).toBe(200)
  return ownerOf(product, made.json.id)
}

beforeAll(async () => {
  product = await startProduct()
  headers = platform(product.admin)
  quiet = await newInstance('Quiet')
  heard = await newInstance('Heard')
  await subscribe(product, heard, 'https://receiver.example/hook?secret=planted')
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

describe('analytics of events', () => {
  const hour = { from: '2026-03-01T10:00:00Z', to: '2026-03-01T11:00:00Z' }
  const path = '/instances/events/analytics'

  beforeAll(async () => {
    const lost = await tellEvents(product, heard, [['X1'], ['X2']])
    const delivered = await tellEvents(product, heard, [['X3']])
    const untold = await tellEvents(product, quiet, [['Y1']])
    const ids = [...lost, ...delivered].map(({ notificationId }) => notificationId)
    await setCreated(product, ids, '2026-03-01T10:07:30Z')
    await setCreated(
      product,
      untold.map(({ notificationId }) => notificationId),
      hour.to,
    )
    for (const { notificationId } of lost)
      await setDeliveries(product, notificationId, {
        status: 'retry',
        log: [
          { at: '2026-03-01T10:07:31.000Z', ms: 5, status: null, error: 'the connection was refused' },
          { at: '2026-03-01T10:07:35.000Z', ms: 5, status: 503 },
        ],
      })
    await setDeliveries(product, delivered[0]?.notificationId ?? 0, {
      status: 'delivered',
      log: [{ at: '2026-03-01T10:07:31.000Z', ms: 5, status: 204 }],
      delivered: true,
    })
  })

  it('7/1 counts by time, by instance and by account', async () => {
    const counts = (await get(path, { ...hour, interval: 'minute' })).json
    fits(z.array(EventCountReply), counts)
    expect(counts.filter(({ count }: { count: number }) => count > 0)).toEqual([
      { timestamp: '2026-03-01T10:07:00.000Z', count: 3 },
      { timestamp: '2026-03-01T11:00:00.000Z', count: 1 },
    ])
    const byInstance = (await get(`${path}/instances`, { ...hour, interval: 'hour' })).json
    fits(z.array(InstanceEventCountReply), byInstance)
    expect(byInstance).toEqual([
      {
        timestamp: '2026-03-01T10:00:00.000Z',
        count: 3,
        total: 3,
        records: [{ instanceId: heard.instanceId, count: 3, success: 1, failed: 2 }],
      },
      {
        timestamp: '2026-03-01T11:00:00.000Z',
        count: 1,
        total: 1,
        records: [{ instanceId: quiet.instanceId, count: 1, success: 0, failed: 0 }],
      },
    ])
    const byAccount = (await get(`${path}/accounts`, { ...hour, interval: 'day' })).json
    fits(z.array(AccountEventCountReply), byAccount)
    expect(byAccount).toEqual([
      {
        timestamp: '2026-03-01T00:00:00.000Z',
        count: 4,
        total: 4,
        records: [{ accountId: heard.accountId, count: 4, success: 1, failed: 2 }],
      },
    ])
  })

  it('7/2 gives an hour by minute as 61 buckets, empty ones too, and refuses what it cannot count', async () => {
    for (const below of ['', '/instances', '/accounts']) {
      const { json } = await get(`${path}${below}`, { ...hour, interval: 'minute' })
      expect(json).toHaveLength(61)
      expect(json[1]).toMatchObject({ timestamp: '2026-03-01T10:01:00.000Z', count: 0 })
      await refused(`${path}${below}`, { ...hour, interval: 'second' }, 400, /^interval: one of minute/)
      await refused(`${path}${below}`, { from: hour.to, to: hour.from }, 400, /^to: it is before/)
      await refused(`${path}${below}`, { ...hour, 'accountIds[]': '0' }, 403, /^accountIds: account 0/)
      await refused(
        `${path}${below}`,
        { from: '2025-01-01', to: '2026-01-01', interval: 'minute' },
        400,
        /^interval: by minute this span has more than 2000 buckets/,
      )
      const own = { ...hour, 'accountIds[]': String(heard.accountId) }
      expect((await get(`${path}${below}`, own)).json).toHaveLength(2)
    }
    expect((await get(path)).json).toHaveLength(25)
    // Where nobody says by what, a long span is counted by longer units.
    expect((await get(path, { from: '2025-01-01', to: '2026-01-01' })).json).toHaveLength(366)
  })

  it('7/1, 7/3 show another account nothing', async () => {
    const stranger = platform(await product.addMember('Third', 'third@third.example'))
    const counts = (await get(path, { ...hour, interval: 'day' }, stranger)).json
    expect(counts).toEqual([{ timestamp: '2026-03-01T00:00:00.000Z', count: 0 }])
    expect((await get('/instances/events/dispositions', hour, stranger)).json).toEqual([])
  })

  it('7/3 dispositions tell each failed attempt in words, without what the address keeps secret', async () => {
    const { json } = await get('/instances/events/dispositions', hour)
    fits(z.array(DispositionReply), json)
    expect(json).toHaveLength(2)
    expect(json[0]).toEqual({
      eventId: expect.any(String),
      elementInstanceId: heard.instanceId,
      notificationData: [
        {
          message: `Error delivering event ${json[0].eventId} to https://receiver.example/hook at 2026-03-01T10:07:31.000Z: the connection was refused`,
        },
        {
          message: `Error delivering event ${json[0].eventId} to https://receiver.example/hook at 2026-03-01T10:07:35.000Z: HTTP 503`,
        },
      ],
    })
    const first = await get('/instances/events/dispositions', { ...hour, pageSize: '1' })
    expect(first.json).toEqual([json[0]])
    const token = String(first.headers['elements-next-page-token'])
    const second = await get('/instances/events/dispositions', { nextPage: token })
    expect(second.json).toEqual([json[1]])
    expect(second.headers['elements-next-page-token']).toBeUndefined()
  })
})
