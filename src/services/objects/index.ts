// Hub calls: rows of a customer's vendor, through one open instance.
// Knows resources by what elements say of them; no vendor's name, no HTTP.
import type { Action, CollectionResult, Content, Given, Resource } from '#src/element/index.ts'
import {
  dropNulls,
  type Engine,
  type FileBody,
  type FileFound,
  type HowToWrite,
  type PagesInput,
  type PassedReply,
  type PassedRequest,
  type Place,
  type RowAddress,
  type RowOrder,
  type SearchInput,
  type SearchText,
  type WriteResult,
} from '#src/engine/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { Json, JsonObject } from '#src/lib/json.ts'
import { andThen, type Later } from '#src/lib/later.ts'
import type { Store } from '#src/store/index.ts'
import type { OpenInstance } from '../instances/index.ts'
import type { TransformScripts } from '../scripts/index.ts'
import { commonListing, commonRow, mappingOf, seenNames } from './common.ts'
import { createConnectionOf, type HubCall } from './connection.ts'
import { createMappedRows } from './mapped-rows.ts'
import { noticeOf } from './notice.ts'
import { hubResourceNamed, noResource, resourceNamed } from './resources.ts'

export interface RowReply {
  readonly row: Json
  /** What was done differently from what was asked. */
  readonly notice?: string
  /** Fields that were not written; of a write. */
  readonly ignored?: readonly string[]
}

export {
  beginning,
  type PagesInput,
  type PassedRequest,
  type Place,
  type RowOrder,
  type SearchInput,
} from '#src/engine/index.ts'
/** Absent row: nothing is answered. */
export type CollectionReply = Partial<RowReply>

export { type ColumnTypes, columnTypes, commonView, vendorNames } from './background.ts'
export { mappingOf, nameOf, seenNames, vendorOf } from './common.ts'
export { backgroundCall, type HubCall } from './connection.ts'
export { documentedElement, shownInDocs } from './documented.ts'
export { shortList } from './notice.ts'
export { objectMetadata, objectSummaries } from './object-metadata.ts'
export { elementPath, hubResourceNamed, isPathOf, resourceNamed } from './resources.ts'

export type Objects = ReturnType<typeof createObjects>

const noAction = ({ name, actions = {} }: Resource, action: string): AppError => {
  const names = Object.keys(actions)
  const known = names.length === 0 ? 'It has none.' : `It has ${names.join(', ')}.`
  return new AppError('not-found', `${name} has no action '${action.slice(0, 64)}'. ${known}`)
}

interface ObjectsNeed {
  readonly engine: Engine
  readonly store: Pick<Store, 'vendorBudgets'>
  readonly scripts: TransformScripts
  readonly maxSeconds: number
}

export const createObjects = (need: ObjectsNeed) => {
  const { engine } = need

  const connectionOf = createConnectionOf(need.maxSeconds)
  const mapped = createMappedRows(need.scripts)

  const keepsNulls = ({ configuration }: OpenInstance): boolean =>
    configuration['filter.response.nulls'] === 'false'

  /** A row of a common resource without the vendor's other fields holds no nulls (spec/behaviour.md 6.2, nulls). */
  const showsNulls = (resource: Resource, keepNulls: boolean): boolean =>
    keepNulls && mappingOf(resource)?.showsUnmapped !== false

  const written = (call: HubCall, result: WriteResult): RowReply => {
    const notice = noticeOf(result)
    const row = keepsNulls(call.instance) ? result.row : dropNulls(result.row)
    return notice === undefined ? { row } : { row, notice, ignored: result.ignored }
  }

  /** What was written of a row, in the names that the caller used. */
  const seen = async (call: HubCall, resource: Resource, result: WriteResult): Promise<RowReply> => {
    const nulls = showsNulls(resource, keepsNulls(call.instance))
    const row = nulls ? result.row : dropNulls(result.row)
    const { ignored } = result
    const notice = noticeOf({ ...result, ignored: seenNames(resource, ignored) })
    const answer = { row: await mapped.row(call, resource, row, nulls) }
    return notice === undefined ? answer : { ...answer, notice, ignored }
  }

  const collection = (call: HubCall, { answer, ignored = [] }: CollectionResult): CollectionReply => {
    const notice = noticeOf({ ignored })
    const kept = answer === undefined || keepsNulls(call.instance) ? answer : dropNulls(answer)
    return {
      ...(kept === undefined ? {} : { row: kept }),
      ...(notice === undefined ? {} : { notice }),
    }
  }

  return {
    /** Forgets calls to vendors that count no more. */
    pruneBudgets: async (): Promise<void> => {
      await need.store.vendorBudgets.prune()
    },
    /** The vendor's. @throws AppError `not-found` naming the nearest resources. */
    resource: (instance: OpenInstance, name: string): Resource => {
      const resource = resourceNamed(instance, name)
      if (resource !== undefined) return resource
      throw noResource(instance, name)
    },
    /** A common resource, else the vendor's. @throws AppError `not-found` naming the nearest resources. */
    hubResource: (instance: OpenInstance, name: string): Resource => {
      const resource = hubResourceNamed(instance, name)
      if (resource !== undefined) return resource
      throw noResource(instance, name)
    },
    list: async (call: HubCall, resource: Resource, input: SearchInput): Promise<SearchText> => {
      const plan = mappingOf(resource)
      if (plan === undefined)
        return engine.searchText(connectionOf(call), resource, input, keepsNulls(call.instance))
      const nulls = showsNulls(resource, keepsNulls(call.instance))
      const where = await mapped.where(call, plan, input.where)
      const common = commonListing(resource, plan, { ...input, where }, (rows) =>
        mapped.page(call, plan, rows, nulls),
      )
      return common.answer(await engine.searchText(connectionOf(call), resource, common.input, nulls))
    },
    /** Every row of a listing, as a reader would see it, a vendor's page at a time; of a common resource the vendor's. */
    each: async function* (call: HubCall, resource: Resource, input: SearchInput): AsyncGenerator<Json[]> {
      for await (const rows of engine.each(connectionOf(call), resource, input))
        yield keepsNulls(call.instance) ? [...rows] : rows.map(dropNulls)
    },
    /**
     * Rows that were read of the vendor's resource, as callers of the instance see them; at once where nothing has to be
     * waited for. What a script did wrong is told in the trace of the call.
     * @returns null for a row that the script of a common resource leaves out.
     * @throws AppError `bad-request` with the script's words where it fails and must not (`HubCall.scriptsMustWork`).
     */
    shown: (
      call: HubCall,
      resource: Resource,
      rows: readonly JsonObject[],
    ): Later<readonly (JsonObject | null)[]> => {
      const nulls = showsNulls(resource, keepsNulls(call.instance))
      const read = nulls ? rows : rows.map((row) => dropNulls(row) as JsonObject)
      const plan = mappingOf(resource)
      return plan === undefined ? read : mapped.each(call, plan, read, nulls)
    },
    /** What a change sends, in the vendor's names. @throws AppError `bad-request` as `shown`. */
    sent: mapped.sent,
    /** The same of a create: what it does not say has its default value. */
    sentNew: mapped.sentNew,
    /**
     * A listing from a place on that an earlier reading told, a vendor's page at a time. `orderBy` counts for nothing.
     * Of a common resource it is asked in the vendor's names, and gives the vendor's rows.
     * @param keepNulls undefined: as the instance is configured.
     */
    pages: async function* (
      call: HubCall,
      resource: Resource,
      input: PagesInput,
      from: Place,
      keepNulls = keepsNulls(call.instance),
    ): AsyncGenerator<{ readonly rows: readonly Json[]; readonly next: Place | null }> {
      for await (const { rows, next } of engine.pages(connectionOf(call), resource, input, from))
        yield { rows: showsNulls(resource, keepNulls) ? rows : rows.map(dropNulls), next }
    },
    /** Checks a listing as reading it would, without a call to the vendor. @throws AppError `bad-query`, `bad-request`. */
    check: (call: HubCall, resource: Resource, input: SearchInput): Promise<void> =>
      engine.check(connectionOf(call), resource, input),
    /** @throws AppError `bad-query` on an unknown field or a wrong word. */
    order: (resource: Resource, orderBy: string): RowOrder => engine.order(resource, orderBy),
    /** Takes the fields of a comma list out of rows; all, where it is empty. @throws AppError `bad-request` naming one. */
    projection: (resource: Resource, fields: string): ((row: JsonObject) => JsonObject) =>
      engine.projection(resource, fields),
    /** The row as JSON text. */
    get: (call: HubCall, resource: Resource, address: RowAddress, fields: string): Later<Buffer | string> => {
      const plan = mappingOf(resource)
      const nulls = showsNulls(resource, keepsNulls(call.instance))
      const connection = connectionOf(call)
      if (plan === undefined) return engine.retrieveText(connection, resource, address, fields, nulls)
      const common = commonRow(resource, plan, fields, (rows) => mapped.page(call, plan, rows, nulls))
      return andThen(engine.retrieveText(connection, resource, address, common.vendor, nulls), common.answer)
    },
    create: async (
      call: HubCall,
      resource: Resource,
      body: JsonObject,
      given: Given,
      how?: HowToWrite,
    ): Promise<RowReply> =>
      seen(
        call,
        resource,
        await engine.create(
          connectionOf(call),
          resource,
          await mapped.sentNew(call, resource, body),
          given,
          how,
        ),
      ),
    update: async (
      call: HubCall,
      resource: Resource,
      address: RowAddress,
      body: JsonObject,
      how?: HowToWrite,
    ): Promise<RowReply> =>
      seen(
        call,
        resource,
        await engine.update(
          connectionOf(call),
          resource,
          address,
          await mapped.sent(call, resource, body),
          how,
        ),
      ),
    remove: (call: HubCall, resource: Resource, address: RowAddress): Promise<void> =>
      engine.remove(connectionOf(call), resource, address),
    /** @throws AppError `not-found` naming the actions of the resource. */
    action: (resource: Resource, name: string): Action => {
      const actions = resource.actions ?? {}
      const action = Object.hasOwn(actions, name) ? actions[name] : undefined
      if (action === undefined) throw noAction(resource, name)
      return action
    },
    act: async (
      call: HubCall,
      resource: Resource,
      address: RowAddress,
      action: Action,
      body: JsonObject,
    ): Promise<RowReply> =>
      written(call, await engine.act(connectionOf(call), resource, address, action, body)),
    /** The content of that name; undefined: the resource has none. */
    content: (resource: Resource, name: string): Content | undefined => {
      const contents = resource.contents ?? {}
      return Object.hasOwn(contents, name) ? contents[name] : undefined
    },
    /** The caller closes the spool. */
    readContent: (
      call: HubCall,
      resource: Resource,
      address: RowAddress,
      content: Content,
    ): Promise<FileFound> => engine.readContent(connectionOf(call), resource, address, content),
    writeContent: async (
      call: HubCall,
      resource: Resource,
      address: RowAddress,
      content: Content,
      body: FileBody,
    ): Promise<RowReply> =>
      written(call, await engine.writeContent(connectionOf(call), resource, address, content, body)),
    /** @throws AppError `wrong-media-type` where the resource is created by JSON only. */
    createByUpload: async (
      call: HubCall,
      resource: Resource,
      given: Given,
      body: FileBody,
    ): Promise<RowReply> => {
      const { upload } = resource
      if (upload === undefined)
        throw new AppError('wrong-media-type', `Content-Type: ${resource.name} takes application/json.`)
      return seen(
        call,
        resource,
        await engine.createByUpload(connectionOf(call), resource, upload, given, body),
      )
    },
    /** The caller closes the spool. */
    passThrough: (call: HubCall, request: PassedRequest): Promise<PassedReply> =>
      engine.passThrough(connectionOf(call), request),
    updateAll: async (
      call: HubCall,
      resource: Resource,
      given: Given,
      body: JsonObject | readonly JsonObject[],
    ): Promise<CollectionReply> =>
      collection(call, await engine.updateAll(connectionOf(call), resource, given, body)),
    removeAll: async (call: HubCall, resource: Resource, given: Given): Promise<CollectionReply> =>
      collection(call, await engine.removeAll(connectionOf(call), resource, given)),
  }
}
