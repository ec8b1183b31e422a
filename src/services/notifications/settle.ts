import { type Claim, type DeliveryDue, type Due, deliveriesDue } from '#src/queue/index.ts'
import type { DeliveryStatus, Transaction } from '#src/store/index.ts'
import type { NotificationsNeed } from './need.ts'

/** How one attempt ended. */
export interface Ending {
  readonly claim: Claim<DeliveryDue>
  readonly due: Due
  readonly set: { readonly status: DeliveryStatus } & Readonly<Record<string, unknown>>
  /** Whether others may be held back behind it. */
  readonly ordered: boolean
}

interface Waiting {
  readonly ending: Ending
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

const isEnd = (status: DeliveryStatus): boolean => status === 'delivered' || status === 'notified'

/** So that many are written together; only what waits behind them about the same object waits for it. */
const flushAfterMs = 50
const atOnce = 500

const byOrganization = (endings: readonly Ending[]): ReadonlyMap<number, readonly Ending[]> => {
  const groups = new Map<number, Ending[]>()
  for (const ending of endings) {
    const { organizationId } = ending.claim.row
    const group = groups.get(organizationId)
    if (group === undefined) groups.set(organizationId, [ending])
    else group.push(ending)
  }
  return groups
}

/** Writes how attempts ended, many in one transaction, and lets those go that waited for them. */
export const createSettle = ({ store, queue }: NotificationsNeed) => {
  let waiting: Waiting[] = []
  let planned = false
  let writing = false

  const letGo = async (inside: Transaction, ended: readonly Ending[]): Promise<void> => {
    let due = 0
    for (const [organizationId, some] of byOrganization(ended))
      due += await inside.deliveries.letGo(
        organizationId,
        some.map(({ claim }) => claim.row.deliveryId),
      )
    if (due > 0) await queue.wake(inside.tx, deliveriesDue)
  }

  const write = (endings: readonly Ending[]): Promise<void> =>
    store.transaction(async (inside) => {
      const ordered = endings.filter(({ ordered: keepsOrder, set }) => keepsOrder && isEnd(set.status))
      for (const [organizationId, some] of byOrganization(ordered))
        await inside.subscriptions.lock(organizationId, [
          ...new Set(some.map(({ claim }) => claim.row.subscriptionId)),
        ])
      const ended = await queue.finishMany(
        inside.tx,
        endings.map(({ claim, due, set }) => ({ lease: claim, due, set })),
      )
      await letGo(
        inside,
        ordered.filter(({ claim }) => ended.has(claim)),
      )
    })

  const flush = async (): Promise<void> => {
    if (writing) return
    writing = true
    while (waiting.length > 0) {
      const some = waiting.slice(0, atOnce)
      waiting = waiting.slice(atOnce)
      try {
        await write(some.map(({ ending }) => ending))
        for (const { resolve } of some) resolve()
      } catch (error) {
        for (const { reject } of some) reject(error)
      }
    }
    writing = false
  }

  /** Resolves when it is stored, or when somebody else has taken the delivery over. */
  return (ending: Ending): Promise<void> =>
    new Promise((resolve, reject) => {
      waiting.push({ ending, resolve, reject })
      if (planned) return
      planned = true
      setTimeout(() => {
        planned = false
        void flush()
      }, flushAfterMs)
    })
}
