import type { Resource } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { BulkJobRow } from '#src/store/index.ts'
import type { OpenInstance } from '../instances/index.ts'
import { hubResourceNamed, mappingOf, vendorOf } from '../objects/index.ts'
import type { BulkNeed } from './need.ts'

/** What a job keeps of a common resource; of the vendor's own nothing. */
export interface MappedJob {
  /** The vendor's resource that the common one was mapped to when the job was made. */
  readonly vendorName?: string
}

export const mappedJob = (resource: Resource): MappedJob =>
  mappingOf(resource) === undefined ? {} : { vendorName: vendorOf(resource).name }

/**
 * The resource that a job works on. Of a common one the mapping of now counts: it may have changed since the last step,
 * but not to another resource of the vendor, in which neither the place of a listing nor an identifier would stand.
 * @throws AppError `not-found`, or `conflict` for a common one that is gone or another resource by now.
 */
export const resourceOfJob = (
  { objects }: Pick<BulkNeed, 'objects'>,
  instance: OpenInstance,
  { objectName, criteria }: Pick<BulkJobRow, 'objectName' | 'criteria'>,
): Resource => {
  const { vendorName } = criteria as MappedJob
  if (vendorName === undefined) return objects.resource(instance, objectName)
  const resource = hubResourceNamed(instance, objectName)
  const now = resource === undefined ? undefined : mappedJob(resource).vendorName
  if (resource !== undefined && now === vendorName) return resource
  throw new AppError(
    'conflict',
    `${objectName} was ${vendorName} when the job was made, and is ${now ?? 'not mapped'} now. Map it to ${vendorName} again and resume the job, or make a new one.`,
  )
}

/** Of an upload; undefined: there is none of that name, and each row will say so. @throws AppError `conflict`. */
export const resourceOfUpload = (
  need: Pick<BulkNeed, 'objects'>,
  instance: OpenInstance,
  job: Pick<BulkJobRow, 'objectName' | 'criteria'>,
): Resource | undefined => {
  try {
    return resourceOfJob(need, instance, job)
  } catch (error) {
    if (error instanceof AppError && error.code === 'not-found') return undefined
    throw error
  }
}
