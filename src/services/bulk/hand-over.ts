import type { BulkJobRow, NewBulkJob } from '#src/store/index.ts'
import type { Step } from './download-step.ts'
import { newFileKey, putFile, readFile } from './job-files.ts'
import type { BulkNeed } from './need.ts'
import type { UploadCriteria } from './upload-asked.ts'
import { freshUpload } from './upload-asked.ts'
import { uploadName } from './upload-file.ts'

/** Where a download of a workflow is copied to. */
export interface WorkflowTarget {
  readonly instanceId: number
  readonly objectName: string
  readonly criteria: UploadCriteria
}

/**
 * The upload that a download of a workflow hands its records to. Its file is stored here already; where the job is not,
 * because the step counts for nothing after all, the file is swept up a day later.
 * @param step the last of the download, not stored yet.
 * @returns undefined: there is nothing to copy.
 */
export const handOver = async (
  need: BulkNeed,
  job: BulkJobRow,
  { change, part, parts }: Step,
): Promise<NewBulkJob | undefined> => {
  const { organizationId, accountId, userId, groupId } = job
  const { records = job.records, bytes = job.bytes } = change
  if (job.target === null || records === 0) return undefined
  const { instanceId, objectName, criteria } = job.target as WorkflowTarget
  const key = { organizationId, jobId: await need.store.bulkJobs.nextId() }
  const upload = { ...key, fileKeySealed: newFileKey(need, key) }
  const from = parts ?? [...(await need.store.bulkParts.list(job)), ...(part === undefined ? [] : [part])]
  async function* read(): AsyncGenerator<Uint8Array> {
    for (const { name } of from) yield* readFile(need, job, name)
  }
  await putFile(need, upload, uploadName(upload), read())
  return {
    ...upload,
    ...{ accountId, userId, instanceId, objectName, criteria, groupId, bytes, expected: records },
    ...{ direction: 'UPLOAD', askedBy: 'workflow', format: 'jsonl', checkpoint: freshUpload, columns: [] },
    ...{ fileName: null, callbackUrl: null, callbackPayload: null, target: null },
  }
}
