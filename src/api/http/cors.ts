import type { IncomingHttpHeaders } from 'node:http'

/** The verbs answered under `/elements/api-v2`, for Allow and preflights. */
export const allowedVerbs = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'

/** Clients compare this text literally (spec, contract section 1.3). */
const exposed =
  'Elements-Returned-Count, Elements-Total-Count, Elements-Request-Id, Elements-Next-Page-Token, Elements-Trace-Id, Elements-Error, Content-Disposition'

/** Browsers cap it: Chromium at 2 hours. */
const preflightAgeSeconds = 7_200

const headerNames = /^[\w!#$%&'*+.^`|~-]+(\s*,\s*[\w!#$%&'*+.^`|~-]+)*$/

/**
 * Headers that let a page of any origin read the answer. Without credentials: calls carry their secrets in
 * Authorization, never in cookies. Nothing for a request without Origin.
 */
export const corsHeaders = ({ origin }: IncomingHttpHeaders): Readonly<Record<string, string>> =>
  origin === undefined ? {} : { 'access-control-allow-origin': '*', 'access-control-expose-headers': exposed }

/** Headers of an OPTIONS answer; the names asked for are echoed, since `*` would not cover Authorization. */
export const optionsHeaders = (headers: IncomingHttpHeaders): Readonly<Record<string, string>> => {
  const asked = headers['access-control-request-headers']?.trim()
  if (headers.origin === undefined || headers['access-control-request-method'] === undefined) {
    return { allow: allowedVerbs }
  }
  return {
    allow: allowedVerbs,
    'access-control-allow-methods': allowedVerbs,
    ...(asked !== undefined && headerNames.test(asked) ? { 'access-control-allow-headers': asked } : {}),
    'access-control-max-age': String(preflightAgeSeconds),
    vary: 'Access-Control-Request-Headers',
  }
}
