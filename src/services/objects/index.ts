// Hub calls: rows of a customer's vendor, through one open instance.
// Knows resources by what elements say of them; no vendor's name, no HTTP.
import type { CollectionResult, Content, Given, Principal, Resource } from '#src/element/index.ts'
import {
  type Connection,
  dropNulls,
  type Engine,
  eitherPrincipal,
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
import type { Later } from '#src/lib/later.ts'
import { nearestNames } from '#src/lib/nearest.ts'
import type { StopSignal } from '#src/lib/stop-signal.ts'
import type { Store } from '#src/store/index.ts'
import { type GrantKeeper, noGrant, type OpenInstance } from '../instances/index.ts'
import { type RequestTrace, recordIn } from '../request-log/index.ts'
import { noticeOf } from './notice.ts'

/** One hub call on its way. */
export interface HubCall {
  readonly instance: OpenInstance
  readonly trace: RequestTrace
  readonly signal: StopSignal
  /** Receives the query plan in words. */
  readonly onPlan: (text: string) => void
  /** Told when a listing shows the connected person's rows only. */
  readonly onNarrowed: (to: 'own') => void
  /** Nobody waits for the answer: a part of the vendor's limits is left to calls that somebody waits for. */
  readonly background?: boolean
  /** Told the headers of each reply of the vendor. */
  readonly onReplied?: (headers: Readonly<Record<string, string>>) => void
}

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

export { shortList } from './notice.ts'
export { objectMetadata, objectSummaries } from './object-metadata.ts'

export type Objects = ReturnType<typeof createObjects>

const namedIn = ({ resources }: OpenInstance['element'], name: string): Resource | undefined =>
  Object.hasOwn(resources, name)
    ? resources[name]
    : Object.values(resources).find(({ otherNames }) => otherNames?.includes(name))

/** The generation of the vendor's APIs for a resource: the one that the login reaches, else as configured. */
const generationOf = ({ element, generation, configuration }: OpenInstance, name: string) => {
  const { generationKey } = element
  if (generation !== undefined || generationKey === undefined) return generation
  return (configuration[`${generationKey}.${name}`] ?? configuration[generationKey])?.trim().toLowerCase()
}

/** The resource of that name, in the generation that the instance reaches, or undefined. */
export const resourceNamed = (instance: OpenInstance, name: string): Resource | undefined => {
  const resource = namedIn(instance.element, name)
  if (resource?.generations === undefined) return resource
  return resource.generations[generationOf(instance, resource.name) ?? ''] ?? resource
}

/** The first principal's grant that there is, else whichever there is. @throws AppError `needs-reconnect`. */
const keeperOf = ({ keepers, instanceId }: OpenInstance, principals: readonly Principal[]): GrantKeeper => {
  const name = principals.find((principal) => keepers[principal] !== undefined)
  const keeper = name === undefined ? (keepers.user ?? keepers.company) : keepers[name]
  if (keeper === undefined) throw noGrant(instanceId)
  return keeper
}

/** Whose rows a listing shows: as the configuration says, else a company's token shows everybody's. */
const ownersOf = (instance: OpenInstance, { owner, verbs }: Resource): 'own' | 'all' => {
  const set = owner === undefined ? undefined : instance.configuration[owner.configKey]?.trim().toLowerCase()
  if (set === 'own' || set === 'all') return set
  const keeper = keeperOf(instance, verbs.search?.principals ?? eitherPrincipal)
  return keeper.principal === 'company' ? 'all' : 'own'
}

const noAction = ({ name, actions = {} }: Resource, action: string): AppError => {
  const names = Object.keys(actions)
  const known = names.length === 0 ? 'It has none.' : `It has ${names.join(', ')}.`
  return new AppError('not-found', `${name} has no action '${action.slice(0, 64)}'. ${known}`)
}

const unheard = (): void => undefined

interface ObjectsNeed {
  readonly engine: Engine
  readonly store: Pick<Store, 'vendorBudgets'>
  readonly maxSeconds: number
}

export const createObjects = (need: ObjectsNeed) => {
  const { engine } = need

  const connectionOf = (call: HubCall): Connection => {
    const { instance, trace, signal, background = false } = call
    // No log tells of a call that nobody made, and its trace would grow for as long as it runs.
    const sent = background ? unheard : recordIn(trace)
    return {
      element: instance.element,
      site: instance.site,
      organizationId: instance.organizationId,
      instanceId: instance.instanceId,
      scope: `${instance.organizationId}/${instance.instanceId}`,
      tokensOf: (principals) => keeperOf(instance, principals).tokens(sent),
      principalOf: (principals) => keeperOf(instance, principals).principal,
      scopesOf: (principals) => keeperOf(instance, principals).scopes(),
      subjectOf: (principal) => instance.keepers[principal]?.subject(),
      configured: (key) => instance.configuration[key] ?? undefined,
      ownersOf: (resource) => ownersOf(instance, resource),
      notes: {
        sent,
        planned: (text, shape) => {
          trace.plan = shape
          call.onPlan(text)
        },
        narrowed: call.onNarrowed,
        ...(call.onReplied === undefined ? {} : { replied: call.onReplied }),
      },
      signal,
      background,
      deadlineMs: Date.now() + need.maxSeconds * 1000,
    }
  }

  const keepsNulls = ({ configuration }: OpenInstance): boolean =>
    configuration['filter.response.nulls'] === 'false'

  const written = (call: HubCall, result: WriteResult): RowReply => {
    const notice = noticeOf(result)
    const row = keepsNulls(call.instance) ? result.row : dropNulls(result.row)
    return notice === undefined ? { row } : { row, notice, ignored: result.ignored }
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
    list: (call: HubCall, resource: Resource, input: SearchInput): Promise<SearchText> =>
      engine.searchText(connectionOf(call), resource, input, keepsNulls(call.instance)),
    /** Every row of a listing, as a reader would see it, a vendor's page at a time. */
    each: async function* (call: HubCall, resource: Resource, input: SearchInput): AsyncGenerator<Json[]> {
      for await (const rows of engine.each(connectionOf(call), resource, input))
        yield keepsNulls(call.instance) ? [...rows] : rows.map(dropNulls)
    },
    /**
     * A listing from a place on that an earlier reading told, a vendor's page at a time. `orderBy` counts for nothing.
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
        yield { rows: keepNulls ? rows : rows.map(dropNulls), next }
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
    get: (call: HubCall, resource: Resource, address: RowAddress, fields: string): Later<Buffer | string> =>
      engine.retrieveText(connectionOf(call), resource, address, fields, keepsNulls(call.instance)),
    create: async (
      call: HubCall,
      resource: Resource,
      body: JsonObject,
      given: Given,
      how?: HowToWrite,
    ): Promise<RowReply> =>
      written(call, await engine.create(connectionOf(call), resource, body, given, how)),
    update: async (
      call: HubCall,
      resource: Resource,
      address: RowAddress,
      body: JsonObject,
      how?: HowToWrite,
    ): Promise<RowReply> =>
      written(call, await engine.update(connectionOf(call), resource, address, body, how)),
    remove: (call: HubCall, resource: Resource, address: RowAddress): Promise<void> =>
      engine.remove(connectionOf(call), resource, address),
    /** @throws AppError `not-found` naming the actions of the resource. */
    act: async (
      call: HubCall,
      resource: Resource,
      address: RowAddress,
      name: string,
      body: JsonObject,
    ): Promise<RowReply> => {
      const actions = resource.actions ?? {}
      const action = Object.hasOwn(actions, name) ? actions[name] : undefined
      if (action === undefined) throw noAction(resource, name)
      return written(call, await engine.act(connectionOf(call), resource, address, action, body))
    },
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
      return written(call, await engine.createByUpload(connectionOf(call), resource, upload, given, body))
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
