import type { Readable } from 'node:stream'
import type { AppError } from '#src/lib/errors.ts'
import type { Later } from '#src/lib/later.ts'
import type { StopSignal } from '#src/lib/stop-signal.ts'

/** Methods of HTTP (RFC 9110 9.3, RFC 5789) and of RFC 4918 9. */
export type Method =
  | 'GET'
  | 'HEAD'
  | 'POST'
  | 'PUT'
  | 'PATCH'
  | 'DELETE'
  | 'PROPFIND'
  | 'MKCOL'
  | 'COPY'
  | 'MOVE'

/** One attempt, as a request log may keep it: no header, no query, no body. */
export interface SentCall {
  readonly method: string
  /** Host name with the port, where the URL names one. */
  readonly host: string
  /** The path without the query. */
  readonly path: string
  /** Null when no reply head arrived. */
  readonly status: number | null
  /** Whole milliseconds from the call to the last byte, or to the failure. */
  readonly ms: number
  /** The reply's value of `correlationHeader`, at most 200 characters, without the request's secrets. */
  readonly correlationId?: string | undefined
  /** 1 for the first try. */
  readonly attempt: number
  /** The error code of a failure; a status of 4xx or 5xx is none. */
  readonly error?: string | undefined
}

/** A body too large for memory; opened anew for each attempt. */
export interface StreamedBody {
  readonly bytes: number
  readonly open: () => Readable
}

/** Where a reply's body goes; `clear` comes before each attempt. */
export interface BodySink {
  readonly clear: () => Promise<void>
  readonly writeNow: (chunk: Uint8Array) => void
}

export interface OutboundRequest {
  readonly method: Method
  /** An absolute http or https URL without user information. */
  readonly url: string
  /** Any header but those that frame the message, such as `host` and `content-length`. */
  readonly headers?: Readonly<Record<string, string>>
  /** Sent with `content-length`, never chunked: some servers answer 400 to a chunked request. */
  readonly body?: string | Uint8Array | StreamedBody | undefined
  /** Takes the body of a good reply (status below 300) in place of memory; `body` of the reply is empty then. */
  readonly into?: BodySink | undefined
  /** For the whole call: name look-up, connection, and the last byte of the body. */
  readonly timeoutMs: number
  /** Of the body, as received and again as unpacked; 32 MiB when absent. */
  readonly maxBytes?: number | undefined
  readonly signal?: StopSignal
  /**
   * Calls of one purpose never use or wait for a connection of another: the reach of callbacks differs, and a
   * call for a token must not stand behind the calls that need it. `files`: the store of bulk files.
   */
  readonly purpose: 'vendor' | 'token' | 'callback' | 'files'
  /** Texts that it carries under names that give nothing away: masked like those of secret names, in its path too. */
  readonly secrets?: readonly string[] | undefined
  /** A reply header whose value goes into `SentCall.correlationId`. */
  readonly correlationHeader?: string
  /** Told once about every attempt, whatever became of it. */
  readonly record?: (call: SentCall) => void
}

export interface OutboundReply {
  readonly status: number
  /** Names in lower case; several values of one name are joined by a comma and a blank. */
  readonly headers: Readonly<Record<string, string>>
  /** Unpacked. */
  readonly body: Buffer
  /** A text of this reply for people and logs: `***` in place of the secrets that its request carried. */
  readonly masked: (text: string) => string
}

/** What one attempt ended with. */
export type Outcome =
  | { readonly reply: OutboundReply }
  /** `unsent`: not a byte of the request left, so the far side has done nothing. */
  | { readonly error: AppError; readonly unsent: boolean }

/** How a request is repeated. */
export interface Repetition {
  /**
   * Asked before each attempt, the first included: how many milliseconds it has to wait, 0 for none; after a wait it is
   * asked again. What it throws ends the request.
   */
  readonly begin?: (() => Later<number>) | undefined
  /**
   * How many milliseconds to wait before the next attempt (this was the `attempt`th), or null to stop. It is not asked
   * about errors that another attempt cannot mend, such as a blocked address.
   */
  readonly decide: (outcome: Outcome, attempt: number) => number | null
  /** The headers of each attempt after the first; absent: the request's. */
  readonly again?: (() => Readonly<Record<string, string>>) | undefined
  /** In milliseconds since 1970; no wait and no attempt goes beyond it. */
  readonly deadlineMs: number
}
