import { escapeHtml, htmlPage } from '../parts/html.ts'
import type { AuthorizeRequest } from './tickets.ts'

/** Plain forms with hidden fields: no scripts, no cookies, so that a program can walk them as a browser does. */

const hidden = (name: string, value: string | null): string =>
  value === null ? '' : `<input type="hidden" name="${name}" value="${escapeHtml(value)}">\n`

export const loginPage = (request: AuthorizeRequest, login: string, problem: string | null): string =>
  htmlPage(
    'Log in - HubSpot sandbox',
    `<h1>Log in to the HubSpot sandbox</h1>
${problem === null ? '' : `<p class="problem" role="alert">${escapeHtml(problem)}</p>`}
<form method="post" action="/oauth/authorize">
${hidden('client_id', request.client)}${hidden('redirect_uri', request.redirectUri)}${hidden('scope', request.scope)}${hidden('state', request.state)}
<label for="username">Email address</label>
<input id="username" name="username" type="text" autocomplete="username" value="${escapeHtml(login)}" required autofocus>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button id="loginBtn" type="submit">Log in</button>
</form>
<p>The administrator is <code>admin@crm.example</code>, the password <code>sandbox</code>.</p>`,
    true,
  )

export const consentPage = (request: AuthorizeRequest, ticket: string, login: string): string =>
  htmlPage(
    'Connect app - HubSpot sandbox',
    `<h1>Connect an app</h1>
<p><strong>${escapeHtml(request.client)}</strong> asks <strong>${escapeHtml(login)}</strong> for access to this account:</p>
<ul>${request.scope
      .split(' ')
      .map((scope) => `<li>${escapeHtml(scope)}</li>`)
      .join('')}</ul>
<form method="post" action="/oauth/authorize/consent">
${hidden('ticket', ticket)}<button id="connectBtn" type="submit" name="decision" value="allow">Connect app</button>
<button id="cancelBtn" class="plain" type="submit" name="decision" value="deny">Cancel</button>
</form>`,
    true,
  )

export const problemPage = (message: string): string =>
  htmlPage(
    'Cannot connect - HubSpot sandbox',
    `<h1>This request cannot be answered</h1>\n<p class="problem" role="alert">${escapeHtml(message)}</p>`,
    true,
  )
