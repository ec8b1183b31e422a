import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { namesOf, openUploads, reportsCsv, type Uploads } from '../support/uploads.ts'

let uploads: Uploads

beforeAll(async () => {
  uploads = await openUploads()
})
afterAll(() => uploads?.close())
beforeEach(() => uploads.sandbox.reset())

const byName = { identifierFieldName: 'Name', action: 'create' } as const

/** Waits until rows were counted. */
const untilCounted = async (id: string, rows: number): Promise<void> => {
  for (let tries = 0; (await uploads.bulk.status(id)).recordsCount < rows; tries += 1) {
    if (tries > 400) throw new Error(`not counted: ${JSON.stringify(await uploads.bulk.status(id))}`)
    await sleep(25)
  }
}

/** A job whose process died when it was about to send these rows. */
const leftSending = async (file: string, metaData: object, rows: readonly number[]): Promise<string> => {
  await uploads.stopWork()
  const id = await uploads.make(file, metaData)
  const sending = JSON.stringify({ rows, at: '2026-01-31T12:00:00.000Z' })
  await uploads.leave(id, `sending = $2, state = 'RUNNING', started_at = now()`, sending)
  return id
}

describe('10/5 a row that was cut off on its way', () => {
  it('is reported in doubt, and never sent again: its call was done, but not answered', async () => {
    const { bulk, make, sandbox, names } = uploads
    await sandbox.faults({ fault: 'cut-connection', value: 'after', operation: 'reports.create', times: 1 })
    const id = await make(reportsCsv('Doubt', 6))
    expect(await bulk.ended(id)).toMatchObject({
      ...{ status: 'COMPLETED', recordsCount: 6, recordsFailedCount: 1 },
    })
    expect(await bulk.errors(id)).toMatchObject([
      { inDoubt: true, message: expect.stringContaining('Whether it was done is not known') },
    ])
    expect(await names('Doubt')).toEqual(namesOf('Doubt', 6))
    expect((await bulk.call(`/${id}/rejects`)).text.trim().split('\n')).toHaveLength(1)
    const withDoubt = await bulk.call(`/${id}/rejects`, { query: { inDoubt: 'true' } })
    expect(withDoubt.text.trim().split('\n')).toHaveLength(2)
  })

  it.each([
    ['after', 'found, and counted'],
    ['before', 'not found, and made'],
  ])('is looked for by its identifier: cut off %s the work it is %s', async (value) => {
    const { bulk, make, sandbox, names } = uploads
    const start = `Look ${value}`
    await sandbox.faults({ fault: 'cut-connection', value, operation: 'reports.create', times: 1 })
    const id = await make(reportsCsv(start, 6), byName)
    await uploads.waiting(id)
    await uploads.resume(id)
    expect(await bulk.ended(id)).toMatchObject({ recordsCount: 6, recordsFailedCount: 0 })
    expect(await names(start)).toEqual(namesOf(start, 6))
  })

  it('is reported in doubt where the answer is cut off or makes no sense', async () => {
    const { bulk, make, sandbox, names } = uploads
    for (const fault of ['cut-body', 'malformed-body']) {
      await sandbox.faults({ fault, operation: 'reports.create', times: 1 })
      const id = await make(reportsCsv(fault, 3), { concurrency: 'serial' })
      expect(await bulk.ended(id), fault).toMatchObject({ recordsCount: 3, recordsFailedCount: 1 })
      expect(await bulk.errors(id), fault).toMatchObject([{ row: 1, inDoubt: true }])
      expect(await names(fault)).toEqual(namesOf(fault, 3))
    }
  })

  it('by a process that died is reported in doubt with when it was sent, and those after it are made', async () => {
    const { bulk, names, startWork, sandbox } = uploads
    const id = await leftSending(reportsCsv('Died', 5), {}, [1, 2])
    const { operations } = await sandbox.during(async () => {
      await startWork()
      expect(await bulk.ended(id)).toMatchObject({ recordsCount: 5, recordsFailedCount: 2 })
    })
    expect(operations).toEqual({ 'reports.create': 3 })
    expect(await bulk.errors(id)).toMatchObject([
      { row: 1, inDoubt: true, message: expect.stringContaining('2026-01-31T12:00:00.000Z') },
      { row: 2, inDoubt: true },
    ])
    expect(await names('Died')).toEqual(namesOf('Died', 5).slice(2))
  })

  it('by a process that died is looked for by its identifier', async () => {
    const { bulk, names, startWork, instance } = uploads
    await instance.call('/reports', { method: 'POST', body: { Name: 'Found 000' } })
    const id = await leftSending(reportsCsv('Found', 4), byName, [1, 2])
    await startWork()
    expect(await bulk.ended(id)).toMatchObject({ recordsCount: 4, recordsFailedCount: 0 })
    expect(await names('Found')).toEqual(namesOf('Found', 4))
  })

  it('by a process that died is sent again where it changes what is there', async () => {
    const { bulk, make, reports, startWork } = uploads
    await bulk.ended(await make(reportsCsv('Again', 2)))
    const rows = (await reports('Again')).map(({ ID, Name }) => `${ID},${Name} changed\n`)
    const id = await leftSending(`ID,Name\n${rows.join('')}`, { action: 'upsert' }, [1, 2])
    await startWork()
    expect(await bulk.ended(id)).toMatchObject({ recordsCount: 2, recordsFailedCount: 0 })
    expect((await reports('Again')).every(({ Name }) => Name?.endsWith(' changed'))).toBe(true)
  })

  it('is in doubt or done, and there once at most, wherever the work is killed', async () => {
    const { bulk, make, killWork, startWork, sandbox, names } = uploads
    await sandbox.faults({ fault: 'slow', value: 60, operation: 'reports.create' })
    const id = await make(reportsCsv('Kill', 60))
    for (let kills = 1; kills <= 4; kills += 1) {
      await untilCounted(id, kills * 9)
      await killWork()
      await startWork()
    }
    const ended = await bulk.ended(id)
    expect(ended).toMatchObject({ status: 'COMPLETED', recordsCount: 60 })
    const errors = await bulk.errors(id)
    expect(errors.every(({ inDoubt }) => inDoubt)).toBe(true)
    expect(ended.recordsFailedCount).toBe(errors.length)
    const there = await names('Kill')
    expect(new Set(there).size).toBe(there.length)
    const doubted = new Set(errors.map(({ row }) => namesOf('Kill', 60)[row - 1]))
    expect(namesOf('Kill', 60).filter((name) => !there.includes(name) && !doubted.has(name))).toEqual([])
    await sleep(100)
    expect(await names('Kill')).toEqual(there)
  })
})

describe('10/6 PUT /bulk/{id}/cancel on an upload', () => {
  it('shows CANCELLED within 3 s; what was sent is counted, and a resumed job sends the rest once', async () => {
    const { bulk, make, sandbox, names, row } = uploads
    await sandbox.faults({ fault: 'slow', value: 200, operation: 'reports.create' })
    const id = await make(reportsCsv('Cancel', 80))
    await untilCounted(id, 8)
    const sinceMs = Date.now()
    expect((await bulk.call(`/${id}/cancel`, { method: 'PUT' })).json.status).toBe('CANCELLED')
    expect((await bulk.status(id)).status).toBe('CANCELLED')
    expect(Date.now() - sinceMs).toBeLessThan(3_000)
    await expect.poll(() => row(id)).toMatchObject({ lease_token: null })
    const stopped = await bulk.status(id)
    expect(stopped).toMatchObject({ status: 'CANCELLED', recordsFailedCount: 0 })
    expect(await names('Cancel')).toHaveLength(stopped.recordsCount)
    expect(stopped.recordsCount).toBeLessThan(60)
    await sandbox.reset()
    await uploads.resume(id)
    expect(await bulk.ended(id)).toMatchObject({
      status: 'COMPLETED',
      recordsCount: 80,
      recordsFailedCount: 0,
    })
    expect(await names('Cancel')).toEqual(namesOf('Cancel', 80))
  })

  it('tells of rows that a process which died had sent', async () => {
    const { bulk, startWork, row } = uploads
    const id = await leftSending(reportsCsv('Cancelled', 5), {}, [1, 2])
    await bulk.call(`/${id}/cancel`, { method: 'PUT' })
    await startWork()
    await expect.poll(() => row(id)).toMatchObject({ sending: null })
    expect(await bulk.status(id)).toMatchObject({
      status: 'CANCELLED',
      recordsCount: 2,
      recordsFailedCount: 2,
    })
    expect(await bulk.errors(id)).toMatchObject([
      { row: 1, inDoubt: true },
      { row: 2, inDoubt: true },
    ])
    await uploads.resume(id)
    expect(await bulk.ended(id)).toMatchObject({ recordsCount: 5, recordsFailedCount: 2 })
  })
})

describe('files of uploads', () => {
  it('of a job that was never made are swept up after a day, and no others', async () => {
    const { product, make, bulk } = uploads
    const id = await make(reportsCsv('Sweep', 1))
    await bulk.ended(id)
    const root = join(product.config.dataDir, 'bulk', '2')
    const long = new Date(Date.now() - 90_000_000)
    for (const name of ['800001', '800002']) {
      await mkdir(join(root, name))
      await writeFile(join(root, name, 'upload'), 'left')
    }
    for (const name of ['800001', id]) await utimes(join(root, name), long, long)
    await product.context.bulk.prune()
    const left = await readdir(root)
    expect(left).toEqual(expect.arrayContaining([id, '800002']))
    expect(left).not.toContain('800001')
  })
})
