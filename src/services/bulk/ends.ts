import type { JsonObject } from '#src/lib/json.ts'
import { bulkDue, type Outcome } from '#src/queue/index.ts'
import type { BulkChange, BulkJobRow, BulkState, Transaction } from '#src/store/index.ts'
import { newEventId } from '../notifications/index.ts'
import type { BulkNeed } from './need.ts'

type EndState = Extract<BulkState, 'COMPLETED' | 'ABORTED' | 'CANCELLED'>

/** After so long it is looked whether the job's callback was told. */
const lookAfterSeconds = 30
const longestLookSeconds = 86_400

/** What a callback is sent: id and state first, then what was asked to come along (spec/contract.md 7). */
const messageOf = (job: BulkJobRow, state: EndState): JsonObject => ({
  id: String(job.jobId),
  status: state,
  recordsCount: job.records,
  recordsFailedCount: job.failed,
  instanceId: job.instanceId,
  object_name: job.objectName,
  job_direction: job.direction,
  ...(job.callbackPayload === null ? {} : { 'callback-payload': job.callbackPayload }),
})

/** What becomes of jobs at their end, and after it. */
export const createEnds = ({
  store,
  queue,
  notifications,
}: Pick<BulkNeed, 'store' | 'queue' | 'notifications'>) => {
  const subscribe = async (
    inside: Transaction,
    { organizationId, accountId, userId }: BulkJobRow,
    topic: string,
    url: string,
  ): Promise<number> => {
    const owner = { organizationId, accountId, userId, instanceId: null }
    const made = await inside.subscriptions.put({
      ...owner,
      ...{ channel: 'webhook', topics: [topic], config: { url } },
    })
    return made.subscriptionId
  }

  /** A subscription of the job's own, which its row removes when nothing is on its way to it any more. */
  const tell = async (inside: Transaction, job: BulkJobRow, state: EndState): Promise<number | null> => {
    const { organizationId, accountId, userId, instanceId, callbackUrl } = job
    if (callbackUrl === null) return null
    const topic = `bulk-${job.jobId}`
    // A job that was resumed may still have that of its end before.
    const subscriptionId = job.subscriptionId ?? (await subscribe(inside, job, topic, callbackUrl))
    await notifications.tell(inside, [
      {
        ...{ kind: 'bulk', organizationId, accountId, userId, instanceId, topic, eventId: newEventId() },
        ...{ message: messageOf(job, state), bare: true },
      },
    ])
    return subscriptionId
  }

  return {
    /**
     * Ends a job, and stores what its callback is told, in the caller's transaction.
     * @param job locked, and as it was until now.
     * @returns when it is to be looked after.
     */
    end: async (
      inside: Transaction,
      job: BulkJobRow,
      state: EndState,
      change: BulkChange = {},
    ): Promise<{ readonly afterSeconds: number } | null> => {
      const subscriptionId = await tell(inside, { ...job, ...change }, state)
      const last = { state, finishedAt: new Date(), subscriptionId, failures: 0 }
      await inside.bulkJobs.change(job, { ...change, ...last })
      return subscriptionId === null ? null : { afterSeconds: lookAfterSeconds }
    },
    /**
     * Removes the subscription of a job's callback, once nothing is on its way to it; looks later and later till then.
     * @param finish ends the claim in the transaction of that.
     */
    lookAfter: (job: BulkJobRow, finish: (inside: Transaction) => Promise<void>): Promise<Outcome> =>
      store.transaction(async (inside): Promise<Outcome> => {
        const { organizationId, subscriptionId, finishedAt } = job
        if (subscriptionId === null) return null
        // The job first, as whoever ends or cancels it does: so nobody waits for each other.
        await inside.bulkJobs.lock(job)
        await inside.subscriptions.lock(organizationId, [subscriptionId])
        if (await inside.subscriptions.isDelivering(organizationId, subscriptionId)) {
          const ageSeconds = (Date.now() - (finishedAt?.getTime() ?? 0)) / 1_000
          return { afterSeconds: Math.min(longestLookSeconds, Math.max(lookAfterSeconds, ageSeconds / 2)) }
        }
        await inside.subscriptions.remove(organizationId, subscriptionId)
        await inside.bulkJobs.change(job, { subscriptionId: null })
        await finish(inside)
        return 'finished'
      }),
    /** Says that a job is due now. */
    wake: async (inside: Transaction): Promise<void> => {
      await queue.wake(inside.tx, bulkDue)
    },
  }
}

export type Ends = ReturnType<typeof createEnds>
