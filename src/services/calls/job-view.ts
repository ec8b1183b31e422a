import type { Json } from '#src/lib/json.ts'
import { maskSecrets } from '#src/lib/mask.ts'
import { secretsInHeaders, secretsInJson, secretsInPairs } from '#src/lib/secrets-in.ts'
import type { CallRow, PollingRow } from '#src/store/index.ts'
import { type CallBody, type Carried, openBody, openCarried } from './carried.ts'
import type { CallsNeed } from './need.ts'
import { cronOfInterval } from './quartz.ts'

/** A job as its owner reads it, with `***` in place of secrets. */
export interface JobView {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly method: string
  /** Below the API's base. */
  readonly path: string
  /** The query that the address came with, without the question mark. */
  readonly search: string
  readonly query: Readonly<Record<string, string | readonly string[]>>
  readonly headers: Readonly<Record<string, string>>
  /** Absent in lists, and where there is none. */
  readonly body?: Json
  readonly cron: string
  readonly enabled: boolean
  readonly createdAt: Date
  readonly nextAt: Date | null
  readonly accountId: number
  readonly userId: number
  readonly instanceId: number | null
  /** It comes from an instance's configuration, and only there it is changed. */
  readonly readOnly: boolean
}

const maskedQuery = ({ query, search }: Carried): Pick<JobView, 'query' | 'search'> => {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, one]),
  )
  const secrets = secretsInPairs([...pairs, ...new URLSearchParams(search)])
  const shown = Object.entries(query).map(([name, value]): [string, string | readonly string[]] => [
    name,
    typeof value === 'string' ? maskSecrets(value, secrets) : value.map((one) => maskSecrets(one, secrets)),
  ])
  return { query: Object.fromEntries(shown), search: maskSecrets(search, secrets) }
}

const maskedHeaders = ({ headers }: Carried): Readonly<Record<string, string>> => {
  const secrets = secretsInHeaders(headers)
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, maskSecrets(value, secrets)]),
  )
}

const parsed = (text: string): Json => {
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}

const maskedBody = (body: CallBody | null): Pick<JobView, 'body'> => {
  if (body === null) return {}
  if ('base64' in body) return { body: `${Buffer.from(body.base64, 'base64').length} bytes` }
  return { body: parsed(maskSecrets(body.text, secretsInJson(parsed(body.text)))) }
}

/** @throws AppError `key-missing`. */
export const jobView = (need: Pick<CallsNeed, 'vault'>, row: CallRow): JobView => {
  const carried = openCarried(need, row)
  return {
    id: String(row.callId),
    name: row.name,
    description: row.description,
    method: row.method,
    path: row.path,
    ...maskedQuery(carried),
    headers: maskedHeaders(carried),
    ...maskedBody(openBody(need, row)),
    cron: row.cron ?? '',
    enabled: row.enabled,
    createdAt: row.createdAt,
    nextAt: row.dueAt,
    accountId: row.accountId,
    userId: row.userId,
    instanceId: row.instanceId,
    readOnly: false,
  }
}

/** The id of the one job that a polled instance adds; it stays while the instance is there. */
export const pollingId = (instanceId: number): string => `instance-${instanceId}-events`

/** What a polled instance adds to the jobs of its user (spec/behaviour.md 7). */
export const pollingView = (row: PollingRow): JobView => ({
  id: pollingId(row.instanceId),
  name: `Events of ${row.name}`,
  description: `Looks for changes of ${row.objectTypes.join(', ')} of instance ${row.instanceId} (${row.elementKey}).`,
  method: 'GET',
  path: `/instances/${row.instanceId}/events`,
  search: '',
  query: {},
  headers: {},
  cron: cronOfInterval(row.intervalSeconds),
  enabled: !row.disabled,
  createdAt: row.createdAt,
  nextAt: row.dueAt,
  accountId: row.accountId,
  userId: row.userId,
  instanceId: row.instanceId,
  readOnly: true,
})
