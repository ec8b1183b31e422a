import {
  type DeliveryDue,
  deliveriesDue,
  type Lease,
  type SettlementOf,
  type WrittenEnds,
} from '#src/queue/index.ts'
import { LockTimeout, type Transaction } from '#src/store/index.ts'
import type { NotificationsNeed } from './need.ts'

/** How one attempt ended. */
export type Ending = SettlementOf<DeliveryDue>

type Subscription = Pick<DeliveryDue, 'organizationId' | 'subscriptionId'>

/** Other processes that write ends have a subscription for some ms; a release or removal of much for longer. */
const patienceMs = 250
/** While some are had for long: a release has many at once, and each set of ends may meet another of them. */
const shorterMs = 50
/** For what nobody has for long, once all that somebody has is passed over. */
const longestMs = 5_000

const isDelivered = ({ set }: Ending): boolean =>
  set?.['status'] === 'delivered' || set?.['status'] === 'notified'

const isQueued = ({ set }: Ending): boolean => set?.['status'] === 'queued'

const idsOf = (endings: readonly Ending[]): readonly number[] =>
  endings.map(({ lease }) => lease.row.deliveryId)

const nameOf = ({ organizationId, subscriptionId }: Subscription): string =>
  `${organizationId}/${subscriptionId}`

const byOrganization = (endings: readonly Ending[]): ReadonlyMap<number, readonly Ending[]> => {
  const groups = new Map<number, Ending[]>()
  for (const ending of endings) {
    const { organizationId } = ending.lease.row
    const group = groups.get(organizationId)
    if (group === undefined) groups.set(organizationId, [ending])
    else group.push(ending)
  }
  return groups
}

const subscriptionsOf = (endings: readonly Ending[]): ReadonlyMap<string, Subscription> => {
  const subscriptions = new Map<string, Subscription>()
  for (const { lease } of endings) subscriptions.set(nameOf(lease.row), lease.row)
  return subscriptions
}

interface Written {
  readonly ended: ReadonlySet<Lease>
  readonly busy: ReadonlySet<Lease>
}

/**
 * Writes how attempts ended, many in one transaction, lets those go that waited for them, and queues what comes behind a
 * queued one. Who works on many deliveries of a subscription locks that first: so nobody waits for each other.
 */
export const createWriteEnds = ({ store, queue }: Pick<NotificationsNeed, 'store' | 'queue'>) => {
  /** By name, those that somebody has for long: what can be written there is, without waiting for them. */
  let busySubscriptions: ReadonlySet<string> = new Set()

  /** Of these, what somebody else has, or has of their subscription. */
  const holdFree = async (inside: Transaction, endings: readonly Ending[]): Promise<ReadonlySet<Lease>> => {
    if (endings.length === 0) return new Set()
    const locked = new Set(
      (await inside.subscriptions.lockFree([...subscriptionsOf(endings).values()])).map(nameOf),
    )
    const isLocked = ({ lease }: Ending): boolean => locked.has(nameOf(lease.row))
    const leases = (some: readonly Ending[]): readonly Lease[] => some.map(({ lease }) => lease)
    const free = endings.filter((ending) => !isLocked(ending))
    const busyRows = await queue.holdMany(inside.tx, leases(free))
    return new Set([...leases(endings.filter(isLocked)), ...busyRows])
  }

  const queueBehind = async (inside: Transaction, queued: readonly Ending[]): Promise<void> => {
    for (const [organizationId, some] of byOrganization(queued))
      await inside.deliveries.queueBehind(organizationId, idsOf(some))
  }

  const letGo = async (inside: Transaction, delivered: readonly Ending[]): Promise<void> => {
    let due = 0
    for (const [organizationId, some] of byOrganization(delivered))
      due += await inside.deliveries.letGo(organizationId, idsOf(some))
    if (due > 0) await queue.wake(inside.tx, deliveriesDue)
  }

  /** @param waitsFor whether it waits for those who have the subscription of a name. */
  const write = (
    endings: readonly Ending[],
    lockTimeoutMs: number,
    waitsFor: (name: string) => boolean,
  ): Promise<Written> =>
    store.transaction(
      async (inside) => {
        const subscriptions = subscriptionsOf(endings)
        const waitedFor = [...subscriptions].filter(([name]) => waitsFor(name)).map(([, one]) => one)
        const doubtful =
          waitedFor.length === subscriptions.size
            ? []
            : endings.filter(({ lease }) => !waitsFor(nameOf(lease.row)))
        if (waitedFor.length > 0) await inside.subscriptions.lockAll(waitedFor)
        const busy = await holdFree(inside, doubtful)
        const free = busy.size === 0 ? endings : endings.filter(({ lease }) => !busy.has(lease))
        const ended = await queue.endMany(inside.tx, free)
        const written = free.filter(({ lease }) => ended.has(lease))
        // First: what waited for both a delivered and a queued one is queued.
        await queueBehind(inside, written.filter(isQueued))
        await letGo(inside, written.filter(isDelivered))
        return { ended, busy }
      },
      { repeats: true, lockTimeoutMs },
    )

  /** Waits for a subscription that somebody has for long once, and until it is free no more. */
  const writePatiently = async (endings: readonly Ending[]): Promise<Written> => {
    const patience = busySubscriptions.size === 0 ? patienceMs : shorterMs
    try {
      return await write(endings, patience, (name) => !busySubscriptions.has(name))
    } catch (error) {
      if (!(error instanceof LockTimeout)) throw error
      return write(endings, longestMs, () => false)
    }
  }

  const note = (endings: readonly Ending[], busy: ReadonlySet<Lease>): void => {
    if (busy.size === 0 && busySubscriptions.size === 0) return
    const names = new Set(busySubscriptions)
    for (const name of subscriptionsOf(endings).keys()) names.delete(name)
    for (const { lease } of endings) if (busy.has(lease)) names.add(nameOf(lease.row))
    busySubscriptions = names
  }

  return async (endings: readonly Ending[]): Promise<WrittenEnds> => {
    const written = await writePatiently(endings)
    note(endings, written.busy)
    return written
  }
}
