import type { Queryable } from '../queryable.ts'
import type { BulkKey } from './bulk-jobs.ts'
import { type BulkError, errorArrays, errorColumns, errorsFrom } from './bulk-parts.ts'

/** What became of rows of an upload, and which are sent next. */
export interface UploadedRows {
  /** Where it goes on, as `services/bulk` reads it. */
  readonly checkpoint: object
  /** Which rows are about to be sent or may have been; the other where the job has ended meanwhile. */
  readonly sending: object | null
  readonly sendingWhenOver: object | null
  /** How many were handled, those that failed among them. */
  readonly handled: number
  readonly errors: readonly BulkError[]
  readonly expected: number | null
  /** Whether the vendor takes rows: failures of steps count from 0 again. */
  readonly isWell: boolean
  readonly message: string | null
}

const jsonOf = (value: object | null): string | null => (value === null ? null : JSON.stringify(value))

/** What is done for every few rows of an upload, hence one statement each: its round trips are what rows wait for. */
export const bulkUploadTable = (db: Queryable) => ({
  /**
   * Stores what became of rows, their errors and where the job goes on, all or nothing. Whether the job has ended is
   * seen as of the moment at which its row is written.
   * @returns whether the job goes on; undefined: the lease is lost, and nothing was stored.
   */
  store: async (
    { organizationId, jobId }: BulkKey,
    rows: UploadedRows,
    leaseToken: string,
  ): Promise<boolean | undefined> => {
    const [found] = await db.query<{ isOn: boolean }>({
      name: 'bulk-upload-store',
      text: `with changed as (
          update bulk_jobs set version = version + 1, checkpoint = $4, records = records + $5, failed = failed + $6,
            expected = $7, sending = case when finished_at is null then $8::jsonb else $9::jsonb end,
            failures = case when $10 then 0 else failures end,
            message = case when finished_at is null then $11 else message end
          where organization_id = $1 and job_id = $2 and lease_token = $3
          returning organization_id, job_id, finished_at
        ), told as (
          insert into bulk_errors (${errorColumns})
          select changed.organization_id, changed.job_id, error.* from changed, ${errorsFrom(12)} as error
        )
        select finished_at is null as "isOn" from changed`,
      values: [
        ...[organizationId, jobId, leaseToken, JSON.stringify(rows.checkpoint), rows.handled],
        ...[rows.errors.length, rows.expected, jsonOf(rows.sending), jsonOf(rows.sendingWhenOver)],
        ...[rows.isWell, rows.message],
        ...errorArrays(rows.errors),
      ],
    })
    return found?.isOn
  },
})
