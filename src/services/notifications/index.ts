// Notifications: what subscribers are told, and to whom it goes. No HTTP in; the bytes of a notification are fixed when
// it is stored.
import { createDeliver } from './deliver.ts'
import type { NotificationsNeed } from './need.ts'
import { createTell } from './tell.ts'

export { eventTopic } from '../pollers/index.ts'
export { type Draft, newEventId, type Severity, type Tell } from './tell.ts'

export type Notifications = ReturnType<typeof createNotifications>

export const createNotifications = (need: NotificationsNeed) => ({
  tell: createTell(need),
  /** Sends one delivery that is due. */
  deliver: createDeliver(need),
})
