import type { Outbound } from '#src/outbound/index.ts'
import { createDiskFiles, createS3Files, type FileStore, shownPlace } from '#src/store/index.ts'
import type { Config } from './config.ts'
import { readFilesId } from './data-dir.ts'

/** The store of bulk files that is configured. */
export interface BulkFiles {
  readonly files: FileStore
  /**
   * What tells it from others: processes on one database must share it.
   * @throws StartError where it cannot be used, naming the variable and the fix.
   */
  readonly id: () => Promise<string>
  /** For people: the variable that names it, and where it is. */
  readonly variable: 'BULK_STORE' | 'DATA_DIR'
  readonly place: string
}

/** Nothing is asked of the store yet. */
export const openBulkFiles = (
  { bulkStore, dataDir }: Pick<Config, 'bulkStore' | 'dataDir'>,
  outbound: Pick<Outbound, 'sendWithRetry'>,
): BulkFiles => {
  if (bulkStore === undefined)
    return {
      files: createDiskFiles(dataDir),
      id: () => readFilesId(dataDir),
      ...{ variable: 'DATA_DIR', place: dataDir },
    }
  const files = createS3Files(bulkStore, outbound.sendWithRetry)
  return { files, id: files.open, variable: 'BULK_STORE', place: shownPlace(bulkStore) }
}
