// Bulk jobs: whole listings into files, whole files of records to a vendor. A job is a chain of short steps, each
// stored together with where the job goes on. Knows resources by what elements say of them; no vendor's name, no HTTP.
import { createEnds } from './ends.ts'
import { createJobs } from './jobs.ts'
import type { BulkNeed } from './need.ts'
import { createPrune } from './prune.ts'
import { createReceive } from './receive-upload.ts'
import { createRecords } from './records.ts'
import { createRejects } from './rejects.ts'
import { createRun } from './run.ts'
import { createWorkflows } from './workflows.ts'

export type { BulkError, BulkJobRow as BulkJob } from '#src/store/index.ts'
export { type DownloadAsked, readSelect } from './criteria.ts'
export type { JobAsked } from './jobs.ts'
export { fileKeyContext } from './need.ts'
export type { Receiving } from './receive-upload.ts'
export type { UploadAsked } from './upload-asked.ts'
export { mostUploadBytes } from './upload-file.ts'
export type { WorkflowEntry } from './workflow-asked.ts'
export type { Workflow } from './workflows.ts'

export type Bulk = ReturnType<typeof createBulk>

export const createBulk = (need: BulkNeed) => {
  const ends = createEnds(need)
  const jobs = createJobs(need, ends)
  return {
    jobs,
    receive: createReceive(need, jobs),
    records: createRecords(need),
    rejects: createRejects(need),
    workflows: createWorkflows(need, jobs),
    run: createRun(need, ends),
    prune: createPrune(need),
  }
}
