import type { ReplyFormat } from './accept.ts'
import { newUuid } from './ids.ts'
import type { Reply } from './reply.ts'

/**
 * Errors in the vendor's shapes, one family an API generation.
 * Follows: developer.concur.com, HTTP status codes and each API's page. Verified: 2026-08
 */
export type Family = 'oauth' | 'legacy' | 'v1' | 'v3' | 'v4' | 'list' | 'scim' | 'page' | 'control'

const reasons: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Payload Too Large',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
}

export interface Refusal {
  readonly family: Family
  readonly status: number
  readonly message: string
  readonly path: string
  readonly now: number
  readonly headers?: Readonly<Record<string, string>>
  /** The service's own word for the problem: SCIM's `scimType`, the `id` of List v4. */
  readonly code?: string
  /** What the reply will be written in: v3 has no wrapper around the error in XML. */
  readonly format: ReplyFormat
  /** v3 only: `bare` has the message alone, `void` leaves a 400 without a body. */
  readonly shape?: string | number
}

const scimError = 'urn:ietf:params:scim:api:messages:concur:2.0:Error'

/** `{"Error": {…}}` or `<Error>…</Error>`; bare errors have no wrapper in either. */
const v3Body = ({ message, now, format, shape }: Refusal): unknown => {
  if (shape === 'bare') return { Message: message }
  const time = new Date(now).toISOString().slice(0, 19)
  const error = { Message: message, 'Server-Time': time, Id: newUuid().toUpperCase() }
  return format === 'application/json' ? { Error: error } : error
}

/** Follows: developer.concur.com, List Item Bulk v4, for the first and the last; the others are made here. */
const listErrorIds: Readonly<Record<number, string>> = {
  400: 'request.validation.error',
  401: 'security.authentication.failed',
  403: 'security.authorization.failed',
  404: 'resource.not.found',
  429: 'security.rate.limit.reached',
}

const bodyOf = (refusal: Refusal): unknown => {
  const { status, message, path, now } = refusal
  const time = new Date(now).toISOString()
  switch (refusal.family) {
    // The old login framework speaks as v1 and v2 do, whose error is v3's in XML.
    case 'legacy':
    case 'v1':
    case 'v3':
      return v3Body(refusal)
    case 'v4':
      return {
        timestamp: time,
        httpStatus: `${String(status)} - ${reasons[status] ?? 'Error'}`,
        errorMessage: message,
        errorId: newUuid(),
        path,
        validationErrors: [],
      }
    case 'list':
      return {
        timestamp: time,
        httpStatus: `${String(status)} - ${reasons[status] ?? 'Error'}`,
        error: { id: refusal.code ?? listErrorIds[status] ?? 'request.error', message },
        validationErrors: [],
        path,
      }
    case 'scim':
      return {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:Error', scimError],
        status: String(status),
        ...(refusal.code === undefined ? {} : { scimType: refusal.code }),
        detail: message,
        [scimError]: { messages: [{ code: refusal.code ?? 'error', message, type: 'error' }] },
      }
    case 'oauth':
      return { error: 'invalid_request', error_description: message }
    case 'page':
    case 'control':
      return { message }
  }
}

export const refusalReply = (refusal: Refusal): Reply => ({
  status: refusal.status,
  ...(refusal.headers === undefined ? {} : { headers: refusal.headers }),
  ...(refusal.shape === 'void' && refusal.status === 400 ? {} : { body: bodyOf(refusal) }),
  ...(['v1', 'v3', 'legacy'].includes(refusal.family) ? { xml: { root: 'Error' } } : {}),
})

/** Which family a path belongs to, when no operation answers it. */
export const familyOf = (path: string): Family => {
  if (/^\/net2\//i.test(path)) return 'legacy'
  if (path.startsWith('/oauth2/') || path.startsWith('/app-mgmt/') || path.startsWith('/appmgmt/'))
    return 'oauth'
  if (path.startsWith('/list/')) return 'list'
  if (/^\/api\/(?:image|expense)\//.test(path)) return 'v1'
  if (path.startsWith('/api/')) return 'v3'
  if (path.startsWith('/profile/')) return 'scim'
  return path.startsWith('/sandbox/') || path === '/' ? 'control' : 'v4'
}

/** Thrown inside an operation; the router writes it in the family of the operation. */
export class Refused extends Error {
  readonly status: number
  readonly code: string | undefined
  constructor(status: number, message: string, code?: string) {
    super(message)
    this.status = status
    this.code = code
  }
}
