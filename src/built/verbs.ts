import type {
  AnsweredRow,
  Coded,
  CollectionRun,
  CreateRun,
  Given,
  RemoveRun,
  RetrieveRun,
  SearchRun,
  UpdateRun,
  VendorPort,
  Verbs,
} from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'
import type { Asked, Outcome } from './asked.ts'
import type { Operation } from './operation.ts'
import { nextCursor, pageQuery, pagingOf } from './paging.ts'
import { type Built, runOperation } from './run-operation.ts'
import { configuredOf } from './values.ts'

const why = 'the element was posted as JSON'

const braceName = (segment: string): string | undefined => /^\{(.+)\}$/.exec(segment)?.[1]

/** Names of the braces of an operation's path, in order. */
export const bracesOf = ({ segments }: Operation): readonly string[] =>
  segments.flatMap((segment) => braceName(segment) ?? [])

/** What a caller gave, as an operation reads it. The last brace is the row's id, where there is one. */
export const askedOf = (operation: Operation, given: Given, id?: string): Omit<Asked, 'where' | 'body'> => {
  const braces = bracesOf(operation)
  const idName = id === undefined ? undefined : braces.at(-1)
  const headerNames = new Set(
    operation.parameters.filter(({ type }) => type === 'header').map(({ name }) => name),
  )
  const query: Record<string, string> = {}
  const headers: Record<string, string> = {}
  const path: Record<string, string> = {}
  for (const [name, value] of Object.entries(given)) {
    if (braces.includes(name)) path[name] = value
    else if (headerNames.has(name)) headers[name.toLowerCase()] = value
    else query[name] = value
  }
  if (idName !== undefined && id !== undefined) path[idName] = id
  return { path, query, headers }
}

export const call = ({ vendorMethod, vendorPath, description }: Operation) =>
  ({ kind: 'coded', why: `${why}: ${description}`, method: vendorMethod, path: vendorPath }) as const

/** The rows of a listing's reply. @throws AppError `provider-failed` where it is neither rows nor a row. */
const rowsOf = (operation: Operation, body: Json | undefined): readonly JsonObject[] => {
  if (body === undefined || body === null) return []
  if (Array.isArray(body)) return body.map((row: Json) => (isJsonObject(row) ? row : { value: row }))
  if (isJsonObject(body)) return [body]
  throw new AppError('provider-failed', `${operation.name}: the listing came in an unknown shape.`, {
    hop: 'provider',
  })
}

const searchOf = (built: Built, operation: Operation): Coded<SearchRun> => ({
  ...call(operation),
  run: async (port, { filters, cursor, limit, where }) => {
    const configured = configuredOf(port, built.defaults)
    const paging = pagingOf(operation, configured)
    const { query, vendor } = pageQuery(operation, paging, cursor, limit)
    const { path, query: given, headers } = askedOf(operation, filters)
    const asked = { path, headers, query: { ...given, ...query }, body: undefined, where }
    const { first, last } = await runOperation(built, operation, port, asked, vendor)
    const rows = rowsOf(operation, last.body)
    const next = nextCursor(operation, paging, cursor, limit, first, rows.length)
    return isJsonObject(last.body) ? { rows, next, isSingle: true } : { rows, next }
  },
})

const retrieveOf = (built: Built, operation: Operation): Coded<RetrieveRun> => ({
  ...call(operation),
  run: async (port, { id, given }) => {
    const asked = { ...askedOf(operation, given, id), body: undefined, where: null }
    const { last } = await runOperation(built, operation, port, asked)
    const found = Array.isArray(last.body) ? (last.body as readonly Json[])[0] : last.body
    return isJsonObject(found) ? found : undefined
  },
})

/** What a write answered as a row; empty where the vendor said nothing of it. */
const rowOf = ({ body }: Outcome): JsonObject => {
  const row = Array.isArray(body) ? (body as readonly Json[])[0] : body
  return isJsonObject(row) ? row : {}
}

/** The last segment of where the vendor says that a new row is. */
const placedId = ({ headers }: Outcome): string | undefined => {
  const last = headers.location?.split(/[?#]/, 1)[0]?.split('/').filter(Boolean).at(-1)
  return last === undefined ? undefined : decodeURIComponent(last)
}

/** Runs what makes a row. @returns what was answered, or the id of a row that can be read back. */
export const runCreate = async (
  built: Built,
  operation: Operation,
  port: VendorPort,
  asked: Asked,
  canRetrieve: boolean,
): Promise<string | AnsweredRow> => {
  const { first, last } = await runOperation(built, operation, port, asked)
  const row = rowOf(last)
  const id = placedId(first)
  return Object.keys(row).length === 0 && id !== undefined && canRetrieve ? id : { row }
}

const createOf = (built: Built, operation: Operation, canRetrieve: boolean): Coded<CreateRun> => ({
  ...call(operation),
  run: (port, { body, given }) =>
    runCreate(built, operation, port, { ...askedOf(operation, given), body, where: null }, canRetrieve),
})

const updateOf = (built: Built, operation: Operation): Coded<UpdateRun> => ({
  ...call(operation),
  run: async (port, { id, body, given }) => {
    const asked = { ...askedOf(operation, given, id), body, where: null }
    const row = rowOf((await runOperation(built, operation, port, asked)).last)
    return Object.keys(row).length === 0 ? undefined : { row }
  },
})

const removeOf = (built: Built, operation: Operation): Coded<RemoveRun> => ({
  ...call(operation),
  run: async (port, { id, given }) => {
    await runOperation(built, operation, port, {
      ...askedOf(operation, given, id),
      body: undefined,
      where: null,
    })
  },
})

const collectionOf = (built: Built, operation: Operation): Coded<CollectionRun> => ({
  ...call(operation),
  run: async (port, { body, given }) => {
    const asked = { ...askedOf(operation, given), body: body as Json, where: null }
    return { answer: (await runOperation(built, operation, port, asked)).last.body }
  },
})

/** Operations on one path, by their method. */
export type ByMethod = Readonly<Partial<Record<Operation['method'], Operation>>>

/** What can be done under a path and under the path of one of its rows. */
export const verbsOf = (built: Built, collection: ByMethod, item: ByMethod): Verbs => ({
  ...(collection.GET === undefined ? {} : { search: searchOf(built, collection.GET) }),
  ...(collection.POST === undefined
    ? {}
    : { create: createOf(built, collection.POST, item.GET !== undefined) }),
  ...(collection.PATCH === undefined ? {} : { updateAll: collectionOf(built, collection.PATCH) }),
  ...(collection.DELETE === undefined ? {} : { removeAll: collectionOf(built, collection.DELETE) }),
  ...(item.GET === undefined ? {} : { retrieve: retrieveOf(built, item.GET) }),
  ...(item.PATCH === undefined ? {} : { update: updateOf(built, item.PATCH) }),
  ...(item.PUT === undefined ? {} : { replace: updateOf(built, item.PUT) }),
  ...(item.DELETE === undefined ? {} : { remove: removeOf(built, item.DELETE) }),
})
