import type { Vault } from '#src/lib/secret.ts'
import type { Queue } from '#src/queue/index.ts'
import type { FileStore, Store } from '#src/store/index.ts'
import type { Instances } from '../instances/index.ts'
import type { Notifications } from '../notifications/index.ts'
import type { Objects } from '../objects/index.ts'

export interface BulkNeed {
  readonly store: Store
  readonly vault: Vault
  readonly queue: Pick<Queue, 'finish' | 'wake'>
  readonly files: FileStore
  readonly instances: Pick<Instances, 'open' | 'openById'>
  readonly objects: Pick<
    Objects,
    | 'resource'
    | 'hubResource'
    | 'pages'
    | 'shown'
    | 'sent'
    | 'sentNew'
    | 'check'
    | 'order'
    | 'projection'
    | 'create'
    | 'update'
    | 'remove'
  >
  readonly notifications: Pick<Notifications, 'tell'>
  /** Days that files of jobs are kept after their end. */
  readonly retentionDays: number
}

/** What binds the key of a job's files to its row. */
export const fileKeyContext = (organizationId: number, jobId: number): string =>
  `bulk/${organizationId}/${jobId}`
