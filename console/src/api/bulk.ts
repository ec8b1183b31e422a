import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { ask, askFile, type CallOptions, call } from './client.ts'
import type { BulkError, BulkJobRow, BulkMade, BulkStatus, Instance } from './shapes.ts'

/** Calls on bulk jobs are hub calls: the Element token says of which instance. */
const bulkCall = <T>(instance: Instance, path: string, options: CallOptions = {}): Promise<T> =>
  call<T>(`/bulk/${path}`, { ...options, element: instance.token })

/** Below the key of all instances, so that whatever is done to one shows here too. */
const keyOf = ({ id }: Instance, ...rest: readonly unknown[]) => ['instances', String(id), 'bulk', ...rest]

const lookEveryMs = 1_000
const lookAtListEveryMs = 3_000
const jobsAtOnce = '25'
const errorsAtOnce = '50'

interface Page<Item> {
  readonly items: readonly Item[]
  readonly nextPage: string | undefined
}

const pageOf = async <Item>(
  instance: Instance,
  path: string,
  pageSize: string,
  nextPage: string,
): Promise<Page<Item>> => {
  const { data, headers } = await ask<Item[]>(`/bulk/${path}`, {
    element: instance.token,
    query: nextPage === '' ? { pageSize } : { nextPage },
  })
  return { items: data, nextPage: headers.get('elements-next-page-token') ?? undefined }
}

export const hasEnded = ({ status }: Pick<BulkStatus, 'status'>): boolean =>
  status !== 'CREATED' && status !== 'RUNNING'

/** Newest first. */
export const bulkJobsQuery = (instance: Instance) =>
  infiniteQueryOptions({
    queryKey: keyOf(instance, 'jobs'),
    queryFn: ({ pageParam }) => pageOf<BulkJobRow>(instance, 'jobs', jobsAtOnce, pageParam),
    initialPageParam: '',
    getNextPageParam: ({ nextPage }) => nextPage,
    refetchInterval: lookAtListEveryMs,
  })

export const bulkStatusQuery = (instance: Instance, jobId: string) =>
  queryOptions({
    queryKey: keyOf(instance, 'one', jobId),
    queryFn: () => bulkCall<BulkStatus>(instance, `${encodeURIComponent(jobId)}/status`),
    refetchInterval: ({ state }) => (state.data !== undefined && hasEnded(state.data) ? false : lookEveryMs),
  })

/** In the order of rows. `failed` is how many there are: when more come, they are read. */
export const bulkErrorsQuery = (instance: Instance, jobId: string, failed: number) =>
  infiniteQueryOptions({
    queryKey: keyOf(instance, 'errors', jobId, failed),
    queryFn: ({ pageParam }) =>
      pageOf<BulkError>(instance, `${encodeURIComponent(jobId)}/errors`, errorsAtOnce, pageParam),
    initialPageParam: '',
    getNextPageParam: ({ nextPage }) => nextPage,
    placeholderData: (before) => before,
  })

/** @param q a query in CEQL: select, from, where, order by, limit. @throws ApiError */
export const startDownload = (instance: Instance, q: string): Promise<BulkMade> =>
  bulkCall(instance, 'query', { method: 'POST', query: { q } })

/** What goes up beside the file. */
export interface UploadSettings {
  readonly action: 'create' | 'update' | 'upsert'
  /** The field by which a record is found at the vendor; empty: its key, where the action needs one. */
  readonly identifierFieldName: string
}

/** As the API takes it. */
export const metaDataOf = ({ action, identifierFieldName }: UploadSettings): string =>
  JSON.stringify({
    action,
    ...(identifierFieldName.trim() === '' ? {} : { identifierFieldName: identifierFieldName.trim() }),
  })

/** @throws ApiError */
export const startUpload = (
  instance: Instance,
  resource: string,
  file: File,
  settings: UploadSettings,
): Promise<BulkMade> => {
  const form = new FormData()
  // What stands before the file is known before the file comes.
  form.set('metaData', metaDataOf(settings))
  form.set('file', file)
  return bulkCall(instance, encodeURIComponent(resource), { method: 'POST', form })
}

/** Ends a job; what it has read or sent stays. @throws ApiError */
export const cancelJob = (instance: Instance, jobId: string): Promise<BulkStatus> =>
  bulkCall(instance, `${encodeURIComponent(jobId)}/cancel`, { method: 'PUT' })

/** Lets a job go on from where it stood, or end its wait. @throws ApiError */
export const resumeJob = (instance: Instance, jobId: string): Promise<BulkStatus> =>
  bulkCall(instance, `${encodeURIComponent(jobId)}/resume`, { method: 'PUT' })

/** A file of a job. */
export interface JobFile {
  /** What of the job: its object, or `rejects`. */
  readonly path: string
  /** Undefined: as the job has it. */
  readonly accept: string | undefined
  /** Of its address. */
  readonly query?: Readonly<Record<string, string>>
  /** Where the server names none. */
  readonly name: string
}

const nameIn = (headers: Headers): string | undefined =>
  /filename="([^"]+)"/.exec(headers.get('content-disposition') ?? '')?.[1]

/** @throws ApiError */
export const readJobFile = async (
  instance: Instance,
  jobId: string,
  { path, accept, query, name }: JobFile,
): Promise<{ readonly file: Blob; readonly name: string }> => {
  const { data: file, headers } = await askFile(
    `/bulk/${encodeURIComponent(jobId)}/${encodeURIComponent(path)}`,
    {
      element: instance.token,
      ...(accept === undefined ? {} : { accept }),
      ...(query === undefined ? {} : { query }),
    },
  )
  return { file, name: nameIn(headers) ?? name }
}
