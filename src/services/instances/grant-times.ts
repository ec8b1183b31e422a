import { endless, type Grant } from '#src/engine/index.ts'
import type { GrantRow } from '#src/store/index.ts'

/**
 * When something is to be done about a grant. A grant in use (it was used since its last renewal) is renewed
 * ahead of its end; an idle one is kept alive well before the vendor drops it; and before the end of either
 * the customer is told.
 */

const dayMs = 86_400_000
/** Of a token's life, with up to a twentieth less, so that grants made together are not due together. */
const aheadShare = 0.8
const spreadShare = 0.05
/** An idle grant is renewed after this share of the time that the vendor leaves it: a month of half a year. */
const keepAliveShare = 1 / 6
/** Where the vendor tells no end of a refresh token. */
const keepAliveUnknownMs = 30 * dayMs
/** The customer is told so long before a grant ends. */
const noticeMs = 14 * dayMs

type Times = Pick<Grant, 'expiresAt' | 'refreshExpiresAt'>
type Renewed = Times & Pick<GrantRow, 'renewedAt'>

/** When the grant as a whole ends, if nothing is done; null: not known. */
export const endOf = ({ expiresAt, refreshExpiresAt }: Times, hasRefreshToken: boolean): Date | null =>
  hasRefreshToken ? refreshExpiresAt : expiresAt

const aheadOfEnd = ({ expiresAt }: Times, from: Date, spread: number): number =>
  from.getTime() + (expiresAt.getTime() - from.getTime()) * (aheadShare - spread)

const keepAliveTime = (times: Renewed): number => {
  const { refreshExpiresAt, renewedAt } = times
  const from = renewedAt.getTime()
  if (refreshExpiresAt !== null) return from + (refreshExpiresAt.getTime() - from) * keepAliveShare
  return Math.max(aheadOfEnd(times, renewedAt, 0), from + keepAliveUnknownMs)
}

const noticeTime = (end: Date | null): number =>
  end === null || end >= endless ? Number.POSITIVE_INFINITY : end.getTime() - noticeMs

const earliest = (...times: readonly number[]): Date | null => {
  const first = Math.min(...times)
  return Number.isFinite(first) ? new Date(first) : null
}

/** When to look at a grant that was stored at `now`. */
export const dueAfterRenewal = (
  grant: Pick<Grant, 'refreshToken' | 'byPassword'> & Times,
  now: Date,
): Date | null => {
  if (grant.refreshToken === null && grant.byPassword !== true)
    return earliest(Math.max(now.getTime(), noticeTime(grant.expiresAt)))
  return earliest(aheadOfEnd(grant, now, Math.random() * spreadShare))
}

export interface Due {
  /** It is time to renew it. */
  readonly renew: boolean
  /** It has ended, and nothing can renew it. */
  readonly ended: boolean
  /** Its end is so near that the customer is told, and not over. */
  readonly expiring: boolean
  /** When to look again, if nothing is done now; null: never. */
  readonly next: Date | null
}

/** What a due grant needs at `now`. */
export const whatIsDue = (
  row: Renewed & Pick<GrantRow, 'usedAt'>,
  hasRefreshToken: boolean,
  now: Date,
): Due => {
  const at = now.getTime()
  const end = endOf(row, hasRefreshToken)
  const isNear = end !== null && at >= noticeTime(end)
  const expiring = isNear && now < end
  if (!hasRefreshToken) {
    const endsAt = row.expiresAt.getTime()
    return {
      renew: false,
      ended: at >= endsAt,
      expiring,
      next: earliest(isNear ? endsAt : noticeTime(end)),
    }
  }
  const isAhead = row.usedAt !== null && at >= aheadOfEnd(row, row.renewedAt, spreadShare)
  const keepAlive = keepAliveTime(row)
  return {
    renew: isAhead || at >= keepAlive,
    ended: false,
    expiring,
    next: earliest(keepAlive, isNear ? Number.POSITIVE_INFINITY : noticeTime(end)),
  }
}

export type GrantState = 'ok' | 'expiring' | 'needs-reconnect'

/** How a grant stands, for its owner to see. */
export const stateOf = (
  row: Times & Pick<GrantRow, 'state'>,
  hasRefreshToken: boolean,
  now: Date,
): GrantState => {
  if (row.state !== 'ok') return 'needs-reconnect'
  const end = endOf(row, hasRefreshToken)
  if (end === null) return 'ok'
  if (now >= end) return 'needs-reconnect'
  return now.getTime() >= noticeTime(end) ? 'expiring' : 'ok'
}
