import type { Action, ActionField, CollectionResult, Given, Resource } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { Json, JsonObject } from '#src/lib/json.ts'
import { checkAddress } from './address.ts'
import { askVendor } from './call.ts'
import { type Connection, type EngineNeed, eitherPrincipal } from './connection.ts'
import { requestOf } from './fill.ts'
import { createPort } from './port.ts'
import { givenTo, type RowAddress, verbOf } from './records.ts'
import type { WriteResult } from './rows.ts'
import { readBack, sendToRow } from './write-row.ts'

const kinds = { text: 'string', number: 'number', boolean: 'boolean' } as const

const isEmpty = (value: Json | undefined): boolean => value === undefined || value === null || value === ''

/** @throws AppError `bad-request` naming the field and what it takes. */
const checkedField = (name: string, value: Json, { type, maxLength, description }: ActionField): Json => {
  if (typeof value !== kinds[type])
    throw new AppError('bad-request', `body.${name}: a ${type}. ${description}`)
  if (typeof value === 'string' && maxLength !== undefined && value.length > maxLength) {
    throw new AppError(
      'bad-request',
      `body.${name}: at most ${maxLength} characters, not ${value.length}. ${description}`,
    )
  }
  return value
}

/** The fields of an action's body. @throws AppError `bad-request` naming the field and what it takes. */
const checkedBody = (
  action: Action,
  input: JsonObject,
): { readonly body: JsonObject; readonly ignored: readonly string[] } => {
  const body: Record<string, Json> = {}
  for (const [name, field] of Object.entries(action.body)) {
    const value = input[name]
    if (value !== undefined && !isEmpty(value)) body[name] = checkedField(name, value, field)
    else if (field.required === true)
      throw new AppError('bad-request', `body.${name}: it is needed. ${field.description}`)
  }
  return { body, ignored: Object.keys(input).filter((name) => !Object.hasOwn(action.body, name)) }
}

/**
 * Does something with a row, and reads it back unless the vendor answered with something of its own.
 * @throws AppError `bad-request` naming a wrong field, and what the vendor's refusal means.
 */
export const actOnRow = async (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  address: RowAddress,
  action: Action,
  input: JsonObject,
): Promise<WriteResult> => {
  const { body, ignored } = checkedBody(action, input)
  const { call } = action
  if ('run' in call) {
    const given = givenTo(need, connection, resource, address)
    const row = await call.run(createPort(need, connection), { id: address.id, body, given })
    if (row !== undefined) return { row, ignored }
  } else {
    const sent = Object.keys(body).length === 0 ? {} : { body }
    await sendToRow(need, connection, resource, call, address, sent)
  }
  // Who may do it may see it: another grant of the instance need not.
  const principal = connection.principalOf(call.principals ?? eitherPrincipal)
  return readBack(need, connection, resource, { ...address, principal }, ignored)
}

/**
 * PATCH or DELETE on a whole collection.
 * @throws AppError `bad-request` naming a missing part of the address, and what the vendor's refusal means.
 */
export const onCollection = async (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  verb: 'updateAll' | 'removeAll',
  given: Given,
  body: JsonObject | readonly JsonObject[],
): Promise<CollectionResult> => {
  const call = verbOf(resource, resource.verbs[verb], verb === 'updateAll' ? 'changed' : 'removed')
  checkAddress(resource, verb, given)
  if ('run' in call) return call.run(createPort(need, connection), { body, given })
  await askVendor(need, connection, await requestOf(need, connection, resource, call, given))
  return {}
}
