import { randomUUID } from 'node:crypto'
import type { Ask, Operation, Reply, Sandbox } from './operation.ts'
import { consentPage, loginPage, problemPage } from './pages.ts'
import { sha256 } from './state.ts'
import type { AuthorizeRequest } from './tickets.ts'

/** The sandbox's own, public application. */
export const app = { key: 'amalgam-crm-sandbox', secret: 'amalgam-crm-sandbox-secret' } as const

const admin = { login: 'admin@crm.example', password: 'sandbox' } as const
const codeLifeMs = 10 * 60_000

const knownScopes = new Set([
  'oauth',
  ...['contacts', 'companies'].flatMap((object) =>
    ['read', 'write'].map((way) => `crm.objects.${object}.${way}`),
  ),
])

const problem = (message: string): Reply => ({ status: 400, html: problemPage(message) })

const redirectTo = (redirectUri: string, params: Readonly<Record<string, string | null>>): Reply => {
  const url = new URL(redirectUri)
  for (const [name, value] of Object.entries(params)) if (value !== null) url.searchParams.append(name, value)
  return { status: 302, headers: { location: url.href, 'cache-control': 'no-store' } }
}

const isAllowed = (redirectUri: string): boolean => {
  const url = URL.canParse(redirectUri) ? new URL(redirectUri) : null
  return (
    url !== null &&
    url.hash === '' &&
    (url.protocol === 'https:' || ['127.0.0.1', 'localhost'].includes(url.hostname))
  )
}

/** What is asked for, or the page that tells what is wrong: who asks wrongly is never sent anywhere. */
const requestIn = (params: URLSearchParams): AuthorizeRequest | Reply => {
  const client = params.get('client_id') ?? ''
  if (client !== app.key) return problem('We could not find an app with this client ID.')
  const redirectUri = params.get('redirect_uri') ?? ''
  if (!isAllowed(redirectUri)) return problem('The redirect URL is not one of the app.')
  const scope = (params.get('scope') ?? '').trim()
  const unknown = scope.split(/\s+/).find((one) => !knownScopes.has(one))
  if (unknown !== undefined) return problem(`The app has no scope '${unknown}'.`)
  return { client, redirectUri, scope, state: params.get('state') }
}

const giveCode = ({ clock, state }: Sandbox, login: string, request: AuthorizeRequest): Reply => {
  const code = randomUUID()
  const { client, redirectUri, scope } = request
  const expiresAt = clock.now() + codeLifeMs
  state.happened({ kind: 'code', hash: sha256(code), code: { client, redirectUri, scope, login, expiresAt } })
  return redirectTo(redirectUri, { code, state: request.state })
}

const showLogin = (sandbox: Sandbox, { query }: Ask): Reply => {
  const request = requestIn(query)
  if ('status' in request) return request
  // Stands for a person who logs in and allows, so that a program can connect alone.
  if (query.get('sandbox_user') === admin.login) return giveCode(sandbox, admin.login, request)
  return { status: 200, html: loginPage(request, '', null) }
}

const logIn = ({ tickets }: Sandbox, { body }: Ask): Reply => {
  const form = new URLSearchParams(body)
  const request = requestIn(form)
  if ('status' in request) return request
  const login = form.get('username') ?? ''
  if (login !== admin.login || form.get('password') !== admin.password)
    return { status: 200, html: loginPage(request, login, 'That email address or password is wrong.') }
  return { status: 200, html: consentPage(request, tickets.issue(login, request), login) }
}

const decide = (sandbox: Sandbox, { body }: Ask): Reply => {
  const form = new URLSearchParams(body)
  const ticket = sandbox.tickets.take(form.get('ticket') ?? '')
  if (ticket === undefined) return problem('This page has expired or was already used. Start again.')
  if (form.get('decision') === 'allow') return giveCode(sandbox, ticket.login, ticket.request)
  const { redirectUri, state } = ticket.request
  return redirectTo(redirectUri, { error: 'access_denied', state })
}

/** Follows: developers.hubspot.com, Working with OAuth, "Initiating OAuth access". Not compared with the page. */
export const authorizeOperations: readonly Operation[] = [
  { name: 'oauth.authorize', method: 'GET', path: '/oauth/authorize', access: 'page', run: showLogin },
  { name: 'oauth.login', method: 'POST', path: '/oauth/authorize', access: 'page', run: logIn },
  { name: 'oauth.consent', method: 'POST', path: '/oauth/authorize/consent', access: 'page', run: decide },
]
