import type { Queryable } from '../queryable.ts'

export interface WorkflowKey {
  readonly organizationId: number
  readonly groupId: number
}

/** A copy from an instance to others; what becomes of it is told by the bulk jobs of its group. */
export interface WorkflowRow extends WorkflowKey {
  /** Where it reads. */
  readonly instanceId: number
  /** The job on whose schedule it was made; null: nobody's. */
  readonly callId: number | null
  readonly createdAt: Date
}

const columns = `organization_id as "organizationId", group_id as "groupId", instance_id as "instanceId",
  call_id as "callId", created_at as "createdAt"`

const hasJobs = `exists (select 1 from bulk_jobs j
  where j.organization_id = w.organization_id and j.group_id = w.group_id)`

/** Which workflows of an instance: newest first, those before an id. */
export interface WorkflowFilter {
  readonly organizationId: number
  readonly instanceId: number
  /** Null: of any schedule, or none. */
  readonly callId: number | null
  readonly beforeId: number | null
}

export const bulkWorkflowTable = (db: Queryable) => ({
  insert: async (row: Omit<WorkflowRow, 'createdAt'>): Promise<WorkflowRow> => {
    const [made] = await db.query<WorkflowRow>({
      text: `insert into bulk_workflows (organization_id, group_id, instance_id, call_id) values ($1, $2, $3, $4)
        returning ${columns}`,
      values: [row.organizationId, row.groupId, row.instanceId, row.callId],
    })
    if (made === undefined) throw new Error('insert returned no row')
    return made
  },
  find: async ({ organizationId, groupId }: WorkflowKey): Promise<WorkflowRow | undefined> => {
    const [row] = await db.query<WorkflowRow>({
      name: 'bulk-workflow-find',
      text: `select ${columns} from bulk_workflows where organization_id = $1 and group_id = $2`,
      values: [organizationId, groupId],
    })
    return row
  },
  list: (
    { organizationId, instanceId, callId, beforeId }: WorkflowFilter,
    limit: number,
  ): Promise<WorkflowRow[]> =>
    db.query<WorkflowRow>({
      text: `select ${columns} from bulk_workflows w where organization_id = $1 and instance_id = $2
        and ($3::bigint is null or call_id = $3) and ($4::bigint is null or group_id < $4) and ${hasJobs}
        order by group_id desc limit $5`,
      values: [organizationId, instanceId, callId, beforeId, limit],
    }),
  /** Removes those of so long ago of which no job is left. */
  prune: (days: number) =>
    db.query({
      text: `delete from bulk_workflows w where created_at < now() - make_interval(days => $1) and not ${hasJobs}`,
      values: [days],
    }),
})
