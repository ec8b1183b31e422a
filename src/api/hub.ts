import { AppError } from '#src/lib/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'
import type { StopSignal } from '#src/lib/stop-signal.ts'
import {
  type Caller,
  type HubCall,
  type Objects,
  type OpenInstance,
  type RequestTrace,
  resourceNamed,
} from '#src/services/index.ts'
import { bulkCall, bulkNames } from './bulk/index.ts'
import { type ApiReply, type ApiRequest, headerText, refuseMediaType, wrongVerb } from './http/index.ts'
import { contentCall, passthroughCall, passthroughName, rowReply, uploadCreate } from './hub-files.ts'
import { genericReply } from './hub-generic.ts'
import type { ApiContext } from './route.ts'

/** A call on a resource, its path already without the hub. */
export interface HubRequest {
  readonly method: string
  /** `[resource]` or `[resource, id]`. */
  readonly segments: readonly string[]
  readonly query: URLSearchParams
  readonly queryText: string
  readonly isHead: boolean
  readonly publicUrl: string
  readonly headers: ApiRequest<RequestTrace>['headers']
  readonly body: Json | undefined
  readonly upload?: ApiRequest<RequestTrace>['upload']
  /** Below the API's base, still percent-encoded. */
  readonly path: string
  readonly signal: StopSignal
  /** The job of which it is a run. */
  readonly jobId?: number | undefined
}

const objectBody = (body: Json | undefined, resource: string): JsonObject => {
  if (isJsonObject(body)) return body
  throw new AppError('bad-request', `body: send a JSON object with the fields of ${resource}.`)
}

/** A collection is written by one record, several, or what an element documents. */
const collectionBody = (body: Json | undefined, resource: string): JsonObject | readonly JsonObject[] => {
  if (!Array.isArray(body)) return objectBody(body, resource)
  if (body.length > 0 && body.every(isJsonObject)) return body
  throw new AppError('bad-request', `body: send at least one JSON object with the fields of ${resource}.`)
}

/** An action may go without a body. */
const actionBody = (body: Json | undefined): JsonObject => {
  if (body === undefined || body === null) return {}
  if (isJsonObject(body)) return body
  throw new AppError('bad-request', 'body: send a JSON object with the fields of the action, or nothing.')
}

const wholeNumber = (query: URLSearchParams, name: string): number | undefined => {
  const text = query.get(name)?.trim()
  if (text === undefined || text === '') return undefined
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new AppError('bad-request', `${name}: a whole number, not '${text.slice(0, 32)}'.`)
}

const isTrue = (query: URLSearchParams, name: string): boolean =>
  query.get(name)?.trim().toLowerCase() === 'true'

const addressIn = (
  resource: ReturnType<Objects['resource']>,
  segments: readonly string[],
  query: URLSearchParams,
): { id: string; owner: string | undefined; given: Readonly<Record<string, string>> | undefined } => {
  const owner = resource.owner === undefined ? undefined : query.get(resource.owner.param)?.trim()
  return {
    id: segments[1] ?? '',
    owner: owner === '' ? undefined : owner,
    given: resource.address === undefined ? undefined : givenIn(resource, query),
  }
}

/** Besides that, whose a new row is, by the name of `Owner.param`. */
const givenToCreate = (
  resource: ReturnType<Objects['resource']>,
  query: URLSearchParams,
): Readonly<Record<string, string>> => {
  const owner = resource.owner === undefined ? '' : (query.get(resource.owner.param)?.trim() ?? '')
  const given = givenIn(resource, query)
  return resource.owner === undefined || owner === '' ? given : { ...given, [resource.owner.param]: owner }
}

/** What the query says of the address (`Resource.address`). */
const givenIn = (
  { address = [] }: ReturnType<Objects['resource']>,
  query: URLSearchParams,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    address.flatMap(({ name }): [string, string][] => {
      const value = query.get(name)?.trim()
      return value === undefined || value === '' ? [] : [[name, value]]
    }),
  )

type Run = (call: HubCall, objects: Objects, request: HubRequest) => Promise<ApiReply>

const list: Run = async (call, objects, { segments, query }) => {
  const resource = objects.hubResource(call.instance, segments[0] ?? '')
  const { json, count, nextPage, total } = await objects.list(call, resource, {
    where: query.get('where') ?? undefined,
    ...(resource.address === undefined ? {} : { given: givenIn(resource, query) }),
    fields: query.get('fields') ?? undefined,
    orderBy: query.get('orderBy')?.trim(),
    pageSize: wholeNumber(query, 'pageSize'),
    page: wholeNumber(query, 'page'),
    nextPage: query.get('nextPage')?.trim(),
    total: isTrue(query, 'returnCount') || isTrue(query, 'returnTotalCount'),
  })
  return {
    rawJson: json,
    headers: {
      'elements-returned-count': String(count),
      ...(total === undefined ? {} : { 'elements-total-count': String(total) }),
      ...(nextPage === undefined ? {} : { 'elements-next-page-token': nextPage }),
    },
  }
}

const create: Run = async (call, objects, request) => {
  const { segments, query, body } = request
  const resource = objects.hubResource(call.instance, segments[0] ?? '')
  if (request.upload !== undefined)
    return uploadCreate(objects, call, resource, request, givenIn(resource, query))
  return rowReply(
    await objects.create(call, resource, objectBody(body, resource.name), givenToCreate(resource, query)),
  )
}

const updateAll: Run = async (call, objects, { segments, query, body }) => {
  const resource = objects.hubResource(call.instance, segments[0] ?? '')
  const sent = collectionBody(body, resource.name)
  return rowReply(await objects.updateAll(call, resource, givenIn(resource, query), sent))
}

const removeAll: Run = async (call, objects, { segments, query }) => {
  const resource = objects.hubResource(call.instance, segments[0] ?? '')
  return rowReply(await objects.removeAll(call, resource, givenIn(resource, query)))
}

const act: Run = async (call, objects, { segments, query, body }) => {
  const resource = objects.hubResource(call.instance, segments[0] ?? '')
  const address = addressIn(resource, segments, query)
  return rowReply(await objects.act(call, resource, address, segments[2] ?? '', actionBody(body)))
}

const get: Run = async (call, objects, { segments, query }) => {
  const resource = objects.hubResource(call.instance, segments[0] ?? '')
  const address = addressIn(resource, segments, query)
  return { rawJson: await objects.get(call, resource, address, query.get('fields') ?? '') }
}

const update: Run = async (call, objects, { segments, query, body }) => {
  const resource = objects.hubResource(call.instance, segments[0] ?? '')
  return rowReply(
    await objects.update(
      call,
      resource,
      addressIn(resource, segments, query),
      objectBody(body, resource.name),
    ),
  )
}

const remove: Run = async (call, objects, { segments, query }) => {
  const resource = objects.hubResource(call.instance, segments[0] ?? '')
  await objects.remove(call, resource, addressIn(resource, segments, query))
  return {}
}

interface Verb {
  readonly run: Run
  readonly name: keyof ReturnType<Objects['resource']>['verbs']
}

const onCollection: Readonly<Record<string, Verb>> = {
  GET: { run: list, name: 'search' },
  POST: { run: create, name: 'create' },
  PATCH: { run: updateAll, name: 'updateAll' },
  DELETE: { run: removeAll, name: 'removeAll' },
}
const onItem: Readonly<Record<string, Verb>> = {
  GET: { run: get, name: 'retrieve' },
  PATCH: { run: update, name: 'update' },
  DELETE: { run: remove, name: 'remove' },
}

/** A resource without a create by JSON may be created by a file. */
const canDo = ({ verbs, upload }: ReturnType<Objects['resource']>, { name }: Verb): boolean =>
  verbs[name] !== undefined || (name === 'create' && upload !== undefined)

const actionRun = (method: string, segments: readonly string[]): Run => {
  if (method === 'POST') return act
  throw wrongVerb(method, `/${segments.join('/')}`, ['POST'])
}

const contentRun = (objects: Objects, resource: ReturnType<Objects['resource']>, request: HubRequest) => {
  const run = contentCall(objects, resource, request)
  if (run === undefined) return undefined
  return (call: HubCall, _objects: Objects, asked: HubRequest) =>
    run(call, asked, addressIn(resource, asked.segments, asked.query))
}

const runFor = (objects: Objects, instance: OpenInstance, request: HubRequest): Run => {
  const { method, segments } = request
  const resource = objects.hubResource(instance, segments[0] ?? '')
  const content = segments.length === 3 ? contentRun(objects, resource, request) : undefined
  if (content !== undefined) return content
  if (request.upload !== undefined && !(method === 'POST' && segments.length === 1)) refuseMediaType()
  if (segments.length === 3 && resource.actions !== undefined) return actionRun(method, segments)
  const table = segments.length === 1 ? onCollection : segments.length === 2 ? onItem : undefined
  if (table === undefined) {
    throw new AppError('not-found', 'No resource found: a hub path is /hubs/{hub}/{resource}[/{id}].')
  }
  const verb = Object.hasOwn(table, method) ? table[method] : undefined
  if (verb !== undefined && canDo(resource, verb)) return verb.run
  const possible = Object.entries(table).filter(([, one]) => canDo(resource, one))
  throw wrongVerb(
    method,
    `/${segments.join('/')}`,
    possible.map(([name]) => name),
  )
}

/** Whose a call is, and the instance that it is about. */
export interface Opened {
  readonly caller: Caller
  readonly instance: OpenInstance
}

/** A resource of that name wins. */
const isBulk = (instance: OpenInstance, { segments: [first = ''] }: HubRequest): boolean =>
  bulkNames.has(first) && resourceNamed(instance, first) === undefined

/** Runs one hub call on an open instance (spec/contract.md 3). */
export const hubCall = async (
  { objects, bulk, transformations }: Pick<ApiContext, 'objects' | 'bulk' | 'transformations'>,
  { caller, instance }: Opened,
  request: HubRequest,
  trace: RequestTrace,
): Promise<ApiReply> => {
  let plan: string | undefined
  let scope: string | undefined
  const call: HubCall = {
    instance,
    trace,
    signal: request.signal,
    onPlan: (text) => {
      plan = text
    },
    onNarrowed: (to) => {
      scope = to
    },
  }
  const reply =
    (await genericReply(transformations, instance, request)) ??
    (isBulk(instance, request) ? await bulkCall({ bulk, caller, call, request }) : undefined) ??
    (request.segments[0] === passthroughName
      ? await passthroughCall(objects, call, request)
      : await runFor(objects, instance, request)(call, objects, request))
  const headers: Record<string, string> = {
    'elements-element-instance-id': String(instance.instanceId),
  }
  if (reply.headers !== undefined) Object.assign(headers, reply.headers)
  if (plan !== undefined) headers['elements-query-plan'] = plan
  if (scope !== undefined) headers['elements-scope'] = scope
  if (trace.scriptError !== undefined) {
    const told = headers['elements-error']
    headers['elements-error'] = headerText(
      told === undefined ? trace.scriptError : `${told}; ${trace.scriptError}`,
      4_000,
    )
  }
  const { status, body, rawJson, file, stream } = reply
  return { status, headers, body, rawJson, file, stream }
}
