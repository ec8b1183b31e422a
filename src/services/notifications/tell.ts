import { randomBytes } from 'node:crypto'
import { javaDateText } from '#src/lib/java-date-text.ts'
import type { Json } from '#src/lib/json.ts'
import { deliveriesDue } from '#src/queue/index.ts'
import type { NewNotification, NotificationKind, Transaction } from '#src/store/index.ts'
import type { NotificationsNeed } from './need.ts'

export type Severity = 'low' | 'medium' | 'high'

/** Something to be told, before it is fixed. */
export interface Draft {
  readonly kind: NotificationKind
  readonly organizationId: number
  readonly accountId: number
  readonly userId: number
  readonly instanceId: number | null
  /** Absent: it is no event. */
  readonly eventId?: string
  readonly topic: string
  /** `medium` when absent. */
  readonly severity?: Severity
  /** Who it is from, when not the product itself. */
  readonly sender?: string
  readonly objectType?: string
  /** What it is about, such as `reports/1`; each object's deliveries keep their order. No two drafts share one. */
  readonly objects?: readonly string[]
  readonly message: Json
  /** The message is sent by itself, without what else a notification tells. */
  readonly bare?: true
}

/** The id of an event: 20 characters that may stand in a URL (spec/contract.md 6.2), 120 random bits. */
export const newEventId = (): string => randomBytes(15).toString('base64url')

/** What is sent, as it was captured from Cloud Elements (spec/contract.md 6.2). */
const bodyOf = (draft: Draft, id: number, createdAt: Date, sender: string): string => {
  if (draft.bare === true) return JSON.stringify(draft.message)
  return JSON.stringify({
    severity: draft.severity ?? 'medium',
    createdDate: javaDateText(createdAt),
    topic: draft.topic,
    action: 'create',
    id: String(id),
    user: draft.sender ?? sender,
    message: draft.message,
  })
}

const rowOf = (draft: Draft, id: number, sender: string): NewNotification => {
  const createdAt = new Date()
  return {
    organizationId: draft.organizationId,
    notificationId: id,
    accountId: draft.accountId,
    userId: draft.userId,
    instanceId: draft.instanceId,
    eventId: draft.eventId ?? null,
    kind: draft.kind,
    topic: draft.topic,
    severity: draft.severity ?? 'medium',
    sender: draft.sender ?? sender,
    objectType: draft.objectType ?? null,
    objects: draft.objects ?? [],
    body: bodyOf(draft, id, createdAt, sender),
    createdAt,
  }
}

/** So many at once in one statement. */
const atOnce = 200

/**
 * Stores notifications, and a delivery of each to each subscription to its topic, in the caller's transaction: from
 * then on neither their ids nor their bytes change. All drafts have one organization, account and topic.
 * @returns them, as stored.
 */
export const createTell =
  ({ queue, sender }: NotificationsNeed) =>
  async (inside: Transaction, drafts: readonly Draft[]): Promise<readonly NewNotification[]> => {
    const [first] = drafts
    if (first === undefined) return []
    const { organizationId, accountId, topic } = first
    const ids = await inside.notifications.nextIds(drafts.length)
    const rows = drafts.map((draft, at) => rowOf(draft, ids[at] ?? 0, sender))
    const subscriptions = await inside.subscriptions.lockForTopic(organizationId, accountId, topic)
    let due = 0
    for (let at = 0; at < rows.length; at += atOnce) {
      const some = rows.slice(at, at + atOnce)
      await inside.notifications.insert(some)
      if (subscriptions.length === 0) continue
      due += await inside.deliveries.insertFor(
        organizationId,
        some.map(({ notificationId }) => notificationId),
        subscriptions.map(({ id }) => id),
      )
    }
    if (due > 0) await queue.wake(inside.tx, deliveriesDue)
    return rows
  }

export type Tell = ReturnType<typeof createTell>
