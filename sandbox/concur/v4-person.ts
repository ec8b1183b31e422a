import { Refused } from './errors.ts'
import type { Ask } from './operation.ts'
import { companyOf } from './owner.ts'
import { type Person, personById, personByLogin } from './people.ts'

/** Who a v4 call speaks for: the token's own person, or null for a company's token. */
export const speaker = (ask: Ask): Person | null => {
  companyOf(ask)
  return ask.principal?.kind === 'user' ? (personByLogin(ask.principal.login) ?? null) : null
}

/** A person of the company by the id in a path or query; 404 for anybody else. */
export const personOfCompany = (ask: Ask, id: string): Person => {
  const person = personById(id.toLowerCase())
  if (person?.home !== companyOf(ask)) throw new Refused(404, 'The user was not found')
  return person
}

/**
 * The person of `{userId}`. A person's token may name that person only; a company's token anybody of the
 * company, where `tokens` says that it is taken at all.
 * Follows: developer.concur.com, Expense Config v4 and Reports v4, access token types. Verified: 2026-08
 */
export const personInPath = (ask: Ask, tokens: 'both' | 'user' = 'both'): Person => {
  const own = speaker(ask)
  if (own === null) {
    if (tokens === 'user') throw new Refused(403, 'Forbidden: this address needs a user token')
    return personOfCompany(ask, ask.params['userId'] ?? '')
  }
  if ((ask.params['userId'] ?? '').toLowerCase() !== own.id) {
    throw new Refused(403, 'Forbidden: the access token is of another user')
  }
  return own
}
