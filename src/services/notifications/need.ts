import type { Mailer, Outbound } from '#src/outbound/index.ts'
import type { Queue } from '#src/queue/index.ts'
import type { Store } from '#src/store/index.ts'
import type { Instances } from '../instances/index.ts'

export interface NotificationsNeed {
  readonly store: Store
  readonly queue: Pick<Queue, 'wake' | 'endMany' | 'holdMany'>
  readonly outbound: Pick<Outbound, 'send'>
  readonly instances: Pick<Instances, 'openById'>
  /** Who notifications are from, unless somebody else is named: an e-mail address. */
  readonly sender: string
  /** Undefined: there is no mail server, and e-mails wait until there is one. */
  readonly mailer: Mailer | undefined
  /** So long notifications, what became of them, and e-mails are kept. */
  readonly retentionDays: number
}
