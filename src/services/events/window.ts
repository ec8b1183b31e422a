/** Where a poller stands, in milliseconds since 1970. */
export interface Standing {
  /** From when on changes count, by our clock. */
  readonly startedAt: number
  /** When the last whole poll began, by our clock; null: there was none. */
  readonly polledAt: number | null
  /** By how much the vendor's clock was ahead of ours then; null: not known. */
  readonly skewMs: number | null
  /** The newest change that was seen, by the vendor's clock. */
  readonly newestAt: number | null
}

/** Rows may become visible so late after the time that they tell. */
const lateRowsMs = 120_000
/** Of one clock, two replies tell settings that differ by less: by the second they do not tell, and by their way here. */
const tellingMs = 5_000
const overlapMs = lateRowsMs + tellingMs

/** Of two clocks of one vendor, or two settings of one, the one that is behind; null: neither is known. */
export const leastSkew = (one: number | null, two: number | null): number | null =>
  one === null || two === null ? (one ?? two) : Math.min(one, two)

/**
 * From when on to read, by the vendor's clock: a little before the last poll, whichever of its clock's two settings
 * then and now is the earlier, and before the newest change that was seen.
 */
export const readFrom = (standing: Standing, skewNowMs: number | null, delayMs: number): number => {
  const { startedAt, polledAt, skewMs, newestAt } = standing
  const before = (polledAt ?? startedAt) + (leastSkew(skewMs, skewNowMs) ?? 0)
  return Math.min(before, newestAt ?? before) - overlapMs - delayMs
}

/** Whether a reading that began at `from` does for one that should have begun at `needed`, and leaves late rows time. */
export const reachesBack = (from: number, needed: number): boolean => from - tellingMs <= needed

/** Between a vendor's clocks, or by a small correction of one. */
const clearlyBackMs = 5_000

/**
 * What changed then or before is from before the events were switched on, by the vendor's clock. Where that went back
 * since, new changes tell times from before the start: better one too many.
 * @param before the one that was found before; null: none was.
 */
export const floorOf = ({ startedAt }: Standing, skewNowMs: number | null, before: number | null): number => {
  const now = startedAt + (skewNowMs ?? 0) - clearlyBackMs
  return before === null || now < before - clearlyBackMs ? now : before
}

const secondMs = 1_000
const minuteMs = 60_000
const quarterMs = 900_000
const dayMs = 86_400_000

/**
 * How long after the moment that a row tells it may have changed: times are written with or without fractions, seconds
 * or hours, and midnight is on the quarter of an hour in every time zone.
 * @internal
 */
export const stepOf = (at: number): number => {
  if (at % quarterMs === 0) return dayMs
  if (at % minuteMs === 0) return minuteMs
  return at % secondMs === 0 ? secondMs : 1
}

/** Whether a row that tells `at` changed at that moment or before, however long after `at` it may have. */
export const isBefore = (at: number, moment: number): boolean => at + stepOf(at) <= moment

/**
 * By how much a vendor's clock is ahead at least, told by the Date header (RFC 9110 6.6.1) of a reply that just came:
 * it has no fractions, and was written before. Null: it tells none.
 */
export const skewFrom = (date: string | undefined, nowMs: number): number | null => {
  const told = date === undefined ? Number.NaN : Date.parse(date)
  return Number.isNaN(told) ? null : told - nowMs
}
