import type { IncomingMessage } from 'node:http'
import { type ReplyFormat, replyFormat } from './accept.ts'
import { type Family, familyOf } from './errors.ts'
import { newUuid } from './ids.ts'
import { type Found, findOperation } from './routes.ts'

/** What is known of a request once its first line and headers are read. */
export interface Inbound {
  readonly request: IncomingMessage
  readonly found: Found
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  /** The operation's name, or `unknown`. */
  readonly name: string
  readonly family: Family
  /** What the reply is written in; only v3 knows anything but JSON. */
  readonly format: ReplyFormat
  readonly correlationId: string
  readonly baseUrl: string
  readonly startedAt: number
  /** The grant of a token request; filled in by its operation. */
  grant: string | null
}

const hostPattern = /^(?:[\w.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?$/i

/** Follows: developer.concur.com, Correlation id: echoed, else made. Verified: 2026-08 */
const correlationOf = (request: IncomingMessage): string => {
  const sent = request.headers['concur-correlationid']
  return typeof sent === 'string' && /^[\w.-]{1,100}$/.test(sent) ? sent : newUuid()
}

const baseUrlOf = (host: string | undefined, port: number): string =>
  `http://${host !== undefined && hostPattern.test(host) ? host : `127.0.0.1:${String(port)}`}`

export const readInbound = (request: IncomingMessage, port: number): Inbound => {
  const target = request.url ?? '/'
  const mark = target.indexOf('?')
  const path = mark < 0 ? target : target.slice(0, mark)
  const method = request.method ?? 'GET'
  const found = findOperation(method, path)
  const family = found.kind === 'no-path' ? familyOf(path) : found.operation.family
  return {
    request,
    found,
    method,
    path,
    query: new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1)),
    name: found.kind === 'found' ? found.operation.name : 'unknown',
    family,
    format: family === 'v3' ? replyFormat(request.headers.accept) : 'application/json',
    correlationId: correlationOf(request),
    baseUrl: baseUrlOf(request.headers.host, port),
    startedAt: performance.now(),
    grant: null,
  }
}
