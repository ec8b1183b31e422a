import type { Filter, Resource } from '#src/element/index.ts'
import type { Operation } from './operations.ts'

/** A parameter of a hub call. */
export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header' | 'body'
  readonly type: 'string' | 'integer' | 'boolean' | 'object'
  readonly required: boolean
  readonly description: string
}

const query = (name: string, type: Parameter['type'], description: string): Parameter => ({
  name,
  in: 'query',
  type,
  required: false,
  description,
})

/** Names that `where` takes beside the fields: the vendor's own search parameters. */
export const searchFilters = (resource: Resource): readonly Filter[] =>
  resource.filters.filter((filter) => filter.hidden !== true)

const meanings = { equals: 'equals', after: 'is at or after', before: 'is at or before' } as const

/** What a search name asks for. */
export const filterText = (resource: Resource, { param, means, field, description }: Filter): string => {
  if (description !== undefined) return description
  const about = field === undefined ? undefined : resource.fields[field]?.description
  return field === undefined
    ? `The provider's ${param} ${meanings[means]} the value.`
    : `${field} ${meanings[means]} the value.${about === undefined ? '' : ` ${field}: ${about}`}`
}

const whereText = (resource: Resource): string => {
  const names = searchFilters(resource).map(
    (filter) => `${filter.param} (${filterText(resource, filter).replace(/\.$/, '')})`,
  )
  const own = names.length === 0 ? '' : ` Search names beside the fields: ${names.join('; ')}.`
  return `CEQL, such as ${resource.key} = '...'.${own}`
}

const listing = (resource: Resource): readonly Parameter[] => [
  query('where', 'string', whereText(resource)),
  query('orderBy', 'string', 'Fields to order by, such as Name asc.'),
  query('fields', 'string', 'Names of the fields to show, separated by commas.'),
  query('pageSize', 'integer', 'Rows of a page, 1 to 5000; 200 when absent.'),
  query('page', 'integer', 'Number of the page, from 1.'),
  query('nextPage', 'string', 'The Elements-Next-Page-Token of the page before.'),
  query('returnCount', 'boolean', 'true asks for the header Elements-Total-Count.'),
  query('returnTotalCount', 'boolean', 'The same as returnCount.'),
]

const owner = (resource: Resource): readonly Parameter[] =>
  resource.owner === undefined
    ? []
    : [query(resource.owner.param, 'string', `Whose row it is: its ${resource.owner.field}.`)]

const item = (resource: Resource): readonly Parameter[] => [
  { name: 'id', in: 'path', type: 'string', required: true, description: `The ${resource.key} of the row.` },
  ...owner(resource),
]

/** What reaches the row or the list besides the id. */
const address = (resource: Resource, { verb }: Operation): readonly Parameter[] =>
  (resource.address ?? []).map(({ name, description, neededBy = [] }) => ({
    ...query(name, 'string', description),
    required: neededBy.some((needing) => needing === (verb === 'upload' ? 'create' : verb)),
  }))

const fields = query('fields', 'string', 'Names of the fields to show, separated by commas.')
const body: Parameter = {
  name: 'body',
  in: 'body',
  type: 'object',
  required: true,
  description: 'The fields to write.',
}

/** An action that takes no fields has no body; one that needs none may go without. */
const actionBody = ({ action }: Operation): readonly Parameter[] => {
  const fields = Object.values(action?.body ?? {})
  return fields.length === 0 ? [] : [{ ...body, required: fields.some(({ required }) => required === true) }]
}

/** On a path of its own: what stands in braces is in the path, and a query parameter may name the row. */
const placed = (
  resource: Resource,
  operation: Operation,
  own: readonly Parameter[],
): readonly Parameter[] => {
  const { place } = operation
  if (place === undefined) return own
  const { braces, id, names } = place
  const renamed = own.map((one) => ({ ...one, name: names[one.name] ?? one.name }))
  const rowText = `The ${resource.key} of the row.`
  const aboutOf = (name: string): string =>
    name === id
      ? rowText
      : (resource.address?.find((one) => (names[one.name] ?? one.name) === name)?.description ?? name)
  const inPath = braces.map(
    (name): Parameter => ({ name, in: 'path', type: 'string', required: true, description: aboutOf(name) }),
  )
  const asked =
    id === undefined || braces.includes(id) ? [] : [{ ...query(id, 'string', rowText), required: true }]
  const named = new Set([...braces, id])
  return [...inPath, ...asked, ...renamed.filter((one) => one.in !== 'path' && !named.has(one.name))]
}

/** What a caller can send with an operation (spec/contract.md 3). */
export const parametersOf = (resource: Resource, operation: Operation): readonly Parameter[] =>
  placed(resource, operation, ownParameters(resource, operation))

const ownParameters = (resource: Resource, operation: Operation): readonly Parameter[] => {
  switch (operation.verb) {
    case 'search':
      return [...listing(resource), ...address(resource, operation)]
    case 'create':
      return [...owner(resource), ...address(resource, operation), body]
    case 'retrieve':
      return [...item(resource), ...address(resource, operation), fields]
    case 'update':
    case 'replace':
      return [...item(resource), ...address(resource, operation), body]
    case 'act':
      return [...item(resource), ...address(resource, operation), ...actionBody(operation)]
    case 'readContent':
    case 'writeContent':
      return [...item(resource), ...address(resource, operation)]
    case 'upload':
      return address(resource, operation)
    case 'remove':
      return [...item(resource), ...address(resource, operation)]
    case 'updateAll':
      return [...address(resource, operation), body]
    case 'removeAll':
      return address(resource, operation)
  }
}
