// Runs one element action: plan, sign, send, read, explain failures.
// It knows no vendor and no database; tokens come from whoever opened the connection.
import type { Action, Content, Given, Resource, UploadCreate } from '#src/element/index.ts'
import type { JsonObject } from '#src/lib/json.ts'
import { andThen, type Later } from '#src/lib/later.ts'
import { actOnRow, onCollection } from './act.ts'
import { createBudgets } from './budgets.ts'
import type { Connection, EngineNeed } from './connection.ts'
import { createByUpload, type FileBody, readContent, writeContent } from './contents.ts'
import { deleteRow } from './delete-row.ts'
import { readEach } from './each.ts'
import { createMemory } from './memory.ts'
import { namesIn } from './names.ts'
import { createOrder } from './order.ts'
import { createOwners } from './owners.ts'
import { type PagesInput, type Place, readPages } from './pages.ts'
import { type PassedRequest, passThrough } from './passthrough.ts'
import { createPort } from './port.ts'
import { type RowAddress, retrieveText } from './records.ts'
import { createProjection } from './rows.ts'
import { prepareSearch, type SearchInput } from './search.ts'
import type { BudgetShares } from './shared-budget.ts'
import { searchText } from './text-page.ts'
import { translateAddress, translateGiven, translateInput } from './translate.ts'
import { createRow, type HowToWrite, updateRow } from './write-row.ts'

export { accessBy, basicCredentials, remedyOf } from './access.ts'
export { migrateCoded } from './coded.ts'
export {
  type Access,
  type CallNotes,
  type Connection,
  type EngineNeed,
  eitherPrincipal,
  type Limits,
  type OwnLimits,
  type TokenRefusal,
  type TokenSource,
} from './connection.ts'
export type { FileBody, FileFound } from './contents.ts'
export type { Credentials, Grant, LoginContext, Renewable } from './grant.ts'
export { endless } from './grant.ts'
export { applicationToken, consentUrl, grantBy, refreshGrant, revokeGrant } from './oauth.ts'
export { requestTokenOf, type TokenPair } from './oauth1.ts'
export type { RowOrder } from './order.ts'
export { beginning, type PageRead, type PagesInput, type Place } from './pages.ts'
export type { PassedReply, PassedRequest } from './passthrough.ts'
export type { RowAddress } from './records.ts'
export { dropNulls, type HubRow, type WriteResult } from './rows.ts'
export type { SearchInput } from './search.ts'
export type { SearchText } from './text-page.ts'
export type { HowToWrite } from './write-row.ts'

export type Engine = ReturnType<typeof createEngine>

export const createEngine = ({
  shares,
  ...options
}: Omit<EngineNeed, 'owners' | 'memory' | 'budgets'> & {
  /** Counts the calls of published limits for all processes. */
  readonly shares: BudgetShares
}) => {
  const need: EngineNeed = {
    ...options,
    owners: createOwners(),
    memory: createMemory(),
    budgets: createBudgets(shares),
  }
  return {
    /** Tries a connection (`Element.verify`). @throws AppError as the vendor's refusal means. */
    verify: async (connection: Connection): Promise<Readonly<Record<string, string>>> =>
      (await connection.element.verify?.(createPort(need, connection))) ?? {},
    /** A page of rows as JSON text. */
    searchText: (connection: Connection, resource: Resource, input: SearchInput, keepNulls: boolean) =>
      searchText(need, connection, resource, input, keepNulls),
    /** Every row of a listing, a vendor's page at a time. @throws AppError as a listing, and `query-too-broad`. */
    each: async function* (connection: Connection, resource: Resource, input: SearchInput) {
      yield* readEach(await prepareSearch(need, connection, resource, input))
    },
    /** A listing from a place on, a vendor's page at a time; `orderBy` counts for nothing. @throws AppError as `each`. */
    pages: async function* (connection: Connection, resource: Resource, input: PagesInput, from: Place) {
      yield* readPages(await prepareSearch(need, connection, resource, input), from, input.unnoted)
    },
    /** Checks a listing as reading it would, without a call. @throws AppError `bad-query`, `bad-request`. */
    check: async (connection: Connection, resource: Resource, input: SearchInput): Promise<void> => {
      await prepareSearch(need, connection, resource, input)
    },
    /** @throws AppError `bad-query` on an unknown field or a wrong word. */
    order: createOrder,
    /** Takes the fields of a comma list out of rows; all, where it is empty. @throws AppError `bad-request`. */
    projection: (resource: Resource, fields: string) => createProjection(resource, namesIn(fields)),
    /** A row as JSON text. `fields`: a comma list of the fields to show. */
    retrieveText: (
      connection: Connection,
      resource: Resource,
      address: RowAddress,
      fields: string,
      keepNulls: boolean,
    ): Later<Buffer | string> =>
      andThen(translateAddress(need, connection, resource, address), (row) =>
        retrieveText(need, connection, resource, row, { fields: namesIn(fields), keepNulls }),
      ),
    create: async (
      connection: Connection,
      resource: Resource,
      body: JsonObject,
      given: Given,
      how?: HowToWrite,
    ) => {
      const input = await translateInput(need, connection, resource, given, body)
      return createRow(need, connection, resource, input.body, input.given, how)
    },
    update: async (
      connection: Connection,
      resource: Resource,
      address: RowAddress,
      body: JsonObject,
      how?: HowToWrite,
    ) => {
      const row = await translateAddress(need, connection, resource, address, body)
      const input = await translateInput(need, connection, resource, row.given ?? {}, body)
      return updateRow(need, connection, resource, row, input.body, how)
    },
    remove: async (connection: Connection, resource: Resource, address: RowAddress) =>
      deleteRow(need, connection, resource, await translateAddress(need, connection, resource, address)),
    act: async (
      connection: Connection,
      resource: Resource,
      address: RowAddress,
      action: Action,
      body: JsonObject,
    ) => {
      const row = await translateAddress(need, connection, resource, address)
      return actOnRow(need, connection, resource, row, action, body)
    },
    readContent: async (
      connection: Connection,
      resource: Resource,
      address: RowAddress,
      content: Content,
    ) => {
      const row = await translateAddress(need, connection, resource, address)
      return readContent(need, connection, resource, row, content)
    },
    writeContent: async (
      connection: Connection,
      resource: Resource,
      address: RowAddress,
      content: Content,
      body: FileBody,
    ) => {
      const row = await translateAddress(need, connection, resource, address)
      return writeContent(need, connection, resource, row, content, body)
    },
    createByUpload: (
      connection: Connection,
      resource: Resource,
      upload: UploadCreate,
      given: Given,
      body: FileBody,
    ) => createByUpload(need, connection, resource, upload, given, body),
    passThrough: (connection: Connection, request: PassedRequest) => passThrough(need, connection, request),
    updateAll: async (
      connection: Connection,
      resource: Resource,
      given: Given,
      body: JsonObject | readonly JsonObject[],
    ) => {
      const said = await translateGiven(need, connection, resource, given)
      return onCollection(need, connection, resource, 'updateAll', said, body)
    },
    removeAll: async (connection: Connection, resource: Resource, given: Given) => {
      const said = await translateGiven(need, connection, resource, given)
      return onCollection(need, connection, resource, 'removeAll', said, {})
    },
  }
}
