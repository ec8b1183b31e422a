import { type Family, Refused } from './errors.ts'
import { numberOf } from './faults.ts'
import { sha256 } from './ids.ts'
import type { Inbound } from './inbound.ts'
import type { Operation, Sandbox } from './operation.ts'
import { homeOf } from './principals.ts'
import type { Token } from './state.ts'

/** v1 to v3 and the old login framework. */
const isOld = (family: Family): boolean => family === 'v1' || family === 'v3' || family === 'legacy'

/** Old services (v1 to v3) answer 403 to a dead token, newer ones 401. */
const deniedStatus = (sandbox: Sandbox, operation: Operation): number => {
  const fault = sandbox.faults.strike('denied-status', operation.name)
  if (fault !== undefined) return numberOf(fault, 401)
  return isOld(operation.family) ? 403 : 401
}

const isAlive = (sandbox: Sandbox, operation: Operation, token: Token): boolean => {
  const now = sandbox.clock.now()
  if (token.expiresAt <= now) return false
  const fault = sandbox.faults.strike('expire-tokens', operation.name)
  return fault === undefined || now < token.issuedAt + numberOf(fault, 0) * 1000
}

/**
 * The token that the header names: `Bearer` with one of the current framework, or `OAuth` with one of the
 * old framework, which only v1 to v3 know. Neither scheme takes the other's tokens.
 * Follows: developer.concur.com, Authorization before 2017; Base URIs. Verified: 2026-08
 */
const tokenOf = (sandbox: Sandbox, family: Family, header: string): Token | undefined => {
  const [, scheme = '', value = ''] = /^(Bearer|OAuth) +(\S+)$/i.exec(header.trim()) ?? []
  const { accessTokens, legacyTokens } = sandbox.state.memory
  if (scheme.toLowerCase() === 'oauth') return isOld(family) ? legacyTokens.get(sha256(value)) : undefined
  return family === 'legacy' ? undefined : accessTokens.get(sha256(value))
}

/** A token is known only where its principal lives. */
const isAtHome = (token: Token, inbound: Inbound): boolean =>
  (homeOf(token.principal) ?? inbound.dataCentre) === inbound.dataCentre

/**
 * Finds the token of an `Authorization` header.
 * Follows: developer.concur.com, HTTP status codes (401 without a header, 403 for a dead token).
 * Verified: 2026-08
 */
export const checkBearer = (sandbox: Sandbox, operation: Operation, inbound: Inbound): Token => {
  const header = inbound.request.headers.authorization
  if (header === undefined || header.trim() === '') {
    throw new Refused(401, 'Unauthorized: the Authorization header is missing')
  }
  const token = tokenOf(sandbox, operation.family, header)
  if (token === undefined || !isAtHome(token, inbound) || !isAlive(sandbox, operation, token)) {
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
