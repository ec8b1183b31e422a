import { baseUrlAt, type DataCentre } from './data-centres.ts'
import { Refused } from './errors.ts'
import type { Ask, Sandbox } from './operation.ts'
import { personByLogin } from './people.ts'
import type { Principal } from './state.ts'

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

/** Where the principal's data is; null for an application, which has none and may ask anywhere. */
export const homeOf = (principal: Principal): DataCentre | null => {
  if (principal.kind === 'app') return null
  return (principal.kind === 'company' ? principal.home : personByLogin(principal.login)?.home) ?? 'us2'
}

/** The base URL of the principal's data centre; an application's is the one that it asked. */
export const homeUrl = (ask: Ask, principal: Principal): string =>
  baseUrlAt(ask.origin, homeOf(principal) ?? ask.dataCentre)
