import { AppError, type ErrorCode, type Hop } from '#src/lib/errors.ts'

/** The one table from error code to HTTP status (spec, contract section 1.4). */
export const statusOf: Readonly<Record<ErrorCode, number>> = {
  'bad-request': 400,
  'bad-json': 400,
  'bad-query': 400,
  'bad-credentials': 401,
  'instance-disabled': 403,
  'not-allowed': 403,
  'needs-reconnect': 401,
  'not-found': 404,
  'not-here': 404,
  'wrong-verb': 405,
  'not-acceptable': 406,
  conflict: 409,
  'too-large': 413,
  'wrong-media-type': 415,
  'headers-too-large': 431,
  'request-timeout': 408,
  'too-many-requests': 429,
  'query-too-broad': 400,
  'provider-refused': 400,
  'provider-denied': 403,
  'provider-not-found': 404,
  'provider-conflict': 409,
  'provider-rate-limited': 429,
  'provider-failed': 502,
  'provider-unreachable': 502,
  'provider-timeout': 504,
  'address-blocked': 403,
  stopping: 503,
  'key-missing': 503,
  'store-unavailable': 503,
  internal: 500,
}

const allowOf = new WeakMap<AppError, string>()

/**
 * A 405 with the Allow header that RFC 9110 section 15.5.6 demands. The verbs are those of the path; HEAD (where GET
 * is) and OPTIONS are added.
 */
export const wrongVerb = (method: string, path: string, verbs: readonly string[]): AppError => {
  const allowed = verbs.flatMap((verb) => (verb === 'GET' ? ['GET', 'HEAD'] : [verb]))
  const allow = [...new Set([...allowed, 'OPTIONS'])].join(', ')
  const error = new AppError('wrong-verb', `${method} is not possible on ${path}. Allowed: ${allow}.`)
  allowOf.set(error, allow)
  return error
}

/** Headers that go with an error: Retry-After in whole seconds, and Allow. */
export const errorHeaders = (error: AppError): Readonly<Record<string, string>> => {
  const { retryAfterSeconds } = error.details
  const allow = allowOf.get(error)
  return {
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(wholeSeconds(retryAfterSeconds)) }),
    ...(allow === undefined ? {} : { allow }),
  }
}

const hops: Partial<Record<ErrorCode, Hop>> = {
  'provider-refused': 'provider',
  'provider-denied': 'provider',
  'provider-not-found': 'provider',
  'provider-conflict': 'provider',
  'provider-rate-limited': 'provider',
  'provider-failed': 'provider',
  'provider-unreachable': 'network',
  'provider-timeout': 'network',
}

const passing: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'request-timeout',
  'too-many-requests',
  'provider-rate-limited',
  'provider-failed',
  'provider-unreachable',
  'provider-timeout',
  'stopping',
])

/** The body of every failed call (spec, contract section 1.4); `code`, `hop`, `retryable` are this product's own. */
export interface ErrorBody {
  readonly requestId: string
  readonly message: string
  /** The vendor's own words. */
  readonly providerMessage?: string
  readonly code: ErrorCode
  readonly hop: Hop
  /** Whether the same call may succeed later, unchanged. */
  readonly retryable: boolean
  readonly providerCorrelationId?: string
  /** Whole seconds after which it may, where that is known; the header Retry-After says the same. */
  readonly retryAfter?: number
}

const wholeSeconds = (seconds: number): number => Math.max(0, Math.ceil(seconds))

/**
 * What a caller reads about an error. Hop and retryable follow from the code when the error does not say.
 * @param mask takes the secrets of the call out of words that repeat what was sent.
 */
export const errorBody = (
  error: AppError,
  requestId: string,
  mask: (text: string) => string = (text) => text,
): ErrorBody => {
  const { providerMessage, providerCorrelationId, hop, retryable, retryAfterSeconds } = error.details
  return {
    requestId,
    message: mask(error.message),
    ...(providerMessage === undefined ? {} : { providerMessage: mask(providerMessage) }),
    code: error.code,
    hop: hop ?? hops[error.code] ?? 'amalgam',
    retryable: retryable ?? passing.has(error.code),
    ...(providerCorrelationId === undefined ? {} : { providerCorrelationId }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfter: wholeSeconds(retryAfterSeconds) }),
  }
}

/** What was thrown, as something fit for callers: the text of anything unforeseen is replaced. */
export const publicError = (thrown: unknown): AppError =>
  thrown instanceof AppError
    ? thrown
    : new AppError(
        'internal',
        'Something failed inside Amalgam. The log has the details under this requestId; report it if it stays.',
        {},
        { cause: thrown },
      )
