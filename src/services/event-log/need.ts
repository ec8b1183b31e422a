import { AppError } from '#src/lib/errors.ts'
import type { Store } from '#src/store/index.ts'
import type { Instances } from '../instances/index.ts'
import type { Notifications } from '../notifications/index.ts'

export interface EventLogNeed {
  readonly store: Store
  readonly instances: Pick<Instances, 'get' | 'wholeConfiguration'>
  readonly notifications: Pick<Notifications, 'tell'>
}

export const noEvent = (eventId: string): AppError =>
  new AppError('not-found', `No event found with id ${eventId.slice(0, 64)}`)
