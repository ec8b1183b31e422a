import { Refused } from './errors.ts'
import { numberOf } from './faults.ts'
import { sha256 } from './ids.ts'
import type { Operation, Sandbox } from './operation.ts'
import type { Token } from './state.ts'

/** Old services (v1 to v3) answer 403 to a dead token, newer ones 401. */
const deniedStatus = (sandbox: Sandbox, operation: Operation): number => {
  const fault = sandbox.faults.strike('denied-status', operation.name)
  if (fault !== undefined) return numberOf(fault, 401)
  return operation.family === 'v3' ? 403 : 401
}

const isAlive = (sandbox: Sandbox, operation: Operation, token: Token): boolean => {
  const now = sandbox.clock.now()
  if (token.expiresAt <= now) return false
  const fault = sandbox.faults.strike('expire-tokens', operation.name)
  return fault === undefined || now < token.issuedAt + numberOf(fault, 0) * 1000
}

/**
 * Finds the token of an `Authorization: Bearer` header.
 * Follows: developer.concur.com, HTTP status codes (401 without a header, 403 for a dead token).
 * Verified: 2026-08
 */
export const checkBearer = (sandbox: Sandbox, operation: Operation, header: string | undefined): Token => {
  if (header === undefined || header.trim() === '') {
    throw new Refused(401, 'Unauthorized: the Authorization header is missing')
  }
  const value = /^Bearer +(\S+)$/i.exec(header.trim())?.[1]
  const token = value === undefined ? undefined : sandbox.state.memory.accessTokens.get(sha256(value))
  if (token === undefined || !isAlive(sandbox, operation, token)) {
    throw new Refused(
      deniedStatus(sandbox, operation),
      'The access token is invalid, has expired or was revoked',
    )
  }
  if (
    operation.scope !== undefined &&
    !token.scope.split(' ').some((scope) => operation.scope?.test(scope))
  ) {
    throw new Refused(403, 'Forbidden: the access token lacks the scope that this operation needs')
  }
  return token
}
