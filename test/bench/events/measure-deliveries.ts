import { median } from '../measure.ts'
import { cpuSeconds } from '../processes.ts'
import type { LoopOrder } from './hook-loop.ts'
import type { Order, Sent, Stopped, Stored } from './order.ts'
import { ask, type Stage } from './stage.ts'

/** Medians over the rounds of what sends. */
export interface Rate {
  readonly perSecond: number
  /** CPU microseconds a delivery of what sends, and of the database. */
  readonly cpu: { readonly sender: number; readonly database: number }
}

export interface DeliveryFindings {
  readonly rounds: number
  readonly perRound: number
  readonly bodyBytes: number
  readonly receiver: 'nginx' | 'Node'
  /** Processes that send where it is not one. */
  readonly processes: number
  readonly loop: Rate
  readonly byOne: Rate
  readonly byAll: Rate
  readonly oneBesideHanging: Rate
  readonly allBesideHanging: Rate
  /** Medians of the rates of a round: to that of the loop in it, and beside a receiver that hangs to without it. */
  readonly oneToLoop: number
  readonly allToLoop: number
  readonly oneHangingToOne: number
  readonly allHangingToAll: number
  /** SQL statements a delivery. */
  readonly statements: number
}

export interface DeliveryPace {
  /** A round. */
  readonly deliveries: number
  readonly rounds: number
}

type Measured = 'loop' | 'byOne' | 'oneBesideHanging' | 'byAll' | 'allBesideHanging'

type Round = Readonly<Record<Measured, Rate>>

const withinMs = 300_000

/** Of two of the same size, one after the other. */
const together = (one: Rate, other: Rate): Rate => ({
  perSecond: 2 / (1 / one.perSecond + 1 / other.perSecond),
  cpu: {
    sender: (one.cpu.sender + other.cpu.sender) / 2,
    database: (one.cpu.database + other.cpu.database) / 2,
  },
})

const rateOf = (rounds: readonly Round[], name: Measured): Rate => ({
  perSecond: median(rounds.map((round) => round[name].perSecond)),
  cpu: {
    sender: median(rounds.map((round) => round[name].cpu.sender)),
    database: median(rounds.map((round) => round[name].cpu.database)),
  },
})

const ratioOf = (rounds: readonly Round[], name: Measured, to: Measured): number =>
  median(rounds.map((round) => round[name].perSecond / round[to].perSecond))

/** Stored deliveries, sent by one process and by one a core, beside a loop that stores nothing. */
export const measureDeliveries = async (
  stage: Stage,
  { deliveries: count, rounds }: DeliveryPace,
): Promise<DeliveryFindings> => {
  const { product, senders, receiver, startDead, loop, databaseSeconds } = stage
  const { port } = receiver
  const url = `http://127.0.0.1:${port}/hook`
  const obey = <T>(order: Order): Promise<T> => ask<T>(product, order, withinMs)
  const first = senders.slice(0, 1)
  const statements: number[] = []
  let body = ''

  const used = async (measured: readonly { readonly pid: number }[]): Promise<Rate['cpu']> => ({
    sender: measured.reduce((sum, { pid }) => sum + cpuSeconds(pid), 0),
    database: await databaseSeconds(),
  })

  const rate = (seconds: number, before: Rate['cpu'], after: Rate['cpu']): Rate => {
    const micros = (of: keyof Rate['cpu']): number => ((after[of] - before[of]) * 1e6) / count
    return {
      perSecond: count / seconds,
      cpu: { sender: micros('sender'), database: micros('database') },
    }
  }

  const send = async (by: Stage['senders']): Promise<Rate> => {
    const before = await used(by)
    const beganMs = performance.now()
    await Promise.all(by.map((sender) => ask(sender, { send: 'start' }, withinMs)))
    await obey({ do: 'await', url })
    const seconds = (performance.now() - beganMs) / 1_000
    const after = await used(by)
    const stopped = await Promise.all(by.map((one) => ask<Stopped>(one, { send: 'stop' }, withinMs)))
    const sum = (of: keyof Stopped): number => stopped.reduce((all, one) => all + one[of], 0)
    if (sum('claimed') < count || sum('broken') > 0)
      throw new Error(`of ${count} deliveries ${sum('claimed')} were claimed, ${sum('broken')} broke`)
    statements.push(sum('statements') / count)
    return rate(seconds, before, after)
  }

  const store = async (): Promise<void> => {
    body = (await obey<Stored>({ do: 'store', count, url })).body
  }

  const runLoop = async (): Promise<Rate> => {
    const before = await used([loop])
    const order: LoopOrder = { port, count, body }
    const { seconds } = await ask<Sent>(loop, order, withinMs)
    return rate(seconds, before, await used([loop]))
  }

  /** What hangs is due before all else, and known to nobody yet. */
  const sendBesideHanging = async (by: Stage['senders']): Promise<Rate> => {
    const dead = await startDead()
    const deadUrl = `http://127.0.0.1:${dead.told.port}/hang`
    await obey<Stored>({ do: 'store', count: Math.ceil(count / 10), url: deadUrl })
    await store()
    const besideHanging = await send(by)
    const { hung } = await ask<{ hung: number }>(dead, {}, withinMs)
    if (hung === 0) throw new Error('nothing was sent to the receiver that hangs')
    await obey({ do: 'withdraw', url: deadUrl })
    await dead.stop()
    return besideHanging
  }

  const alone = async (by: Stage['senders']): Promise<Rate> => {
    await store()
    return send(by)
  }

  /** Without what hangs, twice with it, and without it again: so a drift of the machine falls on both alike. */
  const sendBoth = async (by: Stage['senders']): Promise<{ alone: Rate; beside: Rate }> => {
    const before = await alone(by)
    const beside = together(await sendBesideHanging(by), await sendBesideHanging(by))
    return { alone: together(before, await alone(by)), beside }
  }

  const round = async (): Promise<Round> => {
    const one = await sendBoth(first)
    const bare = await runLoop()
    const all = await sendBoth(senders)
    return {
      ...{ loop: together(bare, await runLoop()), byOne: one.alone, oneBesideHanging: one.beside },
      ...{ byAll: all.alone, allBesideHanging: all.beside },
    }
  }

  await round()
  statements.length = 0
  const measured: Round[] = []
  while (measured.length < rounds) measured.push(await round())
  return {
    rounds,
    perRound: count,
    bodyBytes: Buffer.byteLength(body),
    receiver: receiver.name,
    processes: senders.length,
    loop: rateOf(measured, 'loop'),
    byOne: rateOf(measured, 'byOne'),
    byAll: rateOf(measured, 'byAll'),
    oneBesideHanging: rateOf(measured, 'oneBesideHanging'),
    allBesideHanging: rateOf(measured, 'allBesideHanging'),
    oneToLoop: ratioOf(measured, 'byOne', 'loop'),
    allToLoop: ratioOf(measured, 'byAll', 'loop'),
    oneHangingToOne: ratioOf(measured, 'oneBesideHanging', 'byOne'),
    allHangingToAll: ratioOf(measured, 'allBesideHanging', 'byAll'),
    statements: median(statements),
  }
}
