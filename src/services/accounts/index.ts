// Organizations, their users, secrets, and who is calling.
// No HTTP: a header is parsed before, an error becomes a status after.
import { randomUUID } from 'node:crypto'
import type { UserRow } from '#src/store/index.ts'
import { type Caller, createAuthenticator } from './authenticate.ts'
import { createLogin } from './login.ts'
import { createMembers } from './members.ts'
import type { AccountsNeed } from './need.ts'
import { createOwnSecrets, type Replaced } from './own-secrets.ts'
import { createSessions } from './sessions.ts'

export type { Caller, Presented } from './authenticate.ts'
export { secretContext } from './need.ts'
export type { Replaced } from './own-secrets.ts'

export type Accounts = ReturnType<typeof createAccounts>

/** On this channel processes tell each other that a secret was replaced. */
const accountChannel = 'amalgam_account'

export const createAccounts = (need: AccountsNeed) => {
  const sender = randomUUID()
  const listeners = new Set<(email: string, what: Replaced) => Promise<void>>()
  const sessions = createSessions(need)
  const login = createLogin(need, sessions)
  const { authenticate, forgetSecrets } = createAuthenticator(need)

  const replaced = async (user: UserRow, what: Replaced): Promise<void> => {
    forgetSecrets()
    await need.store.notify(accountChannel, sender)
    for (const listener of listeners) await listener(user.email, what)
  }

  return {
    ...createMembers(need),
    ...createOwnSecrets(need, { login, sessions }, replaced),
    authenticate,
    logIn: login.logIn,
    pruneLogins: login.pruneLogins,
    /** Whose a session is; undefined when it has ended. Using it, it goes on for 12 hours. */
    userOfSession: (token: string): Promise<UserRow | undefined> => sessions.use(token),
    /** @throws AppError `bad-credentials` when the session has ended. */
    callerOfSession: (token: string): Promise<Caller> => sessions.callerOf(token),
    endSession: sessions.end,
    /** Calls `listener` after this process replaced a secret or password of `email`. */
    onReplaced: (listener: (email: string, what: Replaced) => Promise<void>): void => {
      listeners.add(listener)
    },
    /** Listens for secrets replaced by other processes; the result stops it. */
    watch: (): Promise<() => Promise<void>> =>
      need.store.listen(
        accountChannel,
        (payload) => {
          if (payload !== sender) forgetSecrets()
        },
        forgetSecrets,
      ),
  }
}
