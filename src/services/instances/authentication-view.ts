import { type Element, tellsBaseUrl } from '#src/element/index.ts'
import type { Grant } from '#src/engine/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { maskSecrets } from '#src/lib/mask.ts'
import type { GrantRow } from '#src/store/index.ts'
import { type Configuration, secretValues } from './configuration.ts'
import { authOfRow, isEndless, isRenewable, openGrant } from './grant-record.ts'
import { type GrantState, stateOf } from './grant-times.ts'
import type { InstancesNeed } from './need.ts'
import { siteOf } from './site-of.ts'

/** One grant of an instance, as its owner sees it; no token is in it. */
export interface AuthenticationView {
  readonly principal: string
  readonly type: string
  /** When its access token ends; null: it is used until it is refused. */
  readonly expiresAt: string | null
  readonly refreshExpiresAt: string | null
  /** The API's base URL, as the vendor named it with the last token or as it is configured now. */
  readonly geolocation: string
  readonly scopes: readonly string[]
  readonly state: GrantState
  /** Why somebody must connect again. */
  readonly reason?: string
}

/** Where calls go. What cannot be made of the configuration any more stays as it was. */
const baseUrlOf = (
  element: Element,
  row: GrantRow,
  { baseUrl }: Grant,
  configuration: Configuration,
): string => {
  const auth = authOfRow(element, row)
  if (tellsBaseUrl(auth)) return baseUrl
  try {
    return siteOf(element, configuration, auth).apiUrl
  } catch (error) {
    if (error instanceof AppError) return baseUrl
    throw error
  }
}

/** @param configuration whole, secrets in clear. */
export const authenticationView = (
  need: InstancesNeed,
  element: Element,
  row: GrantRow,
  configuration: Configuration,
): AuthenticationView => {
  const { grant } = openGrant(need, row)
  const state = stateOf(row, isRenewable(grant), new Date())
  const lapsed = `The connection has not been renewed in time and ended. Connect the instance again.`
  return {
    principal: row.principal,
    type: authOfRow(element, row).type,
    expiresAt: isEndless(row) ? null : row.expiresAt.toISOString(),
    refreshExpiresAt: row.refreshExpiresAt?.toISOString() ?? null,
    geolocation: maskSecrets(
      baseUrlOf(element, row, grant, configuration),
      secretValues(element, configuration),
    ),
    scopes: row.scopes,
    state,
    ...(state === 'needs-reconnect' ? { reason: row.reason ?? lapsed } : {}),
  }
}
