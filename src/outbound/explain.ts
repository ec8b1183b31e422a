import { AppError } from '#src/lib/errors.ts'
import { decisiveOf, isOwnLack, ownLack, textIn } from './own-lack.ts'

const network = { hop: 'network', retryable: true } as const

const plainWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the connection: nothing listens there, or a firewall is in the way',
  ENOTFOUND: 'is a name that cannot be resolved: check its spelling',
  EAI_AGAIN: 'cannot be resolved: the name service does not answer',
  EADDRNOTAVAIL: 'cannot be reached: this machine has no address from which to call it',
  EHOSTUNREACH: 'cannot be reached: there is no route to it',
  ENETUNREACH: 'cannot be reached: there is no route to its network',
  ETIMEDOUT: 'did not accept a connection in time',
  UND_ERR_CONNECT_TIMEOUT: 'did not accept a connection in time',
  CERT_HAS_EXPIRED: 'shows a TLS certificate that has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'shows a self-signed TLS certificate',
  SELF_SIGNED_CERT_IN_CHAIN: 'shows a TLS certificate of an authority that is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'shows a TLS certificate of an authority that is not trusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'shows a TLS certificate of an authority that is not trusted',
  ERR_TLS_CERT_ALTNAME_INVALID: 'shows a TLS certificate that was made for another name',
}

const brokenOff = new Set([
  'ECONNRESET',
  'EPIPE',
  'ECONNABORTED',
  'UND_ERR_SOCKET',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
])

const wordsFor = (code: string, status: number | null): string => {
  const known = plainWords[code]
  if (known !== undefined) return `${known} (${code})`
  if (brokenOff.has(code)) {
    return status === null
      ? 'closed the connection before it answered'
      : `broke off in the middle of its answer (HTTP ${status})`
  }
  if (/^(ERR_SSL|ERR_TLS|CERT_|EPROTO)/.test(code)) return `does not speak TLS as it should (${code})`
  return code === '' ? 'cannot be reached' : `cannot be reached (${code})`
}

/**
 * What a failed exchange is to the caller. The messages name the host, never the path, query or headers.
 * @param status of the reply that had begun, null before its head was there.
 */
export const explainFailure = (error: unknown, host: string, status: number | null): AppError => {
  if (error instanceof AppError) return error
  const cause = decisiveOf(error)
  const code = textIn(cause, 'code')
  if (status === null && isOwnLack(cause)) return ownLack(cause, host)
  if (code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_CLOSED') return stopping()
  if (code === 'UND_ERR_INVALID_ARG') {
    // Without its cause, which may quote the header.
    return new AppError('bad-request', `The request to ${host} has a header that HTTP does not allow.`, {
      hop: 'amalgam',
      retryable: false,
    })
  }
  if (code === 'UND_ERR_HEADERS_OVERFLOW') {
    return new AppError('provider-failed', `${host} sent more than 32 KiB of headers.`, {
      hop: 'provider',
      retryable: false,
    })
  }
  if (error instanceof Error && error.name === 'HTTPParserError') {
    // Without its cause, which carries a piece of the reply.
    const failed = { hop: 'provider', retryable: true } as const
    return new AppError('provider-failed', `${host} sent something that is not HTTP.`, failed)
  }
  return new AppError('provider-unreachable', `${host} ${wordsFor(code, status)}.`, network, { cause: error })
}

/** The time of a call is over. */
export const tookTooLong = (host: string, timeoutMs: number): AppError =>
  new AppError(
    'provider-timeout',
    `${host} did not answer within ${Math.ceil(timeoutMs / 100) / 10} seconds.`,
    network,
  )

/** The time of a call was over before its first attempt. */
export const tooLate = (host: string): AppError =>
  new AppError('provider-timeout', `No time was left to call ${host}.`, network)

/** Whoever asked for the call gave it up. */
export const givenUp = (host: string, reason: unknown): AppError =>
  reason instanceof AppError
    ? reason
    : new AppError('request-timeout', `The call to ${host} was given up before it was answered.`, {
        hop: 'amalgam',
        retryable: true,
      })

/** No calls are made any more. */
export const stopping = (): AppError =>
  new AppError('stopping', 'Amalgam is stopping and makes no more calls. Try again.', {
    hop: 'amalgam',
    retryable: true,
  })
