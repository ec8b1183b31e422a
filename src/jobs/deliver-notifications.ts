import { type DeliveryDue, type DeliveryKey, deliveriesDue, type Job } from '#src/queue/index.ts'
import type { Notifications } from '#src/services/index.ts'

export interface DeliveriesNeed {
  readonly notifications: Pick<Notifications, 'sending'>
}

/** Receivers share it by their own limits (services/notifications/gate.ts). */
const parallel = 3_072
/** So many wait in memory, with their bodies. */
const batch = 256

/** Sends notifications to those who subscribed to them. */
export const deliverNotifications = ({
  notifications: { sending },
}: DeliveriesNeed): Job<DeliveryKey, DeliveryDue> => ({
  table: deliveriesDue,
  parallel,
  batch,
  timeoutSeconds: 60,
  ...sending,
})
