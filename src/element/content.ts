import type { Path } from './path.ts'
import type { Call, Coded, NewId, ReadFileRun, UploadRun } from './verbs.ts'

/** Something of a row that is no JSON, such as an image: `/{resource}/{id}/{content}`. */
export interface Content {
  readonly title: string
  // `*/*` stands for any.
  /** Media types that the vendor takes. */
  readonly types: readonly string[]
  /** The most that the vendor takes at once, in bytes. */
  readonly mostBytes: number
  /** The most that is read, where what was written in pieces comes back as one; absent: as `mostBytes`. */
  readonly mostReadBytes?: number
  readonly read?: ContentRead
  readonly write?: ContentWrite
}

/** How it is read: the reply is it, or the reply (JSON or XML) holds an address that gives it without a token. */
export type ContentRead =
  | (Call & {
      readonly link?: LinkInReply
      /** Asked where the first address finds nothing: the vendor keeps rows of two kinds at two addresses. */
      readonly orElse?: Call
    })
  | Coded<ReadFileRun>

export interface LinkInReply {
  readonly path: Path
  /** Name of the element that holds it, where the reply is XML. */
  readonly xmlName: string
}

/** How it is written: as the body, or as a part of a form beside a part of JSON. */
export type ContentWrite = Call & { readonly form?: ContentForm }

export interface ContentForm {
  /** Name of the part that is the file. */
  readonly file: string
  /** Name of the part of JSON that callers send beside the file; absent: only the file goes. */
  readonly json?: string
}

/** A form that callers send. */
export interface UploadForm {
  /** Name of the part that is the file, whatever its type. */
  readonly file: string
  /** Texts beside it. */
  readonly texts: readonly UploadText[]
}

export interface UploadText {
  readonly name: string
  readonly description: string
  readonly required: boolean
}

/** A create whose body is a file: `POST /{resource}`. */
export type UploadCreate = {
  readonly title: string
  // `*/*` stands for any.
  /** Media types that the vendor takes. */
  readonly types: readonly string[]
  readonly mostBytes: number
  /** The file may have no bytes. */
  readonly mayBeEmpty?: true
  /** Only a form is taken, and what is in it; absent: the file as it is, or any form with a file. */
  readonly form?: UploadForm
} & (
  | { readonly call: ContentWrite; readonly newId: NewId }
  | { readonly call: Coded<UploadRun>; readonly newId?: never }
)
