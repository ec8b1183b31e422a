import { companyIds } from './data-centres.ts'
import { mix } from './hash.ts'
import { uuidOf } from './ids.ts'
import { type Person, personByLogin } from './people.ts'

export const enterpriseSchema = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

const hiredAt = (person: Person): Date =>
  new Date(Date.UTC(2019, 0, 7) + (mix(3, person.index, 1) % 1500) * 86_400_000)

const localeOverrides = {
  preferenceEndDayViewHour: 20,
  preferenceFirstDayOfWeek: 'Sunday',
  preferenceDateFormat: 'mm/dd/yyyy',
  preferenceCurrencySymbolLocation: 'BeforeAmount',
  preferenceHourMinuteSeparator: ':',
  preferenceDistance: 'mile',
  preferenceDefaultCalView: 'month',
  preference24Hour: 'H:mm AM/PM',
  preferenceNumberFormat: '1,000.00',
  preferenceStartDayViewHour: 8,
}

/**
 * A person as Identity v4.1 writes them. Every third has no mobile number, and some parts come as null
 * or `[]`, as in the page's examples.
 * Follows: developer.concur.com, Identity v4.1, User. Verified: 2026-08
 */
export const userRow = (person: Person, baseUrl: string) => {
  const manager = person.managerLogin === null ? undefined : personByLogin(person.managerLogin)
  const start = hiredAt(person)
  const middle = mix(3, person.index, 2) % 5 === 0 ? 'Moss' : null
  return {
    localeOverrides,
    addresses: [],
    timezone: person.place.timezone,
    meta: {
      resourceType: 'User',
      created: start.toISOString(),
      lastModified: new Date(start.getTime() + (mix(3, person.index, 3) % 900) * 86_400_000).toISOString(),
      version: mix(3, person.index, 4) % 9,
      location: `${baseUrl}/profile/identity/v4.1/Users/${person.id}`,
    },
    displayName: `${person.given} ${person.family}`,
    name: {
      familyName: person.family,
      givenName: person.given,
      ...(middle === null ? {} : { middleName: middle }),
      formatted: `${person.family}, ${person.given}${middle === null ? '' : ` ${middle}`}`,
    },
    phoneNumbers:
      person.index % 3 === 0
        ? []
        : [
            {
              value: `+1 555 01${String(person.index).padStart(3, '0')}`,
              type: 'mobile',
              primary: true,
              notifications: false,
            },
          ],
    emergencyContacts: null,
    preferredLanguage: person.place.locale,
    title: null,
    dateOfBirth: null,
    nickName: null,
    schemas: [
      'urn:ietf:params:scim:schemas:core:2.0:User',
      enterpriseSchema,
      'urn:ietf:params:scim:schemas:extension:sap:2.0:User',
    ],
    externalId: `X${String(10_000 + person.index)}`,
    active: person.active,
    id: person.id,
    emails: [{ verified: true, type: 'work', value: person.login, notifications: true }],
    userName: person.login,
    [enterpriseSchema]: {
      terminationDate: person.active ? null : '2025-12-31T00:00:00.000',
      companyId: companyIds[person.home],
      manager:
        manager === undefined
          ? null
          : { value: manager.id, displayName: `${manager.given} ${manager.family}` },
      costCenter: person.department[0],
      department: person.department[1],
      startDate: `${start.toISOString().slice(0, 10)}T00:00:00.000`,
      employeeNumber: person.employeeNumber,
    },
    'urn:ietf:params:scim:schemas:extension:sap:2.0:User': { userUuid: uuidOf(`sap:${person.login}`) },
  }
}
