import { companyIds } from '../data-centres.ts'
import { newUuid, sha256 } from '../ids.ts'
import type { Ask, Operation, Sandbox } from '../operation.ts'
import { type Person, personByLogin } from '../people.ts'
import { homeUrl } from '../principals.ts'
import { jsonObject } from '../read-body.ts'
import type { Reply } from '../reply.ts'
import type { LegacyToken, Principal } from '../state.ts'
import { type App, appById, legacyKey } from './app.ts'
import { refreshLifeMs } from './issue.ts'
import { isRegistered } from './scopes.ts'

/**
 * A token of the old framework becomes a refresh token of the current one, a user's or, for an
 * administrator's, a company's.
 * Follows: developer.concur.com, Migration guide. Verified: 2026-08
 *
 * Decided here, because the guide is silent: the status of each code (400; 404 for the application); the body
 * `{"code","message"}`; the old token lives on; it is asked at any data centre. The guide speaks of the old
 * refresh token and shows an access token: both are taken.
 */
type Code = 'INVALIDSCOPES' | 'INVALIDAPP' | 'INVALIDTOKEN' | 'UNAUTHORIZED'

const failure = (code: Code, message: string): Reply => ({
  status: code === 'INVALIDAPP' ? 404 : 400,
  body: { code, message },
})

const findToken = (sandbox: Sandbox, value: string): LegacyToken | undefined => {
  const hash = sha256(value)
  const { legacyTokens } = sandbox.state.memory
  const token = legacyTokens.get(hash)
  if (token !== undefined) return token.expiresAt > sandbox.clock.now() ? token : undefined
  return [...legacyTokens.values()].find(({ refreshHash }) => refreshHash === hash)
}

const contextOf = (ask: Ask, person: Person, principal: Principal, scope: string): string =>
  JSON.stringify({
    userid: person.id,
    cid: companyIds[person.home],
    ptype: principal.kind,
    userURI: `${homeUrl(ask, principal)}/profile-service/v1/users/${person.id}`,
    scope,
  })

/** The tokens, or the reply that says why there are none. */
const exchange = (sandbox: Sandbox, ask: Ask, app: App, token: LegacyToken): Reply => {
  const scopes = token.scope.split(' ')
  if (!scopes.every(isRegistered)) {
    const unknown = scopes.filter((scope) => !isRegistered(scope)).join(', ')
    return failure('INVALIDSCOPES', `The new application is not registered for ${unknown}`)
  }
  const person = personByLogin(token.principal.login)
  if (person === undefined || !app.companies.includes(person.home)) {
    return failure('INVALIDAPP', 'The company has not enabled the new application')
  }
  const company = ask.query.get('returnType') === 'companyToken'
  if (company && !person.admin) {
    return failure('UNAUTHORIZED', 'A company token needs the token of a Web Services Administrator')
  }
  const principal: Principal = company ? { kind: 'company', home: person.home } : token.principal
  const created = sandbox.clock.now()
  const expired = created + refreshLifeMs
  const value = newUuid()
  sandbox.state.record({
    kind: 'refresh',
    hash: sha256(value),
    token: { principal, client: app.id, scope: token.scope, issuedAt: created, expiresAt: expired },
  })
  ask.noteIssued(value)
  const context = contextOf(ask, person, principal, token.scope)
  return {
    status: 200,
    headers: { 'cache-control': 'no-store' },
    body: { token: value, created, expired, scopes, context },
  }
}

const migrate = (sandbox: Sandbox, ask: Ask): Reply => {
  ask.noteGrant('legacy_migration')
  const app = appById(ask.client)
  if (ask.principal?.kind !== 'app' || app === undefined) {
    return failure('UNAUTHORIZED', 'Authorization: send the token of an application (client_credentials)')
  }
  // The second application is another partner's: the old one is not its own.
  if (ask.params['key'] !== legacyKey || !app.ownsLegacy) {
    return failure('INVALIDAPP', 'The consumer key is not one of an old application of this partner')
  }
  const { token: value, secret } = jsonObject(ask.headers['content-type'], ask.body)
  if (secret !== app.secret) return failure('UNAUTHORIZED', 'secret: not the one of the new application')
  const token = typeof value === 'string' ? findToken(sandbox, value) : undefined
  if (token === undefined) return failure('INVALIDTOKEN', 'token: not a token of the old framework')
  return exchange(sandbox, ask, app, token)
}

export const migrateOperation: Operation = {
  name: 'oauth.migrate',
  follows: 'Authentication, Migration guide',
  method: 'POST',
  path: '/appmgmt/v0/legacyApps/{key}/exchangeRefreshToken/me',
  family: 'oauth',
  access: 'bearer',
  run: migrate,
}
