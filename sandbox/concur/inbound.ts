import type { IncomingMessage } from 'node:http'
import { type ReplyFormat, replyFormat } from './accept.ts'
import { baseUrlAt, type DataCentre, splitPath } from './data-centres.ts'
import { type Family, familyOf } from './errors.ts'
import { newUuid } from './ids.ts'
import { type Found, findOperation } from './routes.ts'

/** What is known of a request once its first line and headers are read. */
export interface Inbound {
  readonly request: IncomingMessage
  readonly found: Found
  readonly method: string
  readonly dataCentre: DataCentre
  /** Inside the data centre. */
  readonly path: string
  readonly query: URLSearchParams
  /** The operation's name, or `unknown`. */
  readonly name: string
  readonly family: Family
  /** What the reply is written in; only v1 to v3 and the old login framework know anything but JSON. */
  readonly format: ReplyFormat
  readonly correlationId: string
  /** How the caller reached us, such as `http://127.0.0.1:8081`, and the data centre under it. */
  readonly origin: string
  readonly baseUrl: string
  readonly startedAt: number
  /** The grant of a token request; filled in by its operation. */
  grant: string | null
  /** The first 16 hex digits of the SHA-256 of the refresh token that the reply holds. */
  issued: string | null
}

const hostPattern = /^(?:[\w.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?$/i

/** Follows: developer.concur.com, Correlation id: echoed, else made. Verified: 2026-08 */
const correlationOf = (request: IncomingMessage): string => {
  const sent = request.headers['concur-correlationid']
  return typeof sent === 'string' && /^[\w.-]{1,100}$/.test(sent) ? sent : newUuid()
}

const formatOf = (family: Family, accept: string | undefined): ReplyFormat => {
  if (family === 'legacy' || family === 'v1') return replyFormat(accept, 'xml')
  return family === 'v3' ? replyFormat(accept) : 'application/json'
}

const originOf = (host: string | undefined, port: number): string =>
  `http://${host !== undefined && hostPattern.test(host) ? host : `127.0.0.1:${String(port)}`}`

/** Pages and control addresses belong to the sandbox, not to a data centre. */
const findAt = (dataCentre: DataCentre, method: string, path: string): Found => {
  const found = findOperation(method, path)
  const own = found.kind === 'no-path' || found.operation.family !== 'control'
  return own || dataCentre === 'us2' ? found : { kind: 'no-path' }
}

export const readInbound = (request: IncomingMessage, port: number): Inbound => {
  const target = request.url ?? '/'
  const mark = target.indexOf('?')
  const { dataCentre, path } = splitPath(mark < 0 ? target : target.slice(0, mark))
  const method = request.method ?? 'GET'
  const found = findAt(dataCentre, method, path)
  const origin = originOf(request.headers.host, port)
  const family = found.kind === 'no-path' ? familyOf(path) : found.operation.family
  return {
    request,
    found,
    method,
    dataCentre,
    path,
    query: new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1)),
    name: found.kind === 'found' ? found.operation.name : 'unknown',
    family,
    format: formatOf(family, request.headers.accept),
    correlationId: correlationOf(request),
    origin,
    baseUrl: baseUrlAt(origin, dataCentre),
    startedAt: performance.now(),
    grant: null,
    issued: null,
  }
}
