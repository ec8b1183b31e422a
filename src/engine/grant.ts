import type { Element, OauthClient, Site, SiteChoice, StandardAuth } from '#src/element/index.ts'
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
  /** Of an OAuth 1.0 token (RFC 5849 2.3). */
  readonly tokenSecret?: string
  /** It has no refresh token, and is renewed by the name and password of the configuration. */
  readonly byPassword?: true
}

/** Of a grant that lasts until it is refused: the last moment that everything here can write. */
export const endless = new Date('9999-12-31T23:59:59.000Z')

/** What a renewal needs to know of the grant before. */
export type Renewable = Pick<
  Grant,
  'refreshToken' | 'accessToken' | 'baseUrl' | 'scopes' | 'subject' | 'byPassword'
>

/** By what somebody connects. */
export type Credentials =
  | {
      readonly kind: 'code'
      readonly code: string
      readonly callbackUrl: string
      /** Of the challenge that the consent page was asked with (RFC 7636 4.1). */
      readonly codeVerifier?: string
    }
  | {
      readonly kind: 'password'
      readonly username: string
      readonly password: string
      /** It stays in the configuration, so that it can be used again. */
      readonly isKept: boolean
    }
  /** A request token that a person agreed to (RFC 5849 2.2). */
  | {
      readonly kind: 'verifier'
      readonly token: string
      readonly tokenSecret: string
      readonly verifier: string
    }
  /** Values of the configuration, which calls use as they are. */
  | { readonly kind: 'configured' }
  /** An access token that was granted elsewhere and is used until it is refused. */
  | { readonly kind: 'brought-access'; readonly accessToken: string; readonly tokenSecret?: string }
  /** Tokens that were granted elsewhere; an access token only where the login needs it to refresh. */
  | { readonly kind: 'brought-token'; readonly refreshToken: string; readonly accessToken?: string }

/** A call to a vendor about tokens, by the rules of one login. */
export interface LoginContext<Login> {
  readonly outbound: Outbound
  readonly element: Element
  readonly auth: Login
  readonly site: Site
  readonly client: OauthClient
  /** Any value of the configuration, secret or not. */
  readonly configured: SiteChoice['configured']
  readonly record: (call: SentCall) => void
  readonly signal?: AbortSignal
}

export type TokenCallContext = LoginContext<StandardAuth>

/** For a token call with all its repetitions; a lease on a renewal lasts longer. */
export const tokenTimeoutMs = 20_000
/** RFC 6749 only recommends `expires_in`; without it a short life is assumed of what can be renewed. */
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

/** What a grant is besides what its reply tells. */
export interface GrantTerms {
  readonly baseUrl: string
  /** The life of an access token whose reply tells none, in seconds; absent: ten minutes. */
  readonly lifeSeconds?: number | undefined
  /** Without a refresh token it is renewed by the password that is configured. */
  readonly byPassword?: boolean
}

const renewable = (refreshToken: string | null, { byPassword = false }: GrantTerms) =>
  refreshToken === null && byPassword ? ({ byPassword } as const) : {}

/**
 * When an access token ends. RFC 6749 only recommends to tell it; one that nothing can renew is used until it is
 * refused then.
 */
const accessEnd = (
  told: number | null,
  isRenewed: boolean,
  { lifeSeconds }: GrantTerms,
  now: number,
): Date =>
  told === null && !isRenewed ? endless : new Date(now + (told ?? lifeSeconds ?? assumedLifeSeconds) * 1000)

/** What a token reply grants. The refresh token, the scopes and the subject of `before` stay where it names none. */
export const grantFrom = (
  auth: StandardAuth,
  reply: JsonObject,
  before: Pick<Grant, 'refreshToken'> & Partial<Pick<Grant, 'subject' | 'scopes'>>,
  terms: GrantTerms,
): Grant => {
  const now = Date.now()
  const refreshToken =
    typeof reply.refresh_token === 'string' && reply.refresh_token !== ''
      ? reply.refresh_token
      : before.refreshToken
  const again = renewable(refreshToken, terms)
  const isRenewed = refreshToken !== null || again.byPassword === true
  const scopes = scopesIn(reply.scope)
  return {
    accessToken: String(reply.access_token),
    refreshToken,
    expiresAt: accessEnd(seconds(reply.expires_in), isRenewed, terms, now),
    refreshExpiresAt: refreshEnd(auth, reply, now),
    baseUrl: terms.baseUrl,
    scopes: scopes.length > 0 ? scopes : (before.scopes ?? []),
    subject: subjectIn(reply) ?? before.subject ?? null,
    ...again,
  }
}

/** A grant of what is known already; it is used until it is refused. */
export const grantOfKnown = (known: Pick<Grant, 'accessToken' | 'baseUrl' | 'tokenSecret'>): Grant => ({
  refreshToken: null,
  expiresAt: endless,
  refreshExpiresAt: null,
  scopes: [],
  subject: null,
  ...known,
})
