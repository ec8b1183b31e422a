import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'

export const object = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {})
export const array = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : [])
export const objects = (value: Json | undefined): readonly JsonObject[] => array(value).map(object)

export interface DocumentedCall {
  readonly path: string
  readonly method: string
  readonly operation: JsonObject
}

/** Every call of a document, Swagger or OpenAPI. */
export const callsOf = (document: JsonObject): readonly DocumentedCall[] =>
  Object.entries(object(document.paths)).flatMap(([path, methods]) =>
    Object.entries(object(methods)).map(([method, operation]) => ({
      path,
      method,
      operation: object(operation),
    })),
  )

/** Every `$ref` in a document. */
export const refsIn = (value: Json): readonly string[] => {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(refsIn)
  if (!isJsonObject(value)) return []
  return Object.entries(value).flatMap(([name, child]) =>
    name === '$ref' && typeof child === 'string' ? [child] : refsIn(child),
  )
}

const at = (document: JsonObject, pointer: string): Json | undefined =>
  pointer
    .slice(2)
    .split('/')
    .reduce<Json | undefined>((value, name) => object(value)[name], document)

const bracesOf = (path: string): readonly string[] =>
  [...path.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => name).sort()

/** What Swagger 2.0 and OpenAPI 3.1 both demand of a call. */
const callFaults = ({ path, method, operation }: DocumentedCall): readonly string[] => {
  const parameters = objects(operation.parameters)
  const names = parameters.map((one) => `${String(one.in)} ${String(one.name)}`)
  const inPath = parameters.filter((one) => one.in === 'path' && one.required === true)
  const responses = Object.entries(object(operation.responses))
  return [
    ...(path.startsWith('/') && !path.startsWith('/hubs/') ? [] : ['path']),
    ...(['get', 'post', 'put', 'patch', 'delete'].includes(method) ? [] : ['method']),
    ...(typeof operation.operationId === 'string' ? [] : ['operationId']),
    ...(new Set(names).size === names.length ? [] : ['a parameter twice']),
    ...(String(inPath.map((one) => String(one.name)).sort()) === String(bracesOf(path))
      ? []
      : ['path names']),
    ...(responses.some(([status]) => status === '200') ? [] : ['no 200']),
    ...responses.flatMap(([status, reply]) =>
      /^[1-5]\d\d$/.test(status) && typeof object(reply).description === 'string' ? [] : [`reply ${status}`],
    ),
  ].map((fault) => `${method} ${path}: ${fault}`)
}

const documentFaults = (document: JsonObject): readonly string[] => {
  const calls = callsOf(document)
  const ids = calls.map(({ operation }) => String(operation.operationId))
  const tags = new Set(objects(document.tags).map(({ name }) => name))
  return [
    ...calls.flatMap(callFaults),
    ...(new Set(ids).size === ids.length ? [] : ['operationIds are not unique']),
    ...calls
      .flatMap(({ operation }) => array(operation.tags).filter((tag) => !tags.has(String(tag))))
      .map(String),
    ...refsIn(document).filter((ref) => !ref.startsWith('#/') || at(document, ref) === undefined),
    ...(calls.length > 0 ? [] : ['no calls']),
  ]
}

const swaggerTypes = ['string', 'number', 'integer', 'boolean', 'array']

const swaggerParameterFault = (one: JsonObject): readonly string[] => {
  if (one.in === 'body') return isJsonObject(one.schema) ? [] : ['a body without schema']
  const known = ['query', 'header', 'path'].includes(String(one.in))
  return known && swaggerTypes.includes(String(one.type)) ? [] : [`parameter ${String(one.name)}`]
}

/** What a Swagger 2.0 document has wrong (https://swagger.io/specification/v2/); none when it is sound. */
export const swaggerFaults = (document: JsonObject): readonly string[] => [
  ...documentFaults(document),
  ...callsOf(document).flatMap(({ operation }) =>
    objects(operation.parameters).flatMap(swaggerParameterFault),
  ),
  ...(String(document.basePath).startsWith('/') ? [] : ['basePath']),
  ...('openapi' in document || 'components' in document ? ['3.x in 2.0'] : []),
]

/** What an OpenAPI 3.1 document has wrong (https://spec.openapis.org/oas/v3.1.0); none when it is sound. */
export const openApiFaults = (document: JsonObject): readonly string[] => [
  ...documentFaults(document),
  ...callsOf(document).flatMap(({ operation }) => [
    ...objects(operation.parameters).flatMap((one) =>
      ['query', 'header', 'path', 'cookie'].includes(String(one.in)) && isJsonObject(one.schema)
        ? []
        : [`parameter ${String(one.name)}`],
    ),
    ...(operation.requestBody === undefined || isJsonObject(object(operation.requestBody).content)
      ? []
      : ['requestBody']),
  ]),
  ...('definitions' in document || 'swagger' in document || 'basePath' in document ? ['2.0 in 3.1'] : []),
]

/** The schema of a Swagger call's body. */
export const bodyOf = (document: JsonObject, path: string, method: string): JsonObject =>
  object(
    objects(object(object(object(document.paths)[path])[method]).parameters).find((one) => one.in === 'body')
      ?.schema,
  )
