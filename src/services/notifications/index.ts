// Notifications: what subscribers are told, and to whom it goes. No HTTP in; the bytes of a notification are fixed when
// it is stored.
import { createDeliver } from './deliver.ts'
import { createDeliveries } from './deliveries.ts'
import { createEmails } from './emails.ts'
import { createManual } from './manual.ts'
import type { NotificationsNeed } from './need.ts'
import { createPrune } from './prune.ts'
import { createSettings } from './settings.ts'
import { createSubscriptions } from './subscriptions.ts'
import { createTell } from './tell.ts'
import { createWriteEnds } from './write-ends.ts'

export { eventTopic } from '../pollers/index.ts'
export { callbackAddress } from './callback-address.ts'
export { type Draft, newEventId, type Severity, type Tell } from './tell.ts'

export type Notifications = ReturnType<typeof createNotifications>

export const createNotifications = (need: NotificationsNeed) => {
  const tell = createTell(need)
  const emails = createEmails(need)
  return {
    tell,
    /** Sends what is due, and writes what came of it. */
    sending: { ...createDeliver(need, emails.sendMail), writeEnds: createWriteEnds(need) },
    ...createManual(need, tell),
    ...createSubscriptions(need),
    ...createDeliveries(need),
    ...createSettings(need),
    ...emails,
    prune: createPrune(need),
  }
}
