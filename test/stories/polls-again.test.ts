import { expect, it } from 'vitest'
import { ask, platform } from '../support/client.ts'
import { onEvents } from '../support/event-stage.ts'
import { type EventWork, newReport } from '../support/events.ts'
import { type Connected, legacyInstance } from '../support/grants.ts'
import { app, freshCode } from '../support/instances.ts'
import type { Product } from '../support/product.ts'
import type { Receiver } from '../support/receiver.ts'
import type { Controls } from '../support/sandbox.ts'

let product: Product
let work: EventWork
let receiver: Receiver
let sandbox: Controls

onEvents((stage) => {
  ;({ product, work, receiver, sandbox } = stage)
})

const events = () => ({
  'event.notification.enabled': 'true',
  'event.notification.callback.url': receiver.url,
  'event.poller.refresh_interval': '1',
})

const connect = (): Promise<Connected> => work.connect(product.admin, events())

/** It has failed for long, and sleeps. */
const exhaust = ({ id }: Connected) =>
  work.db.query({
    text: `update pollers set failures = 9, due_at = now() + interval '1 hour' where instance_id = $1 and active`,
    values: [id],
  })

const pollerOf = async ({ id }: Connected) => {
  const [row] = await work.db.query<{ failures: number; due: number }>({
    text: `select failures, extract(epoch from due_at - now())::float8 as due
      from pollers where instance_id = $1 and active`,
    values: [id],
  })
  if (row === undefined) throw new Error('no poller')
  return row
}

const expectSoon = async (instance: Connected): Promise<void> => {
  const { failures, due } = await pollerOf(instance)
  expect(failures).toBe(0)
  expect(due).toBeLessThanOrEqual(60)
}

const on = ({ id }: Connected, method: string, path: string, body?: object) =>
  ask(`${product.url}/instances/${id}${path}`, { method, headers: platform(product.admin), body })

it('an instance that is connected again is polled soon, however long its poller had failed', async () => {
  const instance = await connect()
  await work.poll(instance)
  await exhaust(instance)
  const reply = await instance.patch({ providerData: { code: await freshCode(product, product.admin) } })
  expect(reply.status, reply.text).toBe(200)
  await expectSoon(instance)
  const id = await newReport(instance, 'Trip')
  await work.poll(instance)
  const [call] = await receiver.until(1)
  expect(call?.json.message.events[0].objectId).toBe(id)
})

it('so is one that is enabled again, or configured otherwise; another name changes nothing', async () => {
  const instance = await connect()
  await exhaust(instance)
  expect((await instance.patch({ name: 'Another' })).status).toBe(200)
  expect((await on(instance, 'DELETE', '/enabled')).status).toBe(200)
  expect(await pollerOf(instance)).toMatchObject({ failures: 9 })
  expect((await pollerOf(instance)).due).toBeGreaterThan(3_000)
  expect((await on(instance, 'PUT', '/enabled')).status).toBe(200)
  await expectSoon(instance)
  await exhaust(instance)
  expect((await instance.patch({ configuration: { 'my.own': 'other' } })).status).toBe(200)
  await expectSoon(instance)
})

it('so is one that is moved off a login which the vendor gives up', async () => {
  const instance = await legacyInstance(product, product.admin, { configuration: events() })
  await exhaust(instance)
  const body = { apiKey: app.key, apiSecret: app.secret }
  const reply = await on(instance, 'POST', '/migrate-authentication', body)
  expect(reply.status, reply.text).toBe(200)
  await expectSoon(instance)
})

it('a poll that runs meanwhile by the old grant loses its place, so that its failure counts no more', async () => {
  const instance = await connect()
  await work.poll(instance)
  await sandbox.faults({ fault: 'slow', value: 3_000, operation: 'reports.list' })
  await work.db.query({
    text: `update pollers set due_at = now() where instance_id = $1 and active`,
    values: [instance.id],
  })
  const lease = async (): Promise<string | null> => {
    const [row] = await work.db.query<{ token: string | null }>({
      text: 'select lease_token::text as token from pollers where instance_id = $1',
      values: [instance.id],
    })
    return row?.token ?? null
  }
  await expect.poll(lease, { timeout: 2_000, interval: 20 }).not.toBeNull()
  const before = await lease()
  expect((await instance.patch({ configuration: { 'my.own': 'other' } })).status).toBe(200)
  expect(before).not.toBeNull()
  expect(await lease()).not.toBe(before)
})
