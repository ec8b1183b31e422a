import { printWhere } from '#src/ceql/index.ts'
import type { Given, Resource } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { inflateTable } from '#src/lib/table-file/inflate-table.ts'
import type { TablePosition } from '#src/lib/table-file/table-row.ts'
import type { BulkJobRow } from '#src/store/index.ts'
import type { Caller } from '../accounts/index.ts'
import type { OpenInstance } from '../instances/index.ts'
import type { HubCall } from '../objects/index.ts'
import { folderOf, newFileKey, putFile } from './job-files.ts'
import type { JobAsked, Jobs } from './jobs.ts'
import type { BulkNeed } from './need.ts'
import { counted } from './pieces.ts'
import {
  checkAction,
  checkWritable,
  type UploadAsked,
  type UploadCheckpoint,
  type UploadCriteria,
  uploadCriteriaOf,
} from './upload-asked.ts'
import { mostUploadBytes, readUploaded, uploadName } from './upload-file.ts'

/** The resource of that name; undefined: there is none, and each row will say so. */
export const resourceFor = (
  { objects }: Pick<BulkNeed, 'objects'>,
  instance: OpenInstance,
  objectName: string,
): Resource | undefined => {
  try {
    return objects.resource(instance, objectName)
  } catch (error) {
    if (error instanceof AppError && error.code === 'not-found') return undefined
    throw error
  }
}

/** Of what is said, what says where the rows of a resource are, and whose. */
const givenFor = (resource: Resource | undefined, said: Given): Given => {
  const names = [...(resource?.address ?? []).map(({ name }) => name), resource?.owner?.param]
  return Object.fromEntries(Object.entries(said).filter(([name]) => names.includes(name)))
}

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
  /** @throws AppError `bad-request` where the field cannot be asked for. */
  const checkIdentifier = async (
    call: HubCall,
    resource: Resource,
    { identifier }: UploadCriteria,
  ): Promise<void> => {
    if (identifier === null || identifier === resource.key || identifier === 'id') return
    const value = { kind: 'string', value: '' } as const
    const where = printWhere({ kind: 'comparison', field: identifier, operator: '=', value, position: 1 })
    try {
      await need.objects.check(call, resource, { where, pageSize: 2 })
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'bad-query') throw error
      throw new AppError('bad-request', `metaData.identifierFieldName: ${error.message}`)
    }
  }

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
    const resource = resourceFor(need, instance, objectName)
    if (!instance.element.features.bulkUpload)
      throw new AppError(
        'bad-request',
        `Bulk upload is not enabled for ${objectName.slice(0, 64)}: ${instance.element.title} has none.`,
      )
    if (resource !== undefined) checkWritable(resource)
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
        const criteria = uploadCriteriaOf({ ...what, given: givenFor(resource, what.given) })
        if (resource !== undefined) {
          checkAction(resource, criteria)
          await checkIdentifier(call, resource, criteria)
        }
        const begins = await beginningOf(job, criteria)
        const head = await jobs.headOf(caller, instance, asked, job)
        const checkpoint: UploadCheckpoint = { from: null, done: [], ignored: [] }
        mayBeMade = true
        return await jobs
          .add({
            ...head,
            ...{
              direction: 'UPLOAD',
              bytes,
              columns: begins?.header ?? [],
              format: formatOf(begins, criteria),
              objectName: resource?.name ?? objectName,
              criteria: { ...criteria, delimiter: begins?.delimiter ?? criteria.delimiter },
              checkpoint,
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
