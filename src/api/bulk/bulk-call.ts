import { AppError } from '#src/lib/errors.ts'
import type { Bulk, BulkJob, Caller, HubCall } from '#src/services/index.ts'
import { type ApiReply, wrongVerb } from '../http/index.ts'
import type { HubRequest } from '../hub.ts'
import { downloadAsked, queryAsked } from './asked.ts'
import { fileReply, rejectsReply } from './file-reply.ts'
import { errorsReply, jobsReply, recordsReply, workflowsReply } from './pages.ts'
import { uploadJob } from './upload.ts'
import { downloadView, madeView, statusView, workflowView } from './views.ts'
import { waitFor } from './wait.ts'
import { workflowReply } from './workflow.ts'

/** The segment under which bulk jobs are. */
const bulkName = 'bulk'
/** The one at which workflows are listed. */
const bulkLoaderName = 'bulkloader'

/** The first segments of calls on bulk jobs. */
export const bulkNames: ReadonlySet<string> = new Set([bulkName, bulkLoaderName])

/** What a call on bulk jobs works on. */
export interface BulkCall {
  readonly bulk: Bulk
  readonly caller: Caller
  readonly call: HubCall
  readonly request: HubRequest
}

type Run = (input: BulkCall, id: string) => Promise<ApiReply>

const made = (job: BulkJob): ApiReply => ({
  body: job.askedBy === 'download' ? downloadView(job) : madeView(job),
})

const query: Run = async ({ bulk, caller, call, request }) => {
  const { what, job } = await queryAsked(request)
  return made(await bulk.jobs.download(caller, call, what, job))
}

const download: Run = async ({ bulk, caller, call, request }) => {
  const { what, job } = downloadAsked(request)
  return made(await bulk.jobs.download(caller, call, what, job))
}

const upload: Run = async (input, objectName) => made(await uploadJob(input, objectName))

/** The id of a workflow stands for all of its jobs. */
const status: Run = async (input, id) => {
  const { instance } = input.call
  const { jobs, workflows } = input.bulk
  if ((await workflows.find(instance, id)) === undefined)
    return { body: statusView(await waitFor(input, () => jobs.own(instance, id))) }
  return { body: workflowView(await waitFor(input, () => workflows.own(instance, id))) }
}

const cancel: Run = async ({ bulk, call: { instance } }, id) =>
  (await bulk.workflows.find(instance, id)) === undefined
    ? { body: statusView(await bulk.jobs.cancel(instance, id)) }
    : { body: workflowView(await bulk.workflows.cancel(instance, id)) }

const resume: Run = async ({ bulk, call }, id) => ({
  body: statusView(await bulk.jobs.resume(call.instance, id)),
})

type Methods = Readonly<Record<string, Run>>

/** What a job has besides its object, by method. */
const ofJob: Readonly<Record<string, Methods>> = {
  status: { GET: status },
  errors: { GET: (input, id) => errorsReply(input, id) },
  rejects: { GET: rejectsReply },
  cancel: { PUT: cancel },
  resume: { PUT: resume },
}

const nowhere = (): AppError =>
  new AppError(
    'not-found',
    'No path found: bulk jobs are made by POST /bulk/query, /bulk/download, /bulk/workflows and /bulk/{object}, and read by GET /bulk/jobs, /bulkloader, /bulk/{id}/status, /bulk/{id}/errors, /bulk/{id}/rejects, /bulk/{id}/{object} and /bulk/{id}/{object}/data.',
  )

/** What is no object and no id: calls that make jobs, and lists of them, by method. */
const named: Readonly<Record<string, Methods>> = {
  query: { POST: query },
  download: { POST: download },
  workflows: { POST: workflowReply },
  jobs: { GET: jobsReply },
}

const ownIn = (table: Readonly<Record<string, Methods>>, name: string): Methods | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined

/** What a path is for, by method. @throws AppError `not-found`. */
const methodsOf = ([top, first = '', second, third, ...rest]: readonly string[]): Methods => {
  if (top === bulkLoaderName && first === '') return { GET: workflowsReply }
  if (top === bulkLoaderName || first === '' || rest.length > 0) throw nowhere()
  if (second === undefined) return ownIn(named, first) ?? { POST: upload }
  if (third === undefined) return ownIn(ofJob, second) ?? { GET: (input, id) => fileReply(input, id, second) }
  if (third === 'data') return { GET: (input, id) => recordsReply(input, id, second) }
  throw nowhere()
}

const runOf = ({ method, segments }: HubRequest): Run => {
  const methods = methodsOf(segments)
  const run = methods[method]
  if (run === undefined) throw wrongVerb(method, `/${segments.join('/')}`, Object.keys(methods))
  return run
}

/** Runs one call on bulk jobs (spec/contract.md 7, spec/behaviour.md 10). */
export const bulkCall = (input: BulkCall): Promise<ApiReply> =>
  runOf(input.request)(input, input.request.segments[1] ?? '')
