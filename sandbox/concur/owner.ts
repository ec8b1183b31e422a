import type { DataCentre } from './data-centres.ts'
import { Refused } from './errors.ts'
import type { Ask } from './operation.ts'
import { textParam } from './params.ts'
import { type Person, peopleOf, personByLogin } from './people.ts'

/**
 * Whose rows a v3 call means.
 * Follows: developer.concur.com, Reports v3, parameter `user`. Verified: 2026-08
 *
 * Absent: the token's owner (a company's token: everybody). `ALL` and other logins need the role
 * Web Services Administrator or a company's token. Everybody is everybody of one company.
 */
export type Whose =
  | { readonly kind: 'everybody'; readonly home: DataCentre }
  | { readonly kind: 'person'; readonly login: string }

const ownPerson = (ask: Ask): Person | undefined =>
  ask.principal?.kind === 'user' ? personByLogin(ask.principal.login) : undefined

/** A company's token, or the one of its Web Services Administrator. */
export const mayReadOthers = (ask: Ask): boolean =>
  ask.principal?.kind === 'company' || (ownPerson(ask)?.admin ?? false)

const everybody = (ask: Ask): Whose => ({ kind: 'everybody', home: ask.dataCentre })

/** Whose company's data a call of a person or company reaches; an application's own token reaches none. */
export const companyOf = (ask: Ask): DataCentre => {
  if (ask.principal === null || ask.principal.kind === 'app') {
    throw new Refused(403, 'An application token reaches no company data; use a user or company token')
  }
  return ask.dataCentre
}

export const whoseRows = (ask: Ask): Whose => {
  companyOf(ask)
  const user = textParam(ask.query, 'user')
  const own = ownPerson(ask)
  if (user === undefined) return own === undefined ? everybody(ask) : { kind: 'person', login: own.login }
  if (own !== undefined && user.toLowerCase() === own.login) return { kind: 'person', login: own.login }
  if (!mayReadOthers(ask)) {
    throw new Refused(403, `user: '${user}' needs the role Web Services Administrator (Can Administer)`)
  }
  if (user === 'ALL') return everybody(ask)
  const person = personByLogin(user)
  if (person?.home !== ask.dataCentre) {
    throw new Refused(400, `user: '${user}' is not a login of this company`)
  }
  return { kind: 'person', login: person.login }
}

/** The same for one row, where `ALL` is refused. */
export const whoseRow = (ask: Ask): Whose => {
  if (textParam(ask.query, 'user') === 'ALL') {
    throw new Refused(400, 'user: ALL is for lists only; name the owner')
  }
  return whoseRows(ask)
}

/** Who owns what this call creates. */
export const creator = (ask: Ask): Person => {
  const whose = whoseRow(ask)
  const person = whose.kind === 'person' ? personByLogin(whose.login) : peopleOf(ask.dataCentre)[0]
  if (person === undefined) throw new Refused(400, 'user: name the owner')
  return person
}

export const isTheirs = (whose: Whose, ownerLogin: string): boolean =>
  whose.kind === 'everybody' ? personByLogin(ownerLogin)?.home === whose.home : whose.login === ownerLogin
