import type { IncomingHttpHeaders } from 'node:http'
import type { ErrorCode } from '#src/lib/errors.ts'
import type { Json } from '#src/lib/json.ts'
import type { Spool } from '#src/lib/spool.ts'
import type { StopSignal } from '#src/lib/stop-signal.ts'
import type { FileStream } from './file-stream.ts'
import type { Upload, UploadOptions } from './upload.ts'

/** The verbs that a dispatcher sees. HEAD comes as GET, OPTIONS is answered before it. */
export type ApiMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** One call under `/elements/api-v2`, checked as far as HTTP goes. `T` collects what the call learns on its way. */
export interface ApiRequest<T> {
  /** 24 hex digits; sent back as `elements-request-id`. */
  readonly requestId: string
  readonly method: ApiMethod
  /** Below `/elements/api-v2`, still percent-encoded, leading slash, no trailing or doubled slash; `/` for the root. */
  readonly path: string
  /** Decoded; never empty, `.`, `..` or with a control character. A segment may hold a slash (sent as `%2F`). */
  readonly segments: readonly string[]
  readonly query: URLSearchParams
  /** The query as it was sent, without its question mark. */
  readonly queryText: string
  /** HEAD was sent, and `method` says GET. */
  readonly isHead: boolean
  readonly headers: IncomingHttpHeaders
  /** Undefined when nothing was sent, always for GET, and where `upload` is there. */
  readonly body: Json | undefined
  /** Reads the body as a file; there where it may be one. @throws AppError as `readUpload`. */
  readonly upload?: ((mostBytes: number, options?: UploadOptions) => Promise<Upload>) | undefined
  /** Aborted when the client leaves, and when a stop runs out of time. */
  readonly signal: StopSignal
  /** The client's IP address; from X-Forwarded-For only behind a trusted proxy. */
  readonly remoteAddress: string
  readonly startedAt: Date
  readonly trace: T
}

/** What to answer. Neither `body` nor `rawJson` nor `file`: an empty body. */
export interface ApiReply {
  /** 200 when absent. */
  readonly status?: number | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** A JSON value, serialised once. */
  readonly body?: unknown
  /** JSON already serialised; goes out as it is and wins over `body`. */
  readonly rawJson?: string | Buffer | undefined
  /** Goes out as it is and wins over both; closed when it is out. */
  readonly file?: FileReply | undefined
  /** Goes out piece by piece as it is read, and wins over all others. */
  readonly stream?: StreamReply | undefined
}

export interface StreamReply extends FileStream {
  readonly contentType: string
}

export interface FileReply {
  readonly spool: Spool
  /** Empty: not known. */
  readonly contentType: string
  /** Bytes of what a HEAD asks about, where the spool does not hold them. */
  readonly length?: number | undefined
}

/** `api`: under `/elements/api-v2`; `health`: the probe; `outside`: every other path. */
export type CallArea = 'api' | 'health' | 'outside'

/** A call that is over, for the request log. */
export interface FinishedCall<T> {
  readonly requestId: string
  /** As received, so HEAD and OPTIONS occur. */
  readonly method: string
  /** Without query; below `/elements/api-v2` for the area `api`, else whole. */
  readonly path: string
  readonly area: CallArea
  /** The HTTP status sent; 499 when the client left before the reply was out. */
  readonly status: number
  /** Milliseconds from the request's head to the reply's last byte, with fractions. */
  readonly ms: number
  readonly remoteAddress: string
  readonly startedAt: Date
  readonly trace: T
  readonly error?: { readonly code: ErrorCode }
}
