import { createClockCache } from '#src/lib/clock-cache.ts'
import { type DeliveryDue, deliveriesDue, type Queue } from '#src/queue/index.ts'
import type { Store } from '#src/store/index.ts'
import { type Away, type Gate, longestAwaySeconds } from './gate.ts'

/** By one statement, some 30 ms: others have their turn between. */
const mostAtOnce = 2_000
const mostReceivers = 10_000
/** What comes in for a receiver meanwhile is sent away one by one. */
const betweenMs = 500
/** What was sent away stands in the table by then (queue/endings.ts). */
const writtenAfterMs = 1_000
const afterErrorMs = 1_000

export interface PostponingNeed {
  readonly store: Pick<Store, 'transaction'> & { readonly deliveries: Pick<Store['deliveries'], 'postpone'> }
  readonly queue: Pick<Queue, 'wake'>
}

/** A receiver that had no room. */
interface Receiver {
  readonly name: string
  /** Whose deliveries were sent away since the last statement: by organization, the subscriptions. */
  readonly subscriptions: Map<number, Set<number>>
  away: Away
  /** When the last was sent away, by the monotonic clock. */
  awayMs: number
  /** Whether anything may stand put off. */
  hasSome: boolean
  /** Nothing is put off, or looked for, before then. */
  postponesFromMs: number
  hastensFromMs: number
  timer: NodeJS.Timeout | undefined
}

/**
 * What is due to a receiver that has no room is put off where it lies, many at once, and not claimed one by one only to
 * be sent away. The row says which receiver it was, so that any process that finds room there makes it due again. What
 * was put off is due in its time besides: so nothing depends on this memory, or on a statement here that fails. One
 * statement at a time, whatever the number of receivers.
 */
export const createPostponing = (
  { store, queue }: PostponingNeed,
  { roomAt, expect }: Pick<Gate, 'roomAt' | 'expect'>,
  now: () => number = () => performance.now(),
) => {
  const receivers = createClockCache<string, Receiver>({ capacity: mostReceivers })
  /** Those with something to do, in the order of their turns. */
  const queued = new Set<Receiver>()
  let working = false

  const receiverOf = (name: string): Receiver => {
    const known = receivers.get(name)
    if (known !== undefined) return known
    const made: Receiver = {
      name,
      subscriptions: new Map(),
      away: { afterSeconds: 0, stepSeconds: 0 },
      awayMs: Number.NEGATIVE_INFINITY,
      hasSome: false,
      postponesFromMs: 0,
      hastensFromMs: 0,
      timer: undefined,
    }
    receivers.set(name, made)
    return made
  }

  /** Of one organization; the rest of it, and other organizations, when their turn comes. */
  const postpone = async (receiver: Receiver): Promise<void> => {
    const { name, subscriptions, away } = receiver
    const [next] = subscriptions
    if (next === undefined) return
    const [organizationId, ids] = next
    subscriptions.delete(organizationId)
    const until = { ...away, by: name, longestSeconds: longestAwaySeconds, limit: mostAtOnce }
    const count = await store.deliveries.postpone(organizationId, [...ids], until)
    if (count === mostAtOnce) {
      subscriptions.set(organizationId, new Set([...ids, ...(subscriptions.get(organizationId) ?? [])]))
      const afterSeconds = Math.min(away.afterSeconds + count * away.stepSeconds, longestAwaySeconds)
      receiver.away = { ...away, afterSeconds }
    }
    if (subscriptions.size > 0) begin(receiver)
    else receiver.postponesFromMs = now() + betweenMs
  }

  const hasten = async (receiver: Receiver, room: number): Promise<void> => {
    const { name } = receiver
    expect(name, room)
    const sinceMs = now()
    const count = await store.transaction(async (inside) => {
      const due = await inside.deliveries.hasten(name, room)
      if (due > 0) await queue.wake(inside.tx, deliveriesDue)
      return due
    })
    expect(name, count - room)
    if (count === room) return
    receiver.hasSome = sinceMs - receiver.awayMs < writtenAfterMs
    if (receiver.hasSome) {
      receiver.hastensFromMs = sinceMs + writtenAfterMs
      wait(receiver, receiver.hastensFromMs)
    } else if (receiver.subscriptions.size === 0) receivers.delete(name)
  }

  const wait = (receiver: Receiver, untilMs: number): void => {
    receiver.timer ??= setTimeout(() => {
      receiver.timer = undefined
      begin(receiver)
    }, untilMs - now()).unref()
  }

  const step = async (receiver: Receiver): Promise<void> => {
    const room = roomAt(receiver.name)
    const { subscriptions, hasSome, postponesFromMs, hastensFromMs } = receiver
    const nowMs = now()
    if (room > 0) {
      subscriptions.clear()
      if (!hasSome) return
      if (nowMs >= hastensFromMs) await hasten(receiver, room)
      else wait(receiver, hastensFromMs)
    } else if (subscriptions.size > 0) {
      if (nowMs >= postponesFromMs) await postpone(receiver)
      else wait(receiver, postponesFromMs)
    }
  }

  const work = async (): Promise<void> => {
    working = true
    for (const receiver of queued) {
      queued.delete(receiver)
      await step(receiver).catch(() => {
        receiver.postponesFromMs = now() + afterErrorMs
        receiver.hastensFromMs = receiver.postponesFromMs
        wait(receiver, receiver.hastensFromMs)
      })
    }
    working = false
  }

  const begin = (receiver: Receiver): void => {
    queued.add(receiver)
    if (!working) void work()
  }

  return {
    /** A receiver has room: makes so much due of what was put off there. */
    hasten: (name: string): void => {
      const receiver = receivers.size === 0 ? undefined : receivers.get(name)
      if (receiver?.hasSome === true && now() >= receiver.hastensFromMs) begin(receiver)
    },
    /** A delivery that was put off has its turn: there may be more. */
    cameBack: (name: string): void => {
      receiverOf(name).hasSome = true
    },
    /** Puts off what else is due to the subscription of a delivery that was sent away. */
    postpone: (
      name: string,
      { organizationId, subscriptionId }: Pick<DeliveryDue, 'organizationId' | 'subscriptionId'>,
      away: Away,
    ): void => {
      const receiver = receiverOf(name)
      const known = receiver.subscriptions.get(organizationId)
      if (known === undefined) receiver.subscriptions.set(organizationId, new Set([subscriptionId]))
      else known.add(subscriptionId)
      receiver.away = away
      receiver.awayMs = now()
      receiver.hasSome = true
      begin(receiver)
    },
  }
}
