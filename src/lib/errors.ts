/** Every failure that Amalgam tells a caller, by name. The HTTP status of each stands in api/http/errors.ts. */
export type ErrorCode =
  | 'bad-request'
  | 'bad-json'
  | 'bad-query'
  | 'bad-credentials'
  | 'instance-disabled'
  | 'not-allowed'
  | 'needs-reconnect'
  | 'not-found'
  | 'not-here'
  | 'wrong-verb'
  | 'not-acceptable'
  | 'conflict'
  | 'too-large'
  | 'wrong-media-type'
  | 'headers-too-large'
  | 'request-timeout'
  | 'too-many-requests'
  | 'query-too-broad'
  | 'provider-refused'
  | 'provider-denied'
  | 'provider-not-found'
  | 'provider-conflict'
  | 'provider-rate-limited'
  | 'provider-failed'
  | 'provider-unreachable'
  | 'provider-timeout'
  | 'address-blocked'
  | 'stopping'
  | 'key-missing'
  | 'store-unavailable'
  | 'internal'

/** Who failed: this product, the vendor's API, or the way between. */
export type Hop = 'amalgam' | 'provider' | 'network'

export interface ErrorDetails {
  /** The vendor's own words, shown to the caller as `providerMessage`. Never a secret. */
  readonly providerMessage?: string
  /** The vendor's correlation id, for a call to its support. */
  readonly providerCorrelationId?: string
  /** The status of the vendor's reply, where one came. */
  readonly providerStatus?: number
  /** The request was on its way when it failed: the far side may have done it. */
  readonly sent?: true
  /** A write that may have been done, or was done in part. */
  readonly unsure?: true
  readonly hop?: Hop
  readonly retryable?: boolean
  readonly retryAfterSeconds?: number
}

/**
 * The one error that is meant for callers: a code, a sentence that names the field and the fix.
 * Anything else that is thrown becomes a 500 whose text stays in the log.
 */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  readonly details: ErrorDetails

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.details = details
  }
}
