import { residentMb } from '../../support/resident.ts'
import { cpuSeconds } from '../processes.ts'
import { type DeliveryFindings, measureDeliveries } from './measure-deliveries.ts'
import type { Made, Order, Polled } from './order.ts'
import { ask, openStage, type Stage } from './stage.ts'

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

export type EventPart = 'deliveries' | 'polls'

/** A part that was not asked for is absent. */
export interface EventFindings {
  readonly polls?: PollFindings
  readonly deliveries?: DeliveryFindings
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

/** Measures polling and deliveries of the built product, all processes on the same cores. */
export const measureEvents = async (
  parts: readonly EventPart[],
  pace: EventsPace,
  say: (text: string) => void,
): Promise<EventFindings> => {
  const stops: (() => Promise<void>)[] = []
  const found: { -readonly [Name in keyof EventFindings]: EventFindings[Name] } = {}
  try {
    const stage = await openStage(stops, { sends: parts.includes('deliveries') })
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
