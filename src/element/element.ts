import type { ErrorCode } from '#src/lib/errors.ts'
import type { Json } from '#src/lib/json.ts'
import type { Auth, Principal } from './auth.ts'
import type { ConnectGuide } from './connect-guide.ts'
import type { Content, UploadCreate } from './content.ts'
import type { HubPath } from './hub-path.ts'
import type { Chosen, FieldType, Filter, FilterStyle, Pagination } from './listing.ts'
import type { Passthrough } from './passthrough.ts'
import type { Path } from './path.ts'
import type { VendorPort } from './port.ts'
import type { Template } from './ready-made.ts'
import type { Sandbox } from './sandbox.ts'
import type { Vendor } from './site.ts'
import type { Action, Given, Translate, Verbs, WriteGuard } from './verbs.ts'

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
  /** The same where the reply is XML, read as `PortReply` says, of lists the first item; absent: such words are not read. */
  readonly xmlErrorWords?: readonly Path[]
  readonly resources: Readonly<Record<string, Resource>>
  /** Paths beyond those of its resources; absent: there are none. */
  readonly paths?: readonly HubPath[]
  /** How its resources are shown as ready-made common ones; absent: there are none. */
  readonly templates?: readonly Template[]
  /** Calls on the vendor's own paths; absent: there are none. */
  readonly passthrough?: Passthrough
  /** Names in the braces of paths that are found where the caller does not say them. */
  readonly places?: Readonly<Record<string, Place>>
  /** Its resources see secret values of the configuration too, and put them where the vendor wants them. */
  readonly readsSecrets?: true
  /**
   * Tries a connection before it is stored; absent: the first call tells whether it works.
   * @returns what it found that is to be kept in the configuration, by key.
   * @throws AppError in the vendor's words where it does not work.
   */
  readonly verify?: (port: VendorPort) => Promise<Readonly<Record<string, string>>>
  /** The configuration key that chooses a generation of the vendor's APIs; with `.{resource}` for one resource. */
  readonly generationKey?: string
  readonly connect: ConnectGuide
  /** Present where a sandbox of the vendor runs beside this process. */
  readonly sandbox?: Sandbox
}

/** A name that a path needs and a caller may leave out: how it is found then. */
export interface Place {
  readonly description: string
  /**
   * @param principal whose grant signs the call that needs it.
   * @throws AppError `bad-request` naming it, where it cannot be found.
   */
  readonly find: (port: VendorPort, given: Given, principal: Principal) => Promise<string>
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

/**
 * One field of a row.
 * `read`: only the vendor sets it; `once`: sent on create only; `write`: also on update; `write-only`: sent, never read
 * back; `change-only`: the same, and not on create.
 */
export interface Field {
  readonly type: FieldType
  readonly access: 'read' | 'once' | 'write' | 'write-only' | 'change-only'
  /** What it is, with its unit where it has one; a whole sentence. */
  readonly description?: string
  /** Where the vendor's row holds it; absent: under the field's own name. */
  readonly from?: Path
  /** Where a write puts it; absent: where it is read from, if that is made of names only, else under its own name. */
  readonly to?: readonly string[]
  /** What the vendor writes for what we show, in pairs; other values go through as they are. */
  readonly values?: readonly (readonly [vendor: Json, shown: Json])[]
  /** Shown for a value that no pair of `values` names. */
  readonly otherwise?: Json
  /** A create without it is refused by the vendor. */
  readonly required?: true
  /** It costs calls of its own: a row has it only where `fields`, `where` or `orderBy` names it. */
  readonly onRequest?: true
  /** What the vendor takes to empty it, or a member of it, in place of null. */
  readonly emptiedBy?: string
  /** Read as an object, written as text: the first of these members that is set is what is sent. */
  readonly sendMember?: readonly string[]
  /** What a write takes of an object, or of each object in an array; other members are left out and named. */
  readonly members?: Members
}

/** Names of members: on create and update, on create only, or with members of their own. */
export interface Members {
  readonly [name: string]: 'write' | 'once' | Members
}

export interface Resource {
  readonly name: string
  /** Other names by which callers may ask for the resource. */
  readonly otherNames?: readonly string[]
  readonly title: string
  /** The field that identifies a row. */
  readonly key: string
  /** No field does: `key` (`id`, one of `fields`) is made of these, joined by `~`. They are found again in the braces of paths. */
  readonly keyOf?: readonly string[]
  /**
   * What callers say besides the id to reach a row or a list: as query parameter, in `where` by `=`, or as a field of
   * a create's body.
   */
  readonly address?: readonly AddressParam[]
  /** The name under which places and addresses know the row's id, such as `reportId`. */
  readonly idAs?: string
  /**
   * Values that callers may give in another form than the vendor takes: by the name of an address parameter, of a
   * search name, of a field that is written, or `id`.
   */
  readonly translate?: Readonly<Record<string, Translate>>
  readonly fields: Readonly<Record<string, Field>>
  /** Other names by which callers may ask for a field, say those of an older API. */
  readonly aliases?: Readonly<Record<string, string>>
  /** Fields that the vendor sends and `fields` does not name are kept, under their names. */
  readonly keepUnknown: boolean
  /** Its fields are not all known; absent: they are. */
  readonly openFields?: OpenFields
  /** What of a row the vendor sends only where it is asked for. */
  readonly chosen?: Chosen
  readonly verbs: Verbs
  /** Looks at creates and changes that the vendor refused, or took only in part. */
  readonly guard?: WriteGuard
  /** What is done with a row, by the last segment of `POST /{resource}/{id}/{action}`. */
  readonly actions?: Readonly<Record<string, Action>>
  /** What of a row is no JSON, by the last segment of `/{resource}/{id}/{content}`. */
  readonly contents?: Readonly<Record<string, Content>>
  /** A create by a file in place of JSON. */
  readonly upload?: UploadCreate
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
  /** How its changes are found; absent: they are not. */
  readonly changes?: Changes
  /** Where events are on and nothing is said of resources, this one is polled. */
  readonly polledUnasked?: true
  /** The same resource on other generations of the vendor's APIs, for grants that reach those only. */
  readonly generations?: Readonly<Record<string, Resource>>
}

/**
 * Names beyond `fields` are taken as callers write them, bodies go as they are, and a row may come without its key.
 * Its verbs are coded: what they answer to a write is shown, and not read back.
 */
export interface OpenFields {
  /**
   * Which terms of `where` the search hands to the vendor: comparisons by `=`, whatever must hold beside the others, or
   * all of it. What rows then do not show is believed to hold. Absent: none.
   */
  readonly asks?: 'equals' | 'spine' | 'whole'
}

/** How changes of a resource's rows are found; times of fields are UTC where they tell no zone. */
export type Changes =
  /** A field tells when a row last changed. */
  | {
      readonly kind: 'dated'
      readonly updated: string
      readonly created?: string
      /** The search name by which the vendor narrows to what changed after a time; absent: `updated >`. */
      readonly since?: string
    }
  /** Nothing does: the whole listing is compared with the one before. */
  | {
      readonly kind: 'listing'
      /** A row that a whole listing no longer has is gone. */
      readonly deletes?: true
    }

export interface AddressParam {
  readonly name: string
  /** It stands in the header of that name; absent: in the query. */
  readonly from?: 'header'
  readonly description: string
  /** The verbs that cannot do without it: 400 where it is not said. Others may use it. */
  readonly neededBy?: readonly (keyof Verbs)[]
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
