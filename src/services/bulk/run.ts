import { AppError } from '#src/lib/errors.ts'
import type { StopSignal } from '#src/lib/stop-signal.ts'
import type { BulkJobKey, Claim, Outcome } from '#src/queue/index.ts'
import type { BulkJobRow } from '#src/store/index.ts'
import { backgroundCall, type HubCall } from '../objects/index.ts'
import type { DownloadCheckpoint, DownloadCriteria } from './criteria.ts'
import { downloadStep, type Step, type StepInput } from './download-step.ts'
import type { Ends } from './ends.ts'
import { handOver } from './hand-over.ts'
import { hasDoubt } from './in-doubt.ts'
import { resourceOfJob, resourceOfUpload } from './job-resource.ts'
import type { BulkNeed } from './need.ts'
import { createSettle, isWhole } from './settle.ts'
import { sortParts } from './sort-parts.ts'
import { uploadStep } from './upload-step.ts'

/** So many jobs of one organization run at a time, the oldest first; the others wait for them. */
const atOnce = 2
const behindSeconds = 1
const lookMs = 700
const isRead = (job: BulkJobRow): boolean => (job.checkpoint as DownloadCheckpoint).place === null

/** Runs steps of jobs that are due. */
export const createRun = (need: BulkNeed, ends: Ends) => {
  const { store, queue, instances } = need
  const { settle, settleUpload, settleDoubt, fail } = createSettle(need, ends)

  const stepOf = (input: StepInput): Promise<Step> => {
    const { job } = input
    const { orderBy } = job.criteria as DownloadCriteria
    return orderBy !== '' && isRead(job) ? sortParts(need, input) : downloadStep(need, input)
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

  const callOf = async (job: BulkJobRow, signal: StopSignal): Promise<HubCall> => {
    const instance = await instances.openById(job.organizationId, job.instanceId)
    if (instance === null)
      throw new AppError('not-found', `Instance ${job.instanceId} was removed before the job was done.`)
    if (instance.disabled)
      throw new AppError(
        'instance-disabled',
        `Instance ${job.instanceId} is disabled. Enable it, and the job goes on.`,
      )
    // A file can be read again; what a vendor was sent cannot be taken back.
    return backgroundCall(instance, signal, job.direction === 'UPLOAD')
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
    const resource = resourceOfUpload(need, call.instance, job)
    await begin(claim, job)
    const step = await uploadStep(need, { job, claim, resource, call, isOver })
    if (step.pause !== undefined) return fail(claim, step.pause)
    return settleUpload(claim, step, Math.round(performance.now() - sinceMs))
  }

  const workOn = async (claim: Claim<BulkJobKey>, job: BulkJobRow, signal: StopSignal): Promise<Outcome> => {
    const sinceMs = performance.now()
    const watched = watch(job, signal)
    try {
      const call = await callOf(job, signal)
      if (job.direction === 'UPLOAD') return await upload(claim, job, call, watched.isOver, sinceMs)
      const resource = resourceOfJob(need, call.instance, job)
      await begin(claim, job)
      const step = await stepOf({ job, resource, call, isOver: watched.isOver })
      const next = isWhole(job, step) ? await handOver(need, job, step) : undefined
      return await settle(claim, job, step, Math.round(performance.now() - sinceMs), next)
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'stopping' || signal.aborted) throw error
      return fail(claim, error)
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
