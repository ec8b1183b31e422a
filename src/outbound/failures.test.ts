import { createServer, type RequestListener, type Server } from 'node:http'
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Socket,
  type Server as TcpServer,
} from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { AppError } from '#src/lib/errors.ts'
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

const failureOf = async (call: Promise<unknown>): Promise<AppError> => {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof AppError) return error
  throw new Error('the call did not fail with an AppError', { cause: error })
}

describe('a failed call', () => {
  const broken = {
    refused: ['provider-unreachable', 'network', true, null],
    'closed after a notice': ['provider-unreachable', 'network', true, null],
    'closed unanswered': ['provider-unreachable', 'network', true, null],
    'cut off by length': ['provider-unreachable', 'network', true, 200],
    'cut off in chunks': ['provider-unreachable', 'network', true, 200],
    'no HTTP': ['provider-failed', 'provider', true, null],
    'huge headers': ['provider-failed', 'provider', false, null],
    'huge body': ['provider-failed', 'provider', false, 200],
    'gzip bomb': ['provider-failed', 'provider', false, 200],
    'cut off gzip': ['provider-failed', 'provider', true, 200],
    'unknown coding': ['provider-failed', 'provider', false, 200],
    'endless coding': ['provider-failed', 'provider', false, 200],
    'silent server': ['provider-timeout', 'network', true, null],
    'slow body': ['provider-timeout', 'network', true, 200],
  } as const

  const head = 'HTTP/1.1 200 OK\r\n'
  const bodyOf = (coding: string, body: Buffer): Buffer =>
    Buffer.concat([
      Buffer.from(`${head}content-encoding: ${coding}\r\ncontent-length: ${body.length}\r\n\r\n`),
      body,
    ])
  const answers: Record<keyof typeof broken, (socket: Socket) => void> = {
    refused: () => undefined,
    'closed after a notice': (socket) => socket.end('HTTP/1.1 103 Early Hints\r\nx-a: 1\r\n\r\n'),
    'closed unanswered': (socket) => socket.destroy(),
    'cut off by length': (socket) => socket.end(`${head}content-length: 100\r\n\r\nhalf`),
    'cut off in chunks': (socket) => socket.end(`${head}transfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n`),
    'no HTTP': (socket) => socket.end('SSH-2.0-x\r\n\r\n'),
    'huge headers': (socket) => socket.end(`${head}x: ${'y'.repeat(40_000)}\r\n\r\n`),
    'huge body': (socket) => socket.write(`${head}\r\n${'z'.repeat(200_000)}`),
    'gzip bomb': (socket) => socket.end(bodyOf('gzip', gzipSync(Buffer.alloc(20_000_000)))),
    'cut off gzip': (socket) => socket.end(bodyOf('gzip', gzipSync('some text').subarray(0, 20))),
    'unknown coding': (socket) => socket.end(bodyOf('constructor', Buffer.from('x'))),
    'endless coding': (socket) => socket.end(bodyOf('br, br, br', Buffer.from('x'))),
    'silent server': () => undefined,
    'slow body': (socket) => socket.write(`${head}content-length: 10\r\n\r\nsome`),
  }

  it.each(Object.keys(broken) as (keyof typeof broken)[])(
    '(%s) says who failed, and no secret',
    async (name) => {
      const url =
        name === 'refused' ? 'http://127.0.0.1:1' : await serveRaw((socket) => answers[name](socket))
      const calls: SentCall[] = []
      const slow = broken[name][0] === 'provider-timeout'
      const error = await failureOf(
        open().send(
          get(`${url}/path-word?q=query-word`, {
            headers: { authorization: 'Bearer header-word' },
            maxBytes: 100_000,
            timeoutMs: name === 'slow body' ? 1_500 : slow ? 150 : 10_000,
            record: (call) => void calls.push(call),
          }),
        ),
      )
      const [code, hop, retryable, status] = broken[name]
      expect([error.code, error.details.hop, error.details.retryable]).toEqual([code, hop, retryable])
      expect(error.message).not.toMatch(/-word/)
      expect(error.message).toContain(url.slice(7))
      expect(calls).toMatchObject([{ status, error: code, attempt: 1, path: '/path-word' }])
    },
  )

  it.each([
    ['nonsense secret-word', /no valid URL/],
    ['ftp://h.example/secret-word', /must begin with https/],
    ['https://user:secret-word@h.example/', /must not hold a user name/],
    ['https://secret-word@h.example/', /must not hold a user name/],
  ])('refuses the URL %#', async (url, message) => {
    const error = await failureOf(open().send(get(url)))
    expect(error.code).toBe('bad-request')
    expect(error.message).toMatch(message)
    expect(error.message).not.toContain('secret-word')
  })

  it.each([
    [{ Host: 'other.example' }, /'host' cannot be set/],
    [{ 'Transfer-Encoding': 'chunked' }, /'transfer-encoding'/],
    [{ 'content-length': '3' }, /'content-length'/],
    [{ authorization: 'Bearer secret-word\r\nx: y' }, /does not allow/],
    [{ 'bad name secret-word': 'x' }, /does not allow/],
  ])('refuses the headers %#', async (headers, message) => {
    const error = await failureOf(open().send(get('http://127.0.0.1:1/', { headers: { ...headers } })))
    expect(error.code).toBe('bad-request')
    expect(error.message).toMatch(message)
    expect(String(error.cause)).not.toContain('secret-word')
    expect(error.message).not.toContain('secret-word')
  })

  it('ends when its signal aborts, before or during the call', async () => {
    const aborting = new AbortController()
    const url = await serve(() => aborting.abort(new AppError('stopping', 'own reason')))
    const outbound = open()
    expect((await failureOf(outbound.send(get(url, { signal: aborting.signal })))).message).toBe('own reason')
    expect((await failureOf(outbound.send(get(url, { signal: AbortSignal.abort() })))).code).toBe(
      'request-timeout',
    )
  })

  it('leaves the next call on the same origin unharmed', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/next') response.end('fine')
    })
    const outbound = open({ parallelPerOrigin: 1 })
    expect((await failureOf(outbound.send(get(url, { timeoutMs: 100 })))).code).toBe('provider-timeout')
    expect((await outbound.send(get(`${url}/next`))).body.toString()).toBe('fine')
  })
})
