import { type BulkJobKey, bulkDue, type Job } from '#src/queue/index.ts'
import type { Bulk } from '#src/services/index.ts'

export interface BulkNeed {
  readonly bulk: Pick<Bulk, 'run'>
}

/** Most of a step is waiting for its vendor. */
const parallel = 4
/** A step is short; the sorting of a whole download is not. */
const timeoutSeconds = 1_800

/** Runs steps of bulk jobs that are due. */
export const runBulk = ({ bulk }: BulkNeed): Job<BulkJobKey> => ({
  table: bulkDue,
  parallel,
  batch: parallel,
  timeoutSeconds,
  run: bulk.run,
})
