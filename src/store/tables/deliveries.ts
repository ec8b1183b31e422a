import type { Queryable } from '../queryable.ts'
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

/**
 * The last open delivery about one of the objects of `of`, to its subscription. Each object is looked up by itself and
 * before anything else is asked (`offset 0`), and what is open by the words of the index by object: with whatever
 * statistics, PostgreSQL then uses that index, where it would go through all that is open, or all that ever was.
 */
const lastAbout = (of: string, subscription: string, more = ''): string =>
  `lateral (select max(e.delivery_id) as delivery_id from unnest(${of}.objects) as o(object), lateral (
      select organization_id, subscription_id, delivery_id from deliveries
      where objects @> array[o.object] and objects <> '{}' and status not in ('notified', 'delivered') offset 0) e
    where e.organization_id = ${of}.organization_id and e.subscription_id = ${subscription}.subscription_id ${more}) b`

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
  /**
   * Makes a delivery of each notification for each of these subscriptions, which the transaction has locked: due now,
   * queued where the subscription is not active, held back behind the last open one about the same object. No two of
   * the notifications may be about one object.
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
          case when s.active and not s.${unsent} then 'created' else 'queued' end, n.objects, b.delivery_id,
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
  /**
   * Lets those go that waited for these, which have ended; those of which another open one is in the way wait for that.
   * The transaction has locked their subscriptions.
   * @returns how many are due.
   */
  letGo: async (organizationId: number, deliveryIds: readonly number[]): Promise<number> => {
    const rows = await db.query<{ due: boolean }>({
      text: `update deliveries d set after_delivery = b.delivery_id,
          due_at = case when d.status <> 'queued' and b.delivery_id is null then clock_timestamp() end
        from deliveries w left join ${lastAbout('w', 'w', 'and e.delivery_id < w.delivery_id')} on true
        where w.organization_id = $1 and w.after_delivery = any($2::bigint[])
          and d.organization_id = w.organization_id and d.delivery_id = w.delivery_id
        returning d.due_at is not null as due`,
      values: [organizationId, deliveryIds],
    })
    return rows.filter(({ due }) => due).length
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
  /** What a subscription has not got yet waits until it is released; what is being sent is so too when it fails. */
  queueAll: (organizationId: number, subscriptionId: number) =>
    db.query({
      text: `update deliveries set status = 'queued', due_at = null, put_off_by = '', updated_at = now()
        where organization_id = $1 and subscription_id = $2 and ${open}`,
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
   * once, and with all its retries. What is being sent at this moment is left alone.
   * @param again whether also what was delivered.
   * @returns which.
   */
  release: async (
    organizationId: number,
    filter: DeliveryFilter,
    { deliveryIds, again }: { readonly deliveryIds: readonly number[]; readonly again: boolean },
  ): Promise<readonly number[]> => {
    const rows = await db.query<{ id: number }>({
      text: `update deliveries t set status = 'created', tries = 0, attempts = 0, put_off_by = '', updated_at = now(),
          due_at = case when t.after_delivery is null then now() end
        where t.organization_id = $1 and ${isFree}
          and t.delivery_id in (select d.delivery_id ${filtered}
          and ($11 or d.${open}) and not d.${unsent} and d.delivery_id = any($12::bigint[]))
        returning t.delivery_id as id`,
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
