import { createHash } from 'node:crypto'
import { companyIds } from '../data-centres.ts'
import { numberOf } from '../faults.ts'
import { newUuid, sha256, uuidOf } from '../ids.ts'
import type { Ask, Sandbox } from '../operation.ts'
import { personByLogin } from '../people.ts'
import { homeUrl } from '../principals.ts'
import type { Reply } from '../reply.ts'
import type { Principal } from '../state.ts'
import type { App } from './app.ts'
import type { Sign } from './jwt.ts'

/** Half a year; each refresh extends it. */
export const refreshLifeMs = 182 * 86_400_000

const subjectOf = (principal: Principal, app: App): string => {
  if (principal.kind === 'company') return companyIds[principal.home ?? 'us2']
  if (principal.kind === 'app') return uuidOf(app.id)
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

/** Follows: developer.concur.com, TMC overview: epoch seconds despite the name, in guides only. Verified: 2026-08 */
const refreshExpiry = (sandbox: Sandbox, operation: string, expiresAt: number): object => {
  const seconds = Math.floor(expiresAt / 1000)
  const form = sandbox.faults.strike('refresh-expires-in', operation)?.value
  if (form === 'absent') return {}
  return { refresh_expires_in: form === 'string' ? String(seconds) : seconds }
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

/** Keeps the refresh token of this reply and gives it; the one it replaces dies when told to. */
const keepRefreshToken = (
  sandbox: Sandbox,
  ask: Ask,
  grant: Grant,
  token: { readonly principal: Principal; readonly client: string; readonly issuedAt: number },
): { readonly value: string; readonly expiresAt: number } => {
  const { value, dead } = refreshTokenOf(sandbox, ask.operation, grant.refreshToken)
  const expiresAt = token.issuedAt + refreshLifeMs
  const kept = { ...token, scope: grant.fullScope, expiresAt }
  sandbox.state.record({ kind: 'refresh', hash: sha256(value), token: kept })
  if (dead !== null) sandbox.state.record({ kind: 'refresh-dropped', hash: sha256(dead) })
  ask.noteIssued(value)
  return { value, expiresAt }
}

/** Access tokens past their time are looked for once in so many calls. */
const sweepEvery = 1000

/**
 * The reply of the token address: access token (a JWT), refresh token and id_token except for an
 * application, geolocation: the base URL of the data centre where the principal lives.
 * Follows: developer.concur.com, Authentication, token reply and claims. Verified: 2026-08
 */
export const issueTokens = (sandbox: Sandbox, ask: Ask, app: App, grant: Grant, sign: Sign): Reply => {
  const now = sandbox.clock.now()
  const lifeSeconds = lifetimeOf(sandbox, ask.operation)
  const seconds = Math.floor(now / 1000)
  const home = homeUrl(ask, grant.principal)
  const hostile = sandbox.faults.strike('hostile-geolocation', ask.operation)
  const geolocation = hostile === undefined ? home : String(hostile.value)
  const claims = {
    aud: uuidOf(app.id),
    sub: subjectOf(grant.principal, app),
    iss: home,
    exp: seconds + lifeSeconds,
    nbf: seconds,
    iat: seconds,
  }
  const accessToken = sign({
    ...claims,
    jti: newUuid(),
    'concur.version': 2,
    'concur.type': grant.principal.kind,
    'concur.scopes': grant.scope,
  })
  const token = { principal: grant.principal, client: app.id, issuedAt: now }
  if (sandbox.state.memory.accessTokens.size % sweepEvery === sweepEvery - 1) sandbox.state.forgetExpired(now)
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

  const refreshToken = keepRefreshToken(sandbox, ask, grant, token)
  return {
    status: 200,
    headers,
    body: {
      ...body,
      refresh_token: refreshToken.value,
      ...refreshExpiry(sandbox, ask.operation, refreshToken.expiresAt),
      id_token: sign(idTokenClaims(claims, accessToken)),
    },
  }
}
