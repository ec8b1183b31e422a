import { AppError } from '#src/lib/errors.ts'
import { elementPath, type HubCall, type Objects } from '#src/services/index.ts'
import { type ApiReply, refuseMediaType, wrongVerb } from './http/index.ts'
import type { HubRequest } from './hub.ts'
import { contentRun, rowReply, uploadCreate } from './hub-files.ts'
import { actionBody, type Run, type Target, targetOf, verbRuns } from './hub-runs.ts'

type FoundPath = NonNullable<ReturnType<typeof elementPath>>
type HubAction = NonNullable<FoundPath['found']['methods']['GET']>
type OnResource = Exclude<HubAction, { kind: 'absent' }>

const runOf = (action: OnResource, request: HubRequest): Run => {
  switch (action.kind) {
    case 'verb':
      if (request.upload !== undefined && action.verb !== 'create') refuseMediaType()
      return verbRuns[action.verb]
    case 'act':
      if (request.upload !== undefined) refuseMediaType()
      return async (call, objects, target, { body }) =>
        rowReply(await objects.act(call, target.resource, target, action.action, actionBody(body)))
    case 'read-file':
      return contentRun(action.content, { ...request, method: 'GET' })
    case 'write-file':
      return contentRun(action.content, { ...request, method: 'PUT' })
    case 'upload':
      return (call, objects, { resource, given = {} }) =>
        uploadCreate(objects, call, resource, request, given)
  }
}

/** What the path says of the address, and what the query says under other names. */
const saidIn = (
  { names = {} }: OnResource,
  { values }: FoundPath,
  query: URLSearchParams,
): Readonly<Record<string, string>> => {
  const renamed = new Set(Object.values(names))
  const own = Object.entries(values).filter(([name]) => !renamed.has(name))
  const other = Object.entries(names).flatMap(([part, name]): [string, string][] => {
    const value = values[name] ?? query.get(name)
    return value === null || value === '' ? [] : [[part, value]]
  })
  return Object.fromEntries([...own, ...other])
}

/** @throws AppError `bad-request` where the row is named by the query and the query does not name it. */
const targetIn = (action: OnResource, place: FoundPath, request: HubRequest): Target => {
  const { resource, id: name } = action
  const said = saidIn(action, place, request.query)
  if (name === undefined) return targetOf(resource, '', request, said)
  const { [name]: inPath, ...rest } = said
  if (inPath !== undefined) return targetOf(resource, inPath, request, rest)
  const id = request.query.get(name) ?? ''
  if (id === '')
    throw new AppError('bad-request', `${name}: ${place.found.path} needs it, as query parameter.`)
  return targetOf(resource, id, request, rest)
}

/**
 * A call on a path of the element (`Element.paths`); undefined: it is none.
 * @throws AppError `wrong-verb` with the methods that the path has, `not-found` for what the vendor does not have.
 */
export const pathCall = (
  objects: Objects,
  call: HubCall,
  request: HubRequest,
): Promise<ApiReply> | undefined => {
  const { method, segments } = request
  const place = elementPath(call.instance, segments)
  if (place === undefined) return undefined
  const { methods } = place.found
  const action = Object.hasOwn(methods, method) ? methods[method as keyof typeof methods] : undefined
  if (action === undefined) throw wrongVerb(method, `/${segments.join('/')}`, Object.keys(methods))
  if (action.kind === 'absent') throw new AppError('not-found', action.why)
  return runOf(action, request)(call, objects, targetIn(action, place, request), request)
}
