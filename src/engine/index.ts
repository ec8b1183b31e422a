// Runs one element action: plan, sign, send, read, explain failures.
// It knows no vendor and no database; tokens come from whoever opened the connection.
import type { Resource } from '#src/element/index.ts'
import type { JsonObject } from '#src/lib/json.ts'
import type { Connection, EngineNeed } from './connection.ts'
import { deleteRow } from './delete-row.ts'
import { createOwners } from './owners.ts'
import { createRow, type RowAddress, retrieveText, updateRow } from './records.ts'
import { namesIn, type SearchInput } from './search.ts'
import { searchText } from './text-page.ts'

export { eitherPrincipal } from './call.ts'
export { migrateCoded } from './coded.ts'
export type {
  Access,
  CallNotes,
  Connection,
  EngineNeed,
  Limits,
  TokenRefusal,
  TokenSource,
} from './connection.ts'
export type { Credentials, Grant, LoginContext, Renewable } from './grant.ts'
export { applicationToken, consentUrl, grantBy, refreshGrant, revokeGrant } from './oauth.ts'
export type { RowAddress, WriteResult } from './records.ts'
export { dropNulls, type HubRow } from './rows.ts'
export type { SearchInput } from './search.ts'
export type { SearchText } from './text-page.ts'

export type Engine = ReturnType<typeof createEngine>

export const createEngine = (options: Omit<EngineNeed, 'owners'>) => {
  const need: EngineNeed = { ...options, owners: createOwners() }
  return {
    /** A page of rows as JSON text. */
    searchText: (connection: Connection, resource: Resource, input: SearchInput, keepNulls: boolean) =>
      searchText(need, connection, resource, input, keepNulls),
    /** A row as JSON text. `fields`: a comma list of the fields to show. */
    retrieveText: (
      connection: Connection,
      resource: Resource,
      address: RowAddress,
      fields: string,
      keepNulls: boolean,
    ) => retrieveText(need, connection, resource, address, { fields: namesIn(fields), keepNulls }),
    create: (connection: Connection, resource: Resource, body: JsonObject) =>
      createRow(need, connection, resource, body),
    update: (connection: Connection, resource: Resource, address: RowAddress, body: JsonObject) =>
      updateRow(need, connection, resource, address, body),
    remove: (connection: Connection, resource: Resource, address: RowAddress) =>
      deleteRow(need, connection, resource, address),
  }
}
