import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type EventWork, loopbackAllowed, openEventWork } from '../support/events.ts'
import type { Connected } from '../support/grants.ts'
import { type Product, startProduct } from '../support/product.ts'
import { type Receiver, startReceiver } from '../support/receiver.ts'
import { type Controls, controlsOf } from '../support/sandbox.ts'

let product: Product
let work: EventWork
let receiver: Receiver
let sandbox: Controls

beforeAll(async () => {
  receiver = await startReceiver()
  product = await startProduct({
    environment: { ...loopbackAllowed, QUERY_MAX_CALLS: '3', QUERY_MAX_SECONDS: '2' },
  })
  work = await openEventWork(product)
  sandbox = controlsOf(product)
})
afterAll(async () => {
  await work.close()
  await product.close()
  await receiver.close()
})
beforeEach(async () => {
  await sandbox.faults()
  await sandbox.addSeconds(10)
  receiver.forget()
})

const connect = (more: Readonly<Record<string, unknown>>): Promise<Connected> =>
  work.connect(product.admin, {
    'event.notification.enabled': 'true',
    'event.notification.callback.url': receiver.url,
    'event.poller.refresh_interval': '1',
    ...more,
  })

interface Poller {
  readonly failures: number
  readonly polled: boolean
  /** Seconds until it is due. */
  readonly due: number
}

const pollersOf = ({ id }: Connected): Promise<Poller[]> =>
  work.db.query<Poller>({
    text: `select failures, polled_at is not null as polled, extract(epoch from due_at - now())::float8 as due
      from pollers where instance_id = $1 and active order by object_type`,
    values: [id],
  })

it('a poll may take more calls and more time than a hub call may', async () => {
  const instance = await connect({ 'event.poller.configuration': { users: { pageSize: 10 } } })
  await sandbox.faults({ fault: 'slow', value: 200 })
  const { operations } = await sandbox.during(() => work.poll(instance))
  const calls = Object.values(operations).reduce((sum, count) => sum + count, 0)
  expect(calls).toBeGreaterThanOrEqual(20)
  expect(await pollersOf(instance)).toMatchObject([{ failures: 0, polled: true }])
  await instance.remove({ revoke: 'false' })
})

it('a whole listing is read in the vendor’s largest pages, unless the configuration says pageSize', async () => {
  const callsWith = async (entry: object): Promise<number> => {
    const instance = await connect({ 'event.poller.configuration': { users: entry } })
    await work.poll(instance)
    const { operations } = await sandbox.during(() => work.poll(instance))
    await instance.remove({ revoke: 'false' })
    return Object.values(operations).reduce((sum, count) => sum + count, 0)
  }
  const [usual, small] = [await callsWith({}), await callsWith({ pageSize: 50 })]
  expect(usual).toBe(1)
  expect(small).toBeGreaterThanOrEqual(4)
})

it('polls of a vendor that is slow with many are put back by seconds, which is no failure', async () => {
  const url = "/hubs/expense/reports?where=modifiedDateAfter='${date:yyyy-MM-dd'T'HH:mm:ss.SSS}'"
  const names = Array.from({ length: 70 }, (_, at) => `slow${at}`)
  const many = await connect({
    'event.poller.configuration': Object.fromEntries(names.map((name) => [name, { url }])),
  })
  const late = await connect({ 'event.objects': 'reports' })
  const dueNow = (id: number, seconds: number) =>
    work.db.query({
      text: `update pollers set due_at = now() + make_interval(secs => $2) where instance_id = $1 and active`,
      values: [id, seconds],
    })
  await dueNow(late.id, 600)
  await sandbox.faults({ fault: 'slow', value: 9_000, operation: 'reports.list' })
  await dueNow(many.id, 0)
  await sleep(7_000)
  await dueNow(late.id, 0)
  const putBack = async () => {
    const [poller] = await pollersOf(late)
    if (poller === undefined || poller.polled || poller.failures > 0) return false
    return poller.due > 0 && poller.due < 10
  }
  await expect.poll(putBack, { timeout: 3_000 }).toBe(true)
  await sandbox.faults()
  await expect
    .poll(async () => (await pollersOf(late))[0]?.polled, { timeout: 20_000, interval: 200 })
    .toBe(true)
  await many.remove({ revoke: 'false' })
  await late.remove({ revoke: 'false' })
}, 60_000)
