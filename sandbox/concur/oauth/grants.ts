import { createHash } from 'node:crypto'
import { sha256 } from '../ids.ts'
import type { Sandbox } from '../operation.ts'
import { companyId, personById } from '../people.ts'
import { checkLogin } from './check-login.ts'
import { OauthError } from './codes.ts'
import type { Grant } from './issue.ts'
import { defaultScope, isRegistered, splitScope } from './scopes.ts'

/** The grants, one function each: form in, what to issue out. Each throws `OauthError`. */

/** Where people live whose data is in another data centre (error 16). */
const elsewhere = 'https://eu2.api.concursolutions.com'

const required = (form: URLSearchParams, name: string, code: number): string => {
  const value = form.get(name)
  if (value === null || value === '') throw new OauthError(code)
  return value
}

/** The wished scope when all of it is allowed, else error 54. */
const narrow = (wished: string | null, allows: (scope: string) => boolean, otherwise: string): string => {
  const scopes = splitScope(wished ?? '')
  if (scopes.length === 0) return otherwise
  if (!scopes.every(allows)) throw new OauthError(54)
  return scopes.join(' ')
}

const whole = (principal: Grant['principal'], scope: string): Grant => ({
  ...{ principal, scope, fullScope: scope },
  refreshToken: null,
})

const authorizationCode = (sandbox: Sandbox, form: URLSearchParams): Grant => {
  const hash = sha256(required(form, 'code', 101))
  const redirectUri = required(form, 'redirect_uri', 102)
  const code = sandbox.state.memory.codes.get(hash)
  if (code === undefined || code.expiresAt <= sandbox.clock.now()) throw new OauthError(103)
  if (code.redirectUri !== redirectUri) throw new OauthError(104)
  sandbox.state.record({ kind: 'code-used', hash })
  const verifier = form.get('code_verifier') ?? ''
  const answer = createHash('sha256').update(verifier).digest('base64url')
  if (code.challenge !== null && answer !== code.challenge) throw new OauthError(103)
  return whole({ kind: 'user', login: code.login }, code.scope)
}

const refresh = (sandbox: Sandbox, form: URLSearchParams): Grant => {
  const refreshToken = required(form, 'refresh_token', 106)
  const token = sandbox.state.memory.refreshTokens.get(sha256(refreshToken))
  if (token === undefined || token.expiresAt <= sandbox.clock.now()) throw new OauthError(108)
  const granted = new Set(token.scope.split(' '))
  const scope = narrow(form.get('scope'), (wish) => granted.has(wish), token.scope)
  return { principal: token.principal, scope, fullScope: token.scope, refreshToken }
}

/** A company's request token: `username` is the company's UUID, `password` the token (24 h, reusable). */
const companyToken = (sandbox: Sandbox, username: string, password: string, scope: string): Grant => {
  if (username !== companyId) throw new OauthError(100)
  const expiresAt = sandbox.state.memory.requestTokens.get(sha256(password))
  if (expiresAt === undefined || expiresAt <= sandbox.clock.now()) throw new OauthError(5)
  return whole({ kind: 'company' }, scope)
}

const password = (sandbox: Sandbox, form: URLSearchParams): Grant => {
  const credtype = form.get('credtype') ?? 'password'
  if (credtype !== 'password' && credtype !== 'authtoken') throw new OauthError(120)
  const username = required(form, 'username', 51)
  const secret = required(form, 'password', 52)
  const scope = narrow(form.get('scope'), isRegistered, defaultScope)
  if (credtype === 'authtoken') return companyToken(sandbox, username, secret, scope)
  const found = checkLogin(personById(username)?.login ?? username, secret)
  if ('code' in found) throw new OauthError(found.code, found.code === 16 ? elsewhere : undefined)
  return whole({ kind: 'user', login: found.person.login }, scope)
}

const clientCredentials = (_: Sandbox, form: URLSearchParams): Grant =>
  whole({ kind: 'app' }, narrow(form.get('scope'), isRegistered, defaultScope))

export const grants: ReadonlyMap<string, (sandbox: Sandbox, form: URLSearchParams) => Grant> = new Map([
  ['authorization_code', authorizationCode],
  ['refresh_token', refresh],
  ['password', password],
  ['client_credentials', clientCredentials],
])
