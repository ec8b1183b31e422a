import { AppError } from '#src/lib/errors.ts'
import { callsDue } from '#src/queue/index.ts'
import type { CallRow, CallRun, PollingRow } from '#src/store/index.ts'
import type { Caller } from '../accounts/index.ts'
import { type CallBody, type Carried, sealCarried } from './carried.ts'
import { type JobView, jobView, pollingId, pollingView } from './job-view.ts'
import type { CallsNeed } from './need.ts'
import { parseQuartz } from './quartz.ts'

/** A call that is to run later. */
export interface CallInput extends Omit<Carried, 'callback'> {
  /** Whose Element token it is signed with besides. */
  readonly instanceId: number | null
  readonly method: string
  /** Below the API's base, still percent-encoded. */
  readonly path: string
  readonly body: CallBody | null
}

export interface JobInput extends CallInput {
  readonly name: string
  readonly description: string
  readonly cron: string
  /** What the cron came as, for errors. */
  readonly cronField: string
}

export interface JobPage {
  readonly items: readonly JobView[]
  readonly total: number
}

/** So many jobs a user may have. */
const mostJobs = 1_000

const noJob = (id: string): AppError => new AppError('not-found', `No job found with id ${id.slice(0, 64)}`)

/** Its first time from now on. @throws AppError `bad-request` when it is wrong, or never comes. */
const firstTime = (cron: string, field: string): Date => {
  const next = parseQuartz(cron, field).next(new Date())
  if (next !== null) return next
  throw new AppError('bad-request', `${field}: it never comes again. Name a time that is still to come.`)
}

const readOnly = ({ instanceId }: PollingRow): AppError =>
  new AppError(
    'conflict',
    `Job ${pollingId(instanceId)} comes from the configuration of instance ${instanceId}. Change it there, with PATCH /instances/${instanceId}: event.notification.enabled "false" ends it, event.poller.refresh_interval sets how often it runs.`,
  )

/** Jobs: calls of our own API on a schedule, each its user's own. */
export const createJobsOf = (need: CallsNeed) => {
  const { store, queue } = need

  const polling = async (caller: Caller, id: string): Promise<PollingRow> => {
    const rows = await store.calls.polling(caller.organizationId, caller.userId)
    const row = rows.find(({ instanceId }) => pollingId(instanceId) === id)
    if (row === undefined) throw noJob(id)
    return row
  }

  const isOwn = (row: CallRow | undefined, { userId }: Caller): row is CallRow =>
    row !== undefined && row.kind === 'job' && row.userId === userId

  const keyOf = ({ organizationId }: Caller, id: string) => ({ organizationId, callId: Number(id) })

  const isNumber = (id: string): boolean => /^\d{1,15}$/.test(id)

  /** @throws AppError `not-found`, also for another user's. */
  const own = async (caller: Caller, id: string): Promise<CallRow> => {
    const row = isNumber(id) ? await store.calls.find(keyOf(caller, id)) : undefined
    if (!isOwn(row, caller)) throw noJob(id)
    return row
  }

  /** Changes when a job runs. @throws AppError `not-found`, `conflict` for what an instance's configuration made. */
  const schedule = async (
    caller: Caller,
    id: string,
    change: (row: CallRow) => Pick<CallRow, 'cron' | 'enabled' | 'dueAt'>,
  ): Promise<JobView> => {
    if (!isNumber(id)) throw readOnly(await polling(caller, id))
    const changed = await store.transaction(async (inside) => {
      const row = await inside.calls.lock(keyOf(caller, id))
      if (!isOwn(row, caller)) throw noJob(id)
      return inside.calls.setSchedule(row, change(row))
    })
    return jobView(need, changed)
  }

  return {
    /** @throws AppError `bad-request` naming the cron's field, `conflict` where there are too many. */
    add: async (caller: Caller, input: JobInput): Promise<JobView> => {
      const { organizationId, accountId, userId } = caller
      const dueAt = firstTime(input.cron, input.cronField)
      if ((await store.calls.countJobs(organizationId, userId)) >= mostJobs) {
        throw new AppError('conflict', `You have ${mostJobs} jobs, and may have no more. Delete some first.`)
      }
      const callId = await store.calls.nextId()
      const { instanceId, name, description, method, path, cron, search, query, headers } = input
      const sealed = sealCarried(
        need,
        { organizationId, callId },
        { search, query, headers, callback: null },
        input.body,
      )
      const row = await store.transaction(async (inside) => {
        const made = await inside.calls.insert({
          ...{ organizationId, callId, accountId, userId, instanceId, kind: 'job', name, description },
          ...{ method, path, cron, dueAt, ...sealed },
        })
        await queue.wake(inside.tx, callsDue)
        return made
      })
      return jobView(need, row)
    },
    /** Those of the caller, and after them one of each of its instances that is polled. */
    list: async (caller: Caller, skip: number, limit: number): Promise<JobPage> => {
      const { organizationId, userId } = caller
      const rows = await store.calls.jobs(organizationId, userId, 0, mostJobs)
      const polled = await store.calls.polling(organizationId, userId)
      const items = [
        ...rows.map((row) => () => jobView(need, row)),
        ...polled.map((row) => () => pollingView(row)),
      ]
      return { items: items.slice(skip, skip + limit).map((view) => view()), total: items.length }
    },
    /** @throws AppError `not-found`. */
    get: async (caller: Caller, id: string): Promise<JobView> =>
      isNumber(id) ? jobView(need, await own(caller, id)) : pollingView(await polling(caller, id)),
    /** A run that is on its way comes to its end unseen. @throws AppError `not-found`, `conflict`. */
    remove: async (caller: Caller, id: string): Promise<void> => {
      if (!isNumber(id)) throw readOnly(await polling(caller, id))
      await store.transaction(async (inside) => {
        const row = await inside.calls.lock(keyOf(caller, id))
        if (!isOwn(row, caller)) throw noJob(id)
        await inside.calls.remove(row)
      })
    },
    setEnabled: (caller: Caller, id: string, enabled: boolean): Promise<JobView> =>
      schedule(caller, id, ({ cron, enabled: was, dueAt }) => {
        if (was === enabled) return { cron, enabled, dueAt }
        const next = enabled ? parseQuartz(cron ?? '', 'trigger.cron').next(new Date()) : null
        return { cron, enabled, dueAt: next }
      }),
    /** @throws AppError `bad-request` naming `trigger.cron`. */
    reschedule: (caller: Caller, id: string, cron: string): Promise<JobView> =>
      schedule(caller, id, ({ enabled }) => {
        const next = firstTime(cron, 'trigger.cron')
        return { cron, enabled, dueAt: enabled ? next : null }
      }),
    /** The last hundred runs, newest first; polls are told of by their instance. @throws AppError `not-found`. */
    history: async (caller: Caller, id: string): Promise<readonly CallRun[]> => {
      if (isNumber(id)) return store.calls.runs(await own(caller, id))
      await polling(caller, id)
      return []
    },
  }
}
