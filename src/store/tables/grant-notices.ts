import type { Queryable } from '../database.ts'
import type { GrantKey } from './grants.ts'

/** Something a customer is told about a grant, once. */
export interface GrantNotice extends GrantKey {
  readonly kind: 'expiring' | 'needs-reconnect'
  /** What the notice is about, so that it is told once: the end of a grant, or the version that ended. */
  readonly about: string
  readonly endsAt: Date | null
  readonly reason: string | null
}

export interface StoredGrantNotice extends GrantNotice {
  readonly createdAt: Date
  readonly deliveredAt: Date | null
}

/** What customers are told about their grants; whoever delivers it sets `delivered_at`. */
export const grantNoticeTable = (db: Queryable) => ({
  /** @returns false when it was stored before. */
  add: async (notice: GrantNotice): Promise<boolean> => {
    const rows = await db.query({
      text: `insert into grant_notices (organization_id, instance_id, principal, kind, about, ends_at, reason)
        values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning 1`,
      values: [
        notice.organizationId,
        notice.instanceId,
        notice.principal,
        notice.kind,
        notice.about,
        notice.endsAt,
        notice.reason,
      ],
    })
    return rows.length > 0
  },
  /** Takes the oldest that nobody was told yet, which are told once the transaction commits. */
  takeUntold: (limit: number): Promise<StoredGrantNotice[]> =>
    db.query<StoredGrantNotice>({
      text: `with p as (select organization_id, instance_id, principal, kind, about from grant_notices
          where delivered_at is null order by created_at limit $1 for update skip locked)
        update grant_notices n set delivered_at = now() from p
        where n.organization_id = p.organization_id and n.instance_id = p.instance_id and n.principal = p.principal
          and n.kind = p.kind and n.about = p.about
        returning n.organization_id as "organizationId", n.instance_id as "instanceId", n.principal, n.kind, n.about,
          n.ends_at as "endsAt", n.reason, n.created_at as "createdAt", n.delivered_at as "deliveredAt"`,
      values: [limit],
    }),
  ofInstance: (organizationId: number, instanceId: number): Promise<StoredGrantNotice[]> =>
    db.query<StoredGrantNotice>({
      text: `select organization_id as "organizationId", instance_id as "instanceId", principal, kind, about,
          ends_at as "endsAt", reason, created_at as "createdAt", delivered_at as "deliveredAt"
        from grant_notices where organization_id = $1 and instance_id = $2 order by created_at`,
      values: [organizationId, instanceId],
    }),
  /** Takes back what nobody was told yet. */
  withdraw: ({ organizationId, instanceId, principal }: GrantKey, about: string) =>
    db.query({
      text: `delete from grant_notices where organization_id = $1 and instance_id = $2 and principal = $3
          and about = $4 and delivered_at is null`,
      values: [organizationId, instanceId, principal, about],
    }),
  removeOf: (organizationId: number, instanceId: number) =>
    db.query({
      text: 'delete from grant_notices where organization_id = $1 and instance_id = $2',
      values: [organizationId, instanceId],
    }),
})
