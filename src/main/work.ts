import { createJobs, ensureChores } from '#src/jobs/index.ts'
import { StartError } from '#src/lib/start-error.ts'
import type { Context } from './context.ts'

/**
 * Shows other processes that this one lives; ended after everything that leases rows.
 * @throws StartError where living processes use another data folder.
 */
export const startPresence = async ({ queue, config }: Context): Promise<() => Promise<void>> => {
  await queue.presence.start()
  if ((await queue.presence.strangers()) > 0) {
    await queue.presence.stop()
    throw new StartError(
      `DATA_DIR: other processes on this database keep their bulk files in another folder than ${config.dataDir}, where nobody here would find them. Set DATA_DIR to a folder that all machines share.`,
    )
  }
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
