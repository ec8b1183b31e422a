import { numberOf } from '../faults.ts'
import type { Ask, Sandbox } from '../operation.ts'
import { homeUrl } from '../principals.ts'
import type { Reply } from '../reply.ts'
import type { LegacyToken } from '../state.ts'

const yearMs = 365 * 86_400_000

/** When a token of now ends: in a year, or when the fault `expire-tokens` says. */
export const yearFrom = (sandbox: Sandbox, ask: Ask, now: number): number => {
  const fault = sandbox.faults.standing('expire-tokens', ask.operation)
  return now + (fault === undefined ? yearMs : numberOf(fault, 0) * 1000)
}

const two = (value: number): string => String(value).padStart(2, '0')

/** `11/4/2026 9:05:31 AM`, in UTC. */
const writeUsDate = (at: number): string => {
  const date = new Date(at)
  const hour = date.getUTCHours()
  const day = `${String(date.getUTCMonth() + 1)}/${String(date.getUTCDate())}/${String(date.getUTCFullYear())}`
  const time = `${String(hour % 12 === 0 ? 12 : hour % 12)}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`
  return `${day} ${time} ${hour < 12 ? 'AM' : 'PM'}`
}

/**
 * The reply of the old token addresses, XML unless `Accept` asks for JSON. Examples disagree on the case of
 * two names and leave two elements out: switches do the same.
 * Follows: developer.concur.com, Authorization before 2017, access token. Verified: 2026-08
 */
export const legacyReply = (
  sandbox: Sandbox,
  ask: Ask,
  token: LegacyToken,
  value: string,
  refreshToken: string,
): Reply => {
  const strikes = (name: 'legacy-names' | 'legacy-no-instance' | 'legacy-no-refresh') =>
    sandbox.faults.strike(name, ask.operation) !== undefined
  const hostile = sandbox.faults.strike('hostile-geolocation', ask.operation)
  const instance = hostile === undefined ? `${homeUrl(ask, token.principal)}/` : String(hostile.value)
  const otherCase = strikes('legacy-names')
  ask.noteIssued(refreshToken)
  return {
    status: 200,
    headers: { 'cache-control': 'no-store' },
    body: {
      ...(strikes('legacy-no-instance') ? {} : { [otherCase ? 'Instance_URL' : 'Instance_Url']: instance }),
      Token: value,
      [otherCase ? 'Expiration_Date' : 'Expiration_date']: writeUsDate(token.expiresAt),
      ...(strikes('legacy-no-refresh') ? {} : { Refresh_Token: refreshToken }),
    },
    xml: { root: 'Access_Token' },
  }
}
