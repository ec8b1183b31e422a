import { AppError } from '#src/lib/errors.ts'
import { hashPassword } from '#src/lib/password.ts'
import { hashSecret, newSecret } from '#src/lib/secret.ts'
import type { UserRow } from '#src/store/index.ts'
import type { Login } from './login.ts'
import { type AccountsNeed, checkPassword, emailKey, secretContext } from './need.ts'
import type { Sessions } from './sessions.ts'

export interface OwnSecrets {
  readonly userSecret: string
  readonly organizationSecret: string
}

/** What was replaced, so that nothing goes on with the old one. */
export type Replaced = 'user' | 'organization' | 'password'

/** What a person who logged in sees and changes of the own secrets. */
export const createOwnSecrets = (
  need: AccountsNeed,
  { login, sessions }: { readonly login: Login; readonly sessions: Sessions },
  replaced: (user: UserRow, what: Replaced) => Promise<void>,
) => {
  const { store, vault } = need

  const whoHas = async (bearer: string): Promise<UserRow> => {
    const user = await sessions.find(bearer)
    if (user !== undefined) return user
    throw new AppError(
      'bad-credentials',
      'The bearer token is unknown or has ended. Log in again with POST /authentication.',
    )
  }

  const secretsOf = async ({ organizationId, userId }: UserRow): Promise<OwnSecrets> => {
    const user = await store.accounts.user(organizationId, userId)
    const organization = await store.accounts.organization(organizationId)
    if (!user?.secretSealed || !organization?.secretSealed) {
      throw new AppError('bad-credentials', 'This user has no secrets. Log in as another one.')
    }
    return {
      userSecret: vault.open(user.secretSealed, secretContext.userSecret(organizationId, userId)),
      organizationSecret: vault.open(
        organization.secretSealed,
        secretContext.organizationSecret(organizationId),
      ),
    }
  }

  return {
    /**
     * The secrets of an active user, for calls that this server makes in the user's name.
     * @throws AppError `bad-credentials` in words for people.
     */
    secretsOfUser: async (organizationId: number, userId: number): Promise<OwnSecrets> => {
      const user = await store.accounts.user(organizationId, userId)
      if (user?.active === true) return secretsOf(user)
      throw new AppError('bad-credentials', `User ${userId} is deactivated, so nothing runs in its name.`)
    },
    /** The secrets of whoever logged in. @throws AppError `bad-credentials`. */
    secrets: async (bearer: string): Promise<OwnSecrets> => {
      const user = await whoHas(bearer)
      const found = await secretsOf(user)
      if (user.secretsSeenAt === null) {
        await store.accounts.setSecretsSeen(user.organizationId, user.userId)
      }
      return found
    },
    /**
     * A new secret in place of the user's or the organization's; the old one is refused from then on. The row is
     * written first: of two resets at once the second waits there, and then removes what the first one added.
     * @throws AppError `bad-credentials`.
     */
    resetSecret: async (bearer: string, which: 'user' | 'organization'): Promise<OwnSecrets> => {
      const user = await whoHas(bearer)
      const { organizationId, userId } = user
      const secret = newSecret()
      await store.transaction(async (inside) => {
        if (which === 'user') {
          const sealed = vault.seal(secret, secretContext.userSecret(organizationId, userId))
          await inside.accounts.setUserSecret(organizationId, userId, sealed)
        } else {
          const sealed = vault.seal(secret, secretContext.organizationSecret(organizationId))
          await inside.accounts.setOrganizationSecret(organizationId, sealed)
        }
        const subjectId = which === 'user' ? userId : organizationId
        await inside.directory.removeSubject(which, organizationId, subjectId)
        await inside.directory.add(which, hashSecret(secret), organizationId, subjectId)
      })
      await replaced(user, which)
      return secretsOf(user)
    },
    /**
     * Replaces the password of whoever logged in, and ends every other session.
     * @throws AppError `bad-credentials` when the old one is wrong, `bad-request`, `too-many-requests`.
     */
    changePassword: async (bearer: string, oldPassword: string, newPassword: string): Promise<void> => {
      const user = await whoHas(bearer)
      await login.verified(user.email, oldPassword)
      const passwordHash = await hashPassword(checkPassword(newPassword))
      await store.transaction(async (inside) => {
        await inside.accounts.setPassword(user.organizationId, user.userId, passwordHash)
        await inside.directory.removeSubject('session', user.organizationId, user.userId)
        await sessions.keep(inside, user, bearer)
        await inside.loginFailures.clear(emailKey(user.email))
      })
      await replaced(user, 'password')
    },
  }
}
