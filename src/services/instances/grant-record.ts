import type { Auth, Element, OauthClient, Principal, Site, SiteChoice } from '#src/element/index.ts'
import { endless, type Grant } from '#src/engine/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { hashSecret } from '#src/lib/secret.ts'
import type { GrantBreak, GrantKey, GrantRow, NewGrant } from '#src/store/index.ts'
import { loginOf } from '../catalogue/index.ts'
import { dueAfterRenewal } from './grant-times.ts'
import { type InstancesNeed, sealContext } from './need.ts'

/** An instance's grant in memory. `version` is the row's; `broken` tells why it has ended. */
export interface HeldGrant {
  readonly grant: Grant
  readonly version: number
  readonly broken: GrantBreak | null
  /** Whether this process asked the vendor for it; else it was read from storage. */
  readonly isAsked: boolean
}

/** Whose grant it is, and all that a call to the vendor about it needs. */
export interface GrantOwner {
  readonly organizationId: number
  readonly instanceId: number
  readonly element: Element
  readonly auth: Auth
  readonly site: Site
  readonly client: OauthClient
  /** Any value of the configuration, secret or not. */
  readonly configured: SiteChoice['configured']
}

export const grantKey = (
  { organizationId, instanceId }: Pick<GrantOwner, 'organizationId' | 'instanceId'>,
  principal: Principal,
): GrantKey => ({ organizationId, instanceId, principal })

type SealedFields = Pick<Grant, 'accessToken' | 'refreshToken' | 'baseUrl' | 'tokenSecret' | 'byPassword'> & {
  readonly subject?: string | null
}

/** Of the application and of the person who consented; null: the vendor did not name anybody. */
export const consentOf = (
  { element, client }: Pick<GrantOwner, 'element' | 'client'>,
  subject: string | null,
): { readonly applicationHash: string; readonly subjectHash: string | null } => ({
  applicationHash: hashSecret(JSON.stringify([element.key, client.apiKey])),
  subjectHash: subject === null ? null : hashSecret(JSON.stringify([element.key, subject])),
})

/** By which login and application a grant came. */
export type GrantedBy = Pick<GrantOwner, 'element' | 'auth' | 'client'>

/** The row of a grant; what a thief could use is sealed. */
export const grantRow = (
  need: InstancesNeed,
  key: GrantKey,
  { element, auth, client }: GrantedBy,
  grant: Grant,
): NewGrant => {
  const { accessToken, refreshToken, baseUrl, subject, tokenSecret, byPassword } = grant
  const fields: SealedFields = {
    ...{ accessToken, refreshToken, baseUrl, subject },
    ...(tokenSecret === undefined ? {} : { tokenSecret }),
    ...(byPassword === undefined ? {} : { byPassword }),
  }
  const { organizationId, instanceId, principal } = key
  return {
    organizationId,
    instanceId,
    principal,
    sealed: need.vault.seal(
      JSON.stringify(fields),
      sealContext(`grant-${principal}`, organizationId, instanceId),
    ),
    authType: auth.type,
    ...consentOf({ element, client }, subject),
    expiresAt: grant.expiresAt,
    refreshExpiresAt: grant.refreshExpiresAt,
    scopes: grant.scopes,
    dueAt: dueAfterRenewal(grant, new Date()),
  }
}

export const openGrant = (need: InstancesNeed, row: GrantRow): HeldGrant => {
  const context = sealContext(`grant-${row.principal}`, row.organizationId, row.instanceId)
  const fields = JSON.parse(need.vault.open(row.sealed, context)) as SealedFields
  const { expiresAt, refreshExpiresAt, scopes, reason, providerMessage, providerCorrelationId } = row
  return {
    grant: { ...fields, subject: fields.subject ?? null, expiresAt, refreshExpiresAt, scopes },
    version: row.version,
    broken: row.state === 'ok' ? null : { reason, providerMessage, providerCorrelationId },
    isAsked: false,
  }
}

/** By which login a row was granted. */
export const authOfRow = (element: Element, row: Pick<GrantRow, 'authType'>): Auth =>
  loginOf(element, row.authType ?? undefined)

/** What a call is told on a grant that has ended. */
export const brokenError = ({ reason, providerMessage, providerCorrelationId }: GrantBreak): AppError =>
  new AppError('needs-reconnect', reason ?? 'The connection has ended. Connect the instance again.', {
    hop: 'provider',
    ...(providerMessage === null ? {} : { providerMessage }),
    ...(providerCorrelationId === null ? {} : { providerCorrelationId }),
  })

/**
 * Why a grant has ended.
 * @param cutOffAt when an earlier renewal began whose result was never stored: the likely reason.
 */
export const breakOf = ({ message, details }: AppError, cutOffAt: Date | null): GrantBreak => ({
  reason:
    cutOffAt === null
      ? message
      : `${message} A renewal that began at ${cutOffAt.toISOString()} was cut off before its reply could be stored; the provider may have replaced the refresh token then.`,
  providerMessage: details.providerMessage ?? null,
  providerCorrelationId: details.providerCorrelationId ?? null,
})

/** Whether it can be renewed without a person. */
export const isRenewable = ({ refreshToken, byPassword }: Grant): boolean =>
  refreshToken !== null || byPassword === true

/** Whether it is used until it is refused. */
export const isEndless = ({ expiresAt }: Pick<Grant, 'expiresAt'>): boolean =>
  expiresAt.getTime() >= endless.getTime()

export const hasEnded = ({ grant }: HeldGrant, aheadOfEndMs: number): boolean =>
  grant.expiresAt.getTime() - Date.now() < aheadOfEndMs
