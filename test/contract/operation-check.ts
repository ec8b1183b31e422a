import { Ajv, type ValidateFunction } from 'ajv'
import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'
import type { Tapped } from '../support/tap.ts'
import { bodyProblems, bodySchemaOf, type Parameter, words } from './body-check.ts'
import { asRequest, definitionsOf } from './json-schema.ts'
import type { PublishedOperation } from './published.ts'

/** One request against one operation of a published file: what does not fit. */
export type OperationCheck = (request: Tapped, inPath: Readonly<Record<string, string>>) => Promise<string[]>

/** Formats that are checked; others say nothing about the text. Instants of v3 have no zone (spec/concur.md 2.1). */
const formats = {
  uuid: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  date: /^\d{4}-\d\d-\d\d$/,
  'date-time': /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?$/,
  ...Object.fromEntries(
    ['int32', 'int64', 'float', 'double', 'uri', 'email', 'byte', 'binary', 'password'].map(
      (name) => [name, true] as const,
    ),
  ),
}

/** Sent with every request, by whoever sends; the files name them here and there. */
const everywhere: ReadonlySet<string> = new Set(['authorization', 'accept', 'content-type'])

const parametersOf = ({ about, file }: PublishedOperation): readonly Parameter[] => {
  const list = Array.isArray(about['parameters']) ? about['parameters'] : []
  return list.map((each: Json) => {
    if (!isJsonObject(each) || typeof each['name'] !== 'string')
      throw new Error(`${file}: a parameter by reference, which nothing here follows`)
    const schema = isJsonObject(each['schema']) ? each['schema'] : each
    return {
      ...{ name: each['name'], in: String(each['in']), schema },
      required: each['required'] === true,
    }
  })
}

const objectOf = (parameters: readonly Parameter[]): JsonObject => ({
  type: 'object',
  properties: Object.fromEntries(parameters.map(({ name, schema }) => [name, asRequest(schema)])),
  required: parameters.filter(({ required }) => required).map(({ name }) => name),
  additionalProperties: false,
})

/** The query by names; a list of the file's comes as one text with commas, or as several values. */
const queryOf = ({ query }: Tapped, parameters: readonly Parameter[]): JsonObject => {
  const lists = new Set(parameters.filter(({ schema }) => schema['type'] === 'array').map(({ name }) => name))
  return Object.fromEntries(
    [...new Set(query.map(([name]) => name))].map((name): [string, Json] => {
      const values = query.filter(([each]) => each === name).map(([, value]) => value)
      if (lists.has(name)) return [name, values.flatMap((value) => value.split(','))]
      return [name, values.length === 1 ? (values[0] ?? '') : values]
    }),
  )
}

type Compile = (schema: Json) => ValidateFunction

const compileWith = (named: JsonObject, coerceTypes: boolean): Compile => {
  const ajv = new Ajv({
    ...{ allErrors: true, strict: false, validateSchema: false, logger: false },
    ...{ formats, coerceTypes },
  })
  return (schema) => ajv.compile({ ...(schema as JsonObject), $defs: named } as JsonObject)
}

const lazily = <Value>(make: () => Value): (() => Value) => {
  let made: { readonly value: Value } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

const checkOf = (operation: PublishedOperation, text: Compile, json: Compile): OperationCheck => {
  const parameters = parametersOf(operation)
  const inside = (place: string) => parameters.filter((each) => each.in === place)
  const body = bodySchemaOf(operation, parameters)
  const compiled = lazily(() => ({
    query: text(objectOf(inside('query'))),
    path: text(objectOf(inside('path'))),
    body: body?.schema === undefined ? undefined : json(body.schema),
  }))
  const headers = inside('header').filter(
    ({ name, required }) => required && !everywhere.has(name.toLowerCase()),
  )
  return async (request, inPath) => [
    ...words('query', compiled().query, queryOf(request, inside('query'))),
    ...words('path', compiled().path, { ...inPath }),
    ...headers
      .filter(({ name }) => request.headers[name.toLowerCase()] === undefined)
      .map(({ name }) => `header ${name}: required and absent`),
    ...(await bodyProblems(request, body, compiled().body)),
  ]
}

/**
 * Makes the checks of one file's operations. What they look at: query and path parameters (known, required, type,
 * values), headers that are required, the type of the body, and the body against its schema.
 */
export const createOperationChecks = (
  operations: readonly PublishedOperation[],
): readonly OperationCheck[] => {
  const [first] = operations
  if (first === undefined) return []
  const named = definitionsOf(first.document)
  // Parameters are text: a number is what reads as one.
  const [text, json] = [compileWith(named, true), compileWith(named, false)]
  return operations.map((operation) => checkOf(operation, text, json))
}
