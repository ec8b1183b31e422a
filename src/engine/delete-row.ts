import type { Given, RemoveCall, Resource } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { JsonObject } from '#src/lib/json.ts'
import { checkAddress } from './address.ts'
import type { Connection, EngineNeed } from './connection.ts'
import { pathOf } from './fill.ts'
import { createPort } from './port.ts'
import { givenTo, ownerQuery, type RowAddress, retrieveRow, valuesOf, verbOf } from './records.ts'
import { namesInBraces } from './template.ts'
import { sendToRow } from './write-row.ts'

/** The fields of a row that its removal names; an address parameter or a place need not be one. */
const valuesIn = (connection: Connection, resource: Resource, call: RemoveCall, row: JsonObject): Given =>
  Object.fromEntries(
    namesInBraces(pathOf(connection, call)).flatMap((name): [string, string][] => {
      const value = row[name]
      if ((typeof value === 'string' && value !== '') || typeof value === 'number')
        return [[name, String(value)]]
      const isElsewhere =
        resource.address?.some((param) => param.name === name) === true ||
        connection.element.places?.[name] !== undefined
      if (isElsewhere) return []
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
  checkAddress(resource, 'remove', valuesOf(resource, address))
  if ('run' in verb) {
    const given = givenTo(need, connection, resource, address)
    await verb.run(createPort(need, connection), { id: address.id, given })
    return
  }
  if (verb.readFirst !== true) {
    const query = ownerQuery(need, connection, resource, address)
    await sendToRow(need, connection, resource, verb, address, { query })
    return
  }
  const row = await retrieveRow(need, connection, resource, address)
  const given = { ...address.given, ...valuesIn(connection, resource, verb, row) }
  await sendToRow(need, connection, resource, verb, { id: address.id, given }, {})
}
