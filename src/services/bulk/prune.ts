import { folderOf, root } from './job-files.ts'
import type { BulkNeed } from './need.ts'

const batch = 100
/** Of jobs themselves, with their errors. */
const historyDays = 90

/** Files that came for a job which was never made are kept so long. */
const orphanMs = 86_400_000

/** Folders of jobs that are not there: their making was cut off. */
async function* orphans({ store, files }: Pick<BulkNeed, 'store' | 'files'>): AsyncGenerator<string> {
  for (const organization of await files.list(root)) {
    for (const name of await files.list(`${root}/${organization}`)) {
      const key = { organizationId: Number(organization), jobId: Number(name) }
      if (!Number.isSafeInteger(key.organizationId) || !Number.isSafeInteger(key.jobId)) continue
      const found = await files.stat(folderOf(key))
      if (found === undefined || Date.now() - found.at.getTime() < orphanMs) continue
      if ((await store.bulkJobs.find(key)) === undefined) yield folderOf(key)
    }
  }
}

/** Removes files that are past their time, or of no job, then what is known of jobs of long ago. */
export const createPrune =
  ({ store, files, retentionDays }: Pick<BulkNeed, 'store' | 'files' | 'retentionDays'>) =>
  async (): Promise<void> => {
    for (;;) {
      const keys = await store.bulkJobs.outdated(retentionDays, batch)
      for (const key of keys) {
        // The files first: a row that was forgotten would leave them behind.
        await files.remove(folderOf(key))
        await store.transaction((inside) => inside.bulkJobs.forgetFiles(key))
      }
      if (keys.length < batch) break
    }
    for await (const folder of orphans({ store, files })) await files.remove(folder)
    await store.bulkJobs.prune(historyDays)
    await store.bulkWorkflows.prune(historyDays)
  }
