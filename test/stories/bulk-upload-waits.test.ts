import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { namesOf, openUploads, reportsCsv, type Uploads } from '../support/uploads.ts'

let uploads: Uploads

// A call gives up soon, so that what is to be seen is how the job waits.
beforeAll(async () => {
  uploads = await openUploads({ environment: { QUERY_MAX_SECONDS: '3' } })
})
afterAll(() => uploads?.close())
beforeEach(() => uploads.sandbox.reset())

describe('10/2 an upload whose vendor fails', () => {
  const passing = {
    'a limit': [{ fault: 'rate-limit', value: 4, operation: 'reports.create' }],
    'a service that is not there': [{ fault: 'server-error', value: 503 }],
  } as const
  it.each(Object.keys(passing) as (keyof typeof passing)[])(
    'waits for %s, loses no row and doubles none',
    async (what) => {
      const { bulk, make, sandbox, names } = uploads
      await sandbox.faults(...passing[what])
      const start = what.slice(2, 9)
      const id = await make(reportsCsv(start, 10))
      expect(await uploads.waiting(id)).toMatchObject({ status: 'RUNNING', recordsCount: 0 })
      await sandbox.reset()
      await uploads.resume(id)
      expect(await bulk.ended(id)).toMatchObject({
        status: 'COMPLETED',
        recordsCount: 10,
        recordsFailedCount: 0,
      })
      expect(await names(start)).toEqual(namesOf(start, 10))
    },
  )

  it('risks one window of rows on failures that tell nothing, and looks before it risks another', async () => {
    const { bulk, make, sandbox, leave } = uploads
    await sandbox.faults({ fault: 'server-error', value: 500 })
    const id = await make(reportsCsv('Outage', 20))
    expect(await uploads.waiting(id)).toMatchObject({
      status: 'RUNNING',
      recordsCount: 4,
      recordsFailedCount: 4,
    })
    for (let failures = 2; failures < 5; failures += 1) {
      await leave(id, 'due_at = now()')
      await expect.poll(() => uploads.row(id)).toMatchObject({ failures })
    }
    expect(await bulk.status(id)).toMatchObject({ recordsCount: 4, recordsFailedCount: 4 })
    await sandbox.reset()
    await uploads.resume(id)
    expect(await bulk.ended(id)).toMatchObject({
      status: 'COMPLETED',
      recordsCount: 20,
      recordsFailedCount: 4,
    })
  })
})
