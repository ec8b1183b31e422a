import { setTimeout as sleep } from 'node:timers/promises'
import { createClockCache } from '#src/lib/clock-cache.ts'
import { type DeliveryDue, deliveriesDue } from '#src/queue/index.ts'
import { type Away, longestAwaySeconds } from './gate.ts'
import type { NotificationsNeed } from './need.ts'

/** By one statement. */
const mostAtOnce = 10_000
const mostReceivers = 10_000
/** What was hastened is claimed by then, and shows in the room that is left. */
const claimedAfterMs = 50
/** What was sent away stands in the table by then, and can be hastened (queue/endings.ts). */
const writtenAfterMs = 1_000

/** A subscription with deliveries that were put off. */
interface PutOff {
  readonly organizationId: number
  readonly subscriptionId: number
  /** When the last was sent away, by the monotonic clock. */
  readonly lastMs: number
}

/** Those of one receiver, by their ids. */
interface Receiver {
  readonly subscriptions: Map<number, PutOff>
  /** One statement at a time: what another has locked it passes over. */
  busy: boolean
}

/**
 * What is due to a receiver that has no room is put off where it lies, many at once, and not claimed one by one only to
 * be sent away. It is due again when this process finds that its receiver has room, or else in its time: so after a
 * restart, or when a statement fails here, which is not tried again, it may come minutes later, but it comes.
 */
export const createPostponing = (
  { store, queue }: Pick<NotificationsNeed, 'store' | 'queue'>,
  roomAt: (receiver: string) => number,
) => {
  const receivers = createClockCache<string, Receiver>({ capacity: mostReceivers })

  const receiverOf = (name: string): Receiver => {
    const known = receivers.get(name)
    if (known !== undefined) return known
    const made = { subscriptions: new Map<number, PutOff>(), busy: false }
    receivers.set(name, made)
    return made
  }

  const work = async (name: string, receiver: Receiver, doIt: () => Promise<unknown>): Promise<void> => {
    receiver.busy = true
    await doIt().catch(() => undefined)
    receiver.busy = false
    const room = roomAt(name)
    if (room > 0) hasten(name, room)
  }

  const hastenOne = ({ organizationId, subscriptionId }: PutOff, limit: number): Promise<number> =>
    store.transaction(async (inside) => {
      const within = { seconds: longestAwaySeconds, limit }
      const due = await inside.deliveries.hasten(organizationId, subscriptionId, within)
      if (due > 0) await queue.wake(inside.tx, deliveriesDue)
      return due
    })

  const hastenSome = async ({ subscriptions }: Receiver, room: number): Promise<void> => {
    let left = room
    for (const [id, putOff] of [...subscriptions]) {
      subscriptions.delete(id)
      left -= await hastenOne(putOff, left)
      // Behind the others: it may have more, or have it in a moment.
      if (left === 0 || performance.now() - putOff.lastMs < writtenAfterMs)
        if (!subscriptions.has(id)) subscriptions.set(id, putOff)
      if (left === 0) break
    }
    await sleep(claimedAfterMs, undefined, { ref: false })
  }

  /** Makes so much due of what was put off of a receiver that has room again. */
  const hasten = (name: string, room: number): void => {
    const receiver = receivers.get(name)
    if (receiver === undefined || receiver.busy) return
    if (receiver.subscriptions.size === 0) receivers.delete(name)
    else void work(name, receiver, () => hastenSome(receiver, room))
  }

  return {
    hasten,
    /** Puts off what else is due to the subscription of a delivery that was sent away. */
    postpone: (name: string, { organizationId, subscriptionId }: DeliveryDue, away: Away): void => {
      const receiver = receiverOf(name)
      const lastMs = performance.now()
      receiver.subscriptions.set(subscriptionId, { organizationId, subscriptionId, lastMs })
      if (receiver.busy) return
      const until = { ...away, longestSeconds: longestAwaySeconds, limit: mostAtOnce }
      void work(name, receiver, () => store.deliveries.postpone(organizationId, subscriptionId, until))
    },
  }
}
