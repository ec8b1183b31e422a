import type { Queryable } from '../queryable.ts'

/** A resource of an instance whose changes are looked for, as it is configured. */
export interface PollerSetting {
  readonly objectType: string
  /** How it asks, checked. */
  readonly entry: unknown
  readonly intervalSeconds: number
  /** When it is first due, in seconds from now; what is due sooner stays. */
  readonly firstAfterSeconds: number
}

/** A poller as it is shown. */
export interface PollerRow {
  readonly organizationId: number
  readonly instanceId: number
  readonly objectType: string
  readonly entry: unknown
  readonly intervalSeconds: number
  readonly createdAt: Date
  readonly polledAt: Date | null
  readonly lastFoundAt: Date | null
  /** Events so far. */
  readonly found: number
  /** Failures in a row. */
  readonly failures: number
  readonly failedAt: Date | null
  readonly failure: string | null
  readonly dueAt: Date | null
}

const columns = `organization_id as "organizationId", instance_id as "instanceId", object_type as "objectType", entry,
  interval_seconds as "intervalSeconds", created_at as "createdAt", polled_at as "polledAt",
  last_found_at as "lastFoundAt", found, failures, failed_at as "failedAt", failure, due_at as "dueAt"`

/** A poll that runs loses its place: it asked as it was told before. */
const unleased = 'lease_until = null, lease_token = null, lease_owner = null'

/** Which resources of which instances are polled. Where a poller stands outlives every change of how it asks. */
export const pollerTable = (db: Queryable) => ({
  /** Makes these, and only these, the active pollers of an instance. */
  set: async (
    organizationId: number,
    instanceId: number,
    settings: readonly PollerSetting[],
  ): Promise<void> => {
    await db.query({
      text: `update pollers set active = false, due_at = null, ${unleased}
        where organization_id = $1 and instance_id = $2 and active and object_type <> all($3::text[])`,
      values: [organizationId, instanceId, settings.map(({ objectType }) => objectType)],
    })
    if (settings.length === 0) return
    await db.query({
      text: `insert into pollers (organization_id, instance_id, object_type, entry, interval_seconds, due_at)
        select $1, $2, s.object_type, s.entry, s.interval_seconds, now() + make_interval(secs => s.first)
        from unnest($3::text[], $4::jsonb[], $5::integer[], $6::float8[])
          as s(object_type, entry, interval_seconds, first)
        on conflict (organization_id, instance_id, object_type) do update set entry = excluded.entry,
          interval_seconds = excluded.interval_seconds, active = true,
          due_at = least(excluded.due_at, pollers.due_at), ${unleased}`,
      values: [
        organizationId,
        instanceId,
        settings.map(({ objectType }) => objectType),
        settings.map(({ entry }) => JSON.stringify(entry)),
        settings.map(({ intervalSeconds }) => intervalSeconds),
        settings.map(({ firstAfterSeconds }) => firstAfterSeconds),
      ],
    })
  },
  /**
   * Makes the active pollers of an instance due soon, as if they had never failed: what kept them from polling may be
   * mended. One that runs loses its place, since it may still fail by what was before, and would wait long again.
   * @param withinSeconds each within its interval too, so that not all come at once.
   */
  hasten: (organizationId: number, instanceId: number, withinSeconds: number) =>
    db.query({
      text: `update pollers set failures = 0, attempts = 0, ${unleased}, due_at = least(due_at,
          now() + make_interval(secs => random() * least($3::float8, interval_seconds)))
        where organization_id = $1 and instance_id = $2 and active`,
      values: [organizationId, instanceId, withinSeconds],
    }),
  /** Those that are active. */
  ofInstance: (organizationId: number, instanceId: number): Promise<PollerRow[]> =>
    db.query<PollerRow>({
      text: `select ${columns} from pollers where organization_id = $1 and instance_id = $2 and active
        order by object_type`,
      values: [organizationId, instanceId],
    }),
  removeOf: (organizationId: number, instanceId: number) =>
    db.query({
      text: 'delete from pollers where organization_id = $1 and instance_id = $2',
      values: [organizationId, instanceId],
    }),
})
