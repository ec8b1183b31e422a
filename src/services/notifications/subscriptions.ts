import { AppError } from '#src/lib/errors.ts'
import type { Json, JsonObject } from '#src/lib/json.ts'
import type { Channel, SubscriptionRow, Tables } from '#src/store/index.ts'
import type { Caller } from '../accounts/index.ts'
import { emailAddresses } from './addresses.ts'
import type { NotificationsNeed } from './need.ts'
import { type SubscriptionView, secretNamesIn, subscriptionView } from './views.ts'

export interface Wanted {
  readonly channel: Channel
  readonly topics: readonly string[]
  readonly config: JsonObject
}

const longestUrl = 2_000
/** By one transaction: whoever tells the subscription something, or writes what came of it, has its turn between two. */
export const rowsAtOnce = 2_000

/** What is wrong with an address that deliveries are to call (src/outbound/place.ts); undefined: nothing. */
const faultOfUrl = (value: Json | undefined): string | undefined => {
  if (typeof value !== 'string') return 'missing: the address that notifications are sent to.'
  if (value.length > longestUrl || !URL.canParse(value)) return 'it is no valid URL.'
  const url = new URL(value)
  if (!/^https?:$/.test(url.protocol)) return 'it must begin with https://.'
  return url.username === '' && url.password === '' ? undefined : 'it must not hold a user name or password.'
}

const checkConfig = (channel: Channel, config: JsonObject): void => {
  if (channel === 'webhook') {
    const fault = faultOfUrl(config.url)
    if (fault !== undefined) throw new AppError('bad-request', `config.url: ${fault}`)
    const [secret] = secretNamesIn(config)
    // The column is not sealed: what a receiver needs beside its address belongs to an instance's configuration.
    if (secret !== undefined)
      throw new AppError('bad-request', `${secret}: no secrets are kept with a subscription. Leave it out.`)
  }
  if (config.url === null)
    throw new AppError('bad-request', 'config.url: null. Leave it out, or send an address.')
  const { url } = config
  const to = config.to ?? config.email ?? undefined
  // Clients of Cloud Elements send `url` with every channel: such mail has nowhere to go, and is queued.
  if (channel === 'email' && (to !== undefined || url === undefined))
    emailAddresses(config.to === undefined ? 'config.email' : 'config.to', to)
}

const noSubscription = (subscriptionId: number): AppError =>
  new AppError('not-found', `No subscription found with id ${subscriptionId}`)

/** A subscription of the caller's own account. @throws AppError `not-found`. */
export const ownSubscription = async (
  tables: Pick<Tables, 'subscriptions'>,
  caller: Caller,
  subscriptionId: number,
): Promise<SubscriptionRow> => {
  const row = await tables.subscriptions.find(caller.organizationId, subscriptionId)
  if (row?.accountId === caller.accountId) return row
  throw noSubscription(subscriptionId)
}

/** Who of an account wants to be told of what. */
export const createSubscriptions = ({ store }: Pick<NotificationsNeed, 'store'>) => ({
  /** The same may be wanted more than once. @throws AppError `bad-request` naming the field. */
  subscribe: async (caller: Caller, { channel, topics, config }: Wanted): Promise<SubscriptionView> => {
    checkConfig(channel, config)
    return subscriptionView(
      await store.subscriptions.put({
        ...caller,
        instanceId: null,
        channel,
        topics,
        config,
      }),
    )
  },
  subscriptions: async (
    { organizationId, accountId }: Caller,
    page: { readonly afterId: number; readonly skip: number; readonly limit: number },
  ): Promise<readonly SubscriptionView[]> =>
    (await store.subscriptions.list(organizationId, accountId, page)).map(subscriptionView),
  /** @throws AppError `not-found`. */
  subscription: async (caller: Caller, subscriptionId: number): Promise<SubscriptionView> =>
    subscriptionView(await ownSubscription(store, caller, subscriptionId)),
  /** What was on its way to it goes too, much of it before. @throws AppError `not-found`. */
  unsubscribe: async (caller: Caller, subscriptionId: number): Promise<void> => {
    const { organizationId } = caller
    const removeSome = (): Promise<boolean> =>
      store.transaction(
        async (inside) => {
          await ownSubscription(inside, caller, subscriptionId)
          await inside.subscriptions.lock(organizationId, [subscriptionId])
          const removed = await inside.deliveries.removeOpenOf(organizationId, subscriptionId, rowsAtOnce)
          return removed < rowsAtOnce && inside.subscriptions.remove(organizationId, subscriptionId)
        },
        { repeats: true },
      )
    while (!(await removeSome()));
  },
})
