import { z } from 'zod'

const text = z.string()
const date = z.string()

/**
 * How far an event came. NEW: nobody subscribes to it. RECEIVED: stored for its receivers, and not tried yet.
 * DISPATCHED: tried, without success so far. CONSUMED: handed on for somebody by another way than a webhook.
 * NOTIFIED: delivered to at least one receiver.
 */
export const EventStatus = z.enum(['NEW', 'RECEIVED', 'DISPATCHED', 'CONSUMED', 'NOTIFIED'])

/** One event in the log (spec/contract.md 6.3); `kind`, `objectType` and `objectCount` are this product's own. */
export const EventReply = z.object({
  id: text,
  eventDate: date,
  status: EventStatus,
  kind: text,
  objectType: text.optional(),
  objectCount: z.number(),
  /** What came in, as JSON text; empty with `hydrate=false`. */
  providerData: text,
  /** What was delivered. */
  notifiedData: z.array(text),
  eventElementInstances: z.array(
    z.object({ elementInstanceId: z.number(), notificationId: z.number(), createdDate: date }),
  ),
})

/** One attempt to send it, in milliseconds; without `status` no answer came. */
const AttemptReply = z.object({
  at: date,
  ms: z.number(),
  status: z.number().nullable(),
  error: text.optional(),
})

const DeliveryReply = z.object({
  id: z.number(),
  subscriptionId: z.number(),
  channel: text,
  status: z.enum(['created', 'retry', 'queued', 'notified', 'delivered']),
  url: text.optional(),
  createdDate: date,
  updatedDate: date,
  deliveredDate: date.optional(),
  /** When it is tried next. */
  nextDate: date.optional(),
  attempts: z.array(AttemptReply).readonly(),
})

/** One event with what is sent, byte by byte, and each way to a receiver. */
export const OneEventReply = EventReply.extend({
  notification: text,
  deliveries: z.array(DeliveryReply),
})

export const EventCountReply = z.object({ timestamp: date, count: z.number() })

const counts = { count: z.number(), success: z.number(), failed: z.number() }
const grouped = { timestamp: date, count: z.number(), total: z.number() }

/** Events of one unit of time by instance. */
export const InstanceEventCountReply = z.object({
  ...grouped,
  records: z.array(z.object({ ...counts, instanceId: z.number() })),
})

/** Events of one unit of time by account. */
export const AccountEventCountReply = z.object({
  ...grouped,
  records: z.array(z.object({ ...counts, accountId: z.number() })),
})

/** What went wrong with one event. */
export const DispositionReply = z.object({
  eventId: text,
  elementInstanceId: z.number(),
  notificationData: z.array(z.object({ message: text })),
})

/** One polled object; `interval` in minutes, `failures` in a row. */
export const PollerReply = z.object({
  elementInstanceId: z.number(),
  objectType: text,
  interval: z.number(),
  createdDate: date,
  lastPolledDate: date.optional(),
  lastFoundDate: date.optional(),
  nextPollDate: date.optional(),
  eventCount: z.number(),
  failures: z.number(),
  lastFailedDate: date.optional(),
  failure: text.optional(),
  configuration: z.unknown(),
})

/** Whether an instance's events go out, and what waits; this product's own. */
export const EventSubscriptionReply = z.object({
  enabled: z.boolean(),
  callbackUrl: text.optional(),
  subscriptionId: z.number().optional(),
  active: z.boolean(),
  inactiveReason: text.optional(),
  /** Until they are released. */
  queued: z.number(),
  onTheWay: z.number(),
})

export const TestEventReply = z.object({ eventId: text })
