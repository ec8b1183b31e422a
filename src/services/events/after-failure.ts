import type { AppError } from '#src/lib/errors.ts'

/** So many failures are answered in the poller's own rhythm, then it waits longer each time. */
const patientFailures = 5
const leastSeconds = 5
const longestSeconds = 3_600
/** What mends by itself is looked for again after so long at most, or in the poller's own rhythm where that is slower. */
const longestOutageSeconds = 300

/** Whether it may be over without anybody doing anything: the way, the vendor, or a limit of its calls. */
const mendsByWaiting = ({ code, details }: AppError): boolean =>
  details.retryable === true || code === 'provider-rate-limited' || (details.providerStatus ?? 0) >= 500

/**
 * Seconds until a poll that failed is tried again. Long is waited only for what somebody has to mend, and whatever does
 * that hastens the poller.
 * @param failures in a row, this one among them.
 */
export const secondsAfterFailure = (error: AppError, failures: number, intervalSeconds: number): number => {
  const doubled = Math.min(longestSeconds, 30 * 2 ** Math.min(failures, 10))
  const longest = mendsByWaiting(error) ? Math.max(intervalSeconds, longestOutageSeconds) : longestSeconds
  const own = Math.min(intervalSeconds, doubled)
  const seconds = failures > patientFailures ? Math.max(own, Math.min(doubled, longest)) : own
  return Math.max(error.details.retryAfterSeconds ?? 0, seconds, leastSeconds)
}
