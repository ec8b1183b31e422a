import { readTable } from '#src/lib/table-file/read-table.ts'
import type { TableBatch, TablePosition } from '#src/lib/table-file/table-row.ts'
import { folderOf, readFile } from './job-files.ts'
import type { BulkNeed } from './need.ts'
import type { UploadCriteria } from './upload-asked.ts'

/** Of a file, decompressed. */
export const mostUploadBytes = 10 * 2 ** 30
/** A larger row is not sent. */
const mostRowBytes = 4 * 2 ** 20
/** Rows go out one by one: a larger block would be in memory for so long that only full collections free it. */
const blockBytes = 16_384

type Job = Parameters<typeof readFile>[1]

/** The uploaded file of a job. */
export const uploadName = (job: Pick<Job, 'organizationId' | 'jobId'>): string => `${folderOf(job)}/upload`

/**
 * The rows of a job's uploaded file, so many at a time.
 * @param position where to go on; absent: at its beginning.
 * @throws AppError `bad-request` where it cannot be read further, `not-found` when it is gone.
 */
export const readUploaded = (
  need: Pick<BulkNeed, 'vault' | 'files'>,
  job: Job,
  { format, delimiter }: UploadCriteria,
  batchRows: number,
  position?: TablePosition,
): AsyncGenerator<TableBatch> =>
  readTable((from) => readFile(need, job, uploadName(job), from), {
    ...{ batchRows, mostRowBytes, blockBytes, position },
    format: format ?? undefined,
    delimiter: delimiter ?? undefined,
  })
