import { once } from 'node:events'
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** A request as it came over the wire to the vendor. */
export interface WireCall {
  readonly method: string
  /** Path and query, as sent. */
  readonly target: string
  readonly headers: IncomingHttpHeaders
}

type Handler = (incoming: IncomingMessage, response: ServerResponse) => void

/** The vendor's gateway: it passes everything on to the sandbox as it comes, and keeps what it saw. */
export interface Gateway {
  readonly port: number
  readonly passTo: (port: number) => void
  readonly seen: WireCall[]
  /** Calls whose target begins so are answered here; undefined: all pass again. */
  readonly answer: (target: string, handler: Handler | undefined) => void
  /** Connections that are open now. */
  readonly sockets: () => number
  readonly close: () => Promise<void>
}

export const startGateway = async (): Promise<Gateway> => {
  const seen: WireCall[] = []
  const sockets = new Set<Socket>()
  let target = 0
  let special: { target: string; handler: Handler } | undefined

  const pass: Handler = (incoming, response) => {
    const { method, url, headers } = incoming
    const call = request({ host: '127.0.0.1', port: target, method, path: url, headers, agent: false })
    call.once('response', (reply) => {
      response.writeHead(reply.statusCode ?? 500, reply.headers)
      reply.pipe(response)
      reply.once('error', () => response.destroy())
      response.once('close', () => reply.destroy())
    })
    call.once('error', () => response.destroy())
    incoming.once('close', () => {
      if (!incoming.complete) call.destroy()
    })
    incoming.pipe(call)
  }

  const server = createServer((incoming, response) => {
    const { method = '', url = '', headers } = incoming
    seen.push({ method, target: url, headers })
    const here = special !== undefined && url.startsWith(special.target)
    if (here) special?.handler(incoming, response)
    else pass(incoming, response)
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    passTo: (port) => {
      target = port
    },
    seen,
    answer: (start, handler) => {
      special = handler === undefined ? undefined : { target: start, handler }
    },
    sockets: () => sockets.size,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
