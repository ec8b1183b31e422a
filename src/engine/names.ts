import { type Expression, fieldsOf } from '#src/ceql/index.ts'
import type { Field, Resource } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { nearestNames } from '#src/lib/nearest.ts'
import { filtersOf } from './filters.ts'

/** Every row carries its key as `id` too, so callers may ask by it. */
export const idName = 'id'

const head = (name: string): string => name.split(/[.[]/, 1)[0] ?? name

/** The field that a name (or the first part of a path) stands for. */
export const resolveField = (resource: Resource, name: string): Field | undefined => {
  if (Object.hasOwn(resource.fields, name)) return resource.fields[name]
  const first = head(name)
  const field = Object.hasOwn(resource.fields, first) ? resource.fields[first] : undefined
  const isOpen = field === undefined && resource.openFields !== undefined
  return field?.type === 'object' || isOpen ? { type: 'object', access: 'read' } : undefined
}

/**
 * The row's own name for what a caller wrote: an alias becomes its field, `id` the key.
 * @throws AppError `bad-query` naming the nearest fields.
 */
export const checkedName = (resource: Resource, name: string, parameter: string): string => {
  const alias = resource.aliases !== undefined && Object.hasOwn(resource.aliases, name)
  const known = alias ? resource.aliases?.[name] : name === idName ? resource.key : name
  if (known !== undefined && resolveField(resource, known) !== undefined) return known
  const params = filtersOf(resource)
    .filter((filter) => filter.hidden !== true)
    .map((filter) => filter.param)
  const near = nearestNames(name, [
    ...Object.keys(resource.fields),
    ...Object.keys(resource.aliases ?? {}),
    ...params,
  ])
  throw new AppError(
    'bad-query',
    `${parameter}: ${resource.name} has no field '${name.slice(0, 64)}'. Did you mean ${near.join(', ')}?`,
  )
}

/** The fields that an expression looks at, each once. */
export const fieldNames = (expression: Expression): readonly string[] => [
  ...new Set(fieldsOf(expression).map(({ field }) => field)),
]

/** The names of a comma list, each once trimmed. */
export const namesIn = (list: string): readonly string[] =>
  list === ''
    ? []
    : list
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== '')
