import { readdir, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type BulkStage, bulkOf, linesOf, onBulk } from '../support/bulk.ts'
import { type Connected, userInstance } from '../support/grants.ts'
import type { Product } from '../support/product.ts'
import type { Controls } from '../support/sandbox.ts'

let product: Product
let instance: Connected
let bulk: BulkStage['bulk']
let sandbox: Controls

onBulk((stage) => {
  ;({ product, instance, bulk, sandbox } = stage)
})

/** Files of bulk jobs that this process, which is the product's too, has open. */
const openFiles = async (): Promise<readonly string[]> => {
  const links = (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => ''))
  const folder = join(product.config.dataDir, 'bulk')
  return (await Promise.all(links)).filter((path) => path.startsWith(folder))
}

const idsOf = (rows: readonly unknown[]) => rows.map((row) => (row as { id: string }).id)

describe('bulk downloads', () => {
  // Without /proc nobody tells what is open.
  it.runIf(process.platform === 'linux')('leave no file open of which not all was wanted', async () => {
    const id = await bulk.query(`select * from reports where user = 'ALL' order by Total desc limit 3`)
    expect(await bulk.ended(id)).toMatchObject({ recordsCount: 3 })
    expect(await openFiles()).toEqual([])
    const whole = await bulk.query(`select * from reports where user = 'ALL'`)
    await bulk.ended(whole)
    expect((await bulk.call(`/${whole}/reports/data`, { query: { pageSize: '2' } })).json).toHaveLength(2)
    expect((await bulk.call(`/${whole}/reports`, { method: 'HEAD' })).status).toBe(200)
    expect(await openFiles()).toEqual([])
  })

  it('takes the bodies of /bulk/download', async () => {
    const body = {
      ...{
        objectName: 'reports',
        format: 'application/jsonl',
        where: 'Total > 50',
        selectFields: ['ID', 'Total'],
      },
      ...{ limit: 4, pageSize: 2, filterNulls: false, query: {} },
    }
    const made = await bulk.call('/download', { method: 'POST', body })
    expect(made.json).toMatchObject({
      objectName: 'reports',
      jobStatus: 'CREATED',
      jobDirection: 'DOWNLOAD',
      native: false,
    })
    expect(await bulk.ended(made.json.id)).toMatchObject({
      jobStatus: 'COMPLETED',
      recordCount: 4,
      fileFormat: 'jsonl',
    })
    const file = await bulk.file(made.json.id, 'reports', '*/*')
    expect(file.headers['content-type']).toBe('application/jsonl')
    expect(linesOf(file.text)).toHaveLength(4)
    const few = await bulk.call('/download', {
      method: 'POST',
      body: { objectName: 'reports', pageSize: 5, apiLimit: 2 },
    })
    expect(await bulk.ended(few.json.id)).toMatchObject({ recordCount: 10 })
    for (const [wrong, words] of [
      [{}, 'objectName'],
      [{ objectName: 'reports', format: 'xml' }, 'format'],
      [{ objectName: 'reports', from: 'soon' }, 'from'],
      [{ objectName: 'reports', limit: 'many' }, 'limit'],
      [{ objectName: 'reports', notificationUrl: 'nowhere' }, 'notificationUrl'],
    ] as const) {
      const refused = await bulk.call('/download', { method: 'POST', body: wrong })
      expect([refused.status, refused.json.message.includes(words)]).toEqual([400, true])
    }
  })

  it('goes on after another one: with what was left, or with what changed since', async () => {
    await sandbox.faults({ fault: 'slow', value: 1_000, operation: 'reports.list' })
    const before = await bulk.query('select * from reports')
    await bulk.untilRunning(before)
    await bulk.call(`/${before}/cancel`, { method: 'PUT' })
    await sandbox.faults()
    const rest = await bulk.query('select * from reports', { continueFromJobId: before })
    expect(await bulk.ended(rest)).toMatchObject({ status: 'COMPLETED' })
    const all = await bulk.query('select * from reports')
    const { recordsCount } = await bulk.ended(all)
    const { recordsCount: first } = await bulk.status(before)
    expect((await bulk.status(rest)).recordsCount + first).toBe(recordsCount)
    await instance.call('/reports', { method: 'POST', body: { Name: 'Since then' } })
    const since = await bulk.query('select * from reports', { continueFromJobId: all })
    expect(await bulk.ended(since)).toMatchObject({ recordsCount: 1 })
    const wrong = await bulk.call('/query', {
      method: 'POST',
      query: { q: 'select * from users', continueFromJobId: all },
    })
    expect(wrong.status).toBe(400)
  })

  it('waits for a vendor that fails, and loses and doubles nothing', async () => {
    await sandbox.faults({ fault: 'server-error', operation: 'reports.list' })
    const id = await bulk.query('select * from reports')
    const waiting = await bulk.until(id, ({ infoMessage }) => infoMessage !== '')
    expect(waiting).toMatchObject({ status: 'RUNNING', infoMessage: expect.stringContaining('Waits:') })
    await sandbox.faults()
    await bulk.call(`/${id}/resume`, { method: 'PUT' })
    const rows = await bulk.listed('/reports')
    expect(await bulk.ended(id)).toMatchObject({
      status: 'COMPLETED',
      recordsCount: rows.length,
      infoMessage: '',
    })
    expect(idsOf(linesOf((await bulk.file(id, 'reports', 'application/json')).text))).toEqual(idsOf(rows))
  })

  it('shows its history, newest first, and nothing to another instance', async () => {
    const [one, two] = [
      await bulk.query('select * from reports limit 1'),
      await bulk.query('select * from users limit 1'),
    ]
    await Promise.all([bulk.ended(one), bulk.ended(two)])
    const page = await bulk.call('/jobs', { query: { pageSize: '1' } })
    expect(page.json).toEqual([
      {
        ...{
          id: two,
          instanceId: instance.id,
          status: 'COMPLETED',
          object_name: 'users',
          job_direction: 'DOWNLOAD',
        },
        ...{
          record_count: 1,
          error_count: 0,
          createdDate: expect.any(String),
          completion_time: expect.any(String),
        },
        ...{
          job_query: 'select * from users limit 1',
          job_state: 'COMPLETED',
          notification_url: '',
          fileFormat: 'csv',
        },
      },
    ])
    const nextPage = page.headers['elements-next-page-token'] as string
    expect((await bulk.call('/jobs', { query: { nextPage } })).json[0].id).toBe(one)
    const other = bulkOf(await userInstance(product, product.admin))
    expect((await other.call(`/${one}/status`)).status).toBe(404)
    expect((await other.call('/jobs')).json).toEqual([])
  })
})
