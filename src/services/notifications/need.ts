import type { Queue } from '#src/queue/index.ts'
import type { Store } from '#src/store/index.ts'

export interface NotificationsNeed {
  readonly store: Store
  readonly queue: Pick<Queue, 'wake'>
  /** Who notifications are from, unless somebody else is named: an e-mail address. */
  readonly sender: string
}
