import { createHmac } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createEnds } from '#src/services/bulk/ends.ts'
import type { Database } from '#src/store/index.ts'
import { bulkOf, openBulkWork } from '../support/bulk.ts'
import { loopbackAllowed } from '../support/events.ts'
import { type Connected, codeFor, connected, post, userInstance } from '../support/grants.ts'
import { configuration } from '../support/instances.ts'
import { type Product, startProduct } from '../support/product.ts'
import { type Receiver, startReceiver } from '../support/receiver.ts'
import { openBeside } from '../support/rows.ts'
import { type Controls, controlsOf } from '../support/sandbox.ts'

const traveller = 'amber.badger@sandbox.example'

let product: Product
let instance: Connected
let bulk: ReturnType<typeof bulkOf>
let work: Awaited<ReturnType<typeof openBulkWork>>
let sandbox: Controls
let db: Database
let receiver: Receiver

beforeAll(async () => {
  product = await startProduct({ environment: loopbackAllowed })
  sandbox = controlsOf(product)
  receiver = await startReceiver()
  instance = await userInstance(product, product.admin)
  bulk = bulkOf(instance)
  work = await openBulkWork(product)
  db = await openBeside(product)
})
afterAll(async () => {
  await work?.close()
  await db?.close()
  await product?.close()
  await receiver?.close()
})
beforeEach(async () => {
  receiver.forget()
  await sandbox.reset()
})

/** Every file below a folder. */
const filesBelow = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

const filesOf = (id: string): Promise<string[]> =>
  filesBelow(join(product.context.config.dataDir, 'bulk')).then(
    (paths) => paths.filter((path) => path.includes(`/bulk/2/${id}/`)),
    () => [],
  )

describe('a bulk job', () => {
  it('tells its end to its callback, signed as events are, with what was asked to come along', async () => {
    const key = 'a key of at least 32 characters, to sign with'
    await instance.patch({ configuration: { 'event.notification.signature.key': key } })
    const made = await bulk.call('/query', {
      method: 'POST',
      query: { q: 'select * from reports limit 2' },
      headers: { 'Elements-Async-Callback-Url': `${receiver.url}/done` },
      body: { 'callback-payload': 'batch 7' },
    })
    expect(made.status, made.text).toBe(200)
    const [call] = await receiver.until(1)
    expect(call?.json).toEqual({
      ...{
        id: made.json.id,
        status: 'COMPLETED',
        recordsCount: 2,
        recordsFailedCount: 0,
        instanceId: instance.id,
      },
      ...{ object_name: 'reports', job_direction: 'DOWNLOAD', 'callback-payload': 'batch 7' },
    })
    const wanted = createHmac('sha256', key)
      .update(call?.text ?? '')
      .digest('base64')
    expect(call?.headers['elements-webhook-signature']).toBe(`sha256=${wanted}`)
    expect(call?.headers['webhook-id']).toMatch(/^[\w-]{20}$/)
    // The subscription was made for this alone.
    await db.query({
      text: `update bulk_jobs set due_at = now(); select pg_notify('due', 'bulk_jobs')`,
      values: [],
    })
    const left = async () => {
      const text = `update bulk_jobs set due_at = now() where lease_token is null; select pg_notify('due', 'bulk_jobs')`
      await db.query({ text, values: [] })
      return (
        await db.query({ text: `select 1 from subscriptions where topics::text like '%bulk-%'`, values: [] })
      ).length
    }
    for (const endsAt = Date.now() + 10_000; (await left()) > 0; await new Promise((r) => setTimeout(r, 50)))
      if (Date.now() > endsAt) throw new Error('the subscription is still there')
  })

  it('that is looked after waits for whoever cancels it before it takes the subscription of its callback', async () => {
    const made = await bulk.call('/query', {
      method: 'POST',
      query: { q: 'select * from reports limit 1' },
      headers: { 'Elements-Async-Callback-Url': `${receiver.url}/locked` },
    })
    await receiver.until(1)
    const { store, queue, notifications } = product.context
    const jobId = Number(made.json.id)
    const job = await store.bulkJobs.find({ organizationId: 2, jobId })
    if (job === undefined) throw new Error('no job')
    const waits = `select 1 from pg_locks where not granted and pid <> pg_backend_pid()`
    let looked: Promise<unknown> | undefined
    await db.transaction(async (cancel) => {
      const ask = (text: string, ...values: number[]) => cancel.query({ text, values })
      await ask('select 1 from bulk_jobs where job_id = $1 for update', jobId)
      looked = createEnds({ store, queue, notifications }).lookAfter(job, () => Promise.resolve())
      await expect.poll(async () => (await ask(waits)).length).toBe(1)
      const own = 'select 1 from subscriptions where subscription_id = $1 for update nowait'
      expect(await ask(own, job.subscriptionId ?? 0)).toHaveLength(1)
    })
    await looked
  })

  it('that is cancelled and resumed tells each of its ends once', async () => {
    await sandbox.faults({ fault: 'slow', value: 1_000, operation: 'reports.list' })
    const made = await bulk.call('/query', {
      method: 'POST',
      query: { q: 'select * from reports' },
      headers: { 'Elements-Async-Callback-Url': `${receiver.url}/twice` },
    })
    await bulk.untilRunning(made.json.id)
    await bulk.call(`/${made.json.id}/cancel`, { method: 'PUT' })
    await receiver.until(1)
    await sandbox.faults()
    await bulk.call(`/${made.json.id}/resume`, { method: 'PUT' })
    await bulk.ended(made.json.id)
    await receiver.until(2)
    // Another subscription would have got it in the same moment.
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(receiver.received.map(({ json }) => json.status)).toEqual(['CANCELLED', 'COMPLETED'])
  })

  it('refuses a callback that is no address', async () => {
    const call = (url: string) =>
      bulk.call('/query', {
        method: 'POST',
        query: { q: 'select * from reports' },
        headers: { 'Elements-Async-Callback-Url': url },
      })
    for (const url of ['nowhere', 'ftp://x/y', 'http://user:word@x/']) {
      const refused = await call(url)
      expect([refused.status, refused.json.message]).toEqual([
        400,
        expect.stringContaining('Elements-Async-Callback-Url'),
      ])
    }
  })

  it('keeps its files sealed, and no longer than for their days', async () => {
    const id = await bulk.query('select * from reports')
    await bulk.ended(id)
    const files = await filesOf(id)
    expect(files.length).toBeGreaterThan(0)
    for (const path of files) {
      const bytes = await readFile(path)
      expect(bytes.includes('ReportNumber') || bytes.includes('OwnerName') || bytes.includes('Total')).toBe(
        false,
      )
    }
    await db.query({
      text: `update bulk_jobs set finished_at = now() - interval '4 days' where job_id = $1`,
      values: [id],
    })
    await product.context.bulk.prune()
    expect(await filesOf(id)).toEqual([])
    const gone = await bulk.file(id, 'reports', 'text/csv')
    expect([gone.status, gone.json.message]).toEqual([404, expect.stringContaining('gone')])
    expect(await bulk.status(id)).toMatchObject({ status: 'COMPLETED', filesAvailable: false })
    expect((await bulk.call(`/${id}/resume`, { method: 'PUT' })).status).toBe(409)
  })

  it("is not starved by another organization's, of which two run at a time", async () => {
    const other = await product.addMember('Elsewhere', 'bulk@elsewhere.example')
    const theirs = bulkOf(await userInstance(product, other))
    await sandbox.faults({ fault: 'slow', value: 3_000, operation: 'reports.list' })
    const many: string[] = []
    for (let count = 0; count < 8; count += 1) many.push(await bulk.query('select * from reports'))
    const states = () => Promise.all(many.map(async (id) => (await bulk.status(id)).status as string))
    await bulk.untilRunning(many[1] ?? '')
    expect((await states()).filter((state) => state === 'RUNNING').length).toBeLessThanOrEqual(2)
    expect(await theirs.ended(await theirs.query('select * from reports limit 1'))).toMatchObject({
      recordsCount: 1,
    })
    expect(await states()).toContain('CREATED')
    await sandbox.faults()
    for (const id of many) expect(await bulk.ended(id)).toMatchObject({ status: 'COMPLETED' })
  }, 60_000)

  it('ends with the words of whoever refused, and asks again when it is resumed', async () => {
    const scope = 'openid user.read EXPRPT'
    const code = await codeFor(product, product.admin, { login: traveller, scope })
    const made = await post(product, product.admin, { configuration, providerData: { code } })
    const narrow = bulkOf(connected(product, product.admin, made))
    await sandbox.faults({ fault: 'refuse-deprecated' })
    const id = await narrow.query('select * from attendees')
    const ended = await narrow.ended(id)
    expect(ended).toMatchObject({ status: 'ABORTED', infoMessage: expect.stringContaining('attendee.read') })
    const { operations } = await sandbox.during(async () => {
      await narrow.call(`/${id}/resume`, { method: 'PUT' })
      expect(await narrow.ended(id)).toMatchObject({ status: 'ABORTED' })
    })
    expect(Object.keys(operations)).not.toEqual([])
  })
})
