// What runs in the background, one file a job: when a row is due, which service does it, when it is due next.
// No SQL and no business of its own.
import type { AnyJob } from '#src/queue/index.ts'
import { type DeliveriesNeed, deliverNotifications } from './deliver-notifications.ts'
import { type GrantsNeed, keepGrants } from './keep-grants.ts'
import { type PollsNeed, pollChanges } from './poll-changes.ts'
import { type BulkNeed, runBulk } from './run-bulk.ts'
import { type CallsNeed, runCalls } from './run-calls.ts'
import { type ChoresNeed, runChores } from './run-chores.ts'
import { type EmailsNeed, sendEmails } from './send-emails.ts'

export { ensureChores } from './run-chores.ts'

/** Every job, for one worker. */
export const createJobs = (
  need: ChoresNeed & GrantsNeed & PollsNeed & DeliveriesNeed & CallsNeed & EmailsNeed & BulkNeed,
): readonly AnyJob[] => [
  runChores(need),
  keepGrants(need),
  pollChanges(need),
  deliverNotifications(need),
  runCalls(need),
  sendEmails(need),
  runBulk(need),
]
