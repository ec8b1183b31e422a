import type { Json } from '#src/lib/json.ts'
import type { Queryable } from '../database.ts'

export interface RequestLogRow {
  readonly organizationId: number
  readonly requestId: string
  readonly at: Date
  readonly accountId: number | null
  readonly userId: number | null
  readonly instanceId: number | null
  readonly elementKey: string | null
  readonly method: string
  readonly path: string
  readonly remoteAddress: string
  readonly status: number
  readonly durationMs: number
  readonly errorCode: string | null
  readonly plan: string | null
  readonly vendorCalls: Json
}

const columns = `organization_id as "organizationId", request_id as "requestId", at, account_id as "accountId",
  user_id as "userId", instance_id as "instanceId", element_key as "elementKey", method, path,
  remote_address as "remoteAddress", status, duration_ms as "durationMs", error_code as "errorCode", plan,
  vendor_calls as "vendorCalls"`

/** One row a call. */
export const requestLogTable = (db: Queryable) => ({
  /** Any number of rows in one statement. */
  insertAll: (rows: readonly RequestLogRow[]) =>
    db.query({
      name: 'request-log-insert',
      text: `insert into request_log (organization_id, request_id, at, account_id, user_id, instance_id, element_key,
          method, path, remote_address, status, duration_ms, error_code, plan, vendor_calls)
        select * from unnest($1::bigint[], $2::text[], $3::timestamptz[], $4::bigint[], $5::bigint[], $6::bigint[],
          $7::text[], $8::text[], $9::text[], $10::text[], $11::int[], $12::real[], $13::text[], $14::text[],
          $15::jsonb[])
        on conflict (organization_id, request_id) do nothing`,
      values: [
        rows.map((row) => row.organizationId),
        rows.map((row) => row.requestId),
        rows.map((row) => row.at),
        rows.map((row) => row.accountId),
        rows.map((row) => row.userId),
        rows.map((row) => row.instanceId),
        rows.map((row) => row.elementKey),
        rows.map((row) => row.method),
        rows.map((row) => row.path),
        rows.map((row) => row.remoteAddress),
        rows.map((row) => row.status),
        rows.map((row) => row.durationMs),
        rows.map((row) => row.errorCode),
        rows.map((row) => row.plan),
        rows.map((row) => JSON.stringify(row.vendorCalls)),
      ],
    }),
  find: async (organizationId: number, requestId: string): Promise<RequestLogRow | undefined> => {
    const [row] = await db.query<RequestLogRow>({
      text: `select ${columns} from request_log where organization_id = $1 and request_id = $2`,
      values: [organizationId, requestId],
    })
    return row
  },
  /** Removes at most `limit` rows older than `days`. @returns how many went. */
  prune: async (days: number, limit: number): Promise<number> => {
    const rows = await db.query({
      text: `delete from request_log where (organization_id, request_id) in (
          select organization_id, request_id from request_log where at < now() - make_interval(days => $1)
          order by at limit $2) returning 1`,
      values: [days, limit],
    })
    return rows.length
  },
})
