import type { IncomingMessage } from 'node:http'
import { AppError } from '#src/lib/errors.ts'
import type { Json } from '#src/lib/json.ts'
import type { Spool } from '#src/lib/spool.ts'
import type { StopSignal } from '#src/lib/stop-signal.ts'
import { requireJsonAccepted } from './accept.ts'
import { isJsonType, readBody } from './body.ts'
import type { ApiMethod, ApiReply, ApiRequest, CallArea } from './call.ts'
import { optionsHeaders } from './cors.ts'
import { wrongVerb } from './errors.ts'
import { answerOutside, type OtherRoutes } from './outside.ts'
import { jsonType } from './refusal.ts'
import { segmentsOf } from './target.ts'
import { readUpload, type UploadKind } from './upload.ts'

/** A call as the shell keeps it. */
export interface Call<T> {
  readonly requestId: string
  readonly incoming: IncomingMessage
  readonly area: CallArea
  /** As in FinishedCall. */
  readonly path: string
  readonly query: string
  readonly signal: StopSignal
  readonly remoteAddress: string
  readonly startedAt: Date
  readonly trace: T
  /** What came as a body, once it was read: an error must not repeat what is secret in it. */
  readonly received: { body?: Json | undefined }
}

/** What goes out; the shell adds request id and CORS. */
export interface Outgoing {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly payload: string | Buffer | Spool
}

export interface AnswerNeed<T> {
  readonly dispatch: (request: ApiRequest<T>) => Promise<ApiReply>
  readonly otherRoutes?: OtherRoutes | undefined
  readonly bodyLimitBytes: number
  readonly isStopping: () => boolean
}

const methods: ReadonlyMap<string, ApiMethod> = new Map([
  ['GET', 'GET'],
  ['HEAD', 'GET'],
  ['POST', 'POST'],
  ['PUT', 'PUT'],
  ['PATCH', 'PATCH'],
  ['DELETE', 'DELETE'],
])

/** The verb, HEAD as GET. @throws AppError `wrong-verb` */
const methodOf = ({ method = '' }: IncomingMessage): ApiMethod => {
  const known = methods.get(method)
  if (known === undefined) throw wrongVerb(method, 'any path here', [...methods.values()])
  return known
}

/** Whether the client demands what this server cannot do (RFC 9110 section 10.1.1); answered with 417. */
export const hasOddExpectation = ({ httpVersion, headers }: IncomingMessage): boolean =>
  httpVersion === '1.1' &&
  headers.expect !== undefined &&
  headers.expect.trim().toLowerCase() !== '100-continue'

/** What Node would refuse with a bare status line is left to us, so that the answer has a body. */
const requireSoundHead = (incoming: IncomingMessage): void => {
  if (incoming.httpVersion === '1.1' && incoming.headers.host === undefined) {
    throw new AppError('bad-request', 'Host: HTTP/1.1 needs this header.')
  }
  if (hasOddExpectation(incoming)) {
    throw new AppError('bad-request', 'Expect: only 100-continue is known. Leave the header out.')
  }
}

const answerHealth = (method: ApiMethod, stopping: boolean): Outgoing => {
  if (method !== 'GET') throw wrongVerb(method, '/health', ['GET'])
  return {
    status: stopping ? 503 : 200,
    headers: { 'content-type': jsonType, 'cache-control': 'no-store' },
    payload: JSON.stringify({ status: stopping ? 'stopping' : 'ok' }),
  }
}

const payloadOf = ({ rawJson, body }: ApiReply): string | Buffer => rawJson ?? JSON.stringify(body) ?? ''

/** Whether what is below these segments may be other than JSON, both ways: files, and the vendor's own addresses. */
const mayBeFile = ([first, , third, fourth, fifth]: readonly string[]): boolean =>
  first === 'hubs'
    ? third === passthrough || fifth !== undefined || fourth !== undefined
    : first === passthrough

const passthrough = 'passthrough'

/** A body that is not read as JSON here: of the passthrough, and whatever a hub call declares as something else. */
const isUpload = ({ headers }: IncomingMessage, [first, , third]: readonly string[]): boolean => {
  if (first === passthrough || (first === 'hubs' && third === passthrough)) return true
  const isHubCall = first === 'hubs' || /(?:^|[\s,])element\s/i.test(headers.authorization ?? '')
  return isHubCall && !isJsonType(headers['content-type'])
}

const answerApi = async <T>(need: AnswerNeed<T>, call: Call<T>, method: ApiMethod): Promise<Outgoing> => {
  const { requestId, incoming, path, signal, remoteAddress, startedAt, trace } = call
  const segments = segmentsOf(path)
  if (!mayBeFile(segments)) requireJsonAccepted(incoming.headers.accept)
  const takesFile = method !== 'GET' && isUpload(incoming, segments)
  const body = method === 'GET' || takesFile ? undefined : await readBody(incoming, need.bodyLimitBytes)
  call.received.body = body
  const reply = await need.dispatch({
    requestId,
    method,
    path,
    segments,
    query: new URLSearchParams(call.query),
    headers: incoming.headers,
    body,
    ...(takesFile
      ? { upload: (mostBytes: number, kind: UploadKind) => readUpload(incoming, mostBytes, kind) }
      : {}),
    signal,
    remoteAddress,
    startedAt,
    trace,
  })
  const { status = 200, file } = reply
  if (file !== undefined)
    return { status, headers: { ...reply.headers, 'content-type': file.contentType }, payload: file.spool }
  const payload = payloadOf(reply)
  return {
    status,
    headers: { ...reply.headers, ...(payload.length === 0 ? {} : { 'content-type': jsonType }) },
    payload,
  }
}

/** Answers one call. @throws whatever goes wrong; AppError for what callers may read. */
export const answer = async <T>(need: AnswerNeed<T>, call: Call<T>): Promise<Outgoing> => {
  const { incoming, area, path } = call
  requireSoundHead(incoming)
  const stopping = need.isStopping()
  if (stopping && area !== 'health') {
    throw new AppError('stopping', 'Amalgam is stopping. Send the call again in a few seconds.', {
      retryAfterSeconds: 5,
    })
  }
  if (incoming.method === 'OPTIONS')
    return { status: 200, headers: optionsHeaders(incoming.headers), payload: '' }
  const method = methodOf(incoming)
  if (area === 'health') return answerHealth(method, stopping)
  if (area === 'api') return answerApi(need, call, method)
  const query = new URLSearchParams(call.query)
  return answerOutside(need.otherRoutes, { method, path, query, headers: incoming.headers })
}
