import { AppError } from '#src/lib/errors.ts'
import type { Outcome } from '#src/queue/index.ts'
import type { GrantKey, GrantRow } from '#src/store/index.ts'
import { isRenewable, openGrant } from './grant-record.ts'
import { endOf, type Due as GrantDue, whatIsDue } from './grant-times.ts'
import type { InstancesRoom, Record } from './need.ts'
import { storeBreak, storeExpiring } from './notices.ts'
import type { Opener } from './open-instance.ts'
import type { RenewalLease } from './renewal.ts'

/** A renewal that failed is tried again after so long, doubled with each failure. */
const firstRetrySeconds = 60
const longestRetrySeconds = 6 * 3600

const retryAfter = (attempts: number) => ({
  afterSeconds: Math.min(longestRetrySeconds, firstRetrySeconds * 2 ** Math.min(attempts - 1, 12)),
})

const endedWithoutRefresh = {
  reason: 'The token has ended, and the provider gave none to renew it with. Connect the instance again.',
  providerMessage: null,
  providerCorrelationId: null,
} as const

/**
 * Looks after one grant that is due: renews it where it is in use or has been idle for long, tells its owner
 * once when its end is near, and says when to look again.
 */
export const createGrantCare = (room: InstancesRoom, opener: Opener) => {
  const { store } = room

  const noteExpiring = async (key: GrantKey, row: GrantRow, hasRefreshToken: boolean): Promise<void> => {
    const end = endOf(row, hasRefreshToken)
    if (end !== null) await storeExpiring(room, key, end)
  }

  const renew = async (
    row: GrantRow,
    lease: RenewalLease,
    attempts: number,
    record: Record,
  ): Promise<Outcome> => {
    const instance = await store.instances.find(row.organizationId, row.instanceId)
    const keeper =
      instance === undefined ? undefined : (await opener.openRow(instance)).keepers[row.principal]
    if (keeper === undefined) return null
    try {
      await keeper.renewDue(record, lease)
      return 'finished'
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      // The renewal gave its lease back; the pause grows with each failure in a row.
      await store.grants.postpone(row, retryAfter(attempts))
      return 'finished'
    }
  }

  const settle = async (key: GrantKey, row: GrantRow, due: GrantDue): Promise<Outcome> => {
    if (!due.ended) return due.next
    await storeBreak(room, key, row.version, endedWithoutRefresh)
    return 'finished'
  }

  /**
   * @param attempts how often it was taken up since it was last renewed.
   * @returns when it is due again, or that this was stored already.
   */
  return async (key: GrantKey, lease: RenewalLease, attempts: number, record: Record): Promise<Outcome> => {
    const row = await store.grants.find(key)
    if (row === undefined || row.state !== 'ok') return null
    const hasRefreshToken = isRenewable(openGrant(room, row).grant)
    const due = whatIsDue(row, hasRefreshToken, new Date())
    if (due.expiring) await noteExpiring(key, row, hasRefreshToken)
    return due.renew ? renew(row, lease, attempts, record) : settle(key, row, due)
  }
}
