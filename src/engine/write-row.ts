import type { AnsweredRow, Call, CreateCall, Given, Resource, VendorPort } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'
import type { OutboundReply } from '#src/outbound/index.ts'
import { checkAddress } from './address.ts'
import { askVendor, readReply } from './call.ts'
import { chosenAfter } from './chosen.ts'
import type { Connection, EngineNeed } from './connection.ts'
import { requestOf } from './fill.ts'
import { guardOf } from './guard.ts'
import { idName } from './names.ts'
import { createPort } from './port.ts'
import { givenTo, ownerQuery, type RowAddress, retrieveRow, valuesOf, verbOf } from './records.ts'
import { isRepeatable } from './repeatable.ts'
import { type HubRow, toHubRow, toVendorBody, type WriteResult } from './rows.ts'

/** How a row is written. */
export interface HowToWrite {
  /** The row is read back only where its guard has to look at it; what is answered has its id alone. */
  readonly unread?: boolean
  /** A change that is the whole row (`Verbs.replace`). */
  readonly replaces?: boolean
}

const bareRow = ({ key, keyOf }: Resource, id: string): HubRow =>
  key === idName || keyOf !== undefined ? { [idName]: id } : { [idName]: id, [key]: id }

/** Reads a row back after a write that has happened, so its failure cannot undo or hide the write. */
export const readBack = async (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  address: RowAddress,
  ignored: readonly string[],
): Promise<WriteResult> => {
  const { id } = address
  const bare = bareRow(resource, id)
  if (resource.verbs.retrieve === undefined) return { row: bare, ignored }
  try {
    return { row: await retrieveRow(need, connection, resource, address), ignored }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { row: bare, ignored, unread: `written, but not read back: ${error.message}` }
  }
}

/** The last segment of an address, decoded. */
const lastSegment = (address: unknown): string | undefined => {
  if (typeof address !== 'string') return undefined
  const last = address.split(/[?#]/, 1)[0]?.split('/').filter(Boolean).at(-1)
  if (last === undefined) return undefined
  try {
    return decodeURIComponent(last)
  } catch {
    return last
  }
}

const newIdIn = (
  connection: Connection,
  { newId }: Pick<CreateCall, 'newId'>,
  reply: OutboundReply,
  input: JsonObject,
): unknown => {
  if (newId.kind === 'location') return lastSegment(reply.headers.location)
  if (newId.kind === 'own-field') return input[newId.name]
  const body = readReply(connection, reply)
  const told = isJsonObject(body) ? body[newId.name] : undefined
  return newId.kind === 'uri-field' ? lastSegment(told) : told
}

/** Whose a new row is, as the vendor is told; nothing: the connected person's. */
const newOwner = ({ owner }: Resource, given: Given): readonly (readonly [string, string])[] => {
  const named = owner === undefined ? undefined : given[owner.param]
  return owner === undefined || named === undefined ? [] : [[owner.param, named]]
}

const noId = ({ name }: Resource): AppError =>
  new AppError('provider-failed', `${name}: created, but the reply names no id.`, {
    hop: 'provider',
    unsure: true,
  })

/**
 * The id that a create's reply tells.
 * @throws AppError `provider-failed` where it tells none; not to be repeated where it cannot be read.
 */
export const newIdOf = (
  connection: Connection,
  resource: Resource,
  call: Pick<CreateCall, 'newId'>,
  reply: OutboundReply,
  input: JsonObject,
): string => {
  let id: unknown
  try {
    id = newIdIn(connection, call, reply, input)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    throw new AppError(
      error.code,
      `${resource.name}: created, but the reply that names its id cannot be read: ${error.message} Look for it before you send it again.`,
      { ...error.details, retryable: false, unsure: true },
      { cause: error },
    )
  }
  if ((typeof id === 'string' && id !== '') || typeof id === 'number') return String(id)
  throw noId(resource)
}

const sendCreate = async (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  call: CreateCall,
  given: Given,
  input: JsonObject,
  body: JsonObject,
): Promise<string> => {
  const request = await requestOf(need, connection, resource, call, given)
  const query = [...request.query, ...newOwner(resource, given)]
  // The new name first: after a spread, V8 of Node 20 makes a hidden class for each object, which only full collections free.
  const reply = await askVendor(need, connection, { body, ...request, query })
  return newIdOf(connection, resource, call, reply, input)
}

/** A coded write of several calls: what fails after one of them was done leaves it done in part. */
const wholeOrUnsure = async <Made>(
  port: VendorPort,
  run: (port: VendorPort) => Promise<Made>,
): Promise<Made> => {
  let wrote = false
  const noting: VendorPort = {
    ...port,
    ask: async (request) => {
      const reply = await port.ask(request)
      if (!isRepeatable(request)) wrote = true
      return reply
    },
  }
  try {
    return await run(noting)
  } catch (error) {
    if (!wrote || !(error instanceof AppError)) throw error
    const { code, message, details } = error
    throw new AppError(code, message, { ...details, retryable: false, unsure: true }, { cause: error })
  }
}

/**
 * The address, said outside a body and in it, and the body without what is only that.
 * @throws AppError `bad-request` where they contradict each other, or a part is no text.
 */
const addressIn = (
  resource: Resource,
  input: JsonObject,
  given: Given,
): { readonly given: Given; readonly body: JsonObject } => {
  if (resource.address === undefined || resource.openFields !== undefined) return { given, body: input }
  const said: Record<string, string> = { ...given }
  const body: Record<string, Json> = { ...input }
  for (const { name } of resource.address) {
    const part = addressPart(name, input[name], given[name])
    if (part !== undefined) said[name] = part
    if (!Object.hasOwn(resource.fields, name)) delete body[name]
  }
  return { given: said, body }
}

const addressPart = (name: string, value: Json | undefined, given: string | undefined) => {
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string' && typeof value !== 'number')
    throw new AppError('bad-request', `body.${name}: a text.`)
  if (given === undefined || given === String(value)) return String(value)
  throw new AppError('bad-request', `body.${name}: it differs from the query parameter of that name.`)
}

/** What of a body was not written: the address in it was not written but used. */
const notWritten = (ignored: readonly string[], said: Given): readonly string[] =>
  ignored.filter((name) => !Object.hasOwn(said, name))

/**
 * Creates a row and reads it back.
 * @param given what the caller said outside the body.
 * @throws AppError `bad-request` on an empty body or a missing part of the address.
 */
export const createRow = async (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  input: JsonObject,
  given: Given,
  how: HowToWrite = {},
): Promise<WriteResult> => {
  const verb = verbOf(resource, resource.verbs.create, 'created')
  const { given: address, body: rest } = addressIn(resource, input, given)
  checkAddress(resource, 'create', address)
  const { body, ignored } = toVendorBody(resource, rest, false)
  if (Object.keys(body).length === 0 && resource.openFields === undefined) {
    throw new AppError('bad-request', `body: it has no field of ${resource.name} that can be written.`)
  }
  const guard = guardOf(need, connection, resource, { id: undefined, body, given: address })
  const told = await guard.sent<string | AnsweredRow>(() =>
    'run' in verb
      ? wholeOrUnsure(createPort(need, connection), (port) => verb.run(port, { body, given: address }))
      : sendCreate(need, connection, resource, verb, address, input, body),
  )
  if (typeof told !== 'string')
    return { row: toHubRow(resource, told.row), ignored: notWritten(ignored, address) }
  const id = told
  if (how.unread === true && !guard.looks())
    return { row: bareRow(resource, id), ignored: notWritten(ignored, address) }
  const [[, owner] = []] = newOwner(resource, address)
  const made = await readBack(
    need,
    connection,
    resource,
    { id, owner, given: address, chosen: chosenAfter(resource, rest) },
    notWritten(ignored, address),
  )
  return guard.checked(made, id, true)
}

/** The whole row with the changes laid over it, for a vendor that takes whole rows only. */
const wholeBody = async (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  address: RowAddress,
  input: JsonObject,
): Promise<JsonObject> => {
  const row = await retrieveRow(need, connection, resource, address)
  return toVendorBody(resource, { ...row, ...input }, true).body
}

/** What goes with a call about a row. */
interface Sent {
  readonly body?: JsonObject | undefined
  readonly query?: readonly (readonly [name: string, value: string])[]
}

/** Sends one call about a row. */
export const sendToRow = async (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  call: Call,
  address: RowAddress,
  { body, query = [] }: Sent,
): Promise<void> => {
  const request = await requestOf(need, connection, resource, call, valuesOf(resource, address))
  // What it answers says nothing that is needed: its status is the answer.
  await askVendor(need, connection, {
    body,
    ...request,
    query: [...request.query, ...query],
  })
}

/**
 * Changes the given fields of a row, or replaces it, and reads it back; a body with nothing to write only reads.
 * @throws AppError `wrong-verb` where the resource cannot do it, and what the vendor's refusal means.
 */
export const updateRow = async (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  address: RowAddress,
  input: JsonObject,
  how: HowToWrite = {},
): Promise<WriteResult> => {
  const name = how.replaces === true ? 'replace' : 'update'
  const verb = verbOf(resource, resource.verbs[name], how.replaces === true ? 'replaced' : 'changed')
  const { given: said, body: rest } = addressIn(resource, input, address.given ?? {})
  const whose = { ...address, given: said, chosen: chosenAfter(resource, rest) }
  checkAddress(resource, name, valuesOf(resource, whose))
  const { body, ignored: unwritable } = toVendorBody(resource, rest, true)
  const ignored = notWritten(unwritable, said)
  if (Object.keys(body).length === 0 && resource.openFields === undefined) {
    return { row: await retrieveRow(need, connection, resource, whose), ignored }
  }
  const { id } = address
  const given = givenTo(need, connection, resource, whose)
  const guard = guardOf(need, connection, resource, { id, body, given })
  const answered = await guard.sent(async () => {
    if ('run' in verb) return verb.run(createPort(need, connection), { id, body, given })
    const sent = verb.whole ? await wholeBody(need, connection, resource, whose, rest) : body
    const query = ownerQuery(need, connection, resource, whose)
    await sendToRow(need, connection, resource, verb, whose, { body: sent, query })
    return undefined
  })
  if (typeof answered === 'object') return { row: toHubRow(resource, answered.row), ignored }
  if (how.unread === true && !guard.looks()) return { row: bareRow(resource, id), ignored }
  return guard.checked(await readBack(need, connection, resource, whose, ignored), id, false)
}
