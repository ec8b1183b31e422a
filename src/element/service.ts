import type { Call } from './verbs.ts'

/** Calls that the vendor counts together, such as those of one of its APIs. */
export interface Service {
  /** Its name within the element. What was counted is stored under it, so it never changes. */
  readonly key: string
  /**
   * Beginnings of paths below a connection's base URL, in whole segments. `{user}` stands for the segment that names
   * the user, `{any}` for any other segment.
   */
  readonly paths: readonly string[]
  /** Absent: all. */
  readonly methods?: readonly Call['method'][]
  /** What the vendor publishes; absent: nothing, so its pace is found out from its own answers. */
  readonly limit?: PublishedLimit
}

/** So many calls in so many seconds, whenever those begin. */
export interface PublishedLimit {
  readonly calls: number
  readonly seconds: number
  /** Counted for each instance, or for each user of it: then every path names `{user}`. */
  readonly per: 'instance' | 'user'
  /** The vendor's page, and when it was read. */
  readonly source: string
}
