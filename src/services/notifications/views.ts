import type { Json, JsonObject } from '#src/lib/json.ts'
import { isJsonObject } from '#src/lib/json.ts'
import { isSecretName } from '#src/lib/mask.ts'
import type { DeliveryRow, NewNotification, NotificationRow, SubscriptionRow } from '#src/store/index.ts'

/** What was told, without its envelope. */
const messageOf = (body: string): Json => {
  const envelope = JSON.parse(body) as Json
  return isJsonObject(envelope) ? (envelope.message ?? null) : null
}

/** A notification as its API shows it: other than in what is sent, dates are ISO 8601 and ids are numbers. */
export const notificationView = (row: NewNotification & Partial<NotificationRow>) => ({
  id: row.notificationId,
  from: row.sender,
  topic: row.topic,
  severity: row.severity,
  message: messageOf(row.body),
  createdDate: row.createdAt.toISOString(),
  active: true,
  acknowledged: row.acknowledged ?? false,
  ...(row.eventId === null ? {} : { eventId: row.eventId }),
  ...(row.instanceId === null ? {} : { instanceId: row.instanceId }),
})

export type NotificationView = ReturnType<typeof notificationView>

const isSecret = (name: string): boolean => isSecretName(name) || /signature/i.test(name)

/** The names of values that nobody else should read, at any depth. */
export const secretNamesIn = (value: Json, path = 'config'): readonly string[] => {
  if (!isJsonObject(value)) return []
  return Object.entries(value).flatMap(([name, child]) => {
    if (isSecret(name) && child !== null) return [`${path}.${name}`]
    return secretNamesIn(child, `${path}.${name}`)
  })
}

const masked = (value: Json): Json => {
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, child]) => [name, isSecret(name) ? '********' : masked(child)]),
  )
}

export const subscriptionView = (row: SubscriptionRow) => ({
  id: row.subscriptionId,
  channel: row.channel,
  topics: row.topics,
  config: masked(row.config as JsonObject) as JsonObject,
  active: row.active,
  ...(row.inactiveReason === null ? {} : { inactiveReason: row.inactiveReason }),
  createdDate: row.createdAt.toISOString(),
  ...(row.instanceId === null ? {} : { instanceId: row.instanceId }),
})

export type SubscriptionView = ReturnType<typeof subscriptionView>

/** A delivery, with what it delivers and to whom where that is given. */
export const deliveryView = (
  row: DeliveryRow,
  notification?: NotificationRow,
  subscription?: SubscriptionRow,
) => ({
  id: row.deliveryId,
  notificationId: row.notificationId,
  subscriptionId: row.subscriptionId,
  channel: row.channel,
  status: row.status,
  createdDate: row.createdAt.toISOString(),
  updatedDate: row.updatedAt.toISOString(),
  ...(row.deliveredAt === null ? {} : { deliveredDate: row.deliveredAt.toISOString() }),
  ...(row.dueAt === null ? {} : { nextDate: row.dueAt.toISOString() }),
  attempts: row.log,
  ...(notification === undefined ? {} : { notification: notificationView(notification) }),
  ...(subscription === undefined ? {} : { subscription: subscriptionView(subscription) }),
})

export type DeliveryView = ReturnType<typeof deliveryView>
