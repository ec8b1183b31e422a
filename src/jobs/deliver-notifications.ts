import { type DeliveryDue, type DeliveryKey, deliveriesDue, type Job } from '#src/queue/index.ts'
import type { Notifications } from '#src/services/index.ts'

export interface DeliveriesNeed {
  readonly notifications: Pick<Notifications, 'sending'>
}

/** Beyond all that may be called or waited for at once by the limits of receivers (services/notifications/gate.ts). */
const parallel = 4_608
/** So many wait in memory, with their bodies. */
const batch = 512

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
