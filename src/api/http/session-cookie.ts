import type { IncomingHttpHeaders } from 'node:http'
import { type Credentials as AuthorizationCredentials, parseAuthorization } from './authorization.ts'
import { cookieNamed } from './cookies.ts'

/** The secrets of a request; a session is whoever signed in on the page of this server. */
export interface Credentials extends AuthorizationCredentials {
  readonly session?: string
}

const cookieName = 'amalgam-session'

/**
 * The header that the page sends with every call. A cookie counts only beside it: another site's form cannot send
 * it, and another site's script is stopped by its browser, since no preflight of ours allows credentials. Where the
 * browser says who asks (Fetch Metadata; not over plain http to another machine), another origin is not believed.
 */
export const pageHeader = 'amalgam-page'

export const isFromPage = (headers: IncomingHttpHeaders): boolean =>
  headers[pageHeader] === '1' && (headers['sec-fetch-site'] ?? 'same-origin') === 'same-origin'

/**
 * What a request proves: the secrets of its Authorization header, and the page's session unless that header names a
 * user itself.
 * @throws AppError `bad-credentials` as `parseAuthorization`.
 */
export const readCredentials = (headers: IncomingHttpHeaders): Credentials => {
  const sent = parseAuthorization(headers.authorization)
  if (sent.user !== undefined || sent.bearer !== undefined || !isFromPage(headers)) return sent
  const cookie = cookieNamed(headers.cookie, cookieName)
  // base64url or base64: newSecret makes nothing else.
  if (cookie === undefined || !/^[\w+/=-]{20,100}$/.test(cookie)) return sent
  return { ...sent, session: cookie }
}

/**
 * The header that begins a session in a browser, or ends it. No script reads the cookie, no other site sends it, and
 * only calls to the API carry it.
 */
export const sessionCookie = (token: string | undefined, secure: boolean): string =>
  [
    `${cookieName}=${token ?? ''}`,
    'Path=/elements/api-v2',
    'HttpOnly',
    'SameSite=Strict',
    ...(secure ? ['Secure'] : []),
    ...(token === undefined ? ['Max-Age=0'] : []),
  ].join('; ')
