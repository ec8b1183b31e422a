import type { Queryable } from '../database.ts'

/** Whose calls of which service are counted together. */
export interface VendorBudgetKey {
  readonly organizationId: number
  readonly instanceId: number
  readonly service: string
  /** The user, where the service counts by user; else empty. */
  readonly about: string
}

/** Calls that somebody wants to take. */
export interface VendorBudgetDemand {
  /** Most calls that may be taken at any moment. */
  readonly calls: number
  /** How long a taken call counts. */
  readonly holdSeconds: number
  /** Calls taken within so many seconds are one entry, as of the end of those. */
  readonly slotSeconds: number
  readonly want: number
}

const keyOf = ({ organizationId, instanceId, service, about }: VendorBudgetKey): readonly unknown[] => [
  organizationId,
  instanceId,
  service,
  about,
]

const keptHours = 48

/** The end of the slot that a moment is in. */
const slotEnd = (at: string): string =>
  `to_timestamp(ceil(extract(epoch from ${at})::float8 / $6::float8) * $6::float8)`

/** Entries that count no more are left out, and what can be granted is added; the row's lock makes takers queue. */
const take = `insert into vendor_budgets as b
    (organization_id, instance_id, service, about, taken_at, taken, granted)
  values ($1, $2, $3, $4, array[${slotEnd('clock_timestamp()')}], array[least($8::integer, $5::integer)],
    least($8::integer, $5::integer))
  on conflict (organization_id, instance_id, service, about) do update
    set (taken_at, taken, granted, used_at) = (
      select coalesce(merged.ats, '{}'), coalesce(merged.calls, '{}'), g.granted, n.at
      from (select clock_timestamp() as at) as n
      cross join lateral (
        select coalesce(sum(e.calls), 0)::integer as used from unnest(b.taken_at, b.taken) as e (at, calls)
        where e.at > n.at - make_interval(secs => $7)) as u
      cross join lateral (
        select case when b.paused_until > n.at then 0 else greatest(0, least($8::integer, $5::integer - u.used)) end
          as granted) as g
      cross join lateral (
        select array_agg(m.at order by m.at) as ats, array_agg(m.calls order by m.at) as calls from (
          select x.at, sum(x.calls)::integer as calls from (
            select e.at, e.calls from unnest(b.taken_at, b.taken) as e (at, calls)
              where e.at > n.at - make_interval(secs => $7)
            union all select ${slotEnd('n.at')}, g.granted where g.granted > 0) as x
          group by x.at) as m) as merged)
  returning granted, greatest(0, extract(epoch from greatest(paused_until, case
      when (select sum(n) from unnest(taken) as n) >= $5::integer then taken_at[1] + make_interval(secs => $7) end)
    - clock_timestamp()))::float8 * 1000 as "waitMs"`

/** What processes took of vendors' published limits. Times are the database's. */
export const vendorBudgetTable = (db: Queryable) => ({
  /** Takes up to `want` calls; where none is free `waitMs` says when the first will be. */
  take: async (
    key: VendorBudgetKey,
    { calls, holdSeconds, slotSeconds, want }: VendorBudgetDemand,
  ): Promise<{ readonly granted: number; readonly waitMs: number }> => {
    const [share] = await db.query<{ granted: number; waitMs: number }>({
      name: 'vendor-budget-take',
      text: take,
      values: [...keyOf(key), calls, slotSeconds, holdSeconds, want],
    })
    return share ?? { granted: 0, waitMs: 0 }
  },
  /** Nothing is granted for so long; a longer pause stays. */
  pause: (key: VendorBudgetKey, seconds: number) =>
    db.query({
      name: 'vendor-budget-pause',
      text: `insert into vendor_budgets as b
          (organization_id, instance_id, service, about, taken_at, taken, granted, paused_until)
        values ($1, $2, $3, $4, '{}', '{}', 0, clock_timestamp() + make_interval(secs => $5))
        on conflict (organization_id, instance_id, service, about) do update
          set paused_until = greatest(b.paused_until, excluded.paused_until), used_at = now()`,
      values: [...keyOf(key), seconds],
    }),
  /** Forgets what counts no more. */
  prune: () =>
    db.query({
      text: 'delete from vendor_budgets where used_at < now() - make_interval(hours => $1)',
      values: [keptHours],
    }),
})
