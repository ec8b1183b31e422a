import { AppError } from '#src/lib/errors.ts'
import { verifyNothing, verifyPassword } from '#src/lib/password.ts'
import { hashSecret, newSecret } from '#src/lib/secret.ts'
import type { UserRow } from '#src/store/index.ts'
import { type AccountsNeed, emailKey, secretContext } from './need.ts'

const failuresAllowed = 10
const sessionHours = 12

/** Runs tasks of one key one after another, so that a burst of guesses is counted guess by guess. */
const oneAtATime = () => {
  const tails = new Map<string, Promise<unknown>>()
  return async <T>(key: string, task: () => Promise<T>): Promise<T> => {
    const before = tails.get(key) ?? Promise.resolve()
    const mine = before.then(task, task)
    const settled = mine.catch(() => undefined)
    tails.set(key, settled)
    try {
      return await mine
    } finally {
      if (tails.get(key) === settled) tails.delete(key)
    }
  }
}

/** Login by e-mail and password, and the secrets that a login may see. */
export const createLogin = ({ store, vault }: AccountsNeed) => {
  const inTurn = oneAtATime()

  const checkedUser = async (email: string, password: string): Promise<UserRow | undefined> => {
    const found = await store.directory.find('email', email)
    const user =
      found === undefined ? undefined : await store.accounts.user(found.organizationId, found.subjectId)
    if (user === undefined || user.passwordHash === null || !user.active) {
      // As slow as a real check, so that time does not tell which e-mails exist.
      await verifyNothing(password)
      return undefined
    }
    return (await verifyPassword(user.passwordHash, password)) ? user : undefined
  }

  const logIn = async (email: string, password: string): Promise<{ token: string }> => {
    const failed = await store.loginFailures.read(email)
    if (failed !== undefined && failed.failures >= failuresAllowed) {
      throw new AppError('too-many-requests', 'Too many wrong logins for this e-mail. Wait a minute.', {
        retryable: true,
        retryAfterSeconds: Math.max(1, failed.secondsLeft),
      })
    }
    const user = await checkedUser(email, password)
    if (user === undefined) {
      await store.loginFailures.add(email)
      throw new AppError('bad-credentials', 'The username or the password is wrong.')
    }
    const token = newSecret()
    await store.transaction(async (inside) => {
      await inside.loginFailures.clear(email)
      await inside.accounts.setLastLogin(user.organizationId, user.userId)
      const expiresAt = new Date(Date.now() + sessionHours * 3_600_000)
      await inside.directory.add('session', hashSecret(token), user.organizationId, user.userId, expiresAt)
    })
    return { token }
  }

  return {
    /**
     * A bearer token for `secrets`, good for 12 hours.
     * @throws AppError `bad-credentials`; `too-many-requests` after 10 failures a minute for one e-mail.
     */
    logIn: (email: string, password: string): Promise<{ token: string }> =>
      inTurn(emailKey(email), () => logIn(emailKey(email), password)),
    /** Removes ended sessions and login failures that count no more. */
    pruneLogins: async (): Promise<void> => {
      await store.directory.prune()
      await store.loginFailures.prune()
    },
    /** The secrets of whoever logged in. @throws AppError `bad-credentials`. */
    secrets: async (bearer: string): Promise<{ userSecret: string; organizationSecret: string }> => {
      const found = await store.directory.find('session', hashSecret(bearer))
      const user =
        found === undefined ? undefined : await store.accounts.user(found.organizationId, found.subjectId)
      const organization =
        found === undefined ? undefined : await store.accounts.organization(found.organizationId)
      if (!user?.active || user.secretSealed === null || !organization?.secretSealed) {
        throw new AppError(
          'bad-credentials',
          'The bearer token is unknown or has ended. Log in again with POST /authentication.',
        )
      }
      const { organizationId, userId } = user
      return {
        userSecret: vault.open(user.secretSealed, secretContext.userSecret(organizationId, userId)),
        organizationSecret: vault.open(
          organization.secretSealed,
          secretContext.organizationSecret(organizationId),
        ),
      }
    },
  }
}
