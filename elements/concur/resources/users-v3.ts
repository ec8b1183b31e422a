import type { Resource } from '#src/element/index.ts'
import { boolean, text } from './fields.ts'
import { equals } from './filters.ts'

/**
 * People on Users v3, for tokens of the deprecated framework, which reach no newer address. It lists only:
 * there is no address of one person.
 */
export const usersV3: Resource = {
  name: 'users',
  changes: { kind: 'listing' },
  title: 'Users',
  key: 'ID',
  keepUnknown: true,
  source: 'SAP Concur, Users v3 (spec/concur.md 3.8), compared 2026-08',
  fields: {
    ID: text('read', 'Id of the person on v3.'),
    LoginID: text('read', 'Login of the person, an address as of e-mail.'),
    Active: boolean('read', 'Whether the person may sign in.'),
    FirstName: text('read', 'Given name.'),
    MiddleName: text('read', 'Middle name.'),
    LastName: text('read', 'Family name.'),
    PrimaryEmail: text('read', 'E-mail address of the type work.'),
    CellPhoneNumber: text('read', 'Number of the first mobile telephone.'),
    EmployeeID: text('read', 'Number of the employee in the company.'),
    OrganizationUnit: text('read', 'Organization unit of the person.'),
    URI: text('read', 'Address of the person at SAP Concur.'),
  },
  verbs: {
    search: {
      ...{ method: 'GET', path: '/api/v3.0/common/users', rows: 'Items' },
      ...{ principals: ['user', 'company'], scopes: ['USER'] },
    },
  },
  page: { kind: 'next-url', next: 'NextPage', cursorParam: 'offset', sizeParam: 'limit', maxSize: 100 },
  filterStyle: { kind: 'parameters' },
  filters: [
    equals('primaryEmail', 'PrimaryEmail'),
    equals('employeeID', 'EmployeeID'),
    equals('user', 'LoginID'),
    equals('lastName', 'LastName'),
    equals('active', 'Active', 'boolean'),
  ],
}
