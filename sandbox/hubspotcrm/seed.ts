import { industries } from './properties.ts'
import type { CrmRecord } from './records.ts'

/** Data that every fresh sandbox shows, the same each time. */

const firstNames = [
  'Ada',
  'Bruno',
  'Chiara',
  'Dilnoza',
  'Emeka',
  'Freja',
  'Goran',
  'Hana',
  'Ines',
  'Jonas',
  'Máire',
]
const lastNames = [
  'Adeyemi',
  'Becker',
  'Costa',
  'Dubois',
  'Eriksen',
  'Fontana',
  'Gruber',
  "O'Neill",
  'Özdemir',
]
const cities = ['Berlin', 'Lyon', 'Porto', 'Gdansk', 'Århus', 'berlin', 'São Paulo']
const titles = ['Buyer', 'Head of Finance', 'Engineer', 'Owner']
const stages = ['subscriber', 'lead', 'opportunity', 'customer']
const statuses = ['NEW', 'OPEN', 'CONNECTED']
const kinds = ['Mill', 'Works', 'Foods', 'Freight', 'Software']

const at = <Item>(list: readonly Item[], index: number): Item => list[index % list.length] as Item

/** A steady scatter of whole numbers from 0 on. */
const scatter = (index: number, salt: number): number => {
  let value = Math.imul(index + 1, 2654435761) ^ Math.imul(salt + 1, 1597334677)
  value = Math.imul(value ^ (value >>> 15), 2246822519)
  return (value ^ (value >>> 13)) >>> 0
}

const start = Date.UTC(2024, 0, 8, 9)
const dayMs = 86_400_000

const filled = (values: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )

const times = (index: number) => {
  const createdAt = start + index * 5_400_000
  return { createdAt, updatedAt: createdAt + (scatter(index, 9) % 90) * dayMs + (scatter(index, 8) % 1_000) }
}

/** Ids are whole numbers of several lengths, so that their order as numbers is not that as texts. */
const firstId = 51

export const seededCompanies = (count: number): readonly CrmRecord[] =>
  Array.from({ length: count }, (_, index) => ({
    id: firstId + index * 3,
    ...times(index),
    values: filled({
      name: `${at(lastNames, scatter(index, 1))} ${at(kinds, scatter(index, 2))}`,
      domain: `company${index}.example`,
      city: index % 5 === 0 ? undefined : at(cities, scatter(index, 3)),
      country: at(['Germany', 'France', 'Portugal'], scatter(index, 4)),
      industry: index % 4 === 0 ? undefined : at(industries, scatter(index, 5)),
      numberofemployees: index % 3 === 0 ? undefined : String(scatter(index, 6) % 4_000),
      annualrevenue: index % 2 === 0 ? undefined : `${scatter(index, 7) % 9_000_000}.5`,
      lifecyclestage: at(stages, scatter(index, 10)),
    }),
  }))

export const seededContacts = (count: number): readonly CrmRecord[] =>
  Array.from({ length: count }, (_, index) => {
    const [first, last] = [at(firstNames, scatter(index, 11)), at(lastNames, scatter(index, 12))]
    return {
      id: firstId + index,
      ...times(index),
      values: filled({
        email: index % 9 === 0 ? undefined : `person${index}@mail${index % 7}.example`,
        firstname: first,
        lastname: last,
        jobtitle: index % 3 === 0 ? undefined : at(titles, scatter(index, 13)),
        city: index % 4 === 0 ? undefined : at(cities, scatter(index, 14)),
        phone:
          index % 5 === 0 ? undefined : `+49 30 ${String(scatter(index, 15) % 1_000_000).padStart(6, '0')}`,
        lifecyclestage: at(stages, scatter(index, 16)),
        hs_lead_status: index % 6 === 0 ? undefined : at(statuses, scatter(index, 17)),
        favourite_fruit: index % 8 === 0 ? at(['plum', 'Pear', 'fig'], index) : undefined,
        nps_score: index % 10 === 0 ? String(scatter(index, 18) % 11) : undefined,
      }),
    }
  })
