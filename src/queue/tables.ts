import { dueTable } from './due-table.ts'

export interface ChoreKey {
  readonly organizationId: number
  readonly name: string
}

/** Upkeep that one process does for all. A chore may take its time: its lease is renewed while it runs. */
export const choreTable = dueTable<ChoreKey>({
  name: 'chores',
  key: { organizationId: 'bigint', name: 'text' },
})

export interface GrantDueKey {
  readonly organizationId: number
  readonly instanceId: number
  readonly principal: 'user' | 'company'
}

/**
 * What vendors granted: due when it is to be renewed or looked after, leased also by calls that need a new token
 * at once. The lease is longer than a token call may take.
 */
export const grantsDue = dueTable<GrantDueKey>({
  name: 'grants',
  key: { organizationId: 'bigint', instanceId: 'bigint', principal: 'text' },
  leaseSeconds: 25,
})

export interface PollerKey {
  readonly organizationId: number
  readonly instanceId: number
  readonly objectType: string
}

/** A poller as it is claimed: what it asks for, and what it has seen so far. */
export interface PollerDue extends PollerKey {
  /** How it asks, checked (services/events). */
  readonly entry: unknown
  readonly intervalSeconds: number
  readonly startedAt: Date
  /** By the vendor's clock: what changed before is no event. Null until the first poll. */
  readonly floorAt: Date | null
  /** When the last whole poll began, by our clock. */
  readonly polledAt: Date | null
  /** By how much the vendor's clock was ahead of ours then, in milliseconds. */
  readonly skewMs: number | null
  /** The newest change that was seen, by the vendor's clock. */
  readonly newestAt: Date | null
  readonly seen: string | null
  /** The vendor's resource and generation that `seen` is of (services/events); null: the one that `entry` names. */
  readonly seenOf: string | null
  readonly failures: number
  /** Events so far. */
  readonly found: number
}

/** Resources whose changes are looked for. A poll that found nothing writes these columns only. */
export const pollersDue = dueTable<PollerKey, PollerDue>({
  name: 'pollers',
  key: { organizationId: 'bigint', instanceId: 'bigint', objectType: 'text' },
  data: [
    'entry',
    'intervalSeconds',
    'startedAt',
    'floorAt',
    'polledAt',
    'skewMs',
    'newestAt',
    'seen',
    'seenOf',
    'failures',
    'found',
  ],
  written: {
    polledAt: { type: 'timestamptz' },
    skewMs: { type: 'float8' },
    floorAt: { type: 'timestamptz' },
    newestAt: { type: 'timestamptz' },
    seen: { type: 'text' },
    seenOf: { type: 'text' },
    failures: { type: 'integer' },
    found: { type: 'bigint' },
    lastFoundAt: { type: 'timestamptz' },
    failure: { type: 'text' },
    failedAt: { type: 'timestamptz' },
  },
})

export interface DeliveryKey {
  readonly organizationId: number
  readonly deliveryId: number
}

export interface DeliveryDue extends DeliveryKey {
  readonly notificationId: number
  readonly subscriptionId: number
  readonly channel: string
  /** Attempts since it was created or released. */
  readonly tries: number
  /** The receiver that had no room for it when it was put off; empty when it was not. */
  readonly putOffBy: string
  /** Of its subscription; null when that is no more. */
  readonly accountId: number | null
  readonly active: boolean | null
  /** Where the subscription wants it, as it says. */
  readonly url: string | null
  /** Whose configuration made the subscription. */
  readonly subscriberId: number | null
  /** Of its notification. */
  readonly eventId: string | null
  /** Of which instance the notification tells. */
  readonly instanceId: number | null
  /** Null when the notification is no more. Who sends it takes it out: a row whose end waits holds it no longer. */
  body: string | null
}

/** Sendings of one notification to one subscription. */
export const deliveriesDue = dueTable<DeliveryKey, DeliveryDue>({
  name: 'deliveries',
  key: { organizationId: 'bigint', deliveryId: 'bigint' },
  data: ['notificationId', 'subscriptionId', 'channel', 'tries', 'putOffBy'],
  brings: {
    joins: `left join subscriptions s using (organization_id, subscription_id)
      left join notifications n using (organization_id, notification_id)`,
    columns: [
      ['accountId', 's.account_id'],
      ['active', 's.active'],
      ['url', `s.config ->> 'url'`],
      ['subscriberId', 's.instance_id'],
      ['eventId', 'n.event_id'],
      ['instanceId', 'n.instance_id'],
      ['body', 'n.body'],
    ],
  },
  written: {
    status: { type: 'text' },
    tries: { type: 'integer' },
    updatedAt: { type: 'timestamptz' },
    deliveredAt: { type: 'timestamptz' },
    log: { type: 'jsonb', append: true },
    putOffBy: { type: 'text' },
  },
})

export interface CallDueKey {
  readonly organizationId: number
  readonly callId: number
}

/** Calls of our own API that run later. */
export const callsDue = dueTable<CallDueKey>({
  name: 'calls',
  key: { organizationId: 'bigint', callId: 'bigint' },
})

export interface EmailKey {
  readonly organizationId: number
  readonly emailId: number
}

export interface EmailDue extends EmailKey {
  readonly recipients: readonly string[]
  readonly sender: string
  readonly subject: string
  readonly message: string
  readonly messageId: string
  readonly createdAt: Date
  /** Attempts that the mail server, or the way to it, ended. */
  readonly tries: number
}

/** E-mails on their way to the mail server; the end of an attempt leaves the recipients that are to be tried again. */
export const emailsDue = dueTable<EmailKey, EmailDue>({
  name: 'emails',
  key: { organizationId: 'bigint', emailId: 'bigint' },
  data: ['recipients', 'sender', 'subject', 'message', 'messageId', 'createdAt', 'tries'],
  written: {
    status: { type: 'text' },
    tries: { type: 'integer' },
    error: { type: 'text' },
    updatedAt: { type: 'timestamptz' },
    recipients: { type: 'jsonb' },
  },
})

export interface BulkJobKey {
  readonly organizationId: number
  readonly jobId: number
}

/** Bulk jobs, each a chain of short steps. */
export const bulkDue = dueTable<BulkJobKey>({
  name: 'bulk_jobs',
  key: { organizationId: 'bigint', jobId: 'bigint' },
})

/** Every due table of the product: what an ended process held in any of them is freed. */
export const dueTables = [
  choreTable,
  grantsDue,
  pollersDue,
  deliveriesDue,
  callsDue,
  emailsDue,
  bulkDue,
] as const
