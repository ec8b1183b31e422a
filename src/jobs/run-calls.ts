import { abortSignalOf } from '#src/lib/stop-signal.ts'
import { type CallDueKey, callsDue, type Job } from '#src/queue/index.ts'
import type { Calls } from '#src/services/index.ts'

export interface CallsNeed {
  readonly calls: Pick<Calls, 'run'>
}

/** Most of a call's time is its vendor's. */
const parallel = 16
/** Longer than any call of our own API may take, files among them. */
const timeoutSeconds = 900

/** Runs calls of our own API that are due: those of jobs, and asynchronous ones. */
export const runCalls = ({ calls }: CallsNeed): Job<CallDueKey> => ({
  table: callsDue,
  parallel,
  batch: parallel,
  timeoutSeconds,
  run: (claim, signal) => calls.run(claim, abortSignalOf(signal)),
})
