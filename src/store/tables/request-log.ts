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
  /** Absent: no script failed. */
  readonly scriptError: string | null
}

const columns = `organization_id as "organizationId", request_id as "requestId", at, account_id as "accountId",
  user_id as "userId", instance_id as "instanceId", element_key as "elementKey", method, path,
  remote_address as "remoteAddress", status, duration_ms as "durationMs", error_code as "errorCode", plan,
  vendor_calls as "vendorCalls", script_error as "scriptError"`

/** One row a call. */
export const requestLogTable = (db: Queryable) => ({
  /**
   * Any number of rows in one statement.
   * @param rows each the JSON text of a RequestLogRow. One parameter for all costs this process a third of an array
   * for each column.
   */
  insertAll: (rows: readonly string[]) =>
    db.query({
      name: 'request-log-insert',
      text: `insert into request_log (organization_id, request_id, at, account_id, user_id, instance_id, element_key,
          method, path, remote_address, status, duration_ms, error_code, plan, vendor_calls,
          script_error)
        select "organizationId", "requestId", at, "accountId", "userId", "instanceId", "elementKey", method, path,
          "remoteAddress", status, "durationMs", "errorCode", plan, "vendorCalls", "scriptError"
        from json_to_recordset($1::json) as row ("organizationId" bigint, "requestId" text, at timestamptz,
          "accountId" bigint, "userId" bigint, "instanceId" bigint, "elementKey" text, method text, path text,
          "remoteAddress" text, status int, "durationMs" real, "errorCode" text, plan text, "vendorCalls" jsonb,
          "scriptError" text)
        on conflict (organization_id, request_id) do nothing`,
      values: [`[${rows.join(',')}]`],
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
