import type { AppError } from '#src/lib/errors.ts'
import { type BulkJobKey, type Claim, type Due, LeaseLost, type Outcome } from '#src/queue/index.ts'
import type { BulkJobRow, NewBulkJob, Transaction } from '#src/store/index.ts'
import type { DownloadCriteria } from './criteria.ts'
import type { Step } from './download-step.ts'
import type { Ends } from './ends.ts'
import { hasDoubt, tellDoubt } from './in-doubt.ts'
import type { BulkNeed } from './need.ts'
import { isPassing } from './passing.ts'
import type { UploadStep } from './upload-step.ts'

const firstPauseSeconds = 5
const longestPauseSeconds = 600

/** The vendor's own words, too, where the message does not hold them. */
const wordsOf = ({ message, details: { providerMessage } }: AppError): string =>
  providerMessage === undefined || message.includes(providerMessage)
    ? message
    : `${message} The provider said: ${providerMessage}`

const pauseOf = (failures: number, { details }: AppError): number =>
  Math.max(
    details.retryAfterSeconds ?? 0,
    Math.min(longestPauseSeconds, firstPauseSeconds * 2 ** Math.min(failures, 10)),
  )

/** Whether a step is the last of its download. */
export const isWhole = (job: BulkJobRow, { done, parts }: Step): boolean =>
  done && ((job.criteria as DownloadCriteria).orderBy === '' || parts !== undefined)

/** When a job that has ended is looked after. */
const afterEnd = ({ subscriptionId }: BulkJobRow): Due =>
  subscriptionId === null ? null : { afterSeconds: 1 }

const storeParts = async (inside: Transaction, job: BulkJobRow, { part, parts }: Step): Promise<void> => {
  if (part !== undefined) await inside.bulkParts.insert(job, part)
  if (parts === undefined) return
  await inside.bulkParts.removeAll(job)
  for (const one of parts) await inside.bulkParts.insert(job, one)
}

/** How steps end: each in one transaction with where its job goes on, and only while its claim holds. */
export const createSettle = ({ store, queue }: BulkNeed, ends: Ends) => {
  /** Ends the claim in the transaction of what is done to the job; one that was ended meanwhile stays as it is. */
  const endClaim = (
    claim: Claim<BulkJobKey>,
    act: (inside: Transaction, now: BulkJobRow) => Promise<Due>,
  ): Promise<Outcome> =>
    store.transaction(async (inside): Promise<Outcome> => {
      const now = await inside.bulkJobs.lock(claim.row)
      if (now === undefined) throw new LeaseLost(claim)
      await queue.finish(inside.tx, claim, now.finishedAt === null ? await act(inside, now) : afterEnd(now))
      return 'finished'
    })

  /**
   * Stores what a step did with where the job goes on, or its end.
   * @param next the job that is stored with the end, and goes on from there.
   */
  const settle = (
    claim: Claim<BulkJobKey>,
    job: BulkJobRow,
    step: Step,
    spentMs: number,
    next?: NewBulkJob,
  ): Promise<Outcome> =>
    endClaim(claim, async (inside, now) => {
      await storeParts(inside, job, step)
      const change = { message: null, ...step.change, failures: 0, spentMs: now.spentMs + spentMs }
      if (isWhole(job, step)) {
        if (next !== undefined) {
          await inside.bulkJobs.insert(next)
          await ends.wake(inside)
        }
        return ends.end(inside, now, 'COMPLETED', change)
      }
      await inside.bulkJobs.change(job, change)
      return { afterSeconds: 0 }
    })

  /** An upload stores its rows itself. */
  const settleUpload = (
    claim: Claim<BulkJobKey>,
    { done, afterSeconds = 0 }: UploadStep,
    spentMs: number,
  ): Promise<Outcome> =>
    endClaim(claim, async (inside, now) => {
      const change = { spentMs: now.spentMs + spentMs }
      if (done) return ends.end(inside, now, 'COMPLETED', { ...change, expected: now.records })
      await inside.bulkJobs.change(now, change)
      return { afterSeconds }
    })

  const settleDoubt = (claim: Claim<BulkJobKey>, job: BulkJobRow): Promise<void> =>
    store.transaction(async (inside) => {
      const now = await inside.bulkJobs.lock(job)
      const isOurs = await inside.bulkJobs.change(job, {}, claim.token)
      if (now === undefined || !isOurs) throw new LeaseLost(claim)
      if (now.finishedAt !== null && hasDoubt(now)) await tellDoubt(inside, now)
    })

  /** A failure that passes lets the job wait; another ends it. */
  const fail = (claim: Claim<BulkJobKey>, error: AppError): Promise<Outcome> =>
    endClaim(claim, async (inside, now) => {
      const words = wordsOf(error)
      if (!isPassing(error)) return ends.end(inside, now, 'ABORTED', { message: words.slice(0, 2_000) })
      const failures = now.failures + 1
      await inside.bulkJobs.change(now, { message: `Waits: ${words}`.slice(0, 2_000), failures })
      return { afterSeconds: pauseOf(now.failures, error) }
    })

  return { settle, settleUpload, settleDoubt, fail }
}
