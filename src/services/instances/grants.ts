import type { Element, Site } from '#src/element/index.ts'
import {
  type Access,
  type Grant,
  type OauthClient,
  refreshGrant,
  type TokenSource,
} from '#src/engine/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { GrantRow, NewGrant, Principal } from '#src/store/index.ts'
import { oauthOf } from '../catalogue/index.ts'
import {
  type InstancesNeed,
  type InstancesRoom,
  instanceChanged,
  instanceChannel,
  type Record,
  sealContext,
} from './need.ts'

/** A token is renewed this long before it ends, so that it does not end on the way. */
const aheadMs = 60_000
/** For this long a target whose refusal a new token did not cure costs no further renewal. */
const uselessForMs = 300_000
/** And for as long, so many useless renewals are all that refusals may cause. */
const uselessAllowed = 3

/** An instance's grant in memory. `version` is the row's. */
export interface HeldGrant {
  readonly grant: Grant
  readonly version: number
  readonly broken: string | null
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
  const { expiresAt, refreshExpiresAt, scopes } = row
  return {
    grant: { ...fields, expiresAt, refreshExpiresAt, scopes },
    version: row.version,
    broken:
      row.state === 'ok' ? null : (row.reason ?? 'The connection has ended. Connect the instance again.'),
  }
}

const accessOf = ({ grant, version }: HeldGrant): Access => ({
  token: grant.accessToken,
  baseUrl: grant.baseUrl,
  version,
})

export type GrantKeeper = ReturnType<typeof createGrantKeeper>

/**
 * Keeps one instance's grant alive. However many calls wait, one renewal runs in this process; its result
 * is stored before anybody uses it, and only over the version that was read. When the vendor refuses a
 * renewal, storage is read again first: another process may have renewed, and then nothing is broken.
 */
export const createGrantKeeper = (
  need: InstancesRoom,
  owner: GrantOwner,
  principal: Principal,
  first: HeldGrant,
) => {
  const { organizationId, instanceId, element } = owner
  let held = first
  let running: Promise<HeldGrant> | null = null
  let useless: readonly { readonly target: string; readonly atMs: number }[] = []

  const reread = async (): Promise<HeldGrant | null> => {
    const rows = await need.store.grants.ofInstance(organizationId, instanceId)
    const row = rows.find((candidate) => candidate.principal === principal)
    return row === undefined ? null : openGrant(need, row)
  }

  const afterRefusal = async (error: AppError, tried: HeldGrant): Promise<HeldGrant> => {
    const stored = await reread()
    if (stored !== null && stored.version !== tried.version) return stored
    const reason = error.message
    await need.store.grants.markBroken(organizationId, instanceId, principal, tried.version, reason)
    held = { ...tried, broken: reason }
    throw error
  }

  const refreshOnce = async (record: Record): Promise<HeldGrant> => {
    const tried = held
    const context = {
      outbound: need.outbound,
      element,
      auth: oauthOf(element),
      site: owner.site,
      client: owner.client,
      record,
    }
    let grant: Grant
    try {
      grant = await refreshGrant(context, tried.grant)
    } catch (error) {
      if (error instanceof AppError && error.code === 'needs-reconnect') return afterRefusal(error, tried)
      throw error
    }
    const row = grantRow(need, organizationId, instanceId, principal, grant)
    const version = await need.store.grants.replace(row, tried.version)
    if (version !== null) {
      await need.store.notify(instanceChannel, instanceChanged(need, instanceId))
      return { grant, version, broken: null }
    }
    const stored = await reread()
    if (stored !== null) return stored
    throw new AppError('bad-credentials', 'Authorization: the instance of this Element token was deleted.')
  }

  const refresh = (record: Record): Promise<HeldGrant> => {
    running ??= refreshOnce(record)
      .then((renewed) => {
        held = renewed
        return renewed
      })
      .finally(() => {
        running = null
      })
    return running
  }

  const refuseBroken = (): void => {
    if (held.broken !== null)
      throw new AppError('needs-reconnect', held.broken, { hop: 'provider', providerMessage: held.broken })
  }

  const wouldHelp = (target: string): boolean => {
    useless = useless.filter(({ atMs }) => Date.now() - atMs < uselessForMs)
    return useless.length < uselessAllowed && !useless.some((one) => one.target === target)
  }

  return {
    /** Whether the grant is not known to have ended. */
    isValid: (): boolean => held.broken === null,
    /** Tokens for one hub call; `record` notes the vendor calls that it causes. */
    tokens: (record: Record): TokenSource => ({
      current: async () => {
        refuseBroken()
        const due = held.grant.expiresAt.getTime() - Date.now() < aheadMs
        return accessOf(due && held.grant.refreshToken !== null ? await refresh(record) : held)
      },
      renew: async (refused, target) => {
        if (held.version !== refused.version) return accessOf(held)
        return wouldHelp(target) ? accessOf(await refresh(record)) : null
      },
      uselessFor: (target) => {
        useless = [...useless, { target, atMs: Date.now() }]
      },
    }),
  }
}
