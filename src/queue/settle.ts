import type { Queryable } from '#src/store/index.ts'
import type { Claim, Lease } from './claim.ts'
import type { TableShape, WrittenColumn } from './due-table.ts'

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

/** The end of a claim, with the row that it is of. */
export interface SettlementOf<Row> extends Settlement {
  readonly lease: Claim<Row>
}

/** What became of ends that were to be written; others have taken over the leases in neither. */
export interface WrittenEnds {
  readonly ended: ReadonlySet<Lease>
  /** Somebody keeps what they are written to locked: they are tried again. */
  readonly busy?: ReadonlySet<Lease>
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

const keys = ({ key }: TableShape, first: number) => ({
  arrays: key.map(({ type }, at) => `$${first + at}::${type}[]`).join(', '),
  names: key.map((_, at) => `k${at}`).join(', '),
  same: key.map(({ column }, at) => `t.${column} = d.k${at}`).join(' and '),
})

/** Times go as seconds since 1970: the driver writes a Date at length, in the zone of this machine. */
const writtenValue = ({ type }: WrittenColumn, at: number): string =>
  type === 'timestamptz' ? `to_timestamp(d.w${at})` : `d.w${at}`

const settleText = (table: TableShape): string => {
  const { arrays, names, same } = keys(table, 1)
  const next = table.key.length + 1
  const values = table.written.map(
    ({ type }, at) => `, $${next + 5 + at}::${type === 'timestamptz' ? 'float8' : type}[]`,
  )
  const valueNames = table.written.map((_, at) => `, w${at}`).join('')
  const sets = table.written.map((one, at) => {
    const { column, append } = one
    return append === true
      ? `, ${column} = case when d.w${at} is null then t.${column} else t.${column} || d.w${at} end`
      : `, ${column} = coalesce(${writtenValue(one, at)}, t.${column})`
  })
  return `update ${table.name} as t set
      due_at = case when d.keeps_due then t.due_at
        else coalesce(to_timestamp(d.due), clock_timestamp() + make_interval(secs => d.after_seconds)) end,
      attempts = case d.attempts when 0 then 0 when -1 then greatest(t.attempts - 1, 0) else t.attempts end,
      lease_until = null, lease_token = null, lease_owner = null${sets.join('')}
    from unnest(${arrays}, $${next}::uuid[], $${next + 1}::float8[], $${next + 2}::float8[],
      $${next + 3}::boolean[], $${next + 4}::integer[]${values.join('')}) with ordinality
      as d(${names}, token, due, after_seconds, keeps_due, attempts${valueNames}, place)
    where ${same} and t.lease_token = d.token returning d.place::integer as place`
}

/** As `settleText` reads it. */
const attemptsCode = { reset: 0, undo: -1, keep: 1 } as const

const secondsOf = (due: Due | undefined): number | null =>
  due === null || due === undefined || due instanceof Date ? null : due.afterSeconds

const sinceEpoch = (date: Date): number => date.getTime() / 1_000

/** JSON goes as text: an array in an array of parameters would be taken for another dimension of it. */
const valueFor = ({ property, type }: TableShape['written'][number], set: Written | undefined): unknown => {
  const value = set?.[property] ?? null
  if (value instanceof Date) return sinceEpoch(value)
  return type === 'jsonb' && value !== null ? JSON.stringify(value) : value
}

const quoted = /["\\]/g

/** PostgreSQL, "Array Input and Output Syntax". */
const element = (value: unknown): string => {
  if (value === null || value === undefined) return 'null'
  if (typeof value !== 'string') return String(value)
  return value.includes('"') || value.includes('\\') ? `"${value.replaceAll(quoted, '\\$&')}"` : `"${value}"`
}

/**
 * As the text of an array: the driver would put it together in small pieces, which costs more than all else here.
 * Nothing where all are null: `unnest` fills the shorter array up with nulls.
 */
const column = <T>(items: readonly T[], valueIn: (item: T) => unknown): string => {
  let text = ''
  let empty = true
  for (const item of items) {
    const value = valueIn(item)
    if (value !== null && value !== undefined) empty = false
    text += text === '' ? element(value) : `,${element(value)}`
  }
  return empty ? '{}' : `{${text}}`
}

const placed = <T>(rows: readonly { readonly place: number }[], items: readonly T[]): ReadonlySet<T> =>
  new Set(rows.flatMap(({ place }) => items[place - 1] ?? []))

/**
 * Ends many leases on one table in one statement, each only while its token still stands.
 * @returns those that ended; the others were taken over.
 */
export const settleAll = async (
  db: Queryable,
  table: TableShape,
  settlements: readonly Settlement[],
): Promise<ReadonlySet<Lease>> => {
  if (settlements.length === 0) return new Set()
  const of = (valueIn: (one: Settlement) => unknown): string => column(settlements, valueIn)
  const rows = await db.query<{ place: number }>({
    name: `settle-${table.name}`,
    text: settleText(table),
    values: [
      ...table.key.map((_, at) => of(({ lease }) => lease.key[at])),
      of(({ lease }) => lease.token),
      of(({ due }) => (due instanceof Date ? sinceEpoch(due) : null)),
      of(({ due }) => secondsOf(due)),
      of(({ due }) => due === undefined),
      of(({ attempts }) => attemptsCode[attempts]),
      ...table.written.map((one) => of(({ set }) => valueFor(one, set))),
    ],
  })
  return placed(
    rows,
    settlements.map(({ lease }) => lease),
  )
}

/**
 * By keys: a row that was changed since the statement began lies elsewhere by now, and is locked all the same. What
 * stands is told twice where it was renewed: whatever PostgreSQL takes the numbers of rows for, it then looks at each
 * once.
 */
const renewText = (table: TableShape): string => {
  const { arrays, names, same } = keys(table, 2)
  return `with d as materialized (
      select * from unnest(${arrays}, $${table.key.length + 2}::uuid[]) with ordinality as d(${names}, token, place)),
    free as materialized (select d.* from ${table.name} t join d on ${same}
      where t.lease_token = d.token for no key update of t skip locked),
    renewed as (update ${table.name} t set lease_until = now() + make_interval(secs => $1)
      from free d where ${same} and t.lease_token = d.token returning d.place)
    select place::integer, true as renewed from renewed union all
    select d.place::integer, false from ${table.name} t join d on ${same} where t.lease_token = d.token`
}

/** What became of leases that were to be renewed; others have taken over those in neither. */
export interface Renewal {
  readonly renewed: ReadonlySet<Lease>
  /** Their rows are locked: nobody claims them meanwhile, and they stand as long as they did. */
  readonly busy: ReadonlySet<Lease>
}

/**
 * Lets leases on one table hold for `seconds` from now. Waits for no row: one that somebody keeps locked would let the
 * leases on all others run out, and whoever keeps it may wait for one of the others.
 */
export const renewAll = async (
  db: Queryable,
  table: TableShape,
  leases: readonly Lease[],
  seconds: number,
): Promise<Renewal> => {
  if (leases.length === 0) return { renewed: new Set(), busy: new Set() }
  // Not named: a plan that is kept could be one for few leases.
  const rows = await db.query<{ place: number; renewed: boolean }>({
    text: renewText(table),
    values: [
      seconds,
      ...table.key.map((_, at) => leases.map(({ key }) => key[at])),
      leases.map(({ token }) => token),
    ],
  })
  const renewed = placed(
    rows.filter((row) => row.renewed),
    leases,
  )
  const standing = placed(rows, leases)
  return { renewed, busy: new Set([...standing].filter((lease) => !renewed.has(lease))) }
}
