import { AppError } from '#src/lib/errors.ts'
import type { EventUnit } from '#src/store/index.ts'

export const eventUnits = ['minute', 'hour', 'day', 'week', 'month'] as const satisfies readonly EventUnit[]

const minuteMs = 60_000
const dayMs = 86_400_000
/** 1970-01-05, a Monday. */
const firstMondayMs = 4 * dayMs

const lengths: Readonly<Record<Exclude<EventUnit, 'month'>, number>> = {
  minute: minuteMs,
  hour: 60 * minuteMs,
  day: dayMs,
  week: 7 * dayMs,
}

/** So many buckets are answered at once: a day by minute, nearly three months by hour. */
const mostBuckets = 2_000

/** By which time is counted where nobody says: by hour, or by as much longer a unit as a long span needs. */
export const usualUnit = (from: Date, to: Date): EventUnit => {
  const ms = to.getTime() - from.getTime()
  return (['hour', 'day', 'week'] as const).find((unit) => ms / lengths[unit] < mostBuckets - 1) ?? 'month'
}

/** The start of the unit that a moment lies in, in UTC; weeks begin on Monday. */
const startOf = (unit: EventUnit, ms: number): number => {
  if (unit === 'month') {
    const date = new Date(ms)
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth())
  }
  const offset = unit === 'week' ? firstMondayMs : 0
  return Math.floor((ms - offset) / lengths[unit]) * lengths[unit] + offset
}

const after = (unit: EventUnit, startMs: number): number => {
  if (unit !== 'month') return startMs + lengths[unit]
  const date = new Date(startMs)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1)
}

/**
 * The starts of all units that touch a span, both ends included: one hour by minute is 61 (spec/behaviour.md 7, query).
 * @throws AppError `bad-request` when they are more than `mostBuckets`.
 */
export const bucketStarts = (unit: EventUnit, from: Date, to: Date): readonly number[] => {
  const starts: number[] = []
  const last = to.getTime()
  for (let start = startOf(unit, from.getTime()); start <= last; start = after(unit, start)) {
    if (starts.length === mostBuckets) {
      throw new AppError(
        'bad-request',
        `interval: by ${unit} this span has more than ${mostBuckets} buckets. Take a longer interval (${eventUnits.join(', ')}), or a shorter span from \`from\` to \`to\`.`,
      )
    }
    starts.push(start)
  }
  return starts
}
