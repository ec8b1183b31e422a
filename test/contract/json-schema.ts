import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'

/**
 * Turns schemas of Swagger 2.0 and OpenAPI 3.0 into JSON Schema, as a request has to meet them: no field that the
 * schema does not know, and none that only the vendor sets.
 */

const isOpen = (schema: JsonObject): boolean => schema['additionalProperties'] !== undefined

const isReadOnly = (schema: Json | undefined): boolean => isJsonObject(schema) && schema['readOnly'] === true

const propertiesOf = (properties: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(properties)
      .filter(([, schema]) => !isReadOnly(schema))
      .map(([name, schema]) => [name, asRequest(schema)]),
  )

const closed = (schema: JsonObject): JsonObject => {
  const { properties, required } = schema
  if (!isJsonObject(properties)) return {}
  const names = Array.isArray(required) ? required : []
  return {
    type: 'object',
    properties: propertiesOf(properties),
    required: names.filter((name) => !isReadOnly(properties[String(name)])),
    ...(isOpen(schema) ? {} : { additionalProperties: false }),
  }
}

/** Keywords whose values hold schemas. */
const holders: ReadonlySet<string> = new Set(['items', 'allOf', 'anyOf', 'oneOf', 'not'])
/** Keywords that mean the same there and in JSON Schema. */
const kept: ReadonlySet<string> = new Set([
  ...['type', 'format', 'enum', 'pattern', 'minLength', 'maxLength', 'minimum', 'maximum', 'multipleOf'],
  ...['minItems', 'maxItems', 'uniqueItems', 'additionalProperties'],
])

const referenced = (reference: string): string =>
  reference.replace('#/definitions/', '#/$defs/').replace('#/components/schemas/', '#/$defs/')

/** `required: true` beside a type is a mistake of several files; it says nothing there. */
export const asRequest = (schema: Json | undefined): Json => {
  if (Array.isArray(schema)) return schema.map((each: Json) => asRequest(each))
  if (!isJsonObject(schema)) return schema ?? true
  if (typeof schema['$ref'] === 'string') return { $ref: referenced(schema['$ref']) }
  const own = Object.entries(schema).flatMap(([name, value]): [string, Json][] => {
    if (holders.has(name)) return [[name, asRequest(value)]]
    return kept.has(name) ? [[name, value]] : []
  })
  const made: JsonObject = { ...Object.fromEntries(own), ...closed(schema) }
  return schema['nullable'] === true || schema['x-nullable'] === true
    ? { anyOf: [made, { type: 'null' }] }
    : made
}

/** The document's schemas by name, for `$ref`. */
export const definitionsOf = (document: JsonObject): JsonObject => {
  const { components, definitions } = document
  const schemas = isJsonObject(components) ? components['schemas'] : definitions
  return isJsonObject(schemas)
    ? Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, asRequest(schema)]))
    : {}
}
