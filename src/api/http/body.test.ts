import { afterAll, beforeAll, expect, test } from 'vitest'
import { exchange, requestText, startTestServer, type TestServer } from './test-client.ts'

let shared: TestServer

beforeAll(async () => {
  shared = await startTestServer({
    dispatch: async ({ body }) => ({ body: { got: body === undefined ? 'nothing' : body } }),
  })
})

afterAll(() => shared.server.stop())

const post = async (body: string | Buffer, headers: Readonly<Record<string, string>> = {}) => {
  const head = requestText('POST /elements/api-v2/x', {
    'Content-Length': String(Buffer.byteLength(body)),
    ...headers,
  })
  const reply = await exchange(shared.port, Buffer.concat([Buffer.from(head), Buffer.from(body)]))
  return { ...reply, json: JSON.parse(reply.body) as { got?: unknown; code?: string; message?: string } }
}

const json = { 'Content-Type': 'application/json' }

test.each([
  ['application/json', json],
  ['a +json type', { 'Content-Type': 'application/vnd.example+json' }],
  ['a type with parameters', { 'Content-Type': 'Application/JSON ; charset="UTF-8"' }],
  ['no type', {}],
])('a body with %s is read as JSON', async (_what, headers) => {
  expect(await post('{"a":[1,"ü"]}', headers)).toMatchObject({ status: 200, json: { got: { a: [1, 'ü'] } } })
})

test.each([
  ['no body', ''],
  ['blanks', ' \r\n'],
  ['a byte order mark alone', '\ufeff'],
])('%s is no body', async (_what, body) => {
  expect((await post(body, json)).json).toEqual({ got: 'nothing' })
  expect((await post('', { 'Content-Type': 'text/plain' })).json).toEqual({ got: 'nothing' })
})

test('a chunked body is read, an empty one is no body', async () => {
  const head = requestText('PUT /elements/api-v2/x', { 'Transfer-Encoding': 'chunked' })
  expect((await exchange(shared.port, `${head}3\r\n[1,\r\n2\r\n2]\r\n0\r\n\r\n`)).body).toBe('{"got":[1,2]}')
  expect((await exchange(shared.port, `${head}0\r\n\r\n`)).body).toBe('{"got":"nothing"}')
})

test('a byte order mark is tolerated and a declared charset is honoured', async () => {
  expect((await post('\ufeff{"a":1}', json)).json).toEqual({ got: { a: 1 } })
  const latin = Buffer.from('"Zürich"', 'latin1')
  expect((await post(latin, { 'Content-Type': 'application/json; charset=ISO-8859-1' })).json).toEqual({
    got: 'Zürich',
  })
})

test('a client that waits for 100 Continue gets it and its answer', async () => {
  expect((await post('{"a":1}', { Expect: '100-continue' })).json).toEqual({ got: { a: 1 } })
})

test.each([
  ['a form', { 'Content-Type': 'application/x-www-form-urlencoded' }],
  ['text', { 'Content-Type': 'text/plain' }],
  ['multipart', { 'Content-Type': 'multipart/form-data; boundary=x' }],
  ['an unknown charset', { 'Content-Type': 'application/json; charset=klingon' }],
  ['a compressed body', { ...json, 'Content-Encoding': 'gzip' }],
])('%s is 415 naming application/json', async (_what, headers) => {
  const reply = await post('{"a":1}', headers)
  expect(reply).toMatchObject({ status: 415, json: { code: 'wrong-media-type' } })
  expect(reply.json.message).toContain('application/json')
})

test('malformed JSON is 400 with line, column and position, and never with words of the body', async () => {
  const reply = await post('{\n "password": hunter2 }', json)
  expect(reply).toMatchObject({ status: 400, json: { code: 'bad-json' } })
  expect(reply.json.message).toContain('line 2, column 14 (position 15)')
  expect(reply.body).not.toContain('hunter2')
  expect((await post('{"a":1', json)).json.message).toContain('ends too early')
})

test('bytes that are no UTF-8 are bad JSON', async () => {
  expect(await post(Buffer.from([0x22, 0xff, 0x22]), json)).toMatchObject({
    status: 400,
    json: { code: 'bad-json' },
  })
})

test.each([
  '{"__proto__":{"admin":true}}',
  '[{"a":{"__proto__":1}}]',
  '{"constructor":{"prototype":{"admin":true}}}',
])('the body %s is refused and pollutes nothing', async (body) => {
  expect(await post(body, json)).toMatchObject({ status: 400, json: { code: 'bad-json' } })
  expect({}).not.toHaveProperty('admin')
})

test('of duplicate keys the last counts, and odd keys are plain data', async () => {
  expect((await post('{"a":1,"a":2,"constructor":3,"toString":4}', json)).json).toEqual({
    got: { a: 2, constructor: 3, toString: 4 },
  })
})

test('very deep nesting is 400', async () => {
  expect(await post('['.repeat(4_000) + ']'.repeat(4_000), json)).toMatchObject({
    status: 400,
    json: { code: 'bad-json' },
  })
})

test('a body at the limit passes and one byte more is 413, announced or chunked', async () => {
  const full = `"${'x'.repeat(9_998)}"`
  expect((await post(full, json)).status).toBe(200)
  expect(await post(`${full} `, json)).toMatchObject({ status: 413, json: { code: 'too-large' } })
  const head = requestText('POST /elements/api-v2/x', { 'Transfer-Encoding': 'chunked' })
  const chunk = `1388\r\n${'x'.repeat(0x1388)}\r\n`
  expect((await exchange(shared.port, head + chunk.repeat(3))).status).toBe(413)
})
