import { AppError } from '#src/lib/errors.ts'
import type { Json } from '#src/lib/json.ts'
import { deliveriesDue } from '#src/queue/index.ts'
import type { NotificationFilter, NotificationRow, Transaction } from '#src/store/index.ts'
import type { Caller } from '../accounts/index.ts'
import type { NotificationsNeed } from './need.ts'
import type { Severity, Tell } from './tell.ts'
import { type NotificationView, notificationView } from './views.ts'

/** Something that a caller tells the subscribers of its own account. */
export interface Told {
  readonly topic: string
  readonly severity: Severity | undefined
  /** Who it is from; absent: the product. */
  readonly from: string | undefined
  readonly message: Json
}

const largestMessageBytes = 262_144

const messageIn = (message: Json): Json => {
  if (Buffer.byteLength(JSON.stringify(message)) <= largestMessageBytes) return message
  throw new AppError('too-large', 'message: at most 256 KB of JSON.')
}

/** An id that the caller's account has no notification of, whoever else may have. */
const noNotification = (notificationId: number): AppError =>
  new AppError('not-found', `No notification found with id ${notificationId}`)

/** A notification of the caller's own account. @throws AppError `not-found`. */
export const ownNotification = async (
  tables: Pick<Transaction, 'notifications'>,
  caller: Caller,
  notificationId: number,
): Promise<NotificationRow> => {
  const row = await tables.notifications.find(caller.organizationId, notificationId)
  if (row?.accountId === caller.accountId) return row
  throw noNotification(notificationId)
}

/** The notifications of an account: told, listed, read, acknowledged, removed. */
export const createManual = ({ store, queue }: NotificationsNeed, tell: Tell) => ({
  /** @throws AppError `too-large`. */
  post: async (caller: Caller, told: Told): Promise<NotificationView> => {
    const message = messageIn(told.message)
    const sender = told.from === undefined ? {} : { sender: told.from }
    const severity = told.severity === undefined ? {} : { severity: told.severity }
    const [row] = await store.transaction((inside) =>
      tell(inside, [
        { kind: 'manual', ...caller, instanceId: null, topic: told.topic, message, ...sender, ...severity },
      ]),
    )
    if (row === undefined) throw new Error('a notification was told and not stored')
    return notificationView(row)
  },
  /** Newest first. */
  list: async (caller: Caller, filter: NotificationFilter): Promise<readonly NotificationView[]> => {
    const rows = await store.notifications.list(caller.organizationId, caller.accountId, filter)
    return rows.map(notificationView)
  },
  /** @throws AppError `not-found`. */
  read: async (caller: Caller, notificationId: number): Promise<NotificationView> =>
    notificationView(await ownNotification(store, caller, notificationId)),
  /** @throws AppError `not-found`. */
  acknowledge: async (
    { organizationId, accountId }: Caller,
    notificationId: number,
  ): Promise<NotificationView> => {
    const row = await store.notifications.acknowledge(organizationId, accountId, notificationId)
    if (row === undefined) throw noNotification(notificationId)
    return notificationView(row)
  },
  /** With its deliveries: those that waited for one of them go on. @throws AppError `not-found`. */
  remove: (caller: Caller, notificationId: number): Promise<void> =>
    store.transaction(
      async (inside) => {
        const { organizationId } = caller
        await ownNotification(inside, caller, notificationId)
        const deliveries = await inside.deliveries.find(organizationId, notificationId)
        await inside.subscriptions.lock(
          organizationId,
          deliveries.map(({ subscriptionId }) => subscriptionId),
        )
        await inside.notifications.remove(organizationId, notificationId)
        const freed = await inside.deliveries.letGo(
          organizationId,
          deliveries.map(({ deliveryId }) => deliveryId),
        )
        if (freed > 0) await queue.wake(inside.tx, deliveriesDue)
      },
      { repeats: true },
    ),
})
