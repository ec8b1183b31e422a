import { AppError } from '#src/lib/errors.ts'
import { inflateTable } from '#src/lib/table-file/inflate-table.ts'
import type { TablePosition } from '#src/lib/table-file/table-row.ts'
import type { BulkJobRow } from '#src/store/index.ts'
import type { Caller } from '../accounts/index.ts'
import { type HubCall, hubResourceNamed, nameOf } from '../objects/index.ts'
import { folderOf, newFileKey, putFile } from './job-files.ts'
import type { JobAsked, Jobs } from './jobs.ts'
import { checkIdentifier, checkUploads, givenFor } from './may-upload.ts'
import type { BulkNeed } from './need.ts'
import { counted } from './pieces.ts'
import {
  checkAction,
  freshUpload,
  type UploadAsked,
  type UploadCriteria,
  uploadCriteriaOf,
} from './upload-asked.ts'
import { mostUploadBytes, readUploaded, uploadName } from './upload-file.ts'

/** As it is shown: objects over several lines are JSON too. */
const formatOf = (begins: TablePosition | undefined, { format }: UploadCriteria): string =>
  begins?.format === 'json-objects' ? 'json' : (begins?.format ?? format ?? 'csv')

/** A file on its way to become a job. */
export interface Receiving {
  /** Takes the bytes of the file, gzip or not. @throws AppError `bad-request` naming what is wrong with them. */
  readonly take: (bytes: AsyncIterable<Uint8Array>) => Promise<void>
  /** Makes the job. @throws AppError `bad-request` naming what is wrong, also with the beginning of the file. */
  readonly finish: (what: UploadAsked, asked: JobAsked) => Promise<BulkJobRow>
  /** Removes the file where no job was made of it. */
  readonly close: () => Promise<void>
}

/** Takes files in. A file is stored before its job: cut off in between, it is swept up later. */
export const createReceive = (need: BulkNeed, jobs: Jobs) => {
  /** Reads how the file begins. @throws AppError `bad-request` where nothing of it can be read. */
  const beginningOf = async (
    job: Parameters<typeof readUploaded>[1],
    criteria: UploadCriteria,
  ): Promise<TablePosition | undefined> => {
    for await (const { next } of readUploaded(need, job, criteria, 1)) return next
    return undefined
  }

  /**
   * Begins an upload, before its file has come.
   * @throws AppError `bad-request` where nothing can be uploaded to the object.
   */
  return async (caller: Caller, call: HubCall, objectName: string): Promise<Receiving> => {
    const { instance } = call
    const resource = hubResourceNamed(instance, objectName)
    checkUploads(instance, objectName, resource)
    const { organizationId } = caller
    const jobId = await need.store.bulkJobs.nextId()
    const key = { organizationId, jobId }
    const job = { ...key, fileKeySealed: newFileKey(need, key) }
    let bytes = 0
    let isTaken = false
    /** A job that may be there needs its file. */
    let mayBeMade = false

    return {
      take: async (source) => {
        const inflated = inflateTable(source, { mostBytes: mostUploadBytes })
        const count = (more: number): void => {
          bytes += more
        }
        await putFile(need, job, uploadName(job), counted(inflated, count))
        isTaken = true
      },
      finish: async (what, asked) => {
        if (!isTaken)
          throw new AppError(
            'bad-request',
            'file: missing. Send a form with the part file, or the file as body.',
          )
        const criteria = uploadCriteriaOf({ ...what, given: givenFor(resource, what.given) }, resource)
        if (resource !== undefined) {
          checkAction(resource, criteria)
          await checkIdentifier(need, call, resource, criteria, 'metaData.identifierFieldName')
        }
        const begins = await beginningOf(job, criteria)
        const head = await jobs.headOf(caller, instance, asked, job)
        mayBeMade = true
        return await jobs
          .add({
            ...head,
            ...{
              direction: 'UPLOAD',
              bytes,
              columns: begins?.header ?? [],
              format: formatOf(begins, criteria),
              objectName: resource === undefined ? objectName : nameOf(resource),
              criteria: { ...criteria, delimiter: begins?.delimiter ?? criteria.delimiter },
              checkpoint: freshUpload,
              expected: null,
            },
          })
          .catch((error: unknown) => {
            if (error instanceof AppError) mayBeMade = false
            throw error
          })
      },
      close: async () => {
        if (!mayBeMade) await need.files.remove(folderOf(job))
      },
    }
  }
}
