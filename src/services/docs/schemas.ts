import type { Action, Field, FieldType, Resource } from '#src/element/index.ts'
import type { JsonObject } from '#src/lib/json.ts'

/** JSON Schema types in the part that Swagger 2.0 and OpenAPI 3.1 share. */
export type Schemas = Readonly<Record<string, JsonObject>>

/**
 * A date is plain text here: vendors write it without a zone, which `format: date-time` (RFC 3339) forbids, and
 * generated clients fail on.
 */
const typeSchemas: Readonly<Record<FieldType, JsonObject>> = {
  text: { type: 'string' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  datetime: { type: 'string', description: 'A date and time, as the vendor writes it.' },
  object: { type: 'object' },
}

const readSchema = ({ type, description }: Field): JsonObject =>
  description === undefined ? typeSchemas[type] : { ...typeSchemas[type], description }

const writeSchema = (field: Field): JsonObject =>
  field.sendMember === undefined
    ? readSchema(field)
    : {
        type: 'string',
        description:
          `${field.description ?? ''} The code or text; the object as it was read is taken too.`.trim(),
      }

const fieldsThat = (
  resource: Resource,
  keep: (field: Field) => boolean,
  schemaOf: (field: Field) => JsonObject,
): Record<string, JsonObject> =>
  inFields(
    Object.fromEntries(
      Object.entries(resource.fields).flatMap(([name, field]) =>
        keep(field) ? [[name, schemaOf(field)]] : [],
      ),
    ),
  )

/** Fields that lie in another, `parent.name`, as properties of that one. */
const inFields = (schemas: Readonly<Record<string, JsonObject>>): Record<string, JsonObject> => {
  const within: Record<string, Record<string, JsonObject>> = {}
  const own: Record<string, JsonObject> = {}
  for (const [name, schema] of Object.entries(schemas)) {
    const at = name.indexOf('.')
    const parent = name.slice(0, at)
    if (at < 1 || !Object.hasOwn(schemas, parent)) own[name] = schema
    else {
      within[parent] ??= {}
      within[parent][name.slice(at + 1)] = schema
    }
  }
  for (const [parent, properties] of Object.entries(within)) own[parent] = { ...own[parent], properties }
  return own
}

/** A row as a hub call answers it; its key is there as `id` too. */
export const rowSchema = (resource: Resource): JsonObject => ({
  type: 'object',
  'x-vendor-objectname': resource.name,
  'x-primary-key': resource.key,
  properties: {
    id: { type: 'string', description: `The same as ${resource.key}.` },
    ...fieldsThat(resource, ({ access }) => access !== 'write-only' && access !== 'change-only', readSchema),
  },
})

const isSent = (access: Field['access'], creates: boolean): boolean =>
  access !== 'read' && access !== (creates ? 'change-only' : 'once')

/** What a create or a change takes; only a create demands fields. */
export const bodySchema = (resource: Resource, creates: boolean): JsonObject => {
  const needed = Object.entries(resource.fields).flatMap(([name, field]) =>
    field.required === true && field.access !== 'read' ? [name] : [],
  )
  return {
    type: 'object',
    'x-vendor-objectname': resource.name,
    properties: fieldsThat(resource, ({ access }) => isSent(access, creates), writeSchema),
    ...(creates && needed.length > 0 ? { required: needed } : {}),
  }
}

/** What an action takes. */
export const actionSchema = ({ name: resource }: Resource, { body }: Action): JsonObject => {
  const needed = Object.entries(body).flatMap(([name, field]) => (field.required === true ? [name] : []))
  return {
    type: 'object',
    'x-vendor-objectname': resource,
    properties: Object.fromEntries(
      Object.entries(body).map(([name, { type, description, maxLength }]) => [
        name,
        { ...typeSchemas[type], description, ...(maxLength === undefined ? {} : { maxLength }) },
      ]),
    ),
    ...(needed.length > 0 ? { required: needed } : {}),
  }
}

export const errorSchemaName = 'apiError'

/** Shapes that every element shares (spec/contract.md 1.4 and 3). */
export const sharedSchemas: Schemas = {
  [errorSchemaName]: {
    type: 'object',
    required: ['requestId', 'message'],
    properties: {
      requestId: { type: 'string' },
      message: { type: 'string' },
      providerMessage: { type: 'string', description: "The vendor's own words." },
      code: { type: 'string' },
      hop: { type: 'string', enum: ['amalgam', 'provider', 'network'] },
      retryable: { type: 'boolean' },
      retryAfter: { type: 'integer', description: 'Seconds after which the same call may succeed.' },
    },
  },
  pingReply: {
    type: 'object',
    properties: {
      dateTime: { type: 'string' },
      endpoint: { type: 'string' },
      valid: { type: 'boolean' },
    },
  },
  objectName: { type: 'string' },
  objectMetadata: {
    type: 'object',
    properties: {
      fields: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            type: { type: 'string' },
            path: { type: 'string' },
            vendorPath: { type: 'string' },
            vendorDisplayName: { type: 'string' },
            vendorNativeType: { type: 'string' },
            vendorRequired: { type: 'boolean' },
            vendorReadOnly: { type: 'boolean' },
            hidden: { type: 'boolean' },
            filterable: { type: 'boolean' },
            createable: { type: 'boolean' },
            updateable: { type: 'boolean' },
          },
        },
      },
    },
  },
  objectDocs: { type: 'object', description: 'A Swagger 2.0 document of one object.' },
}
