import type { EventSpan, EventUnit } from '#src/store/index.ts'
import { bucketStarts } from './buckets.ts'
import type { EventLogNeed } from './need.ts'

/** Which events are counted, and by which unit of time. */
export interface AnalyticsInput extends EventSpan {
  readonly unit: EventUnit
}

const byStart = <Row extends { readonly at: Date }>(rows: readonly Row[]): ReadonlyMap<number, Row[]> => {
  const groups = new Map<number, Row[]>()
  for (const row of rows) {
    const start = row.at.getTime()
    const some = groups.get(start)
    if (some === undefined) groups.set(start, [row])
    else some.push(row)
  }
  return groups
}

/** Counts of an account's events by time; each unit of the span has its bucket, empty ones too. */
export const createAnalytics = ({ store }: Pick<EventLogNeed, 'store'>) => {
  const grouped = async ({ unit, ...span }: AnalyticsInput, owner: 'instance' | 'account') => {
    const starts = bucketStarts(unit, span.from, span.to)
    const found = byStart(await store.eventLog.countBy(span, unit, owner))
    return starts.map((start) => {
      const rows = found.get(start) ?? []
      const total = rows.reduce((sum, { count }) => sum + count, 0)
      return { timestamp: new Date(start).toISOString(), count: total, total, rows }
    })
  }

  return {
    counts: async ({ unit, ...span }: AnalyticsInput) => {
      const starts = bucketStarts(unit, span.from, span.to)
      const found = byStart(await store.eventLog.count(span, unit))
      return starts.map((start) => ({
        timestamp: new Date(start).toISOString(),
        count: found.get(start)?.[0]?.count ?? 0,
      }))
    },
    /** With how many were delivered, and how many were tried in vain so far. */
    byInstance: async (input: AnalyticsInput) =>
      (await grouped(input, 'instance')).map(({ rows, ...bucket }) => ({
        ...bucket,
        records: rows.map(({ at: _, ownerId, ...counts }) => ({ instanceId: ownerId, ...counts })),
      })),
    byAccount: async (input: AnalyticsInput) =>
      (await grouped(input, 'account')).map(({ rows, ...bucket }) => ({
        ...bucket,
        records: rows.map(({ at: _, ownerId, ...counts }) => ({ accountId: ownerId, ...counts })),
      })),
  }
}
