import { Refused } from './errors.ts'
import type { Ask, Sandbox } from './operation.ts'
import { personByLogin } from './people.ts'

/**
 * Addresses that the pages keep for company tokens; with the switch `principals` lenient (the default)
 * an administrator's user token may use them too.
 * Follows: developer.concur.com, Identity v4.1 and Expenses v4. Verified: 2026-08
 */
export const checkCompanyOrAdmin = (sandbox: Sandbox, ask: Ask): void => {
  const strict = sandbox.faults.strike('principals', ask.operation)?.value === 'strict'
  if (ask.principal?.kind === 'company') return
  const person = ask.principal?.kind === 'user' ? personByLogin(ask.principal.login) : undefined
  if (!strict && person?.admin === true) return
  throw new Refused(
    403,
    strict
      ? 'Forbidden: this address needs a company token'
      : `Forbidden: this address needs a company token or a Web Services Administrator's`,
  )
}
