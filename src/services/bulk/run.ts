import { AppError } from '#src/lib/errors.ts'
import type { StopSignal } from '#src/lib/stop-signal.ts'
import { type BulkJobKey, type Claim, type Due, LeaseLost, type Outcome } from '#src/queue/index.ts'
import type { BulkJobRow } from '#src/store/index.ts'
import type { HubCall } from '../objects/index.ts'
import type { DownloadCheckpoint, DownloadCriteria } from './criteria.ts'
import { downloadStep, type Step, type StepInput } from './download-step.ts'
import type { Ends } from './ends.ts'
import { hasDoubt, tellDoubt } from './in-doubt.ts'
import type { BulkNeed } from './need.ts'
import { isPassing } from './passing.ts'
import { resourceFor } from './receive-upload.ts'
import { sortParts } from './sort-parts.ts'
import { type UploadStep, uploadStep } from './upload-step.ts'

/** So many jobs of one organization run at a time, the oldest first; the others wait for them. */
const atOnce = 2
const behindSeconds = 1
const lookMs = 700
const firstPauseSeconds = 5
const longestPauseSeconds = 600

const wordsOf = ({ message, details }: AppError): string =>
  details.providerMessage === undefined ? message : `${message} The provider said: ${details.providerMessage}`

const pauseOf = (failures: number, { details }: AppError): number =>
  Math.max(
    details.retryAfterSeconds ?? 0,
    Math.min(longestPauseSeconds, firstPauseSeconds * 2 ** Math.min(failures, 10)),
  )

const isRead = (job: BulkJobRow): boolean => (job.checkpoint as DownloadCheckpoint).place === null

/** Runs steps of jobs that are due. */
export const createRun = (need: BulkNeed, ends: Ends) => {
  const { store, queue, instances, objects } = need

  const stepOf = (input: StepInput): Promise<Step> => {
    const { job, resource } = input
    const { orderBy } = job.criteria as DownloadCriteria
    return orderBy !== '' && isRead(job) ? sortParts(need, job, resource) : downloadStep(need, input)
  }

  /** Looks once in a while whether the job was cancelled while a step runs. */
  const watch = (job: BulkJobRow, signal: StopSignal) => {
    let over = false
    const timer = setInterval(() => {
      store.bulkJobs.find(job).then(
        (now) => {
          over = now === undefined || now.finishedAt !== null
        },
        () => undefined,
      )
    }, lookMs)
    return { isOver: () => over || signal.aborted, end: () => clearInterval(timer) }
  }

  const isWhole = (job: BulkJobRow, { done, parts }: Step): boolean =>
    done && ((job.criteria as DownloadCriteria).orderBy === '' || parts !== undefined)

  /** Stores what a step did with where the job goes on; one that was ended meanwhile stays as it is. */
  const settle = (claim: Claim<BulkJobKey>, job: BulkJobRow, step: Step, spentMs: number): Promise<Outcome> =>
    store.transaction(async (inside): Promise<Outcome> => {
      const now = await inside.bulkJobs.lock(job)
      if (now === undefined) throw new LeaseLost(claim)
      if (now.finishedAt !== null) {
        await queue.finish(inside.tx, claim, now.subscriptionId === null ? null : { afterSeconds: 1 })
        return 'finished'
      }
      if (step.part !== undefined) await inside.bulkParts.insert(job, step.part)
      if (step.parts !== undefined) {
        await inside.bulkParts.removeAll(job)
        for (const part of step.parts) await inside.bulkParts.insert(job, part)
      }
      const change = { ...step.change, message: null, failures: 0, spentMs: now.spentMs + spentMs }
      let due: Due = { afterSeconds: 0 }
      if (isWhole(job, step)) due = await ends.end(inside, now, 'COMPLETED', change)
      else await inside.bulkJobs.change(job, change)
      await queue.finish(inside.tx, claim, due)
      return 'finished'
    })

  /** An upload stores its rows itself. */
  const settleUpload = (
    claim: Claim<BulkJobKey>,
    job: BulkJobRow,
    { done, afterSeconds = 0 }: UploadStep,
    spentMs: number,
  ): Promise<Outcome> =>
    store.transaction(async (inside): Promise<Outcome> => {
      const now = await inside.bulkJobs.lock(job)
      if (now === undefined) throw new LeaseLost(claim)
      let due: Due = { afterSeconds }
      const change = { spentMs: now.spentMs + spentMs }
      if (now.finishedAt !== null) due = now.subscriptionId === null ? null : { afterSeconds: 1 }
      else if (done) due = await ends.end(inside, now, 'COMPLETED', { ...change, expected: now.records })
      else await inside.bulkJobs.change(job, change)
      await queue.finish(inside.tx, claim, due)
      return 'finished'
    })

  const settleDoubt = (claim: Claim<BulkJobKey>, job: BulkJobRow): Promise<void> =>
    store.transaction(async (inside) => {
      const now = await inside.bulkJobs.lock(job)
      const isOurs = await inside.bulkJobs.change(job, {}, claim.token)
      if (now === undefined || !isOurs) throw new LeaseLost(claim)
      if (now.finishedAt !== null && hasDoubt(now)) await tellDoubt(inside, now)
    })

  /** A failure that passes lets the job wait; another ends it. */
  const fail = (claim: Claim<BulkJobKey>, job: BulkJobRow, error: AppError): Promise<Outcome> =>
    store.transaction(async (inside): Promise<Outcome> => {
      const now = await inside.bulkJobs.lock(job)
      if (now === undefined) throw new LeaseLost(claim)
      let due: Due = null
      if (now.finishedAt === null && isPassing(error)) {
        const afterSeconds = pauseOf(now.failures, error)
        due = { afterSeconds }
        const message = `Waits: ${wordsOf(error)}`.slice(0, 2_000)
        await inside.bulkJobs.change(job, { message, failures: now.failures + 1 })
      } else if (now.finishedAt === null)
        due = await ends.end(inside, now, 'ABORTED', { message: wordsOf(error).slice(0, 2_000) })
      await queue.finish(inside.tx, claim, due)
      return 'finished'
    })

  const callOf = async (job: BulkJobRow, signal: StopSignal): Promise<HubCall> => {
    const instance = await instances.openById(job.organizationId, job.instanceId)
    if (instance === null)
      throw new AppError('not-found', `Instance ${job.instanceId} was removed before the job was done.`)
    if (instance.disabled)
      throw new AppError(
        'instance-disabled',
        `Instance ${job.instanceId} is disabled. Enable it, and the job goes on.`,
      )
    const unheard = (): void => undefined
    return {
      instance,
      trace: { vendorCalls: [] },
      signal,
      onPlan: unheard,
      onNarrowed: unheard,
      background: true,
    }
  }

  const begin = async (claim: Claim<BulkJobKey>, job: BulkJobRow): Promise<void> => {
    if (job.startedAt === null)
      await store.bulkJobs.change(job, { state: 'RUNNING', startedAt: new Date() }, claim.token)
  }

  const upload = async (
    claim: Claim<BulkJobKey>,
    job: BulkJobRow,
    call: HubCall,
    isOver: () => boolean,
    sinceMs: number,
  ): Promise<Outcome> => {
    const resource = resourceFor(need, call.instance, job.objectName)
    await begin(claim, job)
    const step = await uploadStep(need, { job, claim, resource, call, isOver })
    if (step.pause !== undefined) return fail(claim, job, step.pause)
    return settleUpload(claim, job, step, Math.round(performance.now() - sinceMs))
  }

  const workOn = async (claim: Claim<BulkJobKey>, job: BulkJobRow, signal: StopSignal): Promise<Outcome> => {
    const sinceMs = performance.now()
    const watched = watch(job, signal)
    try {
      const call = await callOf(job, signal)
      if (job.direction === 'UPLOAD') return await upload(claim, job, call, watched.isOver, sinceMs)
      const resource = objects.resource(call.instance, job.objectName)
      await begin(claim, job)
      const step = await stepOf({ job, resource, call, isOver: watched.isOver })
      const outcome = await settle(claim, job, step, Math.round(performance.now() - sinceMs))
      return outcome
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'stopping' || signal.aborted) throw error
      return fail(claim, job, error)
    } finally {
      watched.end()
    }
  }

  /**
   * Runs one step of a job that is due, or looks after one that has ended.
   * @throws LeaseLost, and what is no failure of the job: it is tried again then.
   */
  return async (claim: Claim<BulkJobKey>, signal: StopSignal): Promise<Outcome> => {
    const job = await store.bulkJobs.find(claim.row)
    if (job === undefined) return null
    if (job.finishedAt !== null && hasDoubt(job)) await settleDoubt(claim, job)
    if (job.finishedAt !== null) return ends.lookAfter(job, (inside) => queue.finish(inside.tx, claim, null))
    if ((await store.bulkJobs.ahead(job)) >= atOnce) return { afterSeconds: behindSeconds }
    return workOn(claim, job, signal)
  }
}
