import type { Element } from '#src/element/index.ts'
import type { GrantRow } from '#src/store/index.ts'
import { authOfRow, isEndless, isRenewable, openGrant } from './grant-record.ts'
import { type GrantState, stateOf } from './grant-times.ts'
import type { InstancesNeed } from './need.ts'

/** One grant of an instance, as its owner sees it; no token is in it. */
export interface AuthenticationView {
  readonly principal: string
  readonly type: string
  /** When its access token ends; null: it is used until it is refused. */
  readonly expiresAt: string | null
  readonly refreshExpiresAt: string | null
  /** The API's base URL, as the vendor named it with the last token. */
  readonly geolocation: string
  readonly scopes: readonly string[]
  readonly state: GrantState
  /** Why somebody must connect again. */
  readonly reason?: string
}

export const authenticationView = (
  need: InstancesNeed,
  element: Element,
  row: GrantRow,
): AuthenticationView => {
  const { grant } = openGrant(need, row)
  const state = stateOf(row, isRenewable(grant), new Date())
  const lapsed = `The connection has not been renewed in time and ended. Connect the instance again.`
  return {
    principal: row.principal,
    type: authOfRow(element, row).type,
    expiresAt: isEndless(row) ? null : row.expiresAt.toISOString(),
    refreshExpiresAt: row.refreshExpiresAt?.toISOString() ?? null,
    geolocation: grant.baseUrl,
    scopes: row.scopes,
    state,
    ...(state === 'needs-reconnect' ? { reason: row.reason ?? lapsed } : {}),
  }
}
