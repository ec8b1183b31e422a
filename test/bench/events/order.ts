/** What the parent tells the product's process to do; each is answered once. */
export type Order =
  /** Makes instances, each with one poller, due evenly over an interval. */
  | { readonly do: 'make-pollers'; readonly count: number; readonly everySeconds: number }
  /** Polls what is due, for so long. */
  | { readonly do: 'poll'; readonly seconds: number }
  /** Stores notifications as a poll does, each with one delivery to this address, which is due. */
  | { readonly do: 'store'; readonly count: number; readonly url: string }
  /** Resolves when all that was stored for this address is delivered. */
  | { readonly do: 'await'; readonly url: string }
  /** What is still to be sent to this address is so no more. */
  | { readonly do: 'withdraw'; readonly url: string }

/** What the parent tells a process that sends. */
export type SendOrder = 'start' | 'stop'

/** Since it was started. */
export interface Stopped {
  readonly statements: number
  /** Rows claimed, and of them those whose job broke or whose lease was lost. */
  readonly claimed: number
  readonly broken: number
}

export interface Made {
  readonly seconds: number
}

export interface Polled {
  readonly seconds: number
  readonly polls: number
  /** From the due time to the start of the poll. */
  readonly lagMs: { readonly p50: number; readonly p99: number; readonly max: number }
  /** Whose job failed, other than by the vendor. */
  readonly broken: number
  /** Pollers whose last poll failed. */
  readonly failing: number
  readonly statements: number
}

/** A body as it is stored. */
export interface Stored extends Made {
  readonly body: string
}

export interface Sent {
  readonly seconds: number
}
