import { AppError } from '#src/lib/errors.ts'
import type { Json } from '#src/lib/json.ts'
import type { StopSignal } from '#src/lib/stop-signal.ts'
import {
  type Caller,
  elementPath,
  type HubCall,
  type Objects,
  type OpenInstance,
  type RequestTrace,
  resourceNamed,
} from '#src/services/index.ts'
import { bulkCall, bulkNames } from './bulk/index.ts'
import { type ApiReply, type ApiRequest, headerText, refuseMediaType, wrongVerb } from './http/index.ts'
import { contentRun, passthroughCall, passthroughName, rowReply } from './hub-files.ts'
import { genericReply } from './hub-generic.ts'
import { pathCall } from './hub-paths.ts'
import { actionBody, type Resource, type Run, targetOf, type VerbName, verbRuns } from './hub-runs.ts'
import type { ApiContext } from './route.ts'

/** A call on a resource, its path already without the hub. */
export interface HubRequest {
  readonly method: string
  /** `[resource]`, `[resource, id]`, or as the element's paths have it. */
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

const onCollection: Readonly<Record<string, VerbName>> = {
  GET: 'search',
  POST: 'create',
  PATCH: 'updateAll',
  DELETE: 'removeAll',
}
const onItem: Readonly<Record<string, VerbName>> = {
  GET: 'retrieve',
  PATCH: 'update',
  PUT: 'replace',
  DELETE: 'remove',
}

/** A resource without a create by JSON may be created by a file. */
const canDo = ({ verbs, upload }: Resource, verb: VerbName): boolean =>
  verbs[verb] !== undefined || (verb === 'create' && upload !== undefined)

const actionRun = (method: string, segments: readonly string[]): Run => {
  if (method !== 'POST') throw wrongVerb(method, `/${segments.join('/')}`, ['POST'])
  return async (call, objects, target, { body }) => {
    const action = objects.action(target.resource, segments[2] ?? '')
    return rowReply(await objects.act(call, target.resource, target, action, actionBody(body)))
  }
}

const runFor = (objects: Objects, resource: Resource, request: HubRequest): Run => {
  const { method, segments } = request
  const content = segments.length === 3 ? objects.content(resource, segments[2] ?? '') : undefined
  if (content !== undefined) return contentRun(content, request)
  if (request.upload !== undefined && !(method === 'POST' && segments.length === 1)) refuseMediaType()
  if (segments.length === 3 && resource.actions !== undefined) return actionRun(method, segments)
  const table = segments.length === 1 ? onCollection : segments.length === 2 ? onItem : undefined
  if (table === undefined) {
    throw new AppError('not-found', 'No resource found: a hub path is /hubs/{hub}/{resource}[/{id}].')
  }
  const verb = Object.hasOwn(table, method) ? table[method] : undefined
  if (verb !== undefined && canDo(resource, verb)) return verbRuns[verb]
  const possible = Object.entries(table).filter(([, one]) => canDo(resource, one))
  throw wrongVerb(
    method,
    `/${segments.join('/')}`,
    possible.map(([name]) => name),
  )
}

const resourceCall = (objects: Objects, call: HubCall, request: HubRequest): Promise<ApiReply> => {
  const { segments } = request
  const resource = objects.hubResource(call.instance, segments[0] ?? '')
  const run = runFor(objects, resource, request)
  return run(call, objects, targetOf(resource, segments[1] ?? '', request), request)
}

/** Whose a call is, and the instance that it is about. */
export interface Opened {
  readonly caller: Caller
  readonly instance: OpenInstance
}

/** A resource of that name wins, and a path. */
const isBulk = (instance: OpenInstance, { segments }: HubRequest): boolean => {
  const [first = ''] = segments
  return (
    bulkNames.has(first) &&
    resourceNamed(instance, first) === undefined &&
    elementPath(instance, segments) === undefined
  )
}

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
      : await (pathCall(objects, call, request) ?? resourceCall(objects, call, request)))
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
