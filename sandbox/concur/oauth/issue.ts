import { createHash } from 'node:crypto'
import { numberOf } from '../faults.ts'
import { newUuid, sha256, uuidOf } from '../ids.ts'
import type { Ask, Sandbox } from '../operation.ts'
import { companyId, personByLogin } from '../people.ts'
import type { Reply } from '../reply.ts'
import type { Principal } from '../state.ts'
import { appId } from './app.ts'

/** Half a year; each refresh extends it. */
const refreshLifeMs = 182 * 86_400_000

const subjectOf = (principal: Principal): string => {
  if (principal.kind === 'company') return companyId
  if (principal.kind === 'app') return uuidOf(appId)
  return personByLogin(principal.login)?.id ?? ''
}

const lifetimeOf = (sandbox: Sandbox, operation: string): number => {
  const fault = sandbox.faults.standing('expire-tokens', operation)
  return fault === undefined ? sandbox.tokenSeconds : numberOf(fault, 0)
}

/** The refresh token of the reply: the one that was sent, or a new one; and whether the sent one dies. */
const refreshTokenOf = (
  sandbox: Sandbox,
  operation: string,
  used: string | null,
): { readonly value: string; readonly dead: string | null } => {
  if (used === null) return { value: newUuid(), dead: null }
  const rotate = sandbox.faults.strike('rotate-refresh', operation)
  if (rotate === undefined) return { value: used, dead: null }
  return { value: newUuid(), dead: rotate.value === 'keep-old' ? null : used }
}

export interface Grant {
  readonly principal: Principal
  readonly scope: string
  /** The scope that a refresh token remembers: a narrowed refresh does not narrow the next one. */
  readonly fullScope: string
  /** The refresh token that was presented, if one was. */
  readonly refreshToken: string | null
}

const idTokenClaims = (claims: object, accessToken: string) => ({
  ...claims,
  at_hash: createHash('sha256').update(accessToken).digest('hex').slice(0, 16),
})

/**
 * The reply of the token address: access token (a JWT), refresh token and id_token except for an
 * application, geolocation.
 * Follows: developer.concur.com, Authentication, token reply and claims. Verified: 2026-08
 */
export const issueTokens = async (sandbox: Sandbox, ask: Ask, grant: Grant): Promise<Reply> => {
  const now = sandbox.clock.now()
  const lifeSeconds = lifetimeOf(sandbox, ask.operation)
  const seconds = Math.floor(now / 1000)
  const hostile = sandbox.faults.strike('hostile-geolocation', ask.operation)
  const geolocation = hostile === undefined ? ask.baseUrl : String(hostile.value)
  const claims = {
    aud: uuidOf(appId),
    sub: subjectOf(grant.principal),
    iss: ask.baseUrl,
    exp: seconds + lifeSeconds,
    nbf: seconds,
    iat: seconds,
  }
  const accessToken = await sandbox.keys.sign({
    ...claims,
    jti: newUuid(),
    'concur.version': 2,
    'concur.type': grant.principal.kind,
    'concur.scopes': grant.scope,
  })
  const token = { principal: grant.principal, issuedAt: now }
  if (sandbox.state.memory.accessTokens.size > 2000) sandbox.state.forgetExpired(now)
  sandbox.state.record({
    kind: 'access',
    hash: sha256(accessToken),
    token: { ...token, scope: grant.scope, expiresAt: now + lifeSeconds * 1000 },
  })
  const asNumber = sandbox.faults.strike('expires-in-number', ask.operation) !== undefined
  const body = {
    expires_in: asNumber ? lifeSeconds : String(lifeSeconds),
    scope: grant.scope,
    token_type: 'Bearer',
    access_token: accessToken,
    geolocation,
  }
  const headers = { 'cache-control': 'no-store' }
  if (grant.principal.kind === 'app') return { status: 200, headers, body }

  const refreshToken = refreshTokenOf(sandbox, ask.operation, grant.refreshToken)
  const expiresAt = now + refreshLifeMs
  sandbox.state.record({
    kind: 'refresh',
    hash: sha256(refreshToken.value),
    token: { ...token, scope: grant.fullScope, expiresAt },
  })
  if (refreshToken.dead !== null) {
    sandbox.state.record({ kind: 'refresh-dropped', hash: sha256(refreshToken.dead) })
  }
  const idToken = await sandbox.keys.sign(idTokenClaims(claims, accessToken))
  return {
    status: 200,
    headers,
    body: {
      ...body,
      refresh_token: refreshToken.value,
      refresh_expires_in: Math.floor(expiresAt / 1000),
      id_token: idToken,
    },
  }
}
