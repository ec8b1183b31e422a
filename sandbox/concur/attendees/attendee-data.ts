import { attendeeTypes } from '../config/config-data.ts'
import type { DataCentre } from '../data-centres.ts'
import { chance, mix, pick } from '../hash.ts'
import { uuidOf } from '../ids.ts'
import { peopleOf } from '../people.ts'
import type { CustomField } from '../records.ts'
import { createTable, type Kept } from '../table.ts'
import { familyNames, givenNames, guestCompanies, places } from '../words.ts'

/** Whom people invite: the attendees that they keep. */
export interface Attendee extends Kept {
  readonly ownerLogin: string
  readonly typeCode: string
  readonly firstName: string | null
  readonly lastName: string
  readonly middleInitial: string | null
  readonly suffix: string | null
  readonly company: string | null
  readonly title: string | null
  readonly externalId: string | null
  readonly currency: string
  readonly totalYtd: number
  readonly totalPrevYear: number
  readonly version: number
  readonly deleted: boolean
  readonly fields: Readonly<Record<string, CustomField | null>>
}

export const attendeeCount = 500
const salt = 23

export const attendeeIdAt = (home: DataCentre, index: number): string =>
  uuidOf(`${home === 'us2' ? '' : `${home}:`}attendee:${String(index)}`)
export const attendeeTypeAt = (index: number): string => (index % 3 === 0 ? 'EMPLOYEE' : 'BUSGUEST')

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)
const titles = ['Buyer', 'Director', 'Engineer', 'Consultant'] as const

const attendeeAt = (home: DataCentre, index: number): Attendee => {
  const owners = peopleOf(home)
  const typeCode = attendeeTypeAt(index)
  const company = pick(guestCompanies, salt, index, 3)
  return {
    id: attendeeIdAt(home, index),
    home,
    ownerLogin: owners[index % owners.length]?.login ?? '',
    typeCode,
    firstName: capital(pick(givenNames, salt, index, 1)),
    lastName: `${capital(pick(familyNames, salt, index, 2))}${index % 7 === 0 ? '-Marsh' : ''}`,
    middleInitial: chance(30, salt, index, 4) ? 'M' : null,
    suffix: null,
    company: typeCode === 'EMPLOYEE' ? null : company,
    title: pick(titles, salt, index, 5),
    externalId: `A${String(20_000 + index)}`,
    currency: pick(places, salt, index, 6).currency,
    totalYtd: (mix(salt, index, 7) % 40_000) / 100,
    totalPrevYear: (mix(salt, index, 8) % 90_000) / 100,
    version: 1,
    deleted: false,
    fields: chance(20, salt, index, 9)
      ? {
          Custom8: {
            Type: 'Text',
            Value: pick(places, salt, index, 10).cities[0]?.[0] ?? '',
            Code: null,
            ListItemID: null,
          },
        }
      : {},
  }
}

export const attendees = createTable<Attendee>('attendees', (home) =>
  Array.from({ length: attendeeCount }, (_, index) => attendeeAt(home, index)),
)

export const attendeeTypeByCode = (code: string) => attendeeTypes.find((type) => type.code === code)

const reads: Readonly<Record<string, (attendee: Attendee) => string | null>> = {
  FirstName: (attendee) => attendee.firstName,
  LastName: (attendee) => attendee.lastName,
  Company: (attendee) => attendee.company,
  ExternalID: (attendee) => attendee.externalId,
}

/** Whether two attendees are the same by the search fields of their type. */
export const isDuplicate = (one: Attendee, other: Attendee): boolean => {
  const fields = attendeeTypeByCode(one.typeCode)?.duplicateFields ?? []
  return (
    one.typeCode === other.typeCode &&
    fields.length > 0 &&
    fields.every((name) => {
      const [first, second] = [reads[name]?.(one) ?? '', reads[name]?.(other) ?? '']
      return first.toLowerCase() === second.toLowerCase() && (fields.length > 1 || first !== '')
    })
  )
}
