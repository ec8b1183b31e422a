import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { removeData } from '../../support/program.ts'
import { residentMb } from '../../support/resident.ts'
import { median } from '../measure.ts'
import {
  cpuSeconds,
  familyCpuSeconds,
  nextMessage,
  type Started,
  serverPid,
  startNode,
} from '../processes.ts'
import type { LoopOrder } from './hook-loop.ts'
import type { Delivered, Made, Order, Polled, Sent, Stored } from './order.ts'

export interface EventsPace {
  readonly pollers: number
  /** Each is polled so often. */
  readonly everySeconds: number
  readonly seconds: number
  /** Deliveries a round. */
  readonly deliveries: number
  readonly rounds: number
}

/** CPU that was used for one poll or delivery, in microseconds. */
interface Cpu {
  readonly product: number
  readonly database: number
}

export interface PollFindings {
  readonly polled: Polled
  readonly pollers: number
  readonly everySeconds: number
  readonly vendorCalls: number
  readonly cpu: Cpu & { readonly vendor: number }
  readonly memoryMb: number
}

export interface DeliveryFindings {
  readonly rounds: number
  readonly perRound: number
  readonly bodyBytes: number
  /** Medians, a second. */
  readonly loop: number
  readonly durable: number
  readonly besideHanging: number
  /** Of the durable rate to that of the loop right after it, and of the one beside a receiver that hangs to it. */
  readonly toLoop: number
  readonly hangingToDurable: number
  readonly loopCpu: number
  readonly cpu: Cpu
  /** SQL statements a delivery. */
  readonly statements: number
}

export type EventPart = 'deliveries' | 'polls'

/** A part that was not asked for is absent. */
export interface EventFindings {
  readonly polls?: PollFindings
  readonly deliveries?: DeliveryFindings
}

interface Port {
  readonly port: number
}

const sandboxFile = fileURLToPath(import.meta.resolve('../../../sandbox/concur/main.js'))
/** The row of the vendor changed before the pollers begin, and not so long before that they pass it over. */
const changedBeforeMs = 60_000

const ask = async <T>({ child }: Started<unknown>, order: unknown, withinMs: number): Promise<T> => {
  const told = nextMessage<T>(child, withinMs)
  child.send(order as object)
  return told
}

interface Stage {
  readonly product: Started<unknown>
  readonly vendor: Started<Port>
  readonly receiver: Started<Port>
  /** Another address, as another customer's; it never answers. */
  readonly dead: Started<Port>
  readonly loop: Started<unknown>
  readonly databaseSeconds: () => Promise<number>
}

const openStage = async (stops: (() => Promise<void>)[]): Promise<Stage> => {
  const folder = await mkdtemp(join(tmpdir(), 'amalgam-bench-'))
  await chmod(folder, 0o711)
  stops.push(() => rm(folder, { recursive: true, force: true }))
  const keep = <T>(started: Started<T>): Started<T> => {
    stops.push(started.stop)
    return started
  }
  const sandbox = keep(await startNode<Port>('free', sandboxFile, ['--port', '0', '--reports', '100']))
  const changed = new Date(Date.now() - changedBeforeMs).toISOString().slice(0, 23)
  const vendor = keep(
    await startNode<Port>('free', 'events/poll-vendor.js', [String(sandbox.told.port), changed]),
  )
  const receiver = keep(await startNode<Port>('free', 'events/hook-receiver.js'))
  const dead = keep(await startNode<Port>('free', 'events/hook-receiver.js'))
  const loop = keep(await startNode('free', 'events/hook-loop.js'))
  const dataDir = join(folder, 'data')
  stops.push(() => removeData({ DATA_DIR: dataDir }))
  const product = keep(
    await startNode('free', 'events/events-process.js', [], {
      DATA_DIR: dataDir,
      SANDBOX_PORT: String(vendor.told.port),
      OUTBOUND_ALLOW: '127.0.0.1',
      LOG_LEVEL: 'error',
    }),
  )
  const databaseSeconds = async (): Promise<number> => familyCpuSeconds(await serverPid(dataDir))
  return { product, vendor, receiver, dead, loop, databaseSeconds }
}

const measurePolls = async (
  { product, vendor, databaseSeconds }: Stage,
  { pollers, everySeconds, seconds }: EventsPace,
  say: (text: string) => void,
): Promise<PollFindings> => {
  const obey = <T>(order: Order, withinSeconds: number): Promise<T> =>
    ask<T>(product, order, withinSeconds * 1_000)
  const made = await obey<Made>({ do: 'make-pollers', count: pollers, everySeconds }, 600)
  say(`${pollers} pollers made in ${made.seconds.toFixed(0)} s; each is polled once before it is measured`)
  await obey<Polled>({ do: 'poll', seconds: everySeconds + 10 }, everySeconds + 60)
  const answered = async (): Promise<number> => (await ask<{ answered: number }>(vendor, {}, 10_000)).answered
  const cpu = async (): Promise<readonly number[]> => [
    cpuSeconds(product.pid),
    await databaseSeconds(),
    cpuSeconds(vendor.pid),
    await answered(),
  ]
  const before = await cpu()
  const polled = await obey<Polled>({ do: 'poll', seconds }, seconds + 60)
  const after = await cpu()
  const used = (at: number): number => (((after[at] ?? 0) - (before[at] ?? 0)) * 1e6) / polled.polls
  return {
    polled,
    pollers,
    everySeconds,
    vendorCalls: (after[3] ?? 0) - (before[3] ?? 0),
    cpu: { product: used(0), database: used(1), vendor: used(2) },
    memoryMb: residentMb(product.pid),
  }
}

const measureDeliveries = async (
  { product, receiver, dead, loop, databaseSeconds }: Stage,
  { deliveries: count, rounds }: EventsPace,
): Promise<DeliveryFindings> => {
  const { port } = receiver.told
  const obey = <T>(order: Order): Promise<T> => ask<T>(product, order, 300_000)
  const url = `http://127.0.0.1:${port}/hook`
  const deadUrl = `http://127.0.0.1:${dead.told.port}/hang`
  const loopRates: number[] = []
  const rates: number[] = []
  const hangingRates: number[] = []
  const toLoop: number[] = []
  const hangingToDurable: number[] = []
  const loopCpu: number[] = []
  const productCpu: number[] = []
  const databaseCpu: number[] = []
  const statements: number[] = []
  let body = ''

  const send = (urls: readonly string[]): Promise<Delivered> => obey<Delivered>({ do: 'deliver', urls })

  const round = async (counts: boolean): Promise<void> => {
    body = (await obey<Stored>({ do: 'store', count, url })).body
    const before = [cpuSeconds(product.pid), await databaseSeconds()]
    const sent = await send([url])
    const after = [cpuSeconds(product.pid), await databaseSeconds()]
    const loopBefore = cpuSeconds(loop.pid)
    const order: LoopOrder = { port, count, body }
    const loopRate = count / (await ask<Sent>(loop, order, 300_000)).seconds
    const micros = (seconds: number): number => (seconds * 1e6) / count
    if (!counts) return
    const rate = count / sent.seconds
    rates.push(rate)
    toLoop.push(rate / loopRate)
    statements.push(sent.statements / count)
    loopRates.push(loopRate)
    loopCpu.push(micros(cpuSeconds(loop.pid) - loopBefore))
    productCpu.push(micros((after[0] ?? 0) - (before[0] ?? 0)))
    databaseCpu.push(micros((after[1] ?? 0) - (before[1] ?? 0)))
  }

  await round(false)
  for (let at = 0; at < rounds; at += 1) {
    await round(true)
    await obey<Stored>({ do: 'store', count, url })
    await obey<Stored>({ do: 'store', count: Math.ceil(count / 10), url: deadUrl })
    const rate = count / (await send([url, deadUrl])).seconds
    hangingRates.push(rate)
    hangingToDurable.push(rate / (rates.at(-1) ?? rate))
  }
  return {
    rounds,
    perRound: count,
    bodyBytes: Buffer.byteLength(body),
    loop: median(loopRates),
    durable: median(rates),
    besideHanging: median(hangingRates),
    toLoop: median(toLoop),
    hangingToDurable: median(hangingToDurable),
    loopCpu: median(loopCpu),
    cpu: { product: median(productCpu), database: median(databaseCpu) },
    statements: median(statements),
  }
}

/** Measures polling and deliveries of the built product, all processes on the same cores. */
export const measureEvents = async (
  parts: readonly EventPart[],
  pace: EventsPace,
  say: (text: string) => void,
): Promise<EventFindings> => {
  const stops: (() => Promise<void>)[] = []
  const found: { -readonly [Name in keyof EventFindings]: EventFindings[Name] } = {}
  try {
    const stage = await openStage(stops)
    if (parts.includes('deliveries')) {
      say(`Measuring deliveries: ${pace.rounds} rounds of ${pace.deliveries}`)
      found.deliveries = await measureDeliveries(stage, pace)
    }
    if (parts.includes('polls')) {
      say(`Measuring polls: ${pace.pollers} pollers at ${pace.everySeconds} s, for ${pace.seconds} s`)
      found.polls = await measurePolls(stage, pace, say)
    }
    return found
  } finally {
    for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) await stop()
  }
}
