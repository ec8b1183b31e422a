import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from '#src/main/context.ts'
import { pollDrafts } from '#src/services/events/drafts.ts'
import type { Caller } from '#src/services/index.ts'
import { makePayload } from '../payload.ts'
import type { Stored } from './order.ts'

const atOnce = 1_000
const lookEveryMs = 20

/** Notifications of polls, stored as a poll stores them, and their deliveries to addresses. */
export const createDeliveries = (context: Context, caller: Caller, instanceId: number) => {
  const { store, instances, notifications } = context
  const { organizationId, accountId, userId } = caller
  const row = JSON.parse(makePayload().one)
  let stored = 0
  const subscriptions = new Map<string, number>()

  const query = <R>(text: string, values: readonly unknown[]): Promise<R[]> =>
    store.transaction(({ tx }) => tx.query<R>({ text, values }))

  const subscriptionOf = (url: string): number => {
    const id = subscriptions.get(url)
    if (id === undefined) throw new Error(`nothing was stored for ${url}`)
    return id
  }

  /** From the youngest, which are sent last: those that were sent leave dead entries behind, each look would pass them. */
  const isOpen = async (subscriptionId: number): Promise<boolean> => {
    const rows = await query(
      `select 1 from deliveries where organization_id = $1 and subscription_id = $2
        and status in ('created', 'retry', 'queued') order by coalesce(due_at, 'infinity') desc limit 1`,
      [organizationId, subscriptionId],
    )
    return rows.length > 0
  }

  return {
    store: async (count: number, url: string): Promise<Stored> => {
      const beganMs = performance.now()
      const instance = await instances.openById(organizationId, instanceId)
      if (instance === null) throw new Error('no instance')
      const topic = `bench ${url}`
      if (!subscriptions.has(url)) {
        const made = await store.subscriptions.put({
          ...{ organizationId, accountId, userId, instanceId: null, channel: 'webhook' },
          ...{ topics: [topic], config: { url } },
        })
        subscriptions.set(url, made.subscriptionId)
      }
      let body = ''
      for (let at = 0; at < count; at += atOnce) {
        const drafts = Array.from({ length: Math.min(atOnce, count - at) }, () => {
          stored += 1
          const change = { type: 'UPDATED', id: `R${stored}`, at: Date.now(), row } as const
          return pollDrafts(instance, 'reports', Date.now(), [change])
        })
        const made = await store.transaction((inside) =>
          notifications.tell(
            inside,
            drafts.flat().map((draft) => ({ ...draft, topic })),
          ),
        )
        body = made[0]?.body ?? body
      }
      await query('analyze notifications, deliveries, subscriptions', [])
      return { seconds: (performance.now() - beganMs) / 1_000, body }
    },
    /** Looks every 20 ms. */
    delivered: async (url: string): Promise<void> => {
      while (await isOpen(subscriptionOf(url))) await sleep(lookEveryMs)
    },
    withdraw: async (url: string): Promise<void> => {
      await query(
        `update deliveries set status = 'delivered', due_at = null
          where organization_id = $1 and subscription_id = $2 and status in ('created', 'retry', 'queued')`,
        [organizationId, subscriptionOf(url)],
      )
    },
  }
}
