import type { Queryable } from '../queryable.ts'

export type Channel = 'webhook' | 'email' | 'sms' | 'push'

/** Who wants the notifications of which topics, and where. */
export interface SubscriptionRow {
  readonly organizationId: number
  readonly subscriptionId: number
  readonly accountId: number
  readonly userId: number
  /** Present where an instance's own configuration made it. */
  readonly instanceId: number | null
  readonly channel: Channel
  readonly topics: readonly string[]
  readonly config: Readonly<Record<string, unknown>>
  /** False: what it should get is queued until it is released. */
  readonly active: boolean
  readonly inactiveReason: string | null
  readonly createdAt: Date
}

export type NewSubscription = Omit<
  SubscriptionRow,
  'subscriptionId' | 'active' | 'inactiveReason' | 'createdAt'
>

const columns = `organization_id as "organizationId", subscription_id as "subscriptionId",
  account_id as "accountId", user_id as "userId", instance_id as "instanceId", channel, topics, config, active,
  inactive_reason as "inactiveReason", created_at as "createdAt"`

export type SubscriptionKey = Pick<SubscriptionRow, 'organizationId' | 'subscriptionId'>

const among = '(organization_id, subscription_id) in (select * from unnest($1::bigint[], $2::bigint[]))'

/** As two arrays, for `unnest`. */
export const keyColumns = (subscriptions: readonly SubscriptionKey[]) => [
  subscriptions.map(({ organizationId }) => organizationId),
  subscriptions.map(({ subscriptionId }) => subscriptionId),
]

/** Subscriptions to topics; those of instances follow their configuration. */
export const subscriptionTable = (db: Queryable) => ({
  /** That of an instance is made once; its later callers change where it leads. */
  put: async (row: NewSubscription): Promise<SubscriptionRow> => {
    const [made] = await db.query<SubscriptionRow>({
      text: `insert into subscriptions (organization_id, subscription_id, account_id, user_id, instance_id, channel,
          topics, config)
        values ($1, nextval('subscription_ids'), $2, $3, $4, $5, $6, $7)
        on conflict (organization_id, instance_id) where instance_id is not null
        do update set topics = excluded.topics, config = excluded.config,
          active = subscriptions.active or subscriptions.config <> excluded.config,
          inactive_reason = case when subscriptions.config = excluded.config then subscriptions.inactive_reason end
        returning ${columns}`,
      values: [
        row.organizationId,
        row.accountId,
        row.userId,
        row.instanceId,
        row.channel,
        row.topics,
        JSON.stringify(row.config),
      ],
    })
    if (made === undefined) throw new Error('insert returned no row')
    return made
  },
  /** That of an instance whose events are off hears of nothing more; what is on its way to it stays so. */
  mute: (organizationId: number, instanceId: number) =>
    db.query({
      text: `update subscriptions set topics = '{}' where organization_id = $1 and instance_id = $2`,
      values: [organizationId, instanceId],
    }),
  find: async (organizationId: number, subscriptionId: number): Promise<SubscriptionRow | undefined> => {
    const [row] = await db.query<SubscriptionRow>({
      text: `select ${columns} from subscriptions where organization_id = $1 and subscription_id = $2`,
      values: [organizationId, subscriptionId],
    })
    return row
  },
  /** Whether anything is on its way to a subscription. */
  isDelivering: async (organizationId: number, subscriptionId: number): Promise<boolean> => {
    const rows = await db.query({
      text: `select 1 from deliveries where organization_id = $1 and subscription_id = $2
        and status in ('created', 'retry', 'queued') limit 1`,
      values: [organizationId, subscriptionId],
    })
    return rows.length > 0
  },
  /** Several of one organization. */
  findAll: (organizationId: number, subscriptionIds: readonly number[]): Promise<SubscriptionRow[]> =>
    db.query<SubscriptionRow>({
      name: 'subscriptions-by-id',
      text: `select ${columns} from subscriptions where organization_id = $1 and subscription_id = any($2::bigint[])`,
      values: [organizationId, subscriptionIds],
    }),
  /** Those of an account to a topic; their deliveries are made and ended by nobody else until the transaction ends. */
  lockForTopic: (organizationId: number, accountId: number, topic: string): Promise<{ id: number }[]> =>
    db.query<{ id: number }>({
      name: 'subscriptions-lock-topic',
      text: `select subscription_id as id from subscriptions
        where organization_id = $1 and account_id = $2 and topics @> array[$3] order by subscription_id
        for no key update`,
      values: [organizationId, accountId, topic],
    }),
  /** As `lockForTopic`, by their ids. */
  lock: (organizationId: number, subscriptionIds: readonly number[]) =>
    db.query({
      name: 'subscriptions-lock',
      text: `select 1 from subscriptions where organization_id = $1 and subscription_id = any($2::bigint[])
        order by subscription_id for no key update`,
      values: [organizationId, subscriptionIds],
    }),
  /** As `lock`, of whatever organizations, in the order in which everybody locks them. */
  lockAll: (subscriptions: readonly SubscriptionKey[]) =>
    db.query({
      name: 'subscriptions-lock-all',
      text: `select 1 from subscriptions where ${among}
        order by organization_id, subscription_id for no key update`,
      values: keyColumns(subscriptions),
    }),
  /** As `lockAll`, but waits for none. @returns those that somebody else has locked. */
  lockFree: (subscriptions: readonly SubscriptionKey[]): Promise<SubscriptionKey[]> =>
    db.query<SubscriptionKey>({
      text: `with free as materialized (select organization_id, subscription_id from subscriptions where ${among}
          for no key update skip locked)
        select organization_id as "organizationId", subscription_id as "subscriptionId" from subscriptions
        where ${among} and (organization_id, subscription_id) not in (select * from free)`,
      values: keyColumns(subscriptions),
    }),
  ofInstance: async (organizationId: number, instanceId: number): Promise<SubscriptionRow | undefined> => {
    const [row] = await db.query<SubscriptionRow>({
      text: `select ${columns} from subscriptions where organization_id = $1 and instance_id = $2`,
      values: [organizationId, instanceId],
    })
    return row
  },
  /** Of one account, after an id. */
  list: (
    organizationId: number,
    accountId: number,
    { afterId, skip, limit }: { readonly afterId: number; readonly skip: number; readonly limit: number },
  ): Promise<SubscriptionRow[]> =>
    db.query<SubscriptionRow>({
      text: `select ${columns} from subscriptions
        where organization_id = $1 and account_id = $2 and subscription_id > $3
        order by subscription_id limit $4 offset $5`,
      values: [organizationId, accountId, afterId, limit, skip],
    }),
  /** Those of an account that a filter names itself, whatever deliveries they have; none when it names neither. */
  named: async (
    organizationId: number,
    accountId: number,
    {
      subscriptionId,
      url,
    }: { readonly subscriptionId?: number | undefined; readonly url?: string | undefined },
  ): Promise<readonly number[]> => {
    if (subscriptionId === undefined && url === undefined) return []
    const rows = await db.query<{ id: number }>({
      text: `select subscription_id as id from subscriptions where organization_id = $1 and account_id = $2
        and ($3::bigint is null or subscription_id = $3) and ($4::text is null or config ->> 'url' = $4)`,
      values: [organizationId, accountId, subscriptionId ?? null, url ?? null],
    })
    return rows.map(({ id }) => id)
  },
  /** @returns false when it was not active. */
  deactivate: async (organizationId: number, subscriptionId: number, reason: string): Promise<boolean> => {
    const rows = await db.query({
      text: `update subscriptions set active = false, inactive_reason = $3
        where organization_id = $1 and subscription_id = $2 and active returning 1`,
      values: [organizationId, subscriptionId, reason],
    })
    return rows.length > 0
  },
  activate: (organizationId: number, subscriptionIds: readonly number[]) =>
    db.query({
      text: `update subscriptions set active = true, inactive_reason = null
        where organization_id = $1 and subscription_id = any($2::bigint[]) and not active`,
      values: [organizationId, subscriptionIds],
    }),
  /** @returns false when there was none. */
  remove: async (organizationId: number, subscriptionId: number): Promise<boolean> => {
    const rows = await db.query({
      text: `delete from subscriptions where organization_id = $1 and subscription_id = $2 returning 1`,
      values: [organizationId, subscriptionId],
    })
    return rows.length > 0
  },
  removeOf: (organizationId: number, instanceId: number) =>
    db.query({
      text: 'delete from subscriptions where organization_id = $1 and instance_id = $2',
      values: [organizationId, instanceId],
    }),
})
