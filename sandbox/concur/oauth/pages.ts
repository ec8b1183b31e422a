import { escapeHtml, htmlPage } from '../../parts/html.ts'
import { splitScope } from './scopes.ts'
import type { AuthorizeRequest } from './tickets.ts'

/** Plain forms with hidden fields: no scripts, no cookies, so that curl can walk them as a browser does. */

const hidden = (name: string, value: string | null): string =>
  value === null ? '' : `<input type="hidden" name="${name}" value="${escapeHtml(value)}">\n`

/** What a login form sends besides name and password, as the authorize address was asked. */
const hiddenFields = (request: AuthorizeRequest): string =>
  [
    hidden('client_id', request.client),
    hidden('response_type', 'code'),
    hidden('redirect_uri', request.redirectUri),
    hidden('scope', request.scope),
    hidden('state', request.state),
    hidden('code_challenge', request.challenge),
    hidden('code_challenge_method', request.challenge === null ? null : 'S256'),
  ].join('')

/** Ids of the inputs: the ones of Concur's own page, which browser scripts look for. */
export const loginPage = (
  path: string,
  request: AuthorizeRequest,
  login: string,
  problem: string | null,
): string =>
  htmlPage(
    'Sign in - Concur sandbox',
    `<h1>Sign in to the Concur sandbox</h1>
${problem === null ? '' : `<p class="problem" role="alert">${escapeHtml(problem)}</p>`}
<form method="post" action="${escapeHtml(path)}">
${hiddenFields(request)}
<label for="UserNameTxt">User name</label>
<input id="UserNameTxt" name="username" type="text" autocomplete="username" value="${escapeHtml(login)}" required autofocus>
<label for="PasswordTxt">Password</label>
<input id="PasswordTxt" name="password" type="password" autocomplete="current-password" required>
<button id="LoginBtn" type="submit">Sign in</button>
</form>
<p>Everybody's password is <code>sandbox</code>; the administrator is <code>admin@sandbox.example</code>.</p>`,
    true,
  )

export const consentPage = (path: string, request: AuthorizeRequest, ticket: string, login: string): string =>
  htmlPage(
    'Allow access - Concur sandbox',
    `<h1>Allow access?</h1>
<p><strong>${escapeHtml(request.client)}</strong> asks to work in the name of <strong>${escapeHtml(login)}</strong>:</p>
<ul>${splitScope(request.scope)
      .map((scope) => `<li>${escapeHtml(scope)}</li>`)
      .join('')}</ul>
<form method="post" action="${escapeHtml(path)}">
${hidden('ticket', ticket)}<button id="AllowBtn" type="submit" name="decision" value="allow">Allow</button>
<button id="DenyBtn" class="plain" type="submit" name="decision" value="deny">Deny</button>
</form>`,
    true,
  )

export const problemPage = (message: string): string =>
  htmlPage(
    'Cannot sign in - Concur sandbox',
    `<h1>This request cannot be answered</h1>\n<p class="problem" role="alert">${escapeHtml(message)}</p>`,
    true,
  )
