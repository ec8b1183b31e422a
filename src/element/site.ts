import type { Service } from './service.ts'

/** Where a vendor lives: which installation ("data centre") a connection means, and the hosts that may be called. */
export interface Vendor {
  /**
   * Picks the site of a connection.
   * @throws AppError `bad-request` naming the field when the two do not belong together.
   */
  readonly siteOf: (choice: SiteChoice) => Site
  /**
   * Whether a base URL that the vendor told a connection of `site` (say, in a token reply) is the vendor's
   * own and may get that site's tokens.
   */
  readonly isOwnUrl: (url: URL, site: Site) => boolean
  /** The response header that the vendor's support asks for. */
  readonly correlationHeader: string
  readonly headers: Readonly<Record<string, string>>
  /** What is counted together; the first that fits a call is its. Calls that fit none are counted as one more. */
  readonly services?: readonly Service[]
}

export interface SiteChoice {
  readonly siteAddress: string | undefined
  readonly apiKey: string | undefined
  /** The login's `type`; absent: the element's first. */
  readonly authType?: string | undefined
  /**
   * Any value of the configuration, secret or not, without the element's defaults; undefined: not set. Of a consent
   * page that is asked for before there is an instance, what was sent for it.
   */
  readonly configured: (key: string) => string | undefined
}

/** Base URLs of one installation, without a trailing slash; or whole URLs, where the login's paths are empty. */
export interface Site {
  readonly key: string
  readonly authorizeUrl: string
  readonly tokenUrl: string
  /** Where tokens are renewed that tell no base URL of their own; absent: at `tokenUrl`. */
  readonly refreshUrl?: string
  /** Where a request token is asked for (RFC 5849 2.1). */
  readonly requestUrl?: string
  readonly apiUrl: string
  /** It takes a code challenge and checks the verifier (RFC 7636). */
  readonly pkce: boolean
}
