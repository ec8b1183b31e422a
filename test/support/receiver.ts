import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { JsonObject } from '#src/lib/json.ts'

/** One call that came in. */
export interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** As it came, byte by byte. */
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it freely
  readonly json: any
  readonly atMs: number
}

/** How a call is answered; `hang` never is. */
export type Answering =
  | {
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      /** Milliseconds until then; none when absent. */
      readonly afterMs?: number
    }
  | 'hang'

export interface Receiver {
  readonly url: string
  readonly received: readonly Received[]
  /** Answers from now on; by the call where it is a function. */
  readonly answer: (how: Answering | ((call: Received) => Answering)) => void
  readonly forget: () => void
  /** Waits until so many calls have come. @throws Error when they have not within `withinMs`. */
  readonly until: (count: number, withinMs?: number) => Promise<readonly Received[]>
  readonly close: () => Promise<void>
}

const parsed = (text: string): JsonObject | undefined => {
  try {
    return JSON.parse(text) as JsonObject
  } catch {
    return undefined
  }
}

/** A receiver of webhooks on loopback; `port` 0 is a free one. */
export const startReceiver = async (port = 0): Promise<Receiver> => {
  let received: Received[] = []
  let how: (call: Received) => Answering = () => ({ status: 200 })
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8')
      const call = {
        path: request.url ?? '',
        headers: request.headers,
        text,
        json: parsed(text),
        atMs: Date.now(),
      }
      received.push(call)
      const answer = how(call)
      if (answer === 'hang') return
      const send = (): void => {
        response.writeHead(answer.status, answer.headers)
        response.end()
      }
      if (answer.afterMs === undefined) send()
      else setTimeout(send, answer.afterMs)
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const address = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${address.port}`,
    get received() {
      return received
    },
    answer: (next) => {
      how = typeof next === 'function' ? next : () => next
    },
    forget: () => {
      received = []
    },
    until: async (count, withinMs = 20_000) => {
      for (const endsAt = Date.now() + withinMs; received.length < count; await sleep(20))
        if (Date.now() > endsAt)
          throw new Error(`${received.length} of ${count} calls came within ${withinMs} ms`)
      return received
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
