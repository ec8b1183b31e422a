import type { Readable } from 'node:stream'
import type { Dispatcher, Pool } from 'undici'
import { AppError } from '#src/lib/errors.ts'
import type { Later } from '#src/lib/later.ts'
import type { TimeLimits } from '#src/lib/time-limits.ts'
import type { BodySink, OutboundReply, OutboundRequest } from './call.ts'
import { explainFailure, givenUp, tookTooLong } from './explain.ts'
import type { Place } from './place.ts'
import { maskOf } from './secrets.ts'
import { tooLarge, unpack } from './unpack.ts'

const defaultMaxBytes = 32 * 1024 * 1024
const longestTimerMs = 2 ** 31 - 1

// RFC 9110: these frame the message or bind it to a host, which is this room's matter.
const framing = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'proxy-connection',
  'upgrade',
  'expect',
  'te',
  'trailer',
])

const refuseFraming = (key: string): never => {
  throw new AppError('bad-request', `Header '${key}' cannot be set: it is made from the URL and the body.`, {
    hop: 'amalgam',
    retryable: false,
  })
}

const headersOf = ({ headers: given, body, into }: OutboundRequest): Record<string, string> => {
  const headers: Record<string, string> = { 'user-agent': 'amalgam', 'accept-encoding': 'gzip, deflate, br' }
  for (const name in given) {
    const key = name.toLowerCase()
    if (framing.has(key)) refuseFraming(key)
    headers[key] = given[name] ?? ''
  }
  // Known lengths keep a stream from going out in chunks, which some servers refuse.
  if (typeof body === 'object' && 'open' in body) headers['content-length'] = String(body.bytes)
  // What is handed on as it came is not unpacked.
  if (into !== undefined) headers['accept-encoding'] = 'identity'
  return headers
}

/** The headers as the driver gives them; where several values of one name came, joined. */
const flatten = (
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Readonly<Record<string, string>> => {
  let flat: Record<string, string> | undefined
  for (const name in headers) {
    const value = headers[name]
    if (typeof value === 'string') continue
    flat ??= { ...(headers as Record<string, string>) }
    if (value === undefined) delete flat[name]
    else flat[name] = value.join(', ')
  }
  return flat ?? (headers as Record<string, string>)
}

/** What is known of a reply, also when the exchange failed half-way. */
export interface Progress {
  /** Whether a byte of the request may have left. */
  started: boolean
  status: number | null
  headers: Readonly<Record<string, string>>
}

/** Collects one reply; `end` is called exactly once. */
const createHandler = (
  host: string,
  maxBytes: number,
  progress: Progress,
  into: BodySink | undefined,
  end: (error: AppError | null, body: Buffer) => void,
) => {
  const chunks: Buffer[] = []
  let bytes = 0
  let ended = false
  let control: Dispatcher.DispatchController | undefined

  const finish = (error: AppError | null): void => {
    if (ended) return
    ended = true
    end(error, chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks))
  }

  /** Gives up: at once for the caller, and for the connection as soon as it has one. */
  const abort = (error: AppError): void => {
    if (ended) return
    chunks.length = 0
    finish(error)
    control?.abort(error)
  }

  const handler: Dispatcher.DispatchHandler = {
    // Told when a connection stands and the request is about to be written to it.
    onRequestStart: (controller) => {
      control = controller
      if (ended) controller.abort(new Error('The call was given up.'))
      else progress.started = true
    },
    onResponseStart: (_controller, status, headers) => {
      // RFC 9110, 15.2: a 1xx reply is only a notice that the real one comes.
      if (status < 200) return
      progress.status = status
      progress.headers = flatten(headers)
    },
    onResponseData: (_controller, chunk) => {
      if (ended) return
      bytes += chunk.length
      if (bytes > maxBytes) abort(tooLarge(host, maxBytes))
      else if (into === undefined || (progress.status ?? 0) >= 300) chunks.push(chunk)
      else into.writeNow(chunk)
    },
    onResponseEnd: () => finish(null),
    onResponseError: (_controller, error) => finish(explainFailure(error, host, progress.status)),
  }
  return { handler, abort }
}

const bodyOf = (request: OutboundRequest): string | Buffer | Readable | null => {
  const { body } = request
  if (body === undefined || typeof body === 'string') return body ?? null
  if ('open' in body) return body.open()
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength)
}

/** One attempt, ready to be sent. */
export interface Exchange {
  readonly pool: Pool
  readonly limits: TimeLimits
  readonly request: OutboundRequest
  readonly place: Place
  /** At most the request's own. */
  readonly timeoutMs: number
  /** Is filled in as the reply arrives. */
  readonly progress: Progress
}

/** The reply of a body as received. */
const replyOf = (
  { request, place, progress }: Exchange,
  packed: Buffer,
  maxBytes: number,
): Later<OutboundReply> => {
  const { status, headers } = progress
  const masked = maskOf(request)
  const coding = headers['content-encoding']
  if (coding === undefined) return { status: status ?? 0, headers, body: packed, masked }
  return unpack(packed, coding, place.host, maxBytes).then((body) => ({
    status: status ?? 0,
    headers,
    body,
    masked,
  }))
}

const receive = (
  sent: Exchange,
  headers: Record<string, string>,
  maxBytes: number,
): Promise<OutboundReply> => {
  const { pool, limits, request, place, timeoutMs, progress } = sent
  const { signal } = request
  const { host, path } = place
  return new Promise<OutboundReply>((resolve, reject) => {
    let leaving: ReturnType<typeof bodyOf> = null
    const { handler, abort } = createHandler(host, maxBytes, progress, request.into, (error, body) => {
      endLimit()
      signal?.removeEventListener('abort', onAbort)
      // The driver leaves a stream open that it did not read to its end.
      if (leaving !== null && typeof leaving === 'object' && 'destroy' in leaving) leaving.destroy()
      if (error === null) resolve(replyOf(sent, body, maxBytes))
      else reject(error)
    })
    const endLimit = limits.watch(Math.min(timeoutMs, longestTimerMs), () =>
      abort(tookTooLong(host, timeoutMs)),
    )
    const onAbort = (): void => abort(givenUp(host, signal?.reason))
    signal?.addEventListener('abort', onAbort, { once: true })
    try {
      leaving = bodyOf(request)
      // The driver's type names the methods of RFC 9110; it sends any.
      const method = request.method as Dispatcher.HttpMethod
      pool.dispatch({ method, path, headers, body: leaving }, handler)
    } catch (error) {
      abort(explainFailure(error, host, null))
    }
  })
}

/**
 * One request and its whole reply; redirects are replies like any other.
 * @throws AppError as `Outbound.send` says.
 */
export const exchange = (sent: Exchange): Promise<OutboundReply> => {
  const { request, place } = sent
  const { signal, maxBytes = defaultMaxBytes } = request
  const headers = headersOf(request)
  if (signal?.aborted) throw givenUp(place.host, signal.reason)
  if (request.into === undefined) return receive(sent, headers, maxBytes)
  return request.into.clear().then(() => receive(sent, headers, maxBytes))
}
