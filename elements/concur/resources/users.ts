import type { Field, Filter, Path, Resource } from '#src/element/index.ts'
import { usersV3 } from './users-v3.ts'

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

const read = (from: Path, description: string, type: Field['type'] = 'text'): Field => ({
  ...{ type, access: 'read', from, description },
})

/**
 * A SCIM attribute under the name that Users v3 gave its parameter. Each is checked again on the row:
 * SCIM compares some attributes without regard to case (RFC 7643 section 2.3.1).
 */
const attribute = (path: string, field: string, type: Filter['type'] = 'text'): Filter => ({
  param: path,
  means: 'equals',
  type,
  field,
  hidden: true,
})

/** Identity v4.1 is documented for company tokens (spec/concur.md 3.8). */
const call = {
  principals: ['company'],
  scopes: ['identity.user.core.read', 'identity.user.ids.read'],
} as const

/**
 * People, with the field names of Users v3 (shut down 2025-01) on Identity v4.1.
 * Field table: spec/concur.md 8.1. `OrganizationUnit` has no counterpart and is absent.
 */
export const users: Resource = {
  name: 'users',
  changes: { kind: 'listing' },
  title: 'Users',
  key: 'ID',
  keepUnknown: false,
  source: 'SAP Concur, Identity v4.1 (spec/concur.md 3.8 and 8.1), compared 2026-08',
  fields: {
    ID: read(['id'], 'UUID of the person; APIs of v4 name people by it.'),
    LoginID: read(['userName'], 'Login of the person, an address as of e-mail.'),
    Active: read(['active'], 'Whether the person may sign in.', 'boolean'),
    FirstName: read(['name', 'givenName'], 'Given name.'),
    MiddleName: read(['name', 'middleName'], 'Middle name.'),
    LastName: read(['name', 'familyName'], 'Family name.'),
    PrimaryEmail: read(['emails', { where: { type: 'work' } }, 'value'], 'E-mail address of the type work.'),
    CellPhoneNumber: read(
      ['phoneNumbers', { where: { type: 'mobile', primary: true } }, 'value'],
      'Number of the first mobile telephone.',
    ),
    EmployeeID: read([enterprise, 'employeeNumber'], 'Number of the employee in the company.'),
    URI: read(['meta', 'location'], 'Address of the person at SAP Concur.'),
  },
  aliases: {
    user: 'LoginID',
    primaryEmail: 'PrimaryEmail',
    employeeID: 'EmployeeID',
    lastName: 'LastName',
    active: 'Active',
  },
  verbs: {
    search: { ...call, method: 'GET', path: '/profile/identity/v4.1/Users', rows: 'Resources' },
    retrieve: { ...call, method: 'GET', path: '/profile/identity/v4.1/Users/{id}' },
  },
  page: { kind: 'cursor', next: 'nextCursor', cursorParam: 'cursor', sizeParam: 'count', maxSize: 1000 },
  filterStyle: {
    kind: 'scim',
    searchPath: '/profile/identity/v4.1/Users/.search',
    schema: 'urn:ietf:params:scim:api:messages:concur:2.0:SearchRequest',
  },
  generations: { v3: usersV3 },
  filters: [
    attribute('userName', 'LoginID'),
    attribute('emails.value', 'PrimaryEmail'),
    attribute('name.familyName', 'LastName'),
    attribute('active', 'Active', 'boolean'),
    attribute(`${enterprise}:employeeNumber`, 'EmployeeID'),
  ],
}
