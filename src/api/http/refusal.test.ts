import { afterEach, expect, test } from 'vitest'
import {
  exchange,
  openSocket,
  type RawReply,
  requestText,
  startTestServer,
  type TestServer,
} from './test-client.ts'

let running: TestServer | undefined

const start = async (options: Parameters<typeof startTestServer>[0] = {}): Promise<TestServer> => {
  running = await startTestServer(options)
  return running
}

afterEach(async () => {
  await running?.server.stop()
  running = undefined
})

const path = '/elements/api-v2/x'

const expectRefusal = (reply: RawReply | undefined, status: number, code: string): void => {
  expect(reply?.status).toBe(status)
  expect(reply?.headers['content-type']).toBe('application/json;charset=UTF-8')
  expect(reply?.headers['connection']).toBe('close')
  const body = JSON.parse(reply?.body ?? '') as Record<string, unknown>
  expect(body).toMatchObject({ code, hop: 'amalgam' })
  expect(body['requestId']).toMatch(/^[0-9a-f]{24}$/)
  expect(reply?.headers['elements-request-id']).toBe(body['requestId'])
}

test.each([
  ['a line that is no HTTP', 'hello there\r\n\r\n', 400, 'bad-request'],
  ['an unknown version', `GET ${path} HTTP/9.9\r\nHost: a\r\n\r\n`, 400, 'bad-request'],
  ['a blank in the target', `GET ${path}?where=a b HTTP/1.1\r\nHost: a\r\n\r\n`, 400, 'bad-request'],
  ['a NUL in the target', `GET ${path}\0 HTTP/1.1\r\nHost: a\r\n\r\n`, 400, 'bad-request'],
  ['a header without colon', `GET ${path} HTTP/1.1\r\nHost\r\n\r\n`, 400, 'bad-request'],
  ['bytes of TLS', Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3, 13, 10, 13, 10]), 400, 'bad-request'],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 'bad-request'],
  [
    'a Content-Length that is no number',
    requestText(`POST ${path}`, { 'Content-Length': 'abc' }),
    400,
    'bad-request',
  ],
  ['a negative Content-Length', requestText(`POST ${path}`, { 'Content-Length': '-1' }), 400, 'bad-request'],
  [
    'both Content-Length and chunks',
    requestText(`POST ${path}`, { 'Content-Length': '3', 'Transfer-Encoding': 'chunked' }),
    400,
    'bad-request',
  ],
  [
    'too many header bytes',
    requestText(`GET ${path}`, { 'X-Long': 'x'.repeat(20_000) }),
    431,
    'headers-too-large',
  ],
  [
    'a target that is too long',
    requestText(`GET ${path}?where=${'x'.repeat(20_000)}`),
    431,
    'headers-too-large',
  ],
  ['a verb that HTTP does not know', requestText(`BREW ${path}`), 405, 'wrong-verb'],
  ['CONNECT', requestText('CONNECT vendor.example:443'), 405, 'wrong-verb'],
])('%s is answered with the error body and the connection closed', async (_what, bytes, status, code) => {
  const { port, finished } = await start()
  const socket = await openSocket(port)
  socket.send(bytes)
  expectRefusal(await socket.reply(), status, code)
  expect(await socket.ended()).toBe('')
  socket.close()
  expect(finished).toEqual([])
  expect((await exchange(port, requestText(`GET ${path}`))).status).toBe(200)
})

test('HTTP/1.1 without Host is 400 with the body; HTTP/1.0 needs none', async () => {
  const { port } = await start()
  const reply = await exchange(port, `GET ${path} HTTP/1.1\r\n\r\n`)
  expect(reply.status).toBe(400)
  expect(JSON.parse(reply.body)).toMatchObject({
    code: 'bad-request',
    requestId: reply.headers['elements-request-id'],
  })
  expect((await exchange(port, `GET ${path} HTTP/1.0\r\n\r\n`)).status).toBe(200)
})

test('an unknown Expect is 417 with the body, and the connection closed', async () => {
  const { port } = await start()
  const reply = await exchange(
    port,
    requestText(`POST ${path}`, { Expect: 'miracles', 'Content-Length': '5' }),
  )
  expectRefusal(reply, 417, 'bad-request')
})

test('an upgrade is ignored', async () => {
  const { port } = await start()
  const reply = await exchange(
    port,
    requestText(`GET ${path}`, { Connection: 'Upgrade', Upgrade: 'websocket' }),
  )
  expect(reply.status).toBe(200)
})

test('a body cut off by the client is 400 and the call is finished once', async () => {
  const { port, finished, finishedCalls } = await start()
  const socket = await openSocket(port)
  socket.send(requestText(`POST ${path}`, { 'Content-Length': '100' }, '{"a":'))
  socket.end()
  const reply = await socket.reply()
  expectRefusal(reply, 400, 'bad-request')
  expect(await socket.ended()).toBe('')
  await finishedCalls(1)
  expect(finished.map(({ status, error }) => [status, error?.code])).toEqual([[400, 'bad-request']])
})

test('a broken chunk is 400 and the call is finished once', async () => {
  const { port, finished, finishedCalls } = await start()
  const reply = await exchange(
    port,
    `${requestText(`POST ${path}`, { 'Transfer-Encoding': 'chunked' })}zz\r\n`,
  )
  expectRefusal(reply, 400, 'bad-request')
  await finishedCalls(1)
  expect(finished).toHaveLength(1)
})

test('a body that breaks after its call was answered gets no second answer', async () => {
  const { port } = await start()
  const socket = await openSocket(port)
  const chunk = `1388\r\n${'x'.repeat(0x1388)}\r\n`
  socket.send(requestText(`POST ${path}`, { 'Transfer-Encoding': 'chunked' }) + chunk.repeat(3))
  expect((await socket.reply())?.status).toBe(413)
  socket.send('zz\r\n')
  expect(await socket.ended()).toBe('')
  socket.close()
})

test('an unknown verb behind a sound request is 405, in the same packet', async () => {
  const { port } = await start()
  const socket = await openSocket(port)
  socket.send(requestText(`GET ${path}`) + requestText(`BREW ${path}`))
  expect((await socket.reply())?.status).toBe(200)
  expectRefusal(await socket.reply(), 405, 'wrong-verb')
  socket.close()
})

test('a refused request behind a running call is answered after it', async () => {
  let release: () => void = () => undefined
  let begun: () => void = () => undefined
  const beginning = new Promise<void>((resolve) => {
    begun = resolve
  })
  const { port } = await start({
    dispatch: async () => {
      begun()
      await new Promise<void>((resolve) => {
        release = resolve
      })
      return { body: 'first' }
    },
  })
  const socket = await openSocket(port)
  // One packet: the parser is through with all of it before the next turn of the event loop.
  socket.send(`${requestText(`GET ${path}`)}nonsense\r\n\r\n`)
  await beginning
  await new Promise((resolve) => setImmediate(resolve))
  socket.send('more nonsense\r\n\r\n')
  release()
  expect((await socket.reply())?.body).toBe('"first"')
  expectRefusal(await socket.reply(), 400, 'bad-request')
  expect(await socket.ended()).toBe('')
  socket.close()
})

test('a head that does not come to its end in time is 408', async () => {
  const { port } = await start({ headersTimeoutMs: 200 })
  const socket = await openSocket(port)
  socket.send(`GET ${path} HTTP/1.1\r\nHost: a\r\n`)
  expectRefusal(await socket.reply(), 408, 'request-timeout')
  socket.close()
})

test('a body that does not come to its end in time is 408, as the answer of its call', async () => {
  const { port, finishedCalls } = await start({ headersTimeoutMs: 1_000, requestTimeoutMs: 1_000 })
  const socket = await openSocket(port)
  socket.send(requestText(`POST ${path}`, { 'Content-Length': '100' }, '{'))
  expectRefusal(await socket.reply(), 408, 'request-timeout')
  socket.close()
  expect((await finishedCalls(1))[0]).toMatchObject({ status: 408, error: { code: 'request-timeout' } })
})
