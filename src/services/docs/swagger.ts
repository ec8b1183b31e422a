import type { Json, JsonObject } from '#src/lib/json.ts'
import type { Parameter } from '../catalogue/index.ts'
import { type DocsOptions, type Place, placeOf } from './options.ts'
import { type Outline, type OutlineOperation, onlyOperation } from './outline.ts'
import { failures, inlineReferences, pathsOf, replyHeaders } from './references.ts'
import { errorSchemaName } from './schemas.ts'

const prefix = '#/definitions/'
const ref = (name: string): JsonObject => ({ $ref: `${prefix}${name}` })

const header = (name: string, description: string): JsonObject => ({
  name,
  in: 'header',
  description,
  required: true,
  type: 'string',
})

const authorization = header('Authorization', 'User <user secret>, Element <element token>')
const gatewayKey = header('x-api-key', 'The key of the gateway')

const parameterJson = ({ name, in: place, type, required, description }: Parameter): JsonObject => ({
  name,
  in: place,
  description,
  required,
  type,
})

/** Swagger 2.0 shows a form part by part. */
const formJson = ({ file, texts }: NonNullable<OutlineOperation['form']>): readonly JsonObject[] => [
  { name: file, in: 'formData', description: 'The file.', required: true, type: 'file' },
  ...texts.map(({ name, description, required }) => ({
    ...{ name, in: 'formData', description, required, type: 'string' },
  })),
]

/** Swagger 2.0 knows a form or one body, no choice: a form wins; where JSON is taken too, that is shown, and `consumes` names the files. */
const bodyJson = ({ body, takes, form }: OutlineOperation): readonly JsonObject[] => {
  if (form !== undefined) return formJson(form)
  if (body !== undefined) return [{ name: 'body', in: 'body', required: body.required, schema: body.schema }]
  return takes === undefined
    ? []
    : [{ name: 'body', in: 'body', required: false, schema: { type: 'string', format: 'binary' } }]
}

/** The gateway's key is the second parameter: clients read it there (spec/behaviour.md 9). */
const parametersJson = (operation: OutlineOperation, place: Place): readonly JsonObject[] => [
  authorization,
  ...(place.hasApiKey ? [gatewayKey] : []),
  ...operation.parameters.map(parameterJson),
  ...bodyJson(operation),
]

const successJson = ({ reply, gives }: OutlineOperation): JsonObject => {
  if (gives !== undefined) return { description: gives.description, schema: { type: 'file' } }
  if (reply === undefined) return { description: 'Done; the body is empty.' }
  const schema = ref(reply.schema)
  if (!reply.many) return { description: 'OK', schema }
  return {
    description: 'OK',
    schema: { type: 'array', items: schema },
    headers: Object.fromEntries(
      Object.entries(replyHeaders).map(([name, description]) => [name, { type: 'string', description }]),
    ),
  }
}

/** Parameters in a form allow no other type than forms. */
const consumedBy = (takes: readonly string[], { form }: OutlineOperation): readonly string[] =>
  form === undefined ? takes : takes.filter((type) => type === 'multipart/form-data')

const operationJson =
  (place: Place) =>
  (operation: OutlineOperation): JsonObject => ({
    operationId: operation.id,
    summary: operation.summary,
    tags: [operation.tag],
    ...(operation.takes === undefined ? {} : { consumes: consumedBy(operation.takes, operation) }),
    ...(operation.gives === undefined ? {} : { produces: operation.gives.types }),
    parameters: parametersJson(operation, place),
    responses: {
      '200': successJson(operation),
      ...Object.fromEntries(
        Object.entries(failures).map(([status, description]) => [
          status,
          { description, schema: ref(errorSchemaName) },
        ]),
      ),
    },
  })

/**
 * Writes an outline as Swagger 2.0 (https://swagger.io/specification/v2/).
 * @throws AppError `bad-request` on `baseUrl`, `not-found` on `operationId`.
 */
export const writeSwagger = (whole: Outline, options: DocsOptions): JsonObject => {
  const place = placeOf(options)
  const outline = options.operationId === undefined ? whole : onlyOperation(whole, options.operationId)
  const paths = pathsOf(outline.operations, operationJson(place))
  return {
    swagger: '2.0',
    info: { title: outline.title, description: outline.description, version: 'api-v2' },
    ...(place.host === undefined ? {} : { host: place.host }),
    basePath: place.basePath,
    ...(place.scheme === undefined ? {} : { schemes: [place.scheme] }),
    consumes: ['application/json'],
    produces: ['application/json'],
    tags: outline.tags as unknown as Json,
    paths: options.resolveReferences === true ? inlineReferences(paths, prefix, outline.schemas) : paths,
    definitions: outline.schemas,
  }
}
