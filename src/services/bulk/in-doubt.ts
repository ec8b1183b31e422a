import type { BulkJobRow, Transaction } from '#src/store/index.ts'
import { doubtfulRow } from './row-errors.ts'
import type { Sending, UploadCheckpoint, UploadCriteria } from './upload-asked.ts'

/** Whether rows of a job that has ended were cut off, and nothing can tell whether they were done. */
export const hasDoubt = (job: BulkJobRow): boolean => {
  if (job.direction !== 'UPLOAD' || job.sending === null) return false
  const { action, identifier } = job.criteria as UploadCriteria
  return action === 'create' && identifier === null
}

/** Tells of them among the errors of the job, which is locked; a job that is resumed does not send them again. */
export const tellDoubt = async (inside: Transaction, job: BulkJobRow): Promise<void> => {
  const sending = job.sending as Sending
  const checkpoint = job.checkpoint as UploadCheckpoint
  const rows = sending.rows.filter((row) => !checkpoint.done.includes(row))
  await inside.bulkErrors.insert(
    job,
    rows.map((row) => doubtfulRow(row, sending)),
  )
  await inside.bulkJobs.change(job, {
    sending: null,
    checkpoint: { ...checkpoint, done: [...checkpoint.done, ...rows] } satisfies UploadCheckpoint,
    records: job.records + rows.length,
    failed: job.failed + rows.length,
  })
}
