import { escapeHtml, htmlPage } from '../parts/html.ts'
import { companyIds } from './data-centres.ts'
import { knownFaults } from './fault-list.ts'
import { appId, appSecret, apps, legacyKey, legacySecret } from './oauth/app.ts'
import type { Operation, Sandbox } from './operation.ts'
import { abroadLogin, adminLogin, euAdminLogin, peopleOf } from './people.ts'

/** The page at `/`: what this is and how to use it. Loads nothing from elsewhere. */

const row = (cells: readonly string[]): string =>
  `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`
const code = (text: string): string => `<code>${escapeHtml(text)}</code>`

/** The operations of one page of the documents, folded up. */
const operationGroup = (follows: string, operations: readonly Operation[]): string =>
  `<details><summary>${escapeHtml(follows)} (${String(operations.length)})</summary>
<table>
${operations.map(({ name, method, path }) => row([code(name), code(`${method} ${path}`)])).join('\n')}
</table></details>`

const operationGroups = (operations: readonly Operation[]): string => {
  const pages = [...new Set(operations.map(({ follows }) => follows ?? 'the sandbox itself'))]
  return pages
    .map((page) =>
      operationGroup(
        page,
        operations.filter(({ follows }) => (follows ?? '') === page),
      ),
    )
    .join('\n')
}

const faultTable = (): string =>
  Object.entries(knownFaults)
    .map(([name, text]) => row([code(name), escapeHtml(text)]))
    .join('\n')

const controls: readonly (readonly [string, string])[] = [
  ['GET /sandbox/faults', 'the faults that are set'],
  [
    'PUT /sandbox/faults',
    'replaces them: a list of {"fault", "operation"?, "rate"? (with "seed"?) or "times"?, "value"?}',
  ],
  ['DELETE /sandbox/faults', 'no faults'],
  [
    'GET /sandbox/calls',
    'counts by operation and by grant, and the last 1,000 requests, each with `sent`; secrets masked',
  ],
  ['DELETE /sandbox/calls', 'starts counting anew'],
  ['GET /sandbox/mail', 'one-time passwords, as their receivers would find them'],
  ['POST /sandbox/clock', '{"addSeconds": 3600} moves the sandbox’s clock: tokens expire'],
  ['POST /sandbox/revoke', '{"login"} or {"company"} revokes one’s tokens of both frameworks; {} all'],
  [
    'POST /sandbox/reports/ID/pay',
    'what a payment run does; {"payment": "P_PAYC"} or another status, P_PAID unless said',
  ],
  [
    'POST /sandbox/request-token',
    'a company’s request token: {"company"? "us2" or "eu2", "client"?}; with {"login"} a person’s, as the App Center gives',
  ],
]

const otherApps = (): string =>
  apps
    .filter(({ id }) => id !== appId)
    .map(({ id, about }) => `${code(id)} (${escapeHtml(about)})`)
    .join('; ')

const troubled = (): string =>
  peopleOf('us2')
    .filter((person) => person.problem !== null && person.active)
    .map((person) => `${code(person.login)} (error ${String(person.problem)})`)
    .join(', ')

export const sandboxPage = (sandbox: Sandbox, baseUrl: string, operations: readonly Operation[]): string =>
  htmlPage(
    'Concur sandbox',
    `<h1>Concur sandbox</h1>
<p>This program stands in for SAP Concur: it speaks the same addresses, bodies and errors, on invented data.
It is not made by SAP, and nothing here reaches the real service. It holds ${String(sandbox.seed.count)} expense reports
and ${String(peopleOf('us2').length)} people, and remembers what is written to it.</p>

<h2>Signing in</h2>
<p>Application: client id ${code(appId)}, secret ${code(appSecret)}; any redirect address on https, or http on this machine.<br>
People: ${code(adminLogin)} (Web Services Administrator) and 200 more such as ${code('amber.badger@sandbox.example')};
everybody’s password is ${code('sandbox')}. Some have left (error 10). Logins that fail as documented: ${troubled()}.<br>
Company: ${code(companyIds.us2)}.</p>
<p>A second data centre with a company of its own, ${code(companyIds.eu2)}, lies under the path ${code('/dc/eu2')}, where every
address of the vendor is served; the root is us2, and ${code('glz')} for codes and request tokens. Its administrator is
${code(euAdminLogin)}; ${code(abroadLogin)} lives there too and is answered with error 16 at the root.</p>
<p>The old login framework ${code('/net2/oauth2')} knows the application as consumer key ${code(legacyKey)}, secret
${code(legacySecret)}; its tokens are sent as ${code('Authorization: OAuth')} and open v1 to v3 only.</p>
<p>More applications, each with the secret ${code('ID-secret')}: ${otherApps()}.</p>
<p>The quickest way to a token and a report:</p>
<pre>TOKEN=$(curl -s ${escapeHtml(baseUrl)}/oauth2/v0/token -d grant_type=password \\
  -d client_id=${appId} -d client_secret=${appSecret} \\
  -d username=${adminLogin} -d password=sandbox | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
curl -s "${escapeHtml(baseUrl)}/api/v3.0/expense/reports?user=ALL&amp;limit=2" -H "Authorization: Bearer $TOKEN"</pre>
<p>With a browser, applications send people to ${code('/oauth2/v0/authorize')}. The parameter
${code('sandbox_user=LOGIN')} there signs that person in and allows access without a page.</p>

<h2>Operations</h2>
<p>${String(operations.length)} of them, by the page of developer.concur.com that each follows. The sandbox has no more.</p>
${operationGroups(operations)}

<h2>Control</h2>
<table>
${controls.map(([address, text]) => row([code(address), escapeHtml(text)])).join('\n')}
</table>

<h2>Faults and switches</h2>
<p>Each may be limited to one ${code('operation')} by its name above, and to a ${code('rate')} (0 to 1; with a ${code('seed')} by
chance) or a number of ${code('times')}; without either it stands until it is removed.</p>
<pre>curl -X PUT ${escapeHtml(baseUrl)}/sandbox/faults -d '[{"fault":"rate-limit","operation":"reports.list","times":2,"value":1}]'</pre>
<table><tr><th>Fault</th><th>What happens</th></tr>
${faultTable()}
</table>

<h2>What is decided here because the documents leave it open</h2>
<ul>
<li>Date filters exclude their border; lists run from the newest change to the oldest; at most 100 rows a page.</li>
<li>Filters on entries ask for one entry that matches; only the two transaction dates must be met by the same entry.</li>
<li>A dead token answers 403 on v1 to v3 and 401 on v4 and later; no Authorization header answers 401.</li>
<li>Writing a field that can only be read is refused with 400; a field that does not exist is ignored.</li>
<li>Another person’s report is found only with ${code('user=LOGIN')}; otherwise 404.</li>
<li>v3 speaks JSON and XML, by ${code('Accept')} and ${code('Content-Type')}; without ${code('Accept')}, with any type, with
equal wishes and with types it cannot write, replies are JSON.</li>
<li>XML of v3 has no namespace: ${code('<Reports><Items><Report>')}…${code('</Items><NextPage>')}, ${code('<Entries>')} alike,
${code('<Report>')} and ${code('<Entry>')} for one row and for what is sent, ${code('<CreateResponse>')}, ${code('<Error>')};
null is ${code('i:nil="true"')}. A document type is refused, and so is more than 1 MiB.</li>
<li>DELETE of an entry on v3 is deprecated but works: 200, ${code('x-api-warn')} and ${code('sunset')}; 400 when its report
is in workflow. The switch ${code('refuse-deprecated')} closes it.</li>
<li>A request token past its 24 hours is a wrong credential: code 5. The old token addresses answer 400 for a missing
parameter, 401 for a missing header or a wrong password, 403 for a wrong value, in XML unless ${code('Accept')} says JSON.</li>
<li>Moving an old token answers 400 (404 for ${code('INVALIDAPP')}) with ${code('{"code","message"}')}; the old token lives on.</li>
<li>One-time passwords have eight digits, live 15 minutes, and three may be open for one address.</li>
<li>Unknown ids of v3 and codes of lists are accepted in writes (switch ${code('ids')}); ids of attendees never.</li>
<li>v3 and v4 ids of the same thing are different and lead to each other here only; report ids are the same.</li>
<li>A POST of attendees to an expense replaces those that it had; amounts are not held against the expense’s.</li>
<li>Submitting sends a report to its owner’s manager, then comes accounting review; a company’s token approves
either step. Empty reports are not submitted (409). Each expense of a submitted report has one allocation.</li>
<li>Contexts PROXY and PROCESSOR are an administrator’s, PROXY also the owner’s.</li>
<li>Images are PDF, JPEG or PNG; several pages are bound into one PDF that holds each as it came. Addresses of files
live 15 minutes and need no token.</li>
<li>Records of invoices that fail stand inside a 200 with Type ERROR; success is Code 0, Type SUCCESS.</li>
</ul>`,
    false,
  )
