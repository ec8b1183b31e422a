import type { Queryable } from '../queryable.ts'
import { deliveryOrder, isTried, lastAbout, places } from './delivery-order.ts'
import { isFree, open, putOffDeliveries } from './put-off-deliveries.ts'

/** `created`: not tried yet; `retry`: it failed and is tried again; `queued`: until it is released. */
export type DeliveryStatus = 'created' | 'retry' | 'queued' | 'notified' | 'delivered'

/** One attempt, for people. */
export interface DeliveryAttempt {
  /** ISO 8601. */
  readonly at: string
  /** Milliseconds. */
  readonly ms: number
  readonly status: number | null
  /** What went wrong, in words. */
  readonly error?: string
}

/** One notification on its way to one subscription. */
export interface DeliveryRow {
  readonly organizationId: number
  readonly deliveryId: number
  readonly notificationId: number
  readonly subscriptionId: number
  readonly channel: string
  readonly status: DeliveryStatus
  readonly tries: number
  readonly log: readonly DeliveryAttempt[]
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly deliveredAt: Date | null
  readonly dueAt: Date | null
}

const columns = `organization_id as "organizationId", delivery_id as "deliveryId",
  notification_id as "notificationId", subscription_id as "subscriptionId", channel, status, tries, log,
  created_at as "createdAt", updated_at as "updatedAt", delivered_at as "deliveredAt", due_at as "dueAt"`

/** Channels that nothing here sends on: their deliveries are made queued, say why, and stay so. */
const unsent = `channel in ('sms', 'push')`

const whyUnsent = `jsonb_build_array(jsonb_build_object(
  'at', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'ms', 0, 'status', null,
  'error', 'Nothing here sends on the channel ' || s.channel || ', so it stays queued.'))`

/** Which deliveries; absent conditions hold for all. */
export interface DeliveryFilter {
  readonly accountId: number
  readonly channel?: string | undefined
  readonly status?: string | undefined
  readonly url?: string | undefined
  readonly subscriptionId?: number | undefined
  readonly notificationIds?: readonly number[] | undefined
  readonly instanceId?: number | undefined
  /** Of notifications made from then on, and before then. */
  readonly from?: Date | undefined
  readonly to?: Date | undefined
}

export interface DeliveryPage {
  readonly afterId: number
  readonly skip: number
  readonly limit: number
}

const filtered = `from deliveries d
  join subscriptions s on s.organization_id = d.organization_id and s.subscription_id = d.subscription_id
  join notifications n on n.organization_id = d.organization_id and n.notification_id = d.notification_id
  where d.organization_id = $1 and s.account_id = $2
    and ($3::text is null or d.channel = $3) and ($4::text is null or d.status = $4)
    and ($5::text is null or s.config ->> 'url' = $5) and ($6::bigint is null or d.subscription_id = $6)
    and ($7::bigint[] is null or d.notification_id = any($7)) and ($8::bigint is null or n.instance_id = $8)
    and ($9::timestamptz is null or n.created_at >= $9) and ($10::timestamptz is null or n.created_at < $10)`

const valuesOf = (organizationId: number, filter: DeliveryFilter): unknown[] => [
  organizationId,
  filter.accountId,
  filter.channel ?? null,
  filter.status ?? null,
  filter.url ?? null,
  filter.subscriptionId ?? null,
  filter.notificationIds ?? null,
  filter.instanceId ?? null,
  filter.from ?? null,
  filter.to ?? null,
]

const named = (prefix: string): string =>
  columns.replaceAll(
    /(^|, |,\n {2})(\w)/g,
    (_all, before: string, first: string) => `${before}${prefix}.${first}`,
  )

/** What goes to whom, how often it was tried, and what became of it. */
export const deliveryTable = (db: Queryable) => ({
  ...putOffDeliveries(db),
  ...deliveryOrder(db),
  /**
   * Makes a delivery of each notification for each of these subscriptions, which the transaction has locked: due now,
   * queued where the subscription is not active or one about the same object is queued, held back behind the last
   * open one about it. No two of the notifications may be about one object.
   * @returns how many are due.
   */
  insertFor: async (
    organizationId: number,
    notificationIds: readonly number[],
    subscriptionIds: readonly number[],
  ): Promise<number> => {
    // Not named: a plan that is kept could be one from when the table was small.
    const made = await db.query<{ due: boolean }>({
      text: `insert into deliveries (organization_id, delivery_id, notification_id, subscription_id, channel, status,
          objects, after_delivery, due_at, log)
        select n.organization_id, nextval('delivery_ids'), n.notification_id, s.subscription_id, s.channel,
          case when s.active and not s.${unsent} and not b.queued then 'created' else 'queued' end, n.objects, b.delivery_id,
          case when s.active and not s.${unsent} and b.delivery_id is null then now() end,
          case when s.${unsent} then ${whyUnsent} else '[]' end
        from notifications n
          join subscriptions s on s.organization_id = n.organization_id and s.subscription_id = any($3::bigint[])
          left join ${lastAbout('n', 's')} on true
        where n.organization_id = $1 and n.notification_id = any($2::bigint[])
        order by n.notification_id, s.subscription_id
        returning due_at is not null as due`,
      values: [organizationId, notificationIds, subscriptionIds],
    })
    return made.filter(({ due }) => due).length
  },
  find: (organizationId: number, notificationId: number, subscriptionId?: number): Promise<DeliveryRow[]> =>
    db.query<DeliveryRow>({
      text: `select ${columns} from deliveries where organization_id = $1 and notification_id = $2
        and ($3::bigint is null or subscription_id = $3) order by delivery_id`,
      values: [organizationId, notificationId, subscriptionId ?? null],
    }),
  /** Of several notifications. */
  ofNotifications: (organizationId: number, notificationIds: readonly number[]): Promise<DeliveryRow[]> =>
    db.query<DeliveryRow>({
      text: `select ${columns} from deliveries where organization_id = $1 and notification_id = any($2::bigint[])
        order by delivery_id`,
      values: [organizationId, notificationIds],
    }),
  findAll: (organizationId: number, deliveryIds: readonly number[]): Promise<DeliveryRow[]> =>
    db.query<DeliveryRow>({
      text: `select ${columns} from deliveries where organization_id = $1 and delivery_id = any($2::bigint[])
        order by delivery_id`,
      values: [organizationId, deliveryIds],
    }),
  list: (
    organizationId: number,
    filter: DeliveryFilter,
    { afterId, skip, limit }: DeliveryPage,
  ): Promise<DeliveryRow[]> =>
    db.query<DeliveryRow>({
      text: `select ${named('d')} ${filtered} and d.delivery_id > $11
        order by d.delivery_id limit $12 offset $13`,
      values: [...valuesOf(organizationId, filter), afterId, limit, skip],
    }),
  /** Whose deliveries the filter chooses that `release` would send. */
  subscriptionsOf: async (
    organizationId: number,
    filter: DeliveryFilter,
    again: boolean,
  ): Promise<readonly number[]> => {
    const rows = await db.query<{ id: number }>({
      text: `select distinct d.subscription_id as id ${filtered} and ($11 or d.${open}) and not d.${unsent}`,
      values: [...valuesOf(organizationId, filter), again],
    })
    return rows.map(({ id }) => id)
  },
  /**
   * What a subscription has not got yet waits until it is released. What is being sent is queued when it is tried again:
   * others may wait for it, whose turn would never come where it is cut off.
   */
  queueAll: (organizationId: number, subscriptionId: number) =>
    db.query({
      text: `update deliveries set status = 'queued', due_at = null, put_off_by = '', updated_at = now()
        where organization_id = $1 and subscription_id = $2 and ${open} and ${isFree}`,
      values: [organizationId, subscriptionId],
    }),
  /** What the filter chooses of these subscriptions that `release` would send, oldest first. */
  releasable: async (
    organizationId: number,
    filter: DeliveryFilter,
    { subscriptionIds, again }: { readonly subscriptionIds: readonly number[]; readonly again: boolean },
  ): Promise<readonly number[]> => {
    const rows = await db.query<{ id: number }>({
      text: `select d.delivery_id as id ${filtered} and ($11 or d.${open}) and not d.${unsent}
        and d.subscription_id = any($12::bigint[]) order by d.delivery_id`,
      values: [...valuesOf(organizationId, filter), again, subscriptionIds],
    })
    return rows.map(({ id }) => id)
  },
  /**
   * Sends those of these deliveries that the filter still chooses, whose subscriptions the transaction has locked: at
   * once, and with all its retries; of those about one object each after the one before, and after what is on its way
   * already, where what comes later waits too. What is being sent at this moment is left alone.
   * @param again whether also what was delivered.
   * @returns which.
   */
  release: async (
    organizationId: number,
    filter: DeliveryFilter,
    { deliveryIds, again }: { readonly deliveryIds: readonly number[]; readonly again: boolean },
  ): Promise<readonly number[]> => {
    const rows = await db.query<{ id: number }>({
      text: `with t as materialized (select d.delivery_id, d.subscription_id, d.objects ${filtered}
          and ($11 or d.${open}) and not d.${unsent} and d.delivery_id = any($12::bigint[]) and ${isFree}),
        ${places},
        held as (update deliveries d set after_delivery = f.behind, due_at = null, put_off_by = ''
          from follower f
          where d.organization_id = $1 and d.delivery_id = f.delivery_id and d.${isTried} and d.after_delivery is null
            and ${isFree})
        update deliveries d set status = 'created', tries = 0, attempts = 0, put_off_by = '', updated_at = now(),
          after_delivery = p.behind, due_at = case when p.behind is null then now() end
        from place p where d.organization_id = $1 and d.delivery_id = p.delivery_id and p.anew and ${isFree}
        returning d.delivery_id as id`,
      values: [...valuesOf(organizationId, filter), again, deliveryIds],
    })
    return rows.map(({ id }) => id).sort((one, other) => one - other)
  },
  /**
   * Removes what is on its way to a subscription that is no more, or the newest so many of it: what waits for another
   * goes before that.
   * @returns how many.
   */
  removeOpenOf: async (organizationId: number, subscriptionId: number, limit?: number): Promise<number> => {
    const [gone] = await db.query<{ count: number }>({
      text: `with gone as (delete from deliveries where organization_id = $1 and delivery_id = any(array(
            select delivery_id from deliveries where organization_id = $1 and subscription_id = $2 and ${open}
            order by delivery_id desc limit $3)) and ${open} returning 1)
        select count(*) as count from gone`,
      values: [organizationId, subscriptionId, limit ?? null],
    })
    return gone?.count ?? 0
  },
  /**
   * Removes notifications, with their deliveries, that are older than so many days and have nothing on its way but
   * where nothing is ever sent.
   * @returns how many.
   */
  prune: async (days: number, limit: number): Promise<number> => {
    const rows = await db.query({
      text: `with old as (
          select n.organization_id, n.notification_id from notifications n
          where n.created_at < now() - make_interval(days => $1)
            and not exists (select 1 from deliveries d where d.organization_id = n.organization_id
              and d.notification_id = n.notification_id and d.${open} and not d.${unsent})
          limit $2),
        gone as (delete from deliveries d using old
          where d.organization_id = old.organization_id and d.notification_id = old.notification_id)
        delete from notifications n using old
        where n.organization_id = old.organization_id and n.notification_id = old.notification_id returning 1`,
      values: [days, limit],
    })
    return rows.length
  },
})
