import type { Element, OauthClient, Site, StandardAuth } from '#src/element/index.ts'
import type { Json, JsonObject } from '#src/lib/json.ts'
import type { Outbound, SentCall } from '#src/outbound/index.ts'

/** What a vendor granted. Kept encrypted; the refresh token is replaced by the one of every reply. */
export interface Grant {
  readonly accessToken: string
  readonly refreshToken: string | null
  /** When the access token ends. */
  readonly expiresAt: Date
  /** When the refresh token ends unless it is used before; null: not told and not known. */
  readonly refreshExpiresAt: Date | null
  readonly baseUrl: string
  readonly scopes: readonly string[]
  /** Who granted, as the vendor calls them in the identity token; null: not told. */
  readonly subject: string | null
}

/** What a renewal needs to know of the grant before. */
export type Renewable = Pick<Grant, 'refreshToken' | 'accessToken' | 'baseUrl' | 'scopes' | 'subject'>

/** By what somebody connects. */
export type Credentials =
  | {
      readonly kind: 'code'
      readonly code: string
      readonly callbackUrl: string
      /** Of the challenge that the consent page was asked with (RFC 7636 4.1). */
      readonly codeVerifier?: string
    }
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  /** Tokens that were granted elsewhere; an access token only where the login needs it to refresh. */
  | { readonly kind: 'brought-token'; readonly refreshToken: string; readonly accessToken?: string }

/** A call to a vendor about tokens, by the rules of one login. */
export interface LoginContext<Login> {
  readonly outbound: Outbound
  readonly element: Element
  readonly auth: Login
  readonly site: Site
  readonly client: OauthClient
  readonly record: (call: SentCall) => void
  readonly signal?: AbortSignal
}

export type TokenCallContext = LoginContext<StandardAuth>

/** For a token call with all its repetitions; a lease on a renewal lasts longer. */
export const tokenTimeoutMs = 20_000
/** RFC 6749 only recommends `expires_in`; without it a short life is assumed. */
const assumedLifeSeconds = 600

/** Beyond the year 5000 nothing is meant: such a number is in another unit, or nonsense. */
const mostSeconds = 100_000_000_000

const seconds = (value: Json | undefined): number | null => {
  const number = typeof value === 'string' ? Number(value) : value
  return typeof number === 'number' && number > 0 && number <= mostSeconds ? number : null
}

/**
 * When a refresh token ends. The field holds epoch seconds; a time that is over cannot be the end of what was just
 * given, so it is a duration, as the names of such fields promise.
 */
const refreshEnd = (auth: StandardAuth, reply: JsonObject, now: number): Date | null => {
  const told = auth.refreshExpiresField === undefined ? null : seconds(reply[auth.refreshExpiresField])
  if (told !== null) return new Date(told * 1000 > now ? told * 1000 : now + told * 1000)
  return auth.refreshIdleDays === undefined ? null : new Date(now + auth.refreshIdleDays * 86_400_000)
}

const claimsOf = (idToken: Json | undefined): { readonly sub?: unknown } => {
  if (typeof idToken !== 'string') return {}
  try {
    const claims: unknown = JSON.parse(Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString('utf8'))
    return typeof claims === 'object' && claims !== null ? claims : {}
  } catch {
    return {}
  }
}

/**
 * Reads who granted out of an identity token (OpenID Connect Core 2, `sub`). Its signature is not checked: it
 * came straight from the token address, and nothing is granted by it.
 */
const subjectIn = (reply: JsonObject): string | null => {
  const { sub } = claimsOf(reply.id_token)
  return typeof sub === 'string' && sub !== '' ? sub.slice(0, 200) : null
}

const scopesIn = (scope: Json | undefined): readonly string[] =>
  typeof scope === 'string' ? scope.split(/[\s,]+/).filter((one) => one !== '') : []

/** What a token reply grants. The refresh token, the scopes and the subject of `before` stay where it names none. */
export const grantFrom = (
  auth: StandardAuth,
  reply: JsonObject,
  before: Pick<Grant, 'refreshToken'> & Partial<Pick<Grant, 'subject' | 'scopes'>>,
  baseUrl: string,
): Grant => {
  const now = Date.now()
  const life = seconds(reply.expires_in) ?? assumedLifeSeconds
  const scopes = scopesIn(reply.scope)
  return {
    accessToken: String(reply.access_token),
    refreshToken:
      typeof reply.refresh_token === 'string' && reply.refresh_token !== ''
        ? reply.refresh_token
        : before.refreshToken,
    expiresAt: new Date(now + life * 1000),
    refreshExpiresAt: refreshEnd(auth, reply, now),
    baseUrl,
    scopes: scopes.length > 0 ? scopes : (before.scopes ?? []),
    subject: subjectIn(reply) ?? before.subject ?? null,
  }
}
