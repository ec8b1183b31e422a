import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { linesOf } from '../support/bulk.ts'
import { ask, hub } from '../support/client.ts'
import { serveBeside } from '../support/product.ts'
import { interrupt, startProgram } from '../support/program.ts'
import { type S3Server, startS3Server } from '../support/s3-server.ts'
import { namesOf, openUploads, reportsCsv, type Uploads } from '../support/uploads.ts'

let server: S3Server
let uploads: Uploads

beforeAll(async () => {
  server = await startS3Server()
  uploads = await openUploads({ environment: server.environment('hub') })
})
afterAll(async () => {
  await uploads?.close()
  await server?.close()
})
afterEach(async () => {
  server.interfere()
  await uploads.sandbox.reset()
})

const keysOf = async (id: string): Promise<readonly string[]> =>
  (await server.keys()).filter((key) => key.startsWith(`hub/bulk/2/${id}/`))

/** The store answers nothing but this. */
const breakStore = (): void => server.interfere(() => ({ status: 503 }))

describe('with BULK_STORE in S3', () => {
  it('a download is written to the bucket, sealed, and read from it as CSV, JSON and in pages', async () => {
    const { bulk, product } = uploads
    const id = await bulk.query('select ID, Name, OwnerName from reports')
    const { recordsCount } = await bulk.ended(id)
    const rows = await bulk.listed('/reports', { fields: 'ID,Name,OwnerName' })
    const json = linesOf((await bulk.file(id, 'reports', 'application/json')).text)
    expect([recordsCount, json]).toEqual([rows.length, rows])
    const csv = (await bulk.file(id, 'reports', 'text/csv')).text.trim().split('\n')
    expect([csv.length, csv[0]]).toEqual([rows.length + 1, 'ID,Name,OwnerName'])
    const page = await bulk.call(`/${id}/reports/data`, { query: { pageSize: '3' } })
    const nextPage = String(page.headers['elements-next-page-token'])
    const second = await bulk.call(`/${id}/reports/data`, { query: { pageSize: '3', nextPage } })
    expect([...page.json, ...second.json]).toEqual(rows.slice(0, 6))

    expect(await keysOf(id)).toHaveLength(1)
    for (const key of await keysOf(id)) {
      const stored = await server.read(key)
      for (const { ID, OwnerName } of rows)
        expect(stored.includes(ID) || stored.includes(OwnerName)).toBe(false)
    }
    expect(await readdir(product.config.dataDir)).not.toContain('bulk')
  })

  it('a download that is sorted is merged in the bucket', async () => {
    const { bulk } = uploads
    const id = await bulk.query('select Name from reports order by Name desc limit 5')
    await bulk.ended(id)
    const names = linesOf((await bulk.file(id, 'reports', 'application/json')).text).map(({ Name }) => Name)
    expect([names.length, names]).toEqual([5, names.toSorted().toReversed()])
  })

  it('an upload is made row by row, and what was not taken comes back from the bucket', async () => {
    const { bulk, make, names } = uploads
    const wrong = 'x'.repeat(251)
    const id = await make(`${reportsCsv('Bucket', 5)}${wrong},2026-01-31\n`)
    expect(await bulk.ended(id)).toMatchObject({
      status: 'COMPLETED',
      recordsCount: 6,
      recordsFailedCount: 1,
    })
    expect(await names('Bucket')).toEqual(namesOf('Bucket', 5))
    const rejects = (await bulk.call(`/${id}/rejects`)).text.trim().split('\n')
    expect([rejects.length, rejects[1]]).toEqual([2, expect.stringContaining(`${wrong},2026-01-31,`)])
    expect(await keysOf(id)).toEqual([`hub/bulk/2/${id}/upload`])
  })

  it('a file that is larger than a part is sent in parts, and read row by row', async () => {
    const { bulk, make } = uploads
    const rows = 150
    const file = `Name,Comment\n${namesOf('Large', rows)
      .map((name) => `${name},${'x'.repeat(50_000)}\n`)
      .join('')}`
    const before = server.asked.length
    const id = await make(file, {}, 'nothing-of-that-name')
    expect(server.asked.slice(before).filter(({ query }) => query.has('partNumber'))).toHaveLength(2)
    expect(await bulk.ended(id)).toMatchObject({ recordsCount: rows, recordsFailedCount: rows })
    const back = (await bulk.call(`/${id}/rejects`)).text.trim().split('\n')
    expect([back.length, back.at(-1)?.slice(0, 9)]).toEqual([rows + 1, 'Large 149'])
  })

  it('a job that is cancelled and resumed, and one whose process dies, go on from the bucket', async () => {
    const { bulk, make, names, sandbox, resume } = uploads
    await sandbox.faults({ fault: 'slow', value: 500, operation: 'reports.create' })
    const id = await make(reportsCsv('Again', 24))
    await bulk.until(id, ({ recordsCount }) => recordsCount > 0)
    await bulk.call(`/${id}/cancel`, { method: 'PUT' })
    expect((await bulk.status(id)).status).toBe('CANCELLED')
    await sandbox.reset()
    await resume(id)
    expect(await bulk.ended(id)).toMatchObject({
      status: 'COMPLETED',
      recordsCount: 24,
      recordsFailedCount: 0,
    })
    expect(await names('Again')).toEqual(namesOf('Again', 24))

    await sandbox.faults({ fault: 'slow', value: 1_500, operation: 'reports.list' })
    const other = await bulk.query('select ID from reports')
    await bulk.untilRunning(other)
    await uploads.killWork()
    await sandbox.reset()
    await uploads.startWork()
    expect(await bulk.ended(other)).toMatchObject({ status: 'COMPLETED' })
    const ids = linesOf((await bulk.file(other, 'reports', 'application/json')).text).map(({ ID }) => ID)
    expect(ids).toEqual((await bulk.listed('/reports', { fields: 'ID' })).map(({ ID }) => ID))
  })

  it('files go when their days are over, and with them what was left half-way', async () => {
    const { bulk, db, product } = uploads
    const id = await bulk.query('select * from reports limit 3')
    const kept = await bulk.query('select * from reports limit 3')
    await Promise.all([bulk.ended(id), bulk.ended(kept)])
    server.begin(`hub/bulk/2/${id}/part-0123`)
    expect([(await keysOf(id)).length, server.begun().length]).toEqual([1, 1])
    const text = `update bulk_jobs set finished_at = now() - interval '4 days' where job_id = $1`
    await db.query({ text, values: [Number(id)] })
    await product.context.bulk.prune()
    expect([await keysOf(id), server.begun(), (await keysOf(kept)).length]).toEqual([[], [], 1])
    expect((await bulk.file(id, 'reports', 'text/csv')).status).toBe(404)
  })

  it('a store that fails lets a job wait, is told to who asks for a file, and takes no upload', async () => {
    const { bulk, product, instance } = uploads
    const done = await bulk.query('select ID from reports limit 2')
    await bulk.ended(done)
    const keysBefore = await server.keys()
    breakStore()
    const id = await bulk.query('select ID from reports')
    const refused = await bulk.upload('reports', reportsCsv('Never', 3))
    const unread = await bulk.file(done, 'reports', 'application/json')
    for (const { status, json } of [refused, unread])
      expect([status, json]).toMatchObject([
        503,
        { code: 'store-unavailable', hop: 'amalgam', retryable: true },
      ])
    const waits = await uploads.waiting(id)
    expect(waits).toMatchObject({
      infoMessage: expect.stringContaining('The store of bulk files (BULK_STORE)'),
    })
    server.interfere()
    expect(await server.keys()).toEqual(keysBefore)
    await uploads.resume(id)
    expect(await bulk.ended(id)).toMatchObject({ status: 'COMPLETED' })
    const elsewhere = await ask(`${product.url}/hubs/expense/bulk/${done}/reports`, {
      headers: { ...hub(product.admin, instance.token), accept: 'application/json' },
    })
    expect(linesOf(elsewhere.text)).toHaveLength(2)
  }, 60_000)
})

describe('another machine', () => {
  /** What a process of it has: the database and the keys, and a folder of its own. */
  const machine = async (): Promise<Record<string, string>> => {
    const { databaseUrl = '', dataDir } = uploads.product.config
    const folder = await mkdtemp(join(tmpdir(), 'amalgam-elsewhere-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const keys = (await readFile(join(dataDir, 'encryption.key'), 'utf8')).trim()
    return {
      ...{ DATABASE_URL: databaseUrl, DATA_DIR: folder, LOG_LEVEL: 'error', ENCRYPTION_KEYS: keys },
    }
  }

  it('with a data folder of its own works on the same bucket', async () => {
    const { bulk, product, instance } = uploads
    const id = await bulk.query('select ID from reports limit 4')
    await bulk.ended(id)
    const other = await serveBeside(product, { ...(await machine()), ...server.environment('hub/') })
    onTestFinished(other.stop)
    const there = await ask(`${other.url}/hubs/expense/bulk/${id}/reports`, {
      headers: { ...hub(product.admin, instance.token), accept: 'application/json' },
    })
    expect(linesOf(there.text)).toHaveLength(4)

    const program = startProgram(
      { ...(await machine()), ...server.environment('hub'), SANDBOX: 'off' },
      ['work'],
      {
        readyWords: 'The worker runs.',
      },
    )
    await program.ready
    await sleep(100)
    const { code, stderr } = await interrupt(program)
    expect([code, stderr]).toEqual([0, ''])
  })

  it.each([
    [
      'another place',
      () => server.environment('other'),
      /^BULK_STORE: other processes on this database .+ alike for all/,
    ],
    ['the disk', () => ({}), /^DATA_DIR: other processes on this database .+ or BULK_STORE, alike for all/],
    [
      'a bucket that is not there',
      () => ({ ...server.environment('hub'), BULK_STORE: 's3://nowhere-at-all' }),
      /^BULK_STORE: s3:\/\/nowhere-at-all\/ at 127\.0\.0\.1:\d+: there is no such bucket/,
    ],
    [
      'a key that is wrong',
      () => ({ ...server.environment('hub'), AWS_SECRET_ACCESS_KEY: 'not-this-one' }),
      /^AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY: .+SignatureDoesNotMatch/,
    ],
    [
      'no key',
      () => ({ BULK_STORE: 's3://amalgam-files' }),
      /^AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY: missing\. BULK_STORE needs both/,
    ],
    ['no bucket', () => ({ BULK_STORE: '/var/files' }), /^BULK_STORE: allowed is s3:\/\/bucket/],
  ])('with %s does not start', async (_what, extra, words) => {
    const environment = { ...(await machine()), SANDBOX: 'off', ...extra() }
    const { code, stderr } = await startProgram(environment, ['work'], { readyWords: 'never said' }).ended
    expect([code, stderr]).toEqual([1, expect.stringMatching(words)])
    expect(stderr).not.toMatch(/not-this-one|S3RVER/)
  })
})
