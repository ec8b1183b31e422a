import type {
  ElementHookJson,
  ElementJson,
  ElementOperationJson,
  ElementParameterJson,
} from '#src/contract/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { type RootKey, rootKeyOf } from './root-key.ts'

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
export type Method = (typeof methods)[number]

/** One operation of a posted element, checked and ready to be run. */
export interface Operation {
  /** `GET /hubs/crm/contacts/{id}`, as errors name it. */
  readonly name: string
  readonly description: string
  readonly method: Method
  /** Segments below the hub; one in braces takes any value. */
  readonly segments: readonly string[]
  readonly vendorMethod: Method
  readonly vendorPath: string
  readonly rootKey: RootKey
  /** Where the reply tells of the next page; empty: it does not. */
  readonly nextPageKey: string
  /** `METHOD:/path` of the operation that is run after it; empty: none is. */
  readonly nextResource: string
  readonly isPaged: boolean | undefined
  readonly objectName: string
  /** Those of the element first: the operation's own come after and win. */
  readonly parameters: readonly ElementParameterJson[]
  readonly before: readonly ElementHookJson[]
  readonly after: readonly ElementHookJson[]
  /** It is written in Java at its maker's and runs nowhere else. */
  readonly isForeign: boolean
  readonly json: ElementOperationJson
}

/** What callers reach under a path; other types belong to connecting and disconnecting. */
const hubTypes = new Set(['', 'api', 'apinodocumentation'])

const bad = (where: string, message: string): AppError => new AppError('bad-request', `${where}: ${message}`)

const methodOf = (where: string, text: string): Method => {
  const found = methods.find((method) => method === text.trim().toUpperCase())
  if (found !== undefined) return found
  throw bad(where, `one of ${methods.join(', ')}, not '${text.slice(0, 32)}'.`)
}

/** The segments of a path below its hub: `/hubs/{any}/x/{id}` and `/x/{id}` are the same. */
const segmentsOf = (path: string): readonly string[] => {
  const all = (path.split('?', 1)[0] ?? '').split('/').filter((segment) => segment !== '')
  return all[0] === 'hubs' ? all.slice(2) : all
}

/** The last fixed segment names what a path is about. */
const nameOf = (segments: readonly string[]): string =>
  segments.filter((segment) => !segment.startsWith('{')).at(-1) ?? segments[0] ?? ''

const pagedOf = (where: string, text: string | null | undefined): boolean | undefined => {
  switch (text?.trim().toUpperCase() ?? '') {
    case '':
      return undefined
    case 'VENDOR_SUPPORTED':
      return true
    case 'VENDOR_NOT_SUPPORTED':
    case 'NO_PAGINATION':
      return false
    default:
      throw bad(where, 'VENDOR_SUPPORTED, VENDOR_NOT_SUPPORTED or NO_PAGINATION.')
  }
}

const hooksOf = (json: ElementJson, own: ElementOperationJson, type: string): readonly ElementHookJson[] =>
  [...(json.hooks ?? []), ...(own.hooks ?? [])].filter(
    (hook) => hook.type === type && hook.body.trim() !== '',
  )

/** @param at its place in `resources`, for errors. */
const operationOf = (json: ElementJson, own: ElementOperationJson, at: number): Operation => {
  const where = (member: string) => `resources[${at}].${member}`
  const method = methodOf(where('method'), own.method)
  const segments = segmentsOf(own.path)
  if (segments.length === 0) throw bad(where('path'), 'a path such as /contacts or /hubs/crm/contacts.')
  const vendorMethod = own.vendorMethod?.trim() ? own.vendorMethod : method
  return {
    name: `${method} /${segments.join('/')}`,
    description: own.description?.trim() || `${method} /${segments.join('/')}`,
    method,
    segments,
    vendorMethod: methodOf(where('vendorMethod'), vendorMethod),
    vendorPath: own.vendorPath?.trim() || `/${segments.join('/')}`,
    rootKey: rootKeyOf(own.rootKey),
    nextPageKey: own.nextPageKey?.trim() ?? '',
    nextResource: own.nextResource?.trim() ?? '',
    isPaged: pagedOf(where('paginationType'), own.paginationType),
    objectName: own.objectName?.trim() || nameOf(segments),
    parameters: [...(json.parameters ?? []), ...(own.parameters ?? [])],
    before: hooksOf(json, own, 'preRequest'),
    after: hooksOf(json, own, 'postRequest'),
    isForeign: own.kind?.trim().toLowerCase() === 'java',
    json: own,
  }
}

/** Every operation, and those that callers reach. */
export interface Operations {
  readonly all: readonly Operation[]
  readonly ofHub: readonly Operation[]
  /** Those of a type that belongs to connecting, such as `provisionAuthValidation`. */
  readonly ofType: (type: string) => readonly Operation[]
}

/** @throws AppError `bad-request` naming the member of `resources` that is wrong. */
export const operationsOf = (json: ElementJson): Operations => {
  const all = (json.resources ?? []).map((own, at) => operationOf(json, own, at))
  const typeOf = ({ json: own }: Operation): string => own.type?.trim().toLowerCase() ?? ''
  return {
    all,
    ofHub: all.filter((operation) => hubTypes.has(typeOf(operation))),
    ofType: (type) => all.filter((operation) => typeOf(operation) === type.toLowerCase()),
  }
}

/** The operation that `METHOD:/path` names, braces of whatever name alike; undefined: none. */
export const operationNamed = (all: readonly Operation[], name: string): Operation | undefined => {
  const [method = '', path = ''] = /^\s*([A-Za-z]+)\s*:\s*(.*)$/.exec(name)?.slice(1) ?? ['GET', name]
  const plain = (segments: readonly string[]) =>
    segments.map((segment) => (segment.startsWith('{') ? '{}' : segment)).join('/')
  const wanted = plain(segmentsOf(path))
  return all.find((one) => one.method === method.toUpperCase() && plain(one.segments) === wanted)
}
