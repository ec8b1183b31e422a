import { createServer, type RequestListener, type Server } from 'node:http'
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Socket,
  type Server as TcpServer,
} from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { AppError } from '#src/lib/errors.ts'
import { createOutbound, type Outbound, type OutboundRequest, type Outcome, type SentCall } from './index.ts'

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

describe('sendWithRetry', () => {
  const failing = async (failures: number): Promise<{ url: string; calls: () => number }> => {
    let calls = 0
    const url = await serve((_request, response) => {
      calls += 1
      response.writeHead(calls > failures ? 200 : 503).end(String(calls))
    })
    return { url, calls: () => calls }
  }

  it('sends until the asker is content, counting attempts', async () => {
    const { url } = await failing(2)
    const calls: SentCall[] = []
    const asked: number[] = []
    const reply = await open().sendWithRetry(get(url, { record: (call) => void calls.push(call) }), {
      decide: (outcome, attempt) => {
        asked.push(attempt)
        return 'reply' in outcome && outcome.reply.status === 503 ? 1 : null
      },
      deadlineMs: Date.now() + 10_000,
    })
    expect(reply.body.toString()).toBe('3')
    expect(asked).toEqual([1, 2, 3])
    expect(calls.map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, 503],
      [2, 503],
      [3, 200],
    ])
  })

  it('asks about errors of the way', async () => {
    let calls = 0
    const url = await serveRaw((socket) => {
      calls += 1
      if (calls === 1) socket.destroy()
      else socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')
    })
    const decide = (outcome: object): number | null => ('error' in outcome ? 0 : null)
    const reply = await open().sendWithRetry(get(url), { decide, deadlineMs: Date.now() + 10_000 })
    expect(reply.body.toString()).toBe('ok')
  })

  it('throws the last error when the asker stops, and asks nothing where no attempt can help', async () => {
    const never = (): never => {
      throw new Error('was asked')
    }
    const refused = open().sendWithRetry(get('http://127.0.0.1:1'), {
      decide: () => null,
      deadlineMs: Date.now() + 10_000,
    })
    expect((await failureOf(refused)).code).toBe('provider-unreachable')
    const blocked = open({ allow: [] }).sendWithRetry(get('http://127.0.0.1:1'), {
      decide: never,
      deadlineMs: Date.now() + 10_000,
    })
    expect((await failureOf(blocked)).code).toBe('address-blocked')
  })

  it('gives the last reply rather than wait beyond the deadline', async () => {
    const { url, calls } = await failing(9)
    const reply = await open().sendWithRetry(get(url), {
      decide: () => 60_000,
      deadlineMs: Date.now() + 5_000,
    })
    expect([reply.status, calls()]).toEqual([503, 1])
  })

  it('ends an attempt at the deadline, and begins none after it', async () => {
    const url = await serve(() => undefined)
    const soon = open().sendWithRetry(get(url), { decide: () => null, deadlineMs: Date.now() + 150 })
    expect((await failureOf(soon)).code).toBe('provider-timeout')
    const late = open().sendWithRetry(get('http://127.0.0.1:1'), {
      decide: () => 0,
      deadlineMs: Date.now() - 1,
    })
    expect((await failureOf(late)).message).toBe('No time was left to call 127.0.0.1:1.')
  })

  it('waits for its turn before each attempt, and asks again after a wait', async () => {
    const { url, calls } = await failing(1)
    const turns = [30, 0, 0]
    const asked: number[] = []
    const reply = await open().sendWithRetry(get(url), {
      begin: () => {
        asked.push(calls())
        return asked.length === 1 ? Promise.resolve(turns.shift() ?? 0) : (turns.shift() ?? 0)
      },
      decide: (outcome) => ('reply' in outcome && outcome.reply.status === 503 ? 0 : null),
      deadlineMs: Date.now() + 10_000,
    })
    expect([reply.status, asked]).toEqual([200, [0, 0, 1]])
  })

  it('sends nothing once its turn is refused', async () => {
    const { url, calls } = await failing(0)
    const full = new AppError('provider-rate-limited', 'Full.')
    const begin = (): never => {
      throw full
    }
    const call = open().sendWithRetry(get(url), {
      begin,
      decide: () => null,
      deadlineMs: Date.now() + 10_000,
    })
    expect(await failureOf(call)).toBe(full)
    expect(calls()).toBe(0)
  })

  it('lets any number of calls wait without a warning of the runtime', async () => {
    const warnings: Error[] = []
    const note = (warning: Error): void => void warnings.push(warning)
    process.on('warning', note)
    cleanUps.push(async () => void process.off('warning', note))
    const { url } = await failing(40)
    const outbound = open()
    const decide = (_outcome: Outcome, attempt: number): number | null => (attempt === 1 ? 50 : null)
    const send = () => outbound.sendWithRetry(get(url), { decide, deadlineMs: Date.now() + 10_000 })
    await Promise.all(Array.from({ length: 40 }, send))
    expect(warnings).toEqual([])
  })

  it('ends a wait when its signal aborts', async () => {
    const { url, calls } = await failing(9)
    const aborting = new AbortController()
    const decide = (): number => {
      setImmediate(() => aborting.abort())
      return 60_000
    }
    const call = open().sendWithRetry(get(url, { signal: aborting.signal }), {
      decide,
      deadlineMs: Date.now() + 120_000,
    })
    expect((await failureOf(call)).code).toBe('request-timeout')
    expect(calls()).toBe(1)
  })
})

describe('close', () => {
  it('ends calls, waits and connections, and refuses later calls', async () => {
    const server = createServer((request, response) => {
      if (request.url === '/fail') response.writeHead(503).end()
      if (request.url === '/good') response.end()
    })
    const url = `http://127.0.0.1:${await listen(server)}`
    const outbound = open()
    await outbound.send(get(`${url}/good`))
    const reached = new Promise((resolve) => server.once('request', resolve))
    const hanging = failureOf(outbound.send(get(`${url}/hang`)))
    await reached
    const closeSoon = (): number => {
      setImmediate(() => void outbound.close())
      return 60_000
    }
    const waiting = outbound.sendWithRetry(get(`${url}/fail`), {
      decide: closeSoon,
      deadlineMs: Date.now() + 120_000,
    })
    expect((await failureOf(waiting)).code).toBe('stopping')
    expect((await hanging).code).toBe('stopping')
    await outbound.close()
    expect((await failureOf(outbound.send(get(url)))).code).toBe('stopping')
    await expect
      .poll(() => new Promise((resolve) => server.getConnections((_error, count) => resolve(count))))
      .toBe(0)
  })

  it('ends a connection that is still being opened', async () => {
    const server = createTcpServer()
    const port = await listen(server)
    const outbound = open()
    const reached = new Promise((resolve) => server.once('connection', resolve))
    // The server never answers the TLS greeting.
    const call = failureOf(outbound.send(get(`https://127.0.0.1:${port}`)))
    await reached
    await outbound.close()
    expect((await call).code).toBe('stopping')
    await expect
      .poll(() => new Promise((resolve) => server.getConnections((_error, count) => resolve(count))))
      .toBe(0)
  })

  it('is not taken for a failure of the way', async () => {
    const outbound = open()
    const url = await serve(() => void outbound.close())
    const never = (): never => {
      throw new Error('was asked')
    }
    const call = outbound.sendWithRetry(get(url), { decide: never, deadlineMs: Date.now() + 10_000 })
    expect((await failureOf(call)).code).toBe('stopping')
  })
})
