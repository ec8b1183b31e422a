import { isJsonObject, type Json } from '#src/lib/json.ts'
import type { DeliveryRow, EventRow, SubscriptionRow } from '#src/store/index.ts'

/** What came in, as JSON text. Not taken out by PostgreSQL, which refuses to read escapes that a vendor may have sent. */
const rawIn = (body: string): string => {
  const { message } = JSON.parse(body) as { readonly message: Json }
  return isJsonObject(message) && message['raw'] !== undefined ? JSON.stringify(message['raw']) : ''
}

/** An event as the API shows it (spec/contract.md 6.3, event log). */
export const eventView = (row: EventRow) => ({
  id: row.eventId,
  eventDate: row.createdAt.toISOString(),
  status: row.status,
  kind: row.kind,
  ...(row.objectType === null ? {} : { objectType: row.objectType }),
  objectCount: Math.max(1, row.objectCount),
  providerData: row.body === null ? '' : rawIn(row.body),
  notifiedData: row.body !== null && row.status === 'NOTIFIED' ? [row.body] : [],
  eventElementInstances: [
    {
      elementInstanceId: row.instanceId,
      notificationId: row.notificationId,
      createdDate: row.createdAt.toISOString(),
    },
  ],
})

const textAt = (config: SubscriptionRow['config'], key: string): string | undefined => {
  const value = config[key]
  return typeof value === 'string' ? value : undefined
}

/** One way of an event to a receiver, with every attempt; this product's own. */
export const deliveryView = (row: DeliveryRow, subscription: SubscriptionRow | undefined) => {
  const url = subscription === undefined ? undefined : textAt(subscription.config, 'url')
  return {
    id: row.deliveryId,
    subscriptionId: row.subscriptionId,
    channel: row.channel,
    status: row.status,
    ...(url === undefined ? {} : { url }),
    createdDate: row.createdAt.toISOString(),
    updatedDate: row.updatedAt.toISOString(),
    ...(row.deliveredAt === null ? {} : { deliveredDate: row.deliveredAt.toISOString() }),
    ...(row.dueAt === null ? {} : { nextDate: row.dueAt.toISOString() }),
    attempts: row.log,
  }
}
