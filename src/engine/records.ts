import type { Call, Resource } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { isJsonObject, type JsonObject } from '#src/lib/json.ts'
import type { OutboundReply } from '#src/outbound/index.ts'
import { askVendor, callVendor, readReply } from './call.ts'
import type { Connection, EngineNeed } from './connection.ts'
import { copyRow } from './copy-rows.ts'
import { idName } from './names.ts'
import { createProjection, dropNulls, type HubRow, toHubRow, toVendorBody } from './rows.ts'

/** What a create or an update came to. */
export interface WriteResult {
  readonly row: HubRow
  /** Fields of the body that only the vendor sets. */
  readonly ignored: readonly string[]
  /** The write happened, but reading the row back did not: why. */
  readonly unread?: string
}

/**
 * A row's id in a path. `.` and `..` would lead to another address, and no row is called so.
 * @throws AppError `not-found`.
 */
export const inPath = (resource: Resource, id: string): string => {
  if (id !== '.' && id !== '..') return encodeURIComponent(id)
  throw new AppError('provider-not-found', `No ${resource.name} found with id ${id}`, { hop: 'amalgam' })
}

const withId = (resource: Resource, path: string, id: string): string =>
  path.replace('{id}', inPath(resource, id))

const verbOf = (resource: Resource, call: Call | undefined, word: string): Call => {
  if (call !== undefined) return call
  throw new AppError('wrong-verb', `${resource.name} cannot be ${word}.`)
}

/** Which row, and, where the caller says so, whose. */
export interface RowAddress {
  readonly id: string
  readonly owner?: string | undefined
}

/** The query that names the owner of a row, where the vendor wants it. */
export const ownerQuery = (need: EngineNeed, connection: Connection, resource: Resource, row: RowAddress) =>
  need.owners.query(connection.scope, resource, row.id, row.owner)

const askRow = (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  address: RowAddress,
): Promise<OutboundReply> => {
  const call = verbOf(resource, resource.verbs.retrieve, 'read one by one')
  const query = ownerQuery(need, connection, resource, address)
  // Whose row it is, is not known: a company's token finds everybody's.
  const isAnybodys =
    resource.owner !== undefined && query.length === 0 && connection.ownersOf(resource) === 'all'
  return askVendor(need, connection, {
    method: call.method,
    path: withId(resource, call.path, address.id),
    query,
    principals: call.principals ?? (isAnybodys ? ['company', 'user'] : undefined),
    repeatable: true,
  })
}

const rowIn = (connection: Connection, resource: Resource, reply: OutboundReply): HubRow => {
  const body = readReply(connection, reply)
  if (isJsonObject(body)) return toHubRow(resource, body)
  throw new AppError('provider-failed', `${resource.name}: the row came in an unknown shape.`, {
    hop: 'provider',
  })
}

/** One row by its key. @throws AppError `provider-not-found` and what else the vendor's refusal means. */
export const retrieveRow = async (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  address: RowAddress,
): Promise<HubRow> => rowIn(connection, resource, await askRow(need, connection, resource, address))

/** What of a row goes out. */
export interface Shown {
  /** Names of the fields to show; none: all. */
  readonly fields: readonly string[]
  /** Whether fields that are null go out. */
  readonly keepNulls: boolean
}

/** One row by its key as JSON text, copied from the vendor's reply where it is shown whole. @throws as `retrieveRow`. */
export const retrieveText = async (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  address: RowAddress,
  { fields, keepNulls }: Shown,
): Promise<Buffer | string> => {
  const project = createProjection(resource, fields)
  const reply = await askRow(need, connection, resource, address)
  const copied = fields.length === 0 ? copyRow(reply.body, resource, keepNulls) : null
  if (copied !== null) return copied
  const row = project(rowIn(connection, resource, reply))
  return JSON.stringify(keepNulls ? row : dropNulls(row))
}

/** Reads a row back after a write that has happened, so its failure cannot undo or hide the write. */
const readBack = async (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  address: RowAddress,
  ignored: readonly string[],
): Promise<WriteResult> => {
  const { id } = address
  const bare: HubRow = resource.key === idName ? { [idName]: id } : { [idName]: id, [resource.key]: id }
  if (resource.verbs.retrieve === undefined) return { row: bare, ignored }
  try {
    return { row: await retrieveRow(need, connection, resource, address), ignored }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { row: bare, ignored, unread: `written, but not read back: ${error.message}` }
  }
}

/** Creates a row and reads it back. @throws AppError `bad-request` on an empty body. */
export const createRow = async (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  input: JsonObject,
): Promise<WriteResult> => {
  const { create } = resource.verbs
  const call = verbOf(resource, create, 'created')
  const { body, ignored } = toVendorBody(resource, input, false)
  if (Object.keys(body).length === 0) {
    throw new AppError('bad-request', `body: it has no field of ${resource.name} that can be written.`)
  }
  const reply = await callVendor(need, connection, {
    method: call.method,
    path: call.path,
    body,
    principals: call.principals,
    repeatable: false,
  })
  const id = isJsonObject(reply) ? reply[create?.newId ?? ''] : undefined
  if (typeof id !== 'string' && typeof id !== 'number') {
    throw new AppError('provider-failed', `${resource.name}: created, but the reply names no id.`, {
      hop: 'provider',
    })
  }
  return readBack(need, connection, resource, { id: String(id) }, ignored)
}

/** Changes the given fields of a row and reads it back; a body with nothing to write only reads. */
export const updateRow = async (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  address: RowAddress,
  input: JsonObject,
): Promise<WriteResult> => {
  const call = verbOf(resource, resource.verbs.update, 'changed')
  const { body, ignored } = toVendorBody(resource, input, true)
  if (Object.keys(body).length === 0) {
    return { row: await retrieveRow(need, connection, resource, address), ignored }
  }
  await callVendor(need, connection, {
    method: call.method,
    path: withId(resource, call.path, address.id),
    query: ownerQuery(need, connection, resource, address),
    body,
    principals: call.principals,
    repeatable: true,
  })
  return readBack(need, connection, resource, address, ignored)
}
