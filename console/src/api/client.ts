const base = '/elements/api-v2'

/** The body of every failed call, as src/api/http/errors.ts makes it. */
interface ErrorBody {
  readonly requestId?: string
  readonly message?: string
  readonly code?: string
  readonly hop?: string
  readonly retryable?: boolean
  readonly providerMessage?: string
}

/** A call that failed, in the API's own words. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly code: string
  readonly hop: string
  readonly retryable: boolean
  readonly requestId: string | undefined
  readonly providerMessage: string | undefined

  constructor(status: number, body: ErrorBody) {
    super(body.message ?? `Amalgam answered with status ${status} and no words.`)
    this.status = status
    this.code = body.code ?? 'unknown'
    this.hop = body.hop ?? 'amalgam'
    this.retryable = body.retryable ?? false
    this.requestId = body.requestId
    this.providerMessage = body.providerMessage
  }
}

export interface CallOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** A body that is JSON already, as a person wrote it: the API tells the line of what is wrong with it. */
  readonly json?: string
  /** A form with files, instead of a body. */
  readonly form?: FormData
  /** The type of file that is wanted. */
  readonly accept?: string
  /** The Element token of the instance that the call is about. */
  readonly element?: string
  readonly signal?: AbortSignal
}

export interface Answer<T> {
  readonly data: T
  readonly headers: Headers
}

const parsed = (text: string): unknown => {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const unreachable = (cause: unknown): ApiError => {
  const error = new ApiError(0, {
    code: 'unreachable',
    hop: 'network',
    retryable: true,
    message: 'Amalgam cannot be reached. See whether it still runs, then try again.',
  })
  error.cause = cause
  return error
}

const contentOf = ({ body, json, form }: CallOptions): Pick<RequestInit, 'body'> => {
  if (form !== undefined) return { body: form }
  if (json !== undefined) return { body: json }
  return body === undefined ? {} : { body: JSON.stringify(body) }
}

/** One call, and what is read of its answer. @throws ApiError */
const send = async <T>(
  path: string,
  options: CallOptions,
  read: (response: Response) => Promise<T>,
): Promise<Answer<T>> => {
  const { method = 'GET', query, body, json, accept, element, signal } = options
  const search = query === undefined ? '' : `?${new URLSearchParams(query).toString()}`
  let response: Response
  let failure: string
  try {
    response = await fetch(`${base}${path}${search}`, {
      method,
      credentials: 'same-origin',
      // Answers hold tokens and secrets: none belongs into the browser's cache on disk.
      cache: 'no-store',
      headers: {
        'amalgam-page': '1',
        ...(element === undefined ? {} : { authorization: `Element ${element}` }),
        ...(body === undefined && json === undefined ? {} : { 'content-type': 'application/json' }),
        ...(accept === undefined ? {} : { accept }),
      },
      ...contentOf(options),
      ...(signal === undefined ? {} : { signal }),
    })
    if (response.ok) return { data: await read(response), headers: response.headers }
    failure = await response.text()
  } catch (cause) {
    if (signal?.aborted === true) throw cause
    throw unreachable(cause)
  }
  throw new ApiError(response.status, (parsed(failure) ?? {}) as ErrorBody)
}

/** One call to the API, with its headers. The shape of the answer is the caller's to know. @throws ApiError */
export const ask = <T>(path: string, options: CallOptions = {}): Promise<Answer<T>> =>
  send(path, options, async (response) => parsed(await response.text()) as T)

/** A file of the API. Browsers keep a large one on disk, not in the page's memory. @throws ApiError */
export const askFile = (path: string, options: CallOptions = {}): Promise<Answer<Blob>> =>
  send(path, options, (response) => response.blob())

/** The body of one call. @throws ApiError */
export const call = async <T>(path: string, options: CallOptions = {}): Promise<T> =>
  (await ask<T>(path, options)).data

/** What a call gives, or something else where there is nothing: a 404. @throws ApiError */
export const orElse = async <T, Other>(answer: Promise<T>, other: Other): Promise<T | Other> => {
  try {
    return await answer
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return other
    throw error
  }
}
