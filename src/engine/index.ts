// Runs one element action: plan, sign, send, read, explain failures.
// It knows no vendor and no database; tokens come from whoever opened the connection.
import type { Resource } from '#src/element/index.ts'
import type { JsonObject } from '#src/lib/json.ts'
import type { Connection, EngineNeed } from './connection.ts'
import { deleteRow } from './delete-row.ts'
import { createOwners } from './owners.ts'
import { createRow, type RowAddress, retrieveRow, updateRow } from './records.ts'
import { createProjection } from './rows.ts'
import { namesIn, type SearchInput, searchRows } from './search.ts'

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
export type { SearchInput, SearchResult } from './search.ts'

export type Engine = ReturnType<typeof createEngine>

export const createEngine = (options: Omit<EngineNeed, 'owners'>) => {
  const need: EngineNeed = { ...options, owners: createOwners() }
  return {
    search: (connection: Connection, resource: Resource, input: SearchInput) =>
      searchRows(need, connection, resource, input),
    /** `fields`: a comma list of the fields to show. */
    retrieve: async (connection: Connection, resource: Resource, address: RowAddress, fields: string) => {
      const project = createProjection(resource, namesIn(fields))
      return project(await retrieveRow(need, connection, resource, address))
    },
    create: (connection: Connection, resource: Resource, body: JsonObject) =>
      createRow(need, connection, resource, body),
    update: (connection: Connection, resource: Resource, address: RowAddress, body: JsonObject) =>
      updateRow(need, connection, resource, address, body),
    remove: (connection: Connection, resource: Resource, address: RowAddress) =>
      deleteRow(need, connection, resource, address),
  }
}
