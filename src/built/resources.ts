import type { ElementJson, ElementParameterJson } from '#src/contract/index.ts'
import type { AddressParam, Changes, HubAction, HubPath, OpenFields, Resource } from '#src/element/index.ts'
import { reachOf } from './converters.ts'
import { fieldsOf, objectNamed } from './fields.ts'
import { fileTakenBy, givesFile, isPlain } from './file-parameters.ts'
import { contentOf, uploadOf } from './files.ts'
import type { Operation } from './operation.ts'
import { maxSizeOf } from './paging.ts'
import type { Built } from './run-operation.ts'
import { type ByMethod, bracesOf, verbsOf } from './verbs.ts'

/** What of a query is the platform's and no parameter of its own. */
const platformNames = new Set([
  'where',
  'fields',
  'orderBy',
  'pageSize',
  'page',
  'nextPage',
  'offset',
  'returnCount',
])

/** Whether a parameter is one that callers give in the query or in a header. */
const isGiven = ({ name, type, source }: ElementParameterJson): boolean =>
  source?.trim().toLowerCase() !== 'response' &&
  (type === 'header' || (type === 'query' && !platformNames.has(name)))

const givenParam = ({ name, type, description }: ElementParameterJson): AddressParam => ({
  name,
  description: description?.trim() || 'It goes to the provider.',
  ...(type === 'header' ? { from: 'header' } : {}),
})

/** Parameters that callers may give besides the id and the body. */
const addressOf = (operations: readonly Operation[]): readonly AddressParam[] => {
  const found = operations.flatMap((operation) => [
    ...bracesOf(operation).map((name): AddressParam => ({ name, description: 'A part of the path.' })),
    ...operation.parameters.filter(isGiven).map(givenParam),
  ])
  return found.filter(({ name }, at) => found.findIndex((one) => one.name === name) === at)
}

const asksOf = (search: Operation | undefined): OpenFields => {
  const converter = search?.parameters.find(
    ({ name, type }) => name === 'where' && type === 'query',
  )?.converter
  return converter?.trim() ? { asks: reachOf(converter.trim()) } : {}
}

const changesOf = (json: ElementJson, name: string): Changes => {
  const { updatedDateName, createdDateName } = objectNamed(json, name) ?? {}
  const updated = updatedDateName?.trim()
  const created = createdDateName?.trim()
  if (!updated) return { kind: 'listing' }
  return { kind: 'dated', updated, ...(created ? { created } : {}) }
}

const titleOf = (name: string, operations: readonly Operation[]): string =>
  operations.find(({ method }) => method === 'GET')?.description ?? operations[0]?.description ?? name

/** Whether an operation is done by JSON, alone or as well as by a file. */
const takesJson = (operation: Operation): boolean =>
  isPlain(operation) || (operation.method === 'POST' && fileTakenBy(operation)?.required === false)

const plainOf = (methods: ByMethod): ByMethod =>
  Object.fromEntries(Object.entries(methods).filter(([, operation]) => takesJson(operation)))

/** One resource of the operations on its path and on the path of its rows. */
const resourceOf = (
  json: ElementJson,
  built: Built,
  name: string,
  collection: ByMethod,
  item: ByMethod,
): Resource => {
  const operations = [...Object.values(collection), ...Object.values(item)]
  const objectName = operations[0]?.objectName ?? name
  const object = objectNamed(json, objectName)
  const plain = plainOf(collection)
  const upload = uploadOf(built, collection.POST, item.GET !== undefined && isPlain(item.GET))
  const address = addressOf(operations).filter(
    ({ name: param }) => !Object.values(item).some((one) => bracesOf(one).at(-1) === param),
  )
  return {
    name,
    title: titleOf(name, operations),
    key: object?.primaryKeyName?.trim() || 'id',
    fields: fieldsOf(json, objectName, operations),
    keepUnknown: true,
    openFields: asksOf(plain.GET),
    ...(address.length === 0 ? {} : { address }),
    verbs: verbsOf(built, plain, plainOf(item)),
    ...(upload === undefined ? {} : { upload }),
    // How many rows go into a page of the vendor is the configuration's matter, when the operation runs.
    page: { kind: 'coded', maxSize: maxSizeOf(objectName, built.defaults['pagination.max']) },
    filterStyle: { kind: 'parameters' },
    filters: [],
    source: 'element JSON',
    ...(plain.GET === undefined ? {} : { changes: changesOf(json, objectName) }),
    ...(object?.eventsEnabled === true && plain.GET !== undefined ? { polledUnasked: true } : {}),
  }
}

/** All operations on paths of one pattern: braces count as one, whatever their names. */
interface Pattern {
  readonly segments: readonly string[]
  readonly methods: ByMethod
}

const keyOf = (segments: readonly string[]): string =>
  segments.map((segment) => (segment.startsWith('{') ? '{}' : segment)).join('/')

const patternsOf = (operations: readonly Operation[]): ReadonlyMap<string, Pattern> => {
  const found = new Map<string, Pattern>()
  for (const operation of operations) {
    const key = keyOf(operation.segments)
    const { segments, methods } = found.get(key) ?? { segments: operation.segments, methods: {} }
    // Of two on one path the later wins: it is the one that was added.
    found.set(key, { segments, methods: { ...methods, [operation.method]: operation } })
  }
  return found
}

const isItem = ({ segments }: Pattern): boolean => segments.at(-1)?.startsWith('{') === true

const verbs = {
  collection: { GET: 'search', POST: 'create', PATCH: 'updateAll', PUT: 'updateAll', DELETE: 'removeAll' },
  item: { GET: 'retrieve', POST: 'create', PATCH: 'update', PUT: 'replace', DELETE: 'remove' },
} as const

/** Whether `/{resource}` and `/{resource}/{id}` alone say what can be done under a path. */
const isUsual = (pattern: Pattern): boolean => {
  const { segments, methods } = pattern
  if (segments.length > 2 || segments[0]?.startsWith('{') === true) return false
  if (segments.length === 2 && !isItem(pattern)) return false
  // Of files, a resource's own paths know but one that becomes a row.
  if (Object.values(methods).some((one) => !isPlain(one) && (one.method !== 'POST' || isItem(pattern))))
    return false
  return segments.length === 1 ? methods.PUT === undefined : methods.POST === undefined
}

/** What an operation with a file does on a path of its own. */
const fileAction = (json: ElementJson, built: Built, name: string, operation: Operation): HubAction => {
  if (givesFile(operation.json)) {
    const resource = resourceOf(json, built, name, { GET: operation }, {})
    const content = contentOf(built, operation)
    // That name is the row's wherever it stands: the address cannot hold it.
    const hasId = resource.address?.some((one) => one.name === 'id' && one.from !== 'header') === true
    return { kind: 'read-file', resource, content, ...(hasId ? { id: 'id' } : {}) }
  }
  const resource = resourceOf(json, built, name, { POST: operation }, {})
  return resource.verbs.create === undefined
    ? { kind: 'upload', resource }
    : { kind: 'verb', resource, verb: 'create' }
}

/** What an operation does on a path of its own. */
const actionOf = (
  json: ElementJson,
  built: Built,
  pattern: Pattern,
  operation: Operation,
  rows: Pattern | undefined,
): HubAction => {
  const { method } = operation
  const name = pattern.segments.join('/')
  if (!isPlain(operation)) return fileAction(json, built, name, operation)
  const item = isItem(pattern)
  const id = item ? pattern.segments.at(-1)?.slice(1, -1) : undefined
  const verb = verbs[item ? 'item' : 'collection'][method]
  const onItem = item && verb !== 'create'
  const placed = { [method === 'PUT' && !item ? 'PATCH' : method]: operation }
  const resource = onItem
    ? resourceOf(json, built, name, {}, placed)
    : resourceOf(json, built, name, placed, item ? {} : { ...rows?.methods })
  return { kind: 'verb', resource, verb, ...(onItem && id !== undefined ? { id } : {}) }
}

/** A path of its own: what its methods do, each on a resource of this path alone. */
const hubPathOf = (
  json: ElementJson,
  built: Built,
  pattern: Pattern,
  rows: Pattern | undefined,
): HubPath => ({
  path: `/${pattern.segments.join('/')}`,
  methods: Object.fromEntries(
    Object.values(pattern.methods).map((operation) => [
      operation.method,
      actionOf(json, built, pattern, operation, rows),
    ]),
  ),
})

/** The resources of an element, by name, and the paths beyond theirs. */
export const resourcesOf = (
  json: ElementJson,
  built: Built,
  operations: readonly Operation[],
): { readonly resources: Readonly<Record<string, Resource>>; readonly paths: readonly HubPath[] } => {
  const patterns = patternsOf(operations)
  const names = [...new Set([...patterns.values()].filter(isUsual).map(({ segments }) => segments[0] ?? ''))]
  const resources = names.map((name): [string, Resource] => {
    const collection = patterns.get(name)?.methods ?? {}
    const item = patterns.get(`${name}/{}`)?.methods ?? {}
    return [name, resourceOf(json, built, name, collection, item)]
  })
  const paths = [...patterns.entries()]
    .filter(([, pattern]) => !isUsual(pattern))
    .map(([key, pattern]) => hubPathOf(json, built, pattern, patterns.get(`${key}/{}`)))
  return { resources: Object.fromEntries(resources), paths }
}
