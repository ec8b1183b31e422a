import { folderOf } from './job-files.ts'
import type { BulkNeed } from './need.ts'

const batch = 100
/** Of jobs themselves, with their errors. */
const historyDays = 90

/** Removes files that are past their time, then what is known of jobs of long ago. */
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
    await store.bulkJobs.prune(historyDays)
  }
