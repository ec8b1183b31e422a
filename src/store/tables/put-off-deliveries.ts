import type { Queryable } from '../queryable.ts'
import { keyColumns, type SubscriptionKey } from './subscriptions.ts'

/** Of a delivery that has not ended. */
export const open = `status in ('created', 'retry', 'queued')`

/** Nobody works on it. */
export const isFree = `(lease_until is null or lease_until <= now())`

/** As in the index of what is open, and of what was put off: what is asked so is looked for by no other. */
const dueOrNever = `coalesce(due_at, 'infinity')`
const dueOrPast = `coalesce(due_at, '-infinity')`

export interface Postponement {
  /** The receiver that has no room. */
  readonly by: string
  readonly afterSeconds: number
  readonly stepSeconds: number
  readonly longestSeconds: number
  readonly limit: number
}

/** Deliveries that wait because their receiver has no room. */
export const putOffDeliveries = (db: Queryable) => ({
  /**
   * Puts off what is due to these subscriptions, of whatever organizations, for want of room at their receiver: the
   * first by so long and a step, each one more a step longer. What failed before has turns of its own. Rows are found
   * again by where they lie (queue/claim.ts tells why).
   * @returns how many.
   */
  postpone: async (
    subscriptions: readonly SubscriptionKey[],
    { by, afterSeconds, stepSeconds, longestSeconds, limit }: Postponement,
  ): Promise<number> => {
    const [put] = await db.query<{ count: number }>({
      text: `with o as materialized (
          select d.* from unnest($1::bigint[], $2::bigint[]) as s(organization_id, subscription_id), lateral (
            select ctid as lies, delivery_id from deliveries
            where organization_id = s.organization_id and subscription_id = s.subscription_id
              and ${open} and ${dueOrNever} <= now() and tries = 0 and ${isFree}
            order by ${dueOrNever} limit $6 for update skip locked) d limit $6),
        n as (select lies, row_number() over (order by delivery_id) as place from o),
        put as (update deliveries t set put_off_by = $7, attempts = 0,
            due_at = now() + make_interval(secs => least($3::float8 + n.place * $4::float8, $5))
          from n where t.ctid = n.lies and t.ctid = any(array(select lies from o)) returning 1)
        select count(*)::integer as count from put`,
      values: [...keyColumns(subscriptions), afterSeconds, stepSeconds, longestSeconds, limit, by],
    })
    return put?.count ?? 0
  },
  /**
   * Makes due what was put off for want of room at this receiver, whosever it is; nothing that failed here meanwhile.
   * @returns how many.
   */
  hasten: async (by: string, limit: number): Promise<number> => {
    const [hastened] = await db.query<{ count: number }>({
      text: `with hastened as (update deliveries set due_at = clock_timestamp()
          where ctid = any(array(select ctid from deliveries
            where put_off_by = $1 and put_off_by <> '' and ${dueOrPast} > now() and attempts = 0 and ${isFree}
            order by ${dueOrPast} limit $2 for update skip locked)) returning 1)
        select count(*)::integer as count from hastened`,
      values: [by, limit],
    })
    return hastened?.count ?? 0
  },
})
