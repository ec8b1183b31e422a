import { AppError } from '#src/lib/errors.ts'
import type { Bulk, BulkJob, Caller, HubCall } from '#src/services/index.ts'
import { type ApiReply, wrongVerb } from '../http/index.ts'
import type { HubRequest } from '../hub.ts'
import { downloadAsked, queryAsked } from './asked.ts'
import { fileReply, rejectsReply } from './file-reply.ts'
import { errorsReply, jobsReply, recordsReply } from './pages.ts'
import { uploadJob } from './upload.ts'
import { downloadView, madeView, statusView } from './views.ts'
import { waitFor } from './wait.ts'

/** The segment under which bulk jobs are. */
export const bulkName = 'bulk'

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

const status: Run = async (input, id) => ({ body: statusView(await waitFor(input, id)) })

const cancel: Run = async ({ bulk, call }, id) => ({
  body: statusView(await bulk.jobs.cancel(call.instance, id)),
})

const resume: Run = async ({ bulk, call }, id) => ({
  body: statusView(await bulk.jobs.resume(call.instance, id)),
})

/** What a job has besides its object, by method. */
const ofJob: Readonly<Record<string, Readonly<Record<string, Run>>>> = {
  status: { GET: status },
  errors: { GET: (input, id) => errorsReply(input, id) },
  rejects: { GET: rejectsReply },
  cancel: { PUT: cancel },
  resume: { PUT: resume },
}

const nowhere = (): AppError =>
  new AppError(
    'not-found',
    'No path found: bulk jobs are made by POST /bulk/query, /bulk/download and /bulk/{object}, and read by GET /bulk/jobs, /bulk/{id}/status, /bulk/{id}/errors, /bulk/{id}/rejects, /bulk/{id}/{object} and /bulk/{id}/{object}/data.',
  )

const runOf = ({ method, segments }: HubRequest): Run => {
  const [, first = '', second, third] = segments
  const only = (methods: Readonly<Record<string, Run>>): Run => {
    const run = methods[method]
    if (run === undefined) throw wrongVerb(method, `/${segments.join('/')}`, Object.keys(methods))
    return run
  }
  if (segments.length === 2 && first === 'query') return only({ POST: query })
  if (segments.length === 2 && first === 'download') return only({ POST: download })
  if (segments.length === 2 && first === 'jobs') return only({ GET: jobsReply })
  if (first === 'workflows')
    throw new AppError(
      'not-found',
      'POST /bulk/workflows is not built yet. Download with POST /bulk/query, and upload the file with POST /bulk/{object}.',
    )
  if (segments.length === 2) return only({ POST: upload })
  if (second === undefined || segments.length > 4) throw nowhere()
  const known = segments.length === 3 && Object.hasOwn(ofJob, second) ? ofJob[second] : undefined
  if (known !== undefined) return only(known)
  if (segments.length === 3) return only({ GET: (input, id) => fileReply(input, id, second) })
  if (third === 'data') return only({ GET: (input, id) => recordsReply(input, id, second) })
  throw nowhere()
}

/** Runs one call on bulk jobs (spec/contract.md 7, spec/behaviour.md 10). */
export const bulkCall = (input: BulkCall): Promise<ApiReply> =>
  runOf(input.request)(input, input.request.segments[1] ?? '')
