import { Refused } from '../errors.ts'
import type { Ask, Sandbox } from '../operation.ts'
import { isTheirs } from '../owner.ts'
import { type Person, personByLogin } from '../people.ts'
import { checkCompanyOrAdmin } from '../principals.ts'
import type { Entry, Report } from '../records.ts'
import { entriesOf, findReport } from '../store.ts'
import { personInPath } from '../v4-person.ts'

/**
 * Who may reach which report on v4: the long address names a person and in which role, the short one is a
 * company's.
 * Follows: developer.concur.com, Reports v4 and Expenses v4, contexts. Verified: 2026-08
 */
export type Context = 'TRAVELER' | 'MANAGER' | 'PROCESSOR' | 'PROXY'

export const longPath = '/expensereports/v4/users/{userId}/context/{contextType}'
export const shortPath = '/expensereports/v4/reports/{reportId}'

const mayReach = (person: Person, context: Context, report: Report): boolean => {
  if (personByLogin(report.ownerLogin)?.home !== person.home) return false
  switch (context) {
    case 'TRAVELER':
      return report.ownerLogin === person.login
    case 'MANAGER':
      return report.approverLogin === person.login
    // Decided here: administrators are processors and everybody's proxies.
    case 'PROCESSOR':
      return person.admin
    case 'PROXY':
      return report.ownerLogin === person.login || person.admin
  }
}

/** The context of a long address, when it is one of those that the operation knows. */
export const contextOf = (ask: Ask, allowed: readonly Context[]): Context => {
  const context = allowed.find((each) => each === ask.params['contextType'])
  if (context === undefined) throw new Refused(400, `contextType: one of ${allowed.join(', ')}`)
  return context
}

const notFound = () => new Refused(404, 'The report was not found')

/** The report of a long address. Throws `Refused` 403 for another's token, 404 for what the person cannot reach. */
export const reportOfPerson = (
  sandbox: Sandbox,
  ask: Ask,
  allowed: readonly Context[],
  tokens: 'both' | 'user' = 'both',
): Report => {
  const person = personInPath(ask, tokens)
  const context = contextOf(ask, allowed)
  const report = findReport(sandbox, ask.params['reportId'] ?? '')
  if (report === undefined || !mayReach(person, context, report)) throw notFound()
  return report
}

/** The report of a short address, which is the company's. */
export const reportOfCompany = (sandbox: Sandbox, ask: Ask): Report => {
  checkCompanyOrAdmin(sandbox, ask)
  const report = findReport(sandbox, ask.params['reportId'] ?? '')
  if (report === undefined || !isTheirs({ kind: 'everybody', home: ask.dataCentre }, report.ownerLogin)) {
    throw notFound()
  }
  return report
}

/** The expense of `{expenseId}` on a report. */
export const expenseOf = (sandbox: Sandbox, ask: Ask, report: Report): Entry => {
  const id = ask.params['expenseId']?.toUpperCase()
  const entry = entriesOf(sandbox, report).find((each) => each.expenseId === id)
  if (entry === undefined) throw new Refused(404, 'The expense was not found on this report')
  return entry
}

export type Finder = (sandbox: Sandbox, ask: Ask) => Report
export const byPerson =
  (...allowed: readonly Context[]): Finder =>
  (sandbox, ask) =>
    reportOfPerson(sandbox, ask, allowed)
