import { createJobs, ensureChores } from '#src/jobs/index.ts'
import { StartError } from '#src/lib/start-error.ts'
import type { BulkFiles } from './bulk-files.ts'
import type { Context } from './context.ts'

const strangers = ({ variable, place }: BulkFiles): StartError =>
  new StartError(
    variable === 'DATA_DIR'
      ? `DATA_DIR: other processes on this database keep their bulk files in another place than the folder ${place}, where nobody here would find them. Set DATA_DIR to a folder that all machines share, or BULK_STORE, alike for all.`
      : `BULK_STORE: other processes on this database keep their bulk files in another place than ${place}, where nobody here would find them. Set BULK_STORE alike for all, and stop those that have another.`,
  )

/**
 * Shows other processes that this one lives; ended after everything that leases rows.
 * @throws StartError where the store of bulk files cannot be used, or living processes use another.
 */
export const startPresence = async ({ queue, bulkFiles }: Context): Promise<() => Promise<void>> => {
  await queue.presence.start(await bulkFiles.id())
  if ((await queue.presence.strangers()) > 0) {
    await queue.presence.stop()
    throw strangers(bulkFiles)
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
