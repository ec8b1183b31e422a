import type { Queryable } from '../queryable.ts'
import type { DeliveryAttempt, DeliveryRow } from './deliveries.ts'
import type { NotificationKind } from './notifications.ts'

/** How far an event came; what each means stands in docs/events.md. */
export type EventStatus = 'NEW' | 'RECEIVED' | 'DISPATCHED' | 'CONSUMED' | 'NOTIFIED'

/** An event as the log shows it. */
export interface EventRow {
  readonly eventId: string
  readonly notificationId: number
  readonly instanceId: number
  readonly kind: NotificationKind
  readonly objectType: string | null
  /** How many objects it is about, as far as it was told; 0: that is not known. */
  readonly objectCount: number
  readonly createdAt: Date
  readonly status: EventStatus
  /** What is sent, byte by byte. Null where it was not asked for. */
  readonly body: string | null
}

/** Which events of one instance; absent conditions hold for all. */
export interface EventFilter {
  readonly instanceId: number
  readonly eventId?: string | undefined
  readonly objectType?: string | undefined
  readonly status?: EventStatus | undefined
  /** Stored from then on, and until then. */
  readonly from?: Date | undefined
  readonly to?: Date | undefined
  /** Newest first: those behind this one. */
  readonly behind?: { readonly at: Date; readonly notificationId: number } | undefined
  /** So many of them are left out first. */
  readonly skip?: number
  readonly limit: number
  /** Whether `body` is read. */
  readonly whole: boolean
}

/** Units of time by which events are counted. */
export type EventUnit = 'minute' | 'hour' | 'day' | 'week' | 'month'

/** An account's events between two moments, both included. */
export interface EventSpan {
  readonly organizationId: number
  readonly accountId: number
  readonly from: Date
  readonly to: Date
}

/** Events of one unit of time, in UTC. */
export interface EventCount {
  readonly at: Date
  readonly count: number
}

/** The same of one instance or account. */
export interface OwnedEventCount extends EventCount {
  readonly ownerId: number
  /** Delivered to somebody. */
  readonly success: number
  /** Tried, and delivered to nobody yet. */
  readonly failed: number
}

/** A delivery some attempt of which failed. */
export interface FailedDelivery {
  readonly eventId: string
  readonly instanceId: number
  readonly notificationId: number
  readonly status: DeliveryRow['status']
  readonly log: readonly DeliveryAttempt[]
  readonly url: string | null
}

/** The words of the index `events_by_time`. */
const isEvent = `n.event_id is not null and n.kind in ('poll', 'inbound', 'authentication', 'test') and n.instance_id is not null`

/** The words of the index `deliveries_that_failed`. */
const hasFailure = `d.log @? '$[*] ? (!(@.status >= 200 && @.status < 300))'`

/** What became of the deliveries of `n`. A replay takes nothing back. */
const outcome = `lateral (
    select count(*) as made, bool_or(d.status = 'delivered' or d.delivered_at is not null) as told,
      bool_or(d.status = 'notified') as handed, bool_or(d.log <> '[]') as tried
    from deliveries d where d.organization_id = n.organization_id and d.notification_id = n.notification_id) o`

const status = `case when o.told then 'NOTIFIED' when o.handed then 'CONSUMED' when o.tried then 'DISPATCHED'
    when o.made > 0 then 'RECEIVED' else 'NEW' end`

/** What is stored for somebody and reached nobody is found by what is open, however much was delivered. */
const pending = (wanted: EventStatus | undefined): string =>
  wanted === 'RECEIVED' || wanted === 'DISPATCHED'
    ? `and n.notification_id in (select d.notification_id from deliveries d
        where d.organization_id = $1 and d.status in ('created', 'retry', 'queued'))`
    : ''

const inSpan = `n.organization_id = $1 and n.account_id = $2 and n.created_at >= $3 and n.created_at <= $4
  and ${isEvent}`

const spanValues = ({ organizationId, accountId, from, to }: EventSpan): unknown[] => [
  organizationId,
  accountId,
  from,
  to,
]

/** Events and what became of them: reads only. */
export const eventLogTable = (db: Queryable) => ({
  /** Of one instance, newest first. */
  list: (organizationId: number, filter: EventFilter): Promise<EventRow[]> =>
    db.query<EventRow>({
      text: `select n.event_id as "eventId", n.notification_id as "notificationId", n.instance_id as "instanceId",
          n.kind, n.object_type as "objectType", cardinality(n.objects) as "objectCount", n.created_at as "createdAt",
          ${status} as status,
          case when $3 then n.body end as body
        from notifications n cross join ${outcome}
        where n.organization_id = $1 and n.instance_id = $2 and ${isEvent}
          and ($4::text is null or n.event_id = $4) and ($5::text is null or n.object_type = $5)
          and ($6::text is null or ${status} = $6) ${pending(filter.status)}
          and ($7::timestamptz is null or n.created_at >= $7) and ($8::timestamptz is null or n.created_at <= $8)
          and ($9::timestamptz is null or (n.created_at, n.notification_id) < ($9, $10::bigint))
        order by n.created_at desc, n.notification_id desc limit $11 offset $12`,
      values: [
        organizationId,
        filter.instanceId,
        filter.whole,
        filter.eventId ?? null,
        filter.objectType ?? null,
        filter.status ?? null,
        filter.from ?? null,
        filter.to ?? null,
        filter.behind?.at ?? null,
        filter.behind?.notificationId ?? null,
        filter.limit,
        filter.skip ?? 0,
      ],
    }),
  /** How many a unit of time; units without any are left out. */
  count: (span: EventSpan, unit: EventUnit): Promise<EventCount[]> =>
    db.query<EventCount>({
      text: `select date_trunc($5, n.created_at, 'UTC') as at, count(*) as count
        from notifications n where ${inSpan} group by 1 order by 1`,
      values: [...spanValues(span), unit],
    }),
  /** The same by instance or by account, with how they ended. */
  countBy: (span: EventSpan, unit: EventUnit, owner: 'instance' | 'account'): Promise<OwnedEventCount[]> =>
    db.query<OwnedEventCount>({
      text: `select e.at, e."ownerId", count(*) as count, count(*) filter (where e.told) as success,
          count(*) filter (where e.tried and not e.told) as failed
        from (select date_trunc($5, n.created_at, 'UTC') as at, n.${owner}_id as "ownerId", n.notification_id,
            bool_or(d.status = 'delivered' or d.delivered_at is not null) as told, bool_or(d.log <> '[]') as tried
          from notifications n left join deliveries d
            on d.organization_id = n.organization_id and d.notification_id = n.notification_id
          where ${inSpan} group by 1, 2, 3) e
        group by 1, 2 order by 1, 2`,
      values: [...spanValues(span), unit],
    }),
  /** Deliveries that failed at least once, those of the newest events first, in whole events. */
  failures: (span: EventSpan, beforeId: number | null, limit: number): Promise<FailedDelivery[]> =>
    db.query<FailedDelivery>({
      text: `select n.event_id as "eventId", n.instance_id as "instanceId", n.notification_id as "notificationId",
          d.status, d.log, s.config ->> 'url' as url
        from (select n.organization_id, n.notification_id, n.event_id, n.instance_id from notifications n
            where ${inSpan} and ($5::bigint is null or n.notification_id < $5)
              and exists (select 1 from deliveries d where d.organization_id = n.organization_id
                and d.notification_id = n.notification_id and ${hasFailure})
            order by n.notification_id desc limit $6) n
          join deliveries d on d.organization_id = n.organization_id and d.notification_id = n.notification_id
            and ${hasFailure}
          left join subscriptions s on s.organization_id = d.organization_id and s.subscription_id = d.subscription_id
        order by n.notification_id desc, d.delivery_id`,
      values: [...spanValues(span), beforeId, limit],
    }),
  /**
   * How many deliveries a subscription still waits for, counted up to a limit: `queued` until they are released, the
   * others on their way.
   */
  waiting: async (
    organizationId: number,
    subscriptionId: number,
    limit: number,
  ): Promise<{ readonly queued: number; readonly onTheWay: number }> => {
    const [row] = await db.query<{ queued: number; onTheWay: number }>({
      text: `select count(*) filter (where w.status = 'queued') as queued,
          count(*) filter (where w.status <> 'queued') as "onTheWay"
        from (select d.status from deliveries d where d.organization_id = $1 and d.subscription_id = $2
          and d.status in ('created', 'retry', 'queued') limit $3) w`,
      values: [organizationId, subscriptionId, limit],
    })
    return row ?? { queued: 0, onTheWay: 0 }
  },
})
