import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { StartError } from '#src/lib/start-error.ts'
import type { Context } from './context.ts'
import { credentialsPath, readCredentials, writeCredentials } from './credentials-file.ts'
import { newPassword } from './new-password.ts'

const fileFor = (context: Context, email: string): string =>
  join(context.config.dataDir, `credentials-${email.replace(/[^A-Za-z0-9.@_-]/g, '_')}.sh`)

/** A password from standard input where one is piped in, else a new one. */
const askPassword = async (): Promise<string> => {
  if (process.stdin.isTTY !== true) {
    const lines = createInterface({ input: process.stdin })
    for await (const line of lines) {
      lines.close()
      if (line.trim() !== '') return line.trim()
    }
  }
  return newPassword()
}

const organizationNumber = (text: string): number => {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new StartError(`ORGANIZATION_ID: a number, not '${text}'.`)
}

/** `organization add NAME EMAIL`: secrets go to a file of its own, never to the screen. */
export const addOrganization = async (context: Context, name: string, email: string): Promise<string> => {
  const password = await askPassword()
  const made = await context.accounts.addOrganization(name, email, password)
  const path = fileFor(context, email)
  await writeCredentials(path, {
    AMALGAM_URL: context.config.publicUrl,
    AMALGAM_EMAIL: email,
    AMALGAM_PASSWORD: password,
    AMALGAM_ORGANIZATION: made.organizationSecret,
    AMALGAM_USER: made.userSecret,
  })
  return `Organization ${made.organizationId} with its administrator ${email}; password and secrets stand in ${path}\n`
}

/** `user add ORGANIZATION_ID EMAIL` */
export const addUser = async (context: Context, organization: string, email: string): Promise<string> => {
  const password = await askPassword()
  const made = await context.accounts.addUser(organizationNumber(organization), email, password)
  const path = fileFor(context, email)
  await writeCredentials(path, {
    AMALGAM_URL: context.config.publicUrl,
    AMALGAM_EMAIL: email,
    AMALGAM_PASSWORD: password,
    AMALGAM_ORGANIZATION: made.organizationSecret,
    AMALGAM_USER: made.userSecret,
  })
  return `User ${made.userId} of organization ${made.organizationId}; password and secrets stand in ${path}\n`
}

/** `credentials.sh` where it is this person's, else the person's own file. */
const fileOf = async (context: Context, email: string): Promise<string> => {
  const main = credentialsPath(context.config.dataDir)
  const { AMALGAM_EMAIL = '' } = await readCredentials(main)
  return AMALGAM_EMAIL.toLowerCase() === email.trim().toLowerCase() ? main : fileFor(context, email)
}

/** `user password EMAIL`; the other secrets in the file stay. */
export const setPassword = async (context: Context, email: string): Promise<string> => {
  const password = await askPassword()
  await context.accounts.setPassword(email, password)
  const path = await fileOf(context, email)
  await writeCredentials(path, {
    AMALGAM_EMAIL: email,
    ...(await readCredentials(path)),
    AMALGAM_URL: context.config.publicUrl,
    AMALGAM_PASSWORD: password,
  })
  return `The password of ${email} is changed; it stands in ${path}\n`
}
