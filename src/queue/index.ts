// Work that is due: rows of ordinary tables with a due time, leased by one process at a time. Claims, fenced
// ends, wake-ups, the presence of processes, the loop of the worker; all SQL on those columns stands here.
// No business: what a job does is in jobs and services, which data a row has is in store.
import type { Database, Queryable } from '#src/store/index.ts'
import { type Claim, claimDue, type Lease, leaseRow } from './claim.ts'
import type { DueTable, TableShape } from './due-table.ts'
import { ensureRows } from './ensure-rows.ts'
import type { AnyJob } from './job.ts'
import { createPresence } from './presence.ts'
import { type Due, LeaseLost, renewAll, type Settlement, settleAll, type Written } from './settle.ts'
import { wake } from './wake.ts'
import { createWorker } from './worker.ts'

export type { Claim, Lease } from './claim.ts'
export {
  type DueTable,
  /** For tests of tables that are not the product's. @internal */
  dueTable,
} from './due-table.ts'
export type { Again, AnyJob, Job, Outcome } from './job.ts'
export { type Due, LeaseLost, type SettlementOf, type WrittenEnds } from './settle.ts'
export {
  type BulkJobKey,
  bulkDue,
  type CallDueKey,
  type ChoreKey,
  callsDue,
  choreTable,
  type DeliveryDue,
  type DeliveryKey,
  deliveriesDue,
  dueTables,
  type EmailDue,
  type EmailKey,
  emailsDue,
  type GrantDueKey,
  grantsDue,
  type PollerDue,
  type PollerKey,
  pollersDue,
} from './tables.ts'
export type { Worker } from './worker.ts'

export interface QueueNeeds {
  readonly db: Database
  /** Every due table of the database, whether this process works on it or not. */
  readonly tables: readonly TableShape[]
  readonly onError: (error: unknown, doing: string) => void
}

export type Queue = ReturnType<typeof createQueue>

/** Leases on due rows. Due times and leases go by the database's clock alone. */
export const createQueue = ({ db, tables, onError }: QueueNeeds) => {
  const presence = createPresence({ db, tables, onError })
  return {
    /** Shows others that this process lives, so that its leases end with it. Without it they end by time. */
    presence,
    /** Leases up to `limit` rows that are due, those due longest first. */
    claim: <Key extends object, Row extends Key>(
      table: DueTable<Key, Row>,
      limit: number,
    ): Promise<Claim<Row>[]> => claimDue(db, table, limit, presence.owner()),
    /**
     * Leases this one row, due or not, for work that cannot wait for its turn.
     * @returns null when a living process holds it, this one included, or when there is no such row.
     */
    leaseOne: <Key extends object, Row extends Key>(
      table: DueTable<Key, Row>,
      key: Key,
      seconds: number = table.leaseSeconds,
    ): Promise<Claim<Row> | null> => leaseRow(db, table, key, seconds, presence.owner()),
    /**
     * Ends a lease inside the transaction of its effect. @throws LeaseLost when somebody took it over: let it
     * roll the transaction back.
     */
    finish: async (tx: Queryable, lease: Lease, due: Due, set?: Written): Promise<void> => {
      const ended = await settleAll(tx, lease.table, [{ lease, due, attempts: 'reset', set }])
      if (!ended.has(lease)) throw new LeaseLost(lease)
    },
    /**
     * Ends many leases on one table inside the transaction of their effects.
     * @returns those that ended; what was done for the others counts for nothing.
     */
    endMany: async (tx: Queryable, ends: readonly Settlement[]): Promise<ReadonlySet<Lease>> => {
      const [first] = ends
      return first === undefined ? new Set() : settleAll(tx, first.lease.table, ends)
    },
    /**
     * Gives a row back after a failure; without `due` its due time stays. Its attempts stay counted.
     * @returns false when somebody had taken it over.
     */
    release: async (lease: Lease, due?: Due): Promise<boolean> => {
      const ended = await settleAll(db, lease.table, [{ lease, due, attempts: 'keep' }])
      return ended.has(lease)
    },
    /**
     * Renews many leases on one table inside a transaction, which keeps their rows locked until it ends, and waits for
     * none that is locked already.
     * @returns those whose rows are; who has taken others over shows at their end.
     */
    holdMany: async (tx: Queryable, leases: readonly Lease[]): Promise<ReadonlySet<Lease>> => {
      const [first] = leases
      if (first === undefined) return new Set()
      return (await renewAll(tx, first.table, leases, first.table.leaseSeconds)).busy
    },
    /** Lets the lease hold for so long from now. @returns false when somebody has taken it over, or its row is locked. */
    renew: async (lease: Lease, seconds: number = lease.table.leaseSeconds): Promise<boolean> =>
      (await renewAll(db, lease.table, [lease], seconds)).renewed.has(lease),
    /** Says, once the transaction commits, that a row of the table is due now. */
    wake,
    /** Adds the rows that are not there yet, due now; those that are stay as they are. */
    ensure: <Key extends object>(table: DueTable<Key>, keys: readonly Key[]): Promise<void> =>
      ensureRows(db, table, keys),
    worker: (jobs: readonly AnyJob[]) => createWorker({ db, jobs, presence, onError }),
  }
}
