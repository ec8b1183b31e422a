import { type DeliveryDue, deliveriesDue, type Lease, type SettlementOf } from '#src/queue/index.ts'
import type { Transaction } from '#src/store/index.ts'
import type { NotificationsNeed } from './need.ts'

/** How one attempt ended. */
export type Ending = SettlementOf<DeliveryDue>

const isDelivered = ({ set }: Ending): boolean =>
  set?.['status'] === 'delivered' || set?.['status'] === 'notified'

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

/** Writes how attempts ended, many in one transaction, and lets those go that waited for them. */
export const createWriteEnds = ({ store, queue }: NotificationsNeed) => {
  const lock = async (inside: Transaction, delivered: readonly Ending[]): Promise<void> => {
    for (const [organizationId, some] of byOrganization(delivered))
      await inside.subscriptions.lock(organizationId, [
        ...new Set(some.map(({ lease }) => lease.row.subscriptionId)),
      ])
  }

  const letGo = async (inside: Transaction, delivered: readonly Ending[]): Promise<void> => {
    let due = 0
    for (const [organizationId, some] of byOrganization(delivered))
      due += await inside.deliveries.letGo(
        organizationId,
        some.map(({ lease }) => lease.row.deliveryId),
      )
    if (due > 0) await queue.wake(inside.tx, deliveriesDue)
  }

  /** @returns those that ended; somebody else has taken the others over. */
  return (endings: readonly Ending[]): Promise<ReadonlySet<Lease>> =>
    store.transaction(async (inside) => {
      const delivered = endings.filter(isDelivered)
      await lock(inside, delivered)
      const ended = await queue.endMany(inside.tx, endings)
      await letGo(
        inside,
        delivered.filter(({ lease }) => ended.has(lease)),
      )
      return ended
    })
}
