import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type ClientRequest, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { type GatewayStage, onGateway } from '../support/behind-gateway.ts'
import { hub } from '../support/client.ts'
import { heldSpools } from '../support/spools.ts'

let stage: GatewayStage

onGateway(
  (one) => {
    stage = one
  },
  { environment: { QUERY_MAX_SECONDS: '10' } },
)

const megabyte = 1024 * 1024
const total = 48 * megabyte
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const path = '/passthrough/bytes'

/** A call whose body is written piece by piece. */
const begin = (method: string, headers: Record<string, string> = {}): ClientRequest => {
  const { hostname, port, pathname } = new URL(stage.product.url)
  return request({
    ...{ host: hostname, port, path: `${pathname}${path}`, method, agent: false },
    headers: { ...hub(stage.product.admin, stage.instance.token), ...headers },
  })
}

const respond = async (call: ClientRequest): Promise<IncomingMessage> => {
  const [reply] = (await once(call, 'response')) as [IncomingMessage]
  return reply
}

/** Writes as long as the other side takes; what went out so far. */
const pour = (to: ClientRequest | ServerResponse, bytes: number) => {
  const state = { written: 0 }
  const write = (): void => {
    while (state.written < bytes && !to.destroyed) {
      state.written += 65_536
      if (!to.write(Buffer.alloc(65_536, 7))) {
        to.once('drain', write)
        return
      }
    }
    if (!to.destroyed) to.end()
  }
  write()
  return state
}

describe('a large body on its way to the vendor', () => {
  it.each([undefined, true] as const)(
    'arrives whole, with its length, in chunks from the client: %s',
    async (chunked) => {
      const body = randomBytes(20 * megabyte + 1)
      stage.gateway.answer('/bytes', (incoming, response) => {
        void buffer(incoming).then((sent) => response.end(JSON.stringify([hashOf(sent), incoming.headers])))
      })
      const reply = await stage.raw(path, {
        ...{ method: 'POST', headers: { 'content-type': 'application/pdf' }, body },
        ...(chunked === undefined ? {} : { chunked }),
      })
      const [hash, headers] = JSON.parse(reply.body.toString())
      expect(hash).toBe(hashOf(body))
      expect(headers).toMatchObject({
        'content-length': String(body.length),
        'content-type': 'application/pdf',
      })
      expect(headers['transfer-encoding']).toBeUndefined()
      await expect.poll(heldSpools).toBe(0)
    },
  )

  it('that the vendor refuses early gets the vendor’s answer, and the call after it goes well', async () => {
    stage.gateway.answer('/bytes', (_incoming, response) => {
      response.writeHead(413).end('no more')
    })
    const call = begin('POST', { 'content-length': String(total) })
    call.on('error', () => undefined)
    pour(call, total)
    const reply = await respond(call)
    expect(reply.statusCode).toBe(413)
    expect((await buffer(reply)).toString()).toBe('no more')
    stage.gateway.answer('/bytes', undefined)
    expect((await stage.raw('/passthrough/api/v3.0/expense/reports?limit=1')).status).toBe(200)
  })

  it('that breaks off never begins for the vendor, and leaves nothing behind', async () => {
    for (const headers of [{ 'content-length': String(total) }, {}]) {
      const call = begin('POST', headers)
      call.on('error', () => undefined)
      call.write(randomBytes(4 * megabyte))
      await expect.poll(heldSpools).toBe(1)
      call.destroy()
      await expect.poll(heldSpools).toBe(0)
    }
    expect(stage.gateway.seen).toEqual([])
  })

  it('is sent again where the token had ended, for it is kept that long', async () => {
    await stage.sandbox.faults({ fault: 'expire-tokens', value: 0, times: 1 })
    const image = Buffer.concat([Buffer.from('%PDF-1.4\n'), randomBytes(2 * megabyte)])
    const made = await stage.raw('/passthrough/api/v3.0/expense/receiptimages', {
      ...{ method: 'POST', headers: { 'content-type': 'application/pdf' }, body: image },
    })
    expect(made.status, made.body.toString()).toBe(200)
    expect(
      stage.gateway.seen.filter(({ method, target }) => method === 'POST' && target.startsWith('/api')),
    ).toHaveLength(2)
  })
})

describe('a large reply', () => {
  it('arrives whole with its length', async () => {
    stage.gateway.answer('/bytes', (_incoming, response) => {
      response.writeHead(200, { 'content-length': total, 'content-type': 'application/zip' })
      pour(response, total)
    })
    const call = begin('GET')
    call.end()
    const reply = await respond(call)
    expect(reply.headers).toMatchObject({
      'content-length': String(total),
      'content-type': 'application/zip',
    })
    expect(await buffer(reply)).toHaveLength(total)
    await expect.poll(heldSpools).toBe(0)
  })

  it('is told as what it is where it is too large, breaks off, or takes too long', async () => {
    for (const [status, code, size] of [
      [502, 'provider-failed', 65 * megabyte],
      [502, 'provider-unreachable', -1],
      [504, 'provider-timeout', 0],
    ] as const) {
      stage.gateway.answer('/bytes', (_incoming, response) => {
        response.writeHead(200, { 'content-length': size > 0 ? size : 1_000 })
        if (size > 0) pour(response, size)
        else response.write('abc', () => size < 0 && response.destroy())
      })
      const reply = await stage.raw(path)
      expect(reply.status, reply.body.toString()).toBe(status)
      expect(JSON.parse(reply.body.toString()).code).toBe(code)
      await expect.poll(heldSpools).toBe(0)
    }
  }, 60_000)

  it('whose client leaves ends at the vendor too', async () => {
    let closed = false
    stage.gateway.answer('/bytes', (_incoming, response) => {
      response.once('close', () => {
        closed = true
      })
      response.writeHead(200, { 'content-length': total }).write('abc')
    })
    const call = begin('GET')
    call.on('error', () => undefined).end()
    await expect.poll(() => stage.gateway.seen.length).toBe(1)
    call.destroy()
    await expect.poll(() => closed).toBe(true)
    await expect.poll(heldSpools).toBe(0)
  })
})
