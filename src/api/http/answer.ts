import type { IncomingMessage } from 'node:http'
import { AppError } from '#src/lib/errors.ts'
import type { Json } from '#src/lib/json.ts'
import type { Later } from '#src/lib/later.ts'
import type { Spool } from '#src/lib/spool.ts'
import type { StopSignal } from '#src/lib/stop-signal.ts'
import { requireJsonAccepted } from './accept.ts'
import { isJsonType, readBody } from './body.ts'
import type { ApiMethod, ApiReply, ApiRequest, CallArea } from './call.ts'
import { optionsHeaders } from './cors.ts'
import { wrongVerb } from './errors.ts'
import type { FileStream } from './file-stream.ts'
import { answerOutside, type OtherRoutes } from './outside.ts'
import { jsonType } from './refusal.ts'
import { segmentsOf } from './target.ts'
import { readUpload, type UploadOptions } from './upload.ts'

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

/** What goes out; the shell adds length, request id and CORS, which are not among `headers`. */
export interface Outgoing {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** The content type, where `headers` does not tell it. */
  readonly type?: string | undefined
  /** A spool is closed once it is out, or nobody gets it. */
  readonly payload: string | Buffer | Spool | FileStream
  /** Told in place of the payload's own length, for HEAD. */
  readonly length?: number | undefined
}

export interface AnswerNeed<T> {
  readonly dispatch: (request: ApiRequest<T>) => Later<ApiReply>
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

const passthrough = 'passthrough'

/** Below the hub, whether the path names one or not. */
const belowHub = (segments: readonly string[]): readonly string[] =>
  segments[0] === 'hubs' ? segments.slice(2) : segments

/** Whether a call may be one of a hub: of a bare path only its Element token tells. */
const mayBeHubCall = ({ headers }: IncomingMessage, segments: readonly string[]): boolean =>
  segments[0] === 'hubs' || /(?:^|[\s,])element\s/i.test(headers.authorization ?? '')

/** Whether the answer may be other than JSON: a file of a row (`/{resource}/{id}/{content}`), and the vendor's own. */
const mayGiveFile = (incoming: IncomingMessage, segments: readonly string[]): boolean => {
  const below = belowHub(segments)
  return below[0] === passthrough || (below.length === 3 && mayBeHubCall(incoming, segments))
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

/** Vendors' own calls, whose bodies are theirs to choose (spec/contract.md 6.4). */
const inbound = 'events'

/** Files of rows (`POST /bulk/{object}`), which may be JSON, and larger than any other body. */
const isBulkFile = ({ method }: IncomingMessage, below: readonly string[]): boolean =>
  method === 'POST' && below[0] === 'bulk' && below.length === 2 && !bulkCalls.has(below[1] ?? '')

const bulkCalls: ReadonlySet<string> = new Set(['query', 'download', 'workflows'])

/** A body that is not read as JSON here: of the passthrough, of vendors' calls, and whatever a hub call declares as something else. */
const isUpload = (incoming: IncomingMessage, segments: readonly string[]): boolean => {
  if (incoming.method === 'GET' || incoming.method === 'HEAD' || !hasBody(incoming)) return false
  const below = belowHub(segments)
  if (below[0] === passthrough || isBulkFile(incoming, below)) return true
  if (segments[0] === inbound) return !isJsonType(incoming.headers['content-type'])
  return mayBeHubCall(incoming, segments) && !isJsonType(incoming.headers['content-type'])
}

/** What a vendor or a customer sent must not run as a page of ours. */
const inert = { 'x-content-type-options': 'nosniff', 'content-security-policy': 'sandbox' } as const

const noHeaders = {}

const outgoingOf = (reply: ApiReply): Outgoing => {
  const { status = 200, headers = noHeaders, file, stream } = reply
  if (stream !== undefined) {
    const type = { 'content-type': stream.contentType }
    return { status, headers: { ...inert, ...headers, ...type }, payload: stream }
  }
  if (file !== undefined) {
    const type = file.contentType === '' ? {} : { 'content-type': file.contentType }
    return { status, headers: { ...inert, ...headers, ...type }, payload: file.spool, length: file.length }
  }
  const payload = payloadOf(reply)
  return { status, headers, type: payload.length === 0 ? undefined : jsonType, payload }
}

const answerApi = async <T>(need: AnswerNeed<T>, call: Call<T>, method: ApiMethod): Promise<Outgoing> => {
  const { requestId, incoming, path, query, signal, remoteAddress, startedAt, trace } = call
  const segments = segmentsOf(path)
  const { headers } = incoming
  const givesFile = mayGiveFile(incoming, segments)
  // Whoever looks whether a vendor may call there is no vendor who calls.
  if (segments[0] === inbound && incoming.method === 'HEAD' && !mayBeHubCall(incoming, segments))
    return { status: 200, headers: noHeaders, payload: '' }
  if (!givesFile && segments[0] !== inbound) requireJsonAccepted(headers.accept)
  const takesFile = isUpload(incoming, segments)
  const body = method === 'GET' || takesFile ? undefined : await readBody(incoming, need.bodyLimitBytes)
  call.received.body = body
  const upload = (mostBytes: number, options?: UploadOptions) =>
    readUpload(incoming, signal, mostBytes, options)
  const reply = await need.dispatch({
    requestId,
    method,
    path,
    segments,
    query: new URLSearchParams(query),
    queryText: query,
    isHead: incoming.method === 'HEAD',
    headers,
    body,
    upload: takesFile ? upload : undefined,
    signal,
    remoteAddress,
    startedAt,
    trace,
  })
  // Of what was only read, it can still be said; what was done is answered, whatever was accepted.
  if (givesFile && method === 'GET' && reply.file === undefined && reply.stream === undefined)
    requireJsonAccepted(headers.accept)
  return outgoingOf(reply)
}

/** Answers one call. @throws whatever goes wrong; AppError for what callers may read. */
export const answer = <T>(need: AnswerNeed<T>, call: Call<T>): Later<Outgoing> => {
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
