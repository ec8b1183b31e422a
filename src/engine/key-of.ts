import { type Given, type Resource, splitKey } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'

/**
 * What is known of a row by its id: the id itself, and the fields that it is made of.
 * @throws AppError `provider-not-found` where it has not as many parts.
 */
export const valuesOfId = (resource: Resource, id: string): Given => {
  if (resource.keyOf === undefined) return { id }
  const parts = splitKey(id)
  if (parts.length !== resource.keyOf.length) {
    throw new AppError(
      'provider-not-found',
      `No ${resource.name} found with id ${id}: it is made of ${resource.keyOf.join('~')}.`,
      { hop: 'amalgam' },
    )
  }
  return { id, ...Object.fromEntries(resource.keyOf.map((name, at) => [name, parts[at] ?? ''])) }
}
