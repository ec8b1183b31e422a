import { AppError } from '#src/lib/errors.ts'
import type { BulkJobRow, BulkState, NewBulkJob, WorkflowRow } from '#src/store/index.ts'
import type { Caller } from '../accounts/index.ts'
import type { OpenInstance } from '../instances/index.ts'
import type { HubCall } from '../objects/index.ts'
import type { Jobs } from './jobs.ts'
import type { BulkNeed } from './need.ts'
import { createReadEntry, type WorkflowEntry } from './workflow-asked.ts'

/** A copy from one instance to others: its jobs, and what they come to. */
export interface Workflow extends WorkflowRow {
  readonly state: BulkState
  /** Null: it goes on. */
  readonly finishedAt: Date | null
  /** In the order in which they were made. */
  readonly jobs: readonly BulkJobRow[]
}

/**
 * What the jobs of a workflow come to: one that goes on lets it go on; of ends the worst counts. An upload is stored
 * with the end of its download, so that there is no moment in which all have ended but one is still to come.
 */
const stateOf = (jobs: readonly BulkJobRow[]): BulkState => {
  const is = (state: BulkState) => (job: BulkJobRow) => job.state === state
  if (jobs.every(is('CREATED'))) return 'CREATED'
  if (jobs.some(({ finishedAt }) => finishedAt === null)) return 'RUNNING'
  return (['ABORTED', 'CANCELLED'] as const).find((state) => jobs.some(is(state))) ?? 'COMPLETED'
}

const workflowOf = (row: WorkflowRow, jobs: readonly BulkJobRow[]): Workflow => {
  const ends = jobs.map(({ finishedAt }) => finishedAt)
  const last = Math.max(...ends.map((end) => end?.getTime() ?? Number.POSITIVE_INFINITY))
  return { ...row, state: stateOf(jobs), finishedAt: Number.isFinite(last) ? new Date(last) : null, jobs }
}

/** Which workflows of an instance. */
export interface WorkflowsAsked {
  /** Those of a job's runs alone. */
  readonly callId: number | null
  /** Those before an id. */
  readonly beforeId: number | null
}

/** Copies from an instance to others, as callers of that instance see and steer them. */
export const createWorkflows = (need: BulkNeed, jobs: Jobs) => {
  const { store } = need
  const readEntry = createReadEntry(need, jobs)

  /** @throws AppError naming the entry that is wrong. */
  const rowsOf = async (
    caller: Caller,
    call: HubCall,
    entries: readonly WorkflowEntry[],
    groupId: number,
  ): Promise<readonly NewBulkJob[]> => {
    const rows: NewBulkJob[] = []
    for (const [at, entry] of entries.entries())
      rows.push({ ...(await readEntry(caller, call, entry, `[${at}]`)), groupId })
    return rows
  }

  const withJobs = async (rows: readonly WorkflowRow[]): Promise<readonly Workflow[]> => {
    const [first] = rows
    if (first === undefined) return []
    const ids = rows.map(({ groupId }) => groupId)
    const all = await store.bulkJobs.ofGroups(first.organizationId, ids)
    const byGroup = new Map(ids.map((id): [number | null, BulkJobRow[]] => [id, []]))
    for (const job of all) byGroup.get(job.groupId)?.push(job)
    return rows.map((row) => workflowOf(row, byGroup.get(row.groupId) ?? []))
  }

  /** The instance's own of that id; undefined: there is none. */
  const find = async (
    { organizationId, instanceId }: OpenInstance,
    id: string,
  ): Promise<Workflow | undefined> => {
    if (!/^\d{1,15}$/.test(id)) return undefined
    const row = await store.bulkWorkflows.find({ organizationId, groupId: Number(id) })
    if (row === undefined || row.instanceId !== instanceId) return undefined
    const [workflow] = await withJobs([row])
    return workflow
  }

  /** @throws AppError `not-found`. */
  const own = async (instance: OpenInstance, id: string): Promise<Workflow> => {
    const workflow = await find(instance, id)
    if (workflow !== undefined) return workflow
    throw new AppError('not-found', `No workflow found with id ${id.slice(0, 64)}`)
  }

  return {
    find,
    own,
    /**
     * Makes a workflow: a download of each entry, all or none.
     * @param callId the job of which this is a run.
     * @returns its id.
     * @throws AppError `bad-request`, `bad-query`, `instance-disabled` naming the entry that is wrong, `conflict` where
     * there are too many jobs.
     */
    create: async (
      caller: Caller,
      call: HubCall,
      entries: readonly WorkflowEntry[],
      callId: number | null,
    ): Promise<number> => {
      const { organizationId, instanceId } = call.instance
      const groupId = await store.bulkJobs.nextId()
      const rows = await rowsOf(caller, call, entries, groupId)
      await jobs.addAll(organizationId, rows, (inside) =>
        inside.bulkWorkflows.insert({ organizationId, groupId, instanceId, callId }),
      )
      return groupId
    },
    /** Newest first. */
    list: async (
      { organizationId, instanceId }: OpenInstance,
      asked: WorkflowsAsked,
      limit: number,
    ): Promise<readonly Workflow[]> =>
      withJobs(await store.bulkWorkflows.list({ organizationId, instanceId, ...asked }, limit)),
    /** Cancels what of it has not ended, at the target too. @throws AppError `not-found`. */
    cancel: async (instance: OpenInstance, id: string): Promise<Workflow> => {
      const { groupId } = await own(instance, id)
      await store.transaction(async (inside) => {
        const open = async (): Promise<readonly BulkJobRow[]> =>
          (await inside.bulkJobs.lockGroup(instance.organizationId, groupId)).filter(
            ({ finishedAt }) => finishedAt === null,
          )
        for (const job of await open()) await jobs.cancelInside(inside, job)
        // A download that ended before its row was locked has made an upload, which is seen only now.
        for (const job of await open()) await jobs.cancelInside(inside, job)
      })
      return own(instance, id)
    },
  }
}

export type Workflows = ReturnType<typeof createWorkflows>
