import { getEventListeners } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Socket,
  type Server as TcpServer,
} from 'node:net'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { createOutbound, type Outbound, type OutboundRequest, type SentCall } from './index.ts'

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

const readAll = async (request: IncomingMessage): Promise<string> => {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}

describe('send', () => {
  it('sends method, path, query, headers and body, and reads the reply', async () => {
    const url = await serve(async (request, response) => {
      const { method, url: path, headers } = request
      response.setHeader('X-Correlation', 'c-1').setHeader('set-cookie', ['a=1', 'b=2'])
      response.writeHead(201).end(JSON.stringify({ method, path, headers, body: await readAll(request) }))
    })
    const reply = await open().send(
      get(`${url}/a%20b?x=1&y=ü#part`, { method: 'POST', headers: { 'X-One': '1' }, body: 'grüße' }),
    )
    expect(reply.status).toBe(201)
    expect(reply.headers).toMatchObject({ 'x-correlation': 'c-1', 'set-cookie': 'a=1, b=2' })
    expect(JSON.parse(reply.body.toString())).toMatchObject({
      method: 'POST',
      path: '/a%20b?x=1&y=%C3%BC',
      body: 'grüße',
      headers: { 'x-one': '1', 'content-length': '7', 'accept-encoding': 'gzip, deflate, br' },
    })
  })

  it.each([
    ['POST', 'text', 'content-length: 4'],
    ['POST', new Uint8Array([9, 65, 66, 9]).subarray(1, 3), 'content-length: 2'],
    ['POST', undefined, 'content-length: 0'],
    ['PATCH', '', 'content-length: 0'],
    ['DELETE', '{}', 'content-length: 2'],
  ] as const)('sends a %s of %j with its length, never in chunks', async (method, body, expected) => {
    let seen = ''
    const url = await serveRaw((socket, text) => {
      seen += text
      socket.end('HTTP/1.1 204 No Content\r\n\r\n')
    })
    const reply = await open().send(get(url, { method, ...(body === undefined ? {} : { body }) }))
    expect(reply.status).toBe(204)
    expect(seen.toLowerCase()).toContain(expected)
    expect(seen.toLowerCase()).not.toContain('transfer-encoding')
  })

  it('does not follow redirects', async () => {
    let calls = 0
    const url = await serve((_request, response) => {
      calls += 1
      response.writeHead(302, { location: '/other' }).end()
    })
    const reply = await open().send(get(url))
    expect([reply.status, reply.headers['location'], calls]).toEqual([302, '/other', 1])
  })

  it('passes over 1xx notices', async () => {
    const url = await serveRaw((socket) =>
      socket.end('HTTP/1.1 103 Early Hints\r\nx-a: 1\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'),
    )
    const reply = await open().send(get(url))
    expect([reply.status, reply.headers['x-a'], reply.body.toString()]).toEqual([200, undefined, 'ok'])
  })

  it('uses connections again', async () => {
    const ports = new Set<number | undefined>()
    const url = await serve((request, response) => {
      ports.add(request.socket.remotePort)
      response.end('x')
    })
    const outbound = open()
    for (let call = 0; call < 20; call++) await outbound.send(get(url))
    // Two, because a call may follow before the connection of the one before it is ready again.
    expect(ports.size).toBeLessThanOrEqual(2)
  })

  it('opens no more connections than it may, and makes the other calls wait', async () => {
    const ports = new Set<number | undefined>()
    const url = await serve((request, response) => {
      ports.add(request.socket.remotePort)
      response.end('x')
    })
    const outbound = open({ parallelPerOrigin: 2 })
    const replies = await Promise.all(Array.from({ length: 20 }, () => outbound.send(get(url))))
    expect(replies.every(({ status }) => status === 200)).toBe(true)
    expect(ports.size).toBe(2)
  })

  it('does not let a call for a token wait behind other calls', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/token') response.end('token')
    })
    const outbound = open({ parallelPerOrigin: 1 })
    const held = [1, 2, 3].map(() => outbound.send(get(url, { timeoutMs: 2_000 })).catch(() => 'held'))
    const reply = await outbound.send(get(`${url}/token`, { purpose: 'token', timeoutMs: 1_500 }))
    expect(reply.body.toString()).toBe('token')
    await outbound.close()
    expect(await Promise.all(held)).toEqual(['held', 'held', 'held'])
  })

  it('leaves nothing behind on its signal', async () => {
    const { signal } = new AbortController()
    const url = await serve((_request, response) => response.end('x'))
    await open().send(get(url, { signal }))
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
    ['gzip, br', (plain: string) => brotliCompressSync(gzipSync(plain))],
    ['identity', (plain: string) => Buffer.from(plain)],
  ])('unpacks %s (%#)', async (coding, pack) => {
    const url = await serve((_request, response) =>
      response.setHeader('content-encoding', coding).end(pack('grüße '.repeat(500))),
    )
    const reply = await open().send(get(url))
    expect(reply.body.toString()).toBe('grüße '.repeat(500))
  })

  it('records one line a call, without query and headers', async () => {
    const url = await serve((_request, response) =>
      response.setHeader('Corr-Id', 'c-9').writeHead(500).end('x'),
    )
    const calls: SentCall[] = []
    const record = (call: SentCall): void => void calls.push(call)
    const headers = { authorization: 'Bearer word' }
    await open().send(get(`${url}/a/b?token=word`, { record, headers, correlationHeader: 'corr-id' }))
    const { ms, ...rest } = calls[0] ?? { ms: -1 }
    expect(calls.length).toBe(1)
    expect(Number.isInteger(ms) && ms >= 0).toBe(true)
    expect(rest).toEqual({
      method: 'GET',
      host: url.slice(7),
      path: '/a/b',
      status: 500,
      attempt: 1,
      correlationId: 'c-9',
    })
  })
})
