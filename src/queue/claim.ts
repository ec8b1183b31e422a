import { randomUUID } from 'node:crypto'
import type { Queryable } from '#src/store/index.ts'
import type { DueTable, TableShape } from './due-table.ts'

/** A lease on one row, as its end or renewal needs it. */
export interface Lease {
  readonly table: TableShape
  /** In the order of the table's key. */
  readonly key: readonly unknown[]
  /** The fence: whoever takes the row over gives it another. Rows claimed together have the same. */
  readonly token: string
}

/** One row that this process works on. */
export interface Claim<Row> extends Lease {
  readonly row: Row
  /** Null only for a row leased out of its turn that was not due at all. */
  readonly dueAt: Date | null
  /** How often it was claimed since it last finished, this time included. */
  readonly attempts: number
  /** How late it was when it was claimed, by the database's clock; negative when it was not due yet. */
  readonly lateMs: number
}

const takes = (seconds: string, owner: string, token: string): string =>
  `lease_until = now() + make_interval(secs => ${seconds}), lease_token = ${token},
    lease_owner = ${owner}, attempts = t.attempts + 1`

/** Times as numbers: the driver would read each out of a text. */
const ours = `(extract(epoch from t.due_at) * 1000)::float8, t.attempts,
  coalesce(extract(epoch from now() - t.due_at)::float8 * 1000, 0)`

/** An update of claimed rows, and what it gives back: the columns of `toClaim`, in its order. */
const claiming = ({ key, data, joins }: TableShape, update: string): string => {
  const columns = [
    ...key.map(({ column }) => `t.${column}`),
    ...data.map(({ expression }) => expression),
    ours,
  ].join(', ')
  if (joins === '') return `${update} returning ${columns}`
  return `with t as (${update} returning t.*) select ${columns} from t ${joins}`
}

/**
 * Oldest first; a row that somebody else is just claiming is passed over, not waited for. Rows are found again by where
 * they lie: by their keys PostgreSQL could read the whole table for it. One that was changed since the statement began
 * and is due all the same lies elsewhere by now, and is left to the next claim.
 */
const claimText = (table: TableShape): string =>
  claiming(
    table,
    `update ${table.name} as t set ${takes('$2', '$3', '$4')}
  where t.ctid = any(array(select ctid from ${table.name}
    where due_at <= now() and (lease_until is null or lease_until <= now())
    order by due_at limit $1 for update skip locked))`,
  )

/**
 * A lease stands only as long as its owner holds its advisory lock. The lock's state is asked for each row
 * and never cached, so that a row which another process took while this statement waited is seen as it is.
 */
const leaseOneText = (table: TableShape): string => {
  const { length } = table.key
  const key = table.key.map(({ column, type }, at) => `t.${column} = $${at + 1}::${type}`).join(' and ')
  return claiming(
    table,
    `update ${table.name} as t set ${takes(`$${length + 1}`, `$${length + 2}`, `$${length + 3}`)}
    where ${key} and (t.lease_until is null or t.lease_until <= now()
      or (t.lease_owner is not null and pg_try_advisory_xact_lock_shared(t.lease_owner)))`,
  )
}

const toClaim = <Row>(table: TableShape, values: readonly unknown[], token: string): Claim<Row> => {
  // Not taken out of an object by rest or spread: V8 of Node 20 makes a hidden class for each of those.
  const row: Record<string, unknown> = {}
  let at = 0
  for (const { property } of table.key) row[property] = values[at++]
  for (const { property } of table.data) row[property] = values[at++]
  const dueAtMs = values[at] as number | null
  return {
    table,
    key: table.key.map(({ property }) => row[property]),
    token,
    row: row as Row,
    dueAt: dueAtMs === null ? null : new Date(dueAtMs),
    attempts: values[at + 1] as number,
    lateMs: values[at + 2] as number,
  }
}

const dueTime = ({ dueAt }: Claim<unknown>): number => dueAt?.getTime() ?? 0

/**
 * Leases up to `limit` rows that are due, those due longest first, in one statement.
 * `owner` null: the time limit alone ends the leases.
 */
export const claimDue = async <Key extends object, Row extends Key>(
  db: Queryable,
  table: DueTable<Key, Row>,
  limit: number,
  owner: number | null,
): Promise<Claim<Row>[]> => {
  const token = randomUUID()
  // Not named: with a plan for any limit PostgreSQL could read the whole table for each claim.
  const rows = await db.query<readonly unknown[]>({
    text: claimText(table),
    values: [limit, table.leaseSeconds, owner, token],
    asArrays: true,
  })
  return rows
    .map((row) => toClaim<Row>(table, row, token))
    .sort((left, right) => dueTime(left) - dueTime(right))
}

/**
 * Leases this row, due or not, unless a living process holds it.
 * @returns null when one does, or when there is no such row.
 */
export const leaseRow = async <Key extends object, Row extends Key>(
  db: Queryable,
  table: DueTable<Key, Row>,
  key: Key,
  seconds: number,
  owner: number | null,
): Promise<Claim<Row> | null> => {
  const values = table.key.map(({ property }) => (key as Record<string, unknown>)[property])
  const token = randomUUID()
  const [row] = await db.query<readonly unknown[]>({
    name: `lease-one-${table.name}`,
    text: leaseOneText(table),
    values: [...values, seconds, owner, token],
    asArrays: true,
  })
  return row === undefined ? null : toClaim<Row>(table, row, token)
}
