import { printWhere } from '#src/ceql/index.ts'
import type { Given, Resource } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { OpenInstance } from '../instances/index.ts'
import { type HubCall, vendorNames } from '../objects/index.ts'
import type { BulkNeed } from './need.ts'
import { checkWritable, type UploadCriteria } from './upload-asked.ts'

type Need = Pick<BulkNeed, 'objects'>

/** Of what is said, what says where the rows of a resource are, and whose. */
export const givenFor = (resource: Resource | undefined, said: Given): Given => {
  const names = [...(resource?.address ?? []).map(({ name }) => name), resource?.owner?.param]
  return Object.fromEntries(Object.entries(said).filter(([name]) => names.includes(name)))
}

/**
 * @param resource undefined: there is none of that name.
 * @throws AppError `bad-request` where nothing can be uploaded to the object.
 */
export const checkUploads = (
  { element }: OpenInstance,
  objectName: string,
  resource: Resource | undefined,
): void => {
  if (!element.features.bulkUpload)
    throw new AppError(
      'bad-request',
      `Bulk upload is not enabled for ${objectName.slice(0, 64)}: ${element.title} has none.`,
    )
  if (resource !== undefined) checkWritable(resource)
}

/**
 * @param field what the identifier came as, for errors.
 * @throws AppError `bad-request`, `bad-query` where rows cannot be looked for by the identifier.
 */
export const checkIdentifier = async (
  { objects }: Need,
  call: HubCall,
  resource: Resource,
  { identifier }: UploadCriteria,
  field: string,
): Promise<void> => {
  if (identifier === null) return
  const name = vendorNames(resource).field(field, identifier)
  if (name === resource.key || name === 'id') return
  const value = { kind: 'string', value: '' } as const
  const where = printWhere({ kind: 'comparison', field: name, operator: '=', value, position: 1 })
  try {
    await objects.check(call, resource, { where, pageSize: 2 })
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'bad-query') throw error
    throw new AppError('bad-request', `${field}: ${error.message}`)
  }
}
