import type { Readable } from 'node:stream'
import type { Dispatcher, Pool } from 'undici'
import { AppError } from '#src/lib/errors.ts'
import type { Later } from '#src/lib/later.ts'
import type { Limited, TimeLimit, TimeLimits } from '#src/lib/time-limits.ts'
import type { OutboundReply, OutboundRequest } from './call.ts'
import { givenUp, tookTooLong } from './explain.ts'
import type { Place } from './place.ts'
import { maskOf } from './secrets.ts'
import { tooLarge, unpack } from './unpack.ts'

const defaultMaxBytes = 32 * 1024 * 1024
const longestTimerMs = 2 ** 31 - 1

/** RFC 9110: these frame the message or bind it to a host, which is this room's matter: no request may set them. */
export const framingHeaders: ReadonlySet<string> = new Set([
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

/** Sets the header in a list of names and values; of those that differ in case alone the last stands. */
const put = (list: string[], name: string, value: string): void => {
  for (let at = 0; at < list.length; at += 2)
    if (list[at] === name) {
      list[at + 1] = value
      return
    }
  list.push(name, value)
}

/** Names and values in turn, as the driver takes them too: cheaper than an object with keys not known before. */
const headersOf = ({ headers: given, body, into }: OutboundRequest): string[] => {
  const list = ['user-agent', 'amalgam', 'accept-encoding', 'gzip, deflate, br']
  for (const name in given) {
    const key = name.toLowerCase()
    if (framingHeaders.has(key)) refuseFraming(key)
    put(list, key, given[name] ?? '')
  }
  // Known lengths keep a stream from going out in chunks, which some servers refuse.
  if (typeof body === 'object' && 'open' in body) put(list, 'content-length', String(body.bytes))
  // What is handed on as it came is not unpacked.
  if (into !== undefined) put(list, 'accept-encoding', 'identity')
  return list
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

const bodyOf = ({ body }: OutboundRequest): string | Buffer | Readable | null => {
  if (body === undefined || typeof body === 'string') return body ?? null
  if ('open' in body) return body.open()
  return Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength)
}

/** What an attempt needs. */
export interface Sending {
  readonly pool: Pool
  readonly limits: TimeLimits
  readonly request: OutboundRequest
  readonly place: Place
  /** At most the request's own. */
  readonly timeoutMs: number
}

const noHeaders: OutboundReply['headers'] = {}
const noBytes = Buffer.alloc(0)

/**
 * One request and its whole reply; redirects are replies like any other. The one object that the driver, the time limit
 * and the signal call back: each call would pay for functions of its own.
 */
export class Exchange implements Dispatcher.DispatchHandler, Limited {
  /** Whether a byte of the request may have left. */
  started = false
  /** Of the reply; null until its head is there. */
  status: number | null = null
  headers: OutboundReply['headers'] = noHeaders
  private readonly sending: Sending
  private readonly maxBytes: number
  private readonly onEnd: (error: unknown, packed: Buffer) => void
  private limit: TimeLimit | undefined = undefined
  private leaving: ReturnType<typeof bodyOf> = null
  private control: Dispatcher.DispatchController | undefined = undefined
  private readonly chunks: Buffer[] = []
  private bytes = 0
  private ended = false

  /** `onEnd` is called once: with null and the reply's body as received, or with what went wrong. */
  constructor(sending: Sending, onEnd: (error: unknown, packed: Buffer) => void) {
    this.sending = sending
    this.onEnd = onEnd
    this.maxBytes = sending.request.maxBytes ?? defaultMaxBytes
  }

  /** Sends the request. Throws nothing. */
  begin(): void {
    const { pool, limits, request, place, timeoutMs } = this.sending
    const { signal } = request
    this.limit = limits.watch(Math.min(timeoutMs, longestTimerMs), this)
    try {
      const headers = headersOf(request)
      if (signal !== undefined) {
        if (signal.aborted) throw givenUp(place.host, signal.reason)
        signal.addEventListener('abort', this, { once: true })
      }
      this.leaving = bodyOf(request)
      // The driver's type names the methods of RFC 9110; it sends any.
      const method = request.method as Dispatcher.HttpMethod
      pool.dispatch({ method, path: place.path, headers, body: this.leaving }, this)
    } catch (error) {
      this.finish(error)
    }
  }

  /** Told when a connection stands and the request is about to be written to it. */
  onRequestStart(control: Dispatcher.DispatchController): void {
    this.control = control
    if (this.ended) control.abort(new Error('The call was given up.'))
    else this.started = true
  }

  onResponseStart(
    _control: Dispatcher.DispatchController,
    status: number,
    headers: Parameters<typeof flatten>[0],
  ): void {
    // RFC 9110, 15.2: a 1xx reply is only a notice that the real one comes.
    if (status < 200) return
    this.status = status
    this.headers = flatten(headers)
  }

  onResponseData(_control: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.ended) return
    this.bytes += chunk.length
    const { place, request } = this.sending
    if (this.bytes > this.maxBytes) this.abort(tooLarge(place.host, this.maxBytes))
    else if (request.into === undefined || (this.status ?? 0) >= 300) this.chunks.push(chunk)
    else request.into.writeNow(chunk)
  }

  onResponseEnd(): void {
    this.finish(null)
  }

  onResponseError(_control: Dispatcher.DispatchController, error: Error): void {
    this.finish(error)
  }

  /** Its time is over. */
  over(): void {
    this.abort(tookTooLong(this.sending.place.host, this.sending.timeoutMs))
  }

  /** Whoever asked for it gave it up. */
  handleEvent(): void {
    const { place, request } = this.sending
    this.abort(givenUp(place.host, request.signal?.reason))
  }

  /** Gives up: at once for the caller, and for the connection as soon as it has one. */
  private abort(error: AppError): void {
    if (this.ended) return
    this.finish(error)
    this.control?.abort(error)
  }

  private finish(error: unknown): void {
    if (this.ended) return
    this.ended = true
    const { limits, request } = this.sending
    if (this.limit !== undefined) limits.end(this.limit)
    request.signal?.removeEventListener('abort', this)
    // The driver leaves a stream open that it did not read to its end.
    const { leaving, chunks } = this
    if (leaving !== null && typeof leaving === 'object' && 'destroy' in leaving) leaving.destroy()
    if (error !== null) chunks.length = 0
    const [first = noBytes] = chunks
    this.onEnd(error, chunks.length < 2 ? first : Buffer.concat(chunks))
  }
}

/** The reply of a body as received. */
export const replyOf = (
  { request, place }: Sending,
  { status, headers }: Exchange,
  packed: Buffer,
): Later<OutboundReply> => {
  const masked = maskOf(request)
  const coding = headers['content-encoding']
  if (coding === undefined) return { status: status ?? 0, headers, body: packed, masked }
  return unpack(packed, coding, place.host, request.maxBytes ?? defaultMaxBytes).then((body) => ({
    status: status ?? 0,
    headers,
    body,
    masked,
  }))
}
