import type { z } from 'zod'
import type {
  BulkDownloadReply,
  BulkErrorReply,
  BulkJobRowReply,
  BulkMadeReply,
  BulkStatusReply,
  BulkWorkflowReply,
} from '#src/contract/index.ts'
import type { BulkError, BulkJob, Workflow } from '#src/services/index.ts'

const iso = (date: Date | null): string => date?.toISOString() ?? ''

/** Records each second of the job's own work; 0 before there was any. */
const rateOf = ({ records, spentMs }: BulkJob): number =>
  spentMs === 0 ? 0 : Math.round((records / spentMs) * 10_000) / 10

/** When it ends at its rate; empty: not known. */
const endOf = (job: BulkJob): string => {
  const { expected, records, finishedAt, spentMs } = job
  if (finishedAt !== null || expected === null || records === 0 || spentMs === 0) return ''
  return new Date(Date.now() + ((expected - records) * spentMs) / records).toISOString()
}

/** The answer to `POST /bulk/query` (spec/behaviour.md 10): the state that every job begins with. */
export const madeView = ({ jobId, instanceId }: BulkJob): z.input<typeof BulkMadeReply> => ({
  id: String(jobId),
  status: 'CREATED',
  instanceId,
})

/** A job in the form of `/bulk/download` (spec/contract.md 7). */
export const downloadView = (job: BulkJob): z.input<typeof BulkDownloadReply> => ({
  id: String(job.jobId),
  instanceId: job.instanceId,
  objectName: job.objectName,
  jobDirection: job.direction,
  jobStatus: job.state,
  recordCount: job.records,
  errorCount: job.failed,
  statusMessage: job.message ?? '',
  createdDate: job.createdAt.getTime(),
  completionTime: job.finishedAt?.getTime() ?? null,
  fileFormat: job.format,
  jobCriteria: job.criteria,
  notificationUrl: job.callbackUrl ?? '',
  metaData: job.callbackPayload ?? '',
  native: false,
  vendorJobId: '',
})

/** The status of a job: the fields of both generations of this API, and how fast it goes. */
export const statusView = (job: BulkJob): z.input<typeof BulkStatusReply> => ({
  ...downloadView(job),
  status: job.state,
  recordsCount: job.records,
  recordsFailedCount: job.failed,
  object_name: job.objectName,
  job_direction: job.direction,
  fileSize: String(job.bytes),
  bulk_start_time: iso(job.startedAt),
  bulk_finish_time: iso(job.finishedAt),
  infoMessage: job.message ?? '',
  metadata: job.callbackPayload ?? '',
  recordsExpected: job.expected,
  recordsPerSecond: rateOf(job),
  estimatedFinishTime: endOf(job),
  filesAvailable: job.fileKeySealed !== null,
})

/** A row of `GET /bulk/jobs` (spec/contract.md 7). */
export const historyView = (job: BulkJob): z.input<typeof BulkJobRowReply> => ({
  id: String(job.jobId),
  instanceId: job.instanceId,
  status: job.state,
  object_name: job.objectName,
  job_direction: job.direction,
  record_count: job.records,
  error_count: job.failed,
  createdDate: job.createdAt.toISOString(),
  completion_time: iso(job.finishedAt),
  job_query: 'query' in job.criteria ? String(job.criteria.query) : '',
  job_state: job.state,
  notification_url: job.callbackUrl ?? '',
  fileFormat: job.format,
})

/** A record that was not taken. */
export const errorView = (error: BulkError): z.input<typeof BulkErrorReply> => ({
  row: error.record,
  ...(error.columnName === null ? {} : { column: error.columnName }),
  message: error.message,
  ...(error.status === null ? {} : { status: error.status }),
  ...(error.providerMessage === null ? {} : { providerMessage: error.providerMessage }),
  ...(error.providerCode === null ? {} : { providerCode: error.providerCode }),
  inDoubt: error.inDoubt,
})

/** A copy from the instance to others, with its jobs. */
export const workflowView = (workflow: Workflow): z.input<typeof BulkWorkflowReply> => {
  const { groupId, state, instanceId, callId, createdAt, finishedAt, jobs } = workflow
  const uploads = jobs.filter(({ direction }) => direction === 'UPLOAD')
  return {
    id: String(groupId),
    groupName: String(groupId),
    status: state,
    instanceId,
    ...(callId === null ? {} : { jobId: String(callId) }),
    createdDate: createdAt.toISOString(),
    completion_time: iso(finishedAt),
    recordsCount: uploads.reduce((sum, { records }) => sum + records, 0),
    recordsFailedCount: uploads.reduce((sum, { failed }) => sum + failed, 0),
    jobs: jobs.map((job) => ({
      id: String(job.jobId),
      instanceId: job.instanceId,
      status: job.state,
      object_name: job.objectName,
      job_direction: job.direction,
      recordsCount: job.records,
      recordsFailedCount: job.failed,
      infoMessage: job.message ?? '',
    })),
  }
}
