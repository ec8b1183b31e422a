import { relative } from 'node:path'
import { apiBase } from '#src/api/index.ts'
import type { Sandbox, TourCall } from '#src/element/index.ts'
import type { Config } from './config.ts'
import { type Credentials, credentialsPath, quote } from './credentials-file.ts'
import type { StartedSandbox } from './start-sandboxes.ts'

/** By way of the working folder where the file is below it: short to read, and right where it is pasted. */
const nearPath = (path: string): string => {
  const near = relative(process.cwd(), path)
  return near === '' || near.startsWith('..') ? path : near
}

/** As one word of a POSIX shell; `.` searches PATH for a name without a slash, and takes `-` for an option. */
const shellPath = (path: string): string => {
  const near = nearPath(path)
  const word = near.includes('/') && !near.startsWith('-') ? near : `./${near}`
  return /^[\w./@%+=:,-]+$/.test(word) ? word : quote(word)
}

/** A command line that works as it is pasted: it reads the secrets from the file, and shows none. */
const curlLine = (config: Config, call: TourCall): string => {
  const parameters = Object.entries(call.query).map(
    ([name, value]) => `  --data-urlencode "${name}=${value}"`,
  )
  return [
    `. ${shellPath(credentialsPath(config.dataDir))} && curl -sG -H "Authorization: User $AMALGAM_USER, Element $AMALGAM_ELEMENT" \\`,
    ...parameters.map((line) => `${line} \\`),
    `  "$AMALGAM_URL${apiBase}${call.path}"`,
  ].join('\n')
}

/** Asks the API itself, as a person would, so that what is shown as output is output. */
export type Ask = (call: TourCall, credentials: Credentials) => Promise<string>

/** What a newcomer sees when everything runs. */
export const printBanner = async (
  config: Config,
  credentials: Credentials,
  sandboxes: readonly StartedSandbox[],
  sandbox: Sandbox | undefined,
  ask: Ask,
): Promise<string> => {
  const file = nearPath(credentialsPath(config.dataDir))
  const head = [
    '',
    `Amalgam listens at ${config.publicUrl}${apiBase}`,
    `Page for people: ${config.publicUrl}/`,
    `Administrator: ${credentials.AMALGAM_EMAIL ?? config.adminEmail} (password and secrets stand in ${file})`,
    ...sandboxes.map(({ title, url }) => `Sandbox of ${title}: ${url}`),
    '',
  ]
  if (sandbox === undefined || credentials.AMALGAM_ELEMENT === undefined) return `${head.join('\n')}\n`
  const parts = await Promise.all(
    sandbox.tour.map(async (call) => {
      const output = await ask(call, credentials)
      return `# ${call.title}\n${curlLine(config, call)}\n${output}\n`
    }),
  )
  return `${head.join('\n')}\nTry it in another terminal:\n\n${parts.join('\n')}\nCtrl-C stops everything.\n`
}
