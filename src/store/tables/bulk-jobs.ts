import type { Queryable } from '../queryable.ts'

export interface BulkKey {
  readonly organizationId: number
  readonly jobId: number
}

export type BulkState = 'CREATED' | 'RUNNING' | 'COMPLETED' | 'ABORTED' | 'CANCELLED'

export interface NewBulkJob extends BulkKey {
  readonly accountId: number
  readonly userId: number
  readonly instanceId: number
  readonly direction: 'DOWNLOAD' | 'UPLOAD'
  /** Which call made it; the forms of its views follow. */
  readonly askedBy: 'query' | 'download' | 'upload' | 'workflow'
  readonly objectName: string
  /** What is asked, as `services/bulk` reads it. */
  readonly criteria: object
  /** Where it goes on, as `services/bulk` reads it. */
  readonly checkpoint: object
  /** Records to come, where that is known. */
  readonly expected: number | null
  readonly format: string
  readonly fileName: string | null
  readonly fileKeySealed: Buffer
  readonly callbackUrl: string | null
  readonly callbackPayload: string | null
  /** The jobs of one workflow. */
  readonly groupId: number | null
  /** Where a download of a workflow is copied to, as `services/bulk` reads it. */
  readonly target: object | null
  /** Of the file, before it was sealed. */
  readonly bytes: number
  /** Names of columns in the order of their first appearance. */
  readonly columns: readonly string[]
}

export interface BulkJobRow extends NewBulkJob {
  readonly state: BulkState
  /** Which records were about to be sent when nothing more was heard, as `services/bulk` reads it. */
  readonly sending: object | null
  /** Records handled, those that failed among them. */
  readonly records: number
  readonly failed: number
  readonly message: string | null
  /** In a row, of its steps. */
  readonly failures: number
  readonly cancelling: boolean
  readonly subscriptionId: number | null
  /** Grows with each change that is shown. */
  readonly version: number
  readonly createdAt: Date
  readonly startedAt: Date | null
  readonly finishedAt: Date | null
  /** Milliseconds of its steps. */
  readonly spentMs: number
  readonly dueAt: Date | null
}

/** What a step changes; absent: as it was. */
export type BulkChange = Partial<
  Pick<
    BulkJobRow,
    | 'state'
    | 'checkpoint'
    | 'sending'
    | 'records'
    | 'failed'
    | 'expected'
    | 'bytes'
    | 'columns'
    | 'message'
    | 'failures'
    | 'cancelling'
    | 'subscriptionId'
    | 'startedAt'
    | 'finishedAt'
    | 'spentMs'
  >
>

const columnOf: Readonly<Record<keyof BulkChange, string>> = {
  state: 'state',
  checkpoint: 'checkpoint',
  sending: 'sending',
  records: 'records',
  failed: 'failed',
  expected: 'expected',
  bytes: 'bytes',
  columns: 'columns',
  message: 'message',
  failures: 'failures',
  cancelling: 'cancelling',
  subscriptionId: 'subscription_id',
  startedAt: 'started_at',
  finishedAt: 'finished_at',
  spentMs: 'spent_ms',
}

const jsonColumns: ReadonlySet<string> = new Set(['checkpoint', 'sending', 'columns'])

const columns = `organization_id as "organizationId", job_id as "jobId", account_id as "accountId",
  user_id as "userId", instance_id as "instanceId", direction, asked_by as "askedBy", object_name as "objectName",
  state, criteria, checkpoint, sending, records, failed, expected, bytes, columns, message, failures, cancelling,
  format, file_name as "fileName", file_key_sealed as "fileKeySealed", callback_url as "callbackUrl",
  callback_payload as "callbackPayload", subscription_id as "subscriptionId", group_id as "groupId", target, version,
  created_at as "createdAt", started_at as "startedAt", finished_at as "finishedAt", spent_ms as "spentMs",
  due_at as "dueAt"`

/** Bulk jobs. Due columns but `due_at` are the queue's. */
export const bulkJobTable = (db: Queryable) => ({
  nextId: async (): Promise<number> => {
    const [row] = await db.query<{ id: number }>({ text: `select nextval('bulk_ids') as id`, values: [] })
    if (row === undefined) throw new Error('nextval returned no row')
    return row.id
  },
  /** Due at once. */
  insert: async (row: NewBulkJob): Promise<BulkJobRow> => {
    const [made] = await db.query<BulkJobRow>({
      text: `insert into bulk_jobs (organization_id, job_id, account_id, user_id, instance_id, direction, asked_by,
          object_name, criteria, checkpoint, expected, format, file_name, file_key_sealed, callback_url,
          callback_payload, group_id, bytes, columns, target, due_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, now())
        returning ${columns}`,
      values: [
        ...[
          row.organizationId,
          row.jobId,
          row.accountId,
          row.userId,
          row.instanceId,
          row.direction,
          row.askedBy,
        ],
        ...[
          row.objectName,
          JSON.stringify(row.criteria),
          JSON.stringify(row.checkpoint),
          row.expected,
          row.format,
        ],
        ...[row.fileName, row.fileKeySealed, row.callbackUrl, row.callbackPayload, row.groupId],
        ...[row.bytes, JSON.stringify(row.columns), row.target === null ? null : JSON.stringify(row.target)],
      ],
    })
    if (made === undefined) throw new Error('insert returned no row')
    return made
  },
  find: async ({ organizationId, jobId }: BulkKey): Promise<BulkJobRow | undefined> => {
    const [row] = await db.query<BulkJobRow>({
      name: 'bulk-find',
      text: `select ${columns} from bulk_jobs where organization_id = $1 and job_id = $2`,
      values: [organizationId, jobId],
    })
    return row
  },
  /** The row, which nobody else changes until this transaction ends. */
  lock: async ({ organizationId, jobId }: BulkKey): Promise<BulkJobRow | undefined> => {
    const [row] = await db.query<BulkJobRow>({
      name: 'bulk-lock',
      text: `select ${columns} from bulk_jobs where organization_id = $1 and job_id = $2 for update`,
      values: [organizationId, jobId],
    })
    return row
  },
  /**
   * Changes a job.
   * @param leaseToken only while that lease holds. @returns whether it was changed.
   */
  change: async (
    { organizationId, jobId }: BulkKey,
    change: BulkChange,
    leaseToken?: string,
  ): Promise<boolean> => {
    const entries = Object.entries(change) as [keyof BulkChange, unknown][]
    const sets = entries.map(([property], at) => `${columnOf[property]} = $${at + 4}`)
    const rows = await db.query({
      text: `update bulk_jobs set ${['version = version + 1', ...sets].join(', ')}
        where organization_id = $1 and job_id = $2 and ($3::uuid is null or lease_token = $3) returning 1`,
      values: [
        organizationId,
        jobId,
        leaseToken ?? null,
        ...entries.map(([property, value]) =>
          jsonColumns.has(property) && value !== null ? JSON.stringify(value) : value,
        ),
      ],
    })
    return rows.length > 0
  },
  /** Due now, unless somebody works on it. */
  makeDue: ({ organizationId, jobId }: BulkKey) =>
    db.query({
      text: 'update bulk_jobs set due_at = now() where organization_id = $1 and job_id = $2',
      values: [organizationId, jobId],
    }),
  /** How many jobs of its organization are ahead of it: older, and neither ended nor waiting for a vendor. */
  ahead: async ({ organizationId, jobId }: BulkKey): Promise<number> => {
    const [row] = await db.query<{ count: number }>({
      name: 'bulk-ahead',
      text: `select count(*) as count from bulk_jobs where organization_id = $1 and job_id < $2
        and finished_at is null and failures = 0`,
      values: [organizationId, jobId],
    })
    return row?.count ?? 0
  },
  /** How many of an organization have not ended. */
  unfinished: async (organizationId: number): Promise<number> => {
    const [row] = await db.query<{ count: number }>({
      text: 'select count(*) as count from bulk_jobs where organization_id = $1 and finished_at is null',
      values: [organizationId],
    })
    return row?.count ?? 0
  },
  /** Newest first, those before an id. */
  list: (
    organizationId: number,
    instanceId: number,
    beforeId: number | null,
    limit: number,
  ): Promise<BulkJobRow[]> =>
    db.query<BulkJobRow>({
      text: `select ${columns} from bulk_jobs where organization_id = $1 and instance_id = $2
        and ($3::bigint is null or job_id < $3) order by job_id desc limit $4`,
      values: [organizationId, instanceId, beforeId, limit],
    }),
  /** Those of workflows, in the order in which they were made. */
  ofGroups: (organizationId: number, groupIds: readonly number[]): Promise<BulkJobRow[]> =>
    db.query<BulkJobRow>({
      name: 'bulk-of-groups',
      text: `select ${columns} from bulk_jobs where organization_id = $1 and group_id = any($2::bigint[])
        order by job_id`,
      values: [organizationId, groupIds],
    }),
  /** Those of a workflow, which nobody else changes until this transaction ends. */
  lockGroup: (organizationId: number, groupId: number): Promise<BulkJobRow[]> =>
    db.query<BulkJobRow>({
      text: `select ${columns} from bulk_jobs where organization_id = $1 and group_id = $2 order by job_id for update`,
      values: [organizationId, groupId],
    }),
  /** Jobs of all organizations whose files are past their time. @returns at most so many. */
  outdated: (days: number, limit: number): Promise<BulkKey[]> =>
    db.query<BulkKey>({
      text: `select organization_id as "organizationId", job_id as "jobId" from bulk_jobs
        where file_key_sealed is not null and finished_at < now() - make_interval(days => $1) limit $2`,
      values: [days, limit],
    }),
  /** Its files are gone, and what they held opens no more. */
  forgetFiles: async ({ organizationId, jobId }: BulkKey): Promise<void> => {
    await db.query({
      text: 'update bulk_jobs set file_key_sealed = null, version = version + 1 where organization_id = $1 and job_id = $2',
      values: [organizationId, jobId],
    })
    await db.query({
      text: 'delete from bulk_parts where organization_id = $1 and job_id = $2',
      values: [organizationId, jobId],
    })
  },
  /** Removes jobs that ended so long ago, with their errors. */
  prune: async (days: number): Promise<void> => {
    const old = `select organization_id, job_id from bulk_jobs
      where finished_at < now() - make_interval(days => $1) and file_key_sealed is null and due_at is null`
    await db.query({
      text: `delete from bulk_errors e using (${old}) j where e.organization_id = j.organization_id and e.job_id = j.job_id`,
      values: [days],
    })
    await db.query({
      text: `delete from bulk_jobs b using (${old}) j where b.organization_id = j.organization_id and b.job_id = j.job_id`,
      values: [days],
    })
  },
})
