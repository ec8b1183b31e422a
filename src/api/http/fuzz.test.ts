import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSocket, startTestServer, type TestServer } from './test-client.ts'

let shared: TestServer

beforeAll(async () => {
  shared = await startTestServer({
    dispatch: async ({ method, segments, body }) => ({ body: { method, segments, body: body ?? null } }),
    headersTimeoutMs: 1_000,
    requestTimeoutMs: 1_000,
  })
})

afterAll(() => shared.server.stop())

const latin = (text: string): Buffer => Buffer.from(text, 'latin1')
const anyBytes = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes))
const byteText = anyBytes.map((bytes) => bytes.toString('latin1'))

/** Mostly sound parts, so that most requests get past the HTTP parser with one thing wrong. */
const mostly = <A>(sound: fc.Arbitrary<A>, wild: fc.Arbitrary<A>): fc.Arbitrary<A> =>
  fc.oneof({ weight: 15, arbitrary: sound }, { weight: 1, arbitrary: wild })

const verb = mostly(
  fc.constantFrom(
    'GET',
    'POST',
    'PUT',
    'PATCH',
    'DELETE',
    'HEAD',
    'OPTIONS',
    'TRACE',
    'CONNECT',
    'PROPFIND',
    'BREW',
    '',
  ),
  byteText,
)

const pathPart = mostly(
  fc.constantFrom(
    'elements',
    'api-v2',
    'hubs',
    'x',
    '..',
    '.',
    '%',
    '%00',
    '%2f',
    '%ff',
    '%E2%82',
    '__proto__',
    '',
  ),
  byteText,
)
const target = fc.oneof(
  fc.array(pathPart, { maxLength: 6 }).map((parts) => `/elements/api-v2/${parts.join('/')}`),
  fc.array(pathPart, { maxLength: 6 }).map((parts) => `/${parts.join('/')}?${parts.join('&=')}`),
  fc.constantFrom(
    '*',
    'http://',
    'http://a',
    '//',
    '?',
    '#',
    'http://[::1',
    '/elements/api-v2',
    'a'.repeat(20_000),
  ),
)
const version = fc.oneof(
  { weight: 15, arbitrary: fc.constant('HTTP/1.1') },
  { weight: 1, arbitrary: fc.constantFrom('HTTP/1.0', 'HTTP/2.0', 'HTTP/9', '') },
)

const header = mostly(
  fc.constantFrom(
    'Content-Type: application/json',
    'Content-Type: text/plain',
    'Content-Type: ;=;',
    'Content-Type: application/json; charset=utf-16le',
    'Content-Encoding: gzip',
    'Expect: 100-continue',
    'Connection: close',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Upgrade: h2c',
    'Accept: text/html',
    'Accept: ,;q=,',
    'Origin: null',
    'Access-Control-Request-Method: GET',
    'Access-Control-Request-Headers: a, b',
    'Access-Control-Request-Headers: \xe9',
    'X-Forwarded-For: ,,',
    'Host: other',
    'Authorization: User a',
  ),
  fc.oneof(
    fc.tuple(byteText, byteText).map(([name, value]) => `${name}: ${value}`),
    fc.constantFrom(
      'Content-Length: 5',
      'Content-Length: -5',
      'Content-Length: 99999999999999999999',
      'Transfer-Encoding: chunked',
      'Transfer-Encoding: identity, chunked',
      'Expect: x',
    ),
    byteText,
  ),
)

const body = fc.oneof(
  fc.constantFrom('', '{"a":1}', '{"a":', '"', '{"__proto__":{}}', '5\r\nhello\r\n0\r\n\r\n', 'zz\r\n', '[['),
  fc.json(),
  byteText,
)

const usually = mostly(fc.constant(true), fc.constant(false))

const request = fc
  .tuple(verb, target, version, usually, fc.array(header, { maxLength: 5 }), body, usually)
  .map(([method, path, http, host, headers, content, measured]) => {
    const all = [
      ...(host ? ['Host: a'] : []),
      ...headers,
      ...(measured ? [`Content-Length: ${content.length}`] : []),
    ]
    return latin(`${method} ${path} ${http}\r\n${all.map((one) => `${one}\r\n`).join('')}\r\n${content}`)
  })

const cut = fc.tuple(request, fc.nat()).map(([bytes, at]) => bytes.subarray(0, at % (bytes.length + 1)))
const wire = fc.oneof(
  { weight: 6, arbitrary: request },
  { weight: 1, arbitrary: cut },
  { weight: 1, arbitrary: anyBytes },
)

interface Seen {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Everything that comes back until the server closes. */
const repliesTo = async (bytes: Buffer): Promise<readonly Seen[]> => {
  const socket = await openSocket(shared.port)
  socket.send(bytes)
  socket.end()
  const seen: Seen[] = []
  for (let next = await socket.reply(); next !== undefined; next = await socket.reply()) seen.push(next)
  expect(await socket.ended()).toBe('')
  socket.close()
  return seen
}

/** Replies to HEAD have a length without a body, so only their heads are read. */
const headsFor = async (bytes: Buffer): Promise<readonly Seen[]> => {
  const socket = await openSocket(shared.port)
  socket.send(bytes)
  socket.end()
  const text = await socket.ended()
  socket.close()
  return text
    .split(/^(?=HTTP\/1\.1 [2-5]\d\d )/m)
    .filter((head) => !head.startsWith('HTTP/1.1 100 ') && head !== '')
    .map((head) => ({
      status: Number(head.slice(9, 12)),
      headers: { 'elements-request-id': /^elements-request-id: (\S+)\r$/im.exec(head)?.[1] ?? '' },
      body: '',
    }))
}

const isHead = (bytes: Buffer): boolean => bytes.subarray(0, 5).toString('latin1') === 'HEAD '

test('whatever bytes come, every answer has a request id, every failure the error body, none is a 500, and nothing crashes', async () => {
  const statuses = new Map<number, number>()
  await fc.assert(
    fc.asyncProperty(wire, async (bytes) => {
      for (const { status, headers, body } of await (isHead(bytes) ? headsFor(bytes) : repliesTo(bytes))) {
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
        expect(status).not.toBe(500)
        expect(headers['elements-request-id']).toMatch(/^[0-9a-f]{24}$/)
        if (status === 200 || isHead(bytes)) continue
        const failure = JSON.parse(body) as Record<string, unknown>
        expect(failure['requestId']).toBe(headers['elements-request-id'])
        expect(failure['message']).toEqual(expect.any(String))
      }
    }),
    { numRuns: 2_000 },
  )
  // The generator must reach the interesting refusals, not only one of them.
  for (const status of [200, 400, 404, 405]) expect(statuses.get(status) ?? 0).toBeGreaterThan(10)
  expect((await repliesTo(latin('GET /health HTTP/1.0\r\n\r\n')))[0]).toMatchObject({
    status: 200,
    body: '{"status":"ok"}',
  })
  expect(new Set(shared.finished.map(({ requestId }) => requestId)).size).toBe(shared.finished.length)
  expect(shared.log).toEqual([])
}, 120_000)
