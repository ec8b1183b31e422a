import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ask, platform } from '../support/client.ts'
import { userInstance } from '../support/grants.ts'
import { openWorkflows, type Workflows } from '../support/workflows.ts'

let stage: Workflows

beforeAll(async () => {
  stage = await openWorkflows()
})
afterAll(() => stage?.close())
beforeEach(() => stage.sandbox.reset())

const sql = (text: string): Promise<unknown> => stage.db.query({ text, values: [] })

/** Uploads of a workflow that are stored. */
const uploadsOf = async (id: string): Promise<readonly Record<string, unknown>[]> =>
  stage.db.query({
    text: `select * from bulk_jobs where group_id = $1 and direction = 'UPLOAD'`,
    values: [Number(id)],
  })

describe('10/7 a workflow that is cut off', () => {
  it('ends its download and makes its upload in one transaction, or neither', async () => {
    const { fill, copy, start, ended, there, arrived, db, bulk } = stage
    await fill('Both', 5)
    await sql(`create function refuse_upload() returns trigger language plpgsql as
      $$ begin raise exception 'no upload is stored'; end $$`)
    await sql(`create trigger refuse_upload before insert on bulk_jobs for each row
      when (new.direction = 'UPLOAD') execute function refuse_upload()`)
    const id = await start(copy('Both'))
    try {
      const tried = async () => {
        const text = 'select attempts from bulk_jobs where group_id = $1'
        const [row] = await db.query<{ attempts: number }>({ text, values: [Number(id)] })
        return row?.attempts ?? 0
      }
      for (let tries = 0; (await tried()) < 2 && tries < 400; tries += 1) await sleep(25)
      expect(await tried()).toBeGreaterThanOrEqual(2)
      const open = await bulk.status(id)
      expect(open).toMatchObject({ status: 'RUNNING', completion_time: '', recordsCount: 0 })
      expect(open.jobs).toMatchObject([{ job_direction: 'DOWNLOAD', status: 'RUNNING' }])
    } finally {
      await sql('drop trigger refuse_upload on bulk_jobs')
    }
    expect(await ended(id)).toMatchObject({ status: 'COMPLETED', recordsCount: 5, recordsFailedCount: 0 })
    expect(await uploadsOf(id)).toHaveLength(1)
    expect(await arrived('Both')).toEqual(await there('Both'))
  })

  it('goes on after a restart between the end of its download and its upload', async () => {
    const { fill, copy, start, ended, until, there, arrived, stopWork, startWork, bulk } = stage
    await fill('Between', 4)
    await sql(`create function hold_upload() returns trigger language plpgsql as
      $$ begin new.due_at = null; return new; end $$`)
    await sql(`create trigger hold_upload before insert on bulk_jobs for each row
      when (new.direction = 'UPLOAD') execute function hold_upload()`)
    const id = await start(copy('Between'))
    await until(id, ({ jobs }) => jobs.length === 2)
    await sql('drop trigger hold_upload on bulk_jobs')
    await stopWork()
    expect(await bulk.status(id)).toMatchObject({
      ...{ status: 'RUNNING', completion_time: '', recordsCount: 0 },
      jobs: [
        { job_direction: 'DOWNLOAD', status: 'COMPLETED', recordsCount: 4 },
        { job_direction: 'UPLOAD', status: 'CREATED' },
      ],
    })
    expect(await arrived('Between')).toEqual([])
    await sql(`update bulk_jobs set due_at = now() where direction = 'UPLOAD' and finished_at is null`)
    await startWork()
    expect(await ended(id)).toMatchObject({ status: 'COMPLETED', recordsCount: 4, recordsFailedCount: 0 })
    expect(await arrived('Between')).toEqual(await there('Between'))
  })

  it('copies each row once, wherever the work is killed', async () => {
    const { fill, copy, start, ended, there, arrived, killWork, startWork, sandbox } = stage
    await fill('Kill', 24)
    await sandbox.faults(
      { fault: 'slow', value: 60, operation: 'reports.create' },
      { fault: 'slow', value: 60, operation: 'reports.list' },
    )
    const ids: string[] = []
    for (let round = 0; round < 2; round += 1) {
      const id = await start(copy('Kill', { method: 'PUT', identifierFieldName: 'Name' }))
      ids.push(id)
      for (let kills = 0; kills < 2; kills += 1) {
        await sleep(40 + 90 * kills + 50 * round)
        await killWork()
        await startWork()
      }
      expect(await ended(id)).toMatchObject({ status: 'COMPLETED', recordsCount: 24, recordsFailedCount: 0 })
    }
    for (const id of ids) expect(await uploadsOf(id)).toHaveLength(1)
    expect(await arrived('Kill')).toEqual(await there('Kill'))
  })
})

describe('10/7 a workflow that is cancelled', () => {
  it('while it reads copies nothing; resumed, its download goes on to its upload', async () => {
    const { fill, copy, start, ended, until, there, arrived, sandbox, bulk } = stage
    await fill('Read', 3)
    await sandbox.faults({ fault: 'slow', value: 1_500, operation: 'reports.list' })
    const id = await start(copy('Read'))
    await until(id, ({ status }) => status === 'RUNNING')
    const sinceMs = Date.now()
    const cancelled = await bulk.call(`/${id}/cancel`, { method: 'PUT' })
    expect([cancelled.status, cancelled.json.status]).toEqual([200, 'CANCELLED'])
    expect((await bulk.status(id)).status).toBe('CANCELLED')
    expect(Date.now() - sinceMs).toBeLessThan(3_000)
    await sandbox.faults()
    await expect.poll(() => stage.row(cancelled.json.jobs[0].id)).toMatchObject({ lease_token: null })
    expect(await uploadsOf(id)).toEqual([])
    expect(await arrived('Read')).toEqual([])
    const [download] = cancelled.json.jobs
    expect((await bulk.call(`/${download.id}/resume`, { method: 'PUT' })).status).toBe(200)
    expect(await ended(id)).toMatchObject({ status: 'COMPLETED', recordsCount: 3 })
    expect(await arrived('Read')).toEqual(await there('Read'))
    expect((await bulk.call(`/${download.id}/resume`, { method: 'PUT' })).status).toBe(409)
    expect((await bulk.call(`/${id}/cancel`, { method: 'PUT' })).json.status).toBe('COMPLETED')
  })

  it('while it writes stops at the target, too', async () => {
    const { fill, copy, start, until, arrived, sandbox, bulk, target } = stage
    await fill('Write', 20)
    await sandbox.faults({ fault: 'slow', value: 800, operation: 'reports.create' })
    const id = await start(copy('Write'))
    await until(id, ({ recordsCount }) => recordsCount > 0)
    const cancelled = await bulk.call(`/${id}/cancel`, { method: 'PUT' })
    expect(cancelled.json).toMatchObject({
      status: 'CANCELLED',
      jobs: [
        { job_direction: 'DOWNLOAD', status: 'COMPLETED' },
        { job_direction: 'UPLOAD', status: 'CANCELLED' },
      ],
    })
    const upload = cancelled.json.jobs[1].id
    const theirs = await target.call(`/bulk/${upload}/status`)
    expect(theirs.json).toMatchObject({
      status: 'CANCELLED',
      object_name: 'reports',
      job_direction: 'UPLOAD',
    })
    await expect.poll(() => stage.row(upload)).toMatchObject({ lease_token: null })
    const { recordsCount } = await bulk.status(id)
    expect(await arrived('Write')).toHaveLength(recordsCount)
    expect(recordsCount).toBeLessThan(20)
  })
})

describe('10/7 a workflow whose target', () => {
  it('was deleted before its upload is ABORTED with the reason', async () => {
    const { fill, copy, start, ended, stopWork, startWork, product } = stage
    await fill('Gone', 2)
    const gone = await userInstance(product, product.admin)
    await stopWork()
    const id = await start(copy('Gone', { token: gone.token }))
    expect((await gone.remove()).status).toBe(200)
    await startWork()
    expect(await ended(id)).toMatchObject({
      ...{ status: 'ABORTED', recordsCount: 0 },
      jobs: [
        { job_direction: 'DOWNLOAD', status: 'COMPLETED', recordsCount: 2 },
        {
          ...{ job_direction: 'UPLOAD', status: 'ABORTED' },
          infoMessage: expect.stringContaining(`Instance ${gone.id} was removed`),
        },
      ],
    })
    const refused = await stage.post([copy('Gone', { token: gone.token })])
    expect([refused.status, refused.json.message]).toEqual([
      400,
      expect.stringMatching(/^\[0\]\.targetConfiguration\.token: no instance of your organization/),
    ])
  })

  it('is of another organization is refused, and nothing of it is shown', async () => {
    const { copy, post, product, countJobs } = stage
    const other = await product.addMember('Elsewhere', 'workflows@elsewhere.example')
    const theirs = await userInstance(product, other)
    const before = await countJobs()
    const refused = await post([copy('Copy', { token: theirs.token })])
    expect(refused.status).toBe(400)
    expect(refused.json.message).toBe(
      '[0].targetConfiguration.token: no instance of your organization has this Element token.',
    )
    expect(await countJobs()).toBe(before)
  })

  it('is disabled is refused; disabled later, it waits until it is enabled', async () => {
    const { fill, copy, post, start, ended, until, product, stopWork, startWork, bulk } = stage
    await fill('Off', 2)
    const off = await userInstance(product, product.admin)
    const set = async (method: string): Promise<void> => {
      const url = `${product.url}/instances/${off.id}/enabled`
      expect((await ask(url, { method, headers: platform(product.admin) })).status).toBe(200)
    }
    await set('DELETE')
    const refused = await post([copy('Off', { token: off.token })])
    expect(refused.status).toBe((await off.reports()).status)
    expect(refused.json.message).toMatch(/^\[0\]\.targetConfiguration\.token: Instance \d+ is disabled/)
    await set('PUT')
    await stopWork()
    const id = await start(copy('Off', { token: off.token }))
    await set('DELETE')
    await startWork()
    const isWaiting = ({ infoMessage }: { infoMessage: string }): boolean => /^Waits: /.test(infoMessage)
    const waiting = await until(id, ({ jobs }) => jobs.some(isWaiting))
    expect(waiting).toMatchObject({ status: 'RUNNING', jobs: [{ status: 'COMPLETED' }, {}] })
    await set('PUT')
    const resumed = await off.call(`/bulk/${waiting.jobs[1].id}/resume`, { method: 'PUT' })
    expect(resumed.status).toBe(200)
    expect(await ended(id)).toMatchObject({ status: 'COMPLETED', recordsCount: 2, recordsFailedCount: 0 })
    expect((await bulk.status(id)).jobs[1].instanceId).toBe(off.id)
  })
})

describe('workflows', () => {
  it('are forgotten with their jobs', async () => {
    const { loader, product, db } = stage
    const before = await loader()
    expect(before.length).toBeGreaterThan(1)
    const { id } = before[0]
    await db.query({
      text: `update bulk_jobs set finished_at = now() - interval '91 days', due_at = null where group_id = $1`,
      values: [Number(id)],
    })
    await db.query({
      text: `update bulk_workflows set created_at = now() - interval '91 days' where group_id = $1`,
      values: [Number(id)],
    })
    await product.context.bulk.prune()
    expect(await loader()).toEqual(before.slice(1))
    expect((await stage.bulk.call(`/${id}/status`)).status).toBe(404)
    expect(
      await db.query({ text: 'select 1 from bulk_workflows where group_id = $1', values: [Number(id)] }),
    ).toEqual([])
  })
})

describe('a body that is no workflow', () => {
  it('is 400 without copies, with too many, and as no array', async () => {
    const { post, copy, bulk } = stage
    for (const [body, words] of [
      [[], 'body: it is empty'],
      [Array.from({ length: 51 }, () => copy('Copy')), 'body: at most 50'],
      [copy('Copy'), 'body: send an array'],
      [['x'], '[0]: '],
    ] as const) {
      const { status, json } = await post(body)
      expect([status, json.message]).toEqual([400, expect.stringContaining(words)])
    }
    expect((await bulk.call('/workflows', { method: 'POST' })).status).toBe(400)
    const headers = { 'content-type': 'text/csv' }
    const file = await bulk.call('/workflows', { method: 'POST', headers, bytes: Buffer.from('a\n') })
    expect(file.status).toBe(415)
    expect((await bulk.call('/workflows')).status).toBe(405)
    expect((await stage.source.call('/bulkloader', { method: 'POST', body: {} })).status).toBe(405)
    expect((await stage.source.call('/bulkloader/1')).status).toBe(404)
  })
})
