import type { Site, SiteChoice } from './site.ts'

/** In whose name a grant acts. Each call of a resource says which of them the vendor documents for it. */
export type Principal = 'user' | 'company'

/** The application that a customer registered with the vendor. */
export interface OauthClient {
  readonly apiKey: string
  readonly apiSecret: string
}

interface AuthBase {
  /** The value of an instance's `authentication.type` that chooses it. */
  readonly type: string
  readonly title: string
  readonly principal: Principal
  /** What a connection of this kind sees; a whole sentence. */
  readonly about: string
  /** Who must act at the vendor, and the role that it takes there; a whole sentence. */
  readonly who: string
  /** What a person does before connecting, at the vendor and here, step by step. */
  readonly steps: readonly string[]
  /** The generation of the vendor's APIs that its tokens reach, where a resource has a form for it. */
  readonly generation?: string
  /**
   * Why it is refused unless the operator allows it (`ALLOW_PASSWORD_GRANT`); absent: it always works.
   */
  readonly discouraged?: string
}

interface TokenAuth extends AuthBase {
  /** How calls are signed: `{scheme} {token}`. */
  readonly scheme: string
}

/** What an instance's configuration says of a token address. */
export interface TokenSettings {
  /** As it is sent; empty: none is. Absent: the login's own scopes. */
  readonly scope?: string
  /** How the application proves itself (RFC 6749 2.3.1); absent: in the body. */
  readonly clientIn?: 'body' | 'header'
  /** The life of an access token whose reply tells none, in seconds; absent: ten minutes. */
  readonly lifeSeconds?: number
}

/** How the token address of a vendor is asked and understood (RFC 6749 section 5), whatever the grant. */
export interface TokenAddress {
  readonly tokenPath: string
  /** The field of a token reply that holds the API's base URL from there on. */
  readonly baseUrlField?: string
  /** The field of a token reply that tells when the refresh token ends, as epoch seconds. */
  readonly refreshExpiresField?: string
  /** Days without use after which the vendor drops a refresh token. */
  readonly refreshIdleDays?: number
  /** The field of a refusal that holds the vendor's own code. */
  readonly refusalCodeField?: string
  /** What refusals of the token address mean; the first that matches wins, and without one it may pass. */
  readonly refusals: readonly OauthRefusal[]
  /** A call, signed with the grant's own token, that makes the vendor forget the grant. */
  readonly revoke?: { readonly method: 'DELETE' | 'POST'; readonly path: string }
  /** What differs from instance to instance; absent: nothing does. */
  readonly settings?: (configured: SiteChoice['configured']) => TokenSettings
  /** Replies may be forms, and their `token_type` may be anything or missing. */
  readonly looseReplies?: true
}

/** OAuth 2 authorization code (RFC 6749 section 4.1) and its refresh (section 6). */
export interface OauthCode extends TokenAuth, TokenAddress {
  readonly kind: 'oauth2-code'
  readonly authorizePath: string
  readonly scopes: readonly string[]
  readonly scopeSeparator: string
}

/** The password grant (RFC 6749 section 4.3), with what the vendor wants besides, and its refresh. */
export interface OauthPassword extends TokenAuth, TokenAddress {
  readonly kind: 'oauth2-password'
  /**
   * Configuration keys of the two credentials. The second is not stored where the element declares it `spent`; where
   * it is stored, it renews a grant that came without a refresh token.
   */
  readonly usernameKey: string
  readonly passwordKey: string
  /** What to do when the vendor refuses them. */
  readonly hint: string
  readonly extra: Readonly<Record<string, string>>
  /** Which host of the site is asked first. */
  readonly at: 'tokenUrl' | 'apiUrl'
}

/** A login that no other member describes. It says why, and the house counts them. */
export interface OauthCoded extends TokenAuth {
  readonly kind: 'coded'
  readonly why: string
  /** The page where a person consents; it brings back a code. */
  readonly consentUrl: (site: Site, input: ConsentInput) => string
  readonly exchange: (port: TokenPort, input: CodedExchange) => Promise<CodedReply>
  /** Name and password instead of a consent, as the operator may allow; the configuration keys of the two. */
  readonly native?: {
    readonly usernameKey: string
    readonly passwordKey: string
    readonly exchange: (port: TokenPort, input: CodedNative) => Promise<CodedReply>
  }
  readonly refresh: (port: TokenPort, input: CodedRefresh) => Promise<CodedReply>
  readonly revoke: (port: TokenPort, input: CodedRefresh) => Promise<TokenReply>
  /** Trades a token of this login for a refresh token of the element's first login that acts for `principal`. */
  readonly migrate?: (port: TokenPort, input: CodedMigration) => Promise<MigrationReply>
}

/** OAuth 1.0 (RFC 5849): every call is signed, and nothing is ever renewed. */
export interface Oauth1 extends AuthBase {
  readonly kind: 'oauth1'
  /** Below the site's `requestUrl`, `authorizeUrl` and `tokenUrl`. */
  readonly requestPath: string
  readonly authorizePath: string
  readonly tokenPath: string
  /** RFC 5849 3.4. */
  readonly signature: 'HMAC-SHA1' | 'PLAINTEXT'
}

/** Name and password with every call (RFC 7617): nothing is asked at connect, and nothing is renewed. */
export interface BasicAuth extends AuthBase {
  readonly kind: 'basic'
  /** Configuration keys of the two; one of them may have no value. */
  readonly usernameKey: string
  readonly passwordKey: string
}

/** Nothing signs: what the vendor wants to know is among the parameters of its calls. */
export interface CustomAuth extends AuthBase {
  readonly kind: 'custom'
}

export type Auth = OauthCode | OauthPassword | OauthCoded | Oauth1 | BasicAuth | CustomAuth

/** The logins whose credentials are values of the configuration, used with every call. */
export type ConfiguredAuth = BasicAuth | CustomAuth

/** The logins for which a person consents at the vendor. */
export type ConsentAuth = OauthCode | OauthCoded | Oauth1

export const isConfigured = (auth: Auth): auth is ConfiguredAuth =>
  auth.kind === 'basic' || auth.kind === 'custom'

export const isStandard = (auth: Auth): auth is StandardAuth =>
  auth.kind === 'oauth2-code' || auth.kind === 'oauth2-password'

export const hasConsent = (auth: Auth): auth is ConsentAuth =>
  auth.kind === 'oauth2-code' || auth.kind === 'coded' || auth.kind === 'oauth1'

/** Whether a connection's base URL may be told by the vendor; else it is the site's, as it is at each call. */
export const tellsBaseUrl = (auth: Auth): boolean =>
  auth.kind === 'coded' || (isStandard(auth) && auth.baseUrlField !== undefined)

/** The logins that ask an ordinary token address. */
export type StandardAuth = OauthCode | OauthPassword

export interface ConsentInput {
  readonly apiKey: string
  readonly callbackUrl: string
  readonly state: string
  /** Absent: the login's own. */
  readonly scope: string | undefined
}

/** Sends one request of a coded login; nothing is repeated. A failure of the way is thrown. */
export interface TokenPort {
  readonly send: (request: TokenRequest) => Promise<TokenReply>
}

export interface TokenRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export interface TokenReply {
  readonly status: number
  readonly text: string
}

export interface CodedExchange {
  readonly site: Site
  readonly client: OauthClient
  readonly code: string
}

export interface CodedNative {
  readonly site: Site
  readonly client: OauthClient
  readonly username: string
  readonly password: string
}

export interface CodedRefresh {
  readonly client: OauthClient
  readonly baseUrl: string
  readonly accessToken: string
  /** Null: the vendor gave none. */
  readonly refreshToken: string | null
}

export interface CodedMigration {
  /** The application of the tokens that are given up. */
  readonly oldClient: OauthClient
  readonly client: OauthClient
  readonly site: Site
  /** Of the new application. */
  readonly applicationToken: string
  readonly accessToken: string
  readonly refreshToken: string | null
  readonly principal: Principal
}

/** What a coded login was given, or how it was refused. */
export type CodedReply =
  | {
      readonly granted: {
        readonly accessToken: string
        readonly refreshToken: string | null
        /** Null: not told. */
        readonly expiresAt: Date | null
        /** Null: not told. */
        readonly baseUrl: string | null
      }
    }
  | { readonly refused: CodedRefusal }

export type MigrationReply =
  | { readonly migrated: { readonly refreshToken: string } }
  | { readonly refused: CodedRefusal }

export interface CodedRefusal {
  readonly status: number
  /** The vendor's words. */
  readonly words: string
  readonly means: 'ended' | 'passing'
}

/**
 * A refusal of the token address (RFC 6749 5.2), known by one of the vendor's own `codes` or by `error`.
 * `ended`: only a person's new consent helps. `elsewhere`: ask again at the base URL that the reply names.
 * `passing`: the grant lives on; the same request may work later.
 */
export interface OauthRefusal {
  readonly when: { readonly codes: readonly (number | string)[] } | { readonly error: string }
  readonly means: 'ended' | 'elsewhere' | 'passing'
}
