import type { Queryable } from '../queryable.ts'

export type NotificationKind = 'poll' | 'inbound' | 'authentication' | 'manual' | 'async' | 'bulk' | 'test'

/** Something that subscribers are told. Its body is what is sent, byte by byte, however often. */
export interface NotificationRow {
  readonly organizationId: number
  readonly notificationId: number
  readonly accountId: number
  readonly userId: number
  readonly instanceId: number | null
  /** 20 characters that may stand in a URL; null for what is no event. */
  readonly eventId: string | null
  readonly kind: NotificationKind
  readonly topic: string
  readonly severity: string
  readonly sender: string
  readonly objectType: string | null
  /** What it is about, such as `reports/1`: deliveries keep the order of each. */
  readonly objects: readonly string[]
  readonly body: string
  readonly acknowledged: boolean
  readonly createdAt: Date
}

export type NewNotification = Omit<NotificationRow, 'acknowledged'>

const columns = `organization_id as "organizationId", notification_id as "notificationId",
  account_id as "accountId", user_id as "userId", instance_id as "instanceId", event_id as "eventId", kind, topic,
  severity, sender, object_type as "objectType", objects, body, acknowledged, created_at as "createdAt"`

const recordset = `jsonb_to_recordset($1::jsonb) as n("organizationId" bigint, "notificationId" bigint,
  "accountId" bigint, "userId" bigint, "instanceId" bigint, "eventId" text, kind text, topic text, severity text,
  sender text, "objectType" text, objects jsonb, body text, "createdAt" timestamptz)`

/** Which notifications a listing shows. */
export interface NotificationFilter {
  readonly topics: readonly string[]
  /** Newest first: those below this id; null: from the newest. */
  readonly beforeId: number | null
  /** So many are passed over besides. */
  readonly skip: number
  readonly limit: number
}

/** What subscribers were told, or are still to be told. */
export const notificationTable = (db: Queryable) => ({
  /** So many ids that nobody else gets. */
  nextIds: async (count: number): Promise<readonly number[]> => {
    const rows = await db.query<{ id: number }>({
      name: 'notification-ids',
      text: `select nextval('notification_ids') as id from generate_series(1, $1::integer)`,
      values: [count],
    })
    return rows.map(({ id }) => id)
  },
  insert: (rows: readonly NewNotification[]) =>
    db.query({
      name: 'notifications-insert',
      text: `insert into notifications (organization_id, notification_id, account_id, user_id, instance_id, event_id,
          kind, topic, severity, sender, object_type, objects, body, created_at)
        select n."organizationId", n."notificationId", n."accountId", n."userId", n."instanceId", n."eventId", n.kind,
          n.topic, n.severity, n.sender, n."objectType", array(select jsonb_array_elements_text(n.objects)), n.body,
          n."createdAt"
        from ${recordset}`,
      values: [JSON.stringify(rows)],
    }),
  find: async (organizationId: number, notificationId: number): Promise<NotificationRow | undefined> => {
    const [row] = await db.query<NotificationRow>({
      text: `select ${columns} from notifications where organization_id = $1 and notification_id = $2`,
      values: [organizationId, notificationId],
    })
    return row
  },
  /** Several of one organization. */
  findAll: (organizationId: number, notificationIds: readonly number[]): Promise<NotificationRow[]> =>
    db.query<NotificationRow>({
      name: 'notifications-by-id',
      text: `select ${columns} from notifications where organization_id = $1 and notification_id = any($2::bigint[])`,
      values: [organizationId, notificationIds],
    }),
  /** Of one account, by topic, newest first. */
  list: (
    organizationId: number,
    accountId: number,
    { topics, beforeId, skip, limit }: NotificationFilter,
  ): Promise<NotificationRow[]> =>
    db.query<NotificationRow>({
      text: `select ${columns} from notifications
        where organization_id = $1 and account_id = $2 and topic = any($3::text[])
          and ($4::bigint is null or notification_id < $4)
        order by notification_id desc limit $5 offset $6`,
      values: [organizationId, accountId, topics, beforeId, limit, skip],
    }),
  /** @returns undefined when the account has none of that id. */
  acknowledge: async (
    organizationId: number,
    accountId: number,
    notificationId: number,
  ): Promise<NotificationRow | undefined> => {
    const [row] = await db.query<NotificationRow>({
      text: `update notifications set acknowledged = true
        where organization_id = $1 and account_id = $2 and notification_id = $3 returning ${columns}`,
      values: [organizationId, accountId, notificationId],
    })
    return row
  },
  /** With its deliveries. @returns false when there was none. */
  remove: async (organizationId: number, notificationId: number): Promise<boolean> => {
    await db.query({
      text: 'delete from deliveries where organization_id = $1 and notification_id = $2',
      values: [organizationId, notificationId],
    })
    const rows = await db.query({
      text: 'delete from notifications where organization_id = $1 and notification_id = $2 returning 1',
      values: [organizationId, notificationId],
    })
    return rows.length > 0
  },
})
