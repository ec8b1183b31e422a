import type { Given, RemoveCall, Resource } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { JsonObject } from '#src/lib/json.ts'
import type { Connection, EngineNeed } from './connection.ts'
import { createPort } from './port.ts'
import { givenTo, ownerQuery, type RowAddress, retrieveRow, verbOf } from './records.ts'
import { sendToRow } from './write-row.ts'

const braces = /\{(\w+)\}/g

/** The fields of a row that the path of its removal names. */
const valuesIn = (resource: Resource, { path }: RemoveCall, row: JsonObject): Given =>
  Object.fromEntries(
    [...path.matchAll(braces)].map(([, name = '']): [string, string] => {
      const value = row[name]
      if (typeof value === 'string' && value !== '') return [name, value]
      throw new AppError(
        'provider-failed',
        `${resource.name}: the row came without its ${name}, which its removal needs.`,
        { hop: 'provider' },
      )
    }),
  )

/**
 * Removes a row. Where the vendor's address needs more than the id, the row is read first.
 * @throws AppError `provider-not-found`, `provider-conflict` and what else the vendor's refusal means.
 */
export const deleteRow = async (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  address: RowAddress,
): Promise<void> => {
  const verb = verbOf(resource, resource.verbs.remove, 'removed')
  if ('run' in verb) {
    const given = givenTo(need, connection, resource, address)
    await verb.run(createPort(need, connection), { id: address.id, given })
    return
  }
  if (verb.readFirst !== true) {
    const query = ownerQuery(need, connection, resource, address)
    await sendToRow(need, connection, resource, verb, address, { repeatable: true, query })
    return
  }
  const row = await retrieveRow(need, connection, resource, address)
  const given = { ...address.given, ...valuesIn(resource, verb, row) }
  await sendToRow(need, connection, resource, verb, { id: address.id, given }, { repeatable: true })
}
