import type { Queryable } from '../queryable.ts'
import { isFree } from './put-off-deliveries.ts'

/**
 * Open deliveries about an object, of whatever subscriptions. They are looked up by it alone and before anything else is
 * asked (`offset 0`), and what is open by the words of the index by object: with whatever statistics, PostgreSQL then
 * uses that index, where it would go through all that is open, or all that ever was.
 */
const openAbout = (object: string): string =>
  `lateral (select organization_id, subscription_id, delivery_id, status, lease_until, after_delivery, objects
      from deliveries
      where objects @> array[${object}] and objects <> '{}' and status not in ('notified', 'delivered') offset 0) e`

/** Not in the words of the index of what is open, which would be read whole for a few by their ids. */
export const isTried = `status not in ('queued', 'notified', 'delivered')`
const isQueued = `status not in ('created', 'retry', 'notified', 'delivered')`

/** The last open delivery about one of the objects of `of`, to its subscription; whether any of those is queued. */
export const lastAbout = (of: string, subscription: string, more = ''): string =>
  `lateral (select max(e.delivery_id) as delivery_id, coalesce(bool_or(e.status = 'queued'), false) as queued
      from unnest(${of}.objects) as o(object), ${openAbout('o.object')}
    where e.organization_id = ${of}.organization_id and e.subscription_id = ${subscription}.subscription_id ${more}) b`

/** It waits for none, and is tried by itself. */
const isLoose = `e.after_delivery is null and (e.lease_until is null or e.lease_until <= now())`

/**
 * With `t`, deliveries that are sent anew: `place`, behind which earlier one about the same object each of them comes;
 * and `follower`, those that are on their way already and come behind one. Each object is looked up once, and of what is
 * before them all the last alone is kept: thousands may be about one, and be sent anew in parts.
 */
export const places = `about as materialized (
    select t.subscription_id, o.object, t.delivery_id from t, unnest(t.objects) as o(object)),
  near as (select subscription_id, object, delivery_id, bool_or(loose) as loose
    from (select *, false as loose from about union all
      select a.subscription_id, a.object, n.delivery_id, n.loose
      from (select subscription_id, object, min(delivery_id) as first from about group by 1, 2) a,
        lateral (select max(e.delivery_id) as delivery_id, bool_or(${isLoose}) as loose from ${openAbout('a.object')}
          where e.organization_id = $1 and e.subscription_id = a.subscription_id and e.status <> 'queued'
          group by case when e.delivery_id < a.first then 0 else e.delivery_id end) n) all_near
    group by 1, 2, 3),
  place as materialized (select delivery_id, max(behind) as behind, bool_or(anew) as anew, bool_or(loose) as loose
    from (select delivery_id, loose, false as anew,
          lag(delivery_id) over (partition by subscription_id, object order by delivery_id) as behind from near
        union all select delivery_id, false, true, null from t) placed
    group by delivery_id),
  follower as materialized (select * from place where loose and not anew and behind is not null)`

/**
 * Deliveries about one object to one subscription go in the order in which they were made: each waits for the one before
 * (`after_delivery`). One that is queued holds back what is told later, and nothing that was released without it: so
 * what is not queued waits only for what is not either, and never for ever.
 */
export const deliveryOrder = (db: Queryable) => {
  const queueNext = async (
    organizationId: number,
    deliveryIds: readonly number[],
  ): Promise<readonly number[]> => {
    const rows = await db.query<{ id: number }>({
      text: `with f as materialized (
          select q.subscription_id, o.object, min(q.delivery_id) as since from deliveries q, unnest(q.objects) as o(object)
          where q.organization_id = $1 and q.delivery_id = any($2::bigint[]) and q.${isQueued} group by 1, 2)
        update deliveries set status = 'queued', due_at = null, put_off_by = '', updated_at = now()
        where organization_id = $1 and ${isTried} and ${isFree}
          and delivery_id = any(array(select e.delivery_id from f, ${openAbout('f.object')}
            where e.organization_id = $1 and e.subscription_id = f.subscription_id and e.delivery_id > f.since
              and e.status <> 'queued'))
        returning delivery_id as id`,
      values: [organizationId, deliveryIds],
    })
    return rows.map(({ id }) => id)
  }
  return {
    /**
     * Lets those go that waited for these, which have ended; those of which another one is in the way wait for that.
     * The transaction has locked their subscriptions.
     * @returns how many are due.
     */
    letGo: async (organizationId: number, deliveryIds: readonly number[]): Promise<number> => {
      // What is queued is in nobody's way here: what it holds back is queued itself.
      const rows = await db.query<{ due: boolean }>({
        text: `update deliveries d set after_delivery = b.delivery_id,
          due_at = case when d.status <> 'queued' and b.delivery_id is null then clock_timestamp() end
        from deliveries w
          left join ${lastAbout('w', 'w', `and e.delivery_id < w.delivery_id and e.status <> 'queued'`)} on true
        where w.organization_id = $1 and w.after_delivery = any($2::bigint[])
          and d.organization_id = w.organization_id and d.delivery_id = w.delivery_id
        returning d.due_at is not null as due`,
        values: [organizationId, deliveryIds],
      })
      return rows.filter(({ due }) => due).length
    },
    /**
     * Queues what comes after those of these that are queued by now, and what comes after that in turn: a release then
     * has all of it in order. The transaction has locked their subscriptions.
     */
    queueBehind: async (organizationId: number, deliveryIds: readonly number[]): Promise<void> => {
      let last = deliveryIds
      while (last.length > 0) last = await queueNext(organizationId, last)
    },
  }
}
