// Organizations, their users, secrets, and who is calling.
// No HTTP: a header is parsed before, an error becomes a status after.
import { createAuthenticator } from './authenticate.ts'
import { createLogin } from './login.ts'
import { createMembers } from './members.ts'
import type { AccountsNeed } from './need.ts'

export type { Caller, Presented } from './authenticate.ts'
export { secretContext } from './need.ts'

export type Accounts = ReturnType<typeof createAccounts>

export const createAccounts = (need: AccountsNeed) => ({
  ...createMembers(need),
  ...createLogin(need),
  ...createAuthenticator(need),
})
