import type { Expression } from '#src/ceql/index.ts'
import type { Json, JsonObject } from '#src/lib/json.ts'
import type { Principal } from './auth.ts'
import type { PortFile, PortRequest, VendorPort } from './port.ts'

/** Methods of vendor calls: of HTTP (RFC 9110 9.3, RFC 5789) and of RFC 4918 9. */
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
  /** The vendor answers the one row, and no list. */
  readonly isSingle?: true
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
    /** What is asked beside them; what of it the vendor does not apply is applied here. Null: nothing. */
    readonly where: Expression | null
  },
) => Promise<PortPage>
/** @returns the vendor's row; undefined: there is none. */
export type RetrieveRun = (
  port: VendorPort,
  input: { readonly id: string; readonly given: Given; readonly shows: Shows },
) => Promise<JsonObject | undefined>
/** What the vendor answered to a write, shown in place of a row that is read back. */
export interface AnsweredRow {
  readonly row: JsonObject
}
/** @returns the id of the new row, or what the vendor answered. */
export type CreateRun = (
  port: VendorPort,
  input: { readonly body: JsonObject; readonly given: Given },
) => Promise<string | AnsweredRow>
/** @returns nothing: the row is read back. */
export type UpdateRun = (
  port: VendorPort,
  input: { readonly id: string; readonly body: JsonObject; readonly given: Given },
) => Promise<AnsweredRow | undefined> | Promise<void>
/** @returns the id of the row that the file became, or what the vendor answered. */
export type UploadRun = (
  port: VendorPort,
  input: {
    readonly given: Given
    readonly file: PortFile
    /** Texts that came beside it in a form. */
    readonly fields: Readonly<Record<string, string>>
  },
) => Promise<string | AnsweredRow>
/** How a file is asked for. */
export interface FileRequest {
  /** Its reply is the file. */
  readonly request: PortRequest
  /** What the file is called; absent: what the vendor's reply calls it. */
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
