import type { Queryable } from '../queryable.ts'

export interface CallKey {
  readonly organizationId: number
  readonly callId: number
}

/** A call of our own API that runs later. */
export interface CallRow extends CallKey {
  readonly accountId: number
  readonly userId: number
  /** Whose Element token it is signed with besides. */
  readonly instanceId: number | null
  readonly kind: 'job' | 'async'
  /** `told`: it ran, and its result is on its way. */
  readonly state: 'waiting' | 'told'
  readonly name: string
  readonly description: string
  readonly method: string
  /** Below the API's base, still percent-encoded. */
  readonly path: string
  /** Sealed JSON of its query and headers; null once it was told. */
  readonly requestSealed: Buffer | null
  readonly bodySealed: Buffer | null
  /** Null: once. */
  readonly cron: string | null
  readonly enabled: boolean
  /** The one made for its result alone. */
  readonly subscriptionId: number | null
  readonly createdAt: Date
  /** When a run began whose end is not known. */
  readonly startedAt: Date | null
  readonly toldAt: Date | null
  readonly dueAt: Date | null
}

export type NewCall = Omit<
  CallRow,
  'state' | 'enabled' | 'subscriptionId' | 'createdAt' | 'startedAt' | 'toldAt' | 'dueAt'
> & {
  /** Null: now. */
  readonly dueAt: Date | null
}

/** One run of a call, for people. */
export interface CallRun {
  readonly at: Date
  /** Null where nothing was answered. */
  readonly status: number | null
  /** Milliseconds. */
  readonly ms: number | null
  readonly error: string | null
  readonly requestId: string | null
}

/** An instance whose events are polled. */
export interface PollingRow {
  readonly instanceId: number
  readonly name: string
  readonly elementKey: string
  readonly accountId: number
  readonly userId: number
  readonly disabled: boolean
  /** The shortest of its resources. */
  readonly intervalSeconds: number
  readonly objectTypes: readonly string[]
  readonly createdAt: Date
  readonly dueAt: Date | null
}

const bare = `organization_id as "organizationId", call_id as "callId", account_id as "accountId",
  user_id as "userId", instance_id as "instanceId", kind, state, name, description, method, path,
  request_sealed as "requestSealed", cron, enabled, subscription_id as "subscriptionId", created_at as "createdAt",
  started_at as "startedAt", told_at as "toldAt", due_at as "dueAt"`

const columns = `${bare}, body_sealed as "bodySealed"`

/** So many runs of a call are kept. */
const keptRuns = 100

/** Jobs and asynchronous calls, and the runs of jobs. */
export const callTable = (db: Queryable) => ({
  nextId: async (): Promise<number> => {
    const [row] = await db.query<{ id: number }>({ text: `select nextval('call_ids') as id`, values: [] })
    if (row === undefined) throw new Error('nextval returned no row')
    return row.id
  },
  insert: async (row: NewCall): Promise<CallRow> => {
    const [made] = await db.query<CallRow>({
      text: `insert into calls (organization_id, call_id, account_id, user_id, instance_id, kind, name, description,
          method, path, request_sealed, body_sealed, cron, due_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, coalesce($14, now())) returning ${columns}`,
      values: [
        row.organizationId,
        row.callId,
        row.accountId,
        row.userId,
        row.instanceId,
        row.kind,
        row.name,
        row.description,
        row.method,
        row.path,
        row.requestSealed,
        row.bodySealed,
        row.cron,
        row.dueAt,
      ],
    })
    if (made === undefined) throw new Error('insert returned no row')
    return made
  },
  find: async ({ organizationId, callId }: CallKey): Promise<CallRow | undefined> => {
    const [row] = await db.query<CallRow>({
      text: `select ${columns} from calls where organization_id = $1 and call_id = $2`,
      values: [organizationId, callId],
    })
    return row
  },
  /** The row, which nobody else changes until this transaction ends. */
  lock: async ({ organizationId, callId }: CallKey): Promise<CallRow | undefined> => {
    const [row] = await db.query<CallRow>({
      text: `select ${columns} from calls where organization_id = $1 and call_id = $2 for update`,
      values: [organizationId, callId],
    })
    return row
  },
  /** How many jobs a user has. */
  countJobs: async (organizationId: number, userId: number): Promise<number> => {
    const [row] = await db.query<{ count: number }>({
      text: `select count(*) as count from calls where organization_id = $1 and user_id = $2 and kind = 'job'`,
      values: [organizationId, userId],
    })
    return row?.count ?? 0
  },
  /** Jobs of a user after an id, without their bodies. */
  jobs: (organizationId: number, userId: number, afterId: number, limit: number): Promise<CallRow[]> =>
    db.query<CallRow>({
      text: `select ${bare}, null as "bodySealed" from calls
        where organization_id = $1 and user_id = $2 and kind = 'job' and call_id > $3 order by call_id limit $4`,
      values: [organizationId, userId, afterId, limit],
    }),
  /** For a row that is locked. */
  setSchedule: async (
    { organizationId, callId }: CallKey,
    { cron, enabled, dueAt }: Pick<CallRow, 'cron' | 'enabled' | 'dueAt'>,
  ): Promise<CallRow> => {
    const [row] = await db.query<CallRow>({
      text: `update calls set cron = $3, enabled = $4, due_at = $5 where organization_id = $1 and call_id = $2
        returning ${columns}`,
      values: [organizationId, callId, cron, enabled, dueAt],
    })
    if (row === undefined) throw new Error('update returned no row')
    return row
  },
  /**
   * Notes that whoever holds this lease begins a run. Sent by itself, so that it is there before the run is.
   * @returns false when somebody else has taken the lease over.
   */
  begin: async ({ organizationId, callId }: CallKey, leaseToken: string): Promise<boolean> => {
    const rows = await db.query({
      name: 'call-begin',
      text: `update calls set started_at = now()
        where organization_id = $1 and call_id = $2 and lease_token = $3 returning 1`,
      values: [organizationId, callId, leaseToken],
    })
    return rows.length > 0
  },
  /** The end of the run that began is known. */
  end: ({ organizationId, callId }: CallKey) =>
    db.query({
      name: 'call-end',
      text: 'update calls set started_at = null where organization_id = $1 and call_id = $2',
      values: [organizationId, callId],
    }),
  /** Its result is on its way to a subscription of its own; what it carried is forgotten. */
  setTold: ({ organizationId, callId }: CallKey, subscriptionId: number) =>
    db.query({
      text: `update calls set state = 'told', told_at = now(), subscription_id = $3, request_sealed = null,
          body_sealed = null, started_at = null where organization_id = $1 and call_id = $2`,
      values: [organizationId, callId, subscriptionId],
    }),
  /** With its runs. */
  remove: async ({ organizationId, callId }: CallKey): Promise<void> => {
    await db.query({
      text: 'delete from call_runs where organization_id = $1 and call_id = $2',
      values: [organizationId, callId],
    })
    await db.query({
      text: 'delete from calls where organization_id = $1 and call_id = $2',
      values: [organizationId, callId],
    })
  },
  /** Adds a run and removes those before the last hundred. */
  addRun: async ({ organizationId, callId }: CallKey, run: CallRun): Promise<void> => {
    await db.query({
      name: 'call-run-insert',
      text: `insert into call_runs (organization_id, call_id, run_id, at, status, ms, error, request_id)
        values ($1, $2, nextval('call_run_ids'), $3, $4, $5, $6, $7)`,
      values: [organizationId, callId, run.at, run.status, run.ms, run.error, run.requestId],
    })
    await db.query({
      name: 'call-runs-prune',
      text: `delete from call_runs where organization_id = $1 and call_id = $2 and run_id <= (select run_id
          from call_runs where organization_id = $1 and call_id = $2 order by run_id desc offset $3 limit 1)`,
      values: [organizationId, callId, keptRuns],
    })
  },
  /** Newest first. */
  runs: ({ organizationId, callId }: CallKey): Promise<CallRun[]> =>
    db.query<CallRun>({
      text: `select at, status, ms, error, request_id as "requestId" from call_runs
        where organization_id = $1 and call_id = $2 order by run_id desc`,
      values: [organizationId, callId],
    }),
  /** Instances of a user whose events are polled. */
  polling: (organizationId: number, userId: number): Promise<PollingRow[]> =>
    db.query<PollingRow>({
      text: `select i.instance_id as "instanceId", i.name, i.element_key as "elementKey",
          i.account_id as "accountId", i.user_id as "userId", i.disabled,
          min(p.interval_seconds) as "intervalSeconds", array_agg(p.object_type order by p.object_type) as "objectTypes",
          min(p.created_at) as "createdAt", min(p.due_at) as "dueAt"
        from pollers p
          join instances i on i.organization_id = p.organization_id and i.instance_id = p.instance_id
        where p.organization_id = $1 and i.user_id = $2 and p.active
        group by i.organization_id, i.instance_id order by i.instance_id`,
      values: [organizationId, userId],
    }),
})
