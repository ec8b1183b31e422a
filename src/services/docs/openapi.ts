import type { Json, JsonObject } from '#src/lib/json.ts'
import type { Parameter } from '../catalogue/index.ts'
import { type DocsOptions, type Place, placeOf } from './options.ts'
import { type Outline, type OutlineOperation, onlyOperation } from './outline.ts'
import { failures, inlineReferences, pathsOf, replyHeaders } from './references.ts'
import { errorSchemaName } from './schemas.ts'

const prefix = '#/components/schemas/'
const ref = (name: string): JsonObject => ({ $ref: `${prefix}${name}` })
const json = (schema: JsonObject): JsonObject => ({ 'application/json': { schema } })

const parameterJson = ({ name, in: place, type, required, description }: Parameter): JsonObject => ({
  name,
  in: place,
  description,
  required,
  schema: { type },
})

const binary: JsonObject = { type: 'string', format: 'binary' }

/** A form with the file, and with what goes beside it. */
const formSchema = (form: OutlineOperation['form']): JsonObject => {
  if (form === undefined)
    return { type: 'object', properties: { file: binary }, additionalProperties: { type: 'string' } }
  const texts = form.texts.map(({ name, description }) => [name, { type: 'string', description }])
  return {
    type: 'object',
    properties: { ...Object.fromEntries(texts), [form.file]: binary },
    required: [form.file, ...form.texts.filter(({ required }) => required).map(({ name }) => name)],
  }
}

/** Bytes have no schema (OpenAPI 3.1, "Considerations for file uploads"). */
const bytes = (types: readonly string[], form?: OutlineOperation['form']): JsonObject =>
  Object.fromEntries(
    types.map((type) => [type, type === 'multipart/form-data' ? { schema: formSchema(form) } : {}]),
  )

const successJson = ({ reply, gives }: OutlineOperation): JsonObject => {
  if (gives !== undefined) return { description: gives.description, content: bytes(gives.types) }
  if (reply === undefined) return { description: 'Done; the body is empty.' }
  const schema = ref(reply.schema)
  if (!reply.many) return { description: 'OK', content: json(schema) }
  return {
    description: 'OK',
    content: json({ type: 'array', items: schema }),
    headers: Object.fromEntries(
      Object.entries(replyHeaders).map(([name, description]) => [
        name,
        { description, schema: { type: 'string' } },
      ]),
    ),
  }
}

const requestBody = ({ body, takes = [], form }: OutlineOperation): JsonObject => {
  if (body === undefined && takes.length === 0) return {}
  const content = { ...bytes(takes, form), ...(body === undefined ? {} : json(body.schema)) }
  return { requestBody: { required: body?.required ?? false, content } }
}

const operationJson = (operation: OutlineOperation): JsonObject => ({
  operationId: operation.id,
  summary: operation.summary,
  tags: [operation.tag],
  parameters: operation.parameters.map(parameterJson),
  ...requestBody(operation),
  responses: {
    '200': successJson(operation),
    ...Object.fromEntries(
      Object.entries(failures).map(([status, description]) => [
        status,
        { description, content: json(ref(errorSchemaName)) },
      ]),
    ),
  },
})

const serverUrl = ({ host, scheme, basePath }: Place): string =>
  host === undefined ? basePath : `${scheme ?? 'https'}://${host}${basePath}`

const inHeader = (name: string, description: string): JsonObject => ({
  type: 'apiKey',
  in: 'header',
  name,
  description,
})

const securityJson = ({
  hasApiKey,
}: Place): { readonly schemes: JsonObject; readonly needed: JsonObject } => ({
  schemes: {
    secrets: inHeader('Authorization', 'User <user secret>, Element <element token>'),
    ...(hasApiKey ? { gateway: inHeader('x-api-key', 'The key of the gateway') } : {}),
  },
  needed: { secrets: [], ...(hasApiKey ? { gateway: [] } : {}) },
})

/**
 * Writes an outline as OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0).
 * @throws AppError `bad-request` on `baseUrl`, `not-found` on `operationId`.
 */
export const writeOpenApi = (whole: Outline, options: DocsOptions): JsonObject => {
  const place = placeOf(options)
  const outline = options.operationId === undefined ? whole : onlyOperation(whole, options.operationId)
  const paths = pathsOf(outline.operations, operationJson)
  const security = securityJson(place)
  return {
    openapi: '3.1.0',
    info: { title: outline.title, description: outline.description, version: 'api-v2' },
    servers: [{ url: serverUrl(place) }],
    tags: outline.tags as unknown as Json,
    security: [security.needed],
    paths: options.resolveReferences === true ? inlineReferences(paths, prefix, outline.schemas) : paths,
    components: { securitySchemes: security.schemes, schemas: outline.schemas },
  }
}
