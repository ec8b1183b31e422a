import { type Job, type PollerDue, type PollerKey, pollersDue } from '#src/queue/index.ts'
import type { Events } from '#src/services/index.ts'

export interface PollsNeed {
  readonly events: Pick<Events, 'poll'>
}

/** Most of a poll is waiting for a vendor, and vendors' own limits hold calls back. */
const parallel = 256

/** A poll may be late by so much, and then many are claimed together. */
const pauseMs = 50

/** A whole listing may be long; a little longer than a poll gives itself (services/events/poll-limits). */
const timeoutSeconds = 1_800

/** Looks for changes of vendors' rows. A vendor's failure is noted on the poller, not on the job. */
export const pollChanges = ({ events }: PollsNeed): Job<PollerKey, PollerDue> => ({
  table: pollersDue,
  parallel,
  batch: parallel,
  pauseMs,
  timeoutSeconds,
  run: (claim, signal) => events.poll(claim, signal),
})
