import { type Element, pathResources, type Resource, type UploadForm } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { JsonObject } from '#src/lib/json.ts'
import { nearestNames } from '#src/lib/nearest.ts'
import {
  type ElementOperation,
  elementOperations,
  type Operation,
  operationId,
  type Parameter,
  parametersOf,
} from '../catalogue/index.ts'
import { passthroughOperations, passthroughTag } from './passthrough.ts'
import {
  actionSchema,
  bodySchema,
  errorSchemaName,
  rowSchema,
  type Schemas,
  sharedSchemas,
} from './schemas.ts'

/** One call, in words that Swagger and OpenAPI are both written from. */
export interface OutlineOperation {
  readonly id: string
  readonly method: string
  /** Without the hub. */
  readonly path: string
  readonly tag: string
  readonly summary: string
  /** All but the body. */
  readonly parameters: readonly Parameter[]
  readonly body?: { readonly schema: JsonObject; readonly required: boolean }
  /** Media types of a body that is, or may be, no JSON. */
  readonly takes?: readonly string[]
  /** What of a form it takes. */
  readonly form?: UploadForm
  /** Absent, and no `gives`: nothing comes back. */
  readonly reply?: { readonly schema: string; readonly many: boolean }
  /** A reply that is no JSON of ours: its media types, and what it is. */
  readonly gives?: { readonly types: readonly string[]; readonly description: string }
}

export interface Outline {
  readonly title: string
  readonly description: string
  readonly tags: readonly { readonly name: string; readonly description: string }[]
  readonly operations: readonly OutlineOperation[]
  readonly schemas: Schemas
}

const replyOf = (
  resource: Resource,
  { verb, gives }: Operation,
): Pick<OutlineOperation, 'reply' | 'gives'> => {
  if (gives !== undefined) return { gives: { types: gives, description: 'The file.' } }
  return verb === 'remove' || verb === 'removeAll'
    ? {}
    : { reply: { schema: resource.name, many: verb === 'search' } }
}

const bodyOf = (resource: Resource, { verb, action }: Operation): JsonObject =>
  action === undefined ? bodySchema(resource, verb === 'create') : actionSchema(resource, action)

const outlineOperation = (resource: Resource, operation: Operation): OutlineOperation => {
  const parameters = parametersOf(resource, operation)
  const body = parameters.find((parameter) => parameter.in === 'body')
  return {
    id: operationId(operation),
    method: operation.method,
    path: operation.path,
    tag: resource.name,
    summary: operation.description,
    parameters: parameters.filter((parameter) => parameter.in !== 'body'),
    ...(body === undefined ? {} : { body: { schema: bodyOf(resource, operation), required: body.required } }),
    ...(operation.takes === undefined ? {} : { takes: operation.takes }),
    ...(operation.form === undefined ? {} : { form: operation.form }),
    ...replyOf(resource, operation),
  }
}

const objectName: Parameter = {
  name: 'objectName',
  in: 'path',
  type: 'string',
  required: true,
  description: 'The name of a resource.',
}

const sharedOperation = (
  path: string,
  tag: string,
  summary: string,
  reply: NonNullable<OutlineOperation['reply']>,
): OutlineOperation => ({
  id: operationId({ method: 'GET', path }),
  method: 'GET',
  path,
  tag,
  summary,
  parameters: path.includes('{objectName}') ? [objectName] : [],
  reply,
})

/** Calls that every element answers (spec/contract.md 3). */
const sharedOperations: readonly OutlineOperation[] = [
  sharedOperation('/ping', 'ping', 'Whether the connection works', { schema: 'pingReply', many: false }),
  sharedOperation('/objects', 'objects', 'Names of the objects', { schema: 'objectName', many: true }),
  sharedOperation('/objects/{objectName}/metadata', 'objects', 'Fields of an object', {
    schema: 'objectMetadata',
    many: false,
  }),
  sharedOperation('/objects/{objectName}/docs', 'objects', 'This document for one object', {
    schema: 'objectDocs',
    many: false,
  }),
]

const sharedTags: Outline['tags'] = [
  { name: 'ping', description: 'The connection itself' },
  { name: 'objects', description: 'What the connection offers' },
  { name: passthroughTag, description: "Calls on the vendor's own paths, signed by the connection" },
]

const outlineOf = (
  element: Element,
  resources: readonly Resource[],
  operations: readonly ElementOperation[],
  shared: readonly OutlineOperation[],
): Outline => ({
  title: element.title,
  description: element.description,
  tags: [
    ...resources.map(({ name, title }) => ({ name, description: title })),
    ...sharedTags.filter(({ name }) => shared.some(({ tag }) => tag === name)),
  ],
  operations: [
    ...operations.map(({ resource, operation }) => outlineOperation(resource, operation)),
    ...shared,
  ],
  schemas: {
    ...Object.fromEntries(resources.map((resource) => [resource.name, rowSchema(resource)])),
    ...(shared.length > 0 ? sharedSchemas : { [errorSchemaName]: sharedSchemas[errorSchemaName] ?? {} }),
  },
})

/** Everything that an element answers. */
export const outlineOfElement = (element: Element): Outline =>
  outlineOf(
    element,
    [...Object.values(element.resources), ...pathResources(element.paths, element.resources)],
    elementOperations(element),
    [...sharedOperations, ...passthroughOperations(element)],
  )

/** @throws AppError `not-found` naming the nearest resources. */
export const outlineOfObject = (element: Element, name: string): Outline => {
  const resource = Object.hasOwn(element.resources, name) ? element.resources[name] : undefined
  const operations = elementOperations(element).filter((one) => one.resource === resource)
  if (resource !== undefined) return outlineOf(element, [resource], operations, [])
  const near = nearestNames(name, Object.keys(element.resources)).join(', ')
  throw new AppError(
    'not-found',
    `No object found with name '${name.slice(0, 64)}' in ${element.title}. Did you mean ${near}?`,
  )
}

const firstOf = <Item>(items: readonly Item[], keyOf: (item: Item) => string): readonly Item[] => {
  const firsts = new Map<string, Item>()
  for (const item of items) if (!firsts.has(keyOf(item))) firsts.set(keyOf(item), item)
  return [...firsts.values()]
}

/** Several elements as one; of two with the same path or name the first is shown. */
export const mergeOutlines = (title: string, outlines: readonly Outline[]): Outline => {
  const schemas = outlines.flatMap((outline) => Object.entries(outline.schemas))
  const tags = outlines.flatMap((outline) => outline.tags)
  const operations = outlines.flatMap((outline) => outline.operations)
  return {
    title,
    description: outlines.map((outline) => `${outline.title}: ${outline.description}`).join(' '),
    tags: firstOf(tags, ({ name }) => name),
    operations: firstOf(operations, ({ id }) => id),
    schemas: Object.fromEntries(firstOf(schemas, ([name]) => name)),
  }
}

/** `GET-reports-id`, `get-reports-{id}` and `GET-/reports/{id}` are one name. */
const plainId = (id: string): string => id.toLowerCase().replace(/[{}]/g, '').replace(/[/-]+/g, '-')

/**
 * The part of an outline that is one call. `PATCH-reports` finds the call on one report where no other has that name.
 * @throws AppError `not-found` naming the nearest calls.
 */
export const onlyOperation = (outline: Outline, id: string): Outline => {
  const wanted = plainId(id.slice(0, 200))
  const { operations, schemas, tags } = outline
  const found =
    operations.find((operation) => plainId(operation.id) === wanted) ??
    operations.find(({ method, tag }) => plainId(`${method}-${tag}`) === wanted)
  if (found === undefined) {
    const near = nearestNames(
      id,
      operations.map((operation) => operation.id),
    ).join(', ')
    throw new AppError(
      'not-found',
      `No operation found with id '${id.slice(0, 64)}' in ${outline.title}. Did you mean ${near}?`,
    )
  }
  const used = new Set([found.reply?.schema, errorSchemaName])
  return {
    ...outline,
    operations: [found],
    tags: tags.filter(({ name }) => name === found.tag),
    schemas: Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name))),
  }
}
