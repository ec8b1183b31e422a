import { AppError } from '#src/lib/errors.ts'
import { deliveriesDue } from '#src/queue/index.ts'
import type { DeliveryFilter, DeliveryPage, DeliveryRow, Transaction } from '#src/store/index.ts'
import type { Caller } from '../accounts/index.ts'
import { parseDeliveryWhere } from './delivery-filter.ts'
import { ownNotification } from './manual.ts'
import type { NotificationsNeed } from './need.ts'
import { ownSubscription, rowsAtOnce } from './subscriptions.ts'
import { type DeliveryView, deliveryView } from './views.ts'

/** Which deliveries of the caller's account. */
export interface Chosen {
  /** CEQL; absent: all. */
  readonly where: string | undefined
  /** Of notifications made from then on, and before then. */
  readonly from: Date | undefined
  readonly to: Date | undefined
}

export interface Released {
  /** How many are sent. */
  readonly count: number
  /** The first of them. */
  readonly items: readonly DeliveryView[]
}

const filterOf = ({ accountId }: Caller, { where, from, to }: Chosen): DeliveryFilter => ({
  ...(where === undefined ? {} : parseDeliveryWhere(where)),
  accountId,
  from,
  to,
})

const choosesAll = ({ where, from, to }: Chosen): boolean =>
  (where?.trim() ?? '') === '' && from === undefined && to === undefined

interface FirstReleased {
  readonly released: readonly number[]
  /** What else was chosen, oldest first. */
  readonly rest: readonly number[]
  readonly subscriptionIds: readonly number[]
}

/** What became of each sending, and sending it again. */
export const createDeliveries = ({ store, queue }: Pick<NotificationsNeed, 'store' | 'queue'>) => {
  const show = async (
    { organizationId }: Caller,
    rows: readonly DeliveryRow[],
    hydrate: boolean,
  ): Promise<readonly DeliveryView[]> => {
    if (!hydrate || rows.length === 0) return rows.map((row) => deliveryView(row))
    const [notifications, subscriptions] = await Promise.all([
      store.notifications.findAll(organizationId, [...new Set(rows.map((row) => row.notificationId))]),
      store.subscriptions.findAll(organizationId, [...new Set(rows.map((row) => row.subscriptionId))]),
    ])
    const notification = new Map(notifications.map((row) => [row.notificationId, row]))
    const subscription = new Map(subscriptions.map((row) => [row.subscriptionId, row]))
    return rows.map((row) =>
      deliveryView(row, notification.get(row.notificationId), subscription.get(row.subscriptionId)),
    )
  }

  const releaseSome = async (
    inside: Transaction,
    organizationId: number,
    filter: DeliveryFilter,
    which: { readonly deliveryIds: readonly number[]; readonly again: boolean },
  ): Promise<readonly number[]> => {
    const released = await inside.deliveries.release(organizationId, filter, which)
    if (released.length > 0) await queue.wake(inside.tx, deliveriesDue)
    return released
  }

  /**
   * Makes the subscriptions active, so that nothing more is queued, in the transaction that looks what is. Where that is
   * much the rest follows; cut off before, it stays queued for another release.
   */
  const releaseFirst = (
    { organizationId, accountId }: Caller,
    filter: DeliveryFilter,
    again: boolean,
  ): Promise<FirstReleased> =>
    store.transaction(
      async (inside) => {
        const concerned = await inside.deliveries.subscriptionsOf(organizationId, filter, again)
        const named = await inside.subscriptions.named(organizationId, accountId, filter)
        const subscriptionIds = [...new Set([...concerned, ...named])]
        await inside.subscriptions.lock(organizationId, subscriptionIds)
        const ids = await inside.deliveries.releasable(organizationId, filter, { subscriptionIds, again })
        const first = { deliveryIds: ids.slice(0, rowsAtOnce), again }
        const released = await releaseSome(inside, organizationId, filter, first)
        await inside.subscriptions.activate(organizationId, subscriptionIds)
        return { released, rest: ids.slice(rowsAtOnce), subscriptionIds }
      },
      { repeats: true },
    )

  return {
    /** The one delivery of a notification to a subscription. @throws AppError `not-found`. */
    delivery: async (
      caller: Caller,
      notificationId: number,
      subscriptionId: number,
      hydrate: boolean,
    ): Promise<DeliveryView> => {
      await ownNotification(store, caller, notificationId)
      await ownSubscription(store, caller, subscriptionId)
      const rows = await store.deliveries.find(caller.organizationId, notificationId, subscriptionId)
      const [found] = await show(caller, rows, hydrate)
      if (found !== undefined) return found
      throw new AppError(
        'not-found',
        `No delivery found of notification ${notificationId} to subscription ${subscriptionId}`,
      )
    },
    /** One a subscription that was there when it was told. @throws AppError `not-found`. */
    deliveriesOf: async (
      caller: Caller,
      notificationId: number,
      hydrate: boolean,
    ): Promise<readonly DeliveryView[]> => {
      await ownNotification(store, caller, notificationId)
      return show(caller, await store.deliveries.find(caller.organizationId, notificationId), hydrate)
    },
    /** Oldest first. @throws AppError `bad-query`. */
    deliveries: async (
      caller: Caller,
      chosen: Chosen,
      page: DeliveryPage,
      hydrate: boolean,
    ): Promise<readonly DeliveryView[]> => {
      const rows = await store.deliveries.list(caller.organizationId, filterOf(caller, chosen), page)
      return show(caller, rows, hydrate)
    },
    /**
     * Sends at once what the subscriptions have not got yet, and with `replay` also what was delivered. The
     * subscriptions are active again, those that the filter itself names too. Each waits for an earlier one about the
     * same object that is on its way, and for none that stays queued.
     * @throws AppError `bad-query`; `bad-request` for a replay of everything.
     */
    release: async (
      caller: Caller,
      chosen: Chosen,
      {
        replay,
        hydrate,
        limit,
      }: { readonly replay: boolean; readonly hydrate: boolean; readonly limit: number },
    ): Promise<Released> => {
      const { organizationId } = caller
      const filter = filterOf(caller, chosen)
      if (replay && choosesAll(chosen))
        throw new AppError('bad-request', 'replay: say what to send again, by where, from or to.')
      const { released, rest, subscriptionIds } = await releaseFirst(caller, filter, replay)
      const ids = [...released]
      for (let at = 0; at < rest.length; at += rowsAtOnce) {
        const deliveryIds = rest.slice(at, at + rowsAtOnce)
        const more = await store.transaction(
          async (inside) => {
            await inside.subscriptions.lock(organizationId, subscriptionIds)
            const some = await releaseSome(inside, organizationId, filter, { deliveryIds, again: replay })
            // What was released before may have failed meanwhile, and have been queued before these were there.
            await inside.deliveries.queueBehind(organizationId, ids)
            return some
          },
          { repeats: true },
        )
        ids.push(...more)
      }
      const rows = await store.deliveries.findAll(organizationId, ids.slice(0, limit))
      return { count: ids.length, items: await show(caller, rows, hydrate) }
    },
  }
}
