import type { Context } from './context.ts'
import { type Credentials, credentialsPath, readCredentials, writeCredentials } from './credentials-file.ts'

const withoutPassword = ({ AMALGAM_PASSWORD: _old, ...rest }: Credentials): Credentials => rest

/**
 * Keeps `credentials.sh` true when its administrator replaces a secret: the command lines that read it go on
 * working. A new password is known to the person alone, so the old one is only taken out.
 */
export const keepCredentials = ({ accounts, config, logger }: Context): void => {
  const path = credentialsPath(config.dataDir)
  const update = async (email: string, isPassword: boolean): Promise<void> => {
    const before = await readCredentials(path)
    const owner = before.AMALGAM_EMAIL
    if (owner === undefined) return
    if (isPassword) {
      if (owner.toLowerCase() === email.toLowerCase()) await writeCredentials(path, withoutPassword(before))
      return
    }
    // The organization's secret may have been replaced by somebody else of the organization.
    const member = await accounts.memberByEmail(owner)
    if (member === null) return
    await writeCredentials(path, {
      ...before,
      AMALGAM_ORGANIZATION: member.organizationSecret,
      AMALGAM_USER: member.userSecret,
    })
  }
  accounts.onReplaced(async (email, what) => {
    try {
      await update(email, what === 'password')
    } catch (error) {
      logger.error({ err: error }, `${path} could not be brought up to date; the next start does it`)
    }
  })
}
