import type { z } from 'zod'
import type { JobBody } from '#src/contract/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { isJsonObject } from '#src/lib/json.ts'
import type { Caller, CallInput } from '#src/services/index.ts'
import { apiBase } from '../base.ts'
import { belowBase, carriedHeaders, readCredentials, segmentsOf, splitTarget } from '../http/index.ts'
import type { ApiContext } from '../route.ts'

type Body = z.output<typeof JobBody>
type Place = Pick<CallInput, 'path' | 'search'>

const refuse = (message: string): never => {
  throw new AppError('bad-request', message)
}

/** Where the call goes; a path of a hub may stand without the base. @throws AppError `bad-request` naming `uri`. */
const placeOf = (given: string): Place => {
  // A query as people write it: blanks and letters that a URL has in hexadecimal.
  const uri = given.trim().replaceAll(/[^\x21-\x7e]+/gu, (some) => encodeURIComponent(some.toWellFormed()))
  const outside = `uri: it must lead to this API. Send a path that starts with ${apiBase}/.`
  if (!/^\/[\x21-\x7e]*$/.test(uri)) refuse(outside)
  const { path, query } = splitTarget(uri.startsWith('/hubs/') ? `${apiBase}${uri}` : uri)
  const below = belowBase(path) ?? refuse(outside)
  if (below === '/') refuse(outside)
  try {
    segmentsOf(below)
  } catch (error) {
    if (error instanceof AppError) refuse(`uri: ${error.message}`)
    throw error
  }
  return { path: below, search: query }
}

const queryOf = ({ query }: Body): CallInput['query'] =>
  Object.fromEntries(
    Object.entries(query ?? {}).flatMap(([name, value]) => {
      if (value === null) return []
      return [[name, Array.isArray(value) ? value.map(String) : String(value)]]
    }),
  )

const isJsonText = (text: string): boolean => {
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) || Array.isArray(value)
  } catch {
    return false
  }
}

/** JSON as it is; a text that holds an object or array is taken for that. */
const bodyOf = ({ body }: Body): CallInput['body'] => {
  if (body === undefined || body === null) return null
  return { text: typeof body === 'string' && isJsonText(body) ? body : JSON.stringify(body) }
}

/** The headers that are text, and the one that signs. */
const headersOf = ({ headers }: Body) => {
  const sent = Object.entries(headers ?? {}).flatMap(([name, value]): [string, string][] =>
    value === null ? [] : [[name, String(value)]],
  )
  const named = (wanted: string) => sent.find(([name]) => name.trim().toLowerCase() === wanted)?.[1]
  if (named('elements-schedule-request') !== undefined)
    refuse('headers.Elements-Schedule-Request: leave it out. trigger.cron says when the job runs.')
  return {
    authorization: named('authorization'),
    carried: carriedHeaders(Object.fromEntries(sent), 'headers'),
  }
}

/** The Element token that the job's own header names. @throws AppError `bad-request` for another user's secret. */
const elementIn = async (ctx: ApiContext, caller: Caller, authorization: string | undefined) => {
  if (authorization === undefined) return undefined
  const credentials = readCredentials({ authorization })
  if (credentials.user !== undefined) {
    const other = await ctx.accounts.authenticate(credentials, false)
    if (other.userId !== caller.userId)
      refuse('headers.Authorization: a job runs as the user who makes it. Leave the User secret out.')
  }
  return credentials.element
}

const needsElement = (path: string): boolean =>
  /^\/hubs\/[^/]+\/./.test(path) && !/^\/hubs\/[^/]+\/elements$/.test(path)

/**
 * What POST /jobs asks to be called. Its Authorization is not kept: the Element token says only whose it is.
 * @param element the Element token of the request itself.
 * @throws AppError `bad-request` naming the field, `bad-credentials` for a token that leads nowhere.
 */
export const jobInput = async (
  ctx: ApiContext,
  caller: Caller,
  body: Body,
  element: string | undefined,
): Promise<CallInput> => {
  const place = placeOf(body.uri)
  const { authorization, carried } = headersOf(body)
  const token = (await elementIn(ctx, caller, authorization)) ?? element
  const instance =
    token === undefined ? undefined : await ctx.instances.open(token, caller, { allowDisabled: true })
  if (instance === undefined && needsElement(place.path))
    refuse(
      'headers.Authorization: a hub call needs "Element <element token>", here or in the header of this call.',
    )
  const sent = bodyOf(body)
  const type = sent === null ? {} : { 'content-type': 'application/json' }
  return {
    ...place,
    instanceId: instance?.instanceId ?? null,
    method: body.method,
    query: queryOf(body),
    headers: { ...carried, ...type },
    body: sent,
  }
}
