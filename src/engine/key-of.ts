import type { Given, Resource } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'

const escaped = (part: string): string => part.replace(/[%~]/g, (found) => (found === '%' ? '%25' : '%7E'))

/** The id of a row that is made of several fields (`Resource.keyOf`). */
export const joinKey = (parts: readonly string[]): string => parts.map(escaped).join('~')

/** What is known of a row by its id: the id itself, and the fields that it is made of. */
export const valuesOfId = (resource: Resource, id: string): Given => {
  if (resource.keyOf === undefined) return { id }
  const parts = id.split('~').map((part) => part.replaceAll('%7E', '~').replaceAll('%25', '%'))
  if (parts.length !== resource.keyOf.length) {
    throw new AppError(
      'provider-not-found',
      `No ${resource.name} found with id ${id}: it is made of ${resource.keyOf.join('~')}.`,
      { hop: 'amalgam' },
    )
  }
  return { id, ...Object.fromEntries(resource.keyOf.map((name, at) => [name, parts[at] ?? ''])) }
}
