// The event log: what came in, what went out and how, counts over time, pollers as people see them, test events.
// No HTTP in; it changes nothing but for test events.
import type { EventFilter, EventRow } from '#src/store/index.ts'
import type { Caller } from '../accounts/index.ts'
import { createAnalytics } from './analytics.ts'
import { createDispositions } from './dispositions.ts'
import { type EventLogNeed, noEvent } from './need.ts'
import { createPollerRecords } from './pollers.ts'
import { eventSettings } from './settings.ts'
import { createTestEvent } from './test-event.ts'
import { deliveryView, eventView } from './views.ts'

export { eventUnits, usualUnit } from './buckets.ts'

export type EventLog = ReturnType<typeof createEventLog>

/** So many waiting deliveries are counted; more are told as that many. */
const mostWaiting = 10_000

export const createEventLog = (need: EventLogNeed) => {
  const { store, instances } = need
  const analytics = createAnalytics(need)

  const deliveriesOf = async ({ organizationId }: Caller, { notificationId }: EventRow) => {
    const rows = await store.deliveries.find(organizationId, notificationId)
    const ids = [...new Set(rows.map(({ subscriptionId }) => subscriptionId))]
    const subscriptions = await store.subscriptions.findAll(organizationId, ids)
    const byId = new Map(subscriptions.map((one) => [one.subscriptionId, one]))
    return rows.map((row) => deliveryView(row, byId.get(row.subscriptionId)))
  }

  return {
    /** Of the caller's own instance, newest first. @throws AppError `not-found`. */
    page: async (caller: Caller, filter: EventFilter) => {
      await instances.get(caller, filter.instanceId)
      const found = await store.eventLog.list(caller.organizationId, { ...filter, limit: filter.limit + 1 })
      const rows = found.slice(0, filter.limit)
      const last = found.length > rows.length ? rows.at(-1) : undefined
      return {
        items: rows.map(eventView),
        next: last === undefined ? undefined : { at: last.createdAt, notificationId: last.notificationId },
      }
    },
    /** With what is sent, and with every attempt to send it. @throws AppError `not-found`. */
    one: async (caller: Caller, instanceId: number, eventId: string) => {
      await instances.get(caller, instanceId)
      const [row] = await store.eventLog.list(caller.organizationId, {
        ...{ instanceId, eventId, limit: 1, whole: true },
      })
      if (row === undefined) throw noEvent(eventId)
      return {
        ...eventView(row),
        notification: row.body ?? '',
        deliveries: await deliveriesOf(caller, row),
      }
    },
    /**
     * Whether the caller's own instance sends its events, where to, and what waits: the receiver's state.
     * @throws AppError `not-found`.
     */
    subscription: async (caller: Caller, instanceId: number) => {
      const settings = eventSettings(await instances.wholeConfiguration(caller, instanceId))
      const found = await store.subscriptions.ofInstance(caller.organizationId, instanceId)
      const base = {
        enabled: settings.enabled,
        ...(settings.callbackUrl === undefined ? {} : { callbackUrl: settings.callbackUrl }),
      }
      if (found === undefined) return { ...base, active: false, queued: 0, onTheWay: 0 }
      const { subscriptionId, active, inactiveReason } = found
      const waiting = await store.eventLog.waiting(caller.organizationId, subscriptionId, mostWaiting)
      return {
        ...base,
        subscriptionId,
        active,
        ...(inactiveReason === null ? {} : { inactiveReason }),
        ...waiting,
      }
    },
    analytics: analytics.counts,
    analyticsByInstance: analytics.byInstance,
    analyticsByAccount: analytics.byAccount,
    dispositions: createDispositions(need),
    pollerRecords: createPollerRecords(need),
    sendTest: createTestEvent(need),
  }
}
