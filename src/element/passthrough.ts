/**
 * Calls that a caller makes on the vendor's own paths, signed by us: what of them goes out and what comes back. All
 * else that a caller sends, its own credentials first, stays here.
 */
export interface Passthrough {
  /** Request headers that go on as they were sent, besides the body's type; lower case. */
  readonly requestHeaders: readonly string[]
  /** Reply headers that come back, besides the body's type, `location` and the correlation id; lower case. */
  readonly replyHeaders: readonly string[]
  /** Bytes of a body at most, either way. */
  readonly mostBytes: number
}
