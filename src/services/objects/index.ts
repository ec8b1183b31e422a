// Hub calls: rows of a customer's vendor, through one open instance.
// Knows resources by what elements say of them; no vendor's name, no HTTP.
import type { Resource } from '#src/element/index.ts'
import {
  type Connection,
  dropNulls,
  type Engine,
  type RowAddress,
  type SearchInput,
  type WriteResult,
} from '#src/engine/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { Json, JsonObject } from '#src/lib/json.ts'
import { nearestNames } from '#src/lib/nearest.ts'
import type { OpenInstance } from '../instances/index.ts'
import type { RequestTrace } from '../request-log/index.ts'

/** One hub call on its way. */
export interface HubCall {
  readonly instance: OpenInstance
  readonly trace: RequestTrace
  readonly signal: AbortSignal
  /** Receives the query plan in words. */
  readonly onPlan: (text: string) => void
}

export interface ListReply {
  readonly rows: readonly Json[]
  readonly nextPage?: string
  readonly total?: number
}

export interface RowReply {
  readonly row: Json
  /** What was done differently from what was asked. */
  readonly notice?: string
}

export { objectMetadata, objectSummaries } from './object-metadata.ts'

export type Objects = ReturnType<typeof createObjects>

/** The resource of that name, or undefined. */
export const resourceNamed = (instance: OpenInstance, name: string): Resource | undefined =>
  Object.hasOwn(instance.element.resources, name) ? instance.element.resources[name] : undefined

const namesShown = 40

/** Header blocks have their limits: the first names, and how many more there are. */
const shortList = (names: readonly string[]): string => {
  const shown = names
    .slice(0, namesShown)
    .map((name) => name.slice(0, 64))
    .join(', ')
  return names.length > namesShown ? `${shown} and ${names.length - namesShown} more` : shown
}

const noticeOf = (result: WriteResult): string | undefined => {
  const parts = [
    ...(result.ignored.length === 0 ? [] : [`ignored: ${shortList(result.ignored)}`]),
    ...(result.unread === undefined ? [] : [result.unread]),
  ]
  return parts.length === 0 ? undefined : parts.join('; ')
}

export const createObjects = (need: { readonly engine: Engine; readonly maxSeconds: number }) => {
  const { engine } = need

  const connectionOf = (call: HubCall): Connection => {
    const { instance, trace, signal } = call
    const sent: Connection['notes']['sent'] = (one) => {
      trace.vendorCalls.push(one)
    }
    return {
      element: instance.element,
      site: instance.site,
      scope: `${instance.organizationId}/${instance.instanceId}`,
      tokens: instance.keeper.tokens(sent),
      notes: {
        sent,
        planned: (text, shape) => {
          trace.plan = shape
          call.onPlan(text)
        },
      },
      signal,
      deadlineMs: Date.now() + need.maxSeconds * 1000,
    }
  }

  const shown = (instance: OpenInstance, row: JsonObject): Json => {
    const keep = instance.configuration['filter.response.nulls'] === 'false'
    return keep ? row : dropNulls(row)
  }

  const written = (call: HubCall, result: WriteResult): RowReply => {
    const notice = noticeOf(result)
    const row = shown(call.instance, result.row)
    return notice === undefined ? { row } : { row, notice }
  }

  return {
    /** @throws AppError `not-found` naming the nearest resources. */
    resource: (instance: OpenInstance, name: string): Resource => {
      const resource = resourceNamed(instance, name)
      if (resource !== undefined) return resource
      const near = nearestNames(name, Object.keys(instance.element.resources))
      throw new AppError(
        'not-found',
        `${instance.element.title} has no resource '${name.slice(0, 64)}' here. Did you mean ${near.join(', ')}?`,
      )
    },
    list: async (call: HubCall, resource: Resource, input: SearchInput): Promise<ListReply> => {
      const { rows, ...rest } = await engine.search(connectionOf(call), resource, input)
      return { ...rest, rows: rows.map((row) => shown(call.instance, row)) }
    },
    get: async (
      call: HubCall,
      resource: Resource,
      address: RowAddress,
      fields: string,
    ): Promise<RowReply> => ({
      row: shown(call.instance, await engine.retrieve(connectionOf(call), resource, address, fields)),
    }),
    create: async (call: HubCall, resource: Resource, body: JsonObject): Promise<RowReply> =>
      written(call, await engine.create(connectionOf(call), resource, body)),
    update: async (
      call: HubCall,
      resource: Resource,
      address: RowAddress,
      body: JsonObject,
    ): Promise<RowReply> => written(call, await engine.update(connectionOf(call), resource, address, body)),
    remove: (call: HubCall, resource: Resource, address: RowAddress): Promise<void> =>
      engine.remove(connectionOf(call), resource, address),
  }
}
