import { createHash } from 'node:crypto'
import { companyIds, type DataCentre } from '../data-centres.ts'
import { sha256 } from '../ids.ts'
import { personById } from '../people.ts'
import { homeOf } from '../principals.ts'
import type { Principal } from '../state.ts'
import { clientOf } from './app.ts'
import { checkLogin } from './check-login.ts'
import { OauthError } from './codes.ts'
import { checkEnabled, checkHome, type GrantAsk, narrow, required, whole, wishedScope } from './grant-ask.ts'
import type { Grant } from './issue.ts'
import { otpGrant } from './otp.ts'

/** The grants, one function each: form in, what to issue out. Each throws `OauthError`. */

/** The root is the shared token host too (`glz`), where codes and request tokens of everybody are taken. */
const checkSharedHost = (given: GrantAsk, principal: Principal): void => {
  if (given.ask.dataCentre === 'us2') checkEnabled(given.app, principal)
  else checkHome(given, principal)
}

const authorizationCode = (given: GrantAsk): Grant => {
  const { sandbox, app, form } = given
  const hash = sha256(required(form, 'code', 101))
  const redirectUri = required(form, 'redirect_uri', 102)
  const code = sandbox.state.memory.codes.get(hash)
  if (code === undefined || code.expiresAt <= sandbox.clock.now()) throw new OauthError(103)
  if (clientOf(code) !== app.id) throw new OauthError(105)
  if (code.redirectUri !== redirectUri) throw new OauthError(104)
  const principal: Principal = { kind: 'user', login: code.login }
  checkSharedHost(given, principal)
  sandbox.state.record({ kind: 'code-used', hash })
  const verifier = form.get('code_verifier') ?? ''
  const answer = createHash('sha256').update(verifier).digest('base64url')
  if (code.challenge !== null && answer !== code.challenge) throw new OauthError(103)
  return whole(principal, code.scope)
}

const refresh = (given: GrantAsk): Grant => {
  const { sandbox, app, form } = given
  const refreshToken = required(form, 'refresh_token', 106)
  if (!app.mayRefresh) throw new OauthError(107)
  const token = sandbox.state.memory.refreshTokens.get(sha256(refreshToken))
  if (token === undefined || token.expiresAt <= sandbox.clock.now()) throw new OauthError(108)
  if (clientOf(token) !== app.id) throw new OauthError(105)
  checkHome(given, token.principal)
  const granted = new Set(token.scope.split(' '))
  const scope = narrow(form.get('scope'), (wish) => granted.has(wish), token.scope)
  return { principal: token.principal, scope, fullScope: token.scope, refreshToken }
}

/** The company or person that `username` names by its UUID. */
const subjectOf = (username: string): Principal | undefined => {
  const home = (Object.keys(companyIds) as DataCentre[]).find((name) => companyIds[name] === username)
  if (home !== undefined) return { kind: 'company', home }
  const person = personById(username)
  return person === undefined ? undefined : { kind: 'user', login: person.login }
}

const sameSubject = (one: Principal, other: Principal): boolean =>
  one.kind === other.kind &&
  homeOf(one) === homeOf(other) &&
  (one.kind !== 'user' || other.kind !== 'user' || one.login === other.login)

/**
 * A request token (24 h, reusable): `username` is the UUID of the company, or of the person for whom the
 * App Center made it; `password` the token. One that is past its time, or another's, is a wrong credential:
 * code 5. One made for another application: 136.
 * Follows: developer.concur.com, Company-level authentication; Authentication, error codes. Verified: 2026-08
 */
const requestToken = (given: GrantAsk, username: string, password: string, scope: string): Grant => {
  const { sandbox, app } = given
  const subject = subjectOf(username.toLowerCase())
  if (subject === undefined) throw new OauthError(100)
  const token = sandbox.state.memory.requestTokens.get(sha256(password))
  if (token === undefined || token.expiresAt <= sandbox.clock.now()) throw new OauthError(5)
  const principal = token.principal ?? { kind: 'company' }
  if (!sameSubject(principal, subject)) throw new OauthError(5)
  if (clientOf(token) !== app.id) throw new OauthError(136)
  checkSharedHost(given, principal)
  return whole(principal, scope)
}

const password = (given: GrantAsk): Grant => {
  const { form } = given
  const credtype = form.get('credtype') ?? 'password'
  if (credtype !== 'password' && credtype !== 'authtoken') throw new OauthError(120)
  const username = required(form, 'username', 51)
  const secret = required(form, 'password', 52)
  const scope = wishedScope(form)
  if (credtype === 'authtoken') return requestToken(given, username, secret, scope)
  const found = checkLogin(personById(username.toLowerCase())?.login ?? username, secret)
  if ('code' in found) throw new OauthError(found.code)
  const principal: Principal = { kind: 'user', login: found.person.login }
  checkHome(given, principal)
  return whole(principal, scope)
}

const clientCredentials = ({ form }: GrantAsk): Grant => whole({ kind: 'app' }, wishedScope(form))

export const grants: ReadonlyMap<string, (given: GrantAsk) => Grant> = new Map([
  ['authorization_code', authorizationCode],
  ['refresh_token', refresh],
  ['password', password],
  ['client_credentials', clientCredentials],
  ['otp', otpGrant],
])
