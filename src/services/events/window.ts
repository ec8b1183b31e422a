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
const overlapMs = 120_000
/** The Date header of HTTP has no fractions, and a reply has been on its way. */
const skewErrorMs = 1_000

/**
 * From when on to read, by the vendor's clock: a little before the last poll, whichever of its clock's two settings
 * then and now is the earlier, and before the newest change that was seen.
 */
export const readFrom = (standing: Standing, skewNowMs: number | null, delayMs: number): number => {
  const { startedAt, polledAt, skewMs, newestAt } = standing
  const skews = [skewMs, skewNowMs].filter((one) => one !== null)
  const before = (polledAt ?? startedAt) + Math.min(...(skews.length === 0 ? [0] : skews))
  return Math.min(before, newestAt ?? before) - overlapMs - delayMs
}

/** Only so much is no error of the measurement. */
const clearlyBackMs = 5_000

/**
 * What changed then or before is from before the events were switched on, by the vendor's clock. Where that went back
 * since, new changes tell times from before the start: better one too many.
 * @param before the one that was found before; null: none was.
 */
export const floorOf = ({ startedAt }: Standing, skewNowMs: number | null, before: number | null): number => {
  const now = startedAt + (skewNowMs ?? 0) - skewErrorMs
  return before === null || now < before - clearlyBackMs ? now : before
}

/** By how much a vendor's clock is ahead, told by the Date header (RFC 9110 6.6.1) of a reply; null: it tells none. */
export const skewFrom = (date: string | undefined, sentAtMs: number, nowMs: number): number | null => {
  const told = date === undefined ? Number.NaN : Date.parse(date)
  if (Number.isNaN(told)) return null
  // Half a second on average was cut off.
  return Math.round(told + 500 - (sentAtMs + nowMs) / 2)
}
