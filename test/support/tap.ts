import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request that the product sent to the vendor, as it came off the wire, and the status of the reply. */
export interface Tapped {
  readonly method: string
  /** Without the query, still percent-encoded. */
  readonly path: string
  readonly query: readonly (readonly [name: string, value: string])[]
  /** Names in lower case; what signs is told by its scheme only. */
  readonly headers: Readonly<Record<string, string>>
  /** The first MB of it. */
  readonly body: Buffer
  readonly bodyBytes: number
  /** 0: the exchange broke off. */
  readonly status: number
}

/** A reply in place of the sandbox's, with status 200. */
export interface StandIn {
  readonly method: string
  readonly path: RegExp
  /** JSON. */
  readonly body: string
}

export interface Tap {
  readonly port: number
  /** Such as `http://127.0.0.1:8081`. */
  readonly url: string
  /** What went through, in the order of the replies. */
  readonly requests: readonly Tapped[]
  /** Until the next call: requests that one of these stands for never reach the sandbox. */
  readonly answerWith: (answers: readonly StandIn[]) => void
  readonly close: () => Promise<void>
}

const keptBytes = 1024 * 1024
const secretHeaders: ReadonlySet<string> = new Set(['authorization', 'cookie', 'proxy-authorization'])

const shown = (name: string, value: string): string =>
  secretHeaders.has(name) ? `${value.split(' ', 1)[0] ?? ''} ***` : value

const headersOf = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, shown(name, [value ?? ''].flat().join(', '))]),
  )

const splitTarget = (target: string): Pick<Tapped, 'path' | 'query'> => {
  const mark = target.indexOf('?')
  return mark < 0
    ? { path: target, query: [] }
    : { path: target.slice(0, mark), query: [...new URLSearchParams(target.slice(mark + 1))] }
}

/** Collects what passes, without holding it up. */
const watch = (inbound: IncomingMessage): { readonly body: () => Buffer; readonly bytes: () => number } => {
  const pieces: Buffer[] = []
  let bytes = 0
  inbound.on('data', (piece: Buffer) => {
    if (bytes < keptBytes) pieces.push(piece.subarray(0, keptBytes - bytes))
    bytes += piece.length
  })
  return { body: () => Buffer.concat(pieces), bytes: () => bytes }
}

/**
 * Stands between the product and the sandbox on 127.0.0.1: passes every byte through as it comes, a broken connection
 * too, and notes each request. The sandbox makes its addresses from the Host header, so that they lead here again.
 * @param target port of the sandbox.
 */
export const startTap = async (target: number): Promise<Tap> => {
  const requests: Tapped[] = []
  let standIns: readonly StandIn[] = []

  const pass = (inbound: IncomingMessage, outbound: ServerResponse): void => {
    const { method = 'GET', url = '/' } = inbound
    const seen = watch(inbound)
    let noted = false
    const note = (status: number): void => {
      if (noted) return
      noted = true
      requests.push({
        ...{ method, ...splitTarget(url), headers: headersOf(inbound), status },
        ...{ body: seen.body(), bodyBytes: seen.bytes() },
      })
    }
    const standIn = standIns.find((each) => each.method === method && each.path.test(splitTarget(url).path))
    if (standIn !== undefined) {
      inbound.on('end', () => {
        note(200)
        outbound.writeHead(200, { 'content-type': 'application/json' }).end(standIn.body)
      })
      return
    }
    const onward = request(
      // A connection of its own: one that is kept alive could end just when it is used again.
      { host: '127.0.0.1', port: target, method, path: url, headers: inbound.rawHeaders, agent: false },
      (reply) => {
        // Noted before the product can go on, so that whoever waits for its answer finds all of it.
        note(reply.statusCode ?? 0)
        outbound.writeHead(reply.statusCode ?? 502, reply.statusMessage, reply.rawHeaders)
        reply.pipe(outbound)
        reply.on('aborted', () => outbound.destroy())
        reply.on('error', () => outbound.destroy())
      },
    )
    onward.on('error', () => {
      note(0)
      outbound.destroy()
    })
    outbound.on('close', () => onward.destroy())
    inbound.pipe(onward)
  }

  const server = createServer({ maxHeaderSize: 32 * 1024 }, pass)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port: 0, host: '127.0.0.1' }, resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    requests,
    answerWith: (answers) => {
      standIns = answers
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
