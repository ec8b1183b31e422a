import type { Resource } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { bulkDue } from '#src/queue/index.ts'
import type { BulkError, BulkJobRow, NewBulkJob, Transaction } from '#src/store/index.ts'
import type { Caller } from '../accounts/index.ts'
import type { OpenInstance } from '../instances/index.ts'
import { callbackAddress } from '../notifications/index.ts'
import { beginning, type HubCall, nameOf } from '../objects/index.ts'
import {
  criteriaOf,
  type DownloadAsked,
  type DownloadCheckpoint,
  type DownloadCriteria,
  searchOf,
} from './criteria.ts'
import type { Ends } from './ends.ts'
import { newFileKey } from './job-files.ts'
import { mappedJob } from './job-resource.ts'
import type { BulkNeed } from './need.ts'
import { viewOf } from './view.ts'

/** What comes along with a job, whatever it does. */
export interface JobAsked {
  readonly askedBy: NewBulkJob['askedBy']
  readonly format: string
  readonly callbackUrl?: string | undefined
  /** What the address came as, for errors. */
  readonly callbackField: string
  readonly callbackPayload?: string | undefined
  readonly fileName?: string | undefined
  /** A job to go on after: from where it was broken off, or with what changed since it began. */
  readonly continueFromJobId?: string | undefined
}

/** So many jobs of an organization may wait or run. */
const mostUnfinished = 1_000
const longestPayload = 10_000

const noJob = (id: string): AppError =>
  new AppError('not-found', `No bulk job found with id ${id.slice(0, 64)}`)

/** @throws AppError `bad-request` where nothing can be downloaded of the resource. */
export const checkDownloads = ({ element }: OpenInstance, resource: Resource): void => {
  if (element.features.bulkDownload && resource.verbs.search !== undefined) return
  throw new AppError(
    'bad-request',
    `Bulk download is not enabled for ${nameOf(resource)}: it cannot be listed. Objects that can are listed by GET /objects and read with GET /{object}.`,
  )
}

/** Jobs of one instance, as its callers see and steer them. */
export const createJobs = (need: BulkNeed, ends: Ends) => {
  const { store, queue, objects } = need

  /** @throws AppError `not-found`, also for another instance's. */
  const own = async ({ organizationId, instanceId }: OpenInstance, id: string): Promise<BulkJobRow> => {
    const jobId = /^\d{1,15}$/.test(id) ? Number(id) : undefined
    const job = jobId === undefined ? undefined : await store.bulkJobs.find({ organizationId, jobId })
    if (job === undefined || job.instanceId !== instanceId) throw noJob(id)
    return job
  }

  /**
   * Stores new jobs of one organization, due now, all or none of them.
   * @param also what is stored with them.
   * @throws AppError `conflict` where there are too many.
   */
  const addAll = async (
    organizationId: number,
    rows: readonly NewBulkJob[],
    also: (inside: Transaction) => Promise<unknown> = async () => undefined,
  ): Promise<readonly BulkJobRow[]> => {
    if ((await store.bulkJobs.unfinished(organizationId)) + rows.length > mostUnfinished)
      throw new AppError(
        'conflict',
        `At most ${mostUnfinished} bulk jobs may wait or run. Wait for some, or cancel them.`,
      )
    return store.transaction(async (inside) => {
      await also(inside)
      const made: BulkJobRow[] = []
      for (const row of rows) made.push(await inside.bulkJobs.insert(row))
      await queue.wake(inside.tx, bulkDue)
      return made
    })
  }

  /** Stores a new job, due now. @throws AppError `conflict` where there are too many. */
  const add = async (row: NewBulkJob): Promise<BulkJobRow> => {
    const [made] = await addAll(row.organizationId, [row])
    if (made === undefined) throw new Error('a job that was stored is not there')
    return made
  }

  /** The parts of a new job that every kind of it has. */
  const headOf = async (
    caller: Caller,
    { instanceId }: OpenInstance,
    asked: JobAsked,
    reserved?: Pick<NewBulkJob, 'jobId' | 'fileKeySealed'>,
  ) => {
    const { organizationId, accountId, userId } = caller
    const { callbackPayload = null } = asked
    if (callbackPayload !== null && callbackPayload.length > longestPayload)
      throw new AppError('bad-request', `callback-payload: at most ${longestPayload} characters.`)
    const sent = asked.callbackUrl?.trim() ?? ''
    const url = sent === '' ? null : callbackAddress(sent, asked.callbackField)
    const jobId = reserved?.jobId ?? (await store.bulkJobs.nextId())
    const fileKeySealed = reserved?.fileKeySealed ?? newFileKey(need, { organizationId, jobId })
    return {
      ...{
        organizationId,
        jobId,
        accountId,
        userId,
        instanceId,
        askedBy: asked.askedBy,
        format: asked.format,
      },
      ...{ fileName: asked.fileName ?? null, fileKeySealed },
      ...{ callbackUrl: url, callbackPayload, groupId: null, target: null, bytes: 0, columns: [] },
    }
  }

  /** What goes on of an earlier download. @throws AppError `bad-request` where it was one of another object. */
  const continued = async (instance: OpenInstance, resource: Resource, id: string) => {
    const before = await own(instance, id)
    const isSame =
      before.objectName === nameOf(resource) &&
      (before.criteria as DownloadCriteria).vendorName === mappedJob(resource).vendorName
    if (before.direction !== 'DOWNLOAD' || !isSame)
      throw new AppError('bad-request', `continueFromJobId: job ${id} is no download of ${nameOf(resource)}.`)
    if (before.finishedAt === null)
      throw new AppError(
        'conflict',
        `continueFromJobId: job ${id} still runs. Wait for its end, or cancel it.`,
      )
    return before
  }

  const start = (): DownloadCheckpoint => ({ place: beginning, part: 0, pages: 0 })

  /**
   * A download that is ready to be stored.
   * @throws AppError `not-found` for an unknown object, `bad-query`, `bad-request` naming what is wrong.
   */
  const prepare = async (
    caller: Caller,
    call: HubCall,
    what: DownloadAsked,
    asked: JobAsked,
  ): Promise<NewBulkJob> => {
    const { instance } = call
    const resource = objects.hubResource(instance, what.objectName)
    checkDownloads(instance, resource)
    const { continueFromJobId: id } = asked
    const before = id === undefined || id === '' ? undefined : await continued(instance, resource, id)
    let criteria = criteriaOf(resource, what)
    let checkpoint = start()
    if (before?.state === 'COMPLETED')
      criteria = criteriaOf(resource, { ...what, from: before.createdAt.toISOString() })
    else if (before !== undefined) {
      criteria = before.criteria as DownloadCriteria
      checkpoint = { place: (before.checkpoint as DownloadCheckpoint).place, part: 0, pages: 0 }
    }
    await objects.check(call, resource, searchOf(criteria, viewOf(need, call, resource, criteria)))
    if (criteria.orderBy !== '') objects.order(resource, criteria.orderBy)
    const head = await headOf(caller, instance, asked)
    return {
      ...head,
      ...{
        direction: 'DOWNLOAD',
        objectName: nameOf(resource),
        criteria,
        checkpoint,
        expected: criteria.limit,
      },
    }
  }

  /** Ends a job at once, in the caller's transaction. @param job locked, and not at its end. */
  const cancelInside = async (inside: Transaction, job: BulkJobRow): Promise<void> => {
    await ends.end(inside, job, 'CANCELLED')
    // A step that still runs finds it ended; one that waits is looked after.
    await inside.bulkJobs.makeDue(job)
    await ends.wake(inside)
  }

  return {
    own,
    add,
    addAll,
    headOf,
    prepare,
    cancelInside,
    /** Makes a download. @throws AppError as `prepare`, `conflict` where there are too many. */
    download: async (
      caller: Caller,
      call: HubCall,
      what: DownloadAsked,
      asked: JobAsked,
    ): Promise<BulkJobRow> => add(await prepare(caller, call, what, asked)),
    /** Cancels at once; one that has ended stays as it ended. */
    cancel: async (instance: OpenInstance, id: string): Promise<BulkJobRow> => {
      const job = await own(instance, id)
      return store.transaction(async (inside) => {
        const now = await inside.bulkJobs.lock(job)
        if (now === undefined) throw noJob(id)
        if (now.finishedAt !== null) return now
        await cancelInside(inside, now)
        return { ...now, state: 'CANCELLED' as const, finishedAt: new Date() }
      })
    },
    /**
     * Lets a job go on: one that waits at once, one that was cancelled or aborted from where it stood.
     * @throws AppError `conflict` for one that is complete or whose files are gone.
     */
    resume: async (instance: OpenInstance, id: string): Promise<BulkJobRow> => {
      const job = await own(instance, id)
      return store.transaction(async (inside) => {
        const now = await inside.bulkJobs.lock(job)
        if (now === undefined) throw noJob(id)
        if (now.state === 'COMPLETED' || now.fileKeySealed === null)
          throw new AppError('conflict', `Bulk job ${id} is ${now.state}: nothing of it is left to do.`)
        const state = now.startedAt === null ? 'CREATED' : 'RUNNING'
        const change = { state, finishedAt: null, failures: 0, message: null } as const
        await inside.bulkJobs.change(now, change)
        await inside.bulkJobs.makeDue(now)
        await ends.wake(inside)
        return { ...now, ...change }
      })
    },
    /** Newest first. */
    list: ({ organizationId, instanceId }: OpenInstance, beforeId: number | null, limit: number) =>
      store.bulkJobs.list(organizationId, instanceId, beforeId, limit),
    /** Those after a record. @throws AppError `not-found`. */
    errors: async (
      instance: OpenInstance,
      id: string,
      after: number,
      limit: number,
    ): Promise<readonly BulkError[]> => store.bulkErrors.list(await own(instance, id), after, limit),
  }
}

export type Jobs = ReturnType<typeof createJobs>
