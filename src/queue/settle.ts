import type { Queryable } from '#src/store/index.ts'
import type { Lease } from './claim.ts'
import type { TableShape } from './due-table.ts'

/**
 * When a row is due next: a time, seconds from now by the database's clock, or null for never
 * (until somebody sets it).
 */
export type Due = Date | { readonly afterSeconds: number } | null

/** How one lease ends. */
export interface Settlement {
  readonly lease: Lease
  /** Undefined: as it was. */
  readonly due: Due | undefined
  /** `reset` after success; `keep` after a failure; `undo` for a claim that was never started. */
  readonly attempts: 'reset' | 'keep' | 'undo'
  /** Columns of `written` that change too; absent or null: as they were. */
  readonly set?: Written | undefined
}

/** Values of columns that a due table lets its ends write, by property. */
export type Written = Readonly<Record<string, unknown>>

/** Somebody else holds the row now: what was done for it must be rolled back. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost'

  constructor({ table, key }: Lease) {
    super(`the lease on ${table.name} ${key.join(', ')} was taken over`)
  }
}

const settleText = (table: TableShape): string => {
  const keys = table.key.map(({ type }, at) => `$${at + 1}::${type}[]`).join(', ')
  const names = table.key.map((_, at) => `k${at}`).join(', ')
  const same = table.key.map(({ column }, at) => `t.${column} = d.k${at}`).join(' and ')
  const next = table.key.length + 1
  const values = table.written.map(({ type }, at) => `, $${next + 5 + at}::${type}[]`).join('')
  const valueNames = table.written.map((_, at) => `, w${at}`).join('')
  const sets = table.written.map(({ column, append }, at) =>
    append === true
      ? `, ${column} = case when d.w${at} is null then t.${column} else t.${column} || d.w${at} end`
      : `, ${column} = coalesce(d.w${at}, t.${column})`,
  )
  return `update ${table.name} as t set
      due_at = case when d.keeps_due then t.due_at
        else coalesce(d.due_at, clock_timestamp() + make_interval(secs => d.after_seconds)) end,
      attempts = case d.attempts when 'reset' then 0 when 'undo' then greatest(t.attempts - 1, 0)
        else t.attempts end,
      lease_until = null, lease_token = null, lease_owner = null${sets.join('')}
    from unnest(${keys}, $${next}::uuid[], $${next + 1}::timestamptz[], $${next + 2}::float8[],
      $${next + 3}::boolean[], $${next + 4}::text[]${values})
      as d(${names}, token, due_at, after_seconds, keeps_due, attempts${valueNames})
    where ${same} and t.lease_token = d.token returning d.token::text as token`
}

const secondsOf = (due: Due | undefined): number | null =>
  due === null || due === undefined || due instanceof Date ? null : due.afterSeconds

/** JSON goes as text: an array in an array of parameters would be taken for another dimension of it. */
const valueFor = ({ property, type }: TableShape['written'][number], set: Written | undefined): unknown => {
  const value = set?.[property] ?? null
  return type === 'jsonb' && value !== null ? JSON.stringify(value) : value
}

/**
 * Ends many leases on one table in one statement, each only while its token still stands.
 * @returns the tokens of those that ended; the others were taken over.
 */
export const settleAll = async (
  db: Queryable,
  table: TableShape,
  settlements: readonly Settlement[],
): Promise<ReadonlySet<string>> => {
  if (settlements.length === 0) return new Set()
  const rows = await db.query<{ token: string }>({
    name: `settle-${table.name}`,
    text: settleText(table),
    values: [
      ...table.key.map((_, at) => settlements.map(({ lease }) => lease.key[at])),
      settlements.map(({ lease }) => lease.token),
      settlements.map(({ due }) => (due instanceof Date ? due : null)),
      settlements.map(({ due }) => secondsOf(due)),
      settlements.map(({ due }) => due === undefined),
      settlements.map(({ attempts }) => attempts),
      ...table.written.map((column) => settlements.map(({ set }) => valueFor(column, set))),
    ],
  })
  return new Set(rows.map(({ token }) => token))
}

const renewText = (table: TableShape): string => {
  const keys = table.key.map(({ type }, at) => `$${at + 2}::${type}[]`).join(', ')
  const names = table.key.map((_, at) => `k${at}`).join(', ')
  const same = table.key.map(({ column }, at) => `t.${column} = d.k${at}`).join(' and ')
  return `update ${table.name} as t set lease_until = now() + make_interval(secs => $1)
    from unnest(${keys}, $${table.key.length + 2}::uuid[]) as d(${names}, token)
    where ${same} and t.lease_token = d.token returning d.token::text as token`
}

/**
 * Lets leases on one table hold for `seconds` from now.
 * @returns the tokens of those that still stood; the others were taken over.
 */
export const renewAll = async (
  db: Queryable,
  table: TableShape,
  leases: readonly Lease[],
  seconds: number,
): Promise<ReadonlySet<string>> => {
  if (leases.length === 0) return new Set()
  const rows = await db.query<{ token: string }>({
    name: `renew-${table.name}`,
    text: renewText(table),
    values: [
      seconds,
      ...table.key.map((_, at) => leases.map(({ key }) => key[at])),
      leases.map(({ token }) => token),
    ],
  })
  return new Set(rows.map(({ token }) => token))
}
