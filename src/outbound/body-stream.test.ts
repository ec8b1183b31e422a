import { createHash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { AppError } from '#src/lib/errors.ts'
import { createOutbound, type OutboundRequest, type StreamedBody } from './index.ts'

const cleanUps: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

/** A server, a room with one connection to it, and what was noted. */
const start = async (listener: RequestListener) => {
  const sockets = new Set<Socket>()
  const server = createServer(listener)
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const outbound = createOutbound({ allow: ['127.0.0.1'], parallelPerOrigin: 1 })
  cleanUps.push(async () => {
    await outbound.close()
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const request = (more: Partial<OutboundRequest>): OutboundRequest => ({
    ...{ method: 'GET', url: `${url}/file`, timeoutMs: 10_000, purpose: 'vendor' },
    ...more,
  })
  return { outbound, request }
}

const failure = async (work: Promise<unknown>): Promise<AppError> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof AppError)) throw new Error(`no AppError: ${String(error)}`)
  return error
}

/** Random bytes in pieces, as a client would send them; its state is seen from outside. */
const slowSource = (bytes: number, options: { failAt?: number } = {}) => {
  const state = { given: 0, opened: 0, closed: 0 }
  const source: StreamedBody = {
    bytes,
    open: () => {
      state.opened += 1
      let left = bytes
      return new Readable({
        read() {
          if (options.failAt !== undefined && bytes - left >= options.failAt) {
            this.destroy(new AppError('too-large', 'body: larger than it said.'))
            return
          }
          const size = Math.min(left, 65_536)
          left -= size
          state.given += size
          this.push(size === 0 ? null : Buffer.alloc(size, 7))
        },
        destroy(error, done) {
          state.closed += 1
          done(error)
        },
      })
    },
  }
  return { source, state }
}

const drain = async (incoming: IncomingMessage): Promise<number> => {
  let bytes = 0
  for await (const chunk of incoming) bytes += (chunk as Buffer).length
  return bytes
}

const total = 65_536 * 800

/** Waits until nothing more goes; the buffers of sockets hold some megabytes. */
const stalledAt = async (gone: () => number): Promise<number> => {
  for (let before = -1; before !== gone(); await pause(250)) before = gone()
  return gone()
}

describe('a body as a stream', () => {
  it('is sent byte for byte with its length, never in chunks', async () => {
    const file = randomBytes(3_000_000)
    const { outbound, request } = await start(async (incoming, response) => {
      const sent = await buffer(incoming)
      response.end(
        JSON.stringify([
          createHash('sha256').update(sent).digest('hex'),
          incoming.headers['content-length'],
          incoming.headers['transfer-encoding'] ?? 'whole',
        ]),
      )
    })
    const reply = await outbound.send(
      request({
        method: 'POST',
        body: { bytes: file.length, open: () => Readable.from([file], { objectMode: false }) },
      }),
    )
    const hash = createHash('sha256').update(file).digest('hex')
    expect(JSON.parse(reply.body.toString())).toEqual([hash, '3000000', 'whole'])
  })

  it('is read no faster than it is sent', async () => {
    let reach: (read: () => void) => void = () => undefined
    const reached = new Promise<() => void>((resolve) => {
      reach = resolve
    })
    const { outbound, request } = await start((incoming, response) => {
      incoming.pause()
      reach(() => {
        void drain(incoming).then((bytes) => response.end(String(bytes)))
      })
    })
    const { source, state } = slowSource(total)
    const asked = outbound.send(request({ method: 'PUT', body: source }))
    const read = await reached
    expect(await stalledAt(() => state.given)).toBeLessThan(total)
    read()
    expect((await asked).body.toString()).toBe(String(total))
    expect(state).toEqual({ given: total, opened: 1, closed: 1 })
  })

  it('is let go when the reply comes before its end, and the reply counts', async () => {
    const { outbound, request } = await start((_incoming, response) => {
      response.writeHead(413).end('too much')
    })
    const { source, state } = slowSource(total)
    const reply = await outbound.send(request({ method: 'POST', body: source }))
    expect(reply.status).toBe(413)
    expect(reply.body.toString()).toBe('too much')
    await expect.poll(() => state.closed).toBe(1)
    expect(state.given).toBeLessThan(total)
  })

  it('is let go when nobody listens, and when its own end comes too early', async () => {
    const { outbound, request } = await start(async (incoming, response) => {
      await drain(incoming).catch(() => undefined)
      response.end()
    })
    const gone = slowSource(1_000_000)
    const refused = await failure(
      outbound.send(request({ method: 'POST', url: 'http://127.0.0.1:1/', body: gone.source })),
    )
    expect(refused.code).toBe('provider-unreachable')
    await expect.poll(() => gone.state.closed).toBe(gone.state.opened)
    const cut = slowSource(5_000_000, { failAt: 1_000_000 })
    const failed = await failure(outbound.send(request({ method: 'POST', body: cut.source })))
    expect(failed).toMatchObject({ code: 'too-large', message: 'body: larger than it said.' })
    expect(cut.state.closed).toBe(1)
    // The only connection is free for the next.
    expect((await outbound.send(request({}))).status).toBe(200)
  })

  it('is opened anew for each attempt, and each is let go', async () => {
    const { outbound, request } = await start(async (incoming, response) => {
      await drain(incoming)
      response.writeHead(503).end()
    })
    const { source, state } = slowSource(1_000)
    const decide = (_outcome: unknown, attempt: number) => (attempt < 3 ? 1 : null)
    const asked = request({ method: 'PUT', body: source })
    expect((await outbound.sendWithRetry(asked, { decide, deadlineMs: Date.now() + 5_000 })).status).toBe(503)
    expect(state).toMatchObject({ opened: 3, closed: 3 })
  })
})
