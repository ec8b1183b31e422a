// The load: a closed loop over kept-alive sockets. The parent sends one Order after the other, each is answered
// with what came of it. Only what a benchmark needs of HTTP: replies with Content-Length.
import { connect } from 'node:net'
import type { Load, Order } from './measure.ts'

const headEnd = Buffer.from('\r\n\r\n')
const lengthHeader = /\r\ncontent-length: (\d+)\r\n/i

interface Tally {
  readonly latencies: number[]
  bad: number
  bytes: number
}

/** Takes the bytes of one socket; says of each piece whether it ended a reply. */
const createReader = (tally: Tally): ((chunk: Buffer) => boolean) => {
  let head: Buffer = Buffer.alloc(0)
  /** Bytes of the body that are still to come; null while the head is read. */
  let left: number | null = null

  const readHead = (chunk: Buffer): number | null => {
    head = head.length === 0 ? chunk : Buffer.concat([head, chunk])
    const end = head.indexOf(headEnd)
    if (end === -1) return null
    const text = head.toString('latin1', 0, end + 2)
    const length = lengthHeader.exec(text)?.[1]
    if (length === undefined) throw new Error(`a reply without Content-Length: ${text.slice(0, 200)}`)
    if (!text.startsWith('HTTP/1.1 200 ')) tally.bad += 1
    tally.bytes += Number(length)
    const rest = Number(length) - (head.length - end - headEnd.length)
    head = Buffer.alloc(0)
    return rest
  }

  return (chunk) => {
    left = left === null ? readHead(chunk) : left - chunk.length
    if (left === null || left > 0) return false
    left = null
    return true
  }
}

/** Sends a request, and the next when its reply is whole, until time is over; then resolves. */
const runSocket = (order: Order, request: Buffer, untilMs: number, tally: Tally): Promise<void> =>
  new Promise((resolve, reject) => {
    const isWhole = createReader(tally)
    let sentAtMs = 0
    const socket = connect({ host: '127.0.0.1', port: order.port, noDelay: true })
    const send = (): void => {
      sentAtMs = performance.now()
      socket.write(request)
    }
    socket.on('connect', send)
    socket.on('error', reject)
    socket.on('close', () => resolve())
    socket.on('data', (chunk: Buffer) => {
      try {
        if (!isWhole(chunk)) return
      } catch (error) {
        socket.destroy()
        reject(error)
        return
      }
      const now = performance.now()
      tally.latencies.push(now - sentAtMs)
      if (now < untilMs) send()
      else socket.destroy()
    })
  })

const quantile = (sorted: Float64Array, part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN

const run = async (order: Order): Promise<Load> => {
  const lines = Object.entries(order.headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const request = Buffer.from(`GET ${order.path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${lines.join('')}\r\n`)
  const tally: Tally = { latencies: [], bad: 0, bytes: 0 }
  const began = performance.now()
  const untilMs = began + order.seconds * 1000
  await Promise.all(
    Array.from({ length: order.connections }, () => runSocket(order, request, untilMs, tally)),
  )
  const tookSeconds = (performance.now() - began) / 1000
  const sorted = Float64Array.from(tally.latencies).sort()
  const requests = sorted.length
  return {
    requests,
    bad: tally.bad,
    perSecond: requests / tookSeconds,
    p50Ms: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
    replyBytes: requests === 0 ? 0 : tally.bytes / requests,
  }
}

process.on('message', (order: Order) => {
  run(order).then(
    (load) => process.send?.(load),
    (error: unknown) => process.send?.({ failed: error instanceof Error ? error.message : String(error) }),
  )
})
process.on('disconnect', () => process.exit(0))
process.send?.({ port: 0 })
