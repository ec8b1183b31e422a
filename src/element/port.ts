import type { AppError } from '#src/lib/errors.ts'
import type { Json } from '#src/lib/json.ts'
import type { Principal } from './auth.ts'
import type { Given, TokenIn, VendorMethod } from './verbs.ts'

/** A request of a coded verb; paths are whole, already encoded, below the connection's base URL. */
export interface PortRequest {
  readonly method: VendorMethod
  readonly path: string
  readonly query?: Readonly<Record<string, string | undefined>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Json
  /** A body that is no JSON; wins over `body`. */
  readonly text?: { readonly contentType: string; readonly text: string }
  /** The file that the caller sent is the body; wins over both. */
  readonly file?: PortFile
  /** A form (RFC 7578) of texts and the file that the caller sent is the body; wins over all. */
  readonly form?: PortForm
  /** What the reply's body is; absent: JSON. */
  readonly reads?: 'json' | 'xml'
  /** Absent: in the header `authorization`, as the login says. */
  readonly tokenIn?: TokenIn
  /** `any`: the body of a good reply may be no JSON; `PortReply.body` is undefined then. */
  readonly accepts?: 'any'
  readonly principals?: readonly Principal[]
  /** Scopes that the vendor documents for it; one of them is enough. */
  readonly scopes?: readonly string[]
  /** Sending it twice changes nothing. Absent: so for GET, PROPFIND, PUT and DELETE. */
  readonly repeatable?: boolean
}

/** A file that the caller sent. Its bytes are not in memory: a request hands it on. */
export interface PortFile {
  readonly bytes: number
  /** Media type, without parameters; empty: not told. */
  readonly type: string
  /** What its sender calls it; undefined: nothing. */
  readonly name: string | undefined
  readonly open: () => AsyncIterable<Uint8Array>
}

/** A form with a file, sent after its texts: some vendors read no text behind a file. */
export interface PortForm {
  readonly texts: Readonly<Record<string, string>>
  readonly file: PortFile
  /** Name of the part that is the file. */
  readonly part: string
}

export interface PortReply {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** The body as it came. */
  readonly text: string
  /**
   * Undefined: the body is empty, or not what is read where that is accepted. Of XML: an element with elements in it is
   * an object of their names (`{DAV:}href`), each with the list of its elements; any other is its text.
   */
  readonly body: Json | undefined
}

/** One connection to the vendor, as a coded verb sees it. */
export interface VendorPort {
  /**
   * Sends one signed request, with all that any call has: limits, repetition, renewal of the token.
   * @throws AppError as the element's rules say.
   */
  readonly ask: (request: PortRequest) => Promise<PortReply>
  /** Where the paths of requests begin, without a trailing slash. */
  readonly baseUrl: () => Promise<string>
  /**
   * As `ask`, but what the vendor refuses is a reply like any other, its body undefined where it is no JSON.
   * @throws AppError where no reply came, and where a good one is no JSON and `accepts` does not allow it.
   */
  readonly exchange: (request: PortRequest) => Promise<PortReply>
  /** The error that `ask` throws for this reply to this request; the reply may be another than the one that came. */
  readonly refusal: (request: PortRequest, reply: PortReply) => AppError
  /** Whose grant signs where these are documented. */
  readonly principalOf: (principals: readonly Principal[]) => Principal
  /** Who granted, as the vendor calls them; undefined: not told, or no such grant. */
  readonly subjectOf: (principal: Principal) => string | undefined
  /** A value of the instance's configuration, a secret only with `Element.readsSecrets`; undefined: not set. */
  readonly configured: (key: string) => string | undefined
  /** All that `configured` gives, by key. */
  readonly configuration: () => Readonly<Record<string, string>>
  /**
   * The value of a place (`Element.places`): what is given under its name, else what is found.
   * @param principal whose grant signs the call that needs it.
   * @throws AppError `bad-request` where it cannot be found.
   */
  readonly place: (name: string, given: Given, principal: Principal) => Promise<string>
  /** Keeps what `find` gives for this connection, in this process, so many seconds. */
  readonly remember: <Value extends Json>(
    key: string,
    seconds: number,
    find: () => Promise<Value>,
  ) => Promise<Value>
  /** When to give up, in milliseconds since 1970. */
  readonly deadlineMs: number
}
