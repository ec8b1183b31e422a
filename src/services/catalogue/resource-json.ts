import type { Element, FieldType, Filter, Resource } from '#src/element/index.ts'
import { elementOperations, type Operation } from './operations.ts'
import { filterText, type Parameter, parametersOf, searchFilters } from './parameters.ts'

const dataTypes: Readonly<Record<Exclude<FieldType, 'object'>, string>> = {
  text: 'string',
  number: 'number',
  boolean: 'boolean',
  datetime: 'date',
}

const parameterJson = (parameter: Parameter) => ({
  name: parameter.name,
  vendorName: parameter.name,
  description: parameter.description,
  type: parameter.in,
  vendorType: parameter.in,
  dataType: parameter.type,
  vendorDataType: parameter.type,
  source: 'request',
  required: parameter.required,
  ...(parameter.name === 'where' ? { converter: 'toQueryParameters' } : {}),
})

/** A search name is no query parameter of its own: callers write it inside `where`. */
const filterJson = (resource: Resource, filter: Filter) => ({
  name: filter.param,
  vendorName: filter.param,
  description: `Inside where: ${filter.param} = '...'. ${filterText(resource, filter)}`,
  type: 'where',
  vendorType: 'query',
  dataType: dataTypes[filter.type],
  vendorDataType: dataTypes[filter.type],
  source: 'request',
  required: false,
})

const rootKey = ({ verbs: { search } }: Resource, operation: Operation): string => {
  if (operation.verb !== 'search' || search === undefined || 'run' in search) return '|'
  return `|${typeof search.rows === 'string' ? search.rows : (search.rows?.[0] ?? '')}`
}

const oneJson = (element: Element, resource: Resource, operation: Operation) => ({
  description: operation.description,
  path: `/hubs/${element.hub}${operation.path}`,
  method: operation.method,
  vendorPath: operation.call.path,
  vendorMethod: operation.call.method,
  operationId: operationId(operation),
  type: 'api',
  kind: 'eb',
  rootKey: rootKey(resource, operation),
  nextResource: '',
  objectName: resource.name,
  object: { name: resource.name, fields: Object.keys(resource.fields) },
  paginationType: operation.verb === 'search' ? ('VENDOR_SUPPORTED' as const) : ('NO_PAGINATION' as const),
  parameters: [
    ...parametersOf(resource, operation).map(parameterJson),
    ...(operation.verb === 'search'
      ? searchFilters(resource).map((filter) => filterJson(resource, filter))
      : []),
  ].map((parameter, at) => ({ id: at + 1, ...parameter })),
  hooks: [],
  response: { contentType: operation.gives?.[0] ?? 'application/json' },
})

/** The name of an operation in documents and addresses: `GET-reports`, `PATCH-reports-id`. */
export const operationId = ({ method, path }: { readonly method: string; readonly path: string }): string =>
  `${method}${path.replace(/[{}]/g, '').replaceAll('/', '-')}`

/** Every operation of an element, numbered (spec/behaviour.md 4, resources). */
export const resourcesJson = (element: Element) =>
  elementOperations(element)
    .map(({ resource, operation }) => oneJson(element, resource, operation))
    .map((resource, at) => ({ id: at + 1, ...resource }))
