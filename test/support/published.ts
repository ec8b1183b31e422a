import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * What a vendor published, as it stands beside the project: specifications (Swagger 2.0 and OpenAPI 3.0) and payloads of
 * its pages. Data of third parties, for tests alone, never in the project.
 */
type Value = string | number | boolean | null | Value[] | { [name: string]: Value }

export interface Schema {
  readonly type?: string
  readonly format?: string
  readonly $ref?: string
  readonly items?: Schema
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
}

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
}

export interface Spec {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly definitions?: Readonly<Record<string, Schema>>
  readonly components?: { readonly schemas: Readonly<Record<string, Schema>> }
}

const above = join(import.meta.dirname, '..', '..')
/** Built tests lie one folder deeper. */
const shared = join(above.endsWith('dist') ? join(above, '..') : above, '..', 'shared')
const folders = [join(shared, 'concur-openapi'), join(shared, 'concur-samples')] as const

export const hasPublished = folders.every((folder) => existsSync(folder))
if (!hasPublished)
  process.stdout.write("skipped: the vendor's published specifications are not beside the project\n")

const read = <T>(folder: string, file: string): T => JSON.parse(readFileSync(join(folder, file), 'utf8')) as T

/** A specification by its file; without any path where there is none beside the project. */
export const specOf = (file: string): Spec => (hasPublished ? read<Spec>(folders[0], file) : { paths: {} })

/** A payload of a page, by folder and number. */
export const sampleOf = <T>(name: string): T => read<T>(folders[1], `${name}.json`)

export const schemaIn = (spec: Spec, name: string): Schema =>
  spec.definitions?.[name] ?? spec.components?.schemas[name] ?? {}

/** The parameters of an operation's query. */
export const parametersOf = (spec: Spec, method: string, path: string): readonly string[] =>
  (spec.paths[path]?.[method.toLowerCase()]?.parameters ?? [])
    .filter((each) => each.in === 'query')
    .map(({ name }) => name)

const isObject = (value: unknown): value is { [name: string]: Value } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const inside = (spec: Spec, at: string, schema: Schema, value: Value): readonly string[] => {
  if (!isObject(value)) return [`${at}: no object`]
  const absent = (schema.required ?? []).filter((name) => !Object.hasOwn(value, name))
  return [
    ...absent.map((name) => `${at}.${name}: absent`),
    ...Object.entries(value).flatMap(([name, inner]) => {
      const property = schema.properties?.[name]
      return property === undefined
        ? [`${at}.${name}: unknown`]
        : differences(spec, `${at}.${name}`, property, inner)
    }),
  ]
}

/** Where a value is not as its schema says: unknown and absent members, and other kinds. */
const differences = (spec: Spec, at: string, schema: Schema, value: Value): readonly string[] => {
  const target = schema.$ref === undefined ? schema : schemaIn(spec, schema.$ref.split('/').at(-1) ?? '')
  if (target.type === 'array') {
    return Array.isArray(value)
      ? value.flatMap((each) => differences(spec, `${at}[]`, target.items ?? {}, each))
      : [`${at}: no array`]
  }
  if (target.properties !== undefined) return inside(spec, at, target, value)
  const kind = target.type === 'integer' ? 'number' : target.type
  return kind === undefined || typeof value === kind ? [] : [`${at}: no ${kind}`]
}

export interface Request {
  readonly method: string
  readonly path: string
  readonly query?: Readonly<Record<string, string | undefined>>
  readonly body?: unknown
}

/** What of a request the specification does not have: the operation, a parameter, a part of the body. */
export const problemsWith = (spec: Spec, { method, path, query = {}, body }: Request): readonly string[] => {
  const said = `${method} ${path}`
  const pattern = Object.keys(spec.paths).find(
    (each) =>
      new RegExp(`^${each.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(path) &&
      Object.hasOwn(spec.paths[each] ?? {}, method.toLowerCase()),
  )
  if (pattern === undefined) return [`${said}: no such operation`]
  const parameters = parametersOf(spec, method, pattern)
  const unknown = Object.entries(query)
    .filter(([name, value]) => value !== undefined && !parameters.includes(name))
    .map(([name]) => `${said}: no parameter ${name}`)
  const content = spec.paths[pattern]?.[method.toLowerCase()]?.requestBody?.content ?? {}
  const schema = Object.values(content)[0]?.schema
  if (schema !== undefined) return [...unknown, ...differences(spec, said, schema, (body ?? null) as Value)]
  return body === undefined ? unknown : [...unknown, `${said}: takes no body`]
}
