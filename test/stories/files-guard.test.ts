import { createHash, randomBytes } from 'node:crypto'
import { type ClientRequest, request } from 'node:http'
import { beforeAll, describe, expect, it } from 'vitest'
import { type GatewayStage, onGateway } from '../support/behind-gateway.ts'
import { hub } from '../support/client.ts'
import { three } from '../support/instances.ts'
import { type RawAnswer, rawCall } from '../support/raw-call.ts'
import { heldSpools } from '../support/spools.ts'

let stage: GatewayStage
let reportId: string

onGateway((one) => {
  stage = one
})

const megabyte = 1024 * 1024
const pdf = (bytes: number): Buffer => Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(bytes)])
const png = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47]), randomBytes(2_000)])
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const messageOf = ({ body }: RawAnswer): string => JSON.parse(body.toString()).message

beforeAll(async () => {
  const { json } = await stage.instance.call('/reports', { method: 'POST', body: { Name: 'Guarded' } })
  reportId = json.ID
})

const image = () => `/reports/${reportId}/image`
const upload = (body: Uint8Array, type = 'application/pdf', chunked?: true) =>
  stage.raw(image(), {
    ...{ method: 'POST', headers: { 'content-type': type }, body },
    ...(chunked === undefined ? {} : { chunked }),
  })

describe('a file', () => {
  it('that comes in chunks goes to the vendor with its length, and as large as may be', async () => {
    const whole = pdf(10 * megabyte - 9)
    const up = await upload(whole, 'application/pdf', true)
    expect(up.status, up.body.toString()).toBe(200)
    const [sent] = stage.gateway.seen.filter(({ method }) => method === 'POST')
    expect(sent?.headers['content-length']).toBe(String(10 * megabyte))
    expect(sent?.headers['transfer-encoding']).toBeUndefined()
    const down = await stage.raw(image(), { headers: { accept: 'application/pdf' } })
    expect(hashOf(down.body)).toBe(hashOf(whole))
    expect(down.headers).toMatchObject({
      ...{ 'content-type': 'application/pdf', 'content-length': String(whole.length) },
      ...{ 'x-content-type-options': 'nosniff', 'content-security-policy': 'sandbox' },
    })
    await expect.poll(heldSpools).toBe(0)
  })

  it.each([undefined, true] as const)(
    'that is too large is 413 that says the limit, in chunks: %s',
    async (chunked) => {
      const reply = await upload(pdf(10 * megabyte), 'application/pdf', chunked)
      expect(reply.status).toBe(413)
      expect(messageOf(reply)).toContain('10 MB')
      expect(stage.gateway.seen).toEqual([])
      await expect.poll(heldSpools).toBe(0)
    },
  )

  it('of a type that the vendor does not take is 415, packed or without a boundary it is refused too', async () => {
    expect((await upload(png, 'text/plain')).status).toBe(415)
    expect((await upload(png, 'multipart/form-data')).status).toBe(400)
    const packed = await stage.raw(image(), {
      ...{ method: 'POST', body: png, headers: { 'content-type': 'image/png', 'content-encoding': 'gzip' } },
    })
    expect(packed.status).toBe(415)
    const nothing = await stage.raw(image(), { method: 'POST' })
    expect([nothing.status, messageOf(nothing)]).toEqual([400, expect.stringContaining('send the file')])
    expect(stage.gateway.seen).toEqual([])
  })

  it('without a type of its own has that of its name', async () => {
    for (const [name, status] of [
      ['a.PNG', 200],
      ['a.exe', 415],
      ['png', 415],
    ] as const) {
      const form = new FormData()
      form.set('file', new Blob([png]), name)
      const sent = new Response(form)
      const reply = await stage.raw(image(), {
        ...{ method: 'POST', body: Buffer.from(await sent.arrayBuffer()) },
        headers: { 'content-type': sent.headers.get('content-type') ?? '' },
      })
      expect(reply.status, `${name} ${reply.body.toString()}`).toBe(status)
    }
    const [posted] = stage.gateway.seen.filter(({ method }) => method === 'POST')
    expect(posted?.headers['content-type']).toBe('image/png')
  })

  it('may have JSON beside it that a browser sends as a file', async () => {
    const body = {
      ...{ expenseTypeId: 'TAXIX', transactionDate: '2026-01-02' },
      transactionAmount: { value: 12.5, currencyCode: 'EUR' },
    }
    const form = new FormData()
    form.set('quickExpenseRequest', new Blob([JSON.stringify(body)], { type: 'application/json' }))
    form.set('fileContent', new Blob([png], { type: 'image/png' }), 'taxi.png')
    const sent = new Response(form)
    const reply = await stage.raw('/quick-expenses', {
      ...{ method: 'POST', body: Buffer.from(await sent.arrayBuffer()) },
      headers: { 'content-type': sent.headers.get('content-type') ?? '' },
    })
    expect(reply.status, reply.body.toString()).toBe(200)
  })

  it('that is read at a bare path, or asked about by HEAD, comes as its own type', async () => {
    await upload(png, 'image/png')
    const headers = { ...hub(stage.product.admin, stage.instance.token), accept: 'image/*' }
    const bare = await rawCall(stage.product.url, image(), { headers })
    expect(bare.status, bare.body.toString().slice(0, 200)).toBe(200)
    const head = await rawCall(stage.product.url, image(), { method: 'HEAD', headers })
    expect(head.headers['content-length']).toBe(String(bare.body.length))
    expect(head.body).toHaveLength(0)
    await expect.poll(heldSpools).toBe(0)
  })
})

describe('what is no file', () => {
  it('stays JSON for whoever takes no JSON, and is not taken for a file', async () => {
    const html = await stage.raw(`/reports/${reportId}`, { headers: { accept: 'text/html' } })
    expect(html.status).toBe(406)
    const platform = { ...three(stage.product.admin, stage.instance.token), 'content-type': 'text/plain' }
    const change = await rawCall(stage.product.url, '/instances', {
      ...{ method: 'PATCH', headers: platform, body: '{"name":"Renamed"}' },
    })
    expect(change.status).toBe(415)
    const row = await stage.raw(`/reports/${reportId}`, {
      ...{ method: 'PATCH', headers: { 'content-type': 'text/plain' }, body: '{}' },
    })
    expect(row.status).toBe(415)
  })

  it('may have any type where it has no bytes', async () => {
    const odd = { 'content-type': 'application/x-www-form-urlencoded' }
    const gone = await stage.raw('/expenses/nothing', { method: 'DELETE', headers: odd })
    expect(gone.status).toBe(404)
    const submitted = await stage.raw(`/reports/${reportId}/recall`, { method: 'POST', headers: odd })
    expect(submitted.status).not.toBe(415)
  })
})

describe('what breaks off', () => {
  const begin = (type: string, length?: number): ClientRequest => {
    const { hostname, port, pathname } = new URL(stage.product.url)
    return request({
      ...{ host: hostname, port, path: `${pathname}${image()}`, method: 'POST', agent: false },
      headers: {
        ...hub(stage.product.admin, stage.instance.token),
        'content-type': type,
        ...(length === undefined ? {} : { 'content-length': String(length) }),
      },
    }).on('error', () => undefined)
  }

  it('on its way here reaches no vendor, and leaves no file', async () => {
    const part = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
    for (const [type, length, head] of [
      ['image/png', 9 * megabyte, ''],
      ['image/png', undefined, ''],
      ['multipart/form-data; boundary=b', undefined, part],
    ] as const) {
      const call = begin(type, length)
      call.write(Buffer.concat([Buffer.from(head), randomBytes(3 * megabyte)]))
      await expect.poll(heldSpools).toBe(1)
      call.destroy()
      await expect.poll(heldSpools).toBe(0)
    }
    expect(stage.gateway.seen).toEqual([])
  })

  it('at the vendor is told, whatever was sent, and leaves no file', async () => {
    for (const answer of ['/api/image', '/imaging'] as const) {
      stage.gateway.answer(answer, (incoming, response) => {
        incoming.resume()
        response.writeHead(200, { 'content-length': 1_000 }).write('abc', () => response.destroy())
      })
      const reply = await (answer === '/imaging' ? stage.raw(image()) : upload(pdf(2 * megabyte)))
      expect(reply.status, reply.body.toString()).toBe(502)
      await expect.poll(heldSpools).toBe(0)
    }
    await stage.product.sandbox.close()
    stage.gateway.passTo(1)
    const refused = await upload(pdf(2 * megabyte))
    expect(refused.status).toBe(502)
    await expect.poll(heldSpools).toBe(0)
  })
})
