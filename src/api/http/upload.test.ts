import { randomBytes } from 'node:crypto'
import { type ClientRequest, request } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { heldSpools } from '../../../test/support/spools.ts'
import type { ApiRequest } from './call.ts'
import { startTestServer, type TestServer, type TestTrace } from './test-client.ts'

let server: TestServer
let last: Promise<unknown> = Promise.resolve()
let begun = 0

const megabyte = 1024 * 1024
const most = 4 * megabyte

/** Takes the upload in and tells what it was; the file itself as its bytes in hex. */
const take = async ({ upload }: ApiRequest<TestTrace>) => {
  if (upload === undefined) throw new Error('the body was read by the shell')
  const { file, fields, type, fileName } = await upload(most)
  try {
    const hex = (await buffer(file.read())).toString('hex')
    return { body: { fields, type, fileName: fileName ?? null, hex } }
  } finally {
    await file.close()
  }
}

beforeAll(async () => {
  server = await startTestServer({
    dispatch: (asked) => {
      begun += 1
      const taken = take(asked)
      last = taken.catch(() => undefined)
      return taken
    },
  })
})
afterAll(async () => {
  await server.server.stop()
})

interface Sent {
  readonly type: string
  readonly body: Uint8Array | string
  readonly chunked?: true
  readonly headers?: Readonly<Record<string, string>>
}

const begin = ({ type, body, chunked, headers }: Sent, length = Buffer.byteLength(body)): ClientRequest =>
  request({
    ...{
      host: '127.0.0.1',
      port: server.port,
      path: '/elements/api-v2/hubs/any/things',
      method: 'POST',
      agent: false,
    },
    headers: {
      'content-type': type,
      ...(chunked === undefined ? { 'content-length': length } : {}),
      ...headers,
    },
  })

// biome-ignore lint/suspicious/noExplicitAny: a client reads whatever JSON comes; tests say what they expect.
const send = (sent: Sent): Promise<{ status: number; json: any }> =>
  new Promise((resolve, reject) => {
    const call = begin(sent)
    call.once('error', reject)
    call.once('response', (reply) => {
      buffer(reply).then(
        (text) => resolve({ status: reply.statusCode ?? 0, json: JSON.parse(text.toString()) }),
        reject,
      )
    })
    if (sent.chunked === true) {
      const bytes = Buffer.from(sent.body as Uint8Array)
      for (let at = 0; at < bytes.length; at += 100_000) call.write(bytes.subarray(at, at + 100_000))
      call.end()
    } else call.end(sent.body)
  })

const boundary = 'b-0'
const formType = `multipart/form-data; boundary=${boundary}`
const part = (head: string, body: Uint8Array | string): Buffer =>
  Buffer.concat([
    Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n`),
    Buffer.from(body as Uint8Array),
    Buffer.from('\r\n'),
  ])
const form = (...parts: readonly Buffer[]): Buffer =>
  Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)])
const filePart = (body: Uint8Array | string, name = 'file', type = 'image/png'): Buffer =>
  part(`name="${name}"; filename="a b.png"\r\nContent-Type: ${type}`, body)

describe('a file that is the body', () => {
  it.each([1, megabyte, megabyte + 1, most])(
    'of %i bytes is taken, announced or in chunks',
    async (bytes) => {
      const body = randomBytes(bytes)
      for (const chunked of [undefined, true] as const) {
        const { status, json } = await send({
          ...{ type: 'Image/PNG; charset=x', body },
          ...(chunked === undefined ? {} : { chunked }),
        })
        expect(status).toBe(200)
        expect(json.hex).toBe(body.toString('hex'))
        expect(json).toMatchObject({ type: 'image/png', fileName: null, fields: {} })
      }
      expect(await heldSpools()).toBe(0)
    },
  )

  it('that is too large is 413 that says how much may come, announced or in chunks', async () => {
    const body = Buffer.alloc(most + 1)
    for (const chunked of [undefined, true] as const) {
      const { status, json } = await send({
        ...{ type: 'image/png', body },
        ...(chunked === undefined ? {} : { chunked }),
      })
      expect(status).toBe(413)
      expect(json.message).toBe('body: larger than the limit of 4194304 bytes (4 MB). Send a smaller file.')
    }
  })

  it('that is packed is 415', async () => {
    for (const body of ['x', Buffer.alloc(2 * megabyte)]) {
      const packed = await send({ type: 'image/png', body, headers: { 'content-encoding': 'gzip' } })
      expect(packed.status).toBe(415)
    }
  })
})

describe('a file in a form', () => {
  it.each([0, 10, megabyte + 1, most])('of %i bytes is taken with the fields around it', async (bytes) => {
    const file = randomBytes(bytes)
    const body = form(part('name="before"', 'Zürich'), filePart(file), part('name="after"', '1'))
    for (const chunked of [undefined, true] as const) {
      const { status, json } = await send({
        ...{ type: formType, body },
        ...(chunked === undefined ? {} : { chunked }),
      })
      expect(status, json.message).toBe(200)
      expect(json.hex).toBe(file.toString('hex'))
      expect(json).toMatchObject({
        ...{ type: 'image/png', fileName: 'a b.png' },
        fields: { before: 'Zürich', after: '1' },
      })
    }
  })

  it('may hold a piece of the boundary, and JSON that a browser calls a file is a field', async () => {
    const file = Buffer.from(`--b-\r\n--b-\r\n\r\n--${boundary.slice(0, -1)}x`)
    const json = part('name="body"; filename="blob"\r\nContent-Type: application/json', '{"a":1}')
    const reply = await send({ type: formType, body: form(json, filePart(file)) })
    expect(reply.json.hex).toBe(file.toString('hex'))
    expect(reply.json.fields).toEqual({ body: '{"a":1}' })
  })

  it('too large is 413, whether its form is announced or not', async () => {
    const body = form(filePart(Buffer.alloc(most + 1)))
    for (const chunked of [undefined, true] as const) {
      const reply = await send({ ...{ type: formType, body }, ...(chunked === undefined ? {} : { chunked }) })
      expect(reply.status).toBe(413)
      expect(reply.json.message).toContain('4 MB')
    }
    const huge = await send({ type: formType, body: form(filePart(Buffer.alloc(2 * most))) })
    expect(huge.status).toBe(413)
  })

  it.each<[string, string, Buffer | string]>([
    ['without a boundary', 'multipart/form-data', 'x'],
    ['that ends too early', formType, form(filePart('abc')).subarray(0, -8)],
    ['that is none', formType, 'not a form at all'],
    ['with two files', formType, form(filePart('a', 'one'), filePart('b', 'two'))],
    [
      'with a hundred and one fields',
      formType,
      form(...Array.from({ length: 101 }, (_, at) => part(`name="f${at}"`, 'x'))),
    ],
    ['with a field that is too long', formType, form(part('name="f"', Buffer.alloc(megabyte + 1, 'x')))],
  ])('%s is 400 that names the fault', async (_title, type, body) => {
    const reply = await send({ type, body })
    expect(reply.status).toBe(400)
    expect(reply.json.code).toBe('bad-request')
    expect(reply.json.message).toMatch(/^(body|Content-Type): /)
    expect(reply.json.message).not.toContain('not a form at all')
  })
})

describe('a client that leaves in the middle', () => {
  it.each([
    ['of an announced file', 'image/png', undefined],
    ['of a file in chunks', 'image/png', true],
    ['of a form', formType, true],
  ] as const)('%s ends the wait, and leaves nothing open', async (_title, type, chunked) => {
    const before = server.finished.length
    const begunBefore = begun
    const body = type === formType ? filePart(Buffer.alloc(3 * megabyte)) : Buffer.alloc(3 * megabyte)
    const sent = { ...{ type, body }, ...(chunked === undefined ? {} : { chunked }) }
    const call = begin(sent, most)
    call.on('error', () => undefined)
    call.write(body)
    await expect.poll(() => begun).toBe(begunBefore + 1)
    await pause(50)
    call.destroy()
    await server.finishedCalls(before + 1)
    await last
    // The parser sees the end of the bytes before the end of the connection.
    expect([400, 499]).toContain(server.finished.at(-1)?.status)
    expect(await heldSpools()).toBe(0)
  })
})
