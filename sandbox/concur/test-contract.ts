import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { publishedFiles } from './test-files.ts'
import { againstSample, hasSample } from './test-samples.ts'

/**
 * Holds every JSON reply that a test sees against the vendor's machine-readable schemas, where a copy of
 * them stands beside the project.
 */
type Json = Record<string, unknown>
interface Schema {
  readonly type?: string
  readonly $ref?: string
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
}

const folder = join(process.cwd(), '../shared/concur-openapi')
const hasContract = existsSync(folder)

/** v3 schemas that declare one object where the service gives a list: each element is held against it. */
const listNotObject =
  /\.(?:Items|Policies|ExpenseTypes|PaymentTypes|AttendeeTypes|PaymentRequestDigest|Vendor|VendorBank|VendorGroup|StatusList|VendorBankList|LineItem|Allocation)$/

/** Where the schemas are wrong or behind the pages; each with its reason. */
const exceptions: Readonly<Record<string, string>> = {
  'EntryGet.ExpenseID': 'in the page since October 2024, missing in the schema',
  'ListResponse.externalThreshold': 'in the page and its example, missing in the schema',
  'AttendeeGet.custom21': 'the schema writes Custom21',
  'AttendeeGet.hasExceptionsPrevYear': 'the schema writes HasExceptionsPrevYear',
  'PaymentRequestDigest.LastModifiedDate': 'in the page, missing in the schema',
  'PaymentRequestDigest.ExtractedDate': 'in the page, missing in the schema',
  'PaymentRequestDigest.PaymentMethod': 'in the page, missing in the schema',
  'VendorGroup.StatusList': 'in the page, missing in the schema',
}

/** Replies whose schema is another one's: by file, method and path. */
const others: Readonly<Record<string, string>> = {
  // The list's schema stands at the address of one attendee.
  'v4-0/Attendees.swagger2.json GET /attendees/{id}': '#/definitions/AttendeeGet',
}

interface Operation {
  readonly file: string
  readonly pattern: RegExp
  readonly method: string
  readonly replies: Readonly<Record<string, Json>>
  readonly document: Json
  readonly other: string | undefined
}

const escaped = (text: string): string => text.replace(/[.*+?^$()|[\]\\]/g, '\\$&')

const operationsOf = ([file, prefix]: readonly [string, string]): Operation[] => {
  const document = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Json
  return Object.entries(document['paths'] as Json).flatMap(([path, methods]) => {
    const pattern = new RegExp(`^${escaped(`${prefix}${path}`).replace(/\{[^}]+\}/g, '[^/]+')}$`)
    return Object.entries(methods as Json).flatMap(([method, about]) => {
      const replies = (about as Json)['responses']
      if (replies === undefined) return []
      return [
        {
          file,
          pattern,
          other: others[`${file} ${method.toUpperCase()} ${path}`],
          method: method.toUpperCase(),
          replies: replies as Record<string, Json>,
          document,
        },
      ]
    })
  })
}

const resolve = (document: Json, reference: string): Schema | undefined => {
  let value: unknown = document
  for (const part of reference.slice(2).split('/')) value = (value as Json | undefined)?.[part]
  return value as Schema | undefined
}

const fits = (type: string | undefined, value: unknown): boolean => {
  if (type === undefined) return true
  if (type === 'array') return Array.isArray(value)
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'object') return typeof value === 'object'
  return typeof value === type
}

/** All places where a value has a property that its schema lacks, or another type; null is always allowed. */
const differences = (document: Json, name: string, schema: Schema, value: unknown): string[] => {
  const target = schema.$ref === undefined ? schema : (resolve(document, schema.$ref) ?? schema)
  const own = schema.$ref?.split('/').at(-1) ?? name
  if (value === null) return []
  if (Array.isArray(value) && target.type !== 'array' && listNotObject.test(name)) {
    return value.flatMap((item) => differences(document, own, schema, item))
  }
  if (!fits(target.type, value)) return [`${name}: is no ${String(target.type)}`]
  if (Array.isArray(value)) {
    return value.flatMap((item) => differences(document, `${own}[]`, target.items ?? {}, item))
  }
  const known = target.properties
  if (known === undefined || typeof value !== 'object') return []
  const missing = (target.required ?? [])
    .filter((key) => !(key in (value as Json)) && key in known)
    .map((key) => `${own}.${key}: required and absent`)
  return [
    ...missing,
    ...Object.entries(value as Json).flatMap(([key, inner]) => {
      const property = known[key]
      if (exceptions[`${own}.${key}`] !== undefined) return []
      return property === undefined
        ? [`${own}.${key}: not in the schema`]
        : differences(document, `${own}.${key}`, property, inner)
    }),
  ]
}

const schemaOf = (operation: Operation, status: number): Schema | undefined => {
  if (operation.other !== undefined && status === 200) return { $ref: operation.other }
  const reply = operation.replies[String(status)]
  const content = Object.values((reply?.['content'] ?? {}) as Record<string, Json>)[0]
  return (reply?.['schema'] ?? content?.['schema']) as Schema | undefined
}

const escapedPath = (url: string): string => new URL(url).pathname.replace(/^\/dc\/eu2/, '')

export interface Contract {
  /** To be given every reply. */
  see(method: string, url: string, status: number, body: unknown): void
  /** Whether a schema or an example stands for an address. */
  covers(method: string, path: string): boolean
  /** What does not fit, each once. */
  problems(): string[]
  /** Replies held against a schema, of how many operations, and replies held against an example. */
  count(): { readonly replies: number; readonly operations: number; readonly samples: number }
}

/** v3 failures have a schema without a content; Reports v4 declares the attendees themselves for their 404. */
const isVoid = (reference: string | undefined, status: number): boolean =>
  reference === 'Void' || (status === 404 && reference === 'ExpenseAttendeesWithAmounts')

export const openContract = (): Contract => {
  const operations = hasContract ? publishedFiles.flatMap(operationsOf) : []
  const problems = new Set<string>()
  const seen = new Set<Operation>()
  let replies = 0
  let samples = 0
  const find = (method: string, path: string) =>
    operations.find((each) => each.method === method && each.pattern.test(path))
  const seeSample = (path: string, status: number, body: unknown) => {
    const found = againstSample(path, status, body)
    if (found !== undefined) samples += 1
    for (const problem of found ?? []) problems.add(problem)
  }
  return {
    see: (method, url, status, body) => {
      const path = escapedPath(url)
      seeSample(path, status, body)
      const operation = find(method, path)
      const schema = operation === undefined ? undefined : schemaOf(operation, status)
      if (operation === undefined || schema === undefined) return
      replies += 1
      seen.add(operation)
      const reference = schema.$ref?.split('/').at(-1)
      if (isVoid(reference, status)) return
      for (const problem of differences(operation.document, reference ?? 'reply', schema, body)) {
        problems.add(`${operation.file}: ${problem}`)
      }
    },
    covers: (method, path) => find(method, path) !== undefined || hasSample(method, path),
    problems: () => [...problems],
    count: () => ({ replies, operations: seen.size, samples }),
  }
}
