import { AppError } from '#src/lib/errors.ts'
import { verifyNothing, verifyPassword } from '#src/lib/password.ts'
import type { UserRow } from '#src/store/index.ts'
import { type AccountsNeed, emailKey } from './need.ts'
import type { Sessions } from './sessions.ts'

const failuresAllowed = 10

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

/** Login by e-mail and password. */
export const createLogin = ({ store }: AccountsNeed, sessions: Sessions) => {
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

  const verify = async (email: string, password: string): Promise<UserRow> => {
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
    return user
  }

  /**
   * The user of an e-mail and a password.
   * @throws AppError `bad-credentials`; `too-many-requests` after 10 failures a minute for one e-mail.
   */
  const verified = (email: string, password: string): Promise<UserRow> =>
    inTurn(emailKey(email), () => verify(emailKey(email), password))

  return {
    verified,
    /**
     * A token that stands for whoever logged in, good for 12 hours.
     * @throws AppError as `verified`.
     */
    logIn: async (email: string, password: string): Promise<{ token: string }> => {
      const user = await verified(email, password)
      const token = sessions.newToken()
      await store.transaction(async (inside) => {
        await inside.loginFailures.clear(emailKey(email))
        await inside.accounts.setLastLogin(user.organizationId, user.userId)
        await sessions.keep(inside, user, token)
      })
      return { token }
    },
    /** Removes ended sessions and login failures that count no more. */
    pruneLogins: async (): Promise<void> => {
      await store.directory.prune()
      await store.loginFailures.prune()
    },
  }
}

export type Login = ReturnType<typeof createLogin>
