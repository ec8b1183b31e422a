import { newUuid, sha256 } from '../ids.ts'
import { isRedirectAllowed, legacyKey } from '../oauth/app.ts'
import { checkLogin } from '../oauth/check-login.ts'
import { describe } from '../oauth/codes.ts'
import { formOf } from '../oauth/form.ts'
import { consentPage, loginPage, problemPage } from '../oauth/pages.ts'
import type { AuthorizeRequest } from '../oauth/tickets.ts'
import type { Ask, Operation, Sandbox } from '../operation.ts'
import { personByLogin } from '../people.ts'
import type { Reply } from '../reply.ts'
import { readLegacyScope } from './scopes.ts'

/**
 * The web flow of the old framework: a person signs in and allows, the application gets a request token.
 * Follows: developer.concur.com, Authorization before 2017, web flow. Verified: 2026-08
 *
 * Decided here, because the page is silent: a scope that the application may not ask for comes back as
 * `error=invalid_scope`; a login that is refused with `sandbox_user` as `access_denied`.
 */

/** A request token lives 15 minutes and works once. */
const codeLifeMs = 15 * 60_000
const loginPath = '/net2/oauth2/Login.aspx'
const consentPath = '/net2/oauth2/Consent.aspx'

const redirectTo = (request: AuthorizeRequest, params: Readonly<Record<string, string>>): Reply => {
  const url = new URL(request.redirectUri)
  for (const [name, value] of Object.entries(params)) url.searchParams.append(name, value)
  if (request.state !== null) url.searchParams.append('state', request.state)
  return { status: 302, headers: { location: url.href, 'cache-control': 'no-store' } }
}

const failure = (request: AuthorizeRequest, error: string, text: string): Reply =>
  redirectTo(request, { error, error_description: text })

const problem = (message: string): Reply => ({ status: 400, html: problemPage(message) })

type Checked =
  | { readonly kind: 'good'; readonly request: AuthorizeRequest }
  | { readonly kind: 'bad'; readonly reply: Reply }

const checkRequest = (params: URLSearchParams): Checked => {
  if (params.get('client_id') !== legacyKey) {
    const text = `client_id: the consumer key is not known to the old login framework; here it is ${legacyKey}`
    return { kind: 'bad', reply: problem(text) }
  }
  const redirectUri = params.get('redirect_uri') ?? ''
  if (!isRedirectAllowed(redirectUri)) {
    const text = 'redirect_uri must be an https address, or http on this machine, without a fragment'
    return { kind: 'bad', reply: problem(text) }
  }
  const read = readLegacyScope(params.get('scope') ?? '')
  const request: AuthorizeRequest = {
    ...{ client: legacyKey, redirectUri, state: params.get('state'), challenge: null },
    scope: 'scope' in read ? read.scope : '',
  }
  if ('scope' in read) return { kind: 'good', request }
  const text = `The application is not registered for ${read.unknown}`
  return { kind: 'bad', reply: failure(request, 'invalid_scope', text) }
}

const giveCode = (sandbox: Sandbox, login: string, request: AuthorizeRequest): Reply => {
  const code = newUuid()
  const { client, redirectUri, scope, challenge } = request
  const expiresAt = sandbox.clock.now() + codeLifeMs
  sandbox.state.record({
    kind: 'legacy-code',
    hash: sha256(code),
    code: { login, client, redirectUri, scope, challenge, expiresAt },
  })
  return redirectTo(request, { code })
}

const consentAtOnce = (sandbox: Sandbox, login: string, request: AuthorizeRequest): Reply => {
  const person = personByLogin(login)
  const code = person === undefined ? 100 : person.problem
  if (person === undefined || code !== null) return failure(request, 'access_denied', describe(code ?? 100))
  return giveCode(sandbox, person.login, request)
}

const here = (ask: Ask, path: string): string => `${ask.baseUrl.slice(ask.origin.length)}${path}`

const showLogin = (sandbox: Sandbox, ask: Ask): Reply => {
  const checked = checkRequest(ask.query)
  if (checked.kind === 'bad') return checked.reply
  const user = ask.query.get('sandbox_user')
  if (user !== null) return consentAtOnce(sandbox, user, checked.request)
  return { status: 200, html: loginPage(here(ask, loginPath), checked.request, '', null) }
}

const logIn = (sandbox: Sandbox, ask: Ask): Reply => {
  const form = formOf(ask)
  if (form === undefined) return problem('The form must be sent as application/x-www-form-urlencoded')
  const checked = checkRequest(form)
  if (checked.kind === 'bad') return checked.reply
  const login = form.get('username') ?? ''
  const found = checkLogin(login, form.get('password') ?? '')
  if ('code' in found) {
    const text = describe(found.code === 100 ? 5 : found.code)
    return { status: 200, html: loginPage(here(ask, loginPath), checked.request, login, text) }
  }
  const ticket = sandbox.legacyTickets.issue(found.person.login, checked.request)
  const page = consentPage(here(ask, consentPath), checked.request, ticket, found.person.login)
  return { status: 200, html: page }
}

const decide = (sandbox: Sandbox, ask: Ask): Reply => {
  const form = formOf(ask)
  const ticket = sandbox.legacyTickets.take(form?.get('ticket') ?? '')
  if (ticket === undefined) return problem('This page has expired or was already used. Start again.')
  if (form?.get('decision') === 'allow') return giveCode(sandbox, ticket.login, ticket.request)
  return failure(ticket.request, 'access_denied', 'User denied access')
}

const shared = { follows: 'Authorization before 2017, Web flow', family: 'legacy', access: 'open' } as const

export const legacyAuthorizeOperations: readonly Operation[] = [
  { ...shared, name: 'legacy.authorize', method: 'GET', path: loginPath, run: showLogin },
  { ...shared, name: 'legacy.login', method: 'POST', path: loginPath, run: logIn },
  { ...shared, name: 'legacy.consent', method: 'POST', path: consentPath, run: decide },
]
