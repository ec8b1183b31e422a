import type { HubCall } from '../objects/index.ts'

/** Less than its job may take (jobs/poll-changes), so that a poll which needs more says so in words. */
const maxSeconds = 1_740
/** Time ends a poll: this ends the listing of a vendor that goes round in circles. */
const maxCalls = 20_000
/** What does not answer at all holds a place among the polls no longer than that. */
const firstCallSeconds = 60
/** Later a vendor call may hang once, or wait for its turn, without all that was read until then being lost. */
const laterCallSeconds = 150

/**
 * What a poll may cost: nobody waits for its answer, and one that is given up would need as much the next time.
 * @param beganAt when the poll began.
 * @param hasAnswered whether the vendor has answered it.
 */
export const pollLimits = (
  beganAt: number,
  hasAnswered: () => boolean,
): NonNullable<HubCall['ownLimits']> => ({
  maxCalls,
  maxSeconds,
  startedAtMs: beganAt,
  callSeconds: () => (hasAnswered() ? laterCallSeconds : firstCallSeconds),
})
