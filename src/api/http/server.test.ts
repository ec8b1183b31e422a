import { pino } from 'pino'
import { afterEach, expect, test } from 'vitest'
import { AppError } from '#src/lib/errors.ts'
import { createHttpServer, type HttpServerOptions } from './server.ts'
import {
  exchange,
  openSocket,
  type RawReply,
  requestText,
  startTestServer,
  type TestServer,
  type TestTrace,
} from './test-client.ts'

let running: TestServer | undefined

const start = async (options: Partial<HttpServerOptions<TestTrace>> = {}): Promise<TestServer> => {
  running = await startTestServer(options)
  return running
}

afterEach(async () => {
  await running?.server.stop()
  running = undefined
})

const base = '/elements/api-v2'
const jsonType = 'application/json;charset=UTF-8'
const failure = ({ body }: RawReply): Record<string, unknown> => JSON.parse(body) as Record<string, unknown>

test('a reply is 200 with the exact JSON media type and a request id of 24 hex digits', async () => {
  const { port } = await start({
    dispatch: async () => ({ body: [{ name: 'Zürich' }], headers: { 'elements-returned-count': '1' } }),
  })
  const reply = await exchange(port, requestText(`GET ${base}/reports`))
  expect(reply.status).toBe(200)
  expect(reply.headers['content-type']).toBe(jsonType)
  expect(reply.headers['elements-request-id']).toMatch(/^[0-9a-f]{24}$/)
  expect(reply.headers['elements-returned-count']).toBe('1')
  expect(JSON.parse(reply.body)).toEqual([{ name: 'Zürich' }])
})

test('the dispatcher gets path, segments, query, body, address and trace', async () => {
  const { port, finishedCalls } = await start({
    dispatch: async ({ method, path, segments, query, body, remoteAddress, requestId, trace }) => {
      trace.note = 'seen'
      return { body: { method, path, segments, where: query.get('where'), body, remoteAddress, requestId } }
    },
  })
  const reply = await exchange(
    port,
    requestText(`POST ${base}//hubs/expense/a%20b/?where=x%3D1&bad=%zz`, {}, '{"a":1}'),
  )
  expect(failure(reply)).toEqual({
    method: 'POST',
    path: '/hubs/expense/a%20b',
    segments: ['hubs', 'expense', 'a b'],
    where: 'x=1',
    body: { a: 1 },
    remoteAddress: '127.0.0.1',
    requestId: reply.headers['elements-request-id'],
  })
  const [call] = await finishedCalls(1)
  expect(call).toMatchObject({
    area: 'api',
    method: 'POST',
    path: '/hubs/expense/a%20b',
    status: 200,
    trace: { note: 'seen' },
  })
  expect(call?.requestId).toBe(reply.headers['elements-request-id'])
  expect(call).not.toHaveProperty('error')
})

test('JSON that is already serialised goes out as it is', async () => {
  const { port } = await start({ dispatch: async () => ({ rawJson: Buffer.from('{ "a" : 1.0 }') }) })
  expect((await exchange(port, requestText(`GET ${base}/x`))).body).toBe('{ "a" : 1.0 }')
})

test('a reply without body is 200 with Content-Length 0 and no media type', async () => {
  const { port } = await start({ dispatch: async () => ({}) })
  const reply = await exchange(port, requestText(`DELETE ${base}/instances/7`))
  expect(reply).toMatchObject({ status: 200, body: '' })
  expect(reply.headers['content-length']).toBe('0')
  expect(reply.headers).not.toHaveProperty('content-type')
})

test('HEAD arrives as GET and has the headers of GET without its body', async () => {
  const { port, finishedCalls } = await start({ dispatch: async ({ method }) => ({ body: { method } }) })
  const socket = await openSocket(port)
  socket.send(requestText(`HEAD ${base}/x`))
  const head = await socket.reply({ bodyless: true })
  socket.send(requestText(`GET ${base}/x`))
  const get = await socket.reply()
  socket.close()
  expect(get?.body).toBe('{"method":"GET"}')
  expect(head?.headers['content-length']).toBe(get?.headers['content-length'])
  expect(head?.headers['content-type']).toBe(jsonType)
  expect((await finishedCalls(2)).map(({ method }) => method)).toEqual(['HEAD', 'GET'])
})

test('an AppError becomes its status, the error body, Retry-After, and the code of the finished call', async () => {
  const { port, finishedCalls } = await start({
    dispatch: async () => {
      throw new AppError('provider-rate-limited', 'The provider wants a pause.', {
        providerMessage: 'slow down',
        retryAfterSeconds: 30,
      })
    },
  })
  const reply = await exchange(port, requestText(`GET ${base}/reports`))
  expect(reply.status).toBe(429)
  expect(reply.headers['content-type']).toBe(jsonType)
  expect(reply.headers['retry-after']).toBe('30')
  expect(failure(reply)).toEqual({
    requestId: reply.headers['elements-request-id'],
    message: 'The provider wants a pause.',
    retryAfter: 30,
    providerMessage: 'slow down',
    code: 'provider-rate-limited',
    hop: 'provider',
    retryable: true,
  })
  expect((await finishedCalls(1))[0]).toMatchObject({ status: 429, error: { code: 'provider-rate-limited' } })
})

test('an unforeseen error is a 500 that hides its text; text and stack stand in the log under the request id', async () => {
  const { port, log } = await start({
    dispatch: async () => {
      throw new TypeError('cannot read secret-thing')
    },
  })
  const reply = await exchange(port, requestText(`GET ${base}/reports`))
  expect(reply.status).toBe(500)
  expect(failure(reply)).toMatchObject({ code: 'internal', hop: 'amalgam', retryable: false })
  expect(reply.body).not.toContain('secret-thing')
  expect(log.join('')).toContain('cannot read secret-thing')
  expect(log.join('')).toContain('server.test.')
  expect(log.join('')).toContain(String(reply.headers['elements-request-id']))
})

test.each([
  ['a body that is no JSON', { body: 1n }],
  ['a header that cannot be sent', { headers: { 'elements-error': 'a\r\nb' } }],
])('%s from the dispatcher is an internal error, not a broken connection', async (_what, reply) => {
  const { port } = await start({ dispatch: async () => reply })
  expect((await exchange(port, requestText(`GET ${base}/x`))).status).toBe(500)
})

test('a finished call that cannot be recorded is logged and harms nobody', async () => {
  const { port, log } = await start({
    onFinished: () => {
      throw new Error('no room')
    },
  })
  expect((await exchange(port, requestText(`GET ${base}/x`))).status).toBe(200)
  expect((await exchange(port, requestText(`GET ${base}/x`))).status).toBe(200)
  expect(log.join('')).toContain('no room')
})

test('a connection is kept, also after errors and unread bodies', async () => {
  const { port } = await start()
  const socket = await openSocket(port)
  const statuses: (number | undefined)[] = []
  for (const text of [
    requestText(`GET ${base}/x`),
    requestText(`POST ${base}/x`, { 'Content-Type': 'text/plain' }, 'hello'),
    requestText(`POST ${base}/x`, {}, `"${'x'.repeat(20_000)}"`),
    requestText(`GET ${base}/x`, {}, 'a body that nobody reads'),
    requestText(`GET ${base}/x`),
  ]) {
    socket.send(text)
    statuses.push((await socket.reply())?.status)
  }
  socket.close()
  expect(statuses).toEqual([200, 415, 413, 200, 200])
})

test('pipelined requests are answered in order', async () => {
  const { port } = await start({ dispatch: async ({ segments }) => ({ body: segments[0] }) })
  const socket = await openSocket(port)
  socket.send(['a', 'b', 'c'].map((name) => requestText(`GET ${base}/${name}`)).join(''))
  const bodies = [await socket.reply(), await socket.reply(), await socket.reply()].map(
    (reply) => reply?.body,
  )
  socket.close()
  expect(bodies).toEqual(['"a"', '"b"', '"c"'])
})

test('X-Forwarded-For counts only behind a trusted proxy, and only addresses do', async () => {
  const dispatch: HttpServerOptions<TestTrace>['dispatch'] = async ({ remoteAddress }) => ({
    body: remoteAddress,
  })
  const ask = async (trustProxy: boolean | string, forwarded: string): Promise<string> => {
    const { server, port } = await startTestServer({ dispatch, trustProxy })
    const { body } = await exchange(port, requestText(`GET ${base}/x`, { 'X-Forwarded-For': forwarded }))
    await server.stop()
    return JSON.parse(body) as string
  }
  expect(await ask(false, '203.0.113.9')).toBe('127.0.0.1')
  expect(await ask(true, '203.0.113.9')).toBe('203.0.113.9')
  expect(await ask('127.0.0.1', '203.0.113.9')).toBe('203.0.113.9')
  expect(await ask('10.0.0.0/8', '203.0.113.9')).toBe('127.0.0.1')
  expect(await ask(true, 'unknown; drop')).toBe('127.0.0.1')
})

test('a call can be made without a socket', async () => {
  const { server } = await start({ dispatch: async ({ body }) => ({ body: { got: body } }) })
  const reply = await server.inject({ method: 'POST', url: `${base}/x`, payload: { a: 1 } })
  expect(reply.statusCode).toBe(200)
  expect(reply.json()).toEqual({ got: { a: 1 } })
})

test('a busy port is refused with the error of the socket', async () => {
  const { port } = await start()
  const second = createHttpServer<TestTrace>({
    dispatch: async () => ({}),
    newTrace: () => ({}),
    onFinished: () => undefined,
    logger: pino({ level: 'silent' }),
    trustProxy: false,
    bodyLimitBytes: 1,
  })
  await expect(second.listen('127.0.0.1', port)).rejects.toMatchObject({ code: 'EADDRINUSE' })
  await second.stop()
})
