import { type DeliveryDue, type DeliveryKey, deliveriesDue, type Job } from '#src/queue/index.ts'
import type { Notifications } from '#src/services/index.ts'

export interface DeliveriesNeed {
  readonly notifications: Pick<Notifications, 'deliver'>
}

/** Receivers share it by their own limits (services/notifications/gate.ts). */
const parallel = 1_024
const batch = 512

/** Sends notifications to those who subscribed to them. */
export const deliverNotifications = ({ notifications }: DeliveriesNeed): Job<DeliveryKey, DeliveryDue> => ({
  table: deliveriesDue,
  parallel,
  batch,
  timeoutSeconds: 60,
  run: (claim, signal) => notifications.deliver(claim, signal),
})
