import type { ElementJson, ElementObjectJson } from '#src/contract/index.ts'
import type { Field, FieldType } from '#src/element/index.ts'
import { isJsonObject } from '#src/lib/json.ts'
import type { Operation } from './operation.ts'

const fieldTypes: Readonly<Record<string, FieldType>> = {
  string: 'text',
  text: 'text',
  integer: 'number',
  int: 'number',
  long: 'number',
  number: 'number',
  double: 'number',
  float: 'number',
  boolean: 'boolean',
  date: 'datetime',
  datetime: 'datetime',
  'date-time': 'datetime',
}

const typeOf = (type: unknown, format?: unknown): FieldType =>
  fieldTypes[String(format ?? '').toLowerCase()] ?? fieldTypes[String(type ?? '').toLowerCase()] ?? 'object'

const field = (type: FieldType, description: unknown): Field => ({
  type,
  access: 'write',
  ...(typeof description === 'string' && description.trim() !== ''
    ? { description: description.trim() }
    : {}),
})

/** The properties of a Swagger 2.0 definition, by name; dotted ones are inner fields, which their object stands for. */
const ofDefinition = (definition: unknown): readonly [string, Field][] => {
  const properties = isJsonObject(definition) ? definition.properties : undefined
  if (!isJsonObject(properties)) return []
  return Object.entries(properties).flatMap(([name, property]): [string, Field][] =>
    isJsonObject(property)
      ? [[name, field(typeOf(property.type, property.format), property.description ?? property.title)]]
      : [],
  )
}

const ofModel = ({ json: { model } }: Operation): readonly [string, Field][] => {
  const { swagger, name } = model ?? {}
  if (!isJsonObject(swagger)) return []
  const named =
    swagger[name ?? ''] ?? (isJsonObject(swagger.definitions) ? swagger.definitions[name ?? ''] : undefined)
  return ofDefinition(named ?? (isJsonObject(swagger.properties) ? swagger : undefined))
}

const ofObject = (object: ElementObjectJson | undefined): readonly [string, Field][] =>
  (object?.fields ?? []).map(({ name, type }): [string, Field] => [name, field(typeOf(type), undefined)])

const ofModels = (json: ElementJson, name: string): readonly [string, Field][] =>
  (json.models ?? [])
    .filter((model) => model.name === name)
    .flatMap((model) => model.modelFields ?? [])
    .flatMap(({ name: fieldName, type }): [string, Field][] =>
      fieldName ? [[fieldName, field(typeOf(type), undefined)]] : [],
    )

/** The object of that name. */
export const objectNamed = (json: ElementJson, name: string): ElementObjectJson | undefined =>
  (json.objects ?? []).find((object) => object.name === name)

const plain = (entries: readonly [string, Field][]): readonly [string, Field][] =>
  entries.filter(([name]) => !/[.[\]]/.test(name))

/** What is known of the fields of an object: of its models, then of itself, the later wins. */
export const fieldsOf = (
  json: ElementJson,
  name: string,
  operations: readonly Operation[],
): Readonly<Record<string, Field>> => {
  const object = objectNamed(json, name)
  const dates = [object?.updatedDateName, object?.createdDateName].flatMap((date): [string, Field][] =>
    date?.trim() ? [[date.trim(), field('datetime', undefined)]] : [],
  )
  return Object.fromEntries(
    plain([...ofModels(json, name), ...operations.flatMap(ofModel), ...ofObject(object), ...dates]),
  )
}
