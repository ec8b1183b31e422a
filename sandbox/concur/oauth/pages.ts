import { escapeHtml, htmlPage } from '../html.ts'
import { appId } from './app.ts'
import type { AuthorizeRequest } from './tickets.ts'

/** Plain forms with hidden fields: no scripts, no cookies, so that curl can walk them as a browser does. */

const hidden = (name: string, value: string | null): string =>
  value === null ? '' : `<input type="hidden" name="${name}" value="${escapeHtml(value)}">\n`

/** Ids of the inputs: the ones of Concur's own page, which browser scripts look for. */
export const loginPage = (request: AuthorizeRequest, login: string, problem: string | null): string =>
  htmlPage(
    'Sign in - Concur sandbox',
    `<h1>Sign in to the Concur sandbox</h1>
${problem === null ? '' : `<p class="problem" role="alert">${escapeHtml(problem)}</p>`}
<form method="post" action="/oauth2/v0/authorize">
${hidden('client_id', appId)}${hidden('response_type', 'code')}${hidden('redirect_uri', request.redirectUri)}${hidden('scope', request.scope)}${hidden('state', request.state)}${hidden('code_challenge', request.challenge)}${request.challenge === null ? '' : hidden('code_challenge_method', 'S256')}
<label for="UserNameTxt">User name</label>
<input id="UserNameTxt" name="username" type="text" autocomplete="username" value="${escapeHtml(login)}" required autofocus>
<label for="PasswordTxt">Password</label>
<input id="PasswordTxt" name="password" type="password" autocomplete="current-password" required>
<button id="LoginBtn" type="submit">Sign in</button>
</form>
<p>Everybody's password is <code>sandbox</code>; the administrator is <code>admin@sandbox.example</code>.</p>`,
    true,
  )

export const consentPage = (ticket: string, login: string, scopes: readonly string[]): string =>
  htmlPage(
    'Allow access - Concur sandbox',
    `<h1>Allow access?</h1>
<p><strong>${escapeHtml(appId)}</strong> asks to work in the name of <strong>${escapeHtml(login)}</strong>:</p>
<ul>${scopes.map((scope) => `<li>${escapeHtml(scope)}</li>`).join('')}</ul>
<form method="post" action="/oauth2/v0/authorize/consent">
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
