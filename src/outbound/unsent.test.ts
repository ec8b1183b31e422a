import { createServer, type RequestListener, type Server } from 'node:http'
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Socket,
  type Server as TcpServer,
} from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { AppError } from '#src/lib/errors.ts'
import { createOutbound, type Outbound, type OutboundRequest, type Outcome } from './index.ts'
import type { Resolve } from './resolve.ts'

const cleanUps: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

const listen = async (server: Server | TcpServer): Promise<number> => {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanUps.push(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  return (server.address() as AddressInfo).port
}

const serve = async (listener: RequestListener): Promise<string> =>
  `http://127.0.0.1:${await listen(createServer(listener))}`

/** A server that answers with raw bytes and shows what it was sent. */
const serveRaw = async (answer: (socket: Socket, text: string) => void): Promise<string> =>
  `http://127.0.0.1:${await listen(
    createTcpServer((socket) => socket.on('data', (data) => answer(socket, data.toString('latin1')))),
  )}`

const open = (options: Partial<Parameters<typeof createOutbound>[0]> = {}): Outbound => {
  const outbound = createOutbound({ allow: ['127.0.0.1'], ...options })
  cleanUps.push(() => outbound.close())
  return outbound
}

const get = (url: string, more: Partial<OutboundRequest> = {}): OutboundRequest => ({
  method: 'GET',
  url,
  timeoutMs: 10_000,
  purpose: 'vendor',
  ...more,
})

const failureOf = async (call: Promise<unknown>): Promise<AppError> => {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof AppError) return error
  throw new Error('the call did not fail with an AppError', { cause: error })
}

describe('of a failed request it is known how much was sent', () => {
  const unsentOf = async (request: OutboundRequest, outbound = open()): Promise<unknown> => {
    const seen: unknown[] = []
    const decide = (outcome: Outcome): null => {
      seen.push('unsent' in outcome ? outcome.unsent : 'a reply')
      return null
    }
    await failureOf(outbound.sendWithRetry(request, { decide, deadlineMs: Date.now() + 10_000 }))
    return seen[0]
  }
  const post = (url: string, more: Partial<OutboundRequest> = {}): OutboundRequest =>
    get(url, { method: 'POST', body: 'x', ...more })

  it('a refused connection: nothing', async () => {
    expect(await unsentOf(post('http://127.0.0.1:1'))).toBe(true)
  })

  it('a name that leads nowhere: nothing', async () => {
    const resolve: Resolve = (_name, done) =>
      done(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), [])
    expect(await unsentOf(post('https://gone.example'), open({ resolve }))).toBe(true)
  })

  it('a far side that speaks no TLS: nothing', async () => {
    const plain = await serveRaw((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    expect(await unsentOf(post(plain.replace('http:', 'https:')))).toBe(true)
  })

  it('a connection that is not made in time: nothing', async () => {
    const server = createTcpServer()
    const port = await listen(server)
    // The server never answers the TLS greeting.
    expect(await unsentOf(post(`https://127.0.0.1:${port}`, { timeoutMs: 100 }))).toBe(true)
  })

  it('a connection that was cut after the request, and an answer that does not come: perhaps all', async () => {
    const cut = await serveRaw((socket) => socket.destroy())
    expect(await unsentOf(post(cut))).toBe(false)
    const silent = await serve(() => undefined)
    expect(await unsentOf(post(silent, { timeoutMs: 1_000 }))).toBe(false)
  })

  it('a kept connection that the far side closed: perhaps all', async () => {
    let calls = 0
    const url = await serveRaw((socket) => {
      calls += 1
      if (calls === 1) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')
      else socket.destroy()
    })
    const outbound = open()
    await outbound.send(post(url))
    expect(await unsentOf(post(url), outbound)).toBe(false)
  })
})
