import type { Principal } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { openSpool, type Spool } from '#src/lib/spool.ts'
import { correlationIdOf, exchangeWithVendor, type VendorRequest } from './call.ts'
import { type Connection, type EngineNeed, eitherPrincipal } from './connection.ts'

/** A request for an address of the vendor's that no resource stands for. */
export interface PassedRequest {
  readonly method: VendorRequest['method']
  /** The vendor's path, with a leading slash, still percent-encoded. */
  readonly path: string
  readonly query: readonly (readonly [name: string, value: string])[]
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: { readonly file: Spool; readonly contentType: string }
  /** Whose grant signs; absent: a user's, else a company's. */
  readonly principal?: Principal
}

export interface PassedReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly spool: Spool
  readonly contentType: string
}

const mostBytes = 64 * 1024 * 1024
const repeatable: ReadonlySet<string> = new Set(['GET', 'HEAD', 'PUT', 'DELETE'])
const handedBack = ['location', 'retry-after', 'link', 'content-encoding', 'etag', 'last-modified'] as const

const decoded = (path: string): string | undefined => {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}

/** Whether no part of it would lead elsewhere even for a server that decodes it before it looks for slashes. */
const isPlain = (path: string): boolean => {
  const parts = decoded(path)?.split(/[\\/]/)
  return (
    parts?.every((part, at) => part !== '.' && part !== '..' && (part !== '' || at === 0)) === true &&
    !/%5c|\\|%00/i.test(path)
  )
}

/**
 * The path as it goes out: below the connection's base URL, whatever it says.
 * @throws AppError `bad-request`.
 */
const checkedPath = (connection: Connection, path: string): string => {
  const base = 'https://vendor.invalid'
  const url = URL.canParse(`${base}${path}`) ? new URL(`${base}${path}`) : undefined
  // What a URL parser makes another path of might lead to another place.
  if (url?.origin === base && url.pathname === path && !path.startsWith('//') && isPlain(path)) return path
  throw new AppError(
    'bad-request',
    `path: '${path.slice(0, 200)}' is no plain path of ${connection.element.title}. Send it without "..", "//", backslashes or encoded slashes.`,
  )
}

/**
 * Sends a request to an address of the vendor's, signed, within the vendor's limits. The caller closes the spool.
 * @returns the vendor's reply as it is, refusals too.
 * @throws AppError `bad-request` on the path, `needs-reconnect`, and the failures of the way.
 */
export const passThrough = async (
  need: EngineNeed,
  connection: Connection,
  request: PassedRequest,
): Promise<PassedReply> => {
  const path = checkedPath(connection, request.path)
  const { element } = connection
  const spool = await openSpool()
  try {
    const { body } = request
    const reply = await exchangeWithVendor(need, connection, {
      method: request.method,
      path,
      query: request.query,
      headers: request.headers,
      ...(body === undefined || body.file.bytes() === 0
        ? {}
        : { raw: { contentType: body.contentType, bytes: body.file.bytes(), open: body.file.read } }),
      into: spool,
      maxBytes: mostBytes,
      principals: request.principal === undefined ? eitherPrincipal : [request.principal],
      repeatable: repeatable.has(request.method),
    })
    if (reply.body.length > 0) await spool.write(reply.body)
    const correlationId = correlationIdOf(element, reply)
    return {
      status: reply.status,
      headers: {
        ...Object.fromEntries(
          handedBack.flatMap((name): [string, string][] => {
            const value = reply.headers[name]
            return value === undefined ? [] : [[name, value]]
          }),
        ),
        ...(correlationId === undefined ? {} : { [element.vendor.correlationHeader]: correlationId }),
      },
      spool,
      contentType: reply.headers['content-type'] ?? '',
    }
  } catch (error) {
    await spool.close()
    throw error
  }
}
