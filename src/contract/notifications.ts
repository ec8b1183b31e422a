import { z } from 'zod'

const isMessage = (value: unknown): boolean =>
  typeof value === 'string' || (typeof value === 'object' && value !== null)

/** Body of POST /notifications (spec/behaviour.md 8); `body` stands for `message` (spec/contract.md 6.3). */
export const NotificationBody = z
  .looseObject({
    topic: z.string({ error: 'missing: what it is about, a text' }).trim().min(1).max(500),
    severity: z
      .string({ error: 'low, medium or high' })
      .trim()
      .toLowerCase()
      .pipe(z.enum(['low', 'medium', 'high'], { error: 'low, medium or high' }))
      .nullish(),
    from: z.string().min(1).max(254).nullish(),
    message: z.unknown().optional(),
    body: z.unknown().optional(),
  })
  .refine(({ message, body }) => isMessage(message ?? body), {
    path: ['message'],
    error: 'missing: what subscribers are told, a text or an object',
  })

export const NotificationReply = z.object({
  id: z.number(),
  from: z.string(),
  topic: z.string(),
  severity: z.string(),
  /** As it was sent: a text or an object. */
  message: z.unknown(),
  createdDate: z.string(),
  active: z.boolean(),
  acknowledged: z.boolean(),
  /** Of an event only. */
  eventId: z.string().optional(),
  instanceId: z.number().optional(),
})

const channel = z.enum(['webhook', 'email', 'sms', 'push'], { error: 'webhook, email, sms or push' })

/** Body of POST /notifications/subscriptions. What `config` needs depends on the channel. */
export const SubscriptionBody = z.looseObject({
  channel,
  topics: z
    .array(z.string().trim().min(1).max(500), { error: 'missing: an array of one or more topics' })
    .min(1, { error: 'one topic or more' })
    .max(100),
  config: z.record(z.string(), z.unknown()).nullish(),
})

export const SubscriptionReply = z.object({
  id: z.number(),
  channel,
  topics: z.array(z.string()).readonly(),
  config: z.record(z.string(), z.unknown()),
  /** False: what it should get is queued until it is released. */
  active: z.boolean(),
  inactiveReason: z.string().optional(),
  createdDate: z.string(),
  /** Present where the configuration of an instance made it. */
  instanceId: z.number().optional(),
})

export const DeliveryReply = z.object({
  id: z.number(),
  notificationId: z.number(),
  subscriptionId: z.number(),
  channel: z.string(),
  status: z.enum(['created', 'delivered', 'notified', 'retry', 'queued']),
  createdDate: z.string(),
  updatedDate: z.string(),
  deliveredDate: z.string().optional(),
  /** When it is tried next. */
  nextDate: z.string().optional(),
  /** Each attempt, with its time, how many milliseconds it took, and the status of the reply or what went wrong. */
  attempts: z
    .array(
      z.object({
        at: z.string(),
        ms: z.number(),
        status: z.number().nullable(),
        error: z.string().optional(),
      }),
    )
    .readonly(),
  /** With `hydrate=true`. */
  notification: NotificationReply.optional(),
  subscription: SubscriptionReply.optional(),
})

const setting = z.union([z.string().max(4000), z.number(), z.boolean()], {
  error: 'a text of at most 4000 characters',
})

/** Body of PATCH and POST /accounts/settings: a flat map. */
export const AccountSettingsBody = z.record(z.string().min(1).max(200), setting, {
  error: 'an object of keys and texts',
})

export const AccountSettingsReply = z.record(z.string(), z.string())

const addresses = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)], {
  error: 'missing: one e-mail address or more',
})

/** Body of POST /notifications/emails. */
export const EmailBody = z.looseObject({
  to: addresses,
  from: z.string().min(1).nullish(),
  subject: z.string().max(998).nullish(),
  message: z.string().max(1_000_000).nullish(),
})
