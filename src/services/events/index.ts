// Events: changes of a vendor's rows, found by polling or told by the vendor, stored before anybody hears of them.
// No HTTP, no vendor's name; what goes out is the matter of notifications.
import type { EventsNeed } from './need.ts'
import { createPoll } from './poll.ts'

export type Events = ReturnType<typeof createEvents>

export const createEvents = (need: EventsNeed) => ({
  /** Looks once for changes; returns when to look again. */
  poll: createPoll(need),
})
