import type { Principal } from '#src/element/index.ts'
import { type Access, accessBy, remedyOf, type TokenRefusal, type TokenSource } from '#src/engine/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { andThen, type Later } from '#src/lib/later.ts'
import {
  brokenError,
  type GrantOwner,
  grantKey,
  type HeldGrant,
  hasEnded,
  isRenewable,
} from './grant-record.ts'
import type { InstancesRoom, Record } from './need.ts'
import { aheadMs, createRenewer, type RenewalLease } from './renewal.ts'
import { createUselessRenewals } from './useless-renewals.ts'

/** A broken grant is looked up in storage again at most this often: another process may have mended it. */
const rereadMs = 1_000
/** Ahead of a token's end a renewal that failed is tried again at most this often. */
const failurePauseMs = 10_000

/** Made once a grant: a token is long, and each text that is put together anew is copied on its way out. */
const createAccesses = () => {
  let known: { readonly of: HeldGrant; readonly by: GrantOwner; readonly access: Access } | undefined
  return (by: GrantOwner, of: HeldGrant): Access => {
    if (known?.of === of && known.by === by) return known.access
    const access = accessBy(by, of.grant, of)
    known = { of, by, access }
    return access
  }
}

export type GrantKeeper = ReturnType<typeof createGrantKeeper>

/**
 * Keeps one grant alive. However many calls wait, one renewal runs in this process.
 * @param onBusy told when a renewal begins: until `isIdle`, this keeper must not be lost.
 */
export const createGrantKeeper = (
  need: InstancesRoom,
  firstOwner: GrantOwner,
  principal: Principal,
  first: HeldGrant,
  onBusy: () => void,
) => {
  const key = grantKey(firstOwner, principal)
  let owner = firstOwner
  let held = first
  let running: Promise<HeldGrant> | null = null
  let rereadAtMs = Number.NEGATIVE_INFINITY
  let failedAtMs = Number.NEGATIVE_INFINITY
  /** The version whose first use was noted. */
  let usedVersion = Number.NaN
  const renewer = createRenewer(need, principal)
  const useless = createUselessRenewals()
  const accessOf = createAccesses()

  const remedy = (): string | undefined => remedyOf(owner.auth)

  /** What storage holds may be older than what is held: reading takes time. */
  const take = (next: HeldGrant): HeldGrant => {
    const isNews = next.version > held.version || (next.version === held.version && next.broken !== null)
    if (isNews) held = next
    return held
  }

  const refresh = (record: Record, lease?: RenewalLease): Promise<HeldGrant> => {
    if (running !== null) return running
    onBusy()
    running = renewer
      .renew(owner, held, record, lease)
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
    if (renewer.hasUnstored() || running !== null) await refresh(record)
    if (held.broken === null || Date.now() - rereadAtMs < rereadMs) return
    rereadAtMs = Date.now()
    const stored = await renewer.readStored(owner)
    if (stored !== null) take(stored)
  }

  const wouldHelp = ({ target, status }: TokenRefusal): boolean =>
    status === 401 || hasEnded(held, 0) || useless.mayTry(target, held.version)

  const used = (one: HeldGrant): HeldGrant => {
    if (usedVersion !== one.version) {
      usedVersion = one.version
      need.uses.add(key)
    }
    return one
  }

  /** A new grant; while `now` still works, a renewal that fails for a while keeps nobody from using it. */
  const refreshed = async (now: HeldGrant, record: Record): Promise<HeldGrant> => {
    if (!hasEnded(now, 0) && Date.now() - failedAtMs < failurePauseMs) return now
    try {
      return await refresh(record)
    } catch (error) {
      if (!(error instanceof AppError) || hasEnded(now, 0)) throw error
      failedAtMs = Date.now()
      return now
    }
  }

  const whole = (record: Record): Later<HeldGrant> => {
    const now = usable(held)
    const due = hasEnded(now, aheadMs) && isRenewable(now.grant)
    return due ? refreshed(now, record).then((renewed) => used(usable(renewed))) : used(now)
  }

  /** The grant to use now: renewed first when it is due. */
  const current = (record: Record): Later<HeldGrant> =>
    renewer.hasUnstored() || held.broken !== null ? mend(record).then(() => whole(record)) : whole(record)

  return {
    principal,
    /** Whether the grant is not known to have ended. */
    isValid: (): boolean => held.broken === null,
    /** Whether nothing would be lost if this keeper were made anew from storage. */
    isIdle: (): boolean => running === null && !renewer.hasUnstored(),
    /** Takes over what was read anew: another application or site, and a grant that is newer. */
    adopt: (nextOwner: GrantOwner, stored: HeldGrant): void => {
      owner = nextOwner
      take(stored)
    },
    owner: (): GrantOwner => owner,
    /** Who granted, as the vendor calls them; undefined: not told. */
    subject: (): string | undefined => held.grant.subject ?? undefined,
    /** What was granted, as the vendor told it; none: it did not. */
    scopes: (): readonly string[] => held.grant.scopes,
    /** The grant, renewed first when it is due. @throws AppError `needs-reconnect` and the renewal's failures. */
    current,
    /**
     * Renews because it is due, with the lease that the work queue took. A renewal that runs here already waits
     * for that lease: it gets it.
     * @throws AppError as `Renewer.renew`.
     */
    renewDue: async (record: Record, lease: RenewalLease): Promise<HeldGrant> => {
      if (running !== null)
        await need.store.grants.endRenewal(key, lease.token, {
          hangingSince: undefined,
          dueInSeconds: null,
        })
      return refresh(record, lease)
    },
    /** Tokens for one hub call; `record` notes the vendor calls that it causes. */
    tokens: (record: Record): TokenSource => ({
      current: () => andThen(current(record), (grant) => accessOf(owner, grant)),
      renew: async (refused, refusal) => {
        if (held.version !== refused.version) return accessOf(owner, usable(held))
        if (remedy() !== undefined) return null
        return wouldHelp(refusal) ? accessOf(owner, usable(await refresh(record))) : null
      },
      uselessFor: (tried, target) => useless.add(target, tried.version),
      remedy,
    }),
  }
}

/** Nothing of the kind is connected. */
export const noGrant = (instanceId: number): AppError =>
  new AppError('needs-reconnect', `Instance ${instanceId} is not connected. Connect it again.`, {
    hop: 'amalgam',
  })
