import { createJobs, ensureChores } from '#src/jobs/index.ts'
import type { Context } from './context.ts'

/** Shows other processes that this one lives; ended after everything that leases rows. */
export const startPresence = async ({ queue }: Context): Promise<() => Promise<void>> => {
  await queue.presence.start()
  return queue.presence.stop
}

/** Runs the background jobs. */
export const startWorker = async (context: Context): Promise<() => Promise<void>> => {
  await ensureChores(context.queue)
  await context.notifications.releaseEmails()
  const worker = context.queue.worker(createJobs(context))
  await worker.start()
  return () => worker.stop()
}
