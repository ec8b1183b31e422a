import { AppError } from '#src/lib/errors.ts'
import type { JsonObject } from '#src/lib/json.ts'
import type { BulkJobRow } from '#src/store/index.ts'
import type { DownloadCriteria } from './criteria.ts'
import { csvOf } from './csv.ts'
import { readFile } from './job-files.ts'
import { linesIn } from './lines.ts'
import type { BulkNeed } from './need.ts'

/** @throws AppError `conflict` while it runs or where it ended unmapped, `bad-request` for another object or an upload, `not-found` when gone. */
const checkReadable = (job: BulkJobRow, objectName: string): void => {
  const id = job.jobId
  if (job.direction !== 'DOWNLOAD')
    throw new AppError(
      'bad-request',
      `Bulk job ${id} is an upload: what it did not take is at /bulk/${id}/errors and /bulk/${id}/rejects.`,
    )
  if (job.objectName !== objectName)
    throw new AppError(
      'not-found',
      `Bulk job ${id} is about ${job.objectName}, not '${objectName.slice(0, 64)}'.`,
    )
  if (job.finishedAt === null)
    throw new AppError('conflict', `Bulk job ${id} is ${job.state}: its file is there when it is COMPLETED.`)
  const { orderBy, vendorName } = job.criteria as DownloadCriteria
  // Until all are sorted, the parts hold the vendor's rows.
  if (job.state !== 'COMPLETED' && orderBy !== '' && vendorName !== undefined)
    throw new AppError(
      'conflict',
      `Bulk job ${id} is ${job.state}: its records are mapped when all are sorted. Resume it, or leave out the order.`,
    )
  if (job.fileKeySealed === null)
    throw new AppError('not-found', `The file of bulk job ${id} is gone: files are kept for some days only.`)
}

/** What downloads have read. */
export const createRecords = (need: BulkNeed) => ({
  /**
   * Everything as lines of JSON.
   * @throws AppError at once, when it cannot be read.
   */
  lines: async (job: BulkJobRow, objectName: string): Promise<AsyncGenerator<Buffer>> => {
    checkReadable(job, objectName)
    const parts = await need.store.bulkParts.list(job)
    async function* read(): AsyncGenerator<Buffer> {
      for (const { name } of parts) yield* readFile(need, job, name)
    }
    return read()
  },
  /** Everything as CSV. @throws AppError at once, when it cannot be read. */
  csv: async (job: BulkJobRow, objectName: string): Promise<AsyncGenerator<Buffer>> => {
    checkReadable(job, objectName)
    const parts = await need.store.bulkParts.list(job)
    async function* read(): AsyncGenerator<JsonObject> {
      for (const { name } of parts)
        for await (const line of linesIn(readFile(need, job, name))) yield JSON.parse(line) as JsonObject
    }
    return csvOf(job.columns, read())
  },
  /** Records after the first `skip`. */
  page: async (
    job: BulkJobRow,
    objectName: string,
    skip: number,
    limit: number,
  ): Promise<readonly JsonObject[]> => {
    checkReadable(job, objectName)
    const found: JsonObject[] = []
    for (const { name, firstRecord } of await need.store.bulkParts.list(job, skip)) {
      let at = firstRecord
      for await (const line of linesIn(readFile(need, job, name))) {
        if (at >= skip) found.push(JSON.parse(line) as JsonObject)
        if (found.length === limit) return found
        at += 1
      }
    }
    return found
  },
})
