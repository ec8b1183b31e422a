import type { Passthrough, Principal } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { openSpool, type Spool } from '#src/lib/spool.ts'
import type { OutboundReply } from '#src/outbound/index.ts'
import { exchangeWithVendor, type VendorRequest } from './call.ts'
import { type Connection, type EngineNeed, eitherPrincipal } from './connection.ts'
import { howToAdd, ofWhom } from './missing.ts'

/** A request for an address of the vendor's that no resource stands for. */
export interface PassedRequest {
  readonly method: VendorRequest['method']
  /** Segments of the path as they were sent, percent-encoded. */
  readonly segments: readonly string[]
  /** As it was sent, without its question mark. */
  readonly query: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** Undefined: none was sent. `contentType` is empty where none was told. */
  readonly body: { readonly file: Spool; readonly contentType: string } | undefined
  /** Whose grant signs; undefined: a person's before a company's. */
  readonly principal: Principal | undefined
}

/** What the vendor answered, whatever its status. */
export interface PassedReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Whoever gets it closes it. */
  readonly spool: Spool
  /** Empty: none was told. */
  readonly contentType: string
  /** Bytes of the body that a HEAD asks about, where the vendor says so. */
  readonly length: number | undefined
}

const refuse = (message: string): never => {
  throw new AppError('bad-request', `path: ${message}`)
}

/** Half of an address, which somebody put where its path belongs. */
const scheme = /^[a-z][a-z0-9+.-]*:$/i
/** All that a path segment may not hold bare (RFC 3986 3.3), besides percent-encoded bytes. */
const notPlain = /[^\w.~!$&'()*+,;=:@%-]/gu
/** A host on which paths are tried out: none has this name (RFC 2606). */
const nowhere = 'https://host.invalid'

/** A server that decodes a segment once more than it should must not find another path in it. */
const refuseDots = (segment: string): void => {
  const parts = decodeURIComponent(segment).split(/[/\\]/)
  if (parts.some((part) => part === '.' || part === '..')) refuse("'.' and '..' are not allowed in it.")
}

/**
 * The vendor's path. It is made of the segments and begins with a slash, so no host, port or user can be said in it;
 * a URL parser must find nothing in it to resolve.
 * @throws AppError `bad-request`.
 * @internal
 */
export const vendorPathOf = (segments: readonly string[]): string => {
  const [first = ''] = segments
  if (first === '') refuse("name the vendor's path after /passthrough.")
  if (scheme.test(decodeURIComponent(first)))
    refuse('send the path alone; the host is that of the connection.')
  for (const segment of segments) refuseDots(segment)
  const path = `/${segments.map((segment) => segment.replace(notPlain, encodeURIComponent)).join('/')}`
  const url = new URL(`${nowhere}${path}`)
  if (url.origin !== nowhere || url.pathname !== path) refuse('it is no plain path.')
  return path
}

const pathWithQuery = ({ segments, query }: PassedRequest): string =>
  `${vendorPathOf(segments)}${query === '' ? '' : `?${query.replaceAll('#', '%23')}`}`

const oneText = (value: string | readonly string[]): string =>
  typeof value === 'string' ? value : value.join(', ')

const sentHeaders = ({ requestHeaders }: Passthrough, { headers }: PassedRequest): Record<string, string> =>
  Object.fromEntries(
    requestHeaders.flatMap((name): [string, string][] => {
      const value = headers[name]
      return value === undefined || value === '' ? [] : [[name, oneText(value)]]
    }),
  )

/** An address on the vendor's hosts; another one says more than the caller asked for. */
const isOwnLocation = ({ element, site }: Connection, location: string): boolean =>
  URL.canParse(location)
    ? element.vendor.isOwnUrl(new URL(location), site)
    : location.startsWith('/') && !/^\/[/\\]/.test(location)

const shownHeaders = (
  connection: Connection,
  { replyHeaders }: Passthrough,
  { status, headers, masked }: OutboundReply,
): Record<string, string> => {
  const { location } = headers
  const names = [
    ...replyHeaders,
    connection.element.vendor.correlationHeader,
    ...(location !== undefined && isOwnLocation(connection, location) ? ['location'] : []),
    // What went to the spool is as it came; a refusal was unpacked.
    ...(status < 300 ? ['content-encoding'] : []),
  ]
  return Object.fromEntries(
    names.flatMap((name): [string, string][] => {
      const value = headers[name]
      return value === undefined ? [] : [[name, masked(value)]]
    }),
  )
}

const toldLength = ({ headers }: OutboundReply): number | undefined => {
  const length = headers['content-length'] ?? ''
  return /^\d{1,15}$/.test(length) ? Number(length) : undefined
}

/** @throws AppError `bad-request` where the instance has no grant of the one that was named. */
const signersOf = (connection: Connection, principal: Principal | undefined): readonly Principal[] => {
  if (principal === undefined) return eitherPrincipal
  if (connection.principalOf([principal]) === principal) return [principal]
  const { element, instanceId } = connection
  throw new AppError(
    'bad-request',
    `Elements-Principal: instance ${instanceId} has no grant ${ofWhom[principal]}.${howToAdd(element, principal, instanceId)}`,
  )
}

/** DELETE is not: a second one would answer that there is nothing. */
const repeatable: ReadonlySet<VendorRequest['method']> = new Set(['GET', 'HEAD', 'PUT'])

const rawOf = ({ body }: PassedRequest): VendorRequest['raw'] =>
  body === undefined || body.file.bytes() === 0
    ? undefined
    : { contentType: body.contentType, bytes: body.file.bytes(), open: body.file.read }

/**
 * Sends a caller's own request, signed, to the connection's base URL, with the limits, the renewal and the repetition
 * of any call. The vendor's refusal is a reply like any other. The caller closes the spool.
 * @throws AppError `not-found` where the element has no passthrough, `bad-request` on the path or the principal,
 * `needs-reconnect`, and the failures of the way.
 */
export const passThrough = async (
  need: EngineNeed,
  connection: Connection,
  request: PassedRequest,
): Promise<PassedReply> => {
  const { element } = connection
  const { passthrough } = element
  if (passthrough === undefined) throw new AppError('not-found', `${element.title} has no passthrough here.`)
  const asked = {
    method: request.method,
    path: pathWithQuery(request),
    headers: sentHeaders(passthrough, request),
    raw: rawOf(request),
    maxBytes: passthrough.mostBytes,
    principals: signersOf(connection, request.principal),
    repeatable: repeatable.has(request.method),
  }
  const spool = await openSpool()
  try {
    const reply = await exchangeWithVendor(need, connection, { ...asked, into: spool })
    if (reply.body.length > 0) await spool.write(reply.body)
    return {
      status: reply.status,
      headers: shownHeaders(connection, passthrough, reply),
      spool,
      contentType: reply.headers['content-type'] ?? '',
      length: request.method === 'HEAD' ? toldLength(reply) : undefined,
    }
  } catch (error) {
    await spool.close()
    throw error
  }
}
