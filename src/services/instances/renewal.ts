import { setTimeout as sleep } from 'node:timers/promises'
import type { Principal } from '#src/element/index.ts'
import { type Grant, refreshGrant } from '#src/engine/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { grantsDue } from '#src/queue/index.ts'
import {
  breakOf,
  type GrantOwner,
  grantKey,
  grantRow,
  type HeldGrant,
  hasEnded,
  openGrant,
} from './grant-record.ts'
import { type InstancesRoom, instanceChanged, instanceChannel, type Record } from './need.ts'
import { storeBreak, withdrawBreak } from './notices.ts'

/** A token that ends sooner is renewed before it is used, so that it does not end on the way. */
export const aheadMs = 60_000
/** How often somebody who waits for another's renewal looks, when no message tells of its end. */
const lookEveryMs = 250
/** Beyond a lease, its holder is dead or paused, and its lease was taken over. */
const patienceMs = 35_000
/** What could not be stored is tried again after so long at first, and then after twice as long each time. */
const storeAgainMs = 250
const longestStoreAgainMs = 500
/** The worker tries again so long after a refusal that may pass. */
const tryAgainSeconds = 60

/** The right to ask the vendor for a renewal. */
export interface RenewalLease {
  readonly token: string
}

/** What the vendor granted, and what it is to replace. */
interface Unstored {
  readonly grant: Grant
  readonly over: HeldGrant
}

/** What a renewal came to: `held` is stored, or was by somebody else meanwhile. */
export type Renewer = ReturnType<typeof createRenewer>

/**
 * Renews one grant. Over all processes one asks the vendor at a time: whoever leases the row. The lease is taken
 * and noted in short statements, no connection is held while the vendor answers, and the result is stored only
 * over the version that was read, before anybody uses it. What could not be stored is kept, and stored before
 * the vendor is asked again, for the token before it may be dead; it is tried again without a call too, since
 * other processes wait for it. When the vendor refuses, storage is read again
 * first: another process may have renewed, and then nothing is broken.
 */
export const createRenewer = (need: InstancesRoom, principal: Principal) => {
  let unstored: Unstored | null = null
  let again: NodeJS.Timeout | undefined

  const readStored = async (owner: GrantOwner): Promise<HeldGrant | null> => {
    const row = await need.store.grants.find(grantKey(owner, principal))
    return row === undefined ? null : openGrant(need, row)
  }

  const gone = (): AppError =>
    new AppError('bad-credentials', 'Authorization: the instance of this Element token was deleted.')

  const announce = ({ instanceId }: GrantOwner): Promise<void> =>
    // It is stored; that others hear of it late is no reason to fail.
    need.store.notify(instanceChannel, instanceChanged(need, instanceId)).catch(() => undefined)

  const settled = (one: Unstored): void => {
    if (unstored === one) unstored = null
  }

  const storeOnce = async (owner: GrantOwner, one: Unstored): Promise<HeldGrant> => {
    unstored = one
    const { grant, over } = one
    const row = grantRow(need, grantKey(owner, principal), owner, grant)
    const version = await need.store.grants.replace(row, over.version)
    if (version === null) {
      const stored = await readStored(owner)
      settled(one)
      if (stored === null) throw gone()
      return stored
    }
    settled(one)
    await announce(owner)
    return { grant, version, broken: null, isAsked: true }
  }

  /** Meanwhile another process may have tried the old token, and found it dead. */
  const storeLate = async (owner: GrantOwner, one: Unstored): Promise<void> => {
    const stored = await storeOnce(owner, one)
    if (stored.grant === one.grant) await withdrawBreak(need, grantKey(owner, principal), one.over.version)
  }

  const storeLater = (owner: GrantOwner, waitMs = storeAgainMs): void => {
    if (again !== undefined) return
    again = setTimeout(async () => {
      if (unstored !== null) await storeLate(owner, unstored).catch(() => undefined)
      again = undefined
      if (unstored !== null) storeLater(owner, Math.min(waitMs * 2, longestStoreAgainMs))
    }, waitMs).unref()
  }

  const store = async (owner: GrantOwner, one: Unstored): Promise<HeldGrant> => {
    try {
      return await storeOnce(owner, one)
    } finally {
      if (unstored !== null) storeLater(owner)
    }
  }

  const giveBack = (
    owner: GrantOwner,
    lease: RenewalLease,
    cutOffAt: Date | null,
    error?: AppError,
  ): Promise<unknown> =>
    need.store.grants.endRenewal(grantKey(owner, principal), lease.token, {
      // Whether a reply that never came was sent is not known: the mark of this renewal stays. The mark of an
      // earlier one stays in any case: no answer but a new grant tells what became of that.
      hangingSince: error?.details.hop === 'network' ? undefined : cutOffAt,
      dueInSeconds: error === undefined ? null : tryAgainSeconds,
    })

  /** The grant that somebody else stored meanwhile; else `error`, which marks the grant if it ends it. */
  const afterFailure = async (
    owner: GrantOwner,
    lease: RenewalLease,
    error: AppError,
    tried: HeldGrant,
    cutOffAt: Date | null,
  ): Promise<HeldGrant> => {
    const stored = await readStored(owner)
    if (stored !== null && stored.version !== tried.version) {
      await giveBack(owner, lease, cutOffAt)
      return stored
    }
    if (error.code !== 'needs-reconnect') {
      await giveBack(owner, lease, cutOffAt, error)
      throw error
    }
    const broken = breakOf(error, cutOffAt)
    await storeBreak(need, grantKey(owner, principal), tried.version, broken)
    await announce(owner)
    return { ...tried, broken }
  }

  const renewLeased = async (
    owner: GrantOwner,
    lease: RenewalLease,
    tried: HeldGrant,
    record: Record,
  ): Promise<HeldGrant | null> => {
    const row = await need.store.grants.beginRenewal(grantKey(owner, principal), lease.token)
    if (row === undefined) return null
    const stored = openGrant(need, row)
    const isNews = stored.version !== tried.version && !hasEnded(stored, aheadMs)
    if (isNews || stored.broken !== null) {
      await giveBack(owner, lease, row.renewingSince)
      return stored
    }
    const { element, auth, site, client, configured } = owner
    let grant: Grant
    try {
      grant = await refreshGrant(
        { outbound: need.outbound, element, auth, site, client, configured, record },
        stored.grant,
      )
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      return afterFailure(owner, lease, error, stored, row.renewingSince)
    }
    return store(owner, { grant, over: stored })
  }

  /** Waits for a sign that the instance changed, or a moment. */
  const aMoment = async ({ instanceId }: GrantOwner): Promise<void> => {
    const abort = new AbortController()
    await Promise.race([
      need.changes.next(instanceId, abort.signal),
      sleep(lookEveryMs, undefined, { signal: abort.signal }).catch(() => undefined),
    ])
    abort.abort()
  }

  /** Renews, or waits a moment for whoever does; null: nothing has changed yet. */
  const attempt = async (
    owner: GrantOwner,
    tried: HeldGrant,
    record: Record,
    leased: RenewalLease | undefined,
  ): Promise<HeldGrant | null> => {
    const lease = leased ?? (await need.queue.leaseOne(grantsDue, grantKey(owner, principal)))
    const renewed = lease === null ? null : await renewLeased(owner, lease, tried, record)
    if (renewed !== null) return renewed
    await aMoment(owner)
    const stored = await readStored(owner)
    if (stored === null) throw gone()
    return stored.version !== tried.version || stored.broken !== null ? stored : null
  }

  return {
    /** Whether a renewed grant waits to be stored. */
    hasUnstored: (): boolean => unstored !== null,
    readStored,
    /**
     * A grant other than `tried`: renewed here or by another process.
     * @param leased the lease of whoever was told to renew by the work queue.
     * @throws AppError `provider-failed`, `provider-rate-limited` and the way's failures; the grant lives on then.
     */
    renew: async (
      owner: GrantOwner,
      tried: HeldGrant,
      record: Record,
      leased?: RenewalLease,
    ): Promise<HeldGrant> => {
      if (unstored !== null) return store(owner, unstored)
      const until = Date.now() + patienceMs
      for (let lease = leased; Date.now() < until; lease = undefined) {
        const renewed = await attempt(owner, tried, record, lease)
        if (renewed !== null) return renewed
      }
      throw new AppError(
        'provider-failed',
        'Another process renews this connection and has not come to an end. Try again later.',
        { hop: 'amalgam', retryable: true },
      )
    },
  }
}
