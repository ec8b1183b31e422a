import { AppError } from '#src/lib/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'
import type { HubCall, Objects, OpenInstance, RequestTrace } from '#src/services/index.ts'
import { type ApiReply, wrongVerb } from './http/index.ts'

/** A call on a resource, its path already without the hub. */
export interface HubRequest {
  readonly method: string
  /** `[resource]` or `[resource, id]`. */
  readonly segments: readonly string[]
  readonly query: URLSearchParams
  readonly body: Json | undefined
  readonly signal: AbortSignal
}

const objectBody = (body: Json | undefined, resource: string): JsonObject => {
  if (isJsonObject(body)) return body
  throw new AppError('bad-request', `body: send a JSON object with the fields of ${resource}.`)
}

const wholeNumber = (query: URLSearchParams, name: string): number | undefined => {
  const text = query.get(name)?.trim()
  if (text === undefined || text === '') return undefined
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new AppError('bad-request', `${name}: a whole number, not '${text.slice(0, 32)}'.`)
}

const notYet = ['orderBy', 'page', 'returnCount', 'returnTotalCount']

const refuseUnused = (query: URLSearchParams): void => {
  const name = notYet.find((one) => query.get(one)?.trim())
  if (name === undefined) return
  throw new AppError(
    'bad-request',
    `${name}: not supported yet. Leave it out; where, fields, pageSize and nextPage are.`,
  )
}

const fieldsIn = (query: URLSearchParams): readonly string[] =>
  (query.get('fields') ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')

const addressIn = (
  resource: ReturnType<Objects['resource']>,
  segments: readonly string[],
  query: URLSearchParams,
): { id: string; owner?: string } => {
  const owner = resource.owner === undefined ? null : query.get(resource.owner.param)
  return { id: segments[1] ?? '', ...(owner === null || owner.trim() === '' ? {} : { owner: owner.trim() }) }
}

type Run = (call: HubCall, objects: Objects, request: HubRequest) => Promise<ApiReply>

const rowReply = ({ row, notice }: { row: Json; notice?: string }): ApiReply => ({
  body: row,
  headers: notice === undefined ? {} : { 'elements-error': notice.replace(/[^\x20-\x7e]/g, '?') },
})

const list: Run = async (call, objects, { segments, query }) => {
  refuseUnused(query)
  const resource = objects.resource(call.instance, segments[0] ?? '')
  const { rows, nextPage } = await objects.list(call, resource, {
    where: query.get('where') ?? undefined,
    pageSize: wholeNumber(query, 'pageSize'),
    nextPage: query.get('nextPage') ?? undefined,
    fields: fieldsIn(query),
  })
  return {
    body: rows,
    headers: {
      'elements-returned-count': String(rows.length),
      ...(nextPage === undefined ? {} : { 'elements-next-page-token': nextPage }),
    },
  }
}

const create: Run = async (call, objects, { segments, body }) => {
  const resource = objects.resource(call.instance, segments[0] ?? '')
  return rowReply(await objects.create(call, resource, objectBody(body, resource.name)))
}

const get: Run = async (call, objects, { segments, query }) => {
  const resource = objects.resource(call.instance, segments[0] ?? '')
  return rowReply(await objects.get(call, resource, addressIn(resource, segments, query), fieldsIn(query)))
}

const update: Run = async (call, objects, { segments, query, body }) => {
  const resource = objects.resource(call.instance, segments[0] ?? '')
  return rowReply(
    await objects.update(
      call,
      resource,
      addressIn(resource, segments, query),
      objectBody(body, resource.name),
    ),
  )
}

const collectionRuns: Readonly<Record<string, Run>> = { GET: list, POST: create }
const itemRuns: Readonly<Record<string, Run>> = { GET: get, PATCH: update }

const runFor = ({ method, segments }: HubRequest): Run => {
  const runs = segments.length === 1 ? collectionRuns : segments.length === 2 ? itemRuns : undefined
  if (runs === undefined)
    throw new AppError('not-found', 'No resource found: a hub path is /hubs/{hub}/{resource}[/{id}].')
  const run = Object.hasOwn(runs, method) ? runs[method] : undefined
  if (run !== undefined) return run
  throw wrongVerb(method, `/${segments.join('/')}`, Object.keys(runs))
}

/** Runs one hub call on an open instance (spec/contract.md 3). */
export const hubCall = async (
  objects: Objects,
  instance: OpenInstance,
  request: HubRequest,
  trace: RequestTrace,
): Promise<ApiReply> => {
  let plan: string | undefined
  const call: HubCall = {
    instance,
    trace,
    signal: request.signal,
    onPlan: (text) => {
      plan = text
    },
  }
  const reply = await runFor(request)(call, objects, request)
  return {
    ...reply,
    headers: {
      ...reply.headers,
      'elements-element-instance-id': String(instance.instanceId),
      ...(plan === undefined ? {} : { 'elements-query-plan': plan }),
    },
  }
}
