import type { ErrorCode } from '#src/lib/errors.ts'
import type { Auth, Principal } from './auth.ts'
import type { ConnectGuide } from './connect-guide.ts'
import type { Path } from './path.ts'
import type { Vendor } from './site.ts'

/**
 * A connector, as data. The engine runs it and knows no vendor; a vendor's paths, fields, limits and
 * quirks stand here and nowhere else.
 */
export interface Element {
  readonly key: string
  /** The id in every reply. */
  readonly id: number
  /** Ids of the same element in older catalogues, accepted in paths and bodies. */
  readonly formerIds: readonly number[]
  readonly hub: string
  readonly title: string
  readonly description: string
  readonly documentationUrl: string
  readonly features: Features
  readonly config: readonly ConfigField[]
  /** The first is the default. */
  readonly auth: readonly [Auth, ...Auth[]]
  readonly vendor: Vendor
  readonly errors: readonly ErrorRule[]
  /** Where an error reply holds the vendor's words; the first path that finds text wins. */
  readonly errorWords: readonly Path[]
  readonly resources: Readonly<Record<string, Resource>>
  readonly connect: ConnectGuide
  /** Present where a sandbox of the vendor runs beside this process. */
  readonly sandbox?: Sandbox
}

/** The vendor's sandbox: what a first connection to it needs, and what to try on it. */
export interface Sandbox {
  readonly apiKey: string
  readonly apiSecret: string
  /** Who may sign in there, in words. */
  readonly logins: string
  /** Added to the consent page's address so that it consents by itself. */
  readonly consent: Readonly<Record<string, string>>
  /** Where the sandbox gives what a company is connected by, and which field of its reply is which key. */
  readonly company?: {
    readonly path: string
    readonly configuration: Readonly<Record<string, string>>
  }
  /** Configuration of the instance that a first start makes. */
  readonly configuration: Readonly<Record<string, string>>
  /** Calls that show what a connection can do, for a newcomer. */
  readonly tour: readonly TourCall[]
}

export interface TourCall {
  readonly title: string
  /** Below the API's base path. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
}

/** What the catalogue says an element can do. */
export interface Features {
  readonly transformations: boolean
  readonly bulkDownload: boolean
  readonly bulkUpload: boolean
  readonly events: readonly ('polling' | 'webhook')[]
  /** Login frameworks in words, for metadata and documentation. */
  readonly authentication: readonly string[]
}

/** One configuration key of an instance: it validates a request and draws the form. */
export interface ConfigField {
  readonly key: string
  readonly label: string
  readonly kind: 'text' | 'secret' | 'choice' | 'boolean'
  readonly required: boolean
  /** The logins (`type`) that need it; absent: all. */
  readonly onlyFor?: readonly string[]
  /** It is used once and never stored. */
  readonly spent?: true
  readonly description: string
  readonly defaultValue?: string
  readonly choices?: readonly string[]
}

export type FieldType = 'text' | 'number' | 'boolean' | 'datetime' | 'object'

/**
 * One field of a row.
 * `read`: only the vendor sets it; `write`: also sent on create and update; `write-only`: sent, never
 * read back.
 */
export interface Field {
  readonly type: FieldType
  readonly access: 'read' | 'write' | 'write-only'
  /** Where the vendor's row holds it; absent: under the field's own name. */
  readonly from?: Path
  /** A create without it is refused by the vendor. */
  readonly required?: true
  /** Read as an object, written as text: the first of these members that is set is what is sent. */
  readonly sendMember?: readonly string[]
}

/** A parameter of the vendor that narrows a listing. */
export interface Filter {
  /** The name in the vendor's request, and the pseudo-field by which callers may ask for it. */
  readonly param: string
  readonly means: 'equals' | 'after' | 'before'
  readonly type: Exclude<FieldType, 'object'>
  /** The row's field that it looks at; absent: it looks at something that a row does not show. */
  readonly field?: string
  /** Several values in one parameter, joined by commas. */
  readonly list?: true
  /** Seconds by which a bound is sent wider, because it is not known whether it includes its border. */
  readonly widenSeconds?: number
  /** Callers reach it only through its field, never by `param`. */
  readonly hidden?: true
}

/** How filters travel: each as a query parameter, or as one SCIM filter in a POST (RFC 7644 3.4.3). */
export type FilterStyle =
  | { readonly kind: 'parameters' }
  | { readonly kind: 'scim'; readonly searchPath: string; readonly schema: string }

export type Pagination =
  /** The reply holds the next page's URL; its `cursorParam` is taken over, its host is not. */
  | {
      readonly kind: 'next-url'
      readonly next: string
      readonly cursorParam: string
      readonly sizeParam: string
      readonly maxSize: number
    }
  /** The reply holds a token for the next page. */
  | {
      readonly kind: 'cursor'
      readonly next: string
      readonly cursorParam: string
      readonly sizeParam: string
      readonly maxSize: number
    }

/** A vendor call; `{id}` in `path` is replaced by the row's id, percent-encoded. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  /** Whose grants the vendor documents for it; absent: a user's and a company's. */
  readonly principals?: readonly Principal[]
}

export interface SearchCall extends Call {
  /** The field of the reply that holds the rows. */
  readonly rows: string
}

export interface CreateCall extends Call {
  /** The field of the reply that holds the new id. */
  readonly newId: string
}

export interface RemoveCall extends Call {
  /** The path names fields of the row (`{ReportID}`), so the row is read before. */
  readonly readFirst?: true
}

export interface Verbs {
  readonly search?: SearchCall
  readonly retrieve?: Call
  readonly create?: CreateCall
  readonly update?: Call
  readonly remove?: RemoveCall
}

export interface Resource {
  readonly name: string
  readonly title: string
  /** The field that identifies a row. */
  readonly key: string
  readonly fields: Readonly<Record<string, Field>>
  /** Other names by which callers may ask for a field, say those of an older API. */
  readonly aliases?: Readonly<Record<string, string>>
  /** Fields that the vendor sends and `fields` does not name are kept, under their names. */
  readonly keepUnknown: boolean
  readonly verbs: Verbs
  /**
   * Where calls on one row need to name its owner, unless that is the connected person: the vendor's
   * parameter (callers may send it too), the row's field that tells it, and the value that means all.
   */
  readonly owner?: Owner
  readonly page: Pagination
  readonly filterStyle: FilterStyle
  readonly filters: readonly Filter[]
  /** The vendor's page that this follows, and when it was last compared. */
  readonly source: string
  /** The same resource on other generations of the vendor's APIs, for grants that reach those only. */
  readonly generations?: Readonly<Record<string, Resource>>
}

export interface Owner {
  readonly param: string
  readonly field: string
  readonly everybody: string
  /** The configuration key that says whose rows a list shows that names nobody: `own` or `all`. */
  readonly configKey: string
}

/** How a failed vendor reply is told to the caller. The first rule that matches wins; conditions are AND-ed. */
export interface ErrorRule {
  readonly when: {
    readonly status?: number | readonly [from: number, to: number]
    readonly bodyHas?: string
  }
  readonly as: ErrorCode
  /** `refresh-token`: the token may be the reason; renew it and try once more. */
  readonly retry: 'never' | 'backoff' | 'refresh-token'
  /** What the caller can do. */
  readonly fix?: string
}

/** What an element needs to know of the machine it runs on. */
export interface ElementEnvironment {
  /** Base URL of the vendor's sandbox beside this process; absent: none runs. */
  readonly sandboxUrl?: string
}
