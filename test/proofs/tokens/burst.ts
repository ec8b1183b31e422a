import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { hub } from '../../support/client.ts'
import type { Member } from '../../support/product.ts'

/** What became of many calls that were all sent before the first was answered, or nearly so. */
export interface BurstResult {
  /** How many answers had each status. */
  readonly statuses: ReadonlyMap<number, number>
  /** A few bodies that were no page of one row. */
  readonly odd: readonly string[]
  /** Calls whose bytes were all handed to a socket before the first byte of any answer came. */
  readonly sentBeforeAnswer: number
  readonly milliseconds: number
}

export interface BurstOrder {
  readonly ports: readonly number[]
  readonly calls: number
  readonly connectionsPerPort: number
  readonly member: Member
  readonly token: string
  /** Called when every call is on its way. */
  readonly onSent?: () => Promise<unknown>
}

const withinMs = 300_000

const openSocket = async (port: number): Promise<Socket> => {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  return socket
}

interface Read {
  readonly status: number
  readonly body: string
  readonly rest: Buffer
}

/** The first answer in these bytes; undefined while it is not whole. @throws Error when it is no answer. */
const readAnswer = (bytes: Buffer): Read | undefined => {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const head = bytes.toString('latin1', 0, end)
  const status = /^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  if (status === undefined || length === undefined) throw new Error(`no answer of known length: ${head}`)
  const to = end + 4 + Number(length)
  if (bytes.length < to) return undefined
  return { status: Number(status), body: bytes.toString('utf8', end + 4, to), rest: bytes.subarray(to) }
}

/** Takes so many answers from a socket, each given to `onAnswer`. */
const takeAnswers = (socket: Socket, count: number, onAnswer: (answer: Read) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    if (count === 0) return resolve()
    let left = count
    let bytes: Buffer = Buffer.alloc(0)
    const fail = (why: string) => reject(new Error(`${why}; ${left} of ${count} answers were missing`))
    const timer = setTimeout(() => fail(`no answer within ${withinMs} ms`), withinMs)
    const take = (chunk: Buffer): void => {
      bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk])
      for (let answer = readAnswer(bytes); answer !== undefined; answer = readAnswer(bytes)) {
        bytes = answer.rest
        left -= 1
        onAnswer(answer)
      }
      if (left > 0) return
      clearTimeout(timer)
      resolve()
    }
    socket.on('data', (chunk) => {
      try {
        take(chunk)
      } catch (error) {
        reject(error)
      }
    })
    socket.on('error', (error) => fail(error.message))
    socket.on('close', () => fail('closed'))
  })

const isPageOfOne = (body: string): boolean => {
  const rows: unknown = JSON.parse(body)
  return Array.isArray(rows) && rows.length === 1
}

/** Share `at` of `total` things among `count`, as evenly as can be. */
const shareOf = (total: number, count: number, at: number): number =>
  Math.floor(((at + 1) * total) / count) - Math.floor((at * total) / count)

/**
 * Sends one and the same hub call many times at once: all connections are opened first, then every call is
 * written, several on one connection one after the other without waiting (HTTP/1.1 pipelining, RFC 9112 9.3.2), so
 * that all of them are with the servers while the first is worked on.
 */
export const burst = async (order: BurstOrder): Promise<BurstResult> => {
  const { ports, calls, member, token } = order
  const perPort = Math.min(order.connectionsPerPort, Math.ceil(calls / ports.length))
  const targets = ports.flatMap((port) => Array.from({ length: perPort }, () => port))
  const sockets = await Promise.all(targets.map(openSocket))
  const authorization = hub(member, token)['authorization']
  const text = (port: number) =>
    `GET /elements/api-v2/hubs/expense/reports?pageSize=1 HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n` +
    `authorization: ${authorization}\r\n\r\n`
  const statuses = new Map<number, number>()
  const odd: string[] = []
  let sent = 0
  let sentBeforeAnswer = -1
  const note = ({ status, body }: Read): void => {
    if (sentBeforeAnswer < 0) sentBeforeAnswer = sent
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
    if ((status !== 200 || !isPageOfOne(body)) && odd.length < 5) odd.push(`${status} ${body.slice(0, 500)}`)
  }
  const startedAt = performance.now()
  const answers = sockets.map((socket, at) => {
    const count = shareOf(calls, sockets.length, at)
    const taken = takeAnswers(socket, count, note)
    socket.write(text(targets[at] ?? 0).repeat(count), () => {
      sent += count
    })
    return taken
  })
  await order.onSent?.()
  await Promise.all(answers)
  const milliseconds = performance.now() - startedAt
  for (const socket of sockets) {
    socket.removeAllListeners('close')
    socket.destroy()
  }
  return { statuses, odd, sentBeforeAnswer, milliseconds }
}
