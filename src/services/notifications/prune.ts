import type { StopSignal } from '#src/lib/stop-signal.ts'
import type { NotificationsNeed } from './need.ts'

const atOnce = 2_000

/** Removes notifications, deliveries and e-mails that are past their time; what is still on its way stays. */
export const createPrune =
  ({ store, retentionDays }: Pick<NotificationsNeed, 'store' | 'retentionDays'>) =>
  async (signal: StopSignal): Promise<void> => {
    for (const { prune } of [store.deliveries, store.emails]) {
      let removed = atOnce
      while (removed === atOnce) {
        signal.throwIfAborted()
        removed = await prune(retentionDays, atOnce)
      }
    }
  }
