import type { PollerRow } from '#src/store/index.ts'
import type { Caller } from '../accounts/index.ts'
import type { EventLogNeed } from './need.ts'

const dateAt = <Name extends string>(name: Name, date: Date | null): { readonly [Key in Name]?: string } =>
  (date === null ? {} : { [name]: date.toISOString() }) as { readonly [Key in Name]?: string }

const pollerView = (row: PollerRow) => ({
  elementInstanceId: row.instanceId,
  objectType: row.objectType,
  interval: row.intervalSeconds / 60,
  createdDate: row.createdAt.toISOString(),
  ...dateAt('lastPolledDate', row.polledAt),
  ...dateAt('lastFoundDate', row.lastFoundAt),
  ...dateAt('nextPollDate', row.dueAt),
  eventCount: row.found,
  failures: row.failures,
  ...dateAt('lastFailedDate', row.failures === 0 ? null : row.failedAt),
  ...(row.failures === 0 || row.failure === null ? {} : { failure: row.failure }),
  configuration: row.entry,
})

/** One record a polled object of the caller's own instance (spec/behaviour.md 2). @throws AppError `not-found`. */
export const createPollerRecords =
  ({ store, instances }: Pick<EventLogNeed, 'store' | 'instances'>) =>
  async (caller: Caller, instanceId: number) => {
    await instances.get(caller, instanceId)
    const rows = await store.pollers.ofInstance(caller.organizationId, instanceId)
    return rows.map(pollerView)
  }
