import type { Element, Site } from '#src/element/index.ts'
import {
  type Access,
  type Grant,
  type OauthClient,
  refreshGrant,
  type TokenRefusal,
  type TokenSource,
} from '#src/engine/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { GrantBreak, GrantRow, NewGrant, Principal } from '#src/store/index.ts'
import { oauthOf } from '../catalogue/index.ts'
import {
  type InstancesNeed,
  type InstancesRoom,
  instanceChanged,
  instanceChannel,
  type Record,
  sealContext,
} from './need.ts'
import { createUselessRenewals } from './useless-renewals.ts'

/** A token is renewed this long before it ends, so that it does not end on the way. */
const aheadMs = 60_000
/** A broken grant is looked up in storage again at most this often: another process may have mended it. */
const rereadMs = 1_000

/** An instance's grant in memory. `version` is the row's; `broken` tells why it has ended. */
export interface HeldGrant {
  readonly grant: Grant
  readonly version: number
  readonly broken: GrantBreak | null
}

export interface GrantOwner {
  readonly organizationId: number
  readonly instanceId: number
  readonly element: Element
  readonly site: Site
  readonly client: OauthClient
}

type SealedFields = Pick<Grant, 'accessToken' | 'refreshToken' | 'baseUrl'>

/** The row of a grant; what a thief could use is sealed. */
export const grantRow = (
  need: InstancesNeed,
  organizationId: number,
  instanceId: number,
  principal: Principal,
  grant: Grant,
): NewGrant => {
  const { accessToken, refreshToken, baseUrl } = grant
  const fields: SealedFields = { accessToken, refreshToken, baseUrl }
  return {
    organizationId,
    instanceId,
    principal,
    sealed: need.vault.seal(
      JSON.stringify(fields),
      sealContext(`grant-${principal}`, organizationId, instanceId),
    ),
    expiresAt: grant.expiresAt,
    refreshExpiresAt: grant.refreshExpiresAt,
    scopes: grant.scopes,
  }
}

export const openGrant = (need: InstancesNeed, row: GrantRow): HeldGrant => {
  const context = sealContext(`grant-${row.principal}`, row.organizationId, row.instanceId)
  const fields = JSON.parse(need.vault.open(row.sealed, context)) as SealedFields
  const { expiresAt, refreshExpiresAt, scopes, reason, providerMessage, providerCorrelationId } = row
  return {
    grant: { ...fields, expiresAt, refreshExpiresAt, scopes },
    version: row.version,
    broken: row.state === 'ok' ? null : { reason, providerMessage, providerCorrelationId },
  }
}

const accessOf = ({ grant, version }: HeldGrant): Access => ({
  token: grant.accessToken,
  baseUrl: grant.baseUrl,
  version,
})

const brokenError = ({ reason, providerMessage, providerCorrelationId }: GrantBreak): AppError =>
  new AppError('needs-reconnect', reason ?? 'The connection has ended. Connect the instance again.', {
    hop: 'provider',
    ...(providerMessage === null ? {} : { providerMessage }),
    ...(providerCorrelationId === null ? {} : { providerCorrelationId }),
  })

const breakOf = ({ message, details }: AppError): GrantBreak => ({
  reason: message,
  providerMessage: details.providerMessage ?? null,
  providerCorrelationId: details.providerCorrelationId ?? null,
})

const hasEnded = ({ grant }: HeldGrant, aheadOfEndMs: number): boolean =>
  grant.expiresAt.getTime() - Date.now() < aheadOfEndMs

export type GrantKeeper = ReturnType<typeof createGrantKeeper>

/**
 * Keeps one instance's grant alive. However many calls wait, one renewal runs in this process; its result
 * is stored before anybody uses it, and only over the version that was read. What could not be stored is
 * kept, and stored before the vendor is asked again, for the token before it may be dead. When a renewal
 * fails, storage is read again first: another process may have renewed, and then nothing is broken.
 */
export const createGrantKeeper = (
  need: InstancesRoom,
  firstOwner: GrantOwner,
  principal: Principal,
  first: HeldGrant,
) => {
  const { organizationId, instanceId } = firstOwner
  let owner = firstOwner
  let held = first
  let running: Promise<HeldGrant> | null = null
  let unstored: { readonly grant: Grant; readonly over: HeldGrant } | null = null
  let rereadAtMs = Number.NEGATIVE_INFINITY
  const useless = createUselessRenewals()

  /** What storage holds may be older than what is held: reading takes time. */
  const take = (next: HeldGrant): HeldGrant => {
    const isNews = next.version > held.version || (next.version === held.version && next.broken !== null)
    if (isNews) held = next
    return held
  }

  const reread = async (): Promise<HeldGrant | null> => {
    const rows = await need.store.grants.ofInstance(organizationId, instanceId)
    const row = rows.find((candidate) => candidate.principal === principal)
    return row === undefined ? null : openGrant(need, row)
  }

  /** The grant that somebody else stored meanwhile; else `error`, which marks the grant if it ends it. */
  const afterFailure = async (error: AppError, tried: HeldGrant): Promise<HeldGrant> => {
    const stored = await reread()
    if (stored !== null && stored.version !== tried.version) return stored
    if (error.code !== 'needs-reconnect') throw error
    const broken = breakOf(error)
    await need.store.grants.markBroken(organizationId, instanceId, principal, tried.version, broken)
    take({ ...tried, broken })
    throw error
  }

  const store = async (grant: Grant, over: HeldGrant): Promise<HeldGrant> => {
    unstored = { grant, over }
    const row = grantRow(need, organizationId, instanceId, principal, grant)
    const version = await need.store.grants.replace(row, over.version)
    if (version === null) {
      const stored = await reread()
      unstored = null
      if (stored !== null) return stored
      throw new AppError('bad-credentials', 'Authorization: the instance of this Element token was deleted.')
    }
    unstored = null
    // It is stored; that others hear of it late is no reason to fail.
    await need.store.notify(instanceChannel, instanceChanged(need, instanceId)).catch(() => undefined)
    return { grant, version, broken: null }
  }

  const refreshOnce = async (record: Record): Promise<HeldGrant> => {
    if (unstored !== null) return store(unstored.grant, unstored.over)
    const tried = held
    const { element, site, client } = owner
    const context = { outbound: need.outbound, element, auth: oauthOf(element), site, client, record }
    let grant: Grant
    try {
      grant = await refreshGrant(context, tried.grant)
    } catch (error) {
      if (error instanceof AppError) return afterFailure(error, tried)
      throw error
    }
    return store(grant, tried)
  }

  const refresh = (record: Record): Promise<HeldGrant> => {
    running ??= refreshOnce(record)
      .then(take)
      .finally(() => {
        running = null
      })
    return running
  }

  const usable = (one: HeldGrant): HeldGrant => {
    if (one.broken === null) return one
    throw brokenError(one.broken)
  }

  const mend = async (record: Record): Promise<void> => {
    if (unstored !== null || running !== null) await refresh(record)
    if (held.broken === null || Date.now() - rereadAtMs < rereadMs) return
    rereadAtMs = Date.now()
    const stored = await reread()
    if (stored !== null) take(stored)
  }

  const wouldHelp = ({ target, status }: TokenRefusal): boolean =>
    status === 401 || hasEnded(held, 0) || useless.mayTry(target, held.version)

  return {
    /** Whether the grant is not known to have ended. */
    isValid: (): boolean => held.broken === null,
    /** Whether nothing would be lost if this keeper were made anew from storage. */
    isIdle: (): boolean => running === null && unstored === null,
    /** Takes over what was read anew: another application or site, and a grant that is newer. */
    adopt: (nextOwner: GrantOwner, stored: HeldGrant): void => {
      owner = nextOwner
      take(stored)
    },
    /** Tokens for one hub call; `record` notes the vendor calls that it causes. */
    tokens: (record: Record): TokenSource => ({
      current: async () => {
        if (unstored !== null || held.broken !== null) await mend(record)
        const now = usable(held)
        const due = hasEnded(now, aheadMs) && now.grant.refreshToken !== null
        return accessOf(usable(due ? await refresh(record) : now))
      },
      renew: async (refused, refusal) => {
        if (held.version !== refused.version) return accessOf(usable(held))
        return wouldHelp(refusal) ? accessOf(usable(await refresh(record))) : null
      },
      uselessFor: (tried, target) => useless.add(target, tried.version),
    }),
  }
}
