// PostgreSQL: the launcher of the embedded server, migrations, one file a table, transactions.
// All SQL of the product stands here and, for rows that are due, in queue. No business rule, no HTTP.
import type { Database, TransactionOptions } from './database.ts'
import type { Queryable } from './queryable.ts'
import { accountSettingTable } from './tables/account-settings.ts'
import { accountTables } from './tables/accounts.ts'
import { bulkJobTable } from './tables/bulk-jobs.ts'
import { bulkErrorTable, bulkPartTable } from './tables/bulk-parts.ts'
import { bulkUploadTable } from './tables/bulk-uploads.ts'
import { bulkWorkflowTable } from './tables/bulk-workflows.ts'
import { callTable } from './tables/calls.ts'
import { connectTable } from './tables/connects.ts'
import { deliveryTable } from './tables/deliveries.ts'
import { directoryTable, loginFailureTable } from './tables/directory.ts'
import { elementTable } from './tables/elements.ts'
import { emailTable } from './tables/emails.ts'
import { encryptionKeyTable } from './tables/encryption-keys.ts'
import { eventLogTable } from './tables/event-log.ts'
import { grantNoticeTable } from './tables/grant-notices.ts'
import { grantTable } from './tables/grants.ts'
import { instanceTable } from './tables/instances.ts'
import { notificationTable } from './tables/notifications.ts'
import { objectDefinitionTable } from './tables/object-definitions.ts'
import { pollerTable } from './tables/pollers.ts'
import { requestLogTable } from './tables/request-log.ts'
import { sealedTable } from './tables/sealed-columns.ts'
import { snippetTable } from './tables/snippets.ts'
import { subscriptionTable } from './tables/subscriptions.ts'
import { transformationTable } from './tables/transformations.ts'
import { vendorBudgetTable } from './tables/vendor-budgets.ts'

export { type Database, LockTimeout, openDatabase } from './database.ts'
export { type EmbeddedServer, startEmbeddedPostgres } from './embedded/index.ts'
export {
  createDiskFiles,
  createS3Files,
  type FileStore,
  originOf,
  type S3Files,
  type S3Place,
  type S3Send,
  shownPlace,
} from './files/index.ts'
export { migrate } from './migrate.ts'
export { migrations } from './migrations/index.ts'
export type { Queryable } from './queryable.ts'
export type { Session } from './session.ts'
export type { UserRow, VdrVersion } from './tables/accounts.ts'
export type { BulkChange, BulkJobRow, BulkKey, BulkState, NewBulkJob } from './tables/bulk-jobs.ts'
export type { BulkError, BulkPart } from './tables/bulk-parts.ts'
export type { WorkflowRow } from './tables/bulk-workflows.ts'
export type { CallKey, CallRow, CallRun, NewCall, PollingRow } from './tables/calls.ts'
export type { ConnectRow } from './tables/connects.ts'
export type {
  DeliveryAttempt,
  DeliveryFilter,
  DeliveryPage,
  DeliveryRow,
  DeliveryStatus,
} from './tables/deliveries.ts'
export type { ElementRow, ExtensionRow, NewElement } from './tables/elements.ts'
export type { EventFilter, EventRow, EventSpan, EventStatus, EventUnit } from './tables/event-log.ts'
export type { GrantNotice, StoredGrantNotice } from './tables/grant-notices.ts'
export type { GrantBreak, GrantKey, GrantRow, NewGrant, Principal } from './tables/grants.ts'
export type { InstanceChange, InstanceRow } from './tables/instances.ts'
export type { LevelName, LevelOwner } from './tables/level-owner.ts'
export type {
  NewNotification,
  NotificationFilter,
  NotificationKind,
  NotificationRow,
} from './tables/notifications.ts'
export type { DefinedField, DefinitionRow, NewDefinition } from './tables/object-definitions.ts'
export type { PollerRow, PollerSetting } from './tables/pollers.ts'
export type { RequestLogRow } from './tables/request-log.ts'
export {
  type Resealed,
  type SealedCount,
  type SealedKey,
  type SealedName,
  sealedColumns,
} from './tables/sealed-columns.ts'

export type { NewSnippet, SnippetRow } from './tables/snippets.ts'
export type { Channel, NewSubscription, SubscriptionRow } from './tables/subscriptions.ts'
export type {
  MappedField,
  MappingSetting,
  NewTransformation,
  StoredScript,
  TransformationRow,
} from './tables/transformations.ts'

const tables = (db: Queryable) => ({
  accounts: accountTables(db),
  accountSettings: accountSettingTable(db),
  bulkErrors: bulkErrorTable(db),
  bulkJobs: bulkJobTable(db),
  bulkParts: bulkPartTable(db),
  bulkWorkflows: bulkWorkflowTable(db),
  bulkUploads: bulkUploadTable(db),
  calls: callTable(db),
  connects: connectTable(db),
  directory: directoryTable(db),
  loginFailures: loginFailureTable(db),
  instances: instanceTable(db),
  grants: grantTable(db),
  grantNotices: grantNoticeTable(db),
  requestLog: requestLogTable(db),
  pollers: pollerTable(db),
  notifications: notificationTable(db),
  subscriptions: subscriptionTable(db),
  deliveries: deliveryTable(db),
  elements: elementTable(db),
  emails: emailTable(db),
  eventLog: eventLogTable(db),
  encryptionKeys: encryptionKeyTable(db),
  sealed: sealedTable(db),
  objectDefinitions: objectDefinitionTable(db),
  snippets: snippetTable(db),
  transformations: transformationTable(db),
  vendorBudgets: vendorBudgetTable(db),
})

export type Tables = ReturnType<typeof tables>

/** Every table inside one transaction. */
export interface Transaction extends Tables {
  /** The transaction itself, for another room that must write in it, such as a claim's end. */
  readonly tx: Queryable
}

/** Every table, and transactions over them. */
export const createStore = (db: Database) => ({
  ...tables(db),
  transaction: <T>(run: (inside: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T> =>
    db.transaction((tx) => run({ ...tables(tx), tx }), options),
  notify: (channel: string, payload: string) => db.notify(channel, payload),
  listen: db.listen,
})

export type Store = ReturnType<typeof createStore>
