import type { Expression } from '#src/ceql/index.ts'
import type { PortFile } from '#src/element/index.ts'
import type { Json } from '#src/lib/json.ts'

/** What a caller asks of one operation. */
export interface Asked {
  /** Values of the braces in the operation's path, by name. */
  readonly path: Readonly<Record<string, string>>
  /** What stands in the query, `where`, `page`, `pageSize` and `nextPage` among it. */
  readonly query: Readonly<Record<string, string>>
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Json | undefined
  /** A file that came; absent: none did. */
  readonly file?: PortFile
  /** `where` as a tree; null: nothing is asked. */
  readonly where: Expression | null
  /** The reply of the operation before, where this one was chained after it. */
  readonly previous?: Previous
}

/** A reply, as an operation chained after it sees it. */
export interface Previous {
  readonly body: Json | undefined
  readonly headers: Readonly<Record<string, string>>
}

/** What came of an operation. */
export interface Outcome {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** What is answered; undefined: nothing. */
  readonly body: Json | undefined
  /** What the vendor said before a hook or the root key changed it. */
  readonly raw: Json | undefined
  /** What of the reply, or of a hook's answer, is to be kept in the configuration. */
  readonly configuration?: Readonly<Record<string, string>>
}
