import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

type Row = Readonly<Record<string, unknown>>

/** A vendor that nobody wrote an element for: it gives tokens for a refresh token, and trees and crates by id. */
export interface OrchardVendor {
  readonly url: string
  /** Paths of calls with a token, in their order. */
  readonly calls: readonly string[]
  /** What the token address was sent: the pair of its header, then its body. */
  readonly tokenCalls: readonly string[]
  readonly close: () => Promise<void>
}

const trees: readonly Row[] = [
  { id: '1', sort: 'Boskoop', height: 3 },
  { id: '2', sort: 'Gala', height: 4 },
]
const crates: readonly Row[] = [{ id: '7', weight: 12 }]

/** What stands at a path: rows in an envelope, rows alone, or one row. */
const answerTo = (path: string): unknown => {
  if (path === '/v1/trees') return { items: trees }
  if (path === '/v2/trees') return { items: trees.map((tree) => ({ ...tree, version: 2 })) }
  if (path === '/v1/crates') return { items: crates }
  const [, version, kind, id] = /^\/(v\d)\/(trees|crates)\/(\w+)$/.exec(path) ?? []
  if (version === undefined) return undefined
  return (kind === 'trees' ? trees : crates).find((row) => row.id === id)
}

/** Starts it on a free port of loopback. */
export const startOrchard = async (): Promise<OrchardVendor> => {
  const calls: string[] = []
  const tokenCalls: string[] = []
  const server = createServer((request, reply) => {
    const { pathname } = new URL(request.url ?? '/', 'http://orchard.example')
    const send = (status: number, body: unknown): void => {
      reply.writeHead(status, { 'content-type': 'application/json' })
      reply.end(JSON.stringify(body))
    }
    if (pathname === '/token') {
      const pair = (request.headers.authorization ?? '').replace(/^Basic /, '')
      let body = ''
      request.on('data', (chunk: Buffer) => {
        body += chunk.toString('utf8')
      })
      request.on('end', () => {
        tokenCalls.push(`${Buffer.from(pair, 'base64').toString('utf8')} ${decodeURIComponent(body)}`)
      })
      const token = { access_token: 'orchard-token', refresh_token: 'orchard-refresh' }
      send(200, { ...token, token_type: 'Bearer', expires_in: 3600 })
      return
    }
    request.resume()
    if (request.headers.authorization !== 'Bearer orchard-token') {
      send(401, { message: 'who are you?' })
      return
    }
    calls.push(pathname)
    const body = answerTo(pathname)
    send(body === undefined ? 404 : 200, body ?? { message: 'nothing here' })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    tokenCalls,
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
