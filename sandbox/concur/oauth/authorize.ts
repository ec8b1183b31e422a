import { newUuid, sha256 } from '../ids.ts'
import type { Ask, Operation, Sandbox } from '../operation.ts'
import { personByLogin } from '../people.ts'
import { homeUrl } from '../principals.ts'
import type { Reply } from '../reply.ts'
import { appById, isRedirectAllowed } from './app.ts'
import { checkLogin } from './check-login.ts'
import { describe } from './codes.ts'
import { formOf } from './form.ts'
import { consentPage, loginPage, problemPage } from './pages.ts'
import { defaultScope, isRegistered, splitScope } from './scopes.ts'
import type { AuthorizeRequest } from './tickets.ts'

/** A code lives 15 minutes and works once. */
const codeLifeMs = 15 * 60_000

const redirectTo = (redirectUri: string, params: Readonly<Record<string, string | null>>): Reply => {
  const url = new URL(redirectUri)
  for (const [name, value] of Object.entries(params)) if (value !== null) url.searchParams.append(name, value)
  return { status: 302, headers: { location: url.href, 'cache-control': 'no-store' } }
}

const failure = (request: { redirectUri: string; state: string | null }, code: string, text: string): Reply =>
  redirectTo(request.redirectUri, { error_code: code, error_description: text, state: request.state })

const problem = (message: string): Reply => ({ status: 400, html: problemPage(message) })

type Checked =
  | { readonly kind: 'good'; readonly request: AuthorizeRequest }
  | { readonly kind: 'bad'; readonly reply: Reply }

const problemOf = (params: URLSearchParams, scopes: readonly string[]): readonly [string, string] | null => {
  if (params.get('response_type') !== 'code')
    return ['unsupported_response_type', 'response_type must be code']
  const method = params.get('code_challenge_method')
  const challenge = params.get('code_challenge')
  if (challenge !== null && (method ?? 'S256') !== 'S256') {
    return ['invalid_request', 'code_challenge_method must be S256']
  }
  if (challenge !== null && !/^[\w-]{43}$/.test(challenge)) {
    return ['invalid_request', 'code_challenge must be 43 letters of base64url']
  }
  const unknown = scopes.find((scope) => !isRegistered(scope))
  return unknown === undefined ? null : ['54', `${describe(54)}: ${unknown}`]
}

/** An unknown client or a bad redirect address never redirects (RFC 6749 section 4.1.2.1). */
const checkRequest = (params: URLSearchParams): Checked => {
  const app = appById(params.get('client_id') ?? '')
  if (app === undefined) return { kind: 'bad', reply: problem(`${describe(61)} (code 61)`) }
  if (app.disabled) return { kind: 'bad', reply: problem(`${describe(59)} (code 59)`) }
  const redirectUri = params.get('redirect_uri') ?? ''
  if (!isRedirectAllowed(redirectUri)) {
    const text = 'redirect_uri must be an https address, or http on this machine, without a fragment'
    return { kind: 'bad', reply: problem(text) }
  }
  const state = params.get('state')
  const scopes = splitScope(params.get('scope') ?? '')
  const wrong = problemOf(params, scopes)
  if (wrong !== null) return { kind: 'bad', reply: failure({ redirectUri, state }, wrong[0], wrong[1]) }
  const challenge = params.get('code_challenge')
  const scope = scopes.length === 0 ? defaultScope : scopes.join(' ')
  return { kind: 'good', request: { client: app.id, redirectUri, scope, state, challenge } }
}

const giveCode = (sandbox: Sandbox, ask: Ask, login: string, request: AuthorizeRequest): Reply => {
  const code = newUuid()
  const { client, redirectUri, scope, challenge } = request
  const expiresAt = sandbox.clock.now() + codeLifeMs
  sandbox.state.record({
    kind: 'code',
    hash: sha256(code),
    code: { login, client, redirectUri, scope, challenge, expiresAt },
  })
  return redirectTo(redirectUri, {
    geolocation: homeUrl(ask, { kind: 'user', login }),
    code,
    state: request.state,
  })
}

/** `sandbox_user` stands for a person who signs in and allows, so that a program can connect alone. */
const consentAtOnce = (sandbox: Sandbox, ask: Ask, login: string, request: AuthorizeRequest): Reply => {
  const person = personByLogin(login)
  const code = person === undefined ? 100 : person.problem
  if (person === undefined || code !== null) return failure(request, String(code), describe(code ?? 100))
  return giveCode(sandbox, ask, person.login, request)
}

/** Where the forms go: the data centre whose page it is. */
const formPath = (ask: Ask): string => `${ask.baseUrl.slice(ask.origin.length)}/oauth2/v0/authorize`

const showLogin = (sandbox: Sandbox, ask: Ask): Reply => {
  const checked = checkRequest(ask.query)
  if (checked.kind === 'bad') return checked.reply
  const user = ask.query.get('sandbox_user')
  if (user !== null) return consentAtOnce(sandbox, ask, user, checked.request)
  return { status: 200, html: loginPage(formPath(ask), checked.request, '', null) }
}

const logIn = (sandbox: Sandbox, ask: Ask): Reply => {
  const form = formOf(ask)
  if (form === undefined) return problem('The form must be sent as application/x-www-form-urlencoded')
  const checked = checkRequest(form)
  if (checked.kind === 'bad') return checked.reply
  const login = form.get('username') ?? ''
  const found = checkLogin(login, form.get('password') ?? '')
  if ('code' in found) {
    // One sentence for both, so that the page does not tell which logins exist.
    const text = found.code === 100 ? describe(5) : describe(found.code)
    return { status: 200, html: loginPage(formPath(ask), checked.request, login, text) }
  }
  const ticket = sandbox.tickets.issue(found.person.login, checked.request)
  return {
    status: 200,
    html: consentPage(`${formPath(ask)}/consent`, checked.request, ticket, found.person.login),
  }
}

const decide = (sandbox: Sandbox, ask: Ask): Reply => {
  const form = formOf(ask)
  const ticket = sandbox.tickets.take(form?.get('ticket') ?? '')
  if (ticket === undefined) return problem('This page has expired or was already used. Start again.')
  if (form?.get('decision') === 'allow') return giveCode(sandbox, ask, ticket.login, ticket.request)
  return failure(ticket.request, 'access_denied', 'User denied access')
}

const follows = 'Authentication, Authorization grant'

/** Follows: developer.concur.com, Authentication, Authorization grant. Verified: 2026-08 */
export const authorizeOperations: readonly Operation[] = [
  {
    ...{ name: 'oauth.authorize', method: 'GET', path: '/oauth2/v0/authorize' },
    ...{ family: 'oauth', access: 'open', follows, run: showLogin },
  },
  {
    ...{ name: 'oauth.login', method: 'POST', path: '/oauth2/v0/authorize' },
    ...{ family: 'oauth', access: 'open', follows, run: logIn },
  },
  {
    ...{ name: 'oauth.consent', method: 'POST', path: '/oauth2/v0/authorize/consent' },
    ...{ family: 'oauth', access: 'open', follows, run: decide },
  },
]
