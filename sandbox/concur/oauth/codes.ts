import type { Ask } from '../operation.ts'
import type { Reply } from '../reply.ts'

/**
 * The error codes of the token address.
 * Follows: developer.concur.com, Authentication, error codes. Verified: 2026-08
 */
const table: Readonly<Record<number, readonly [error: string, description: string]>> = {
  5: ['invalid_grant', 'Incorrect credentials. Please retry'],
  10: ['invalid_grant', 'Account disabled. Please contact support'],
  11: ['invalid_grant', 'Account disabled. Please contact support'],
  12: ['invalid_grant', 'Logon denied. Please contact support'],
  13: ['invalid_grant', 'Logon denied. Please contact support'],
  14: ['invalid_grant', 'Account locked. Please contact support'],
  16: ['invalid_request', 'user lives elsewhere'],
  19: ['invalid_grant', 'Incorrect credentials. Please retry'],
  20: ['invalid_grant', 'Logon denied by an IP restriction'],
  21: ['invalid_request', 'user signs in by single sign-on only'],
  51: ['invalid_request', 'username was not supplied'],
  52: ['invalid_request', 'password was not supplied'],
  53: ['invalid_client', 'company is not enabled for this client'],
  54: ['invalid_scope', 'requested scope exceeds granted scope'],
  55: ['invalid_request', 'email is not known'],
  56: ['invalid_request', 'otp was not supplied'],
  57: ['invalid_request', 'channel_type was not supplied'],
  58: ['invalid_request', 'channel_handle was not supplied'],
  59: ['access_denied', 'client disabled'],
  60: ['invalid_grant', 'these grant types are disallowed for this client'],
  61: ['invalid_client', 'client not found'],
  62: ['invalid_request', 'client_id was not supplied'],
  63: ['invalid_request', 'client_secret was not supplied'],
  64: ['invalid_client', 'incorrect credentials'],
  65: ['invalid_request', 'grant_type was not supplied'],
  80: ['invalid_request', 'invalid channel'],
  81: ['invalid_request', 'invalid channel handle'],
  82: ['invalid_request', 'too many open one-time passwords'],
  83: ['invalid_request', 'one-time password not found'],
  84: ['invalid_request', 'one-time password facts do not match'],
  85: ['invalid_request', 'one-time password verification failed'],
  100: ['invalid_request', 'the username is not known'],
  101: ['invalid_request', 'code was not supplied'],
  102: ['invalid_request', 'redirect_uri was not supplied'],
  103: ['invalid_request', 'code is bad or expired'],
  104: ['invalid_grant', 'redirect_uri does not match the one of the authorization request'],
  105: ['invalid_grant', 'grant was issued to another client'],
  106: ['invalid_request', 'refresh_token was not supplied'],
  107: ['invalid_request', 'refresh is disallowed for this client'],
  108: ['invalid_grant', 'bad or expired refresh token'],
  109: ['invalid_request', 'loginid was not supplied'],
  115: ['invalid_request', 'client is not authenticated'],
  117: ['invalid_request', 'invalid nonce'],
  118: ['invalid_request', 'invalid display'],
  119: ['invalid_request', 'invalid prompt'],
  120: ['invalid_request', 'invalid credtype'],
  121: ['invalid_request', 'invalid login_type'],
  122: ['invalid_request', 'invalid proxies'],
  123: ['invalid_request', 'principal disabled'],
  124: ['invalid_request', 'product not enabled'],
  134: ['invalid_request', 'company is in scheduled maintenance'],
  135: ['invalid_request', 'request format not supported; send application/x-www-form-urlencoded'],
  136: ['invalid_request', 'authtoken was issued to another application'],
  139: ['invalid_request', 'password must be changed'],
}

/** Thrown by a grant; `code` is one of the table. */
export class OauthError extends Error {
  readonly code: number
  readonly geolocation: string | undefined
  constructor(code: number, geolocation?: string) {
    super(describe(code))
    this.code = code
    this.geolocation = geolocation
  }
}

export const describe = (code: number): string => table[code]?.[1] ?? 'unknown error'

/** Status: 400, but 401 when the client is not known or has the wrong secret. */
const oauthErrorReply = (code: number, geolocation: string): Reply => ({
  status: code === 61 || code === 64 ? 401 : 400,
  headers: { 'cache-control': 'no-store' },
  body: {
    code,
    error: table[code]?.[0] ?? 'invalid_request',
    error_description: describe(code),
    geolocation,
  },
})

/** Runs an operation of the token addresses; an `OauthError` becomes its reply. */
export const answerOauth = async (ask: Ask, run: () => Reply | Promise<Reply>): Promise<Reply> => {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof OauthError)) throw error
    return oauthErrorReply(error.code, error.geolocation ?? ask.baseUrl)
  }
}
