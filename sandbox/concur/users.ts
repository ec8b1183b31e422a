import { Refused } from './errors.ts'
import type { Ask, Operation, Sandbox } from './operation.ts'
import { mayReadOthers } from './owner.ts'
import { booleanParam, countParam, nextPageUrl, readOffset, textParam, writeOffset } from './params.ts'
import { type Person, peopleOf } from './people.ts'
import type { Reply } from './reply.ts'
import { userRow } from './user-row.ts'

/**
 * People on Users v3, which tokens of the old framework need: they do not open Identity v4.1.
 * Follows: developer.concur.com, Users v3 (API explorer): filters, 25 rows, at most 100. Verified: 2026-08
 *
 * Decided here: texts compare without regard to case; order is the company's own; people without the role
 * Web Services Administrator are refused.
 */
const path = '/api/v3.0/common/users'

const same = (wanted: string | undefined, value: string): boolean =>
  wanted === undefined || wanted.toLowerCase() === value.toLowerCase()

const readFilter = (query: URLSearchParams): ((person: Person) => boolean) => {
  const active = booleanParam(query, 'active')
  const [email, employee] = [textParam(query, 'primaryEmail'), textParam(query, 'employeeID')]
  const [user, lastName] = [textParam(query, 'user'), textParam(query, 'lastName')]
  return (person) =>
    (active === undefined || person.active === active) &&
    same(email, person.login) &&
    same(employee, person.employeeNumber) &&
    same(user, person.login) &&
    same(lastName, person.family)
}

const rowOf = (person: Person, baseUrl: string) => {
  const user = userRow(person, baseUrl)
  return {
    Active: person.active,
    CellPhoneNumber: user.phoneNumbers[0]?.value ?? null,
    EmployeeID: person.employeeNumber,
    FirstName: person.given,
    ID: person.id,
    LastName: person.family,
    LoginID: person.login,
    MiddleName: user.name.middleName ?? null,
    OrganizationUnit: person.department[0],
    PrimaryEmail: person.login,
    URI: `${baseUrl}${path}/${person.id}`,
  }
}

const list = (_: Sandbox, ask: Ask): Reply => {
  if (!mayReadOthers(ask)) {
    throw new Refused(403, 'Users need the role Web Services Administrator (Can Administer)')
  }
  const limit = countParam(ask.query, 'limit', 25, 100)
  const text = textParam(ask.query, 'offset')
  const first = text === undefined ? 0 : Number(readOffset(text, 'offset', ['number'])[0])
  if (!Number.isSafeInteger(first) || first < 0) {
    throw new Refused(400, 'offset: not a value that this service gave out')
  }
  const found = peopleOf(ask.dataCentre).filter(readFilter(ask.query))
  const end = first + limit
  const next =
    end < found.length ? nextPageUrl(ask.baseUrl, path, ask.query, limit, writeOffset([end])) : null
  return {
    status: 200,
    body: { Items: found.slice(first, end).map((person) => rowOf(person, ask.baseUrl)), NextPage: next },
    xml: { root: 'Users', item: 'User' },
  }
}

export const userOperations: readonly Operation[] = [
  {
    ...{ name: 'users-v3.list', method: 'GET', path, family: 'v3', access: 'bearer', scope: /^USER$/ },
    follows: 'Users v3, API explorer',
    deprecated: {
      warning: 'Deprecated API: use Identity v4.1, /profile/identity/v4.1/Users, instead',
      sunsetAt: Date.UTC(2025, 2, 31),
    },
    run: list,
  },
]
