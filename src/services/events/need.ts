import type { Queue } from '#src/queue/index.ts'
import type { Store } from '#src/store/index.ts'
import type { Catalogue } from '../catalogue/index.ts'
import type { Instances } from '../instances/index.ts'
import type { Notifications } from '../notifications/index.ts'
import type { Objects } from '../objects/index.ts'

export interface EventsNeed {
  readonly store: Store
  readonly catalogue: Pick<Catalogue, 'system'>
  readonly queue: Pick<Queue, 'finish'>
  readonly instances: Pick<Instances, 'openById'>
  readonly objects: Pick<Objects, 'each' | 'shown'>
  readonly notifications: Pick<Notifications, 'tell'>
}
