import { buffer } from 'node:stream/consumers'
import { AppError } from '#src/lib/errors.ts'
import type { Caller, CallInput, RequestTrace } from '#src/services/index.ts'
import { type ApiReply, type ApiRequest, carriedHeaders } from './http/index.ts'
import { jobJson } from './jobs/job-json.ts'
import type { ApiContext } from './route.ts'

const asyncHeader = 'elements-async-request'
const callbackHeader = 'elements-async-callback-url'
const scheduleHeader = 'elements-schedule-request'

/** Files are stored with the call. */
const mostBytes = 10 * 1024 * 1024

type Request = ApiRequest<RequestTrace>
type Headers = Request['headers']

/** Who a call is from, and on whose Element token. */
export interface Owner {
  readonly caller: Caller
  readonly instanceId: number | null
}

/** Whether a call may be one that runs later. */
export const mayBeLater = (headers: Headers): boolean =>
  headers[asyncHeader] !== undefined || headers[scheduleHeader] !== undefined

const textOf = (headers: Headers, name: string): string | undefined => {
  const value = headers[name]
  return value === undefined ? undefined : [value].flat().join(', ').trim()
}

/** @throws AppError `bad-request` for what is neither true nor false. */
const asksAsync = (headers: Headers): boolean => {
  const text = textOf(headers, asyncHeader)?.toLowerCase() ?? ''
  if (['', 'true', 'false'].includes(text)) return text === 'true'
  throw new AppError('bad-request', 'Elements-Async-Request: it is true or false.')
}

const bodyOf = async ({ upload, body }: Request): Promise<CallInput['body']> => {
  if (upload === undefined) return body === undefined ? null : { text: JSON.stringify(body) }
  const { file } = await upload(mostBytes, { asIs: true })
  try {
    return { base64: (await buffer(file.read())).toString('base64') }
  } finally {
    await file.close()
  }
}

const inputOf = async (request: Request, { instanceId }: Owner, isAsync: boolean): Promise<CallInput> => {
  const body = await bodyOf(request)
  const sent = isAsync
    ? { ...request.headers, [asyncHeader]: undefined, [callbackHeader]: undefined }
    : request.headers
  const type = body !== null && 'text' in body ? { 'content-type': 'application/json' } : {}
  return {
    instanceId,
    method: request.method,
    path: request.path,
    search: request.queryText,
    query: {},
    headers: { ...carriedHeaders(sent), ...type },
    body,
  }
}

/**
 * Answers calls with Elements-Schedule-Request, which become jobs, and with Elements-Async-Request, which run once
 * and tell their result (spec/contract.md 2.4, 6.4). With both, each run of the job is asynchronous.
 * @param ownerOf who it is from, checked as for the call itself.
 * @param now answers the call at once.
 */
export const createLater = (
  ctx: ApiContext,
  ownerOf: (request: Request) => Promise<Owner>,
  now: (request: Request) => Promise<ApiReply>,
) => {
  const schedule = async (request: Request, cron: string, isAsync: boolean): Promise<ApiReply> => {
    const owner = await ownerOf(request)
    const { caller, instanceId } = owner
    if (isAsync) await ctx.calls.callbackOf(caller, instanceId, textOf(request.headers, callbackHeader))
    const input = await inputOf(request, owner, false)
    const made = await ctx.calls.jobs.add(caller, {
      ...input,
      name: `${input.method} ${input.path}`.slice(0, 500),
      description: '',
      cron,
      cronField: 'Elements-Schedule-Request',
    })
    return { body: jobJson(made) }
  }

  const dispatch = async (request: Request): Promise<ApiReply> => {
    const owner = await ownerOf(request)
    const url = textOf(request.headers, callbackHeader)
    const input = await inputOf(request, owner, true)
    const eventId = await ctx.calls.dispatch(owner.caller, input, url === '' ? undefined : url)
    return { body: { eventId, eventStatus: 'dispatched' } }
  }

  return async (request: Request): Promise<ApiReply> => {
    const isAsync = asksAsync(request.headers)
    const cron = textOf(request.headers, scheduleHeader)
    if (cron !== undefined) return schedule(request, cron, isAsync)
    return isAsync ? dispatch(request) : now(request)
  }
}
