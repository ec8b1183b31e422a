import { AppError } from '#src/lib/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'
import type { HubCall, Objects } from '#src/services/index.ts'
import type { ApiReply } from './http/index.ts'
import type { HubRequest } from './hub.ts'
import { rowReply, uploadCreate } from './hub-files.ts'

export type Resource = ReturnType<Objects['resource']>
export type VerbName = keyof Resource['verbs']

/** What a hub call is about: a resource, and what path and query say of a row or of the whole. */
export interface Target {
  readonly resource: Resource
  /** Empty: the call is about no single row. */
  readonly id: string
  readonly owner: string | undefined
  /** By the names of `Resource.address`; undefined: nothing can be said. */
  readonly given: Readonly<Record<string, string>> | undefined
}

/** Runs a hub call on its target. */
export type Run = (call: HubCall, objects: Objects, target: Target, request: HubRequest) => Promise<ApiReply>

const objectBody = (body: Json | undefined, resource: string): JsonObject => {
  if (isJsonObject(body)) return body
  throw new AppError('bad-request', `body: send a JSON object with the fields of ${resource}.`)
}

/** Where nobody knows what a resource takes, it may take nothing. */
const fieldsBody = (body: Json | undefined, { name, openFields }: Resource): JsonObject =>
  body === undefined && openFields !== undefined ? {} : objectBody(body, name)

/** A collection is written by one record, several, or what an element documents. */
const collectionBody = (body: Json | undefined, resource: string): JsonObject | readonly JsonObject[] => {
  if (!Array.isArray(body)) return objectBody(body, resource)
  if (body.length > 0 && body.every(isJsonObject)) return body
  throw new AppError('bad-request', `body: send at least one JSON object with the fields of ${resource}.`)
}

/** An action may go without a body. */
export const actionBody = (body: Json | undefined): JsonObject => {
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

type Said = Pick<HubRequest, 'query' | 'headers'>

/** What query and headers say of the address (`Resource.address`). */
const givenIn = ({ address = [] }: Resource, { query, headers }: Said): Readonly<Record<string, string>> =>
  Object.fromEntries(
    address.flatMap(({ name, from }): [string, string][] => {
      const header = from === 'header' ? headers[name.toLowerCase()] : undefined
      const value = (from === 'header' ? header?.toString() : query.get(name))?.trim()
      return value === undefined || value === '' ? [] : [[name, value]]
    }),
  )

/**
 * The target of a call on a resource.
 * @param said what the path says of the address; it wins over the query.
 */
export const targetOf = (
  resource: Resource,
  id: string,
  request: Said,
  said?: Readonly<Record<string, string>>,
): Target => {
  const owner = resource.owner === undefined ? undefined : request.query.get(resource.owner.param)?.trim()
  const given = resource.address === undefined ? undefined : givenIn(resource, request)
  return {
    resource,
    id,
    owner: owner === '' ? undefined : owner,
    given: said === undefined ? given : { ...given, ...said },
  }
}

/** Besides that, whose a new row is, by the name of `Owner.param`. */
const givenToCreate = ({ resource, owner, given = {} }: Target): Readonly<Record<string, string>> =>
  resource.owner === undefined || owner === undefined ? given : { ...given, [resource.owner.param]: owner }

const list: Run = async (call, objects, { resource, given }, { query }) => {
  const { json, count, nextPage, total } = await objects.list(call, resource, {
    where: query.get('where') ?? undefined,
    ...(given === undefined ? {} : { given }),
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

/** A create by JSON or, where the request is one, by a file. */
const create: Run = async (call, objects, target, request) => {
  const { resource, given = {} } = target
  const takesFilesOnly = resource.verbs.create === undefined && resource.openFields !== undefined
  if (request.upload !== undefined || takesFilesOnly)
    return uploadCreate(objects, call, resource, request, given)
  return rowReply(
    await objects.create(call, resource, fieldsBody(request.body, resource), givenToCreate(target)),
  )
}

const updateAll: Run = async (call, objects, { resource, given = {} }, { body }) =>
  rowReply(await objects.updateAll(call, resource, given, collectionBody(body, resource.name)))

const removeAll: Run = async (call, objects, { resource, given = {} }) =>
  rowReply(await objects.removeAll(call, resource, given))

const retrieve: Run = async (call, objects, target, { query }) => ({
  rawJson: await objects.get(call, target.resource, target, query.get('fields') ?? ''),
})

const update: Run = async (call, objects, target, { body }) =>
  rowReply(await objects.update(call, target.resource, target, fieldsBody(body, target.resource)))

const replace: Run = async (call, objects, target, { body }) =>
  rowReply(
    await objects.update(call, target.resource, target, fieldsBody(body, target.resource), {
      replaces: true,
    }),
  )

const remove: Run = async (call, objects, target) => {
  await objects.remove(call, target.resource, target)
  return {}
}

/** How each verb of a resource is run. */
export const verbRuns: Readonly<Record<VerbName, Run>> = {
  search: list,
  create,
  retrieve,
  update,
  replace,
  remove,
  updateAll,
  removeAll,
}
