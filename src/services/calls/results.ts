import type { Json } from '#src/lib/json.ts'
import { type CallDueKey, type Claim, type Due, LeaseLost, type Outcome } from '#src/queue/index.ts'
import type { CallRow, Transaction } from '#src/store/index.ts'
import type { OwnAccess } from '../instances/index.ts'
import { eventTopic } from '../notifications/index.ts'
import { type Callback, openCarried } from './carried.ts'
import type { CallsNeed } from './need.ts'
import type { Ran } from './run.ts'

/** Where a result is told, by which the delivery finds its way. */
interface Target {
  readonly topic: string
  readonly accountId: number
  readonly userId: number
  /** The subscription that was made for it alone. */
  readonly subscriptionId: number | null
}

const firstLookSeconds = 30
const longestLookSeconds = 86_400

/** The topic of one result that goes to an address of its own. */
const asyncTopic = (callId: number): string => `async-${callId}`

const messageOf = (row: CallRow, instance: OwnAccess | undefined, { run, response, error }: Ran): Json => ({
  eventId: row.callId,
  instanceId: row.instanceId,
  status: run.status,
  response,
  ...(error === null ? {} : { error }),
  ...(run.requestId === null ? {} : { requestId: run.requestId }),
  elementKey: instance?.elementKey ?? null,
  accountId: row.accountId,
  companyId: row.organizationId,
  userId: row.userId,
})

/**
 * Tells the results of asynchronous calls. One that goes where the instance's events go uses their subscription;
 * another gets one of its own, which its call removes when nothing is on its way to it any more: both are made and
 * removed in one transaction with the call's row, so a crash leaves neither alone.
 */
export const createResults = (need: CallsNeed) => {
  const { store, queue, notifications, instances } = need

  const targetOf = async (
    inside: Transaction,
    row: CallRow,
    callback: Callback,
    instance: OwnAccess | undefined,
  ): Promise<Target> => {
    const { organizationId, accountId, userId, instanceId, callId } = row
    if (callback.isOfInstance && instanceId !== null && instance !== undefined) {
      const theirs = await inside.subscriptions.ofInstance(organizationId, instanceId)
      const topic = eventTopic(instanceId, instance.elementKey)
      if (theirs?.topics.includes(topic) === true)
        return { topic, accountId: theirs.accountId, userId: theirs.userId, subscriptionId: null }
    }
    const url = (callback.isOfInstance ? instance?.callbackUrl : undefined) ?? callback.url
    const topic = asyncTopic(callId)
    const made = await inside.subscriptions.put({
      ...{ organizationId, accountId, userId, instanceId: null },
      ...{ channel: 'webhook', topics: [topic], config: { url } },
    })
    return { topic, accountId, userId, subscriptionId: made.subscriptionId }
  }

  /** Stores the result with its delivery, and ends the claim. @throws LeaseLost */
  const tell = async (claim: Claim<CallDueKey>, row: CallRow, ran: Ran): Promise<void> => {
    const { callback } = openCarried(need, row)
    if (callback === null) throw new Error(`call ${row.callId} has nowhere to tell its result`)
    const { organizationId, instanceId } = row
    const instance = instanceId === null ? undefined : await instances.ownAccess(organizationId, instanceId)
    await store.transaction(async (inside) => {
      if ((await inside.calls.lock(row)) === undefined) throw new LeaseLost(claim)
      const { topic, accountId, userId, subscriptionId } = await targetOf(inside, row, callback, instance)
      const message = messageOf(row, instance, ran)
      await notifications.tell(inside, [
        { kind: 'async', organizationId, accountId, userId, instanceId, topic, message },
      ])
      await queue.finish(
        inside.tx,
        claim,
        subscriptionId === null ? null : { afterSeconds: firstLookSeconds },
      )
      if (subscriptionId === null) await inside.calls.remove(row)
      else await inside.calls.setTold(row, subscriptionId)
    })
  }

  /** Later and later: what is queued may wait for weeks. */
  const lookAgain = ({ toldAt }: CallRow): Due => {
    const ageSeconds = (Date.now() - (toldAt?.getTime() ?? 0)) / 1_000
    return { afterSeconds: Math.min(longestLookSeconds, Math.max(firstLookSeconds, ageSeconds / 2)) }
  }

  /** Removes a told call with its subscription, once nothing is on its way to that. */
  const lookAfter = (claim: Claim<CallDueKey>, row: CallRow): Promise<Outcome> => {
    const { organizationId, subscriptionId } = row
    return store.transaction(async (inside): Promise<Outcome> => {
      if (subscriptionId !== null) {
        await inside.subscriptions.lock(organizationId, [subscriptionId])
        if (await inside.subscriptions.isDelivering(organizationId, subscriptionId)) return lookAgain(row)
        await inside.subscriptions.remove(organizationId, subscriptionId)
      }
      await queue.finish(inside.tx, claim, null)
      await inside.calls.remove(row)
      return 'finished'
    })
  }

  return { tell, lookAfter }
}
