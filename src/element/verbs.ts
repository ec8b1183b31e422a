import type { AppError } from '#src/lib/errors.ts'
import type { Json, JsonObject } from '#src/lib/json.ts'
import type { Principal } from './auth.ts'

/** Methods of vendor calls: of HTTP (RFC 9110 9.3, RFC 5789) and of WebDAV (RFC 4918 9). */
export type VendorMethod =
  | 'GET'
  | 'POST'
  | 'PUT'
  | 'PATCH'
  | 'DELETE'
  | 'PROPFIND'
  | 'MKCOL'
  | 'COPY'
  | 'MOVE'

/**
 * A vendor call. Names in braces are replaced, percent-encoded: `{id}` by the row's id, `{FieldName}` by the row's
 * field where the row is read first, others by what the caller said (`Resource.address`) or by a place
 * (`Element.places`).
 */
export interface Call {
  readonly method: VendorMethod
  readonly path: string
  /** Another path where this principal's grant signs. */
  readonly pathFor?: Partial<Readonly<Record<Principal, string>>>
  /** Whose grants the vendor documents for it, the preferred first; absent: a user's and a company's. */
  readonly principals?: readonly Principal[]
  /** Scopes that the vendor documents for it; one of them is enough. */
  readonly scopes?: readonly string[]
  /** Parameters sent always; names in braces are replaced, and a parameter without its value is left out. */
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  /** Whether sending it twice changes nothing, as the vendor documents it. Absent: so for GET, PROPFIND, PUT and DELETE. */
  readonly repeatable?: boolean
}

/** The escape hatch for what no data describes: it says why, and the house counts them. */
export interface Coded<Run> extends Call {
  readonly kind: 'coded'
  readonly why: string
  readonly run: Run
}

/**
 * Where the access token goes in place of `Authorization: {scheme} {token}`: into a query parameter or a header of
 * this name, behind `prefix` as it is.
 */
export interface TokenIn {
  readonly query?: string
  readonly header?: string
  readonly prefix?: string
}

/** A request of a coded verb; paths are whole, already encoded, below the connection's base URL. */
export interface PortRequest {
  readonly method: Call['method']
  readonly path: string
  readonly query?: Readonly<Record<string, string | undefined>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Json
  /** A body that is no JSON; wins over `body`. */
  readonly text?: { readonly contentType: string; readonly text: string }
  /** The file that the caller sent is the body; wins over both. */
  readonly file?: PortFile
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

/** What the caller said besides the row's id, by the names of `Resource.address`. */
export type Given = Readonly<Record<string, string>>

/**
 * What the vendor takes for a value that callers may give in another form.
 * @param given what else is said: the address, the owner, terms of `where`, text of the body.
 * @throws AppError `bad-request` where more has to be said for it.
 */
export type Translate = (port: VendorPort, value: string, given: Given) => Promise<string> | string

/** A page of the vendor's rows. */
export interface PortPage {
  readonly rows: readonly JsonObject[]
  /** Anything that leads to the next page; null: this was the last. */
  readonly next: string | null
}

/** Whether a field of a row is shown, or looked at to answer: one that costs a call is not asked for otherwise. */
export type Shows = (field: string) => boolean

export type SearchRun = (
  port: VendorPort,
  input: {
    /** The filters that the vendor (or this function) must apply, by `Filter.param`, and the address. */
    readonly filters: Given
    readonly cursor: string | null
    /** At most so many rows. */
    readonly limit: number
    readonly shows: Shows
  },
) => Promise<PortPage>
/** @returns the vendor's row; undefined: there is none. */
export type RetrieveRun = (
  port: VendorPort,
  input: { readonly id: string; readonly given: Given; readonly shows: Shows },
) => Promise<JsonObject | undefined>
/** @returns the id of the new row. */
export type CreateRun = (
  port: VendorPort,
  input: { readonly body: JsonObject; readonly given: Given },
) => Promise<string>
export type UpdateRun = (
  port: VendorPort,
  input: { readonly id: string; readonly body: JsonObject; readonly given: Given },
) => Promise<void>
/** @returns the id of the row that the file became. */
export type UploadRun = (
  port: VendorPort,
  input: { readonly given: Given; readonly file: PortFile },
) => Promise<string>
/** How a file is asked for. */
export interface FileRequest {
  /** Its reply is the file. */
  readonly request: PortRequest
  /** What the file is called; absent: nothing. */
  readonly fileName?: string
}
export type ReadFileRun = (
  port: VendorPort,
  input: { readonly id: string; readonly given: Given },
) => Promise<FileRequest>
export type RemoveRun = (
  port: VendorPort,
  input: { readonly id: string; readonly given: Given },
) => Promise<void>
/** What a change of a collection comes to. */
export interface CollectionResult {
  /** What is answered; absent: nothing. */
  readonly answer?: Json | undefined
  /** Fields of the body that were left out. */
  readonly ignored?: readonly string[]
}
export type CollectionRun = (
  port: VendorPort,
  input: { readonly body: JsonObject | readonly JsonObject[]; readonly given: Given },
) => Promise<CollectionResult>
/** @returns what is answered; undefined: the row, read back where it can be. */
export type ActionRun = (
  port: VendorPort,
  input: { readonly id: string; readonly body: JsonObject; readonly given: Given },
) => Promise<JsonObject | undefined>

/** A write, as a guard looks at it. */
export interface GuardedWrite {
  /** The row's id; undefined: it was to be created, and was not. */
  readonly id: string | undefined
  /** What was sent. */
  readonly body: JsonObject
  readonly given: Given
}

/**
 * Looks at writes whose outcome the vendor does not tell well. Each gives words for the caller, who is answered 400
 * with them; undefined: nothing to say.
 */
export interface WriteGuard {
  readonly why: string
  /** Whether there is anything in a write that `written` looks at; absent: always. */
  readonly looksAt?: (write: GuardedWrite) => boolean
  /** The vendor refused the body: which part of it. */
  readonly refused: (port: VendorPort, write: GuardedWrite) => Promise<string | undefined>
  /** The vendor took it, and the row was read back: which part did not take. `created`: the row is new. */
  readonly written: (
    port: VendorPort,
    write: GuardedWrite & { readonly row: JsonObject; readonly created: boolean },
  ) => Promise<string | undefined>
}

export interface SearchCall extends Call {
  /** The field of the reply that holds the rows, or several such where it varies; null: the reply is the rows. */
  readonly rows: string | readonly string[] | null
}

/** The row is found by walking the listing: the vendor has no call for one. */
export interface Listed {
  readonly kind: 'listed'
  readonly why: string
}

export interface CreateCall extends Call {
  /** Where the reply tells the new id. */
  readonly newId: NewId
}

export type NewId =
  /** A field of the body. */
  | { readonly kind: 'field'; readonly name: string }
  /** The last segment of an address in a field of the body. */
  | { readonly kind: 'uri-field'; readonly name: string }
  /** The last segment of the Location header. */
  | { readonly kind: 'location' }
  /** The caller's own field is the id. */
  | { readonly kind: 'own-field'; readonly name: string }

export interface UpdateCall extends Call {
  /** The vendor takes whole rows only: the row is read first, and what is changed laid over it. */
  readonly whole?: true
}

export interface RemoveCall extends Call {
  /** The path names fields of the row (`{ReportID}`), so the row is read before. */
  readonly readFirst?: true
}

/** Something that is done with a row: `POST /{resource}/{id}/{action}`. */
export interface Action {
  readonly title: string
  readonly call: Call | Coded<ActionRun>
  /** Fields of the body, by name. */
  readonly body: Readonly<Record<string, ActionField>>
}

export interface ActionField {
  readonly type: 'text' | 'number' | 'boolean'
  readonly description: string
  readonly required?: true
  /** Characters of a text at most. */
  readonly maxLength?: number
}

export interface Verbs {
  readonly search?: SearchCall | Coded<SearchRun>
  readonly retrieve?: Call | Coded<RetrieveRun> | Listed
  readonly create?: CreateCall | Coded<CreateRun>
  readonly update?: UpdateCall | Coded<UpdateRun>
  /** PUT: the row as it shall be; what is not said is emptied. */
  readonly replace?: UpdateCall | Coded<UpdateRun>
  readonly remove?: RemoveCall | Coded<RemoveRun>
  /** PATCH on the collection. */
  readonly updateAll?: Coded<CollectionRun>
  /** DELETE on the collection. */
  readonly removeAll?: Call | Coded<CollectionRun>
}
