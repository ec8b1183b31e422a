import { AppError } from '#src/lib/errors.ts'
import { hashSecret, newSecret } from '#src/lib/secret.ts'
import type { Tables, UserRow } from '#src/store/index.ts'
import type { Caller } from './authenticate.ts'
import type { AccountsNeed } from './need.ts'

const sessionMs = 12 * 3_600_000
/** An idle clock is set back at most this often, so that a busy page writes little. */
const prolongEveryMs = 5 * 60_000

const sessionEnd = (): Date => new Date(Date.now() + sessionMs)

/** Sessions: rows of the directory, by the hash of a token that only the person holds. */
export const createSessions = ({ store }: AccountsNeed) => {
  /** Keeps a token valid for 12 hours from now on. */
  const keep = (inside: Tables, user: UserRow, token: string): Promise<boolean> =>
    inside.directory.add('session', hashSecret(token), user.organizationId, user.userId, sessionEnd())

  /** Whose a session is; undefined when it is unknown or has ended, or the person may no longer sign in. */
  const find = async (token: string): Promise<UserRow | undefined> => {
    const found = await store.directory.find('session', hashSecret(token))
    if (found === undefined) return undefined
    const user = await store.accounts.user(found.organizationId, found.subjectId)
    return user?.active ? user : undefined
  }

  /** As `find`, and the 12 hours begin again: a session ends when it was idle for so long. */
  const use = async (token: string): Promise<UserRow | undefined> => {
    const hash = hashSecret(token)
    const found = await store.directory.find('session', hash)
    if (found === undefined) return undefined
    if ((found.expiresAt?.getTime() ?? 0) < Date.now() + sessionMs - prolongEveryMs) {
      await store.directory.setExpiry('session', hash, sessionEnd())
    }
    const user = await store.accounts.user(found.organizationId, found.subjectId)
    return user?.active ? user : undefined
  }

  /** @throws AppError `bad-credentials` when the session has ended. */
  const callerOf = async (token: string): Promise<Caller> => {
    const user = await use(token)
    if (user === undefined) {
      throw new AppError('bad-credentials', 'Your session has ended. Sign in again.')
    }
    return { organizationId: user.organizationId, accountId: user.accountId, userId: user.userId }
  }

  return {
    newToken: newSecret,
    keep,
    find,
    use,
    callerOf,
    end: (token: string) => store.directory.remove('session', hashSecret(token)),
  }
}

export type Sessions = ReturnType<typeof createSessions>
