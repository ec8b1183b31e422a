import { z } from 'zod'

const text = z.string()

/** A moment in ISO 8601; empty: it has not come, or is not known. */
const moment = z.string()

const BulkDirection = z.enum(['DOWNLOAD', 'UPLOAD'])

/** How far a job is. ABORTED: a failure that does not pass ended it. */
const BulkState = z.enum(['CREATED', 'RUNNING', 'COMPLETED', 'ABORTED', 'CANCELLED'])

/** The answer to `POST /bulk/query` and `POST /bulk/{object}` (spec/behaviour.md 10). */
export const BulkMadeReply = z.object({ id: text, status: BulkState, instanceId: z.number() })

/** A job in the form of `/bulk/download` (spec/contract.md 7); dates in milliseconds since 1970. */
export const BulkDownloadReply = z.object({
  id: text,
  instanceId: z.number(),
  objectName: text,
  jobDirection: BulkDirection,
  jobStatus: BulkState,
  recordCount: z.number(),
  errorCount: z.number(),
  statusMessage: text,
  createdDate: z.number(),
  completionTime: z.number().nullable(),
  fileFormat: text,
  jobCriteria: z.unknown(),
  notificationUrl: text,
  metaData: text,
  native: z.boolean(),
  vendorJobId: text,
})

/** `GET /bulk/{id}/status` (spec/contract.md 7); from `recordsExpected` on this product's own. */
export const BulkStatusReply = BulkDownloadReply.extend({
  status: BulkState,
  /** Records handled, those that failed among them. */
  recordsCount: z.number(),
  recordsFailedCount: z.number(),
  object_name: text,
  job_direction: BulkDirection,
  /** Bytes, as a text. */
  fileSize: text,
  bulk_start_time: moment,
  bulk_finish_time: moment,
  /** `Waits: ` and what for, why it has ended, or what was ignored; empty: nothing is to be said. */
  infoMessage: text,
  metadata: text,
  /** Null: not known. */
  recordsExpected: z.number().nullable(),
  recordsPerSecond: z.number(),
  estimatedFinishTime: moment,
  /** Whether its files are still kept. */
  filesAvailable: z.boolean(),
})

/** A row of `GET /bulk/jobs` (spec/contract.md 7). */
export const BulkJobRowReply = z.object({
  id: text,
  instanceId: z.number(),
  status: BulkState,
  object_name: text,
  job_direction: BulkDirection,
  record_count: z.number(),
  error_count: z.number(),
  createdDate: moment,
  completion_time: moment,
  job_query: text,
  job_state: BulkState,
  notification_url: text,
  fileFormat: text,
})

/** A row of `GET /bulk/{id}/errors`: a record that was not taken, and why. */
export const BulkErrorReply = z.object({
  /** Its number among the records, from 1. */
  row: z.number(),
  column: text.optional(),
  message: text,
  /** What the provider answered with. */
  status: z.number().optional(),
  /** The provider's own words. */
  providerMessage: text.optional(),
  providerCode: text.optional(),
  /** Whether the provider may have taken it all the same. */
  inDoubt: z.boolean(),
})

/** The answer to `POST /bulk/workflows` (spec/behaviour.md 10). */
export const BulkWorkflowMadeReply = z.object({ id: text, status: BulkState })

/** A job of a workflow: a download of the instance, or an upload to the target of one. */
const BulkWorkflowJobReply = z.object({
  id: text,
  instanceId: z.number(),
  status: BulkState,
  object_name: text,
  job_direction: BulkDirection,
  recordsCount: z.number(),
  recordsFailedCount: z.number(),
  infoMessage: text,
})

/** A row of `GET /bulkloader` (spec/behaviour.md 10): a copy from an instance to others, both ways of it. */
export const BulkWorkflowReply = z.object({
  id: text,
  groupName: text,
  /** COMPLETED: every download, and every upload that one of them handed its records to. */
  status: BulkState,
  instanceId: z.number(),
  /** The job on whose schedule it was made. */
  jobId: text.optional(),
  createdDate: moment,
  completion_time: moment,
  /** Records that the targets handled, those that failed among them. */
  recordsCount: z.number(),
  recordsFailedCount: z.number(),
  jobs: z.array(BulkWorkflowJobReply),
})
