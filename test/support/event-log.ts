import { type Draft, eventTopic, newEventId } from '#src/services/notifications/index.ts'
import type { NewNotification } from '#src/store/index.ts'
import type { Product } from './product.ts'
import { openBeside } from './rows.ts'

/** Whose events they are, as POST /instances answered. */
export interface EventOwner {
  readonly organizationId: number
  readonly accountId: number
  readonly userId: number
  readonly instanceId: number
}

/** Whose an instance is, by its id. */
export const ownerOf = async (product: Product, instanceId: number): Promise<EventOwner> => {
  const db = await openBeside(product)
  try {
    const [owner] = await db.query<EventOwner>({
      text: `select organization_id as "organizationId", account_id as "accountId", user_id as "userId",
        instance_id as "instanceId" from instances where instance_id = $1`,
      values: [instanceId],
    })
    if (owner === undefined) throw new Error(`no instance ${instanceId}`)
    return owner
  } finally {
    await db.close()
  }
}

/** Lets somebody subscribe to the events of an instance, as its configuration would. */
export const subscribe = (product: Product, owner: EventOwner, url: string) =>
  product.context.store.subscriptions.put({
    ...owner,
    channel: 'webhook',
    topics: [eventTopic(owner.instanceId, 'concur')],
    config: { url },
  })

const draftOf = (owner: EventOwner, objectType: string, ids: readonly string[]): Draft => {
  const eventId = newEventId()
  const { organizationId, accountId, instanceId, userId } = owner
  return {
    ...owner,
    kind: 'poll',
    eventId,
    topic: eventTopic(instanceId, 'concur'),
    objectType,
    objects: ids.map((id) => `${objectType}/${id}`),
    message: {
      ...{ elementKey: 'concur', accountId, eventId, companyId: organizationId, instanceId, userId },
      raw: { [objectType]: ids.map((id) => ({ id })), objectType, pollDate: 1_770_000_000_000 },
      events: ids.map((objectId) => ({
        ...{ elementKey: 'concur', hubKey: 'expense', objectType, objectId, eventType: 'UPDATED' },
        date: '2026-02-01T10:00:00Z',
        pollDate: '2026-02-01T10:00:10Z',
      })),
    },
  }
}

/** Stores events of one instance as a poll would: one for each list of object ids. */
export const tellEvents = (
  product: Product,
  owner: EventOwner,
  objects: readonly (readonly string[])[],
  objectType = 'reports',
): Promise<readonly NewNotification[]> =>
  product.context.store.transaction((inside) =>
    product.context.notifications.tell(
      inside,
      objects.map((ids) => draftOf(owner, objectType, ids)),
    ),
  )

/** Writes what the delivery of a notification would have left. */
export const setDeliveries = async (
  product: Product,
  notificationId: number,
  set: { readonly status: string; readonly log: readonly unknown[]; readonly delivered?: boolean },
): Promise<void> => {
  const db = await openBeside(product)
  try {
    await db.query({
      text: `update deliveries set status = $2, log = $3, delivered_at = case when $4 then now() end, due_at = null
        where notification_id = $1`,
      values: [notificationId, set.status, JSON.stringify(set.log), set.delivered ?? false],
    })
  } finally {
    await db.close()
  }
}

/** Moves notifications to a time. */
export const setCreated = async (
  product: Product,
  notificationIds: readonly number[],
  at: string,
): Promise<void> => {
  const db = await openBeside(product)
  try {
    await db.query({
      text: 'update notifications set created_at = $2 where notification_id = any($1::bigint[])',
      values: [notificationIds, at],
    })
  } finally {
    await db.close()
  }
}
