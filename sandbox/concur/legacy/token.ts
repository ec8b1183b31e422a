import { Refused } from '../errors.ts'
import { newLegacyToken, newOpaque, sha256 } from '../ids.ts'
import { legacyKey, legacySecret } from '../oauth/app.ts'
import { checkLogin } from '../oauth/check-login.ts'
import { describe } from '../oauth/codes.ts'
import type { Ask, Operation, Sandbox } from '../operation.ts'
import { textParam } from '../params.ts'
import { personByLogin } from '../people.ts'
import { homeUrl } from '../principals.ts'
import type { Reply } from '../reply.ts'
import type { LegacyToken } from '../state.ts'
import { legacyReply, yearFrom } from './reply.ts'
import { defaultLegacyScope } from './scopes.ts'

/**
 * The token addresses of the old framework: a request token, a password or a refresh token for a token
 * that lives a year.
 * Follows: developer.concur.com, Authorization before 2017: web flow, native flow, refreshing. Verified: 2026-08
 *
 * Decided here, because the pages are silent: 400 for a parameter that is missing, 401 for a header that is
 * missing and for a wrong password, 403 for a wrong value. The old framework has no error 16: the root
 * (`www`) takes codes and passwords of everybody and tells the instance; each data centre only its own.
 */

const need = (query: URLSearchParams, name: string): string => {
  const value = textParam(query, name)
  if (value === undefined) throw new Refused(400, `${name} is required`)
  return value
}

const checkKey = (key: string, name: string): void => {
  if (key !== legacyKey) throw new Refused(403, `${name}: the consumer key is not known`)
}

const checkClient = (query: URLSearchParams): void => {
  checkKey(need(query, 'client_id'), 'client_id')
  if (need(query, 'client_secret') !== legacySecret) throw new Refused(403, 'client_secret is wrong')
}

const livesHere = (ask: Ask, login: string): boolean => personByLogin(login)?.home === ask.dataCentre

/** Gives a person's first token and its refresh token, which never expires. */
const giveToken = (sandbox: Sandbox, ask: Ask, login: string, scope: string): Reply => {
  const [value, refreshToken] = [newLegacyToken(), newOpaque()]
  const now = sandbox.clock.now()
  const token: LegacyToken = {
    ...{ principal: { kind: 'user', login }, client: legacyKey, scope, issuedAt: now },
    ...{ expiresAt: yearFrom(sandbox, ask, now), refreshHash: sha256(refreshToken) },
  }
  sandbox.state.record({ kind: 'legacy', hash: sha256(value), token })
  return legacyReply(sandbox, ask, token, value, refreshToken)
}

const exchange = (sandbox: Sandbox, ask: Ask): Reply => {
  ask.noteGrant('legacy_code')
  const hash = sha256(need(ask.query, 'code'))
  checkClient(ask.query)
  const code = sandbox.state.memory.legacyCodes.get(hash)
  if (code === undefined || code.expiresAt <= sandbox.clock.now()) {
    throw new Refused(403, 'code: the request token is not valid, was used, or is older than 15 minutes')
  }
  if (ask.dataCentre !== 'us2' && !livesHere(ask, code.login)) {
    throw new Refused(403, `code: this person lives at ${homeUrl(ask, { kind: 'user', login: code.login })}`)
  }
  sandbox.state.record({ kind: 'legacy-code-used', hash })
  return giveToken(sandbox, ask, code.login, code.scope)
}

/** The token being refreshed, by the header. */
const refreshedToken = (sandbox: Sandbox, ask: Ask): { value: string; token: LegacyToken } => {
  const header = ask.headers.authorization ?? ''
  if (header.trim() === '') {
    throw new Refused(401, 'Authorization: send OAuth and the token that is being refreshed')
  }
  const value = /^OAuth +(\S+)$/i.exec(header.trim())?.[1]
  const token = value === undefined ? undefined : sandbox.state.memory.legacyTokens.get(sha256(value))
  if (value === undefined || token === undefined) {
    throw new Refused(403, 'Authorization: this is not the token that is being refreshed')
  }
  return { value, token }
}

const refresh = (sandbox: Sandbox, ask: Ask, refreshToken: string): Reply => {
  ask.noteGrant('legacy_refresh')
  checkClient(ask.query)
  const { value: old, token } = refreshedToken(sandbox, ask)
  if (token.refreshHash !== sha256(refreshToken)) {
    throw new Refused(403, 'refresh_token: it does not belong to the token that is being refreshed')
  }
  if (!livesHere(ask, token.principal.login)) {
    throw new Refused(403, `refresh_token: this person lives at ${homeUrl(ask, token.principal)}`)
  }
  const now = sandbox.clock.now()
  const fault = sandbox.faults.strike('legacy-new-token', ask.operation)
  const value = fault === undefined ? old : newLegacyToken()
  const next = { ...token, issuedAt: now, expiresAt: yearFrom(sandbox, ask, now) }
  sandbox.state.record({ kind: 'legacy', hash: sha256(value), token: next })
  if (value !== old && fault?.value !== 'keep-old') {
    sandbox.state.record({ kind: 'legacy-dropped', hash: sha256(old) })
  }
  return legacyReply(sandbox, ask, next, value, refreshToken)
}

/** One address for both, as documented: with `refresh_token` it refreshes. */
const getToken = (sandbox: Sandbox, ask: Ask): Reply => {
  const refreshToken = textParam(ask.query, 'refresh_token')
  return refreshToken === undefined ? exchange(sandbox, ask) : refresh(sandbox, ask, refreshToken)
}

/** Login and password of a Basic header, else 401. */
const readBasic = (header: string | undefined): readonly [login: string, password: string] => {
  const coded = /^Basic +([\w+/=]+)$/i.exec(header?.trim() ?? '')?.[1]
  const text = coded === undefined ? '' : Buffer.from(coded, 'base64').toString('utf8')
  const mark = text.indexOf(':')
  if (mark < 0) throw new Refused(401, 'Authorization: send Basic and base64 of login:password')
  return [text.slice(0, mark), text.slice(mark + 1)]
}

const getNative = (sandbox: Sandbox, ask: Ask): Reply => {
  ask.noteGrant('legacy_native')
  const [login, password] = readBasic(ask.headers.authorization)
  const key = ask.headers['x-consumerkey']
  if (typeof key !== 'string' || key === '') throw new Refused(400, 'X-ConsumerKey is required')
  checkKey(key, 'X-ConsumerKey')
  const found = checkLogin(login, password)
  if ('code' in found) throw new Refused(401, describe(found.code === 100 ? 5 : found.code))
  if (ask.dataCentre !== 'us2' && !livesHere(ask, found.person.login)) throw new Refused(401, describe(5))
  return giveToken(sandbox, ask, found.person.login, defaultLegacyScope)
}

const shared = {
  follows: 'Authorization before 2017, Access token',
  method: 'GET',
  family: 'legacy',
  access: 'open',
} as const

export const legacyTokenOperations: readonly Operation[] = [
  { ...shared, name: 'legacy.token', path: '/net2/oauth2/GetAccessToken.ashx', run: getToken },
  { ...shared, name: 'legacy.native', path: '/net2/oauth2/AccessToken.ashx', run: getNative },
]
