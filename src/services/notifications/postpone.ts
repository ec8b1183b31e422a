import { createClockCache } from '#src/lib/clock-cache.ts'
import { type DeliveryDue, deliveriesDue, type Queue } from '#src/queue/index.ts'
import type { Store } from '#src/store/index.ts'
import { type Away, type Gate, longestAwaySeconds } from './gate.ts'

/** By one statement, some 60 ms: others have their turn between. */
const mostAtOnce = 4_000
/** So many, of each receiver, come back to look whether it is well; the rest is not written anew each time. */
const mostSoon = 4_000
const longestRestSeconds = 3_600
const mostReceivers = 10_000
/** So long a receiver may take to show that it is well: until then one statement has put off enough. */
const showsAfterMs = 250
/** What comes in for a receiver meanwhile is sent away one by one. */
const betweenMs = 500
/** What was sent away mostly stands in the table by then (queue/endings.ts); what is written later waits for its time. */
const writtenAfterMs = 1_000
/** Room may come where nothing of this process shows it. */
const lookAgainMs = 2_000
const afterErrorMs = 1_000
/** Then what is put off is left to its time. */
const mostErrors = 5

const now = (): number => performance.now()

type Subscription = Pick<DeliveryDue, 'organizationId' | 'subscriptionId'>

export interface PostponingNeed {
  readonly store: Pick<Store, 'transaction'> & { readonly deliveries: Pick<Store['deliveries'], 'postpone'> }
  readonly queue: Pick<Queue, 'wake'>
}

/** A receiver that had no room. */
interface Receiver {
  readonly name: string
  /** Whose deliveries were sent away since the last statement, by their ids. */
  subscriptions: Map<number, Subscription>
  away: Away
  /** When the last was sent away, by the monotonic clock. */
  awayMs: number
  /** When the first was since it last had room; undefined: none was. */
  fullSinceMs: number | undefined
  /** How many come back soon, of those put off since then. */
  soon: number
  soonSinceMs: number
  /** Whether anything may stand put off. */
  hasSome: boolean
  /** Nothing is put off, or looked for, before then. */
  postponesFromMs: number
  hastensFromMs: number
  errors: number
  /** When anything was last heard of what is put off. */
  heardMs: number
  timer: NodeJS.Timeout | undefined
  timerMs: number
}

/**
 * What is due to a receiver that has no room is put off where it lies, many at once, and not claimed one by one only to
 * be sent away. The row says which receiver it was: a process that finds room there, at the first good answer, after
 * trouble, or when one of those rows comes back, makes them due again. What was put off is due in its time besides: so
 * nothing depends on this memory, or on a statement here that fails. One statement at a time, whatever the number of
 * receivers; those with room go first.
 */
export const createPostponing = (
  { store, queue }: PostponingNeed,
  { roomAt, expect }: Pick<Gate, 'roomAt' | 'expect'>,
) => {
  const receivers = createClockCache<string, Receiver>({ capacity: mostReceivers })
  /** Those with something to do, in the order of their turns. */
  const withRoom = new Set<Receiver>()
  const others = new Set<Receiver>()
  let working = false

  const receiverOf = (name: string): Receiver => {
    const known = receivers.get(name)
    if (known !== undefined) return known
    const made: Receiver = {
      name,
      subscriptions: new Map(),
      away: { afterSeconds: 0, stepSeconds: 0 },
      awayMs: Number.NEGATIVE_INFINITY,
      fullSinceMs: undefined,
      soon: 0,
      soonSinceMs: 0,
      hasSome: false,
      postponesFromMs: 0,
      hastensFromMs: 0,
      errors: 0,
      heardMs: 0,
      timer: undefined,
      timerMs: 0,
    }
    receivers.set(name, made)
    return made
  }

  /** In seconds, by how many come back soon already. */
  const longestAwayOf = (receiver: Receiver): number => {
    if (now() - receiver.soonSinceMs > longestAwaySeconds * 1_000) {
      receiver.soon = 0
      receiver.soonSinceMs = now()
    }
    return receiver.soon < mostSoon ? longestAwaySeconds : longestRestSeconds
  }

  const postpone = async (receiver: Receiver): Promise<void> => {
    const { name, subscriptions, away } = receiver
    receiver.subscriptions = new Map()
    receiver.postponesFromMs = now() + betweenMs
    const longestSeconds = longestAwayOf(receiver)
    const until = { ...away, by: name, longestSeconds, limit: mostAtOnce }
    const count = await store.deliveries.postpone([...subscriptions.values()], until)
    receiver.errors = 0
    receiver.soon += count
    if (count < mostAtOnce) return
    // The rest comes behind these.
    receiver.subscriptions = new Map([...receiver.subscriptions, ...subscriptions])
    receiver.postponesFromMs = (receiver.fullSinceMs ?? 0) + showsAfterMs
    const afterSeconds = Math.min(away.afterSeconds + count * away.stepSeconds, longestSeconds)
    receiver.away = { ...away, afterSeconds }
    if (now() >= receiver.postponesFromMs) begin(others, receiver)
  }

  const hasten = async (receiver: Receiver, room: number): Promise<void> => {
    const { name } = receiver
    const sinceMs = now()
    let count = 0
    expect(name, room)
    try {
      count = await store.transaction(async (inside) => {
        const due = await inside.deliveries.hasten(name, room)
        if (due > 0) await queue.wake(inside.tx, deliveriesDue)
        return due
      })
    } finally {
      expect(name, count - room)
    }
    receiver.errors = 0
    if (count === room) return
    receiver.hasSome = sinceMs - receiver.awayMs < writtenAfterMs
    receiver.hastensFromMs = sinceMs + writtenAfterMs
  }

  const look = (receiver: Receiver): void => {
    const { name, subscriptions, heardMs } = receiver
    receiver.timer = undefined
    if (receivers.get(name) !== receiver) return
    // By then all of it has come back in its time.
    if (now() - heardMs > longestRestSeconds * 1_000) receiver.hasSome = false
    if (receiver.hasSome || subscriptions.size > 0) begin(roomAt(name) > 0 ? withRoom : others, receiver)
    else receivers.delete(name)
  }

  const wait = (receiver: Receiver, untilMs: number): void => {
    if (receiver.timer !== undefined && receiver.timerMs <= untilMs) return
    clearTimeout(receiver.timer)
    receiver.timerMs = untilMs
    receiver.timer = setTimeout(() => look(receiver), untilMs - now()).unref()
  }

  const hear = (name: string): Receiver => {
    const receiver = receiverOf(name)
    receiver.heardMs = now()
    receiver.hasSome = true
    return receiver
  }

  const step = async (receiver: Receiver): Promise<void> => {
    const room = roomAt(receiver.name)
    const nowMs = now()
    if (room > 0) {
      receiver.subscriptions.clear()
      receiver.fullSinceMs = undefined
      if (receiver.hasSome && nowMs >= receiver.hastensFromMs) await hasten(receiver, room)
    } else if (receiver.subscriptions.size > 0 && nowMs >= receiver.postponesFromMs) await postpone(receiver)
    const { subscriptions, hasSome, postponesFromMs, hastensFromMs } = receiver
    if (subscriptions.size > 0) wait(receiver, postponesFromMs)
    else if (hasSome && hastensFromMs <= now()) wait(receiver, now() + lookAgainMs)
    else wait(receiver, hastensFromMs)
  }

  const afterError = (receiver: Receiver): void => {
    const untilMs = now() + afterErrorMs
    receiver.errors += 1
    receiver.postponesFromMs = untilMs
    receiver.hastensFromMs = untilMs
    if (receiver.errors >= mostErrors) receiver.hasSome = false
    wait(receiver, untilMs)
  }

  const next = (): Receiver | undefined => {
    for (const queued of [withRoom, others])
      for (const receiver of queued) {
        queued.delete(receiver)
        return receiver
      }
    return undefined
  }

  const work = async (): Promise<void> => {
    working = true
    for (let receiver = next(); receiver !== undefined; receiver = next()) {
      const one = receiver
      await step(one).catch(() => afterError(one))
    }
    working = false
  }

  const begin = (queued: Set<Receiver>, receiver: Receiver): void => {
    queued.add(receiver)
    if (!working) void work()
  }

  return {
    /**
     * A receiver has room: makes so much due of what was put off there.
     * @param isNews whether it had none, so that others may have put something off.
     */
    hasten: (name: string, isNews: boolean): void => {
      const receiver = isNews ? hear(name) : receivers.get(name)
      if (receiver?.hasSome === true && now() >= receiver.hastensFromMs) begin(withRoom, receiver)
    },
    /** A delivery that was put off has its turn: there may be more. */
    cameBack: (name: string): void => {
      wait(hear(name), now() + lookAgainMs)
    },
    /** Puts off what else is due to the subscription of a delivery that was sent away. */
    postpone: (name: string, { organizationId, subscriptionId }: Subscription, away: Away): void => {
      const receiver = hear(name)
      receiver.subscriptions.set(subscriptionId, { organizationId, subscriptionId })
      receiver.away = away
      receiver.awayMs = receiver.heardMs
      receiver.fullSinceMs ??= receiver.awayMs
      if (receiver.awayMs >= receiver.postponesFromMs) begin(others, receiver)
      else wait(receiver, receiver.postponesFromMs)
    },
  }
}
