import { connect, type Socket } from 'node:net'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import type { FinishedCall } from './call.ts'
import { createHttpServer, type HttpServerOptions } from './server.ts'

export interface TestTrace {
  note?: string
}

/** A reply as it came over the socket. */
export interface RawReply {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A server on a free loopback port that records what it logged and finished. */
export const startTestServer = async (options: Partial<HttpServerOptions<TestTrace>> = {}) => {
  const finished: FinishedCall<TestTrace>[] = []
  const waiting: (() => void)[] = []
  const log: string[] = []
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      log.push(chunk.toString('utf8'))
      done()
    },
  })
  const server = createHttpServer<TestTrace>({
    dispatch: async () => ({ body: { ok: true } }),
    newTrace: () => ({}),
    onFinished: (call) => {
      finished.push(call)
      for (const wake of waiting.splice(0)) wake()
    },
    logger: pino({ level: 'trace' }, sink),
    trustProxy: false,
    bodyLimitBytes: 10_000,
    ...options,
  })
  const { port } = await server.listen('127.0.0.1', 0)
  /** Resolves once so many calls are finished. */
  const finishedCalls = async (count: number): Promise<readonly FinishedCall<TestTrace>[]> => {
    while (finished.length < count) await new Promise<void>((resolve) => waiting.push(resolve))
    return finished
  }
  return { server, port, finished, finishedCalls, log }
}

export type TestServer = Awaited<ReturnType<typeof startTestServer>>

const headOf = (text: string): Omit<RawReply, 'body'> => {
  const [first = '', ...lines] = text.split('\r\n')
  const pairs = lines.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  })
  return { status: Number(first.split(' ')[1]), headers: Object.fromEntries(pairs) }
}

/** A bare socket that reads HTTP replies one by one. */
export const openSocket = async (port: number) => {
  const socket: Socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  let received = Buffer.alloc(0)
  let closed = false
  const wakers: (() => void)[] = []
  const wake = (): void => {
    for (const one of wakers.splice(0)) one()
  }
  const noteEnd = (): void => {
    closed = true
    wake()
  }
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk])
    wake()
  })
  socket.on('error', noteEnd)
  socket.on('end', noteEnd)
  socket.on('close', noteEnd)
  await new Promise<void>((resolve) => socket.once('connect', resolve))

  const take = (bodyless: boolean): RawReply | undefined => {
    const end = received.indexOf('\r\n\r\n')
    if (end === -1) return undefined
    const head = headOf(received.subarray(0, end).toString('latin1'))
    const length = bodyless ? 0 : Number(head.headers['content-length'] ?? 0)
    if (received.length < end + 4 + length) return undefined
    const body = received.subarray(end + 4, end + 4 + length).toString('utf8')
    received = received.subarray(end + 4 + length)
    return { ...head, body }
  }

  /** The next reply, a final one unless interim ones are wanted; undefined when the server closed instead. */
  const reply = async ({ bodyless = false, interim = false } = {}): Promise<RawReply | undefined> => {
    for (;;) {
      const next = take(bodyless)
      if (next !== undefined && (interim || next.status !== 100)) return next
      if (next !== undefined) continue
      if (closed) return undefined
      await new Promise<void>((resolve) => wakers.push(resolve))
    }
  }

  /** Resolves when the server closed its side; with whatever else it sent. */
  const ended = async (): Promise<string> => {
    while (!closed) await new Promise<void>((resolve) => wakers.push(resolve))
    return received.toString('latin1')
  }

  return {
    send: (bytes: string | Buffer): void => {
      socket.write(bytes)
    },
    /** Ends our side only. */
    end: (): void => {
      socket.end()
    },
    reply,
    ended,
    close: (): void => {
      socket.destroy()
    },
    /** Breaks the connection off, so that the server sees a reset. */
    reset: (): void => {
      socket.resetAndDestroy()
    },
  }
}

/** Sends bytes, reads one reply, closes. @throws Error when the server closed without a reply. */
export const exchange = async (
  port: number,
  bytes: string | Buffer,
  options: { readonly bodyless?: boolean } = {},
): Promise<RawReply> => {
  const socket = await openSocket(port)
  socket.send(bytes)
  const reply = await socket.reply(options)
  socket.close()
  if (reply === undefined) throw new Error('closed without a reply')
  return reply
}

/** A request as text; adds Host and, for a body, Content-Length. */
export const requestText = (
  line: string,
  headers: Readonly<Record<string, string>> = {},
  body = '',
): string => {
  const all = {
    Host: 'localhost',
    ...(body === '' ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }),
    ...headers,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
  return `${line} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`
}
