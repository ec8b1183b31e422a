import { beforeEach, expect, it } from 'vitest'
import { onStore } from '../../../test/support/store-stage.ts'
import type { Database, Store } from '../index.ts'
import type { UploadedRows } from './bulk-uploads.ts'

const job = { organizationId: 7, jobId: 1 }
const token = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff'

let db: Database
let store: Store
onStore((stage) => {
  db = stage.db
  store = stage.store
})
beforeEach(async () => {
  await db.query({ text: 'truncate bulk_jobs, bulk_errors', values: [] })
  await store.bulkJobs.insert({
    ...job,
    ...{
      accountId: 1,
      userId: 1,
      instanceId: 1,
      direction: 'UPLOAD',
      askedBy: 'upload',
      objectName: 'reports',
    },
    ...{ criteria: {}, checkpoint: { from: null }, expected: null, format: 'csv', fileName: null },
    ...{
      fileKeySealed: Buffer.from('key'),
      callbackUrl: null,
      callbackPayload: null,
      groupId: null,
      target: null,
      bytes: 0,
    },
    columns: [],
  })
  await db.query({
    text: `update bulk_jobs set lease_token = $1, records = 10, failed = 1, failures = 2, message = 'before'`,
    values: [token],
  })
})

const error = (record: number) => ({
  ...{ record, columnName: 'Name', message: 'wrong', status: 400, providerMessage: null, providerCode: null },
  inDoubt: false,
})
const rows: UploadedRows = {
  checkpoint: { from: 'there' },
  sending: { rows: [15] },
  sendingWhenOver: null,
  handled: 4,
  errors: [error(12), error(13)],
  expected: 100,
  isWell: true,
  message: 'ignored: Total',
}

const now = async () => (await store.bulkJobs.find(job)) ?? expect.fail('no job')
const errors = async () => (await store.bulkErrors.list(job, 0, 10)).map(({ record }) => record)

it('what became of rows, their errors and where the job goes on are stored together', async () => {
  expect(await store.bulkUploads.store(job, rows, token)).toBe(true)
  expect(await now()).toMatchObject({
    ...{ checkpoint: { from: 'there' }, sending: { rows: [15] }, records: 14, failed: 3, expected: 100 },
    ...{ failures: 0, message: 'ignored: Total', version: 1 },
  })
  expect(await errors()).toEqual([12, 13])
  expect(
    await store.bulkUploads.store(job, { ...rows, errors: [], isWell: false, sending: null }, token),
  ).toBe(true)
  expect(await now()).toMatchObject({ records: 18, failed: 3, sending: null })
})

it('nothing is stored where the lease is lost', async () => {
  const other = token.replace('6f', '7f')
  expect(await store.bulkUploads.store(job, rows, other)).toBeUndefined()
  expect([await now(), await errors()]).toMatchObject([{ records: 10, failed: 1, message: 'before' }, []])
})

it('a job that ends while its rows are stored has these rows, and sends no others', async () => {
  const held = await db.openSession(10_000)
  await held.query({ text: 'begin', values: [] })
  const end = `update bulk_jobs set state = 'CANCELLED', finished_at = now(), message = 'cancelled'`
  await held.query({ text: end, values: [] })
  const storing = store.bulkUploads.store(job, rows, token)
  const waits = `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`
  await expect.poll(() => db.query({ text: waits, values: [] })).toHaveLength(1)
  await held.query({ text: 'commit', values: [] })
  await held.end()
  expect(await storing).toBe(false)
  expect([await now(), await errors()]).toMatchObject([
    { records: 14, failed: 3, sending: null, message: 'cancelled', state: 'CANCELLED' },
    [12, 13],
  ])
})
