// Events: changes of a vendor's rows, found by polling or told by the vendor, stored before anybody hears of them.
// No HTTP, no vendor's name; what goes out is the matter of notifications.
import { createInbound } from './inbound.ts'
import type { EventsNeed } from './need.ts'
import { createPoll } from './poll.ts'
import { createTellNotices } from './tell-notices.ts'

export type Events = ReturnType<typeof createEvents>

export const createEvents = (need: EventsNeed) => ({
  /** Looks once for changes; returns when to look again. */
  poll: createPoll(need),
  /** Tells what happened to grants; returns how many notices went out. */
  tellNotices: createTellNotices(need),
  /** Takes in a vendor's call; returns the ids of its events. */
  receive: createInbound(need),
})
