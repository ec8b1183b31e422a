import { AppError } from '#src/lib/errors.ts'
import type { Connects } from '#src/services/index.ts'
import { cookieNamed, type OutsideReply, type OutsideRequest } from '../http/index.ts'

/** Where vendors send people back to, on this host. */
export const callbackPath = '/callback'

const cookieName = 'amalgam_connect'
const cookieSeconds = 15 * 60

/**
 * The cookie by which the browser that began a connection is known again. Lax, for the vendor's page leads back
 * by a plain navigation; no script sees it and no other path gets it.
 */
export const bindingCookie = (binding: string, publicUrl: string): string =>
  [
    `${cookieName}=${binding}`,
    `Path=${callbackPath}`,
    `Max-Age=${cookieSeconds}`,
    'HttpOnly',
    'SameSite=Lax',
    ...(publicUrl.startsWith('https:') ? ['Secure'] : []),
  ].join('; ')

/** A vendor's words for a consent that was not given (RFC 6749 4.1.2.1, and names of older frameworks). */
const refusalIn = (query: URLSearchParams): string | undefined => {
  const words = query.get('error_description') ?? undefined
  const code = query.get('error') ?? query.get('error_code') ?? undefined
  if (words === undefined) return code?.slice(0, 300)
  return code === undefined ? words.slice(0, 300) : `${words.slice(0, 300)} (${code.slice(0, 60)})`
}

const page = (words: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Not connected</title>
<h1>Not connected</h1>
<p>${words}</p>
<p><a href="/catalogue">Start again</a></p>
</html>
`

/** A browser that asks for a page is told in one; anybody else in JSON, as everywhere. */
const toldInPage = (error: unknown, accept: string | undefined): OutsideReply => {
  if (!(error instanceof AppError) || !accept?.includes('text/html')) throw error
  return {
    status: 400,
    headers: {
      'content-type': 'text/html;charset=UTF-8',
      'cache-control': 'no-store',
      'x-frame-options': 'DENY',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    },
    payload: page(error.message.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`)),
  }
}

/**
 * Ends the connection that a vendor's page leads back to, and leads on to the page that shows it.
 * @throws AppError `bad-request` for a state that is unknown or was used.
 */
export const answerCallback = async (
  connects: Connects,
  { query, headers }: OutsideRequest,
): Promise<OutsideReply> => {
  try {
    const { id } = await connects.returned(
      {
        state: query.get('state') ?? undefined,
        code: query.get('code')?.trim() || undefined,
        token: query.get('oauth_token')?.trim() || undefined,
        verifier: query.get('oauth_verifier')?.trim() || undefined,
        refusal: refusalIn(query),
        binding: cookieNamed(headers.cookie, cookieName),
      },
      () => undefined,
    )
    return {
      status: 303,
      headers: {
        location: `/connects/${id}`,
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'set-cookie': `${cookieName}=; Path=${callbackPath}; Max-Age=0; HttpOnly; SameSite=Lax`,
      },
      payload: '',
    }
  } catch (error) {
    return toldInPage(error, headers.accept)
  }
}
