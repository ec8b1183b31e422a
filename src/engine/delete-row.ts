import type { Resource } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { callVendor } from './call.ts'
import type { Connection, EngineNeed } from './connection.ts'
import { inPath, ownerQuery, type RowAddress, retrieveRow } from './records.ts'
import type { HubRow } from './rows.ts'

/** Replaces each `{name}` by the row's field of that name, percent-encoded. */
const fillPath = (resource: Resource, path: string, row: HubRow): string =>
  path.replace(/\{(\w+)\}/g, (_whole, name: string) => {
    const value = row[name]
    if (typeof value === 'string' && value !== '') return inPath(resource, value)
    throw new AppError(
      'provider-failed',
      `${resource.name}: the row came without its ${name}, which its removal needs.`,
      { hop: 'provider' },
    )
  })

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
  const { remove } = resource.verbs
  if (remove === undefined) throw new AppError('wrong-verb', `${resource.name} cannot be removed.`)
  const row = remove.readFirst ? await retrieveRow(need, connection, resource, address) : { id: address.id }
  await callVendor(need, connection, {
    method: remove.method,
    path: fillPath(resource, remove.path, row),
    query: remove.readFirst ? [] : ownerQuery(need, connection, resource, address),
    principals: remove.principals,
    // A second removal finds nothing and says so: the caller would be told of a failure that is none.
    repeatable: false,
  })
}
